//! Invoices that are about to be sent, held against what is known of their buyer.

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};
use uuid::Uuid;

use crate::{
    database::{self, DatabaseError},
    failpoint,
    task::{Failure, Work},
};

/// Invoices per statement: each is read whole.
const BATCH: i64 = 100;

// The row as it was locked, not as the statement's snapshot has it: its document may have changed in between. One that an application
// holds is left for the next look. What is refused has nothing to wait for.
const JUDGE: &str = "
WITH held AS MATERIALIZED (
    SELECT b.id_type, b.identifier, b.fetched_at FROM chorus.task t JOIN chorus.structure b ON b.id = t.structure_id
    WHERE t.id = $1 AND t.lease = $2 AND t.leased_until IS NOT NULL
), open AS MATERIALIZED (
    SELECT i.id, i AS invoice FROM held JOIN chorus.invoice i ON i.buyer_identifier = held.identifier AND i.buyer_id_type = held.id_type
    WHERE i.state = 'ready' AND (i.directory_at IS NULL OR i.directory_at < held.fetched_at) AND i.id > $3
    ORDER BY i.id LIMIT $4
    FOR UPDATE OF i SKIP LOCKED
), judged AS MATERIALIZED (
    SELECT open.id, h.findings, h.at, chorus.is_refused(h.findings) AS refused FROM open, chorus.hold_against_directory(open.invoice) h WHERE h.at IS NOT NULL
), moved AS (
    UPDATE chorus.invoice i
    SET directory = judged.findings, directory_at = judged.at, state = CASE WHEN judged.refused THEN 'invalid' ELSE i.state END,
        state_reason = CASE WHEN judged.refused THEN chorus.directory_reason(judged.findings, NULL) WHEN i.directory_at IS NOT NULL THEN i.state_reason END
    FROM judged WHERE i.id = judged.id
), earlier AS (
    DELETE FROM chorus.finding f USING judged WHERE f.invoice_id = judged.id AND f.origin = 'directory'
), found AS (
    INSERT INTO chorus.finding (invoice_id, origin, rule, severity, path, term, value, message_en, message_fr, hint_en, hint_fr, same_as)
    SELECT judged.id, 'directory', f.rule, f.severity, f.path, f.term, f.value, f.message_en, f.message_fr, f.hint_en, f.hint_fr, f.same_as
    FROM judged, jsonb_to_recordset(judged.findings) AS f (rule text, severity text, path text, term text, value text,
        message_en text, message_fr text, hint_en text, hint_fr text, same_as text[])
), dropped AS (
    DELETE FROM chorus.task t USING judged WHERE t.invoice_id = judged.id AND judged.refused
)
SELECT (SELECT count(*) FROM open) AS seen, (SELECT id FROM open ORDER BY id DESC LIMIT 1) AS last,
    (SELECT count(*) FROM judged WHERE refused) AS refused";

// What is good goes out at once, unless its own trouble keeps it. A statement of its own, which begins when they are judged: a deposit that
// was put aside while the statement above ran, and whose invoice it judged all the same, is still claimed in that one's snapshot. Tasks
// that somebody holds are left: of an invoice that was judged before, an application may hold one, and must hold up no other.
const RELEASE: &str = "
WITH asleep AS MATERIALIZED (
    SELECT t.id FROM chorus.task q JOIN chorus.structure b ON b.id = q.structure_id
        JOIN chorus.invoice i ON i.buyer_identifier = b.identifier AND i.buyer_id_type = b.id_type
        JOIN chorus.task t ON t.invoice_id = i.id
    WHERE q.id = $1 AND q.lease = $2 AND i.state = 'ready' AND i.directory_at IS NOT NULL AND i.id > $3 AND ($4::uuid IS NULL OR i.id <= $4)
        AND t.kind = 'submit' AND t.leased_until IS NULL AND t.last_error IS NULL AND t.run_at > now() AND t.run_at < 'infinity'
    FOR UPDATE OF t SKIP LOCKED
), released AS (
    UPDATE chorus.task t SET run_at = now() FROM asleep WHERE t.id = asleep.id RETURNING t.id
)
SELECT count(*) AS released, (SELECT pg_notify('chorus', '') FROM released LIMIT 1) FROM released";

/// Judges all invoices that are ready and go to the buyer of the task, and lets those go on that may.
pub(super) async fn all(work: &mut Work<'_>) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let mut after = Uuid::nil();
    loop {
        let judged = judge(work.database().await?, task, lease, after).await?;
        if judged.refused + judged.released > 0 {
            let Judged {
                refused, released, ..
            } = judged;
            tracing::info!(refused, released, "invoices held against the directory");
        }
        match judged.last {
            Some(last) => after = last,
            None => return Ok(()),
        }
        work.extend().await?;
    }
}

/// What came of one batch.
struct Judged {
    refused: i64,
    released: i64,
    /// Where the next one begins; `None`: there is none.
    last: Option<Uuid>,
}

/// One batch: what is judged and who may go on for it are committed together.
async fn judge(
    client: &mut Client,
    task: i64,
    lease: i64,
    after: Uuid,
) -> Result<Judged, DatabaseError> {
    let transaction = database::begin(client).await?;
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&after, Type::UUID),
        (&BATCH, Type::INT8),
    ];
    let row = transaction.query_typed_one(JUDGE, &parameters).await?;
    let (seen, refused): (i64, i64) = (row.try_get("seen")?, row.try_get("refused")?);
    let last: Option<Uuid> = row.try_get("last")?;
    let last = last.filter(|_| seen == BATCH);
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&after, Type::UUID),
        (&last, Type::UUID),
    ];
    let row = transaction.query_typed_one(RELEASE, &parameters).await?;
    let released = row.try_get("released")?;
    failpoint::commit("judge", transaction.commit()).await?;
    Ok(Judged {
        refused,
        released,
        last,
    })
}
