//! Following a supplier: one search for everything that changed, and one history per invoice of ours that did.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work, expiry, search};
use crate::{
    chorus::{
        instant::instant,
        wire::{Facture, RechercherFournisseur},
    },
    credential::Account,
    database::DatabaseError,
    failpoint,
    queue::release::Return,
    supplier::{self, Supplier},
    verify::{self, Outcome, Problem, Reason},
};

/// An account that is refused, or may not invoice for its supplier, is looked at again after this time.
const VERIFIED_AGAIN: Duration = Duration::from_secs(900);

// Two days' overlap: the search knows days only, and statuses may arrive late. The first time, all that is open.
const SINCE: &str = "
SELECT now() AS asked_at,
    (coalesce(s.followed_until, (SELECT min(d.prepared_at) FROM chorus.deposit d JOIN chorus.invoice i ON i.id = d.invoice_id
        WHERE i.supplier_id = s.id), now()) AT TIME ZONE 'Europe/Paris')::date - 2 AS since
FROM chorus.supplier s WHERE s.id = $1";

// Searches give milliseconds, histories minutes: what a search shows is kept, so that a status that was set again within its
// minute is news. News are unread unless the history was asked for when the minute in which they happened was safely over.
// A history being read right now is asked to run again: what it reads may be older than what was just seen. A history may also lag
// behind the search: one that was read within the hour and does not have what the search shows is read again.
const CHANGED: &str = "
WITH news AS MATERIALIZED (
    SELECT i.id, found.status, found.at,
        (i.status = found.status AND i.status_at = date_trunc('minute', found.at)
            AND i.history_read_at >= i.status_at + interval '2 minutes') IS NOT TRUE AS unread
    FROM unnest($2::bigint[], $3::text[], $4::timestamptz[]) AS found (chorus_id, status, at)
    JOIN chorus.invoice i ON i.chorus_id = found.chorus_id AND i.supplier_id = $1
    WHERE (i.seen_status, i.seen_at) IS DISTINCT FROM (found.status, found.at)
        OR i.status IS DISTINCT FROM found.status AND i.history_read_at < found.at + interval '1 hour'
    ORDER BY i.id FOR UPDATE OF i
), seen AS (
    UPDATE chorus.invoice i SET seen_status = news.status, seen_at = news.at FROM news WHERE i.id = news.id
)
INSERT INTO chorus.task (kind, invoice_id) SELECT 'history', news.id FROM news WHERE news.unread
ON CONFLICT (invoice_id, kind) WHERE invoice_id IS NOT NULL
DO UPDATE SET run_at = now() WHERE task.leased_until IS NOT NULL";

// An invoice that was returned may have been sent elsewhere on the portal: its columns follow, and the change is recorded as
// ours are. Searches may leave fields out: only what they show counts. A page that was asked for before an answer of ours was
// known may be older than that answer: it would undo it.
const ROUTED: &str = "
WITH elsewhere AS MATERIALIZED (
    SELECT i.id, found.buyer, found.name, found.service, found.commitment, found.contract,
        jsonb_build_object('buyer_identifier', i.buyer_identifier, 'service_code', i.service_code, 'commitment_number', i.commitment_number) AS earlier
    FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS found (chorus_id, buyer, name, service, commitment, contract)
    JOIN chorus.invoice i ON i.chorus_id = found.chorus_id AND i.supplier_id = $1
    WHERE (found.buyer <> i.buyer_identifier OR found.service IS DISTINCT FROM i.service_code AND found.service IS NOT NULL
            OR found.commitment IS DISTINCT FROM i.commitment_number AND found.commitment IS NOT NULL OR i.buyer_name IS NULL)
        AND EXISTS (SELECT FROM chorus.status_event e WHERE e.invoice_id = i.id AND e.code = 'A_RECYCLER')
        AND NOT EXISTS (SELECT FROM chorus.action a WHERE a.invoice_id = i.id AND (a.state IN ('queued', 'sent') OR a.answered_at >= $8))
    ORDER BY i.id FOR UPDATE OF i
), event AS (
    INSERT INTO chorus.action (invoice_id, kind, buyer_identifier, service_code, commitment_number, earlier, state, requested_by, answered_at)
    SELECT e.id, 'recycle', e.buyer, e.service, e.commitment, e.earlier, 'done', 'Chorus Pro', now() FROM elsewhere e
    WHERE e.buyer <> e.earlier ->> 'buyer_identifier' OR coalesce(e.service <> e.earlier ->> 'service_code', e.service IS NOT NULL)
        OR coalesce(e.commitment <> e.earlier ->> 'commitment_number', e.commitment IS NOT NULL)
)
UPDATE chorus.invoice i SET buyer_identifier = coalesce(e.buyer, i.buyer_identifier), buyer_name = coalesce(e.name, i.buyer_name),
    service_code = coalesce(e.service, i.service_code), commitment_number = coalesce(e.commitment, i.commitment_number),
    contract_number = coalesce(e.contract, i.contract_number)
FROM elsewhere e WHERE i.id = e.id";

// The longer nothing has changed, the less often Chorus Pro is asked; it is asked once a day for good, since what is at rest
// may be reopened.
const SLOWNESS: &str = "
SELECT CASE WHEN age < interval '7 days' THEN 1 WHEN age < interval '30 days' THEN 4 ELSE 24 END::float8, chorus.close_silent($1)
FROM (SELECT now() - max(i.status_at) AS age FROM chorus.invoice i
    WHERE i.supplier_id = $1 AND i.state IN ('integrated', 'awaiting_validator', 'action_required')) a";

const FOLLOWED: &str = "
UPDATE chorus.supplier s SET followed_until = $3, checked_at = now()
FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 AND s.id = t.supplier_id";

/// Verifies the account where that is due, then queues a history for each invoice of ours whose status changed.
pub(super) async fn follow(work: &mut Work<'_>) -> Result<(), Failure> {
    let (supplier, account) = match work.supplier().await {
        Ok(both) => both,
        Err(Failure::Credential(error)) => {
            let subject = work.claim.subject;
            let client = work.database().await?;
            let supplier = Supplier::of(client, subject).await?;
            supplier::failed(client, &supplier, &Reason::from(&error), 0.0).await?;
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
        follow_routing(work, supplier.id, &invoices, asked_at).await?;
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
    let client = work.database().await?;
    let followed = failpoint::commit("followed", client.execute_typed(FOLLOWED, &parameters)).await;
    if followed.map_err(DatabaseError::from)? == 0 {
        return Err(Failure::LeaseLost);
    }
    tracing::info!(supplier = supplier.id, pages = number, changed, "followed");
    expiry::read(work, &supplier, &account, structure).await?;
    let slowness = slowness(work, supplier.id).await?;
    let settings = &work.tools.settings;
    let interval = Duration::from_secs_f64(settings.follow_interval_seconds);
    let wait = settings.pace().jittered(interval.mul_f64(slowness));
    work.give_back(&Return::later(wait)).await
}

/// By how much the interval is longer than usual; closes what has been silent for a year.
async fn slowness(work: &mut Work<'_>, supplier: i64) -> Result<f64, Failure> {
    let row = work
        .database()
        .await?
        .query_typed_one(SLOWNESS, &[(&supplier, Type::INT8)])
        .await
        .map_err(DatabaseError::from)?;
    let closed: i64 = row.try_get(1).map_err(DatabaseError::from)?;
    if closed > 0 {
        tracing::info!(supplier, closed, "silent for 12 months: closed");
    }
    Ok(row.try_get(0).map_err(DatabaseError::from)?)
}

/// Is the account good, and may it invoice for this supplier? The structure's id if so.
async fn verify(
    work: &mut Work<'_>,
    supplier: &Supplier,
    account: &Account,
) -> Result<Option<i64>, Failure> {
    let (tools, caller) = (Arc::clone(work.tools), work.caller());
    let client = work.database().await?;
    let problem =
        match verify::verify(&tools, client, caller, &supplier.owner, account, None).await? {
            Outcome::Registered(registration) => {
                supplier::registered(client, supplier, &registration, &tools.keys).await?;
                tracing::info!(supplier = supplier.id, "account verified");
                return Ok(Some(registration.structure));
            }
            Outcome::Refused(problem) => problem,
        };
    let reason = problem.reason();
    // Chorus Pro may lock an account that is tried with a wrong password again and again: its breaker says when this task, which is the
    // first to try it, may be claimed.
    if supplier::failed(client, supplier, &reason, 0.0).await?
        && problem == Problem::TechnicalAccount
    {
        tools.account_refused(client, supplier.id).await?;
    }
    tracing::warn!(
        supplier = supplier.id,
        reason = reason.en,
        "supplier not registered"
    );
    let wait = work.tools.settings.pace().jittered(VERIFIED_AGAIN);
    work.give_back(&Return {
        wait: Some(wait),
        counted: true,
        note: Some(reason.en),
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
    let client = work.database().await?;
    let changed = failpoint::commit("changed", client.execute_typed(CHANGED, &parameters)).await;
    Ok(changed.map_err(DatabaseError::from)?)
}

/// Lets the routing columns of returned invoices follow what Chorus Pro shows, asked not before `asked_at`.
async fn follow_routing(
    work: &mut Work<'_>,
    supplier: i64,
    invoices: &[Facture],
    asked_at: Timestamp,
) -> Result<(), Failure> {
    let known: Vec<&Facture> = invoices
        .iter()
        .filter(|invoice| invoice.identifiant_facture_cpp.is_some())
        .collect();
    let ids: Vec<Option<i64>> = known
        .iter()
        .map(|invoice| invoice.identifiant_facture_cpp)
        .collect();
    let column = |field: fn(&Facture) -> &Option<String>| -> Vec<Option<&str>> {
        let texts = known.iter().map(|&invoice| field(invoice).as_deref());
        texts
            .map(|text| text.filter(|text| !text.is_empty()))
            .collect()
    };
    let buyers = column(|invoice| &invoice.code_destinataire);
    let names = column(|invoice| &invoice.designation_destinataire);
    let services = column(|invoice| &invoice.code_service_executant);
    let commitments = column(|invoice| &invoice.numero_bon_commande);
    let contracts = column(|invoice| &invoice.numero_marche);
    let parameters: [(&(dyn ToSql + Sync), Type); 8] = [
        (&supplier, Type::INT8),
        (&ids, Type::INT8_ARRAY),
        (&buyers, Type::TEXT_ARRAY),
        (&names, Type::TEXT_ARRAY),
        (&services, Type::TEXT_ARRAY),
        (&commitments, Type::TEXT_ARRAY),
        (&contracts, Type::TEXT_ARRAY),
        (&asked_at, Type::TIMESTAMPTZ),
    ];
    let client = work.database().await?;
    let changed = failpoint::commit("routed", client.execute_typed(ROUTED, &parameters)).await;
    let changed = changed.map_err(DatabaseError::from)?;
    if changed > 0 {
        tracing::info!(supplier, changed, "recipients changed at Chorus Pro");
    }
    Ok(())
}
