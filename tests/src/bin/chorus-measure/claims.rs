//! Claim and complete, one task at a time, with 1, 2, 4 and 8 workers: ours beside graphile-worker.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use chorus_agent::queue::claim::claim;
use chorus_agent::queue::floor::Floors;
use chorus_agent::queue::{Kind, release};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::QUEUE;
use crate::peer::Peer;
use crate::rows::Row;
use crate::stage::Stage;

/// How long a claim lasts here: never used up.
const LEASE: Duration = Duration::from_secs(360);

/// The application whose breakers a claim asks about: there are none.
const APPLICATION: &str = "measured";

/// Each number of workers is measured so often; the medians count, of the rates and of their ratios.
const ROUNDS: usize = 9;

/// Both queues, in turn, on the same server.
pub async fn measure(stage: &Stage, graphile: Option<PathBuf>) -> Result<Vec<Row>> {
    let peer = match graphile {
        Some(folder) => Some(Peer::new(folder).await?),
        None => None,
    };
    let mut rows = Vec::new();
    for workers in [1_usize, 2, 4, 8] {
        let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (rate, _) = drain(stage, workers).await?;
            stage.queue().await?;
            ours.push(rate);
            if let Some(peer) = &peer {
                let their = peer.drain(workers, QUEUE).await?;
                theirs.push(their);
                ratios.push(rate / their);
            }
        }
        let variant = match workers {
            1 => "1 worker".to_owned(),
            _ => format!("{workers} workers"),
        };
        let (baseline, ratio) = match (median(&mut theirs), median(&mut ratios)) {
            (Some(theirs), Some(ratio)) => (format!("graphile {theirs:.0}/s"), ratio),
            _ => ("no peer here".to_owned(), 1.0),
        };
        let rate = median(&mut ours).unwrap_or_default();
        let row = Row::new("claim + complete", variant, rate, "1/s", baseline, ratio);
        rows.push(row);
    }
    Ok(rows)
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Does the whole queue with so many workers: tasks per second, and what each claim took.
pub async fn drain(stage: &Stage, workers: usize) -> Result<(f64, Vec<Duration>)> {
    let floors = Arc::new(Floors::new(Duration::from_secs(1)));
    let mut clients = Vec::new();
    for _ in 0..workers {
        clients.push(stage.database.connect().await?);
    }
    let agent = Uuid::new_v4();
    let start = Instant::now();
    let mut running = JoinSet::new();
    for client in clients {
        let floors = Arc::clone(&floors);
        running.spawn(async move {
            let mut times = Vec::new();
            loop {
                let began = Instant::now();
                let claimed =
                    claim(&client, Kind::History, agent, APPLICATION, LEASE, &floors).await?;
                times.push(began.elapsed());
                let Some(claimed) = claimed else { break };
                release::done(&client, &claimed).await?;
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(ended) = running.join_next().await {
        times.extend(ended??);
    }
    let seconds = start.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "some thousand")]
    let done = times.len().saturating_sub(workers) as f64;
    Ok((done / seconds, times))
}
