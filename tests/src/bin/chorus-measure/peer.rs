//! graphile-worker, in a database of its own on the same server.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use chorus_tests::{Content, Database};
use tokio::process::Command;

/// The peer, installed in a folder. Its database stays for all rounds, as ours does: to drop one is a checkpoint, after which the rows of
/// the other cost more.
pub struct Peer {
    folder: PathBuf,
    database: Database,
}

impl Peer {
    /// With an empty database.
    pub async fn new(folder: PathBuf) -> Result<Self> {
        let database = Database::create("graphile", Content::Extension)
            .await?
            .context("no cluster")?;
        Ok(Self { folder, database })
    }

    /// Queues `jobs` empty jobs, does them with `workers`, and says how many a second that made.
    pub async fn drain(&self, workers: usize, jobs: i64) -> Result<f64> {
        let cluster = self.database.cluster();
        let output = Command::new("node")
            .arg("drain.mjs")
            .arg(workers.to_string())
            .arg(jobs.to_string())
            .current_dir(&self.folder)
            .env("PGHOST", &cluster.host)
            .env("PGPORT", cluster.port.to_string())
            .env("PGUSER", &cluster.user)
            .env("PGDATABASE", self.database.name())
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
}
