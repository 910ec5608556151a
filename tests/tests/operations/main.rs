//! What an agent tells of itself, to those who look after it: `/livez`, `/readyz`, `/metrics`, its log, `chorus.health`.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod health;
mod listener;
mod log;

use anyhow::{Context, Result};
use chorus_tests::Agent;

/// Every invoice has arrived.
const ALL_ARRIVED: &str =
    "SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice";

/// Asks `path` of the agent's listener: status and body.
async fn ask(agent: &Agent, path: &str) -> Result<(u16, String)> {
    common::eventually(|| agent.operations().is_some(), common::PATIENCE).await?;
    let base = agent.operations().context("operations are served")?;
    // The client wants one even where it speaks plain HTTP; a second installation is refused and changes nothing.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let answer = reqwest::get(format!("{base}{path}")).await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}
