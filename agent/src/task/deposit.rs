//! Depositing, in three steps: commit the bytes, send them, commit the answer.
//!
//! The bytes are committed before they leave, so no attempt is ever forgotten. They leave within five seconds of that
//! commit and well inside the lease, or not at all: an agent that was frozen and thaws cannot send late.

use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{Failure, Work};
use crate::{
    chorus::error::{ApiError, Kind, Processed},
    config::{LEASE_MARGIN, START_WITHIN},
    credential::Account,
    database::DatabaseError,
    failpoint,
    installation::Installation,
    stopwatch::Stopwatch,
};

mod record;

/// Chorus Pro's limit on a file that is not compressed.
const LARGEST: usize = 10 << 20;

// The document is rendered once, in a fenced CTE: folded into the list below, it would be rendered for each column.
// After a deposit that was lost the same bytes go out again, however the renderer has changed since.
// The lease must have room for the whole POST, so that no reaper can come between this statement and the answer.
const PREPARE: &str = "
WITH held AS MATERIALIZED (
    SELECT i.* FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 AND t.leased_until > now() + make_interval(secs => $3) AND i.state = 'sending'
    FOR UPDATE OF i, t
), bytes AS MATERIALIZED (
    SELECT coalesce(
        (SELECT d.content FROM chorus.deposit d WHERE d.invoice_id = held.id AND d.state = 'lost' ORDER BY d.prepared_at LIMIT 1),
        convert_to(chorus.render_cii(held.doc)::text, 'UTF8')) AS content
    FROM held
)
INSERT INTO chorus.deposit (invoice_id, content, sha256, total_without_tax, total_tax, total_with_tax, amount_due, lease)
SELECT held.id, bytes.content, encode(sha256(bytes.content), 'hex'),
    held.total_without_tax, held.total_tax, held.total_with_tax, held.amount_due, $2
FROM held, bytes
RETURNING id, file_name, content";

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
    NotSent { why: &'static str, for_good: bool },
    Unknown(ApiError),
}

/// Deposits the invoice of the task, whose state is `sending` already.
pub(super) async fn submit(work: &mut Work<'_>) -> Result<(), Failure> {
    let api = work.tools.api.clone();
    let (_, account) = work.supplier().await?;
    Installation::read(work.database().await?)
        .await?
        .may_deposit(&api)?;
    // What could take long comes before the commit that starts the clock.
    work.permit().await?;
    work.tools.chorus.token().await?;

    let deposit = prepare(work).await?;
    failpoint::reach("after-deposit-commit");
    let answer = send(work, &account, &deposit).await;
    failpoint::reach("after-post");
    record::record(work, &deposit, &answer).await
}

async fn prepare(work: &mut Work<'_>) -> Result<Prepared, Failure> {
    let room = (work.tools.settings.deposit_timeout() + START_WITHIN).as_secs_f64();
    let (task, lease) = (work.claim.id, work.claim.lease);
    let since = Stopwatch::start();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&room, Type::FLOAT8),
    ];
    let row = match work
        .database()
        .await?
        .query_typed_opt(PREPARE, &parameters)
        .await
        .map_err(DatabaseError::from)
    {
        Ok(Some(row)) => row,
        // Waiting for the permit took too much of the lease, or it is not ours any more.
        Ok(None) => return Err(Failure::Queue(Duration::ZERO)),
        // The document cannot be rendered as it is, and will not be by trying again.
        Err(error) if error.is_about_data() => return Err(Failure::Hopeless(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let read = || -> Result<Prepared, tokio_postgres::Error> {
        Ok(Prepared {
            id: row.try_get("id")?,
            file_name: row.try_get("file_name")?,
            content: row.try_get("content")?,
            since,
        })
    };
    Ok(read().map_err(DatabaseError::from)?)
}

async fn send(work: &Work<'_>, account: &Account, deposit: &Prepared) -> Answer {
    if deposit.content.len() > LARGEST {
        return Answer::NotSent {
            why: "the invoice is larger than the 10 MB that Chorus Pro takes: remove or shrink its attachments",
            for_good: true,
        };
    }
    let chorus = &work.tools.chorus;
    for last in [false, true] {
        let token = match chorus.token().await {
            Ok(token) => token,
            Err(error) => return Answer::Refused(error),
        };
        failpoint::reach("before-post");
        let room = work.tools.settings.deposit_timeout() + LEASE_MARGIN / 4;
        if deposit.since.elapsed() > START_WITHIN
            || work.claim.since.elapsed() + room > work.tools.settings.lease()
        {
            return Answer::NotSent {
                why: "too late to be sent safely: prepared again",
                for_good: false,
            };
        }
        match chorus
            .deposit(account, &token, &deposit.file_name, &deposit.content)
            .await
        {
            Ok(number) => return Answer::Accepted(number),
            Err(error) if error.rule().kind == Kind::Account && !last => {
                chorus.refresh(&token).await
            }
            Err(error) if error.rule().processed == Processed::No => return Answer::Refused(error),
            Err(error) => return Answer::Unknown(error),
        }
    }
    Answer::NotSent {
        why: "two tokens in a row were refused",
        for_good: false,
    }
}
