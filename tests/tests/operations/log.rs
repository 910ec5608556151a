//! The log: each line says what it is about, and none is needed to go on.

use anyhow::{Context, Result, ensure};
use chorus_simulator::{Fault, Operation};
use chorus_tests::fixture;
use serde_json::Value;

use super::{ALL_ARRIVED, common::Stage};

#[tokio::test(flavor = "multi_thread")]
async fn each_line_about_a_task_names_its_invoice_supplier_attempt_and_flux() -> Result<()> {
    let Some(stage) = Stage::set("spans", |_| {}).await? else {
        return Ok(());
    };
    stage.simulator.set_faults(vec![
        Fault::status(503)
            .on(Operation::ConsulterCrDetaille)
            .times(1),
    ])?;
    let id = stage.insert(&fixture("b2g.json")?).await?;
    let settings = stage.agent.clone().set("CHORUS_LOG_FORMAT", "json");
    let mut agent = settings.run()?;
    stage.until(ALL_ARRIVED).await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    let client = stage.database.connect().await?;
    let row = client
        .query_one("SELECT d.flux_number, i.supplier_id FROM chorus.deposit d JOIN chorus.invoice i ON i.id = d.invoice_id", &[])
        .await?;
    let (flux, supplier): (String, i64) = (row.get(0), row.get(1));

    let log = agent.log();
    let span_of = |message: &str| -> Result<Value> {
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut found = lines.filter(|line| line["fields"]["message"] == message);
        let line = found
            .next()
            .with_context(|| format!("no line says {message:?}:\n{log}"))?;
        Ok(line["span"].clone())
    };
    let deposited = span_of("deposited")?;
    ensure!(
        deposited["invoice"] == id.to_string() && deposited["supplier"] == supplier,
        "{deposited}"
    );
    ensure!(
        deposited["flux"] == flux && deposited["attempt"] == 1 && deposited["kind"] == "submit",
        "{deposited}"
    );
    let failed = span_of("task failed")?;
    ensure!(
        failed["flux"] == flux && failed["kind"] == "flux" && failed["invoice"] == id.to_string(),
        "{failed}"
    );
    let followed = span_of("followed")?;
    ensure!(
        followed["kind"] == "follow" && followed["supplier"] == supplier,
        "{followed}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_log_cannot_be_written_deposits_all_the_same() -> Result<()> {
    let Some(stage) = Stage::set("full_disk", |settings| settings.duplicate_rule = false).await?
    else {
        return Ok(());
    };
    // Errors are logged too, and cannot be either.
    stage.simulator.set_faults(vec![
        Fault::status(503)
            .on(Operation::ConsulterCrDetaille)
            .times(2),
    ])?;
    stage.insert(&fixture("b2g.json")?).await?;
    let settings = stage.agent.clone().set("CHORUS_LOG_FILTER", "debug");
    let mut agent = settings.run_without_log()?;
    stage.until(ALL_ARRIVED).await?;
    ensure!(
        agent.terminate().await?.success(),
        "it ended in another way than it was asked to"
    );
    let client = stage.database.connect().await?;
    let agents: i64 = client
        .query_one("SELECT count(*) FROM chorus.agent", &[])
        .await?
        .get(0);
    ensure!(agents == 1 && stage.simulator.ledger().posts.len() == 1);
    stage.audit().await
}
