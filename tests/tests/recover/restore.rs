//! `pg_dump` with the agent stopped, and restored into a new cluster.

use std::time::Duration;

use anyhow::{Result, ensure};
use chorus_simulator::Condition;
use chorus_tests::{Server, finish};

use super::{common, common::Stage, invoice, recover, state};

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_sends_nothing_until_recover_has_looked_for_what_its_original_sent()
-> Result<()> {
    // A second sending would show: Chorus Pro does not check for duplicates.
    let Some(mut stage) = Stage::set("dumped", |settings| settings.duplicate_rule = false).await?
    else {
        return Ok(());
    };
    let Some(mut server) = Server::new().await? else {
        return Ok(());
    };
    stage.insert(&invoice("SENT")?).await?;
    let mut agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());

    // The dump knows these as ready; the original sends them afterwards, and one that the dump does not know.
    for number in ["LATER-1", "LATER-2"] {
        stage.insert(&invoice(number)?).await?;
    }
    let folder = tempfile::tempdir()?;
    let dump = folder.path().join("dump");
    let mut pg_dump = server.client("pg_dump", &stage.database);
    pg_dump
        .arg("--format=custom")
        .arg(format!("--dbname={}", stage.database.name()));
    pg_dump.arg("--file").arg(&dump);
    finish(pg_dump).await?;
    stage.insert(&invoice("UNKNOWN")?).await?;
    let mut agent = stage.agent.run()?;
    stage
        .until(
            "SELECT count(*) = 4 AND bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice",
        )
        .await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    let sent = stage.simulator.ledger();
    ensure!(sent.posts.len() == 4, "{:?}", sent.posts);

    // Roles first, as the manual says.
    server.start(&[]).await?;
    let restored = server.empty("restored").await?;
    server.agent(&["migrate", "--roles"], &restored).await?;
    let mut pg_restore = server.client("pg_restore", &restored);
    pg_restore
        .args(["--exit-on-error", "--dbname=restored"])
        .arg(&dump);
    finish(pg_restore).await?;
    common::make_agent_role(&restored).await?;
    stage.agent = stage
        .agent
        .set("CHORUS_DATABASE_URL", &common::agent_url(&restored));
    stage.database = restored;
    stage.insert(&invoice("NEW")?).await?;

    // An agent waits, and says why; nothing is asked of Chorus Pro, let alone sent.
    let mut agent = stage.agent.run()?;
    common::eventually(
        || agent.log().contains("chorus-agent recover"),
        common::PATIENCE,
    )
    .await?;
    ensure!(
        agent.log().contains("other: cluster, database"),
        "{}",
        agent.log()
    );
    let once = stage.agent.call(&["once"], "").await?;
    ensure!(!once.status.success(), "{once:?}");
    let check = stage.agent.call(&["check"], "").await?;
    ensure!(
        String::from_utf8_lossy(&check.stdout).contains("KO  installation"),
        "{check:?}"
    );
    let (said, recovered) = recover(&stage.agent, &[]).await?;
    ensure!(
        !recovered
            && said.contains("3 invoices are ready")
            && said.contains("--original-is-stopped"),
        "{said}"
    );
    ensure!(state(&stage, "LATER-1").await? == "ready");
    ensure!(stage.simulator.ledger().posts.len() == 4);

    let (said, recovered) = recover(&stage.agent, &["--original-is-stopped"]).await?;
    ensure!(recovered, "{said}");
    ensure!(
        said.contains("2 are integrated") && said.contains("1 are uncertain"),
        "{said}"
    );
    ensure!(
        stage.simulator.ledger().posts.len() == 4,
        "recover sends nothing"
    );
    let (said, recovered) = recover(&stage.agent, &["--original-is-stopped"]).await?;
    ensure!(recovered && said.contains("nothing to recover"), "{said}");

    // The agent that waited goes on by itself. What was not found is sent when the window has passed.
    stage
        .until(
            "SELECT count(*) = 4 AND bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice",
        )
        .await?;
    ensure!(
        stage.simulator.ledger().posts.len() == 5,
        "{:?}",
        stage.simulator.ledger().posts
    );
    let differences = stage.differences().await?;
    ensure!(
        differences.len() == 1 && differences[0].contains("R-UNKNOWN"),
        "only what has no row here is in none: {differences:?}"
    );

    // And that is taken in on demand, as recover said.
    let client = stage.database.connect().await?;
    client
        .execute(
            "SELECT chorus.adopt(id, number => 'R-UNKNOWN') FROM chorus.supplier",
            &[],
        )
        .await?;
    stage
        .until("SELECT count(*) = 1 FROM chorus.invoice WHERE number = 'R-UNKNOWN' AND chorus_id IS NOT NULL")
        .await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_chorus_pro_has_otherwise_is_blocked_and_an_interrupted_recover_goes_on() -> Result<()>
{
    let Some(stage) = Stage::set("interrupted", |settings| settings.duplicate_rule = false).await?
    else {
        return Ok(());
    };
    for number in ["1", "2", "3"] {
        stage.insert(&invoice(number)?).await?;
    }
    let mut agent = stage.agent.run()?;
    stage
        .simulator
        .wait(&Condition::posts().at_least(3))
        .await?;
    stage
        .until("SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());

    // As a copy taken before those deposits would have it: nothing is known of them, and one amount is another.
    let client = stage.database.connect().await?;
    client
        .batch_execute(
            "UPDATE chorus.installation SET timeline = timeline - 1;
             ALTER TABLE chorus.status_event DISABLE TRIGGER append_only; DELETE FROM chorus.status_event;
             ALTER TABLE chorus.status_event ENABLE TRIGGER append_only;
             DELETE FROM chorus.deposit; DELETE FROM chorus.task WHERE invoice_id IS NOT NULL;
             ALTER TABLE chorus.invoice DISABLE TRIGGER transition;
             UPDATE chorus.invoice SET state = 'ready', status = NULL, status_at = NULL, chorus_id = NULL;
             UPDATE chorus.invoice SET amount_due = amount_due + 1 WHERE number = 'R-2';
             ALTER TABLE chorus.invoice ENABLE TRIGGER transition;
             INSERT INTO chorus.task (kind, invoice_id) SELECT 'submit', id FROM chorus.invoice",
        )
        .await?;

    // Chorus Pro is down: nothing can be looked for, so nothing is recorded.
    stage.simulator.set_faults(vec![
        chorus_simulator::Fault::status(503).on(chorus_simulator::Operation::RechercherFournisseur),
    ])?;
    let (said, recovered) = recover(&stage.agent, &["--original-is-stopped"]).await?;
    ensure!(
        !recovered && said.contains("could not be looked for"),
        "{said}"
    );
    ensure!(
        state(&stage, "1").await? == "uncertain",
        "in doubt for good"
    );
    stage.simulator.clear_faults();
    // The person comes again when the breaker, which the failures opened, lets a call through.
    stage
        .until("SELECT NOT EXISTS (SELECT FROM chorus.api_breaker WHERE probe_at > now())")
        .await?;
    // Killed in the middle: what it had claimed is nobody's.
    let dying = stage
        .agent
        .clone()
        .set("FAILPOINTS", "recover.looked.before=return(kill)");
    let output = dying
        .call(&["recover", "--original-is-stopped"], "")
        .await?;
    ensure!(!output.status.success(), "{output:?}");

    let (said, recovered) = recover(&stage.agent, &["--original-is-stopped"]).await?;
    ensure!(
        recovered && said.contains("2 are integrated") && said.contains("1 are blocked"),
        "{said}"
    );
    ensure!(state(&stage, "2").await? == "blocked");
    let mut agent = stage.agent.run()?;
    stage
        .database
        .until(
            "SELECT count(*) = 2 FROM chorus.invoice WHERE status = 'MISE_A_DISPOSITION'",
            Duration::from_secs(120),
        )
        .await?;
    ensure!(stage.simulator.ledger().posts.len() == 3);
    let files: i64 = client
        .query_one("SELECT count(*) FROM chorus.deposit WHERE state = 'integrated' AND note LIKE 'Sent by the original%'", &[])
        .await?
        .get(0);
    ensure!(files == 2, "{files} deposits of the original are noted");
    let differences = stage.differences().await?;
    ensure!(
        differences.len() == 1 && differences[0].contains("R-2"),
        "{differences:?}"
    );
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    Ok(())
}
