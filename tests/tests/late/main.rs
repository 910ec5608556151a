//! What must not be done late is not done late, however long it takes to get to Chorus Pro.

#[path = "../common/mod.rs"]
mod common;

mod door;

use anyhow::{Result, ensure};
use chorus_simulator::Operation;
use chorus_tests::fixture;
use common::Stage;
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

/// What the buyer does who has to be answered, and the answer.
const SUSPENDED_ONCE: [&str; 2] = ["SUSPENDUE=Justificatif absent", "MISE_EN_PAIEMENT"];
const COMPLETE: &str = "SELECT chorus.complete(id, 'Voici') FROM chorus.invoice";

/// Inserts an invoice and waits until its buyer has suspended it.
async fn suspended(stage: &Stage) -> Result<()> {
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(status = 'SUSPENDUE') FROM chorus.invoice")
        .await
}

/// Four and a half of the five seconds pass before the agent begins to connect. It has four for that.
const SLOW: &str = "1*sleep(4500)";

/// Lets the agent in when `late` is true; `committed` is before it stands before the shut door.
async fn let_in_late(stage: &Stage, door: &mut Door, committed: &str, late: &str) -> Result<()> {
    stage.until(committed).await?;
    door.until_somebody_waits().await?;
    stage.until(late).await?;
    door.open();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_does_not_leave_on_a_connection_that_stands_too_late() -> Result<()> {
    let Some((stage, mut door)) = stage("late", &[]).await? else {
        return Ok(());
    };
    let point = format!("submit.deposer/flux.before={SLOW}");
    let agent = stage.agent.clone().set("FAILPOINTS", &point).run()?;
    stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    door.shut().await?;
    stage.insert(&fixture("b2g.json")?).await?;
    let committed = "SELECT count(*) = 1 FROM chorus.deposit";
    let late = "SELECT bool_and(prepared_at < now() - interval '5.1 seconds') FROM chorus.deposit";
    let_in_late(&stage, &mut door, committed, late).await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let states = stage.deposits().await?;
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
async fn an_answer_to_a_buyer_does_not_leave_on_a_connection_that_stands_too_late() -> Result<()> {
    let Some((stage, mut door)) = stage("late_answer", &SUSPENDED_ONCE).await? else {
        return Ok(());
    };
    let point = format!("action.completer.before={SLOW}");
    let agent = stage.agent.clone().set("FAILPOINTS", &point).run()?;
    suspended(&stage).await?;
    door.shut().await?;
    let client = stage.database.connect().await?;
    client.execute(COMPLETE, &[]).await?;
    let committed = "SELECT bool_and(state = 'sent') FROM chorus.action";
    let late = "SELECT bool_and(sent_at < now() - interval '5.1 seconds') FROM chorus.action";
    let_in_late(&stage, &mut door, committed, late).await?;
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
    ensure!(
        agent.log().contains("too late to be sent safely"),
        "it came about in time\n{}",
        agent.log()
    );
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
async fn a_slow_way_to_chorus_pro_is_a_connection_that_does_not_come_about() -> Result<()> {
    let Some((stage, mut door)) = stage("slow", &[]).await? else {
        return Ok(());
    };
    let agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    door.shut().await?;
    stage.insert(&fixture("b2g.json")?).await?;
    // Not late, and not of unknown fate: nobody was reached, which is no error of the invoice, however often.
    stage
        .until(
            "SELECT count(*) > 2 AND bool_and(d.state = 'refused' AND d.answer ->> 'libelle' LIKE 'time-out%' AND i.state = 'ready' AND t.attempts = 0)
             FROM chorus.deposit d JOIN chorus.invoice i ON i.id = d.invoice_id JOIN chorus.task t ON t.invoice_id = i.id",
        )
        .await?;
    door.open();
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    ensure!(stage.simulator.ledger().posts.len() == 1, "{}", agent.log());
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_always_too_late_is_set_aside_and_says_why() -> Result<()> {
    let Some((stage, _door)) = stage("always_late", &SUSPENDED_ONCE).await? else {
        return Ok(());
    };
    // As long as a way to Chorus Pro on which nobody gets there in five seconds.
    let slow = stage
        .agent
        .clone()
        .set("FAILPOINTS", "action.completer.before=sleep(5100)");
    let mut agent = slow.run()?;
    suspended(&stage).await?;
    let client = stage.database.connect().await?;
    client.execute(COMPLETE, &[]).await?;
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
