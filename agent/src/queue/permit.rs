//! Permits to call Chorus Pro, and the breakers that withhold them: shared by all agents of one PISTE application.
//!
//! One statement before each call takes a permit, or says how long the queue is or which breaker is open. After the call nothing is
//! written while all is well; only trouble, and its end, is.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{
    calls::Caller,
    chorus::error::{Api, ApiError, Concern, Operation, Retry, Scope},
    config::{AgentSection, LEASE_MARGIN, START_WITHIN},
    database::DatabaseError,
    failpoint,
    pace::Pace,
};

/// A worker waits at most this long for its permit, and never so long that its lease gets short; where the queue is
/// longer, the task goes back and the worker does something else.
const PATIENCE: Duration = Duration::from_secs(20);

/// After an outage the rate climbs from a tenth to the whole within this time: what has waited does not fall on Chorus Pro at once.
const SLOW_START: Duration = Duration::from_secs(300);

const TAKE: &str = "
SELECT p.wait, p.queue, p.held, p.reason, p.kind, p.watched, p.probing FROM chorus.take_permit($1, $2, $3, $4, $5, $6, $7, $8, $9) p";

const SUCCEEDED: &str = "SELECT chorus.call_succeeded($1, $2, $3, $4)";

const FAILED: &str = "SELECT f.held, f.alone FROM chorus.call_failed($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) f";

/// The budget of one PISTE application.
#[derive(Debug)]
pub struct Budget {
    application: String,
    rate: f64,
    burst: f64,
    patience: Duration,
    pace: Pace,
    timeout: Duration,
    deposit_timeout: Duration,
}

/// The right to make one call, whose outcome is to be told.
#[derive(Debug)]
pub struct Pass {
    /// Who calls.
    pub caller: Caller,
    api: Option<Api>,
    /// There is trouble that a success would end.
    watched: bool,
    /// A breaker is open, and this call decides whether it closes.
    pub probing: bool,
}

/// What came of asking for a permit.
#[derive(Debug)]
pub enum Permit {
    /// Taken; call after this time.
    After(Pass, Duration),
    /// Not taken: so many calls are waiting already.
    Queue(Duration),
    /// Not taken: a breaker is open.
    Held {
        /// Until it lets a call through.
        wait: Duration,
        /// What has failed, and what to do.
        reason: String,
        /// Kind of its last failure.
        kind: String,
    },
}

impl Budget {
    /// The budget of the application `client_id`. The table knows it by a hash: ids are half of a credential.
    pub fn new(client_id: &str, settings: &AgentSection) -> Self {
        let application = Sha256::digest(client_id)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let spare = settings
            .lease()
            .saturating_sub(settings.deposit_timeout() + START_WITHIN)
            / 2;
        Self {
            application,
            rate: settings.pace().rate(settings.requests_per_second),
            burst: settings.burst,
            patience: PATIENCE.min(spare),
            pace: settings.pace(),
            timeout: Duration::from_secs_f64(settings.timeout_seconds),
            deposit_timeout: settings.deposit_timeout(),
        }
    }

    /// The application, as the tables know it.
    pub fn application(&self) -> &str {
        &self.application
    }

    /// Asks for a permit to call `operation`.
    ///
    /// # Errors
    /// The database's.
    pub async fn take(
        &self,
        client: &Client,
        caller: Caller,
        operation: Operation,
    ) -> Result<Permit, DatabaseError> {
        let api = operation.api();
        let slow_start = self.pace.interval(SLOW_START).as_secs_f64();
        let probe = self.probe(operation).as_secs_f64();
        let parameters: [(&(dyn ToSql + Sync), Type); 9] = [
            (&self.application, Type::TEXT),
            (&api.map(Api::name), Type::TEXT),
            (&caller.supplier, Type::INT8),
            (&caller.is_person(), Type::BOOL),
            (&self.rate, Type::FLOAT8),
            (&self.burst, Type::FLOAT8),
            (&self.patience.as_secs_f64(), Type::FLOAT8),
            (&slow_start, Type::FLOAT8),
            (&probe, Type::FLOAT8),
        ];
        let row = failpoint::commit("permit", client.query_typed_one(TAKE, &parameters)).await?;
        let seconds = |wait: f64| Duration::try_from_secs_f64(wait).unwrap_or_default();
        if let Some(wait) = row.try_get::<_, Option<f64>>("wait")? {
            let pass = Pass {
                caller,
                api,
                watched: row.try_get("watched")?,
                probing: row.try_get("probing")?,
            };
            return Ok(Permit::After(pass, seconds(wait)));
        }
        Ok(match row.try_get::<_, Option<f64>>("held")? {
            Some(wait) => Permit::Held {
                wait: seconds(wait),
                reason: row.try_get("reason")?,
                kind: row.try_get("kind")?,
            },
            None => Permit::Queue(seconds(row.try_get("queue")?)),
        })
    }

    /// When a probe of `operation` that has not been heard of is given up.
    fn probe(&self, operation: Operation) -> Duration {
        let timeout = match operation {
            Operation::DeposerFlux | Operation::AjouterFichier => self.deposit_timeout,
            _ => self.timeout,
        };
        self.patience + START_WITHIN + timeout + LEASE_MARGIN
    }

    /// The call that `pass` was for got an answer: whoever answers is well.
    ///
    /// # Errors
    /// The database's.
    pub async fn succeeded(&self, client: &Client, pass: &Pass) -> Result<(), DatabaseError> {
        if !pass.watched {
            return Ok(());
        }
        let slow_start = self.pace.interval(SLOW_START).as_secs_f64();
        let api = pass.api.map(Api::name);
        let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
            (&self.application, Type::TEXT),
            (&api, Type::TEXT),
            (&pass.caller.supplier, Type::INT8),
            (&slow_start, Type::FLOAT8),
        ];
        let row =
            failpoint::commit("succeeded", client.query_typed_one(SUCCEEDED, &parameters)).await?;
        if row.try_get(0)? {
            tracing::info!(api, supplier = pass.caller.supplier, "works again");
        }
        Ok(())
    }

    /// A call for `supplier` failed for a reason that concerns others: what it has come to, `None` where it concerns nobody else.
    ///
    /// # Errors
    /// The database's.
    pub async fn failed(
        &self,
        client: &Client,
        supplier: Option<i64>,
        error: &ApiError,
    ) -> Result<Option<Concern>, DatabaseError> {
        let rule = error.rule();
        let (api, supplier) = match error.scope() {
            Scope::Task => return Ok(None),
            Scope::Supplier => (None, supplier),
            Scope::Api => (error.operation.api(), supplier),
            Scope::Application => (None, None),
        };
        let Retry::BackOff { first, cap } = rule.retry else {
            return Ok(None);
        };
        let (first, cap) = (self.pace.interval(first), self.pace.interval(cap));
        let api = api.map(Api::name);
        let parameters: [(&(dyn ToSql + Sync), Type); 11] = [
            (&self.application, Type::TEXT),
            (&api, Type::TEXT),
            (&supplier, Type::INT8),
            (&i32::from(rule.strikes), Type::INT4),
            (&first.as_secs_f64(), Type::FLOAT8),
            (&cap.as_secs_f64(), Type::FLOAT8),
            (
                &error.retry_after.map(|asked| asked.as_secs_f64()),
                Type::FLOAT8,
            ),
            (&rule.kind.word(), Type::TEXT),
            (&error.seen(), Type::TEXT),
            (&rule.hint, Type::TEXT),
            (&rule.hint_fr, Type::TEXT),
        ];
        let row = failpoint::commit("failed", client.query_typed_one(FAILED, &parameters)).await?;
        let held: Option<f64> = row.try_get("held")?;
        if let Some(seconds) = held {
            tracing::warn!(
                api,
                supplier,
                seconds,
                reason = error.seen(),
                "left alone for a while"
            );
        }
        Ok(Some(Concern {
            held: held.and_then(|held| Duration::try_from_secs_f64(held).ok()),
            alone: row.try_get("alone")?,
        }))
    }
}
