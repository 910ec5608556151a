//! Claims: take one due task, for a while.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::{
    Client, Row,
    types::{ToSql, Type},
};
use tracing::{
    Span,
    field::{Empty, display},
};
use uuid::Uuid;

use super::{
    Kind, buyer,
    floor::{Floors, Place},
};
use crate::{database::DatabaseError, failpoint, stopwatch::Stopwatch};

// What is due, and for whom, is said in sql/schema/0018_claim.sql: a procedure keeps its plans for as long as the connection lasts. What
// comes back stands in the places of the NULLs.
const CLAIM: &str = "CALL chorus.claim($1, $2, $3, $4, $5, $6, $7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)";

// What was taken back meanwhile stays where it is.
const EXTEND: &str = "
UPDATE chorus.task t SET leased_until = now() + make_interval(secs => $3)
WHERE t.id = $1 AND t.lease = $2 AND t.leased_until IS NOT NULL";

/// What a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An invoice.
    Invoice(Uuid),
    /// A supplier.
    Supplier(i64),
    /// A public buyer.
    Structure(i64),
}

/// A task that belongs to this worker until its lease ends.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Id of the task.
    pub id: i64,
    /// Its kind when claimed.
    pub kind: Kind,
    /// Fencing token.
    pub lease: i64,
    /// When it was due; a later value in the table means that somebody asked again meanwhile.
    pub run_at: Timestamp,
    /// Errors before this claim.
    pub attempts: u32,
    /// The last time, a call failed.
    pub failed_call: bool,
    /// What it is about.
    pub subject: Subject,
    /// Started before the claim, so never behind the lease.
    pub since: Stopwatch,
}

impl Claim {
    /// What each line of the log about this task says of it; `supplier` and `flux` are added when they are known.
    pub fn span(&self) -> Span {
        // At the level of errors: a filter that lets a line through must not take away what it is about.
        let span = tracing::error_span!(
            "task",
            id = self.id,
            kind = self.kind.word(),
            attempt = self.attempts + 1,
            invoice = Empty,
            supplier = Empty,
            structure = Empty,
            flux = Empty
        );
        match self.subject {
            Subject::Invoice(invoice) => span.record("invoice", display(invoice)),
            Subject::Supplier(supplier) => span.record("supplier", supplier),
            Subject::Structure(structure) => span.record("structure", structure),
        };
        span
    }
}

/// Takes one due task of `kind` for `agent`, if there is one at or after the floor.
///
/// # Errors
/// The database's.
pub async fn claim(
    client: &Client,
    kind: Kind,
    agent: Uuid,
    application: &str,
    lease: Duration,
    floors: &Floors,
) -> Result<Option<Claim>, DatabaseError> {
    loop {
        let since = Stopwatch::start();
        let begin = floors.begin(kind);
        let Some(row) = due(client, kind, agent, application, lease, begin).await? else {
            if floors.found_nothing(kind, begin) {
                continue;
            }
            return Ok(None);
        };
        if kind == Kind::Submit && !row.try_get::<_, bool>("known")? {
            buyer::wait(client, row.try_get("id")?, row.try_get("lease")?).await?;
            continue;
        }
        let (invoice, structure): (Option<Uuid>, Option<i64>) =
            (row.try_get("invoice_id")?, row.try_get("structure_id")?);
        let subject = match (invoice, structure) {
            (Some(invoice), _) => Subject::Invoice(invoice),
            (None, Some(structure)) => Subject::Structure(structure),
            (None, None) => Subject::Supplier(row.try_get("supplier_id")?),
        };
        let attempts: i32 = row.try_get("attempts")?;
        let place = Place {
            run_at: row.try_get("run_at")?,
            task: row.try_get("id")?,
        };
        floors.claimed(kind, begin, place);
        return Ok(Some(Claim {
            id: place.task,
            kind,
            lease: row.try_get("lease")?,
            run_at: place.run_at,
            attempts: attempts.unsigned_abs(),
            failed_call: row.try_get("failed_call")?,
            subject,
            since,
        }));
    }
}

/// One due task of `kind`, at or after `begin`.
async fn due(
    client: &Client,
    kind: Kind,
    agent: Uuid,
    application: &str,
    lease: Duration,
    begin: Option<Place>,
) -> Result<Option<Row>, DatabaseError> {
    let (seconds, word) = (lease.as_secs_f64(), kind.word());
    let apis: Vec<&str> = kind.apis().iter().map(|api| api.name()).collect();
    let (run_at, task) = (
        begin.map(|place| place.run_at),
        begin.map(|place| place.task),
    );
    let parameters: [(&(dyn ToSql + Sync), Type); 7] = [
        (&word, Type::TEXT),
        (&agent, Type::UUID),
        (&seconds, Type::FLOAT8),
        (&run_at, Type::TIMESTAMPTZ),
        (&task, Type::INT8),
        (&application, Type::TEXT),
        (&apis, Type::TEXT_ARRAY),
    ];
    let taken = failpoint::commit("claim", client.query_typed_one(CLAIM, &parameters));
    let row = failpoint::within(kind.word(), taken).await?;
    let id: Option<i64> = row.try_get("id")?;
    Ok(id.map(|_| row))
}

/// Keeps `claim` for another `lease` from now on; says whether it was still ours.
///
/// # Errors
/// The database's.
pub async fn extend(
    client: &Client,
    claim: &Claim,
    lease: Duration,
) -> Result<bool, DatabaseError> {
    let seconds = lease.as_secs_f64();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&claim.id, Type::INT8),
        (&claim.lease, Type::INT8),
        (&seconds, Type::FLOAT8),
    ];
    let extended = client.execute_typed(EXTEND, &parameters);
    Ok(failpoint::commit("extend", extended).await? == 1)
}
