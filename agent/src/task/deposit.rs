//! Depositing, in three steps: commit the bytes, send them, commit the answer.
//!
//! The bytes are committed before they leave, so no attempt is ever forgotten. They leave within five seconds of that
//! commit and well inside the lease, or not at all: an agent that was frozen and thaws cannot send late. They are rendered
//! in a statement before, so that a document that takes long to render does not use up those seconds.

use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{Failure, Work};
use crate::{
    chorus::{
        client::NotDone,
        error::{ApiError, Operation, Processed},
        wire::{FacturesTrouvees, RechercherFournisseur},
    },
    config::{LEASE_MARGIN, START_WITHIN},
    credential::Account,
    database::DatabaseError,
    failpoint::{self, Defect},
    installation::{Installation, environment_of},
    queue::permit::Pass,
    stopwatch::Stopwatch,
};

mod record;

/// Chorus Pro's limit on a file that is not compressed.
const LARGEST: usize = 10 << 20;

// After a deposit that was lost the same bytes go out again, however the renderer has changed since.
// While the invoice is `sending` (or `uncertain`) its document and attachments are fixed: what is rendered here is what PREPARE finds.
const RENDER: &str = "
SELECT coalesce(
    (SELECT d.content FROM chorus.deposit d WHERE d.invoice_id = i.id AND d.state = 'lost' ORDER BY d.prepared_at LIMIT 1),
    convert_to(chorus.render_cii(i.doc, attachment_names => a.names, attachment_mimes => a.mimes, attachment_contents => a.contents)::text,
        'UTF8')) AS content
FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id, LATERAL (
    SELECT coalesce(array_agg(a.name ORDER BY a.id), '{}') AS names, coalesce(array_agg(a.mime ORDER BY a.id), '{}') AS mimes,
        coalesce(array_agg(a.content ORDER BY a.id), '{}') AS contents
    FROM chorus.attachment a WHERE a.invoice_id = i.id AND a.sent_with = 'invoice') a
WHERE t.id = $1 AND t.lease = $2 AND i.state IN ('sending', 'uncertain')";

const TOO_LARGE: &str = "
WITH held AS MATERIALIZED (SELECT t.invoice_id FROM chorus.task t WHERE t.id = $1 AND t.lease = $2),
earlier AS (DELETE FROM chorus.finding f USING held WHERE f.invoice_id = held.invoice_id AND f.rule = 'PGC-CPRO-SIZE')
INSERT INTO chorus.finding (invoice_id, origin, rule, severity, path, term, value, message_en, message_fr, hint_en, hint_fr)
SELECT held.invoice_id, 'document', 'PGC-CPRO-SIZE', 'fatal', '$', 'BG-24', $3,
    'The invoice with its attachments is larger than the 10 MiB that Chorus Pro takes',
    'La facture avec ses pièces jointes dépasse les 10 Mio que Chorus Pro accepte',
    'Shrink or remove attachments (chorus.attachment), or keep them for chorus.complete: sent_with = ''complement''',
    'Réduisez ou retirez des pièces jointes (chorus.attachment), ou gardez-les pour chorus.complete : sent_with = ''complement'''
FROM held";

// The lease must have room for the whole POST, so that no reaper can come between this statement and the answer.
// may_send is asked here and not only before: the connection may have been lost in between, and another server be behind the new one.
const PREPARE: &str = "
WITH held AS MATERIALIZED (
    SELECT i.* FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 AND t.leased_until > now() + make_interval(secs => $3) AND i.state = 'sending'
        AND chorus.may_send($5)
    FOR UPDATE OF i, t
)
INSERT INTO chorus.deposit (invoice_id, content, sha256, total_without_tax, total_tax, total_with_tax, amount_due, lease)
SELECT held.id, $4, encode(sha256($4), 'hex'),
    held.total_without_tax, held.total_tax, held.total_with_tax, held.amount_due, $2
FROM held
RETURNING id, file_name";

/// A deposit that is committed and may now be sent.
struct Prepared {
    id: Uuid,
    file_name: String,
    content: Vec<u8>,
    /// Started before the commit, so never behind it.
    since: Stopwatch,
}

/// What is known after step two.
enum Answer {
    Accepted(String),
    Refused(ApiError),
    NotSent,
    Unknown(ApiError),
}

impl Answer {
    /// Its word in `chorus.deposit.state`.
    fn word(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "deposited",
            Self::Refused(_) => "refused",
            Self::NotSent => "abandoned",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Deposits the invoice of the task, whose state is `sending` already.
pub(super) async fn submit(work: &mut Work<'_>) -> Result<(), Failure> {
    let ready = ready(work).await?;
    send(work, &ready).await
}

/// Who sends, and with which permit.
pub(super) struct Ready {
    account: Account,
    pass: Pass,
}

/// Everything that can be seen to, or waited for, before a deposit: who sends, from where, with which permit and token.
pub(super) async fn ready(work: &mut Work<'_>) -> Result<Ready, Failure> {
    let (supplier, account) = work.supplier().await?;
    may_send(work).await?;
    let mut pass = work.permit(Operation::DeposerFlux).await?;
    if pass.probing {
        // A deposit without an answer is in doubt for hours: after an outage a question goes first.
        let question = RechercherFournisseur::smallest(supplier.structure_id);
        let _found: FacturesTrouvees = work
            .ask_with(pass, Operation::RechercherFournisseur, &account, &question)
            .await?;
        pass = work.permit(Operation::DeposerFlux).await?;
    }
    if let Err(error) = work.tools.chorus.token(pass.caller).await {
        let concern = work.told(&pass, Some(&error)).await;
        return Err(ApiError { concern, ..error }.into());
    }
    Ok(Ready { account, pass })
}

/// Whether anything may be sent from this database.
pub(super) async fn may_send(work: &mut Work<'_>) -> Result<(), Failure> {
    let api = work.tools.api.clone();
    let installation = Installation::read(work.database().await?).await?;
    Ok(installation.may_deposit(&api)?)
}

/// The three steps.
pub(super) async fn send(work: &mut Work<'_>, ready: &Ready) -> Result<(), Failure> {
    let mut content = render(work).await?;
    if failpoint::planted(Defect::OtherAmount) {
        content = with_other_amount(&content);
    }
    let deposit = prepare(work, content).await?;
    let mut answer = post(work, ready, &deposit).await;
    // What is known not to have been processed may wait for the breakers' word on when to try again; all else is written down first.
    if let Answer::Refused(error) = &mut answer {
        error.concern = work.told(&ready.pass, Some(error)).await;
        return record::record(work, &deposit, &answer).await;
    }
    let recorded = record::record(work, &deposit, &answer).await;
    match &answer {
        Answer::Accepted(_) => work.told(&ready.pass, None).await,
        Answer::Unknown(error) => work.told(&ready.pass, Some(error)).await,
        Answer::Refused(_) | Answer::NotSent => None,
    };
    recorded
}

/// The bytes to send.
pub(super) async fn render(work: &mut Work<'_>) -> Result<Vec<u8>, Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let content: Vec<u8> = match work
        .database()
        .await?
        .query_typed_opt(RENDER, &[(&task, Type::INT8), (&lease, Type::INT8)])
        .await
        .map_err(DatabaseError::from)
    {
        Ok(Some(row)) => row.try_get("content").map_err(DatabaseError::from)?,
        Ok(None) => return Err(Failure::LeaseLost),
        // The document cannot be rendered as it is, and will not be by trying again.
        Err(error) if error.is_about_data() => return Err(Failure::Hopeless(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    if content.len() > LARGEST {
        return Err(too_large(work, content.len()).await?);
    }
    Ok(content)
}

/// For [`Defect::OtherAmount`]: nine times ten to the power of its digits is asked for.
fn with_other_amount(content: &[u8]) -> Vec<u8> {
    const DUE: &str = "DuePayableAmount>";
    let text = String::from_utf8_lossy(content);
    text.replacen(DUE, &format!("{DUE}9"), 1).into_bytes()
}

/// Says so in the invoice's findings, where people look first; the reason why the task is set aside.
async fn too_large(work: &mut Work<'_>, size: usize) -> Result<Failure, Failure> {
    let (task, lease, value) = (work.claim.id, work.claim.lease, format!("{size} bytes"));
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&value, Type::TEXT),
    ];
    work.database()
        .await?
        .execute_typed(TOO_LARGE, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    Ok(Failure::Hopeless(format!(
        "the invoice's XML has {size} bytes, Chorus Pro takes {LARGEST} (10 MiB): shrink or remove attachments (chorus.attachment), \
         or keep them for chorus.complete with sent_with = 'complement'; it is sent as soon as they change"
    )))
}

/// Step one.
async fn prepare(work: &mut Work<'_>, content: Vec<u8>) -> Result<Prepared, Failure> {
    let room = (work.tools.settings.deposit_timeout() + START_WITHIN).as_secs_f64();
    let (task, lease) = (work.claim.id, work.claim.lease);
    let environment = environment_of(&work.tools.api);
    let client = work.database().await?;
    let since = Stopwatch::start();
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&room, Type::FLOAT8),
        (&content, Type::BYTEA),
        (&environment, Type::TEXT),
    ];
    let row = failpoint::commit("prepare", client.query_typed_opt(PREPARE, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    // Another database is there by now, waiting for the permit took too much of the lease, or it is not ours any more.
    let Some(row) = row else {
        may_send(work).await?;
        return Err(Failure::Queue(Duration::ZERO));
    };
    Ok(Prepared {
        id: row.try_get("id").map_err(DatabaseError::from)?,
        file_name: row.try_get("file_name").map_err(DatabaseError::from)?,
        content,
        since,
    })
}

/// Step two.
async fn post(work: &Work<'_>, ready: &Ready, deposit: &Prepared) -> Answer {
    let room = work.tools.settings.deposit_timeout() + LEASE_MARGIN / 4;
    let lease = work.tools.settings.lease();
    let (claimed, committed) = (work.claim.since, deposit.since);
    let is_late = move || committed.elapsed() > START_WITHIN || claimed.elapsed() + room > lease;
    let deposited = work
        .tools
        .chorus
        .deposit(
            ready.pass.caller,
            &ready.account,
            &deposit.file_name,
            &deposit.content,
            is_late,
        )
        .await;
    match deposited {
        Ok(number) => Answer::Accepted(number),
        Err(NotDone::TooLate) => Answer::NotSent,
        Err(NotDone::Api(error)) => match error.processed() {
            Processed::No => Answer::Refused(error),
            Processed::Unknown => Answer::Unknown(error),
        },
    }
}
