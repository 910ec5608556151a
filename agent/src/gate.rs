//! Before the first claim: nothing is taken from a queue whose functions and tables belong to another release.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{database::Session, pace::Pace, versions};

/// Waits until the database can be used and fits this agent, or until `stop`; says in the log what it waits for. Whether it fits.
pub async fn open(session: &mut Session, pace: Pace, stop: &CancellationToken) -> bool {
    let mut failures = 0;
    while let Err(unfit) = versions::check_with(session).await {
        let wait = pace.back_off(Duration::from_secs(1), Duration::from_secs(30), failures);
        failures += 1;
        tracing::warn!(
            reason = %unfit,
            seconds = wait.as_secs_f64(),
            "the database cannot be used; nothing is claimed; trying again"
        );
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep(wait) => {}
        }
    }
    true
}
