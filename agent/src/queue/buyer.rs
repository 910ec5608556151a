//! Putting aside what has to wait for its buyer: one question for all invoices that go there, whose answer lets them go on.

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{database::DatabaseError, failpoint};

// A statement of its own: the claim is made for every task, and this hardly ever. The quarter of an hour matters only where the
// question is gone. What sleeps until its answer is old wakes up now; what failed just now comes back by itself. Known meanwhile, since
// an application wrote it anew: due again.
const WAIT: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id, i.buyer_id_type, i.buyer_identifier, coalesce(i.directory_at > now() - interval '24 hours', false) AS known
    FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id WHERE t.id = $1 AND t.lease = $2 AND i.state = 'ready'
    FOR UPDATE OF i, t
), met AS MATERIALIZED (
    SELECT b.id FROM held JOIN chorus.structure b ON b.id_type = held.buyer_id_type AND b.identifier = held.buyer_identifier WHERE NOT held.known
), made AS (
    INSERT INTO chorus.structure (id_type, identifier)
    SELECT held.buyer_id_type, held.buyer_identifier FROM held WHERE NOT held.known AND NOT EXISTS (SELECT FROM met)
    ON CONFLICT DO NOTHING RETURNING id
), asked AS (
    INSERT INTO chorus.task (kind, structure_id) SELECT 'directory', b.id FROM (SELECT id FROM met UNION ALL SELECT id FROM made) b
    WHERE NOT EXISTS (SELECT FROM chorus.task q WHERE q.structure_id = b.id)
    ON CONFLICT DO NOTHING
), sooner AS (
    UPDATE chorus.task q SET run_at = now() FROM (
        SELECT q.id FROM met JOIN chorus.task q ON q.structure_id = met.id
        WHERE q.leased_until IS NULL AND q.last_error IS NULL AND q.run_at > now()
        FOR UPDATE OF q SKIP LOCKED) asleep
    WHERE q.id = asleep.id
), waiting AS (
    UPDATE chorus.invoice i SET state_reason = chorus.directory_reason('[]', held.buyer_identifier), directory_at = NULL
    FROM held WHERE i.id = held.invoice_id AND NOT held.known
)
UPDATE chorus.task t
SET run_at = CASE WHEN held.known THEN t.run_at ELSE now() + interval '15 minutes' END, last_error = NULL,
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

/// Lets the claimed `task`, a deposit whose buyer is not known, wait for what the directory says.
///
/// # Errors
/// The database's.
pub(super) async fn wait(client: &Client, task: i64, lease: i64) -> Result<(), DatabaseError> {
    let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&task, Type::INT8), (&lease, Type::INT8)];
    let waits = client.execute_typed(WAIT, &parameters);
    failpoint::within("submit", failpoint::commit("wait", waits)).await?;
    Ok(())
}
