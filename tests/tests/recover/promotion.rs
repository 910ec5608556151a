//! A synchronous standby takes over while the agent is at work.

use std::time::Duration;

use anyhow::{Result, ensure};
use chorus_simulator::{Condition, Delays, Fault, Operation};
use chorus_tests::{Server, fixture};

use super::{common, common::Stage, recover};

const INVOICES: i64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_synchronous_standby_promoted_under_load_sends_nothing_until_recovered_and_nothing_twice()
-> Result<()> {
    let Some(mut primary) = Server::new().await? else {
        return Ok(());
    };
    primary.start(&[]).await?;
    let database = primary.migrated("billing").await?;
    let mut standby = primary.standby().await?;
    standby.start(&[]).await?;
    let client = primary.connect("postgres").await?;
    for statement in [
        "ALTER SYSTEM SET synchronous_standby_names = '*'",
        "SELECT pg_reload_conf()",
    ] {
        client.batch_execute(statement).await?;
    }
    let mut stage = Stage::on(database, |config| {
        config.settings.duplicate_rule = false;
        config.settings.delays = Delays::all(Duration::from_millis(20));
    })
    .await?;
    stage
        .until("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
        .await?;
    // Slow enough that the crash meets deposits under way.
    stage
        .simulator
        .set_faults(vec![Fault::latency_ms(40).on(Operation::DeposerFlux)])?;
    stage
        .database
        .insert_invoices(&fixture("b2g.json")?, "P", INVOICES)
        .await?;
    // Both servers, as operators of such a pair write it.
    let both = |server: &Server| server.cluster().host.display().to_string();
    let address = format!(
        "host='{},{}' port=5432,5432 user=chorus_test_agent dbname=billing target_session_attrs=read-write",
        both(&primary),
        both(&standby)
    );
    stage.agent = stage.agent.set("CHORUS_DATABASE_URL", &address);
    let mut agent = stage.agent.run()?;
    stage
        .simulator
        .wait(&Condition::posts().at_least(20).within(common::PATIENCE))
        .await?;
    primary.crash().await?;
    standby.promote().await?;
    stage.database = standby.database("billing");
    common::eventually(|| agent.log().contains("other: timeline"), common::PATIENCE).await?;

    // Deposits that were under way have ended by now, whatever became of them: their worker is the one that says so, or waits with them.
    let (said, recovered) = recover(&stage.agent, &["--original-is-stopped"]).await?;
    ensure!(recovered, "{said}\n{}", agent.log());
    stage
        .until("SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    stage.audit().await?;
    let posts = stage.simulator.ledger().posts.len();
    ensure!(i64::try_from(posts)? == INVOICES, "{posts} posts");
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    Ok(())
}

/// The last moment: all that comes before a deposit has been seen to, and then another database is behind the connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_changes_between_the_check_and_the_commit_of_a_deposit_sends_nothing()
-> Result<()> {
    let Some(stage) = Stage::set("swapped", |_| {}).await? else {
        return Ok(());
    };
    stage.insert(&fixture("b2g.json")?).await?;
    let mut agent = stage
        .agent
        .clone()
        .set("FAILPOINTS", "submit.prepare.before=1*sleep(3000)")
        .run()?;
    stage
        .until("SELECT bool_and(state = 'sending') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    stage.become_another().await?;
    stage
        .until("SELECT bool_and(last_error LIKE '%chorus-agent recover%') FROM chorus.task WHERE kind = 'submit'")
        .await?;
    let row = client
        .query_one(
            "SELECT count(*), (SELECT array_agg(state) FROM chorus.invoice) FROM chorus.deposit",
            &[],
        )
        .await?;
    ensure!(row.get::<_, i64>(0) == 0 && row.get::<_, Vec<String>>(1) == ["ready"]);
    ensure!(stage.simulator.ledger().posts.is_empty());

    client
        .execute(
            "UPDATE chorus.installation SET timeline = timeline - 1",
            &[],
        )
        .await?;
    stage
        .until("SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    stage.audit().await
}
