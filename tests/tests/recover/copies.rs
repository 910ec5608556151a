//! Copies for tests: of a database within its cluster, and of a server's files.

use anyhow::{Result, ensure};
use chorus_simulator::Operation;
use chorus_tests::{Database, Server};

use super::{common, common::Stage, invoice, state};

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_with_the_originals_credentials_sends_nothing() -> Result<()> {
    let Some(stage) = Stage::set("original", |_| {}).await? else {
        return Ok(());
    };
    stage.insert(&invoice("1")?).await?;
    let name = format!("clone_of_{}", stage.database.name());
    let cluster = stage.database.cluster().clone();
    let maintenance = Database::existing(cluster.clone(), "postgres")
        .connect()
        .await?;
    maintenance
        .batch_execute(&format!(
            "CREATE DATABASE {name} TEMPLATE {}",
            stage.database.name()
        ))
        .await?;
    let clone = Database::existing(cluster, &name);
    let settings = stage
        .agent
        .clone()
        .set("CHORUS_DATABASE_URL", &common::agent_url(&clone));
    let mut agent = settings.run()?;
    common::eventually(|| agent.log().contains("other: database"), common::PATIENCE).await?;
    let once = settings.call(&["once"], "").await?;
    ensure!(!once.status.success(), "{once:?}");
    let requests = stage.simulator.ledger().operations;
    ensure!(requests.is_empty(), "not even asked: {requests:?}");
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    maintenance
        .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await?;

    // The original is not concerned.
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_files_on_the_same_machine_sends_nothing() -> Result<()> {
    let Some(mut server) = Server::new().await? else {
        return Ok(());
    };
    server.start(&[]).await?;
    let mut stage = Stage::on(server.migrated("billing").await?, |_| {}).await?;
    stage.insert(&invoice("1")?).await?;
    server.shut_down().await?;
    let mut copy = server.copy().await?;
    copy.start(&[]).await?;
    let copied = copy.database("billing");
    let original = stage.agent.clone();
    stage.agent = original
        .clone()
        .set("CHORUS_DATABASE_URL", &common::agent_url(&copied));
    stage.database = copied;
    let mut agent = stage.agent.run()?;
    common::eventually(
        || agent.log().contains("other: directory"),
        common::PATIENCE,
    )
    .await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    ensure!(state(&stage, "1").await? == "ready");
    ensure!(stage.simulator.ledger().requests(Operation::DeposerFlux) == 0);

    // A restart is no copy: the original goes on.
    server.start(&[]).await?;
    stage.database = server.database("billing");
    let _agent = original.run()?;
    stage
        .until("SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    stage.audit().await
}
