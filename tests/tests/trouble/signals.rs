//! The agent's end: calls under way may finish, nothing new is begun, and no attempt is counted.

use std::os::unix::process::ExitStatusExt as _;

use anyhow::{Result, ensure};
use chorus_simulator::{Condition, Fault, Operation};

use crate::{
    common::{PATIENCE, eventually},
    scene::{Scene, invoice},
};

const ONE_WORKER: (&str, &str) = ("CHORUS_AGENT_WORKERS", "1");

/// A scene whose only worker has begun to deposit the first of three invoices, which meets `fault`.
async fn in_the_middle(
    label: &str,
    fault: Fault,
    settings: &[(&str, &str)],
) -> Result<Option<Scene>> {
    let Some(scene) = Scene::set(label, |_| {}, settings).await? else {
        return Ok(None);
    };
    scene
        .stage
        .simulator
        .set_faults(vec![fault.on(Operation::DeposerFlux)])?;
    scene.insert(&invoice()?, "A", 3).await?;
    let begun = Condition::requests(Operation::DeposerFlux).within(PATIENCE);
    scene.stage.simulator.wait(&begun).await?;
    Ok(Some(scene))
}

async fn states(scene: &Scene) -> Result<Vec<String>> {
    let row = scene
        .sql
        .query_one(
            "SELECT array_agg(state ORDER BY state) FROM chorus.invoice",
            &[],
        )
        .await?;
    Ok(row.get(0))
}

const LEFT_BEHIND: &str =
    "SELECT count(*) FROM chorus.task WHERE leased_until IS NOT NULL OR attempts > 0";

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_the_call_finish_and_begins_no_other() -> Result<()> {
    let slow = Fault::latency_ms(1_500);
    let Some(mut scene) = in_the_middle("sigterm", slow, &[ONE_WORKER]).await? else {
        return Ok(());
    };
    ensure!(
        scene.agent.terminate().await?.success(),
        "{}",
        scene.agent.log()
    );
    assert_eq!(states(&scene).await?, ["deposited", "ready", "ready"]);
    assert_eq!(scene.count(LEFT_BEHIND).await?, 0);
    assert_eq!(scene.stage.simulator.ledger().posts.len(), 1);
    let _next = scene.stage.agent.run()?;
    scene.all_arrive().await?;
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_finish_in_time_is_given_back_and_looked_for() -> Result<()> {
    let settings = [
        ONE_WORKER,
        ("CHORUS_AGENT_SHUTDOWN_SECONDS", "0.5"),
        ("CHORUS_AGENT_DEPOSIT_TIMEOUT_SECONDS", "200"),
        ("CHORUS_AGENT_LEASE_SECONDS", "211"),
    ];
    let Some(mut scene) =
        in_the_middle("shutdown", Fault::hang_after().times(1), &settings).await?
    else {
        return Ok(());
    };
    ensure!(
        scene.agent.terminate().await?.success(),
        "{}",
        scene.agent.log()
    );
    assert_eq!(states(&scene).await?, ["ready", "ready", "uncertain"]);
    assert_eq!(scene.count(LEFT_BEHIND).await?, 0);
    let _next = scene.stage.agent.run()?;
    scene.all_arrive().await?;
    assert_eq!(scene.stage.simulator.ledger().posts.len(), 3);
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() -> Result<()> {
    let settings = [
        ONE_WORKER,
        ("CHORUS_AGENT_SHUTDOWN_SECONDS", "200"),
        ("CHORUS_AGENT_DEPOSIT_TIMEOUT_SECONDS", "200"),
        ("CHORUS_AGENT_LEASE_SECONDS", "211"),
    ];
    let Some(mut scene) = in_the_middle("twice", Fault::hang(), &settings).await? else {
        return Ok(());
    };
    scene.agent.signal("TERM").await?;
    eventually(|| scene.agent.log().contains("stopping"), PATIENCE).await?;
    scene.agent.signal("TERM").await?;
    let status = scene.agent.wait().await?;
    assert_eq!((status.code(), status.signal()), (Some(130), None));
    Ok(())
}
