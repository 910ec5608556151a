//! What must not be done late is not done late, also by an agent that is stopped while it connects to Chorus Pro.

#[path = "../common/mod.rs"]
mod common;

mod door;

use anyhow::{Result, ensure};
use chorus_simulator::Operation;
use chorus_tests::{Agent, fixture};
use common::{PATIENCE, Stage, eventually};
use door::Door;

/// A stage with a door before Chorus Pro, and one worker: its questions go through one connection, each call that is made once through one
/// of its own. Calls may take longer than the test.
async fn stage(label: &str, script: &[&str]) -> Result<Option<(Stage, Door)>> {
    let script: Vec<String> = script.iter().map(|&status| status.to_owned()).collect();
    let stage = Stage::set(label, |settings| {
        settings.duplicate_rule = false;
        settings.buyer_script = script;
    });
    let Some(mut stage) = stage.await? else {
        return Ok(None);
    };
    let door = Door::before(&stage.simulator)?;
    for (name, value) in [
        ("CHORUS_PISTE_API_URL", door.url()?.as_str()),
        ("CHORUS_AGENT_WORKERS", "1"),
        ("CHORUS_AGENT_CONNECT_TIMEOUT_SECONDS", "50"),
        ("CHORUS_AGENT_TIMEOUT_SECONDS", "50"),
        ("CHORUS_AGENT_DEPOSIT_TIMEOUT_SECONDS", "50"),
        ("CHORUS_AGENT_LEASE_SECONDS", "160"),
    ] {
        stage.agent = stage.agent.set(name, value);
    }
    Ok(Some((stage, door)))
}

/// Stops the agent when `committed` is true and it stands before the shut door, until `late` is true; then it is let in, and goes on.
async fn stop_until(
    stage: &Stage,
    door: &mut Door,
    agent: &Agent,
    committed: &str,
    late: &str,
) -> Result<()> {
    stage.until(committed).await?;
    door.until_somebody_waits().await?;
    agent.signal("STOP").await?;
    eventually(|| agent.is_stopped(), PATIENCE).await?;
    stage.until(late).await?;
    door.open();
    door.until_nobody_waits().await?;
    agent.signal("CONT").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_does_not_leave_an_agent_that_was_stopped_while_it_connected() -> Result<()> {
    let Some((stage, mut door)) = stage("late", &[]).await? else {
        return Ok(());
    };
    let agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    door.shut().await?;
    stage.insert(&fixture("b2g.json")?).await?;
    let committed = "SELECT count(*) = 1 FROM chorus.deposit";
    let late = "SELECT bool_and(prepared_at < now() - interval '6 seconds') FROM chorus.deposit";
    stop_until(&stage, &mut door, &agent, committed, late).await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    let states: Vec<String> = client
        .query_one(
            "SELECT array_agg(state ORDER BY prepared_at) FROM chorus.deposit",
            &[],
        )
        .await?
        .get(0);
    ensure!(
        states == ["abandoned", "integrated"],
        "{states:?}\n{}",
        agent.log()
    );
    ensure!(stage.simulator.ledger().posts.len() == 1);
    // What was not sent left no row of a call; it would have been written before the other.
    stage
        .until("SELECT count(*) = 1 AND bool_and(http = 200) FROM chorus.api_call WHERE operation LIKE '%deposer/flux'")
        .await?;
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_buyer_does_not_leave_an_agent_that_was_stopped_while_it_connected()
-> Result<()> {
    let script = ["SUSPENDUE=Justificatif absent", "MISE_EN_PAIEMENT"];
    let Some((stage, mut door)) = stage("late_answer", &script).await? else {
        return Ok(());
    };
    let agent = stage.agent.run()?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(status = 'SUSPENDUE') FROM chorus.invoice")
        .await?;
    door.shut().await?;
    let client = stage.database.connect().await?;
    client
        .execute(
            "SELECT chorus.complete(id, 'Voici') FROM chorus.invoice",
            &[],
        )
        .await?;
    let committed = "SELECT bool_and(state = 'sent') FROM chorus.action";
    let late = "SELECT bool_and(sent_at < now() - interval '6 seconds') FROM chorus.action";
    stop_until(&stage, &mut door, &agent, committed, late).await?;
    stage
        .until("SELECT bool_and(state = 'done') FROM chorus.action")
        .await?;
    let row = client
        .query_one(
            "SELECT answered_at - sent_at < interval '5 seconds', answered_at - requested_at < interval '45 seconds' FROM chorus.action",
            &[],
        )
        .await?;
    let (in_time, at_once): (bool, bool) = (row.get(0), row.get(1));
    ensure!(in_time, "the call that was late was made\n{}", agent.log());
    // Had it been taken for a call whose answer was lost, it would have waited as long as that could still arrive.
    ensure!(
        at_once,
        "it was not known that it was not made\n{}",
        agent.log()
    );
    let ledger = stage.simulator.ledger();
    ensure!(ledger.actions_of(Operation::Completer).count() == 1);
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_always_too_late_is_set_aside_and_says_why() -> Result<()> {
    let script = ["SUSPENDUE=Justificatif absent", "MISE_EN_PAIEMENT"];
    let Some((stage, _door)) = stage("always_late", &script).await? else {
        return Ok(());
    };
    // As long as a way to Chorus Pro on which nobody gets there in five seconds.
    let slow = stage
        .agent
        .clone()
        .set("FAILPOINTS", "action.completer.before=sleep(5100)");
    let mut agent = slow.run()?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(status = 'SUSPENDUE') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    client
        .execute(
            "SELECT chorus.complete(id, 'Voici') FROM chorus.invoice",
            &[],
        )
        .await?;
    stage
        .until("SELECT bool_or(kind = 'action' AND run_at = 'infinity') FROM chorus.task")
        .await?;
    let row = client
        .query_one(
            "SELECT a.state, t.reason_en FROM chorus.action a, chorus.todo t",
            &[],
        )
        .await?;
    let (state, reason): (&str, &str) = (row.get(0), row.get(1));
    ensure!(state == "queued", "{state}");
    ensure!(reason.contains("too late to be sent safely"), "{reason}");
    let completed = || {
        let ledger = stage.simulator.ledger();
        ledger.actions_of(Operation::Completer).count()
    };
    ensure!(completed() == 0, "nothing was sent");
    ensure!(agent.terminate().await?.success(), "{}", agent.log());

    let _agent = stage.agent.run()?;
    client
        .execute(
            "SELECT chorus.retry(id) FROM chorus.task WHERE kind = 'action'",
            &[],
        )
        .await?;
    stage
        .until("SELECT bool_and(state = 'done') FROM chorus.action")
        .await?;
    ensure!(completed() == 1);
    stage.audit().await
}
