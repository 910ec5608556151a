//! From an application's INSERT to the POST at Chorus Pro, with the notification and without it.

use std::time::{Duration, Instant};

use anyhow::Result;
use chorus_simulator::Condition;
use serde_json::json;

use crate::rows::{Row, percentile};
use crate::stage::Stage;

/// Goal of the design for the 95th percentile with NOTIFY, in milliseconds.
const GOAL: f64 = 20.0;

const SAMPLES: u64 = 100;

/// One invoice at a time, inserted by a connection of the application's own.
pub async fn measure(stage: &Stage) -> Result<Vec<Row>> {
    let client = stage.database.connect().await?;
    let mut agent = stage.agent.run()?;
    // The first ones open connections, get a token and read the directory.
    sample(stage, "W", 20).await?;
    let mut rows = Vec::new();
    let mut notified = sample(stage, "N", SAMPLES).await?;
    client
        .batch_execute("ALTER TABLE chorus.task DISABLE TRIGGER notify")
        .await?;
    let mut polled = sample(stage, "P", SAMPLES).await?;
    client
        .batch_execute("ALTER TABLE chorus.task ENABLE TRIGGER notify")
        .await?;
    for (name, share) in [
        ("insert to POST p50", 0.50),
        ("insert to POST p95", 0.95),
        ("insert to POST p99", 0.99),
    ] {
        for (variant, times) in [("NOTIFY", &mut notified), ("poll 1 s", &mut polled)] {
            let value = percentile(times, share);
            rows.push(Row::new(name, variant, value, "ms", "20 ms", value / GOAL));
        }
    }
    agent.terminate().await?;
    Ok(rows)
}

async fn sample(stage: &Stage, series: &str, count: u64) -> Result<Vec<Duration>> {
    let client = stage.database.connect().await?;
    let mut times = Vec::new();
    for n in 1..=count {
        // Every phase of the agent's poll alike, and never while it is still busy with the one before.
        tokio::time::sleep(Duration::from_millis(150 + 37 * n % 1000)).await;
        let start = Instant::now();
        client
            .execute(
                "INSERT INTO chorus.invoice (doc) VALUES ($1::jsonb || $2)",
                &[
                    &stage.document,
                    &json!({ "series": series, "code": n.to_string() }),
                ],
            )
            .await?;
        let number = format!("{series}-{n}");
        stage
            .simulator
            .wait(
                &Condition::posts()
                    .number(&number)
                    .within(Duration::from_secs(60)),
            )
            .await?;
        times.push(start.elapsed());
    }
    Ok(times)
}
