//! How many invoices a second applications commit, beside a plain table that gets the same bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;
use tokio::task::JoinSet;

use crate::rows::Row;
use crate::stage::Stage;

const APPLICATIONS: usize = 4;
const PERIOD: Duration = Duration::from_secs(5);

/// A commit for each invoice, from several connections.
pub async fn measure(stage: &Stage) -> Result<Vec<Row>> {
    let client = stage.database.connect().await?;
    client
        .batch_execute("CREATE TABLE plain (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), doc jsonb NOT NULL)")
        .await?;
    let plain = rate(stage, "INSERT INTO plain (doc) VALUES ($1::jsonb || $2)").await?;
    let ours = rate(
        stage,
        "INSERT INTO chorus.invoice (doc) VALUES ($1::jsonb || $2)",
    )
    .await?;
    Ok(vec![
        Row::new(
            "insert, plain table",
            "4 clients",
            plain,
            "1/s",
            "itself",
            1.0,
        ),
        Row::new(
            "insert, chorus.invoice",
            "4 clients",
            ours,
            "1/s",
            "plain table",
            ours / plain,
        ),
    ])
}

async fn rate(stage: &Stage, statement: &'static str) -> Result<f64> {
    let document = Arc::new(stage.document.clone());
    let mut running = JoinSet::new();
    let start = Instant::now();
    for application in 0..APPLICATIONS {
        let client = stage.database.connect().await?;
        let document = Arc::clone(&document);
        running.spawn(async move {
            let insert = client.prepare(statement).await?;
            let mut count = 0_u32;
            while start.elapsed() < PERIOD {
                count += 1;
                let number =
                    json!({ "series": format!("I{application}"), "code": count.to_string() });
                client.execute(&insert, &[&*document, &number]).await?;
            }
            anyhow::Ok(count)
        });
    }
    let mut committed = 0.0;
    while let Some(ended) = running.join_next().await {
        committed += f64::from(ended??);
    }
    Ok(committed / start.elapsed().as_secs_f64())
}
