//! Step three of depositing: what Chorus Pro said, committed under the lease.

use std::time::Duration;

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};
use uuid::Uuid;

use super::{Answer, Prepared};
use crate::{
    chorus::error::Retry,
    database::DatabaseError,
    failpoint,
    pace::patience,
    task::{Failure, Work, findings, wait_after},
};

const ACCEPTED: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), answered AS (
    UPDATE chorus.deposit d SET state = 'deposited', flux_number = $4, answered_at = now(), answer = $5
    FROM held WHERE d.id = $3
), moved AS (
    UPDATE chorus.invoice i SET state = 'deposited', state_reason = NULL FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET kind = 'flux', run_at = now() + make_interval(secs => $6), attempts = 0, last_error = NULL, created_at = now(),
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

// `refused` (known not processed) and `abandoned` (never sent) alike: the invoice is ready again.
const NOT_PROCESSED: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), answered AS (
    UPDATE chorus.deposit d SET state = $4, answered_at = now(), answer = $5 FROM held WHERE d.id = $3
), moved AS (
    UPDATE chorus.invoice i SET state = 'ready', state_reason = $6 FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET kind = 'submit', run_at = coalesce(now() + make_interval(secs => $7), 'infinity'),
    attempts = CASE WHEN $8 THEN t.attempts + 1 ELSE t.attempts END, last_error = $6,
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

const UNKNOWN: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), answered AS (
    UPDATE chorus.deposit d SET state = 'unknown', answered_at = now(), answer = $4 FROM held WHERE d.id = $3
), moved AS (
    UPDATE chorus.invoice i SET state = 'uncertain', state_reason = $5 FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET kind = 'look_up', run_at = now() + make_interval(secs => $6), attempts = 0, last_error = $5, created_at = now(),
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

/// Step three. What Chorus Pro said is worth more than a lost connection: tried again until the lease is over.
pub(super) async fn record(
    work: &mut Work<'_>,
    deposit: &Prepared,
    answer: &Answer,
) -> Result<(), Failure> {
    let mut failures = 0;
    loop {
        failpoint::reach("before-flux-commit");
        match record_once(work, deposit, answer).await {
            Err(Failure::Database(error))
                if error.is_transient()
                    && work.claim.since.elapsed() < work.tools.settings.lease() =>
            {
                let wait = work.tools.settings.pace().back_off(
                    Duration::from_secs(1),
                    Duration::from_secs(10),
                    failures,
                );
                tracing::warn!(deposit = %deposit.id, %error, "the answer to a deposit cannot be recorded yet");
                tokio::time::sleep(wait).await;
                failures += 1;
            }
            Err(Failure::Database(error)) => {
                if let Answer::Accepted(number) = answer {
                    tracing::error!(deposit = %deposit.id, flux = number, "accepted by Chorus Pro, but not recorded");
                }
                return Err(Failure::Unrecorded(error));
            }
            result => return result,
        }
    }
}

async fn record_once(
    work: &mut Work<'_>,
    deposit: &Prepared,
    answer: &Answer,
) -> Result<(), Failure> {
    let settings = work.tools.settings.clone();
    let attempts = work.claim.attempts;
    let (task, lease) = (work.claim.id, work.claim.lease);
    let first_look = settings
        .pace()
        .interval(patience(Duration::ZERO))
        .as_secs_f64();
    let client = work.database().await?;
    let changed = match answer {
        Answer::Accepted(number) => {
            let evidence = serde_json::json!({ "http": 200, "codeRetour": 0 });
            let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
                (&task, Type::INT8),
                (&lease, Type::INT8),
                (&deposit.id, Type::UUID),
                (number, Type::TEXT),
                (&evidence, Type::JSONB),
                (&first_look, Type::FLOAT8),
            ];
            client.execute_typed(ACCEPTED, &parameters).await
        }
        Answer::Unknown(error) => {
            let (evidence, reason) = (error.evidence(), error.to_string());
            let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
                (&task, Type::INT8),
                (&lease, Type::INT8),
                (&deposit.id, Type::UUID),
                (&evidence, Type::JSONB),
                (&reason, Type::TEXT),
                (&first_look, Type::FLOAT8),
            ];
            client.execute_typed(UNKNOWN, &parameters).await
        }
        Answer::Refused(error) => {
            let back = Back {
                state: "refused",
                evidence: Some(error.evidence()),
                reason: error.to_string(),
                wait: wait_after(error, attempts, &settings),
                counted: true,
            };
            back.record(client, task, lease, deposit.id).await
        }
        Answer::NotSent { why, for_good } => {
            let wait = settings.pace().interval(Duration::from_secs(1));
            let back = Back {
                state: "abandoned",
                evidence: None,
                reason: (*why).to_owned(),
                wait: (!for_good).then_some(wait),
                counted: *for_good,
            };
            back.record(client, task, lease, deposit.id).await
        }
    }
    .map_err(DatabaseError::from)?;
    if changed == 0 {
        if let Answer::Accepted(number) = answer {
            tracing::warn!(deposit = %deposit.id, flux = number, "accepted after the lease had ended: will be found by look-up");
        }
        return Err(Failure::LeaseLost);
    }
    report(work, deposit, answer).await
}

/// How an invoice that was certainly not processed goes back to ready.
struct Back {
    state: &'static str,
    evidence: Option<serde_json::Value>,
    reason: String,
    wait: Option<Duration>,
    counted: bool,
}

impl Back {
    async fn record(
        &self,
        client: &Client,
        task: i64,
        lease: i64,
        deposit: Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        let wait = self.wait.map(|wait| wait.as_secs_f64());
        let parameters: [(&(dyn ToSql + Sync), Type); 8] = [
            (&task, Type::INT8),
            (&lease, Type::INT8),
            (&deposit, Type::UUID),
            (&self.state, Type::TEXT),
            (&self.evidence, Type::JSONB),
            (&self.reason, Type::TEXT),
            (&wait, Type::FLOAT8),
            (&self.counted, Type::BOOL),
        ];
        client.execute_typed(NOT_PROCESSED, &parameters).await
    }
}

/// Says what came of it, where people and other parts of the agent will find it.
async fn report(work: &mut Work<'_>, deposit: &Prepared, answer: &Answer) -> Result<(), Failure> {
    let deposit = &deposit.id;
    match answer {
        Answer::Accepted(number) => tracing::info!(%deposit, flux = number, "deposited"),
        Answer::Unknown(error) => {
            tracing::warn!(%deposit, %error, "deposit of unknown fate: it will be looked for")
        }
        Answer::NotSent { why, .. } => tracing::warn!(%deposit, reason = why, "deposit not sent"),
        Answer::Refused(error) => {
            tracing::warn!(%deposit, %error, "deposit refused");
            if error.rule().retry == Retry::Aside {
                let text = error.text.clone().unwrap_or_else(|| error.to_string());
                let subject = work.claim.subject;
                findings::write(
                    work.database().await?,
                    subject,
                    &[findings::Message { text, code: None }],
                )
                .await?;
            }
            work.after_error(error).await?;
        }
    }
    Ok(())
}
