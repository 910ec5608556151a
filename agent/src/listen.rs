//! The connection that listens: a notification wakes the workers. Only a hint: polling is the truth.

use std::{future::poll_fn, time::Duration};

use tokio::sync::watch;
use tokio_postgres::AsyncMessage;
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, DatabaseError, Dialed},
    metrics,
    pace::Pace,
};

/// How often an idle connection is asked whether it is still there: a half-open socket says nothing by itself.
const PULSE: Duration = Duration::from_secs(9);

/// No answer within this time means that the connection is gone.
const PULSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Wakes the workers whenever something is queued. Connects again, with back-off, until `stop`.
pub async fn listen(
    database: Database,
    wake: watch::Sender<()>,
    stop: CancellationToken,
    pace: Pace,
) {
    let mut failures = 0;
    loop {
        let end = tokio::select! {
            () = stop.cancelled() => return,
            end = hear(&database, &wake, &mut failures) => end,
        };
        metrics::listening(false);
        let wait = pace.back_off(Duration::from_secs(1), Duration::from_secs(30), failures);
        failures += 1;
        match end {
            Ok(()) => tracing::warn!(
                seconds = wait.as_secs_f64(),
                "the listening connection was lost; polling goes on"
            ),
            Err(error) => {
                tracing::warn!(%error, seconds = wait.as_secs_f64(), "cannot listen for new tasks; polling goes on");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn hear(
    database: &Database,
    wake: &watch::Sender<()>,
    failures: &mut u32,
) -> Result<(), DatabaseError> {
    let Dialed {
        client,
        mut connection,
        ..
    } = database.impatient(PULSE_TIMEOUT).open().await?;
    let heard = wake.clone();
    // Polled beside the statements: without that, they would wait for their answers for ever.
    let messages = async move {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message? {
                heard.send_replace(());
            }
        }
        Ok(())
    };
    let pulse = async {
        client.batch_execute("LISTEN chorus").await?;
        // What was queued before LISTEN was never announced to us: read the queue now.
        wake.send_replace(());
        *failures = 0;
        metrics::listening(true);
        tracing::debug!("listening for new tasks");
        loop {
            tokio::time::sleep(PULSE).await;
            client.query_typed("SELECT 1", &[]).await?;
        }
    };
    tokio::select! {
        end = messages => end,
        end = pulse => end,
    }
}
