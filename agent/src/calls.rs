//! The record of calls: one row in `chorus.api_call` for each, without bodies and without secrets.
//!
//! A call leaves its row in memory and goes on; somebody else writes a batch every second. What a killed agent had not
//! written yet is lost with it: the deposits themselves are in `chorus.deposit`, committed before each call.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    chorus::error::{ApiError, Operation, Symptom},
    database::{Database, DatabaseError, Session},
    metrics,
    pace::Pace,
};

/// Rows kept while the database is away; the oldest give way.
const MOST: usize = 20_000;

/// Rows per statement.
const BATCH: usize = 1_000;

/// How often they are written.
const EVERY: Duration = Duration::from_secs(1);

// Ages, not times: deadlines and reports all use the database's clock.
const WRITE: &str = "
INSERT INTO chorus.api_call (started_at, seconds, operation, http, code_retour, error, supplier_id, invoice_id, task_id, agent)
SELECT clock_timestamp() - make_interval(secs => c.age), c.seconds, c.operation, c.http, c.code_retour, c.error, c.supplier_id, c.invoice_id, c.task_id, $1
FROM unnest($2::float8[], $3::real[], $4::text[], $5::smallint[], $6::bigint[], $7::text[], $8::bigint[], $9::uuid[], $10::bigint[])
    AS c (age, seconds, operation, http, code_retour, error, supplier_id, invoice_id, task_id)";

/// For whom, and about what, a call is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caller {
    /// The supplier, where it is known already.
    pub supplier: Option<i64>,
    /// The invoice.
    pub invoice: Option<Uuid>,
    /// The task; `None`: a person asks, and wants an answer now.
    pub task: Option<i64>,
}

impl Caller {
    /// A person who asks about `supplier`.
    pub fn person(supplier: Option<i64>) -> Self {
        Self {
            supplier,
            ..Self::default()
        }
    }

    /// Whether somebody waits for the answer.
    pub fn is_person(&self) -> bool {
        self.task.is_none()
    }
}

/// A call that was made.
#[derive(Debug, Clone)]
struct Call {
    caller: Caller,
    operation: Operation,
    started: Instant,
    seconds: f32,
    http: Option<i16>,
    code: Option<i64>,
    error: Option<&'static str>,
}

/// Calls that were made and are not written yet.
#[derive(Debug, Default)]
pub struct Calls {
    made: Mutex<VecDeque<Call>>,
}

impl Calls {
    /// Counts and remembers a call that began at `started` and has just ended.
    pub(crate) fn made<T>(
        &self,
        caller: Caller,
        operation: Operation,
        started: Instant,
        result: &Result<T, ApiError>,
    ) {
        let (elapsed, failed) = (started.elapsed(), result.as_ref().err());
        metrics::called(operation, elapsed, result);
        let call = Call {
            caller,
            operation,
            started,
            seconds: elapsed.as_secs_f32(),
            http: match failed {
                None => Some(200),
                Some(error) => error.http.and_then(|status| i16::try_from(status).ok()),
            },
            code: match failed.map(|error| error.symptom) {
                None => Some(0),
                Some(Symptom::Outcome(code)) => Some(code),
                Some(_) => None,
            },
            error: failed.map(|error| error.rule().kind.word()),
        };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.len() >= MOST {
            made.pop_front();
        }
        made.push_back(call);
    }

    /// Writes what there is, as calls of `agent`.
    ///
    /// # Errors
    /// The database's; what was not written is kept.
    pub async fn write(&self, client: &Client, agent: Uuid) -> Result<(), DatabaseError> {
        loop {
            let batch = self.oldest();
            if batch.is_empty() {
                return Ok(());
            }
            if let Err(error) = insert(client, agent, &batch).await {
                self.keep(batch);
                return Err(error);
            }
        }
    }

    fn oldest(&self) -> Vec<Call> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let count = made.len().min(BATCH);
        made.drain(..count).collect()
    }

    fn keep(&self, batch: Vec<Call>) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST.saturating_sub(made.len());
        for call in batch.into_iter().rev().take(room) {
            made.push_front(call);
        }
    }
}

async fn insert(client: &Client, agent: Uuid, calls: &[Call]) -> Result<(), DatabaseError> {
    fn column<T>(calls: &[Call], of: impl Fn(&Call) -> T) -> Vec<T> {
        calls.iter().map(of).collect()
    }
    let ages = column(calls, |call| call.started.elapsed().as_secs_f64());
    let seconds = column(calls, |call| call.seconds);
    let operations = column(calls, |call| call.operation.path());
    let http = column(calls, |call| call.http);
    let codes = column(calls, |call| call.code);
    let errors = column(calls, |call| call.error);
    let suppliers = column(calls, |call| call.caller.supplier);
    let invoices = column(calls, |call| call.caller.invoice);
    let tasks = column(calls, |call| call.caller.task);
    let parameters: [(&(dyn ToSql + Sync), Type); 10] = [
        (&agent, Type::UUID),
        (&ages, Type::FLOAT8_ARRAY),
        (&seconds, Type::FLOAT4_ARRAY),
        (&operations, Type::TEXT_ARRAY),
        (&http, Type::INT2_ARRAY),
        (&codes, Type::INT8_ARRAY),
        (&errors, Type::TEXT_ARRAY),
        (&suppliers, Type::INT8_ARRAY),
        (&invoices, Type::UUID_ARRAY),
        (&tasks, Type::INT8_ARRAY),
    ];
    client.execute_typed(WRITE, &parameters).await?;
    Ok(())
}

/// Writes `calls` every second until `stop`, on a connection of its own: no deposit waits for it.
pub async fn write(
    calls: std::sync::Arc<Calls>,
    agent: Uuid,
    database: Database,
    pace: Pace,
    stop: CancellationToken,
) {
    let mut session = Session::new(database);
    let mut failures = 0;
    loop {
        let wait = match written(&calls, &mut session, agent).await {
            Ok(()) => {
                failures = 0;
                pace.interval(EVERY)
            }
            Err(error) => {
                let wait = pace.back_off(Duration::from_secs(1), Duration::from_secs(60), failures);
                failures += 1;
                tracing::warn!(%error, seconds = wait.as_secs_f64(), "the record of calls has to wait");
                wait
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn written(calls: &Calls, session: &mut Session, agent: Uuid) -> Result<(), DatabaseError> {
    calls.write(session.client().await?, agent).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chorus::answer::unreadable;

    fn made(calls: &Calls, result: &Result<(), ApiError>) {
        calls.made(
            Caller::default(),
            Operation::HealthCheck,
            Instant::now(),
            result,
        );
    }

    #[test]
    fn what_cannot_be_written_is_kept_in_its_order_and_bounded() {
        let calls = Calls::default();
        for status in [503, 401] {
            made(&calls, &Err(unreadable(Operation::HealthCheck, status)));
        }
        let batch = calls.oldest();
        made(&calls, &Ok(()));
        calls.keep(batch);
        let http: Vec<_> = calls.oldest().iter().map(|call| call.http).collect();
        assert_eq!(http, [Some(503), Some(401), Some(200)]);
        for _ in 0..MOST + 5 {
            made(&calls, &Ok(()));
        }
        assert_eq!(calls.made.lock().unwrap().len(), MOST);
    }

    #[test]
    fn a_row_says_what_came_back_and_nothing_else() {
        let calls = Calls::default();
        let mut refused = unreadable(Operation::HealthCheck, 200);
        refused.symptom = Symptom::Outcome(20001);
        refused.text = Some("a secret".into());
        made(&calls, &Err(refused));
        let [call] = calls.oldest().try_into().unwrap();
        assert_eq!(
            (call.http, call.code, call.error),
            (Some(200), Some(20001), Some("functional"))
        );
        assert!(!format!("{call:?}").contains("secret"));
    }
}
