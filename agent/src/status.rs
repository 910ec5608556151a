//! `chorus-agent status`: where invoices stand, what is queued, and what is wrong.

use tokio_postgres::Client;

use crate::database::DatabaseError;

const INVOICES: &str =
    "SELECT state, count(*) FROM chorus.invoice GROUP BY state ORDER BY count(*) DESC, state";

// A lease that is over counts as due: the reaper gives it back at once.
const TASKS: &str = "
SELECT kind,
    count(*) FILTER (WHERE leased_until IS NULL AND run_at <= now()) AS due,
    count(*) FILTER (WHERE leased_until IS NOT NULL) AS running,
    count(*) FILTER (WHERE leased_until IS NULL AND run_at > now() AND run_at < 'infinity') AS waiting,
    count(*) FILTER (WHERE leased_until IS NULL AND run_at = 'infinity') AS aside,
    coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE leased_until IS NULL AND run_at <= now())), 0)::float8 AS oldest
FROM chorus.task GROUP BY kind ORDER BY kind";

const HEALTH: &str =
    "SELECT severity, subject, reason_en, remedy_en FROM chorus.health ORDER BY severity, subject";

const AGENTS: &str = "
SELECT host, version, extract(epoch FROM now() - heartbeat_at)::float8 FROM chorus.agent ORDER BY heartbeat_at DESC LIMIT 10";

/// Prints it.
///
/// # Errors
/// The database's.
pub async fn print(client: &Client) -> Result<(), DatabaseError> {
    println!("invoices");
    for row in client.query_typed(INVOICES, &[]).await? {
        println!(
            "  {:<20} {:>9}",
            row.try_get::<_, &str>(0)?,
            row.try_get::<_, i64>(1)?
        );
    }
    println!("tasks                      due   running   waiting     aside   oldest due");
    for row in client.query_typed(TASKS, &[]).await? {
        let count = |column| row.try_get::<_, i64>(column);
        println!(
            "  {:<20} {:>9} {:>9} {:>9} {:>9} {:>10.0} s",
            row.try_get::<_, &str>("kind")?,
            count("due")?,
            count("running")?,
            count("waiting")?,
            count("aside")?,
            row.try_get::<_, f64>("oldest")?
        );
    }
    println!("agents");
    for row in client.query_typed(AGENTS, &[]).await? {
        let (host, version, age): (&str, &str, f64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        println!("  {host:<20} {version:>9}   heartbeat {age:.0} s ago");
    }
    let health = client.query_typed(HEALTH, &[]).await?;
    println!(
        "health: {}",
        if health.is_empty() { "all is well" } else { "" }
    );
    for row in health {
        let text = |column| row.try_get::<_, &str>(column);
        println!("  {} {}: {}", text(0)?, text(1)?, text(2)?);
        println!("      {}", text(3)?);
    }
    Ok(())
}
