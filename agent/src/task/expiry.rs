//! The end of a password, read again once a day: it is renewed on the portal, and nobody tells us.

use std::{sync::Arc, time::Duration};

use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work};
use crate::{credential::Account, database::DatabaseError, failpoint, supplier::Supplier, verify};

/// One question a day is enough, whatever becomes of it.
const DAILY: Duration = Duration::from_secs(24 * 3600);

// Stamped before Chorus Pro is asked: of several agents one asks, and a question that fails is not asked again and again.
const DUE: &str = "
UPDATE chorus.supplier SET password_read_at = now()
WHERE id = $1 AND credential = $2 AND coalesce(password_read_at, '-infinity') <= now() - make_interval(secs => $3)";

const READ: &str = "
UPDATE chorus.supplier SET password_expires_on = $3, password_warning = CASE WHEN password_expires_on = $3 THEN password_warning END
WHERE id = $1 AND credential = $2";

/// Reads the last day of the password where that is due. Nothing depends on it but a warning: without an answer the day that is
/// known stays.
pub(super) async fn read(
    work: &mut Work<'_>,
    supplier: &Supplier,
    account: &Account,
    structure: i64,
) -> Result<(), Failure> {
    let daily = work.tools.settings.pace().interval(DAILY).as_secs_f64();
    let sealed = supplier.sealed();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&supplier.id, Type::INT8),
        (&sealed, Type::BYTEA),
        (&daily, Type::FLOAT8),
    ];
    let (tools, caller) = (Arc::clone(work.tools), work.caller());
    let client = work.database().await?;
    let due = failpoint::commit("expiry_due", client.execute_typed(DUE, &parameters)).await;
    if due.map_err(DatabaseError::from)? == 0 {
        return Ok(());
    }
    let day = match verify::password_expires_on(&tools, client, caller, account, structure).await {
        Ok(Some(day)) => day,
        Ok(None) => return Ok(()),
        Err(error @ (Failure::Api(_) | Failure::Held { .. })) => {
            tracing::warn!(supplier = supplier.id, %error, "the password's last day cannot be read today");
            return Ok(());
        }
        Err(failure) => return Err(failure),
    };
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&supplier.id, Type::INT8),
        (&sealed, Type::BYTEA),
        (&day, Type::DATE),
    ];
    let client = work.database().await?;
    failpoint::commit("expiry", client.execute_typed(READ, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}
