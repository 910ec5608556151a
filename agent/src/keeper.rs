//! What has to be done now and then by any agent: the heartbeat, and taking back tasks whose lease has run out.

use std::time::{Duration, Instant};

use tokio_postgres::types::{ToSql, Type};
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, DatabaseError, Session},
    live::Live,
    queue::{held, release},
    task::Tools,
};

const HEARTBEAT: &str = "
INSERT INTO chorus.agent AS a (id, version, host) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()";

const FORGET: &str = "DELETE FROM chorus.agent WHERE heartbeat_at < now() - interval '7 days'";

// Once per threshold, whichever agent comes first. A new password has a later day, and begins anew.
const ENDING: &str = "
WITH ending AS (
    SELECT s.id, s.password_expires_on - (now() AT TIME ZONE 'Europe/Paris')::date AS days FROM chorus.supplier s
    WHERE s.state = 'registered' AND s.password_expires_on <= (now() AT TIME ZONE 'Europe/Paris')::date + 30
), threshold AS (
    SELECT id, days, CASE WHEN days <= 5 THEN 5 WHEN days <= 15 THEN 15 ELSE 30 END AS warning FROM ending
)
UPDATE chorus.supplier s SET password_warning = t.warning
FROM threshold t WHERE s.id = t.id AND (s.password_warning IS NULL OR s.password_warning > t.warning)
RETURNING s.id, t.days, s.password_expires_on::text";

const KEEP_CALLS: &str = "SELECT chorus.keep_api_calls()";

/// How often that is looked after: a partition is made a month before its first row.
const HOURLY: Duration = Duration::from_secs(3600);

/// Keeps house until `stop`.
pub async fn keep(live: Live, database: Database, stop: CancellationToken) {
    let mut session = Session::new(database);
    let mut hour = None;
    loop {
        let tools = live.now();
        if let Err(error) = turn(&tools, &mut session).await {
            tracing::warn!(%error, "heartbeat and leases have to wait");
        }
        if hour.is_none_or(|hour: Instant| hour.elapsed() >= HOURLY) {
            match hourly(&mut session).await {
                Ok(()) => hour = Some(Instant::now()),
                Err(error) => {
                    tracing::warn!(%error, "the partitions of chorus.api_call have to wait");
                }
            }
        }
        let interval = Duration::from_secs_f64(tools.settings.reap_interval_seconds);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(tools.settings.pace().jittered(interval)) => {}
        }
    }
}

/// Makes and drops months of the record of calls.
async fn hourly(session: &mut Session) -> Result<(), DatabaseError> {
    let client = session.client().await?;
    let row = client.query_typed_one(KEEP_CALLS, &[]).await?;
    let changed: i32 = row.try_get(0)?;
    if changed > 0 {
        tracing::info!(changed, "partitions of chorus.api_call made or dropped");
    }
    Ok(())
}

/// One heartbeat and one look at the leases.
///
/// # Errors
/// The database's.
pub async fn turn(tools: &Tools, session: &mut Session) -> Result<(), DatabaseError> {
    let client = session.client().await?;
    let version = env!("CARGO_PKG_VERSION");
    let host = host();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&tools.agent, Type::UUID),
        (&version, Type::TEXT),
        (&host, Type::TEXT),
    ];
    client.execute_typed(HEARTBEAT, &parameters).await?;
    client.execute_typed(FORGET, &[]).await?;
    release::reap(client).await?;
    held::mark(client, &tools.budget).await?;
    for row in client.query_typed(ENDING, &[]).await? {
        tracing::warn!(
            supplier = row.try_get::<_, i64>(0)?,
            days = row.try_get::<_, i32>(1)?,
            until = row.try_get::<_, &str>(2)?,
            "the password of the technical account ends soon: renew it in Chorus Pro, then `chorus-agent supplier invite`"
        );
    }
    Ok(())
}

/// The machine's name, for people who look for the agent.
fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .unwrap_or_else(|| "unknown".to_owned())
}
