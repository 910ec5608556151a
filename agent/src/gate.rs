//! Before a claim: nothing is taken from a queue whose functions and tables belong to another release, nor from a copy of the database.
//!
//! Asked of each new connection: behind it may be another server than behind the one before. What is sent is guarded once more,
//! by the very statement that commits it (`chorus.may_send`).

use std::time::Duration;

use reqwest::Url;
use tokio_util::sync::CancellationToken;

use crate::{
    database::{DatabaseError, Session},
    installation::{Foreign, Installation},
    live::Live,
    progress,
    versions::{self, Unfit},
};

/// Why nothing is claimed.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// The releases do not fit.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The database is not the one that this installation deposits from.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// The database cannot be asked.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Whether the database behind `session` fits an agent that calls `api`; asked once per connection, and again where a reload changes `api`.
///
/// # Errors
/// It does not, or cannot be asked.
pub async fn pass(session: &mut Session, api: &Url) -> Result<(), Closed> {
    if session.is_admitted(api) {
        return Ok(());
    }
    let client = session.client().await?;
    versions::check(client).await?;
    Installation::read(client).await?.may_deposit(api)?;
    session.admit(api);
    Ok(())
}

/// Waits until the database can be used and fits this agent as it is configured then, or until `stop`; says in the log what it waits
/// for. Whether it fits.
pub async fn open(session: &mut Session, live: &Live, stop: &CancellationToken) -> bool {
    let mut changes = live.changes();
    let mut failures = 0;
    loop {
        changes.mark_unchanged();
        let tools = live.now();
        let Err(closed) = pass(session, &tools.api).await else {
            return true;
        };
        let pace = tools.settings.pace();
        let wait = pace.back_off(Duration::from_secs(1), Duration::from_secs(30), failures);
        failures += 1;
        progress::beat();
        tracing::warn!(
            reason = %closed,
            seconds = wait.as_secs_f64(),
            "the database cannot be used; nothing is claimed; trying again"
        );
        tokio::select! {
            () = stop.cancelled() => return false,
            _ = changes.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}
