//! `chorus-agent recover`: run by a person where a database was restored, cloned or failed over, once its original is stopped for good.
//!
//! The original may have sent invoices after the copy was taken. So every invoice that is not at rest is put in doubt first: from then
//! on the queue itself looks for it at Chorus Pro, and sends it only when a whole window has passed without a trace, whatever becomes of
//! this program. Then each is looked for once, here and now; and only then is it recorded which database this is, which lets agents
//! deposit again. Everything may be interrupted and run again.

use std::{sync::Arc, time::Duration};

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};
use uuid::Uuid;

use crate::{
    database::{Database, DatabaseError, Session},
    failpoint,
    installation::{Foreign, Installation},
    queue::{
        Kind,
        claim::{Subject, claim},
        floor::Floors,
        held, release,
    },
    task::{Failure, Tools, Work},
    versions::{self, Unfit},
};

mod doubt;

const LOOKED: &str =
    "UPDATE chorus.recovery SET looked_at = now() WHERE invoice_id = $1 AND looked_at IS NULL";

// Invoices of a supplier without a verified account cannot be looked for, nor sent: they stay in doubt until it has one.
const LEFT: &str = "
SELECT count(*) FILTER (WHERE s.state = 'registered') AS open,
    count(*) FILTER (WHERE s.state = 'registered' AND t.last_error IS NULL) AS unhindered,
    count(*) FILTER (WHERE s.state <> 'registered') AS unregistered,
    min(t.last_error) FILTER (WHERE s.state = 'registered') AS reason
FROM chorus.recovery r JOIN chorus.invoice i ON i.id = r.invoice_id JOIN chorus.supplier s ON s.id = i.supplier_id
    LEFT JOIN chorus.task t ON t.invoice_id = i.id AND t.kind IN ('look_up', 'flux')
WHERE r.looked_at IS NULL AND i.state IN ('ready', 'sending', 'uncertain', 'deposited')";

const OUTCOME: &str = "
SELECT i.state, count(*) FROM chorus.recovery r JOIN chorus.invoice i ON i.id = r.invoice_id JOIN chorus.installation n ON true
WHERE r.begun_at > coalesce(n.recorded_at, '-infinity') GROUP BY i.state ORDER BY i.state";

const SUPPLIERS: &str = "
SELECT s.id, coalesce((SELECT max(a.heartbeat_at) FROM chorus.agent a), n.recorded_at, n.clock)::date::text AS since
FROM chorus.supplier s, (SELECT recorded_at, now() AS clock FROM chorus.installation) n WHERE s.state = 'registered' ORDER BY s.id";

// Refuses while anything is left to be looked for: the promise is the statement's, not the program's.
const ACCEPT: &str = "
UPDATE chorus.installation n
SET system_identifier = h.system_identifier, database_oid = h.database_oid, timeline = h.timeline, directory = h.directory, recorded_at = now()
FROM chorus.here h
WHERE NOT EXISTS (
    SELECT FROM chorus.recovery r JOIN chorus.invoice i ON i.id = r.invoice_id JOIN chorus.supplier s ON s.id = i.supplier_id
    WHERE r.looked_at IS NULL AND i.state IN ('ready', 'sending', 'uncertain', 'deposited') AND s.state = 'registered')";

/// Why a database was not recovered.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// A standby, an unrecorded database, or one for the other environment: nothing to recover from.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// Functions or tables are of another release.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// PostgreSQL.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<tokio_postgres::Error> for RecoverError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Says what it found and, once the person has said that the original is stopped, recovers; whether the database may deposit now.
///
/// # Errors
/// There is nothing to recover from, or the database's.
pub async fn recover(
    tools: &Arc<Tools>,
    database: &Database,
    original_is_stopped: bool,
) -> Result<bool, RecoverError> {
    let mut session = Session::new(database.clone());
    let client = session.client().await?;
    versions::check(client).await?;
    let installation = Installation::read(client).await?;
    installation.suits(&tools.api)?;
    match installation.may_deposit(&tools.api) {
        Ok(()) => {
            println!(
                "this is the database that chorus.installation was recorded in: there is nothing to recover"
            );
            return Ok(true);
        }
        Err(Foreign::Other(differences)) => {
            println!(
                "this database is another than the one recorded on {}: other {}",
                installation
                    .recorded_at
                    .map_or_else(|| "a day unknown".to_owned(), |time| time.to_string()),
                differences.join(", ")
            );
        }
        Err(foreign) => return Err(foreign.into()),
    }
    let at_stake = doubt::at_stake(client).await?;
    for (state, count) in &at_stake {
        println!("  {count} invoices are {state}");
    }
    if !original_is_stopped {
        explain(&at_stake);
        return Ok(false);
    }
    doubt::doubt(client).await?;
    look(tools, &mut session).await?;
    conclude(tools, session.client().await?).await
}

/// What would happen, and what the person has to make sure of before.
fn explain(at_stake: &[(String, i64)]) {
    let count: i64 = at_stake.iter().map(|(_, count)| count).sum();
    println!(
        "Nothing was changed. Its original may have sent invoices after this copy was taken, and would send the same ones as this database \
         if both could.\n\
         If this is a copy for tests, leave it as it is: it sends nothing.\n\
         If the original is stopped for good (server and agents), run: chorus-agent recover --original-is-stopped\n\
         It looks at Chorus Pro for these {count} invoices, adopts what is there, blocks what cannot be decided, and then lets agents \
         deposit from here. Those not found stay uncertain for the whole window (agent.uncertain_window_seconds) before they are sent."
    );
}

/// Looks once for each invoice in doubt. What cannot be looked for stays in doubt.
async fn look(tools: &Arc<Tools>, session: &mut Session) -> Result<(), RecoverError> {
    let lease = tools.settings.lease();
    let floors = Floors::none();
    let mut count = 0_u64;
    loop {
        let mut idle = true;
        for kind in [Kind::LookUp, Kind::Flux] {
            let client = session.client().await?;
            let application = tools.budget.application();
            let Some(claim) = claim(client, kind, tools.agent, application, lease, &floors).await?
            else {
                continue;
            };
            idle = false;
            let subject = claim.subject;
            let result = Work::new(tools, session, claim).run().await;
            match result {
                // Looked for in vain, and nothing is sent from here yet: looked at all the same.
                Ok(()) | Err(Failure::Foreign(_)) => {
                    if let Subject::Invoice(invoice) = subject {
                        looked(session.client().await?, invoice).await?;
                    }
                    count += 1;
                    if count.is_multiple_of(100) {
                        println!("  looked for {count} so far");
                    }
                }
                Err(Failure::Queue(_) | Failure::Held { .. }) => {}
                Err(error) => {
                    tracing::warn!(?subject, %error, "an invoice could not be looked for")
                }
            }
        }
        if idle {
            // What a breaker holds back is not waited for: it says so, and the person comes again.
            held::mark(session.client().await?, &tools.budget).await?;
            let left = session.client().await?.query_typed_one(LEFT, &[]).await?;
            if left.try_get::<_, i64>("unhindered")? == 0 {
                return Ok(());
            }
            // They wait for a permit, or for another `recover` that runs beside this one, or did: no agent takes back its leases now.
            release::reap(session.client().await?).await?;
            tokio::time::sleep(tools.settings.pace().interval(Duration::from_secs(1))).await;
        }
    }
}

async fn looked(client: &Client, invoice: Uuid) -> Result<(), DatabaseError> {
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&invoice, Type::UUID)];
    let looked = client.execute_typed(LOOKED, &parameters);
    failpoint::within("recover", failpoint::commit("looked", looked)).await?;
    Ok(())
}

/// Lets agents deposit, if everything has been looked for; says how things stand.
async fn conclude(tools: &Tools, client: &Client) -> Result<bool, RecoverError> {
    let outcome = client.query_typed(OUTCOME, &[]).await?;
    let left = client.query_typed_one(LEFT, &[]).await?;
    let unregistered: i64 = left.try_get("unregistered")?;
    println!("after a look at Chorus Pro");
    for row in outcome {
        let (state, count): (&str, i64) = (row.try_get(0)?, row.try_get(1)?);
        let meaning = match state {
            "uncertain" => ": looked for until the window has passed, then sent",
            "blocked" => {
                ": SELECT * FROM chorus.todo, then SELECT chorus.resolve(invoice, outcome, reason)"
            }
            _ => "",
        };
        println!("  {count} are {state}{meaning}");
    }
    if unregistered > 0 {
        println!(
            "  {unregistered} belong to suppliers without a verified account: looked for when they have one, before anything is sent"
        );
    }
    if client.execute_typed(ACCEPT, &[]).await? == 0 {
        let parameters: [(&(dyn ToSql + Sync), Type); 0] = [];
        let left = client.query_typed_one(LEFT, &parameters).await?;
        println!(
            "{} could not be looked for: {}. Nothing is sent from here yet; run `chorus-agent recover --original-is-stopped` again",
            left.try_get::<_, i64>("open")?,
            left.try_get::<_, Option<&str>>("reason")?
                .unwrap_or("no reason known")
        );
        return Ok(false);
    }
    println!("recorded: agents deposit from this database now");
    for row in client.query_typed(SUPPLIERS, &[]).await? {
        println!(
            "invoices that the original sent and that have no row here: SELECT chorus.adopt({}, since => '{}')",
            row.try_get::<_, i64>(0)?,
            row.try_get::<_, &str>(1)?
        );
    }
    tracing::info!(agent = %tools.agent, "recovered: this database is the one to deposit from");
    Ok(true)
}
