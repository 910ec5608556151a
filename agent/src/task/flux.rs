//! The report on a deposit: still pending, integrated, rejected, or unclear.

use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{
    Failure, Work,
    adopt::{self, Found},
    findings, search,
};
use crate::{
    chorus::{
        error::{Kind, Operation},
        flux_state::{Meaning, meaning},
        instant::instant,
        wire::{ConsulterCrDetaille, CrDetaille, RechercherFournisseur},
    },
    credential::Account,
    database::{self, DatabaseError},
    failpoint,
    pace::patience,
    queue::{claim::Subject, release::Return},
};

/// A flux that Chorus Pro does not know after this time is not just late.
const KNOWN_WITHIN: Duration = Duration::from_secs(3600);

const OPEN_DEPOSIT: &str = "
SELECT d.id, d.flux_number, i.number,
    extract(epoch FROM now() - coalesce(d.answered_at, d.prepared_at))::float8 AS age,
    EXISTS (SELECT FROM chorus.deposit o WHERE o.invoice_id = d.invoice_id AND o.id <> d.id AND o.state IN ('sending', 'unknown', 'lost', 'disowned')) AS others
FROM chorus.deposit d JOIN chorus.invoice i ON i.id = d.invoice_id
WHERE d.invoice_id = $1 AND d.state = 'deposited'";

const SEEN: &str = "
UPDATE chorus.deposit d SET flux_state = $4, flux_state_at = coalesce($5, now())
FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 AND d.id = $3 AND d.flux_state IS DISTINCT FROM $4";

// The number is free again, unless another deposit of the invoice may still arrive: then it is looked for first.
const REJECTED: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), rejected AS (
    UPDATE chorus.deposit d SET state = 'rejected' FROM held WHERE d.id = $3
), moved AS (
    UPDATE chorus.invoice i SET state = 'flux_rejected', state_reason = $4 FROM held WHERE i.id = held.invoice_id
)
DELETE FROM chorus.task t USING held WHERE t.id = held.id";

const UNCLEAR: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), deposit AS (
    UPDATE chorus.deposit d SET state = $5 FROM held WHERE d.id = $3
), moved AS (
    UPDATE chorus.invoice i SET state = 'uncertain', state_reason = $4 FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET kind = 'look_up', run_at = now(), attempts = 0, last_error = $4, created_at = now(),
    lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

struct Deposit {
    id: Uuid,
    flux_number: String,
    invoice_number: String,
    age: Duration,
    others: bool,
}

/// Reads the report on the open deposit of the invoice, and acts on it.
pub(super) async fn read_report(work: &mut Work<'_>) -> Result<(), Failure> {
    let Some(deposit) = open_deposit(work).await? else {
        return work.nothing_to_do().await;
    };
    tracing::Span::current().record("flux", &deposit.flux_number);
    let (supplier, account) = work.supplier().await?;
    let request = ConsulterCrDetaille {
        numero_flux_depot: &deposit.flux_number,
    };
    let report: CrDetaille = match work
        .ask(Operation::ConsulterCrDetaille, &account, &request)
        .await
    {
        Ok(report) => report,
        Err(Failure::Api(error)) if error.rule().kind == Kind::FluxUnknown => {
            if deposit.age < KNOWN_WITHIN {
                return wait(work, &deposit, None).await;
            }
            let reason = format!(
                "Chorus Pro does not know flux {} an hour after it gave that number ({error})",
                deposit.flux_number
            );
            return unclear(work, &deposit, &reason).await;
        }
        Err(failure) => return Err(failure),
    };
    let state = report.etat_courant_depot_flux.clone().unwrap_or_default();
    seen(work, &deposit, &report, &state).await?;
    match meaning(&state) {
        Some(Meaning::Pending) => wait(work, &deposit, None).await,
        None => {
            tracing::warn!(
                flux = deposit.flux_number,
                state,
                "flux state that is not documented: taken as pending"
            );
            wait(
                work,
                &deposit,
                Some(format!(
                    "flux {} is in state \"{state}\", which is not documented",
                    deposit.flux_number
                )),
            )
            .await
        }
        Some(Meaning::Integrated) => {
            integrated(work, &account, supplier.structure_id, &deposit, &report).await
        }
        Some(Meaning::Rejected) => rejected(work, &deposit, &report, &state).await,
        Some(Meaning::Unclear) => {
            let reason = format!(
                "flux {} ended as {state}: looking whether the invoice is in",
                deposit.flux_number
            );
            unclear(work, &deposit, &reason).await
        }
    }
}

async fn open_deposit(work: &mut Work<'_>) -> Result<Option<Deposit>, Failure> {
    let Subject::Invoice(invoice) = work.claim.subject else {
        return Ok(None);
    };
    let pace = work.tools.settings.pace();
    let row = work
        .database()
        .await?
        .query_typed_opt(OPEN_DEPOSIT, &[(&invoice, Type::UUID)])
        .await
        .map_err(DatabaseError::from)?;
    let Some(row) = row else { return Ok(None) };
    let read = || -> Result<Deposit, tokio_postgres::Error> {
        let age: f64 = row.try_get("age")?;
        Ok(Deposit {
            id: row.try_get("id")?,
            flux_number: row.try_get("flux_number")?,
            invoice_number: row.try_get("number")?,
            age: pace.unscaled(Duration::try_from_secs_f64(age).unwrap_or_default()),
            others: row.try_get("others")?,
        })
    };
    Ok(Some(read().map_err(DatabaseError::from)?))
}

async fn wait(work: &mut Work<'_>, deposit: &Deposit, note: Option<String>) -> Result<(), Failure> {
    let wait = work.tools.settings.pace().jittered(patience(deposit.age));
    work.give_back(&Return {
        note,
        ..Return::later(wait)
    })
    .await
}

async fn seen(
    work: &mut Work<'_>,
    deposit: &Deposit,
    report: &CrDetaille,
    state: &str,
) -> Result<(), Failure> {
    let at = report
        .date_heure_etat_courant_flux
        .as_deref()
        .and_then(instant);
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&deposit.id, Type::UUID),
        (&state, Type::TEXT),
        (&at, Type::TIMESTAMPTZ),
    ];
    let client = work.database().await?;
    failpoint::commit("seen", client.execute_typed(SEEN, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}

async fn integrated(
    work: &mut Work<'_>,
    account: &Account,
    structure: Option<i64>,
    deposit: &Deposit,
    report: &CrDetaille,
) -> Result<(), Failure> {
    let criteria = RechercherFournisseur {
        id_fournisseur: structure,
        numero_flux_depot: Some(&deposit.flux_number),
        ..RechercherFournisseur::default()
    };
    let invoices = search::all(work, account, &criteria).await?;
    let chorus_id = invoices
        .iter()
        .find(|invoice| invoice.numero_facture.as_deref() == Some(&deposit.invoice_number))
        .and_then(|invoice| invoice.identifiant_facture_cpp);
    let Some(chorus_id) = chorus_id else {
        let note = format!(
            "flux {} is integrated, but a search does not show invoice {} yet",
            deposit.flux_number, deposit.invoice_number
        );
        return wait(work, deposit, Some(note)).await;
    };
    let found = Found {
        deposit: deposit.id,
        flux_number: deposit.flux_number.clone(),
        chorus_id,
        at: report
            .date_heure_etat_courant_flux
            .as_deref()
            .and_then(instant),
    };
    adopt::integrated(work, &found).await
}

async fn rejected(
    work: &mut Work<'_>,
    deposit: &Deposit,
    report: &CrDetaille,
    state: &str,
) -> Result<(), Failure> {
    let messages = findings::of_report(report, state);
    if deposit.others {
        // It may be a duplicate of an earlier sending that did arrive.
        let reason = format!(
            "flux {} was rejected ({state}), but an earlier sending may have arrived",
            deposit.flux_number
        );
        return doubt(work, deposit, &reason, "rejected", &messages).await;
    }
    let (task, lease) = (work.claim.id, work.claim.lease);
    let reason = format!(
        "flux {} was rejected ({state}): see chorus.finding",
        deposit.flux_number
    );
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&deposit.id, Type::UUID),
        (&reason, Type::TEXT),
    ];
    move_with(work, REJECTED, &parameters, &messages).await?;
    tracing::warn!(deposit = %deposit.id, flux = deposit.flux_number, state, "flux rejected");
    Ok(())
}

/// The flux says nothing sure: its deposit counts as one without an answer.
async fn unclear(work: &mut Work<'_>, deposit: &Deposit, reason: &str) -> Result<(), Failure> {
    doubt(work, deposit, reason, "unknown", &[]).await
}

/// The invoice is uncertain, its deposit in `state`.
async fn doubt(
    work: &mut Work<'_>,
    deposit: &Deposit,
    reason: &str,
    state: &str,
    messages: &[findings::Message],
) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&deposit.id, Type::UUID),
        (&reason, Type::TEXT),
        (&state, Type::TEXT),
    ];
    move_with(work, UNCLEAR, &parameters, messages).await?;
    tracing::warn!(deposit = %deposit.id, flux = deposit.flux_number, reason, "uncertain");
    Ok(())
}

/// Moves the invoice and writes what Chorus Pro complained about: both, or neither when the lease is lost.
async fn move_with(
    work: &mut Work<'_>,
    statement: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
    messages: &[findings::Message],
) -> Result<(), Failure> {
    let subject = work.claim.subject;
    let transaction = database::begin(work.database().await?).await?;
    let changed = transaction
        .execute_typed(statement, parameters)
        .await
        .map_err(DatabaseError::from)?;
    if changed == 0 {
        return Err(Failure::LeaseLost);
    }
    if !messages.is_empty() {
        findings::write(&transaction, subject, messages).await?;
    }
    let moved = failpoint::commit("move", transaction.commit()).await;
    Ok(moved.map_err(DatabaseError::from)?)
}
