//! What became of a deposit whose answer was lost? Chorus Pro is asked before anything is sent again.

use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{
    Failure, Work,
    adopt::{self, Found},
    deposit, search,
};
use crate::{
    chorus::{
        error::{Kind, Operation},
        wire::{ConsulterCrDetaille, CrDetaille, Facture, RechercherFournisseur},
    },
    credential::Account,
    database::DatabaseError,
    failpoint::{self, Defect},
    pace::patience,
    queue::{claim::Subject, release::Return},
};

mod evidence;
mod verdict;

use evidence::Evidence;
use verdict::{Hit, Verdict, decide};

const BLOCKED: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), moved AS (
    UPDATE chorus.invoice i SET state = 'blocked', state_reason = $3 FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET run_at = 'infinity', attempts = t.attempts + 1, last_error = $3, lease = NULL, leased_by = NULL, leased_until = NULL
FROM held WHERE t.id = held.id";

// Only the original of this restored database has a row of it. The renderer is the same, and so was the document, as far as its totals tell.
const ORIGINAL: &str = "
WITH held AS MATERIALIZED (
    SELECT i.* FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 AND i.state = 'uncertain' FOR UPDATE OF i, t
)
INSERT INTO chorus.deposit (id, invoice_id, content, sha256, total_without_tax, total_tax, total_with_tax, amount_due, lease, state, note)
SELECT $3, held.id, $4, encode(sha256($4), 'hex'), held.total_without_tax, held.total_tax, held.total_with_tax, held.amount_due, $2, 'lost',
    'Sent by the original of this database after the copy was taken; content is what the document renders to here'
FROM held";

// The deposit is given up, its bytes are not: the invoice goes back to sending, and the next deposit takes them over.
// The lease begins anew, with a new token: a whole POST must fit into it.
const RESEND: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 AND i.state = 'uncertain' FOR UPDATE OF i, t
), lost AS (
    UPDATE chorus.deposit d SET state = 'lost' FROM held WHERE d.invoice_id = held.invoice_id AND d.state = 'unknown'
), moved AS (
    UPDATE chorus.invoice i SET state = 'sending', state_reason = NULL FROM held WHERE i.id = held.invoice_id
)
UPDATE chorus.task t
SET kind = 'submit', lease = nextval('chorus.lease'), leased_until = now() + make_interval(secs => $3), last_error = NULL
FROM held WHERE t.id = held.id
RETURNING t.lease";

/// Looks for the invoice at Chorus Pro, and adopts, blocks, waits or sends again.
pub(super) async fn look_up(work: &mut Work<'_>) -> Result<(), Failure> {
    let Subject::Invoice(invoice) = work.claim.subject else {
        return Ok(());
    };
    let (supplier, account) = work.supplier().await?;
    let lost_after = work.tools.settings.lost_after();
    let task = work.claim.id;
    let evidence = Evidence::read(work.database().await?, invoice, task, lost_after).await?;
    if failpoint::planted(Defect::BlindResend) {
        return resend(work).await;
    }
    let criteria = RechercherFournisseur {
        id_fournisseur: supplier.structure_id,
        numero_facture: Some(&evidence.number),
        ..RechercherFournisseur::default()
    };
    let mut hits = Vec::new();
    for found in search::all(work, &account, &criteria).await? {
        // The search may match more than the number asked for.
        if found.numero_facture.as_deref() == Some(&evidence.number) {
            let file_name = file_name(work, &account, &found).await?;
            hits.push(Hit {
                file_name,
                invoice: found,
            });
        }
    }
    match decide(&evidence, &supplier.owner.identifier, &hits) {
        Verdict::Adopt {
            deposit,
            flux_number,
            chorus_id,
            unknown_here,
        } => {
            if unknown_here {
                note_original(work, deposit).await?;
            }
            adopt::integrated(
                work,
                &Found {
                    deposit,
                    flux_number,
                    chorus_id,
                    at: None,
                },
            )
            .await
        }
        Verdict::Block(reason) => block(work, &reason).await,
        Verdict::Wait => {
            let wait = next_look(work, &evidence).min(evidence.window_left);
            let note = Some(
                "not found at Chorus Pro so far: it is looked for until the window has passed"
                    .to_owned(),
            );
            work.give_back(&Return {
                note,
                ..Return::later(wait)
            })
            .await
        }
        Verdict::Resend if supplier.paused => {
            let note = Some(
                "not found at Chorus Pro; not sent again while its supplier is paused".to_owned(),
            );
            let wait = next_look(work, &evidence);
            work.give_back(&Return {
                note,
                ..Return::later(wait)
            })
            .await
        }
        Verdict::Resend => resend(work).await,
    }
}

/// Writes down a deposit that the original of this database made, before it is adopted.
async fn note_original(work: &mut Work<'_>, deposit: Uuid) -> Result<(), Failure> {
    let content = deposit::render(work).await?;
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&deposit, Type::UUID),
        (&content, Type::BYTEA),
    ];
    let changed = work
        .database()
        .await?
        .execute_typed(ORIGINAL, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    if changed == 0 {
        return Err(Failure::LeaseLost);
    }
    Ok(())
}

fn next_look(work: &Work<'_>, evidence: &Evidence) -> Duration {
    let pace = work.tools.settings.pace();
    pace.interval(patience(pace.unscaled(evidence.age)))
}

/// The file name in the report on the flux that brought `found`, where there is one.
async fn file_name(
    work: &mut Work<'_>,
    account: &Account,
    found: &Facture,
) -> Result<Option<String>, Failure> {
    let Some(number) = found.numero_flux_depot.as_deref() else {
        return Ok(None);
    };
    let request = ConsulterCrDetaille {
        numero_flux_depot: number,
    };
    match work
        .ask::<_, CrDetaille>(Operation::ConsulterCrDetaille, account, &request)
        .await
    {
        // Chorus Pro may name a file after its own flux: that is no name of anybody's.
        Ok(report) => Ok(report
            .nom_fichier
            .filter(|name| !name.is_empty() && !name.contains(number))),
        Err(Failure::Api(error)) if error.rule().kind == Kind::FluxUnknown => Ok(None),
        Err(failure) => Err(failure),
    }
}

async fn block(work: &mut Work<'_>, reason: &str) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&reason, Type::TEXT),
    ];
    let client = work.database().await?;
    let changed = failpoint::commit("block", client.execute_typed(BLOCKED, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    if changed == 0 {
        return Err(Failure::LeaseLost);
    }
    tracing::error!(task, reason, "blocked: a person must decide");
    Ok(())
}

async fn resend(work: &mut Work<'_>) -> Result<(), Failure> {
    // What may fail or wait comes while the invoice is still uncertain.
    let ready = deposit::ready(work).await?;
    let (task, lease) = (work.claim.id, work.claim.lease);
    let seconds: f64 = work.tools.settings.lease().as_secs_f64();
    let since = crate::stopwatch::Stopwatch::start();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&seconds, Type::FLOAT8),
    ];
    let client = work.database().await?;
    let row = failpoint::commit("resend", client.query_typed_opt(RESEND, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    let Some(row) = row else {
        return Err(Failure::LeaseLost);
    };
    work.claim.lease = row.try_get(0).map_err(DatabaseError::from)?;
    work.claim.since = since;
    tracing::warn!(task, "not at Chorus Pro: the same bytes are sent again");
    deposit::send(work, &ready).await
}
