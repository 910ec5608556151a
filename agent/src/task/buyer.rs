//! What a buyer reports: some never say that they have paid, and their invoices end before.

use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{Failure, Work};
use crate::{
    chorus::{
        error::Operation,
        wire::{
            ConsulterStructure, CritereStructure, RechercherStructure, StructureConsultee,
            StructuresTrouvees,
        },
    },
    credential::Account,
    database::DatabaseError,
};

// Asked where it matters, and once a day at most.
const UNKNOWN: &str = "
SELECT i.buyer_id_type, i.buyer_identifier
FROM chorus.invoice i
WHERE i.id = $1 AND i.buyer_identifier IS NOT NULL AND i.buyer_id_type IS NOT NULL
    AND EXISTS (SELECT FROM chorus.last_status l WHERE l.applies_to = 'payment_not_reported' AND l.status = $2)
    AND NOT EXISTS (SELECT FROM chorus.structure b
        WHERE b.id_type = i.buyer_id_type AND b.identifier = i.buyer_identifier AND b.refreshed_at > now() - interval '1 day')";

const KNOWN: &str = "
INSERT INTO chorus.structure AS b (id_type, identifier, structure_id, name, payment_not_reported)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id_type, identifier) DO UPDATE
SET structure_id = excluded.structure_id, name = coalesce(excluded.name, b.name), payment_not_reported = excluded.payment_not_reported,
    refreshed_at = now()";

/// Makes sure that the flags of the buyer of `invoice` are known, where its `status` may be the last.
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
        .query_typed_opt(UNKNOWN, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    let Some(row) = row else { return Ok(()) };
    let id_type: String = row.try_get(0).map_err(DatabaseError::from)?;
    let identifier: String = row.try_get(1).map_err(DatabaseError::from)?;
    match ask(work, account, &id_type, &identifier).await {
        Err(Failure::Api(error)) => {
            tracing::warn!(buyer = identifier, %error, "what the buyer reports is not known yet");
            Ok(())
        }
        result => result,
    }
}

async fn ask(
    work: &mut Work<'_>,
    account: &Account,
    id_type: &str,
    identifier: &str,
) -> Result<(), Failure> {
    let request = RechercherStructure {
        structure: CritereStructure {
            identifiant_structure: identifier,
            type_identifiant_structure: id_type,
        },
    };
    let found: StructuresTrouvees = work
        .ask(Operation::RechercherStructure, account, &request)
        .await?;
    let Some(structure) = found.liste_structures.into_iter().flatten().next() else {
        return Ok(());
    };
    let Some(id) = structure.id_structure_cpp else {
        return Ok(());
    };
    let request = ConsulterStructure {
        code_langue: "fr",
        id_structure_cpp: id,
    };
    let details: StructureConsultee = work
        .ask(Operation::ConsulterStructure, account, &request)
        .await?;
    let unreported = details
        .parametres
        .and_then(|flags| flags.statut_mise_en_paiement_nest_pas_remonte)
        .unwrap_or_default();
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&id_type, Type::TEXT),
        (&identifier, Type::TEXT),
        (&id, Type::INT8),
        (&structure.designation_structure, Type::TEXT),
        (&unreported, Type::BOOL),
    ];
    work.database()
        .await?
        .execute_typed(KNOWN, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}
