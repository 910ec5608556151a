//! What the agent needs at most, with a thousand invoices on their way.

use std::time::Duration;

use anyhow::Result;
use chorus_simulator::{Condition, Fault, Operation};

use crate::rows::Row;
use crate::stage::Stage;

/// Goal of the design, in MiB.
const GOAL: f64 = 100.0;

const INVOICES: i64 = 1_000;

/// Calls at once: each has a connection to PostgreSQL, of which the private cluster allows 400.
const WORKERS: u64 = 150;

/// A thousand invoices are deposited by 150 workers at once, each call half a second long, and then followed.
pub async fn measure(stage: &Stage) -> Result<Vec<Row>> {
    stage
        .database
        .insert_invoices(&stage.document, "A", INVOICES)
        .await?;
    stage
        .simulator
        .set_faults(vec![Fault::latency_ms(500).on(Operation::DeposerFlux)])?;
    let agent = stage
        .agent
        .clone()
        .set("CHORUS_AGENT_WORKERS", &WORKERS.to_string());
    let mut agent = agent.run()?;
    let last = Condition::posts().number(&format!("A-{INVOICES}"));
    stage
        .simulator
        .wait(&last.within(Duration::from_secs(300)))
        .await?;
    let deposited = "SELECT count(*) = 0 FROM chorus.invoice WHERE state IN ('ready', 'sending')";
    stage
        .database
        .until(deposited, Duration::from_secs(300))
        .await?;
    let peak = agent.peak_memory()?;
    stage.simulator.clear_faults();
    agent.terminate().await?;
    Ok(vec![Row::new(
        "agent, peak memory",
        "1000 invoices",
        peak,
        "MiB",
        "100 MiB",
        peak / GOAL,
    )])
}
