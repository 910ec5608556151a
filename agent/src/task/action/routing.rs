//! Where a returned invoice is to go: held against the directory before it is sent there.

use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{Failure, Work, kind::Kind, request::Asked};
use crate::{
    credential::Account, database::DatabaseError, queue::claim::Subject, task::buyer,
    task::directory::Buyer,
};

const TO: &str = "
SELECT CASE WHEN i.buyer_identifier = a.buyer_identifier THEN i.buyer_id_type ELSE 'SIRET' END AS id_type, a.buyer_identifier,
    nullif(btrim(a.service_code), '') AS service
FROM chorus.action a JOIN chorus.invoice i ON i.id = a.invoice_id WHERE a.id = $1 AND a.buyer_identifier IS NOT NULL";

const REFUSED: &str = "
SELECT f ->> 'message_en', f ->> 'hint_en'
FROM chorus.action a, chorus.hold_recycling_against_directory(a.invoice_id, a.buyer_identifier, a.service_code, a.commitment_number) h,
    jsonb_array_elements(h.findings) f
WHERE a.id = $1 AND a.invoice_id = $2 AND f ->> 'severity' = 'fatal' LIMIT 1";

/// Why the recipient that `asked` names would not take the invoice, where the directory says so; what it does not say stops nothing.
/// A call that was begun is not judged any more: it may have been done.
pub(super) async fn refused(
    work: &mut Work<'_>,
    account: &Account,
    asked: &Asked,
) -> Result<Option<String>, Failure> {
    let Subject::Invoice(invoice) = work.claim.subject else {
        return Ok(None);
    };
    if asked.kind != Kind::Recycle || asked.was_sent {
        return Ok(None);
    }
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&asked.id, Type::INT8)];
    let row = work
        .database()
        .await?
        .query_typed_opt(TO, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    let Some(row) = row else { return Ok(None) };
    let text = |column| {
        row.try_get::<_, Option<String>>(column)
            .map_err(DatabaseError::from)
    };
    let buyer = Buyer {
        id_type: text("id_type")?.unwrap_or_else(|| "SIRET".into()),
        identifier: text("buyer_identifier")?.unwrap_or_default(),
    };
    buyer::ask(work, account, &buyer, text("service")?.as_deref()).await?;
    reason(work, asked.id, invoice).await
}

async fn reason(
    work: &mut Work<'_>,
    action: i64,
    invoice: Uuid,
) -> Result<Option<String>, Failure> {
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&action, Type::INT8), (&invoice, Type::UUID)];
    let row = work
        .database()
        .await?
        .query_typed_opt(REFUSED, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    let Some(row) = row else { return Ok(None) };
    let said = |column| {
        row.try_get::<_, Option<String>>(column)
            .map_err(DatabaseError::from)
    };
    Ok(Some(format!(
        "not sent: {} {}",
        said(0)?.unwrap_or_default(),
        said(1)?.unwrap_or_default()
    )))
}
