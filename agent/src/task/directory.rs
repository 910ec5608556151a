//! The directory: what Chorus Pro says of a buyer, before anything is sent there.
//!
//! A task is about a buyer, so that one question serves all its invoices. They wait unclaimed meanwhile (see the claim of `submit`), are
//! held against the answer here, and go on or become invalid. While a buyer is invoiced its task stays, and asks anew before the answer
//! is a day old. Where Chorus Pro gives no answer, the last one serves; where there was none, invoices wait a while and go on without,
//! with a finding that says so: a deposit needs no directory.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work};
use crate::{
    chorus::error::Kind, credential::Account, database::DatabaseError, failpoint,
    queue::claim::Subject, supplier::Supplier,
};

mod ask;
mod judge;
mod record;
mod silence;

pub(super) use record::Named;
use silence::Silence;

/// An answer is good for 24 hours: asked anew before.
const REFRESHED_AFTER: Duration = Duration::from_secs(20 * 3600);

/// Where Chorus Pro is silent it is asked again after this time, whether or not somebody waits for the answer.
const SILENT_AGAIN: Duration = Duration::from_secs(3600);

/// How long an invoice waits for the first answer about its buyer while Chorus Pro gives none.
const PATIENCE: Duration = Duration::from_secs(900);

/// With so many accounts a question is asked at most, where one after another is refused.
const MOST_ACCOUNTS: usize = 3;

/// When what could not be judged at once is looked at again: an application holds its row, or somebody has asked again.
const SHORTLY: Duration = Duration::from_secs(5);

// Due: where nothing is known; where somebody asked again, who wants nothing older than that; and where what is known grows old of a buyer
// that is invoiced at present. Not due: where only a service is missing that no invoice has named before.
const PLAN: &str = "
SELECT b.id_type, b.identifier, t.created_at, now() AS asked_at, w.since,
    b.fetched_at IS NULL OR b.fetched_at < greatest(t.created_at, w.since) OR b.fetched_at < now() - make_interval(secs => $3) AND (w.any
        OR EXISTS (SELECT FROM chorus.invoice i WHERE i.buyer_identifier = b.identifier AND i.buyer_id_type = b.id_type
            AND i.created_at > now() - interval '30 days')) AS is_due
FROM chorus.task t JOIN chorus.structure b ON b.id = t.structure_id, LATERAL (
    SELECT count(*) > 0 AS any, max(i.directory_since) FILTER (WHERE i.directory_at IS NULL) AS since FROM chorus.invoice i
    WHERE i.buyer_identifier = b.identifier AND i.buyer_id_type = b.id_type AND i.state = 'ready') w
WHERE t.id = $1 AND t.lease = $2";

// Nobody invoices it any more: nothing is asked until somebody does. Asked again meanwhile: the task stays.
const FINISH: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, b.id_type, b.identifier, (t.run_at, t.created_at) IS DISTINCT FROM ($3, $4) AS again
    FROM chorus.task t JOIN chorus.structure b ON b.id = t.structure_id WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF t
), used AS MATERIALIZED (
    SELECT held.id, held.again,
        EXISTS (SELECT FROM chorus.invoice i WHERE i.buyer_identifier = held.identifier AND i.buyer_id_type = held.id_type
            AND i.state = 'ready' AND i.directory_at IS NULL) AS waiting,
        EXISTS (SELECT FROM chorus.invoice i WHERE i.buyer_identifier = held.identifier AND i.buyer_id_type = held.id_type
            AND i.created_at > now() - interval '30 days')
        OR EXISTS (SELECT FROM chorus.invoice i WHERE i.buyer_identifier = held.identifier AND i.buyer_id_type = held.id_type AND i.state = 'ready') AS invoiced
    FROM held
), done AS (
    DELETE FROM chorus.task t USING used WHERE t.id = used.id AND NOT used.again AND NOT used.invoiced
), kept AS (
    UPDATE chorus.task t
    SET run_at = now() + CASE WHEN used.again THEN interval '0' ELSE make_interval(secs => CASE WHEN used.waiting THEN $6 ELSE $5 END) END,
        attempts = 0, last_error = NULL, lease = NULL, leased_by = NULL, leased_until = NULL
    FROM used WHERE t.id = used.id AND (used.again OR used.invoiced)
)
SELECT count(*) FROM held";

/// A buyer, as Chorus Pro is asked about it.
#[derive(Debug, Clone)]
pub(super) struct Buyer {
    pub id_type: String,
    pub identifier: String,
}

/// What is to be asked.
struct Plan {
    buyer: Buyer,
    /// The structure itself and its services; else only services that invoices name.
    is_due: bool,
    /// Somebody asked again at that time, and wants nothing older.
    since: Option<Timestamp>,
    /// When the question is asked, by the database's clock.
    asked_at: Timestamp,
    created_at: Timestamp,
}

/// Asks about the buyer of the task, and holds the invoices that wait for it against the answer.
pub(super) async fn read(work: &mut Work<'_>) -> Result<(), Failure> {
    let Subject::Structure(structure) = work.claim.subject else {
        return Ok(());
    };
    let plan = Plan::read(work).await?;
    let again = match asked_by_any(work, structure, &plan).await {
        Ok(()) => REFRESHED_AFTER,
        Err(failure) => {
            let failure = without_answer(work, &plan, failure).await?;
            match &failure {
                // Not asked at all: that is made up for as soon as a call is let through.
                Failure::Held { .. } => {
                    judge::all(work).await?;
                    return Err(failure);
                }
                Failure::Api(error) if ask::is_final(error) => REFRESHED_AFTER,
                _ => SILENT_AGAIN,
            }
        }
    };
    judge::all(work).await?;
    finish(work, &plan, again).await
}

/// Asks with one account and, where that one gets no answer of its own, with another: any may ask about any buyer, and what is refused
/// to one says nothing of the others.
async fn asked_by_any(work: &mut Work<'_>, structure: i64, plan: &Plan) -> Result<(), Failure> {
    let subject = work.claim.subject;
    let mut supplier = Supplier::of(work.database().await?, subject).await?;
    let mut asked_so_far = Vec::new();
    let mut earlier = None;
    loop {
        asked_so_far.push(supplier.id);
        let failure = match asked(work, structure, plan, supplier).await {
            Err(failure) if is_the_accounts(&failure) => failure,
            settled => return settled,
        };
        if let Failure::Api(error) = &failure {
            work.after_error(error).await?;
        }
        // What Chorus Pro said goes before what kept us from asking.
        let failure = match earlier {
            Some(said @ Failure::Api(_)) => said,
            _ => failure,
        };
        if asked_so_far.len() == MOST_ACCOUNTS {
            return Err(failure);
        }
        let client = work.database().await?;
        match Supplier::another_for(client, structure, &asked_so_far).await? {
            Some(next) => supplier = next,
            None => return Err(failure),
        }
        earlier = Some(failure);
        work.extend().await?;
    }
}

/// Whether another account may be answered where this one was not.
fn is_the_accounts(failure: &Failure) -> bool {
    match failure {
        Failure::Api(error) => matches!(error.rule().kind, Kind::Account | Kind::NotEntitled),
        Failure::Held { .. } | Failure::Credential(_) => true,
        _ => false,
    }
}

async fn asked(
    work: &mut Work<'_>,
    structure: i64,
    plan: &Plan,
    supplier: Supplier,
) -> Result<(), Failure> {
    let (_, account) = work.calling_as(supplier)?;
    if plan.is_due {
        let answer = ask::structure(work, &account, &plan.buyer).await?;
        record::structure(work, &plan.buyer, plan.asked_at, &answer).await?;
        tracing::info!(
            buyer = plan.buyer.identifier,
            found = answer.found.is_some(),
            "directory read"
        );
    }
    let fresh = work.tools.settings.pace().interval(REFRESHED_AFTER);
    let services = record::named(work, structure, &plan.buyer, fresh, plan.since).await?;
    for service in &services {
        details(work, &account, service, plan.asked_at).await?;
    }
    Ok(())
}

/// Asks what a service requires and reports.
pub(super) async fn details(
    work: &mut Work<'_>,
    account: &Account,
    service: &Named,
    asked_at: Timestamp,
) -> Result<(), Failure> {
    let answer = ask::service(work, account, service).await?;
    record::details(work, service, asked_at, answer).await
}

/// Asks about a buyer for a task that needs to know now.
pub(super) async fn structure(
    work: &mut Work<'_>,
    account: &Account,
    buyer: &Buyer,
    asked_at: Timestamp,
) -> Result<(), Failure> {
    let answer = ask::structure(work, account, buyer).await?;
    record::structure(work, buyer, asked_at, &answer).await
}

/// Whether invoices go on without an answer is decided here; else the task comes back. Gives the failure back where they do.
async fn without_answer(
    work: &mut Work<'_>,
    plan: &Plan,
    failure: Failure,
) -> Result<Failure, Failure> {
    let Some(silence) = Silence::of(&failure) else {
        return Err(failure);
    };
    let patience = work.tools.settings.pace().interval(PATIENCE);
    if !silence::unanswered(work, &silence, patience).await? {
        return Err(failure);
    }
    tracing::warn!(buyer = plan.buyer.identifier, error = %failure, "the directory gives no answer: invoices go on without one of today");
    if let Failure::Api(error) = &failure {
        work.after_error(error).await?;
    }
    Ok(failure)
}

async fn finish(work: &mut Work<'_>, plan: &Plan, again: Duration) -> Result<(), Failure> {
    let pace = work.tools.settings.pace();
    let (again, shortly) = (
        pace.jittered(again).as_secs_f64(),
        pace.interval(SHORTLY).as_secs_f64(),
    );
    let (task, lease, run_at) = (work.claim.id, work.claim.lease, work.claim.run_at);
    let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&run_at, Type::TIMESTAMPTZ),
        (&plan.created_at, Type::TIMESTAMPTZ),
        (&again, Type::FLOAT8),
        (&shortly, Type::FLOAT8),
    ];
    let client = work.database().await?;
    let row = failpoint::commit("finish", client.query_typed_one(FINISH, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    match row.try_get::<_, i64>(0).map_err(DatabaseError::from)? {
        0 => Err(Failure::LeaseLost),
        _ => Ok(()),
    }
}

impl Plan {
    async fn read(work: &mut Work<'_>) -> Result<Self, Failure> {
        let fresh = work.tools.settings.pace().interval(REFRESHED_AFTER);
        let (task, lease, fresh) = (work.claim.id, work.claim.lease, fresh.as_secs_f64());
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&task, Type::INT8),
            (&lease, Type::INT8),
            (&fresh, Type::FLOAT8),
        ];
        let row = work
            .database()
            .await?
            .query_typed_opt(PLAN, &parameters)
            .await
            .map_err(DatabaseError::from)?
            .ok_or(Failure::LeaseLost)?;
        let read = || -> Result<Self, tokio_postgres::Error> {
            Ok(Self {
                buyer: Buyer {
                    id_type: row.try_get("id_type")?,
                    identifier: row.try_get("identifier")?,
                },
                is_due: row.try_get("is_due")?,
                since: row.try_get("since")?,
                asked_at: row.try_get("asked_at")?,
                created_at: row.try_get("created_at")?,
            })
        };
        Ok(read().map_err(DatabaseError::from)?)
    }
}
