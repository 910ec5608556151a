//! Following a supplier: one search for everything that changed, and one history per invoice of ours that did.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work, search};
use crate::{
    chorus::{
        error::Operation,
        instant::instant,
        wire::{Facture, Nothing, RechercherFournisseur, StructuresActives},
    },
    credential::Account,
    database::DatabaseError,
    queue::release::Return,
    supplier::{self, Supplier},
};

/// A supplier that the account may not invoice for is looked at again after this time.
const ATTACHED_AGAIN: Duration = Duration::from_secs(900);

// Two days' overlap: the search knows days only, and statuses may arrive late. The first time, all that is open.
const SINCE: &str = "
SELECT now() AS asked_at,
    (coalesce(s.followed_until, (SELECT min(d.prepared_at) FROM chorus.deposit d JOIN chorus.invoice i ON i.id = d.invoice_id
        WHERE i.supplier_id = s.id), now()) AT TIME ZONE 'Europe/Paris')::date - 2 AS since
FROM chorus.supplier s WHERE s.id = $1";

// Histories give minutes, searches milliseconds. A status that was set again within its minute is seen at the next change.
// A history being read right now is asked to run again: what it reads may be older than what was just seen.
const CHANGED: &str = "
INSERT INTO chorus.task (kind, invoice_id)
SELECT 'history', i.id
FROM unnest($2::bigint[], $3::text[], $4::timestamptz[]) AS found (chorus_id, status, at)
JOIN chorus.invoice i ON i.chorus_id = found.chorus_id AND i.supplier_id = $1
WHERE i.status IS DISTINCT FROM found.status OR i.status_at IS NULL OR date_trunc('minute', found.at) > i.status_at
ON CONFLICT (invoice_id, kind) WHERE invoice_id IS NOT NULL
DO UPDATE SET run_at = now() WHERE task.leased_until IS NOT NULL";

const FOLLOWED: &str = "
UPDATE chorus.supplier s SET followed_until = $3, checked_at = now(), error = NULL
FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 AND s.id = t.supplier_id";

/// Verifies the account where that is due, then queues a history for each invoice of ours whose status changed.
pub(super) async fn follow(work: &mut Work<'_>) -> Result<(), Failure> {
    let (supplier, account) = match work.supplier().await {
        Ok(both) => both,
        Err(Failure::Credential(error)) => {
            let subject = work.claim.subject;
            let client = work.database().await?;
            let supplier = Supplier::of(client, subject).await?;
            supplier::failed(client, supplier.id, &error.to_string(), 0.0).await?;
            return Err(error.into());
        }
        Err(failure) => return Err(failure),
    };
    let structure = match supplier
        .structure_id
        .filter(|_| supplier.state == "registered")
    {
        Some(structure) => structure,
        None => match verify(work, &supplier, &account).await? {
            Some(structure) => structure,
            None => return Ok(()),
        },
    };
    let row = work
        .database()
        .await?
        .query_typed_one(SINCE, &[(&supplier.id, Type::INT8)])
        .await
        .map_err(DatabaseError::from)?;
    let asked_at: Timestamp = row.try_get("asked_at").map_err(DatabaseError::from)?;
    let since: jiff::civil::Date = row.try_get("since").map_err(DatabaseError::from)?;
    let criteria = RechercherFournisseur {
        id_fournisseur: Some(structure),
        periode_date_heure_etat_courant_du: Some(since.to_string()),
        ..RechercherFournisseur::default()
    };
    let (mut number, mut changed) = (1, 0);
    loop {
        let (invoices, more) = search::page(work, &account, &criteria, number).await?;
        changed += queue_histories(work, supplier.id, &invoices).await?;
        // Pages and waits for permits may take longer than one lease.
        work.extend().await?;
        if !more {
            break;
        }
        number += 1;
    }
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&asked_at, Type::TIMESTAMPTZ),
    ];
    if work
        .database()
        .await?
        .execute_typed(FOLLOWED, &parameters)
        .await
        .map_err(DatabaseError::from)?
        == 0
    {
        return Err(Failure::LeaseLost);
    }
    tracing::info!(supplier = supplier.id, pages = number, changed, "followed");
    let settings = &work.tools.settings;
    let wait = settings
        .pace()
        .jittered(Duration::from_secs_f64(settings.follow_interval_seconds));
    work.give_back(&Return::later(wait)).await
}

/// Is the account good, and may it invoice for this supplier? The structure's id if so.
async fn verify(
    work: &mut Work<'_>,
    supplier: &Supplier,
    account: &Account,
) -> Result<Option<i64>, Failure> {
    work.permit().await?;
    work.tools.chorus.health_check(account).await?;
    let structures: StructuresActives = work
        .ask(Operation::StructuresActives, account, &Nothing {})
        .await?;
    let structure = structures
        .liste_structures
        .iter()
        .flatten()
        .find(|structure| structure.identifiant.as_deref() == Some(&supplier.owner.identifier))
        .and_then(|structure| structure.id_structure_cpp);
    let client = work.database().await?;
    if let Some(structure) = structure {
        supplier::registered(client, supplier.id, structure).await?;
        tracing::info!(supplier = supplier.id, structure, "account verified");
        return Ok(Some(structure));
    }
    let reason = format!(
        "the technical account is good, but may not invoice for {}: attach it to that structure in Chorus Pro, or correct the \
         identifier",
        supplier.owner
    );
    supplier::failed(client, supplier.id, &reason, 0.0).await?;
    tracing::warn!(supplier = supplier.id, reason, "supplier not registered");
    let wait = work.tools.settings.pace().jittered(ATTACHED_AGAIN);
    work.give_back(&Return {
        wait: Some(wait),
        counted: true,
        note: Some(reason),
    })
    .await?;
    Ok(None)
}

async fn queue_histories(
    work: &mut Work<'_>,
    supplier: i64,
    invoices: &[Facture],
) -> Result<u64, Failure> {
    let (mut ids, mut statuses, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for invoice in invoices {
        if let Some(id) = invoice.identifiant_facture_cpp {
            ids.push(id);
            statuses.push(invoice.statut.as_deref());
            times.push(invoice.date_heure_etat_courant.as_deref().and_then(instant));
        }
    }
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&supplier, Type::INT8),
        (&ids, Type::INT8_ARRAY),
        (&statuses, Type::TEXT_ARRAY),
        (&times, Type::TIMESTAMPTZ_ARRAY),
    ];
    Ok(work
        .database()
        .await?
        .execute_typed(CHANGED, &parameters)
        .await
        .map_err(DatabaseError::from)?)
}
