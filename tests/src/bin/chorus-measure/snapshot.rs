//! What a claim takes in a fresh queue, and after 100,000 completions that a snapshot elsewhere keeps from being cleaned up.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::rows::{Row, percentile};
use crate::stage::Stage;
use crate::{QUEUE, claims};

/// Completions under the snapshot.
const COMPLETIONS: i64 = 100_000;

/// Measures both with two workers; the snapshot is held for `at_least`, or as long as the completions take.
pub async fn measure(stage: &Stage, at_least: Duration) -> Result<Vec<Row>> {
    stage.empty().await?;
    stage.queue().await?;
    let (_, mut fresh) = claims::drain(stage, 2).await?;

    stage.empty().await?;
    let start = Instant::now();
    let holder = stage.database.connect().await?;
    holder
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM chorus.task")
        .await?;
    for _ in 0..COMPLETIONS / QUEUE {
        stage.queue().await?;
        claims::drain(stage, 2).await?;
    }
    tokio::time::sleep(at_least.saturating_sub(start.elapsed())).await;
    stage.queue().await?;
    let (_, mut held) = claims::drain(stage, 2).await?;
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    holder.batch_execute("COMMIT").await?;

    let mut rows = Vec::new();
    for (name, share) in [("claim p50", 0.50), ("claim p95", 0.95)] {
        let (before, after) = (percentile(&mut fresh, share), percentile(&mut held, share));
        rows.push(Row::new(name, "fresh", before, "ms", name, 1.0));
        rows.push(Row::new(
            name,
            format!("{minutes:.1} min"),
            after,
            "ms",
            "fresh",
            after / before,
        ));
    }
    Ok(rows)
}
