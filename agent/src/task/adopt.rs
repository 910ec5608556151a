//! An invoice found at Chorus Pro is ours: its deposit is integrated, by whatever way we came to know.

use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{Failure, Work};
use crate::{
    database::{self, DatabaseError},
    failpoint,
};

// At most one deposit of an invoice is open: another one that still was did not make it, and gives way first.
const GIVE_WAY: &str = "
UPDATE chorus.deposit d SET state = 'lost'
FROM chorus.task t
WHERE t.id = $1 AND t.lease = $2 AND d.invoice_id = t.invoice_id AND d.id <> $3 AND d.state IN ('sending', 'unknown', 'deposited')";

// New invoices move: a supplier whose polling has slowed down is followed at the usual interval again.
const SOONER: &str = "
UPDATE chorus.task t SET run_at = now() + make_interval(secs => $2)
FROM chorus.invoice i
WHERE i.chorus_id = $1 AND t.supplier_id = i.supplier_id AND t.kind = 'follow' AND t.leased_until IS NULL AND t.last_error IS NULL
    AND t.run_at > now() + make_interval(secs => $2 * 1.2)";

const INTEGRATED: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), ours AS (
    UPDATE chorus.deposit d SET state = 'integrated', flux_number = $4, flux_state = 'IN_INTEGRE', flux_state_at = coalesce($6, now())
    FROM held WHERE d.id = $3
), moved AS (
    UPDATE chorus.invoice i SET state = 'integrated', state_reason = NULL, chorus_id = $5 FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET kind = 'history', run_at = now(), attempts = 0, last_error = NULL, created_at = now(),
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

/// Where an invoice of ours stands at Chorus Pro.
pub(super) struct Found {
    /// The deposit that brought it there.
    pub deposit: Uuid,
    /// Its flux.
    pub flux_number: String,
    /// Chorus Pro's id of the invoice.
    pub chorus_id: i64,
    /// When the flux was integrated, where Chorus Pro says so.
    pub at: Option<jiff::Timestamp>,
}

/// Records that the invoice is integrated, and asks for its history next.
pub(super) async fn integrated(work: &mut Work<'_>, found: &Found) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&found.deposit, Type::UUID),
        (&found.flux_number, Type::TEXT),
        (&found.chorus_id, Type::INT8),
        (&found.at, Type::TIMESTAMPTZ),
    ];
    let [task, lease, deposit, ..] = &parameters;
    let transaction = database::begin(work.database().await?).await?;
    transaction
        .execute_typed(GIVE_WAY, &[task.clone(), lease.clone(), deposit.clone()])
        .await
        .map_err(DatabaseError::from)?;
    let changed = transaction
        .execute_typed(INTEGRATED, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    if changed == 0 {
        return Err(Failure::LeaseLost);
    }
    failpoint::commit("adopt", transaction.commit())
        .await
        .map_err(DatabaseError::from)?;
    sooner(work, found.chorus_id).await?;
    tracing::info!(deposit = %found.deposit, flux = found.flux_number, invoice = found.chorus_id, "integrated");
    Ok(())
}

async fn sooner(work: &mut Work<'_>, chorus_id: i64) -> Result<(), Failure> {
    let settings = &work.tools.settings;
    let usual = std::time::Duration::from_secs_f64(settings.follow_interval_seconds);
    let usual = settings.pace().interval(usual).as_secs_f64();
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&chorus_id, Type::INT8), (&usual, Type::FLOAT8)];
    let client = work.database().await?;
    failpoint::commit("sooner", client.execute_typed(SOONER, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}
