//! Connections that look alive and are not: nothing comes back, nothing is closed.

use anyhow::{Result, ensure};
use chorus_simulator::{Condition, Fault, Operation};
use chorus_tests::fixture;

use super::{ALL_ARRIVED, AT_REST, common, common::Stage, proxy::Proxy};

async fn stage(label: &str) -> Result<Option<(Stage, Proxy)>> {
    let Some(mut stage) = Stage::set(label, |settings| settings.duplicate_rule = false).await?
    else {
        return Ok(None);
    };
    let proxy = Proxy::start(&stage.database).await?;
    stage.agent = stage
        .agent
        .set(
            "CHORUS_DATABASE_URL",
            &proxy.url(&stage.database, "chorus_test_agent"),
        )
        .set("CHORUS_DATABASE_TIMEOUT_SECONDS", "3");
    Ok(Some((stage, proxy)))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_agent_notices_that_nobody_answers_and_works_on() -> Result<()> {
    let Some((stage, proxy)) = stage("half_open").await? else {
        return Ok(());
    };
    let mut agent = stage.agent.run()?;
    stage.until(AT_REST).await?;
    let before = proxy.accepted();
    proxy.fall_silent();
    stage.insert(&fixture("b2g.json")?).await?;
    stage.until(ALL_ARRIVED).await?;
    ensure!(
        agent.log().contains("database.timeout_seconds"),
        "{}",
        agent.log()
    );
    // So has the connection that listens, by its pulse.
    let noticed = || {
        let log = agent.log();
        log.contains("the listening connection was lost") || log.contains("cannot listen")
    };
    common::eventually(noticed, common::PATIENCE).await?;
    ensure!(proxy.accepted() > before, "{}", agent.log());
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_whose_record_meets_silence_is_recorded_or_looked_for_and_sent_once() -> Result<()>
{
    let Some((stage, proxy)) = stage("half_done").await? else {
        return Ok(());
    };
    stage
        .simulator
        .set_faults(vec![Fault::latency_ms(500).on(Operation::DeposerFlux)])?;
    stage.insert(&fixture("b2g.json")?).await?;
    let mut agent = stage.agent.run()?;
    // Processed over there; its answer is on the way when the connection to PostgreSQL falls silent.
    stage.simulator.wait(&Condition::posts()).await?;
    proxy.fall_silent();
    stage.until(ALL_ARRIVED).await?;
    ensure!(stage.simulator.ledger().posts.len() == 1);
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    stage.audit().await
}
