//! What a task needs to know of a buyer now: what it reports, where the end of following depends on it, or what it asks for, before an
//! invoice is sent on to it. The same answers as those that deposits wait for, asked where they are not at hand.

use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{
    Failure, Work,
    directory::{self, Buyer, Named},
};
use crate::{credential::Account, database::DatabaseError};

// Asked where it matters, and once a day at most.
const MAY_BE_LAST: &str = "
SELECT i.buyer_id_type, i.buyer_identifier, btrim(i.service_code) AS service
FROM chorus.invoice i
WHERE i.id = $1 AND i.buyer_identifier IS NOT NULL AND i.buyer_id_type IS NOT NULL
    AND EXISTS (SELECT FROM chorus.last_status l WHERE l.applies_to = 'payment_not_reported' AND l.status = $2)";

const AT_HAND: &str = "
SELECT now() AS asked_at, b.id, b.chorus_id AS structure, s.chorus_id AS service, coalesce(b.fetched_at > now() - interval '24 hours', false) AS is_known,
    coalesce(s.details_at > now() - interval '24 hours', false) AS has_details
FROM (VALUES ($1, $2, $3)) AS wanted (id_type, identifier, service)
    LEFT JOIN chorus.structure b ON b.id_type = wanted.id_type AND b.identifier = wanted.identifier
    LEFT JOIN chorus.service s ON s.structure_id = b.id AND s.code = wanted.service";

/// What is at hand about a buyer and one of its services.
struct AtHand {
    asked_at: Timestamp,
    is_known: bool,
    /// The service, where there is more to ask about it.
    service: Option<Named>,
}

/// Makes sure that what the buyer of `invoice` reports is known, where its `status` may be the last.
///
/// What Chorus Pro does not tell now is asked for at the next change: a history is not kept waiting for it.
pub(super) async fn know(
    work: &mut Work<'_>,
    account: &Account,
    invoice: Uuid,
    status: &str,
) -> Result<(), Failure> {
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&invoice, Type::UUID), (&status, Type::TEXT)];
    let row = work
        .database()
        .await?
        .query_typed_opt(MAY_BE_LAST, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    let Some(row) = row else { return Ok(()) };
    let text = |column| {
        row.try_get::<_, Option<String>>(column)
            .map_err(DatabaseError::from)
    };
    let buyer = Buyer {
        id_type: text("buyer_id_type")?.unwrap_or_default(),
        identifier: text("buyer_identifier")?.unwrap_or_default(),
    };
    ask(work, account, &buyer, text("service")?.as_deref()).await
}

/// Makes sure that `buyer`, and its `service`, are known; what Chorus Pro does not tell now stays unknown.
pub(super) async fn ask(
    work: &mut Work<'_>,
    account: &Account,
    buyer: &Buyer,
    service: Option<&str>,
) -> Result<(), Failure> {
    match try_to(work, account, buyer, service).await {
        Err(error @ (Failure::Api(_) | Failure::Held { .. })) => {
            tracing::warn!(buyer = buyer.identifier, %error, "what the directory says of the buyer is not known yet");
            Ok(())
        }
        result => result,
    }
}

async fn try_to(
    work: &mut Work<'_>,
    account: &Account,
    buyer: &Buyer,
    service: Option<&str>,
) -> Result<(), Failure> {
    let mut known = AtHand::read(work, buyer, service).await?;
    if !known.is_known {
        directory::structure(work, account, buyer, known.asked_at).await?;
        known = AtHand::read(work, buyer, service).await?;
    }
    if let Some(service) = &known.service {
        directory::details(work, account, service, known.asked_at).await?;
    }
    work.extend().await
}

impl AtHand {
    async fn read(
        work: &mut Work<'_>,
        buyer: &Buyer,
        service: Option<&str>,
    ) -> Result<Self, Failure> {
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&buyer.id_type, Type::TEXT),
            (&buyer.identifier, Type::TEXT),
            (&service, Type::TEXT),
        ];
        let row = work
            .database()
            .await?
            .query_typed_one(AT_HAND, &parameters)
            .await
            .map_err(DatabaseError::from)?;
        let read = || -> Result<Self, tokio_postgres::Error> {
            let has_details: bool = row.try_get("has_details")?;
            let (id, structure, named): (Option<i64>, Option<i64>, Option<i64>) = (
                row.try_get("id")?,
                row.try_get("structure")?,
                row.try_get("service")?,
            );
            let service = match (id, structure, named, service) {
                (Some(buyer), Some(structure), Some(named), Some(code)) if !has_details => {
                    Some(Named {
                        buyer,
                        code: code.to_owned(),
                        structure,
                        service: named,
                    })
                }
                _ => None,
            };
            Ok(Self {
                asked_at: row.try_get("asked_at")?,
                is_known: row.try_get("is_known")?,
                service,
            })
        };
        Ok(read().map_err(DatabaseError::from)?)
    }
}
