//! The promise under SIGKILL: at most one processed deposit per number, and every row reaches its final state.

mod common;

use std::time::Duration;

use anyhow::{Result, ensure};
use chorus_simulator::{Condition, Delays, Fault, Operation, PAYING_BUYER};
use chorus_tests::fixture;
use common::Stage;

const INVOICES: i64 = 200;

/// Chorus Pro takes its time, integrates faster than the agent's window, and does not check for duplicates: a second sending shows.
async fn stage(label: &str) -> Result<Option<Stage>> {
    let Some(stage) = Stage::set(label, |settings| {
        settings.duplicate_rule = false;
        settings.delays = Delays::all(Duration::from_millis(20));
        settings.buyer_script = PAYING_BUYER.map(str::to_owned).to_vec();
    })
    .await?
    else {
        return Ok(None);
    };
    stage.simulator.set_faults(vec![
        // Processed, and the answer lost on the way.
        Fault::drop_after().on(Operation::DeposerFlux).times(10),
        // Slow enough that a kill meets calls under way.
        Fault::latency_ms(40).on(Operation::DeposerFlux),
    ])?;
    stage
        .database
        .insert_invoices(&fixture("b2g.json")?, "K", INVOICES)
        .await?;
    Ok(Some(stage))
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_killed_while_they_work_neither_send_twice_nor_lose_an_invoice() -> Result<()> {
    let Some(stage) = stage("crash").await? else {
        return Ok(());
    };
    for posts in [40, 120] {
        let mut agent = stage.agent.run()?;
        stage
            .simulator
            .wait(&Condition::posts().at_least(posts).within(common::PATIENCE))
            .await?;
        agent.kill().await?;
    }
    let mut agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'paid') FROM chorus.invoice")
        .await?;
    stage
        .until("SELECT count(*) = 0 FROM chorus.task WHERE kind IN ('submit', 'look_up', 'flux')")
        .await?;
    stage.audit().await?;
    let ledger = stage.simulator.ledger();
    ensure!(
        i64::try_from(ledger.posts.len())? == INVOICES,
        "{} posts for {INVOICES} numbers",
        ledger.posts.len()
    );
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    Ok(())
}

/// The auditor must be able to see what it looks for: with the planted defect, a lost answer is sent again without a look.
#[tokio::test(flavor = "multi_thread")]
async fn a_blind_resend_is_caught() -> Result<()> {
    let Some(mut stage) = stage("blind").await? else {
        return Ok(());
    };
    stage.agent = stage.agent.set("FAILPOINTS", "blind-resend=return");
    let _agent = stage.agent.run()?;
    stage
        .simulator
        .wait(
            &Condition::posts()
                .at_least(u64::try_from(INVOICES)? + 10)
                .within(common::PATIENCE),
        )
        .await?;
    let differences = stage.differences().await?;
    ensure!(
        differences
            .iter()
            .any(|difference| difference.ends_with("was processed 2 times")),
        "{differences:?}"
    );
    Ok(())
}

/// An agent that dies at `point`, and one that takes over: the invoice arrives once.
async fn die_at(point: &str) -> Result<()> {
    let Some(stage) = Stage::set("die", |settings| settings.duplicate_rule = false).await? else {
        return Ok(());
    };
    stage.insert(&fixture("b2g.json")?).await?;
    let mut dying = stage
        .agent
        .clone()
        .set("FAILPOINTS", &format!("{point}=return(kill)"))
        .run()?;
    let status = dying.wait().await?;
    ensure!(!status.success(), "{point} was never reached");
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let posts = stage.simulator.ledger().posts.len();
    ensure!(posts == 1, "{point}: {posts} posts");
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn death_after_the_commit_of_the_deposit_sends_once() -> Result<()> {
    die_at("submit.prepare.after").await
}

#[tokio::test(flavor = "multi_thread")]
async fn death_before_the_call_sends_once() -> Result<()> {
    die_at("submit.deposer/flux.before").await
}

#[tokio::test(flavor = "multi_thread")]
async fn death_after_the_call_sends_once() -> Result<()> {
    die_at("submit.deposer/flux.after").await
}

#[tokio::test(flavor = "multi_thread")]
async fn death_before_the_flux_number_is_committed_sends_once() -> Result<()> {
    die_at("submit.record.before").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_frozen_between_commit_and_call_does_not_send_late() -> Result<()> {
    let Some(stage) = Stage::set("frozen", |settings| settings.duplicate_rule = false).await?
    else {
        return Ok(());
    };
    stage.insert(&fixture("b2g.json")?).await?;
    // Longer than the five seconds within which a committed deposit must leave; once.
    let agent = stage
        .agent
        .clone()
        .set("FAILPOINTS", "submit.deposer/flux.before=1*sleep(6000)")
        .run()?;
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
    stage.audit().await
}
