//! What an open breaker holds back says so. It waits unclaimed, so nobody touches it: the keeper writes it down, a batch at a time.

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use super::{Kind, permit::Budget};
use crate::database::DatabaseError;

// Only what says nothing yet. Invoice first, then task; whatever somebody else has in hand says so next time.
// An invoice that waits to be sent shows it too: people look there first.
const MARK: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id, t.kind, chorus.held_note(b) AS note
    FROM chorus.api_breaker b
        JOIN unnest($2::text[], $3::text[]) AS needs (kind, api) ON b.api IS NULL OR b.api = needs.api
        JOIN chorus.task t ON t.kind = needs.kind
        JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE b.application = $1 AND b.probe_at > now() AND (b.supplier_id IS NULL OR b.supplier_id = i.supplier_id)
        AND t.leased_until IS NULL AND t.run_at <= now() AND t.last_error IS NULL
    LIMIT 500
    FOR UPDATE OF i, t SKIP LOCKED
), waiting AS (
    UPDATE chorus.invoice i SET state_reason = held.note FROM held
    WHERE i.id = held.invoice_id AND held.kind = 'submit' AND i.state = 'ready' AND i.state_reason IS NULL
)
UPDATE chorus.task t SET last_error = held.note FROM held WHERE t.id = held.id";

// What has been well, or not been tried, for an hour begins anew.
const FORGET: &str = "
DELETE FROM chorus.api_breaker WHERE opened_at IS NULL AND greatest(failed_at, closed_at) < now() - interval '1 hour'";

/// Marks what is held back, and forgets troubles that are over; says how many tasks are marked.
///
/// # Errors
/// The database's.
pub async fn mark(client: &Client, budget: &Budget) -> Result<u64, DatabaseError> {
    let (kinds, apis) = Kind::with_apis();
    let application = budget.application();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&application, Type::TEXT),
        (&kinds, Type::TEXT_ARRAY),
        (&apis, Type::TEXT_ARRAY),
    ];
    let marked = client.execute_typed(MARK, &parameters).await?;
    client.execute_typed(FORGET, &[]).await?;
    Ok(marked)
}
