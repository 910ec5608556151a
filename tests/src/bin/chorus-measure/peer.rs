//! graphile-worker, in a database of its own on the same server.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use chorus_tests::{Content, Database};
use tokio::process::Command;

/// Queues `jobs` empty jobs, does them with `workers`, and says how many a second that made.
pub async fn drain(folder: &Path, beside: &Database, workers: usize, jobs: i64) -> Result<f64> {
    let database = Database::create("graphile", Content::Extension)
        .await?
        .context("no cluster")?;
    let cluster = beside.cluster();
    let output = Command::new("node")
        .arg("drain.mjs")
        .arg(workers.to_string())
        .arg(jobs.to_string())
        .current_dir(folder)
        .env("PGHOST", &cluster.host)
        .env("PGPORT", cluster.port.to_string())
        .env("PGUSER", &cluster.user)
        .env("PGDATABASE", database.name())
        .kill_on_drop(true)
        .output()
        .await
        .context("cannot start node")?;
    ensure!(
        output.status.success(),
        "graphile-worker: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .with_context(|| format!("graphile-worker said {text}"))
}
