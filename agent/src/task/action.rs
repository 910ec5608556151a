//! Answers to a buyer, as people ask for them with `chorus.complete`, `chorus.recycle` and the like.
//!
//! The same discipline as for deposits: that the call is about to be made is committed before it is made. Where its
//! answer was lost, the next claim finds the action `sent`, and looks into the invoice's history before anything is
//! repeated: what left its trace there, one more than before the first call, is done. It looks when the call cannot arrive
//! any more: before, the absence of a trace would prove nothing.

use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work, deposit};
use crate::{
    chorus::{
        client::NotDone,
        error::{ApiError, Processed, Retry},
        wire::Done,
    },
    config::START_WITHIN,
    credential::Account,
    database::DatabaseError,
    failpoint,
    installation::environment_of,
    queue::release::Return,
    stopwatch::Stopwatch,
};

mod kind;
mod look;
mod record;
mod request;
mod routing;
mod upload;

use kind::Kind;
use look::Trace;
use request::Asked;

// The lease begins anew: the call, made twice where its token has run out, has to fit into it.
// What was there before the first call stays what every later look compares with. may_send: as where a deposit is committed.
const SENT: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 AND t.leased_until IS NOT NULL AND chorus.may_send($6)
    FOR UPDATE OF i, t
), longer AS (
    UPDATE chorus.task t SET leased_until = now() + make_interval(secs => $4) FROM held WHERE t.id = held.id
)
UPDATE chorus.action a
SET state = 'sent', sent_at = now(), events_before = coalesce(a.events_before, $5)
FROM held WHERE a.id = $3";

const LOST: &str = "the answer of Chorus Pro was lost: the call may still arrive there; then its history is read before the call is repeated";

const NOT_SENT: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
)
UPDATE chorus.action a SET state = 'queued', sent_at = NULL, events_before = NULL FROM held WHERE a.id = $3";

/// Does what was asked for about the invoice of the task.
pub(super) async fn act(work: &mut Work<'_>) -> Result<(), Failure> {
    let Some(asked) = Asked::read(work).await? else {
        return work.nothing_to_do().await;
    };
    if !asked.settling.is_zero() {
        return settle(work, &asked).await;
    }
    // A copy of the database answers nobody, as it deposits nothing.
    let (_, account) = work.supplier().await?;
    deposit::may_send(work).await?;
    let seen = look::look(work, &account, &asked).await?;
    match seen.trace {
        Trace::Done => return record::done(work, &asked).await,
        Trace::Overtaken(status) => return record::overtaken(work, &asked, &status).await,
        Trace::None => {}
    }
    if let Some(reason) = routing::refused(work, &account, &asked).await? {
        return record::misrouted(work, &asked, &reason).await;
    }
    let files = match asked.kind {
        Kind::Complete => match upload::all(work, &account, &asked).await {
            Ok(files) => files,
            Err(Failure::Api(error)) if error.rule().retry == Retry::Aside => {
                return record::refused(work, &asked, &error).await;
            }
            Err(failure) => return Err(failure),
        },
        _ => Vec::new(),
    };
    // Last of all: of a permit that lets one call through after an outage, nobody else has another.
    let request = asked.request(&files);
    let pass = work.permit(asked.kind.operation()).await?;
    let since = sent(work, &asked, seen.traces).await?;
    // Frozen in between, and thawed: somebody else may have it by now.
    let is_late = move || since.elapsed() > START_WITHIN;
    let (chorus, operation) = (&work.tools.chorus, asked.kind.operation());
    let outcome: Result<Done, _> = chorus
        .call_in_time(pass.caller, operation, &account, &request, is_late)
        .await;
    let error = match outcome {
        Ok(Done {}) => {
            work.told(&pass, None).await;
            return record::done(work, &asked).await;
        }
        Err(NotDone::TooLate) => {
            not_sent(work, &asked).await?;
            return Err(Failure::Late);
        }
        Err(NotDone::Api(error)) => error,
    };
    let concern = work.told(&pass, Some(&error)).await;
    let error = ApiError { concern, ..error };
    match (error.processed(), error.rule().retry) {
        (Processed::Unknown, _) => Err(error.into()),
        (Processed::No, Retry::Aside) => refused(work, &account, &asked, &error).await,
        (Processed::No, Retry::BackOff { .. }) => {
            not_sent(work, &asked).await?;
            Err(error.into())
        }
    }
}

/// This call was certainly not made or not done. An earlier one may still have been: forgetting this one would forget that one.
async fn not_sent(work: &mut Work<'_>, asked: &Asked) -> Result<(), Failure> {
    if asked.was_sent {
        return Ok(());
    }
    write(work, "not_sent", NOT_SENT, &[(&asked.id, Type::INT8)]).await
}

/// The call whose answer was lost may still be on its way: a look now would prove nothing.
async fn settle(work: &mut Work<'_>, asked: &Asked) -> Result<(), Failure> {
    work.give_back(&Return {
        wait: Some(asked.settling),
        counted: false,
        note: Some(LOST.into()),
    })
    .await
}

/// Chorus Pro says no: to the first call, or because an earlier one, whose answer was lost, had arrived after all.
async fn refused(
    work: &mut Work<'_>,
    account: &Account,
    asked: &Asked,
    error: &ApiError,
) -> Result<(), Failure> {
    if asked.was_sent {
        work.extend().await?;
        if look::look(work, account, asked).await?.trace == Trace::Done {
            return record::done(work, asked).await;
        }
    }
    record::refused(work, asked, error).await
}

/// Commits that the call is about to be made, with so many `traces` there already.
async fn sent(work: &mut Work<'_>, asked: &Asked, traces: i64) -> Result<Stopwatch, Failure> {
    let since = Stopwatch::start();
    let lease = work.tools.settings.lease().as_secs_f64();
    let environment = environment_of(&work.tools.api);
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&asked.id, Type::INT8),
        (&lease, Type::FLOAT8),
        (&traces, Type::INT8),
        (&environment, Type::TEXT),
    ];
    if let Err(failure) = write(work, "sent", SENT, &parameters).await {
        // Another database is there by now, or the task is not ours any more.
        deposit::may_send(work).await?;
        return Err(failure);
    }
    Ok(since)
}

/// One guarded statement, whose first parameters are task and lease.
async fn write(
    work: &mut Work<'_>,
    step: &str,
    statement: &str,
    rest: &[(&(dyn ToSql + Sync), Type)],
) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> =
        vec![(&task, Type::INT8), (&lease, Type::INT8)];
    parameters.extend_from_slice(rest);
    let client = work.database().await?;
    let changed = failpoint::commit(step, client.execute_typed(statement, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    if changed == 0 {
        return Err(Failure::LeaseLost);
    }
    Ok(())
}
