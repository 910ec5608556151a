//! Stopping: the first signal lets running calls finish, the second ends the process.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Exit status after a second signal, as a shell reports SIGINT.
const ABORTED: i32 = 130;

/// A token that SIGTERM or SIGINT cancels; a second signal ends the process at once.
///
/// # Errors
/// The operating system refuses the handlers.
pub fn on_signal() -> std::io::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        let mut signals = 0;
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            signals += 1;
            if signals > 1 {
                tracing::warn!(
                    "second signal: ended at once; what was on its way will be looked for at the next start"
                );
                std::process::exit(ABORTED);
            }
            tracing::info!("stopping: running calls may finish, nothing new is claimed");
            stop.cancel();
        }
    });
    Ok(token)
}
