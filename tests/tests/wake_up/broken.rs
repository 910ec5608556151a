//! Connections that are cut, and a server that is.

use anyhow::{Result, ensure};
use chorus_simulator::Condition;
use chorus_tests::{Server, fixture};

use super::{ALL_ARRIVED, common, common::Stage};

const INVOICES: i64 = 40;

async fn insert_many(stage: &Stage) -> Result<()> {
    stage
        .database
        .insert_invoices(&fixture("b2g.json")?, "W", INVOICES)
        .await?;
    Ok(())
}

async fn posts(stage: &Stage, at_least: u64) -> Result<()> {
    let condition = Condition::posts()
        .at_least(at_least)
        .within(common::PATIENCE);
    stage.simulator.wait(&condition).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_backends_are_terminated_again_and_again_goes_on() -> Result<()> {
    let Some(stage) = Stage::set("terminated", |settings| settings.duplicate_rule = false).await?
    else {
        return Ok(());
    };
    insert_many(&stage).await?;
    let mut agent = stage.agent.run()?;
    let client = stage.database.connect().await?;
    for count in [5, 15, 25] {
        posts(&stage, count).await?;
        client
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
                &[],
            )
            .await?;
    }
    stage.until(ALL_ARRIVED).await?;
    ensure!(i64::try_from(stage.simulator.ledger().posts.len())? == INVOICES);
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_outlives_a_server_that_is_stopped_at_once_and_started_again() -> Result<()> {
    let Some(mut server) = Server::new().await? else {
        return Ok(());
    };
    server.start(&[]).await?;
    let database = server.migrated("billing").await?;
    let stage = Stage::on(database, |config| config.settings.duplicate_rule = false).await?;
    insert_many(&stage).await?;
    let mut agent = stage.agent.run()?;
    posts(&stage, 15).await?;
    server.crash().await?;
    common::eventually(
        || agent.log().contains("the database cannot be used"),
        common::PATIENCE,
    )
    .await?;
    server.start(&[]).await?;
    stage.until(ALL_ARRIVED).await?;
    ensure!(i64::try_from(stage.simulator.ledger().posts.len())? == INVOICES);
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    stage.audit().await
}
