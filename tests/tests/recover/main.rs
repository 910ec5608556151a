//! Restored, copied, promoted: no database but the one that is recorded sends anything, until a person has let it recover.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod copies;
mod promotion;
mod restore;

use anyhow::{Context, Result, ensure};
use chorus_tests::{AgentSettings, fixture};
use common::Stage;
use serde_json::{Value, json};

/// The usual invoice under another number.
fn invoice(number: &str) -> Result<Value> {
    let mut doc = fixture("b2g.json")?;
    doc["series"] = json!("R");
    doc["code"] = json!(number);
    Ok(doc)
}

/// Where invoice `R-number` stands.
async fn state(stage: &Stage, number: &str) -> Result<String> {
    let client = stage.database.connect().await?;
    let number = format!("R-{number}");
    let row = client
        .query_opt(
            "SELECT state FROM chorus.invoice WHERE number = $1",
            &[&number],
        )
        .await?;
    Ok(row
        .with_context(|| format!("{number} is not there"))?
        .get(0))
}

/// Calls `chorus-agent recover`: what it printed, and whether the database may send now.
async fn recover(agent: &AgentSettings, arguments: &[&str]) -> Result<(String, bool)> {
    let mut call = vec!["recover"];
    call.extend(arguments);
    let output = agent.call(&call, "").await?;
    let said = String::from_utf8(output.stdout)?;
    let errors = String::from_utf8(output.stderr)?;
    ensure!(!errors.contains("chorus-agent: "), "{errors}");
    Ok((said + &errors, output.status.success()))
}
