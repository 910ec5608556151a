//! Permits to call Chorus Pro, shared by all agents of one PISTE application.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio_postgres::{Client, types::Type};

use crate::{
    config::{AgentSection, START_WITHIN},
    database::DatabaseError,
};

/// A worker waits at most this long for its permit, and never so long that its lease gets short; where the queue is
/// longer, the task goes back and the worker does something else.
const PATIENCE: Duration = Duration::from_secs(20);

// Asked first: a permit taken is spent, also by one who then walks away.
const TAKE: &str = "
SELECT CASE WHEN q.wait <= $4 THEN chorus.take_permit($1, $2, $3) END AS wait, q.wait AS queue
FROM (SELECT coalesce((
    SELECT -(b.permits + $2 * greatest(0, extract(epoch FROM clock_timestamp() - b.refilled_at)::float8)) / $2
    FROM chorus.api_budget b WHERE b.application = $1), 0) AS wait) q";

// Everybody waits: the debt is paid off at the rate of the budget.
const STOP: &str = "
UPDATE chorus.api_budget SET permits = least(permits, -$2 * $3) WHERE application = $1";

/// The budget of one PISTE application.
#[derive(Debug)]
pub struct Budget {
    application: String,
    rate: f64,
    burst: f64,
    patience: Duration,
}

/// What came of asking for a permit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Permit {
    /// Taken; call after this time.
    After(Duration),
    /// Not taken: so many calls are waiting already.
    Queue(Duration),
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
        }
    }

    /// Asks for a permit.
    ///
    /// # Errors
    /// The database's.
    pub async fn take(&self, client: &Client) -> Result<Permit, DatabaseError> {
        let row = client
            .query_typed_one(
                TAKE,
                &[
                    (&self.application, Type::TEXT),
                    (&self.rate, Type::FLOAT8),
                    (&self.burst, Type::FLOAT8),
                    (&self.patience.as_secs_f64(), Type::FLOAT8),
                ],
            )
            .await?;
        let seconds = |wait: f64| Duration::try_from_secs_f64(wait).unwrap_or_default();
        Ok(match row.try_get::<_, Option<f64>>("wait")? {
            Some(wait) => Permit::After(seconds(wait)),
            None => Permit::Queue(seconds(row.try_get("queue")?)),
        })
    }

    /// Lets nobody call for `wait`: PISTE's quota is used up.
    ///
    /// # Errors
    /// The database's.
    pub async fn stop(&self, client: &Client, wait: Duration) -> Result<(), DatabaseError> {
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] = [
            (&self.application, Type::TEXT),
            (&self.rate, Type::FLOAT8),
            (&wait.as_secs_f64(), Type::FLOAT8),
        ];
        client.execute_typed(STOP, &parameters).await?;
        Ok(())
    }
}
