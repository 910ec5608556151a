//! Invoices of a supplier that came to Chorus Pro another way are taken in, when somebody asks.

use jiff::civil::Date;
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};

use super::{Failure, Work, search};
use crate::{
    chorus::{
        instant::day,
        wire::{Facture, RechercherFournisseur},
    },
    database::DatabaseError,
    failpoint,
};

const ASKED: &str = "
SELECT a.id, a.since, a.number FROM chorus.adoption a JOIN chorus.task t ON t.supplier_id = a.supplier_id
WHERE t.id = $1 AND t.lease = $2 AND a.done_at IS NULL";

// Numbers that are known here stay as they are: what is on its way under one finds Chorus Pro's by itself.
// Amounts travel as text: read digit by digit.
const ADOPT: &str = "
WITH held AS MATERIALIZED (
    SELECT s.id, coalesce(s.siren, s.identifier) AS issuer FROM chorus.task t JOIN chorus.supplier s ON s.id = t.supplier_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF t
), fresh AS (
    INSERT INTO chorus.invoice (supplier_id, issuer, chorus_id, number, type, document_type, issue_date, currency, total_without_tax,
        total_tax, total_with_tax, amount_due, buyer_id_type, buyer_identifier, buyer_name, service_code, commitment_number, contract_number,
        state, state_reason)
    SELECT held.id, held.issuer, f.chorus_id, f.number, CASE f.type WHEN 'AVOIR' THEN 'credit-note' ELSE 'standard' END,
        CASE f.type WHEN 'AVOIR' THEN '381' WHEN 'ACOMPTE' THEN '386' ELSE '380' END, f.issued, f.currency,
        f.without_tax::numeric, f.with_tax::numeric - f.without_tax::numeric, f.with_tax::numeric, f.due::numeric,
        CASE WHEN f.buyer ~ '^[0-9]{14}$' THEN 'SIRET' END, f.buyer, f.name, f.service, f.commitment, f.contract,
        'integrated', 'Adopted: deposited elsewhere'
    FROM held, unnest($3::bigint[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
        $12::text[], $13::text[], $14::text[], $15::text[])
        AS f (chorus_id, number, type, issued, currency, without_tax, with_tax, due, buyer, name, service, commitment, contract)
    ON CONFLICT DO NOTHING
    RETURNING id
), told AS (
    INSERT INTO chorus.task (kind, invoice_id) SELECT 'history', fresh.id FROM fresh
)
SELECT (SELECT count(*) FROM held) AS held, (SELECT count(*) FROM fresh) AS fresh";

const DONE: &str = "
WITH held AS MATERIALIZED (SELECT t.id FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 FOR UPDATE),
done AS (DELETE FROM chorus.task t USING held WHERE t.id = held.id)
UPDATE chorus.adoption a SET found = $4, adopted = $5, done_at = now() FROM held WHERE a.id = $3";

/// What somebody asked for.
struct Asked {
    id: i64,
    since: Option<Date>,
    number: Option<String>,
}

/// Searches all that was asked for, and takes in what is not known.
pub(super) async fn adopt(work: &mut Work<'_>) -> Result<(), Failure> {
    let (supplier, account) = work.supplier().await?;
    let Some(asked) = asked(work).await? else {
        return work.nothing_to_do().await;
    };
    let criteria = RechercherFournisseur {
        id_fournisseur: supplier.structure_id,
        numero_facture: asked.number.as_deref(),
        periode_date_depot_du: asked.since.map(|day| day.to_string()),
        ..RechercherFournisseur::default()
    };
    let (mut number, mut found, mut adopted) = (1, 0, 0);
    loop {
        let (mut invoices, more) = search::page(work, &account, &criteria, number).await?;
        // The search may match more than the number asked for.
        invoices.retain(|invoice| asked.number.is_none() || invoice.numero_facture == asked.number);
        found += i64::try_from(invoices.len()).unwrap_or(i64::MAX);
        adopted += take_in(work, &invoices).await?;
        work.extend().await?;
        if !more {
            break;
        }
        number += 1;
    }
    done(work, &asked, found, adopted).await?;
    tracing::info!(supplier = supplier.id, found, adopted, "adopted");
    Ok(())
}

async fn asked(work: &mut Work<'_>) -> Result<Option<Asked>, Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&task, Type::INT8), (&lease, Type::INT8)];
    let row = work
        .database()
        .await?
        .query_typed_opt(ASKED, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    let read = |row: Row| -> Result<Asked, tokio_postgres::Error> {
        Ok(Asked {
            id: row.try_get("id")?,
            since: row.try_get("since")?,
            number: row.try_get("number")?,
        })
    };
    Ok(row.map(read).transpose().map_err(DatabaseError::from)?)
}

/// Takes in those of a page that can be told apart and dated; says how many were not known.
async fn take_in(work: &mut Work<'_>, invoices: &[Facture]) -> Result<i64, Failure> {
    let issued = |invoice: &Facture| invoice.date_facture.as_deref().and_then(day);
    let known: Vec<&Facture> = invoices
        .iter()
        .filter(|invoice| {
            invoice.identifiant_facture_cpp.is_some()
                && invoice.numero_facture.is_some()
                && issued(invoice).is_some()
        })
        .collect();
    if known.len() < invoices.len() {
        tracing::warn!(
            left = invoices.len() - known.len(),
            "invoices without id, number or readable date are left out"
        );
    }
    let ids: Vec<_> = known
        .iter()
        .map(|invoice| invoice.identifiant_facture_cpp)
        .collect();
    let dates: Vec<_> = known.iter().map(|invoice| issued(invoice)).collect();
    let text = |field: fn(&Facture) -> Option<String>| -> Vec<Option<String>> {
        let texts = known.iter().map(|invoice| field(invoice));
        texts
            .map(|text| text.filter(|text| !text.is_empty()))
            .collect()
    };
    let columns = [
        text(|invoice| invoice.numero_facture.clone()),
        text(|invoice| invoice.type_facture.clone()),
        text(|invoice| invoice.devise.clone()),
        text(|invoice| invoice.montant_ht.map(|amount| amount.0.to_string())),
        text(|invoice| invoice.montant_ttc.map(|amount| amount.0.to_string())),
        text(|invoice| invoice.montant_a_payer.map(|amount| amount.0.to_string())),
        text(|invoice| invoice.code_destinataire.clone()),
        text(|invoice| invoice.designation_destinataire.clone()),
        text(|invoice| invoice.code_service_executant.clone()),
        text(|invoice| invoice.numero_bon_commande.clone()),
        text(|invoice| invoice.numero_marche.clone()),
    ];
    let (task, lease) = (work.claim.id, work.claim.lease);
    let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> = vec![
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&ids, Type::INT8_ARRAY),
    ];
    for (place, column) in columns.iter().enumerate() {
        // The dates stand third, after number and type.
        if place == 2 {
            parameters.push((&dates, Type::DATE_ARRAY));
        }
        parameters.push((column, Type::TEXT_ARRAY));
    }
    let client = work.database().await?;
    let row = failpoint::commit("take_in", client.query_typed_one(ADOPT, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    let count = |column| row.try_get::<_, i64>(column).map_err(DatabaseError::from);
    if count("held")? == 0 {
        return Err(Failure::LeaseLost);
    }
    Ok(count("fresh")?)
}

async fn done(work: &mut Work<'_>, asked: &Asked, found: i64, adopted: i64) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&asked.id, Type::INT8),
        (&found, Type::INT8),
        (&adopted, Type::INT8),
    ];
    let client = work.database().await?;
    let changed = failpoint::commit("done", client.execute_typed(DONE, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    if changed == 0 {
        return Err(Failure::LeaseLost);
    }
    Ok(())
}
