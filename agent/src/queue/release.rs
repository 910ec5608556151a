//! Giving a task back, and taking back those whose worker is gone.

use std::time::Duration;

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};
use uuid::Uuid;

use super::claim::{Claim, Subject};
use crate::{
    database::DatabaseError,
    failpoint::{self, Defect},
    metrics,
};

/// How a task goes back into the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    /// When it is due again; `None` sets it aside until a person says `chorus.retry(task)`.
    pub wait: Option<Duration>,
    /// Whether this was an error. Waiting is not.
    pub counted: bool,
    /// What the table shows as last error; `None` clears it.
    pub note: Option<String>,
}

impl Return {
    /// Come again after `wait`; nothing went wrong.
    pub fn later(wait: Duration) -> Self {
        Self {
            wait: Some(wait),
            counted: false,
            note: None,
        }
    }
}

// "Somebody asked again meanwhile" moves run_at forward while the task is leased: that request is kept.
// A returned task has no lease, so that a late write with the old token finds nothing.

// An invoice claimed for sending goes back to ready, unless a deposit was prepared: that one may have been sent, and
// stays with the lease until somebody looks for it. Where an earlier one was lost, it goes back to uncertain: each
// sending after that is preceded by a look-up.
const OF_INVOICE: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id, i.state = 'sending'
        AND EXISTS (SELECT FROM chorus.deposit d WHERE d.invoice_id = i.id AND d.state = 'lost') AS doubtful
    FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2
        AND NOT EXISTS (SELECT FROM chorus.deposit d WHERE d.invoice_id = i.id AND d.state = 'sending')
    FOR UPDATE OF i, t
), moved AS (
    UPDATE chorus.invoice i
    SET state = CASE WHEN held.doubtful THEN 'uncertain' ELSE 'ready' END,
        state_reason = CASE WHEN held.doubtful THEN coalesce($6, 'Sent before without an answer: looked for again before it is sent again')
            ELSE $6 END
    FROM held WHERE i.id = held.invoice_id AND i.state = 'sending'
)
UPDATE chorus.task t
SET kind = CASE WHEN held.doubtful THEN 'look_up' ELSE t.kind END,
    created_at = CASE WHEN held.doubtful THEN now() ELSE t.created_at END,
    run_at = CASE WHEN t.run_at > $3 THEN t.run_at ELSE coalesce(now() + make_interval(secs => $4), 'infinity') END,
    attempts = CASE WHEN $5 THEN t.attempts + 1 ELSE t.attempts END, last_error = $6,
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

const OF_OTHERS: &str = "
UPDATE chorus.task t
SET run_at = CASE WHEN t.run_at > $3 THEN t.run_at ELSE coalesce(now() + make_interval(secs => $4), 'infinity') END,
    attempts = CASE WHEN $5 THEN t.attempts + 1 WHEN $6::text IS NULL THEN 0 ELSE t.attempts END, last_error = $6,
    lease = NULL, leased_by = NULL, leased_until = NULL
WHERE t.id = $1 AND t.lease = $2";

// With an agent's id: all that it holds. Without: what has run out.
// A deposit that is still `sending` may have been sent, and one that is `lost` was: the invoice is uncertain and is looked for.
const TAKE_BACK_INVOICES: &str = "
WITH gone AS MATERIALIZED (
    SELECT t.id, t.invoice_id, i.state = 'sending'
        AND EXISTS (SELECT FROM chorus.deposit d WHERE d.invoice_id = i.id AND d.state IN ('sending', 'lost')) AS sent
    FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.leased_until IS NOT NULL AND CASE WHEN $1::uuid IS NULL THEN t.leased_until < now() ELSE t.leased_by = $1 END
    LIMIT 100
    FOR UPDATE OF i, t SKIP LOCKED
), unknown AS (
    UPDATE chorus.deposit d SET state = 'unknown' FROM gone WHERE d.invoice_id = gone.invoice_id AND d.state = 'sending'
), moved AS (
    UPDATE chorus.invoice i
    SET state = CASE WHEN gone.sent THEN 'uncertain' ELSE 'ready' END,
        state_reason = CASE WHEN gone.sent THEN 'The agent ended before it knew the answer of Chorus Pro; it looks there for the invoice' END
    FROM gone WHERE i.id = gone.invoice_id AND i.state = 'sending'
)
UPDATE chorus.task t
SET kind = CASE WHEN gone.sent THEN 'look_up' ELSE t.kind END,
    created_at = CASE WHEN gone.sent THEN now() ELSE t.created_at END,
    run_at = CASE WHEN gone.sent THEN now() ELSE t.run_at END,
    attempts = CASE WHEN $1::uuid IS NULL THEN t.attempts + 1 ELSE t.attempts END,
    last_error = CASE WHEN $1::uuid IS NULL THEN 'The agent that had it did not finish in time' END,
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM gone WHERE t.id = gone.id
RETURNING t.id, t.kind, gone.sent";

const TAKE_BACK_OTHERS: &str = "
UPDATE chorus.task t SET lease = NULL, leased_by = NULL, leased_until = NULL
WHERE t.invoice_id IS NULL AND t.leased_until IS NOT NULL
    AND CASE WHEN $1::uuid IS NULL THEN t.leased_until < now() ELSE t.leased_by = $1 END
RETURNING t.id, t.kind, false AS sent";

const DONE: &str = "CALL chorus.done($1, $2, NULL)";

/// Ends `claim` when there is nothing to write down; says whether it was still ours.
///
/// # Errors
/// The database's.
pub async fn done(client: &Client, claim: &Claim) -> Result<bool, DatabaseError> {
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&claim.id, Type::INT8), (&claim.lease, Type::INT8)];
    Ok(client
        .query_typed_one(DONE, &parameters)
        .await?
        .try_get(0)?)
}

/// Gives `claim` back.
///
/// A task that is no longer ours stays as it is: whoever has it decides.
///
/// # Errors
/// The database's.
pub async fn give_back(client: &Client, claim: &Claim, how: &Return) -> Result<(), DatabaseError> {
    let statement = match claim.subject {
        Subject::Invoice(_) => OF_INVOICE,
        Subject::Supplier(_) | Subject::Structure(_) => OF_OTHERS,
    };
    let wait = how.wait.map(|wait| wait.as_secs_f64());
    let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
        (&claim.id, Type::INT8),
        (&claim.lease, Type::INT8),
        (&claim.run_at, Type::TIMESTAMPTZ),
        (&wait, Type::FLOAT8),
        (&how.counted, Type::BOOL),
        (&how.note, Type::TEXT),
    ];
    failpoint::commit("give_back", client.execute_typed(statement, &parameters)).await?;
    Ok(())
}

/// Takes back the tasks whose lease has run out; says how many.
///
/// # Errors
/// The database's.
pub async fn reap(client: &Client) -> Result<u64, DatabaseError> {
    if failpoint::planted(Defect::LiveLease) {
        const END: &str = "UPDATE chorus.task SET leased_until = now() - interval '1 second' WHERE leased_until > now()";
        client.execute_typed(END, &[]).await?;
    }
    let count = take_back(client, None).await?;
    metrics::taken_back(count);
    Ok(count)
}

/// Takes back all tasks that `agent` still holds, without counting an error; says how many.
///
/// # Errors
/// The database's.
pub async fn hand_over(client: &Client, agent: Uuid) -> Result<u64, DatabaseError> {
    take_back(client, Some(agent)).await
}

async fn take_back(client: &Client, agent: Option<Uuid>) -> Result<u64, DatabaseError> {
    let mut count = 0;
    for statement in [TAKE_BACK_INVOICES, TAKE_BACK_OTHERS] {
        loop {
            let rows = client
                .query_typed(statement, &[(&agent, Type::UUID)])
                .await?;
            for row in &rows {
                let (task, kind, sent): (i64, &str, bool) =
                    (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                tracing::warn!(
                    task,
                    kind,
                    uncertain = sent,
                    "a lease ended before its task did: taken back"
                );
            }
            count += rows.len() as u64;
            if rows.is_empty() {
                break;
            }
        }
    }
    Ok(count)
}
