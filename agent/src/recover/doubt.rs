//! Putting in doubt what the original of this database may have sent. One transaction: all of it, or none.

use tokio_postgres::{Client, types::Type};
use uuid::Uuid;

use crate::{
    database::{self, DatabaseError},
    queue::release,
};

const AT_STAKE: &str = "
SELECT i.state, count(*) FROM chorus.invoice i WHERE i.state IN ('ready', 'sending', 'uncertain', 'deposited')
GROUP BY i.state ORDER BY i.state";

const HOLDERS: &str =
    "SELECT DISTINCT t.leased_by FROM chorus.task t WHERE t.leased_until IS NOT NULL";

// Those of a recovery that was interrupted keep what is known of them; those of an earlier one, which was concluded, begin anew.
const NOTE: &str = "
INSERT INTO chorus.recovery AS r (invoice_id)
SELECT i.id FROM chorus.invoice i WHERE i.state IN ('ready', 'uncertain', 'deposited')
ON CONFLICT (invoice_id) DO UPDATE SET begun_at = now(), looked_at = NULL
    WHERE r.begun_at <= coalesce((SELECT n.recorded_at FROM chorus.installation n), '-infinity')";

// Its task becomes a look-up, whose age is that of the doubt: the window begins now.
const UNQUEUE: &str = "
DELETE FROM chorus.task t USING chorus.invoice i, chorus.recovery r
WHERE t.invoice_id = i.id AND r.invoice_id = i.id AND t.kind = 'submit' AND i.state = 'ready'";

const DOUBT: &str = "
UPDATE chorus.invoice i SET state = 'uncertain',
    state_reason = 'This database was restored, cloned or failed over: its original may have sent the invoice. It is looked for at Chorus Pro before it is sent'
FROM chorus.recovery r WHERE r.invoice_id = i.id AND i.state = 'ready'";

const QUEUE: &str = "
INSERT INTO chorus.task (kind, invoice_id)
SELECT CASE i.state WHEN 'deposited' THEN 'flux' ELSE 'look_up' END, i.id
FROM chorus.recovery r JOIN chorus.invoice i ON i.id = r.invoice_id
WHERE r.looked_at IS NULL AND i.state IN ('uncertain', 'deposited')
ON CONFLICT (invoice_id, kind) WHERE invoice_id IS NOT NULL
DO UPDATE SET run_at = now(), created_at = now(), attempts = 0, last_error = NULL";

/// How many invoices are not at rest, by state.
pub(super) async fn at_stake(client: &Client) -> Result<Vec<(String, i64)>, DatabaseError> {
    let rows = client.query_typed(AT_STAKE, &[]).await?;
    let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(read).collect()
}

/// Takes back what agents of the original held, and puts in doubt everything that is not at rest.
pub(super) async fn doubt(client: &mut Client) -> Result<(), DatabaseError> {
    for row in client.query_typed(HOLDERS, &[]).await? {
        release::hand_over(client, row.try_get::<_, Uuid>(0)?).await?;
    }
    let transaction = database::begin(client).await?;
    for statement in [NOTE, UNQUEUE, DOUBT, QUEUE] {
        transaction
            .execute_typed(
                statement,
                &[] as &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)],
            )
            .await?;
    }
    Ok(transaction.commit().await?)
}
