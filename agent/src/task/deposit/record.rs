//! Step three of depositing: what Chorus Pro said, committed under the lease.

use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};

use super::{Answer, Prepared};
use crate::{
    chorus::error::{ApiError, Retry},
    database::{self, DatabaseError},
    failpoint::{self, Defect},
    metrics,
    pace::patience,
    task::{Failure, Work, findings, is_own, wait_after},
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

// `refused` (known not processed) and `abandoned` (never sent) alike: the invoice is ready again. Where an earlier deposit
// was lost, that one may still arrive: it is looked for first, also where the refusal would set the task aside, since only
// a look-up can block the invoice and so let a person decide.
const NOT_PROCESSED: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id,
        EXISTS (SELECT FROM chorus.deposit d WHERE d.invoice_id = i.id AND d.state = 'lost') AS doubtful
    FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), answered AS (
    UPDATE chorus.deposit d SET state = $4, answered_at = now(), answer = $5 FROM held WHERE d.id = $3
), moved AS (
    UPDATE chorus.invoice i SET state = CASE WHEN held.doubtful THEN 'uncertain' ELSE 'ready' END, state_reason = $6
    FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET kind = CASE WHEN held.doubtful THEN 'look_up' ELSE 'submit' END,
    created_at = CASE WHEN held.doubtful THEN now() ELSE t.created_at END,
    run_at = coalesce(now() + make_interval(secs => $7), CASE WHEN held.doubtful THEN now() ELSE 'infinity' END),
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
    if let Answer::Accepted(number) = answer {
        tracing::Span::current().record("flux", number);
    }
    metrics::deposited(answer.word());
    let mut failures = 0;
    loop {
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
    let changed = match answer {
        Answer::Accepted(_) if failpoint::planted(Defect::ForgottenFlux) => {
            let back = Back::abandoned(work);
            Back { wait: None, ..back }.write(work, deposit).await
        }
        Answer::Unknown(_) if failpoint::planted(Defect::InventedFlux) => {
            let invented = Answer::Accepted(format!("invented-{}", deposit.id));
            return Box::pin(record_once(work, deposit, &invented)).await;
        }
        Answer::Accepted(number) => {
            let evidence = serde_json::json!({ "http": 200, "codeRetour": 0 });
            let wait = first_look(work);
            let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
                (&deposit.id, Type::UUID),
                (number, Type::TEXT),
                (&evidence, Type::JSONB),
                (&wait, Type::FLOAT8),
            ];
            write(work, ACCEPTED, &parameters, &[]).await
        }
        Answer::Unknown(error) => {
            let (evidence, reason) = (error.evidence(), error.to_string());
            let wait = first_look(work);
            let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
                (&deposit.id, Type::UUID),
                (&evidence, Type::JSONB),
                (&reason, Type::TEXT),
                (&wait, Type::FLOAT8),
            ];
            write(work, UNKNOWN, &parameters, &[]).await
        }
        Answer::Refused(error) => Back::refused(work, error).write(work, deposit).await,
        Answer::NotSent => Back::abandoned(work).write(work, deposit).await,
    }?;
    if changed == 0 {
        if let Answer::Accepted(number) = answer {
            tracing::warn!(deposit = %deposit.id, flux = number, "accepted after the lease had ended: will be found by look-up");
        }
        return Err(Failure::LeaseLost);
    }
    if failpoint::planted(Defect::LostTask) {
        forget_task(work).await?;
    }
    report(work, deposit, answer).await
}

/// For [`Defect::LostTask`].
async fn forget_task(work: &mut Work<'_>) -> Result<(), Failure> {
    let task = work.claim.id;
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&task, Type::INT8)];
    let client = work.database().await?;
    let forgotten = client.execute_typed("DELETE FROM chorus.task WHERE id = $1", &parameters);
    forgotten.await.map_err(DatabaseError::from)?;
    Ok(())
}

/// Seconds until the report on a flux, or a look-up, can say something.
fn first_look(work: &Work<'_>) -> f64 {
    work.tools
        .settings
        .pace()
        .interval(patience(Duration::ZERO))
        .as_secs_f64()
}

/// One guarded statement, whose first parameters are task and lease, and the findings that go with it.
async fn write(
    work: &mut Work<'_>,
    statement: &str,
    rest: &[(&(dyn ToSql + Sync), Type)],
    messages: &[findings::Message],
) -> Result<u64, Failure> {
    let (task, lease, subject) = (work.claim.id, work.claim.lease, work.claim.subject);
    let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> =
        vec![(&task, Type::INT8), (&lease, Type::INT8)];
    parameters.extend_from_slice(rest);
    let client = work.database().await?;
    if messages.is_empty() {
        let changed = failpoint::commit("record", client.execute_typed(statement, &parameters));
        return Ok(changed.await.map_err(DatabaseError::from)?);
    }
    let transaction = database::begin(client).await?;
    let changed = transaction
        .execute_typed(statement, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    if changed > 0 {
        findings::write(&transaction, subject, messages).await?;
        failpoint::commit("record", transaction.commit())
            .await
            .map_err(DatabaseError::from)?;
    }
    Ok(changed)
}

/// How an invoice that was certainly not processed goes back.
struct Back {
    state: &'static str,
    evidence: Option<serde_json::Value>,
    reason: String,
    /// `None`: set aside until a person says `chorus.retry(task)`.
    wait: Option<Duration>,
    /// Whether it was the invoice's own error.
    counted: bool,
    messages: Vec<findings::Message>,
}

impl Back {
    fn refused(work: &Work<'_>, error: &ApiError) -> Self {
        let complaint = || findings::Message {
            text: error.text.clone().unwrap_or_else(|| error.to_string()),
            code: None,
        };
        Self {
            state: "refused",
            evidence: Some(error.evidence()),
            reason: error.to_string(),
            wait: wait_after(error, &work.claim, &work.tools.settings),
            counted: is_own(error, &work.claim),
            messages: (error.rule().retry == Retry::Aside)
                .then(complaint)
                .into_iter()
                .collect(),
        }
    }

    fn abandoned(work: &Work<'_>) -> Self {
        let late = Failure::Late;
        let how = late.returned(&work.claim, &work.tools.settings);
        let (wait, reason) = how.map_or((None, None), |how| (how.wait, how.note));
        Self {
            state: "abandoned",
            evidence: None,
            reason: reason.unwrap_or_else(|| late.to_string()),
            wait,
            counted: true,
            messages: Vec::new(),
        }
    }

    async fn write(&self, work: &mut Work<'_>, deposit: &Prepared) -> Result<u64, Failure> {
        let wait = self.wait.map(|wait| wait.as_secs_f64());
        let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
            (&deposit.id, Type::UUID),
            (&self.state, Type::TEXT),
            (&self.evidence, Type::JSONB),
            (&self.reason, Type::TEXT),
            (&wait, Type::FLOAT8),
            (&self.counted, Type::BOOL),
        ];
        write(work, NOT_PROCESSED, &parameters, &self.messages).await
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
        Answer::NotSent => {
            tracing::warn!(%deposit, reason = %Failure::Late, "deposit not sent")
        }
        Answer::Refused(error) => {
            tracing::warn!(%deposit, %error, "deposit refused");
            work.after_error(error).await?;
        }
    }
    Ok(())
}
