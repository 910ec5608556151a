//! What came of an action, committed under the lease; and the history is read next.

use serde_json::{Value, json};
use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work, request::Asked, write};
use crate::chorus::error::ApiError;

// After a recycle the routing columns follow Chorus Pro; the document stays as it was sent. The name is that of a buyer who
// may be another now: following finds the new one.
const ANSWERED: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), answered AS (
    UPDATE chorus.action a SET state = $4, answered_at = now(), answer = $5 FROM held WHERE a.id = $3
    RETURNING a.kind, a.state, a.buyer_identifier, a.service_code, a.commitment_number
), moved AS (
    UPDATE chorus.invoice i SET state_reason = $6,
        rejection_treated_at = CASE WHEN a.kind = 'treat_rejection' AND a.state = 'done' THEN now() ELSE i.rejection_treated_at END
    FROM held, answered a WHERE i.id = held.invoice_id AND NOT (a.kind = 'recycle' AND a.state = 'done')
), routed AS (
    UPDATE chorus.invoice i SET state_reason = NULL, service_code = nullif(a.service_code, ''), commitment_number = nullif(a.commitment_number, ''),
        buyer_name = CASE WHEN i.buyer_identifier = a.buyer_identifier THEN i.buyer_name END, buyer_identifier = a.buyer_identifier
    FROM held, answered a WHERE i.id = held.invoice_id AND a.kind = 'recycle' AND a.state = 'done'
), done AS (
    DELETE FROM chorus.task t USING held WHERE t.id = held.id
)
INSERT INTO chorus.task (kind, invoice_id) SELECT 'history', held.invoice_id FROM held
ON CONFLICT (invoice_id, kind) WHERE invoice_id IS NOT NULL DO UPDATE SET run_at = now()";

/// It was done.
pub(super) async fn done(work: &mut Work<'_>, asked: &Asked) -> Result<(), Failure> {
    answered(work, asked, "done", &json!({ "codeRetour": 0 }), None).await?;
    tracing::info!(action = asked.id, kind = ?asked.kind, invoice = asked.chorus_id, "done");
    Ok(())
}

/// Chorus Pro refuses it.
pub(super) async fn refused(
    work: &mut Work<'_>,
    asked: &Asked,
    error: &ApiError,
) -> Result<(), Failure> {
    let reason = error.to_string();
    answered(work, asked, "refused", &error.evidence(), Some(&reason)).await?;
    tracing::warn!(action = asked.id, kind = ?asked.kind, %error, "refused");
    Ok(())
}

/// The status became `status` before it was done.
pub(super) async fn overtaken(
    work: &mut Work<'_>,
    asked: &Asked,
    status: &str,
) -> Result<(), Failure> {
    let reason = format!("not done: the status has become {status} meanwhile");
    let answer = json!({ "libelle": reason });
    answered(work, asked, "refused", &answer, Some(&reason)).await?;
    tracing::warn!(action = asked.id, kind = ?asked.kind, status, "overtaken");
    Ok(())
}

/// The directory says that it would not be taken where it is to go: it was not sent there.
pub(super) async fn misrouted(
    work: &mut Work<'_>,
    asked: &Asked,
    reason: &str,
) -> Result<(), Failure> {
    let answer = json!({ "libelle": reason });
    answered(work, asked, "refused", &answer, Some(reason)).await?;
    tracing::warn!(action = asked.id, kind = ?asked.kind, reason, "not sent");
    Ok(())
}

async fn answered(
    work: &mut Work<'_>,
    asked: &Asked,
    state: &str,
    answer: &Value,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&asked.id, Type::INT8),
        (&state, Type::TEXT),
        (answer, Type::JSONB),
        (&reason, Type::TEXT),
    ];
    write(work, "answered", ANSWERED, &parameters).await
}
