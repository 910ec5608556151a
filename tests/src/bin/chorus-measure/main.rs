//! Measures the queue and the agent on a private cluster and prints rows of JSON; `cargo xtask bench` calls it.
//!
//! Everything is as in use: the agent's own statements, its release build, a Chorus Pro that answers at once.

mod claims;
mod inserts;
mod latency;
mod memory;
mod peer;
mod rows;
mod snapshot;
mod stage;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::rows::Row;
use crate::stage::Stage;

/// Invoices in the queue that is claimed from.
pub const QUEUE: i64 = 10_000;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(minutes), peer) = (arguments.next(), arguments.next()) else {
        bail!("usage: chorus-measure MINUTES-OF-THE-SNAPSHOT [FOLDER-OF-GRAPHILE-WORKER]");
    };
    let minutes: f64 = minutes.parse().context("minutes")?;
    let mut rows: Vec<Row> = Vec::new();

    let Some(stage) = Stage::set("measure").await? else {
        bail!("no cluster: call it through cargo xtask bench");
    };
    eprintln!("insert to POST");
    rows.extend(latency::measure(&stage).await?);
    eprintln!("memory of the agent");
    rows.extend(memory::measure(&stage).await?);
    eprintln!("inserting applications");
    rows.extend(inserts::measure(&stage).await?);
    drop(stage);

    let Some(stage) = Stage::set("claims").await? else {
        bail!("no cluster");
    };
    eprintln!("claim and complete");
    stage.fill(QUEUE).await?;
    rows.extend(claims::measure(&stage, peer.map(PathBuf::from)).await?);
    eprintln!("claims under a snapshot");
    rows.extend(snapshot::measure(&stage, Duration::from_secs_f64(60.0 * minutes)).await?);

    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}
