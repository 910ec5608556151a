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

// The CTE is materialized: folded into the UPDATE, the planner may lock more rows than LIMIT says.
// SKIP LOCKED on both: an application's open UPDATE of an invoice must not stall the queue. Invoice first, then task.
// Ordered as the index task_due_idx is, and begun at the agent's floor, so that a claim reads one row however many wait or are done.
// A supplier who is paused or whose account is not verified waits here, unclaimed; so does what an open breaker holds back: whether one
// does is asked once per statement, however many tasks wait.

/// The invoice goes from ready to sending in the same statement: from here on its document is fixed. One whose buyer is not known, or
/// not of late, stays as it is.
const SUBMIT: &str = "
WITH due AS MATERIALIZED (
    SELECT t.id, t.invoice_id, coalesce(i.directory_at > now() - interval '24 hours', false)
        OR i.buyer_id_type IS NULL OR coalesce(i.buyer_identifier, '') = '' AS known
    FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id JOIN chorus.supplier s ON s.id = i.supplier_id
    WHERE t.kind = 'submit' AND t.leased_until IS NULL AND t.run_at <= now()
        AND (t.run_at, t.id) >= (coalesce($3, '-infinity'), coalesce($4, 0))
        AND i.state = 'ready' AND s.state = 'registered' AND NOT s.paused
        AND NOT EXISTS (SELECT FROM chorus.api_breaker b
            WHERE b.application = $5 AND (b.api IS NULL OR b.api = ANY ($6)) AND b.supplier_id IS NULL AND b.probe_at > now())
        AND s.id <> ALL (ARRAY(SELECT b.supplier_id FROM chorus.api_breaker b
            WHERE b.application = $5 AND (b.api IS NULL OR b.api = ANY ($6)) AND b.supplier_id IS NOT NULL AND b.probe_at > now()))
    ORDER BY t.run_at, t.id LIMIT 1
    FOR UPDATE OF i, t SKIP LOCKED
), sending AS (
    UPDATE chorus.invoice i SET state = 'sending', state_reason = NULL FROM due WHERE i.id = due.invoice_id AND due.known
)
UPDATE chorus.task t
SET lease = nextval('chorus.lease'), leased_by = $1, leased_until = now() + make_interval(secs => $2)
FROM due WHERE t.id = due.id
RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false) AS failed_call, t.invoice_id, t.supplier_id, t.structure_id, due.known";

// A blocked invoice is a person's affair, whatever became of its task's run_at.
const OF_INVOICE: &str = "
WITH due AS MATERIALIZED (
    SELECT t.id
    FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id JOIN chorus.supplier s ON s.id = i.supplier_id
    WHERE t.kind = $7 AND t.leased_until IS NULL AND t.run_at <= now()
        AND (t.run_at, t.id) >= (coalesce($3, '-infinity'), coalesce($4, 0)) AND s.state = 'registered' AND i.state <> 'blocked'
        AND NOT EXISTS (SELECT FROM chorus.api_breaker b
            WHERE b.application = $5 AND (b.api IS NULL OR b.api = ANY ($6)) AND b.supplier_id IS NULL AND b.probe_at > now())
        AND s.id <> ALL (ARRAY(SELECT b.supplier_id FROM chorus.api_breaker b
            WHERE b.application = $5 AND (b.api IS NULL OR b.api = ANY ($6)) AND b.supplier_id IS NOT NULL AND b.probe_at > now()))
    ORDER BY t.run_at, t.id LIMIT 1
    FOR UPDATE OF i, t SKIP LOCKED
)
UPDATE chorus.task t
SET lease = nextval('chorus.lease'), leased_by = $1, leased_until = now() + make_interval(secs => $2)
FROM due WHERE t.id = due.id
RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false) AS failed_call, t.invoice_id, t.supplier_id, t.structure_id";

/// Following also verifies the account, so it is claimed whatever the supplier's state.
const OF_SUPPLIER: &str = "
WITH due AS MATERIALIZED (
    SELECT t.id
    FROM chorus.task t JOIN chorus.supplier s ON s.id = t.supplier_id
    WHERE t.kind = $7 AND t.leased_until IS NULL AND t.run_at <= now()
        AND (t.run_at, t.id) >= (coalesce($3, '-infinity'), coalesce($4, 0)) AND s.credential IS NOT NULL
        AND NOT EXISTS (SELECT FROM chorus.api_breaker b
            WHERE b.application = $5 AND (b.api IS NULL OR b.api = ANY ($6)) AND b.supplier_id IS NULL AND b.probe_at > now())
        AND s.id <> ALL (ARRAY(SELECT b.supplier_id FROM chorus.api_breaker b
            WHERE b.application = $5 AND (b.api IS NULL OR b.api = ANY ($6)) AND b.supplier_id IS NOT NULL AND b.probe_at > now()))
    ORDER BY t.run_at, t.id LIMIT 1
    FOR UPDATE OF t SKIP LOCKED
)
UPDATE chorus.task t
SET lease = nextval('chorus.lease'), leased_by = $1, leased_until = now() + make_interval(secs => $2)
FROM due WHERE t.id = due.id
RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false) AS failed_call, t.invoice_id, t.supplier_id, t.structure_id";

/// Any account may ask about any buyer: claimed as soon as there is one.
const OF_STRUCTURE: &str = "
WITH due AS MATERIALIZED (
    SELECT t.id
    FROM chorus.task t
    WHERE t.kind = $7 AND t.leased_until IS NULL AND t.run_at <= now()
        AND (t.run_at, t.id) >= (coalesce($3, '-infinity'), coalesce($4, 0)) AND EXISTS (SELECT FROM chorus.supplier s WHERE s.state = 'registered')
        AND NOT EXISTS (SELECT FROM chorus.api_breaker b
            WHERE b.application = $5 AND (b.api IS NULL OR b.api = ANY ($6)) AND b.supplier_id IS NULL AND b.probe_at > now())
    ORDER BY t.run_at, t.id LIMIT 1
    FOR UPDATE OF t SKIP LOCKED
)
UPDATE chorus.task t
SET lease = nextval('chorus.lease'), leased_by = $1, leased_until = now() + make_interval(secs => $2)
FROM due WHERE t.id = due.id
RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false) AS failed_call, t.invoice_id, t.supplier_id, t.structure_id";

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
        let Some(row) = due(client, kind, agent, application, lease, floors).await? else {
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
        floors.claimed(kind, place);
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

/// One due task of `kind`.
async fn due(
    client: &Client,
    kind: Kind,
    agent: Uuid,
    application: &str,
    lease: Duration,
    floors: &Floors,
) -> Result<Option<Row>, DatabaseError> {
    let (seconds, word) = (lease.as_secs_f64(), kind.word());
    let apis: Vec<&str> = kind.apis().iter().map(|api| api.name()).collect();
    let begin = floors.begin(kind);
    let (run_at, task) = (
        begin.map(|place| place.run_at),
        begin.map(|place| place.task),
    );
    let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> = vec![
        (&agent, Type::UUID),
        (&seconds, Type::FLOAT8),
        (&run_at, Type::TIMESTAMPTZ),
        (&task, Type::INT8),
        (&application, Type::TEXT),
        (&apis, Type::TEXT_ARRAY),
    ];
    let statement = match kind {
        Kind::Submit => SUBMIT,
        Kind::Directory => OF_STRUCTURE,
        Kind::LookUp | Kind::Flux | Kind::History | Kind::Action => OF_INVOICE,
        Kind::Follow | Kind::Adopt => OF_SUPPLIER,
    };
    if kind != Kind::Submit {
        parameters.push((&word, Type::TEXT));
    }
    let taken = failpoint::commit("claim", client.query_typed_opt(statement, &parameters));
    Ok(failpoint::within(kind.word(), taken).await?)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Lock order and SKIP LOCKED are pinned by isolation specs, which run this statement and no copy that was once like it.
    #[test]
    fn the_isolation_specs_claim_as_the_agent_does() {
        for spec in [
            include_str!("../../../tests/regress/specs/claim_skips_open_update.spec"),
            include_str!("../../../tests/regress/specs/attachment_or_departure.spec"),
        ] {
            assert!(
                spec.contains(SUBMIT),
                "copy SUBMIT into the spec, word for word"
            );
        }
    }
}
