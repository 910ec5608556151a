//! `chorus.health`, where it looks outside the tables, and who shows it. The rest of it is in tests/regress.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::common::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_was_never_there_and_a_snapshot_that_was_held_for_long_are_told_of()
-> Result<()> {
    let Some(stage) = Stage::set("health", |_| {}).await? else {
        return Ok(());
    };
    let output = stage.agent.call(&["status"], "").await?;
    let said = String::from_utf8(output.stdout)?;
    ensure!(
        said.contains("No agent has ever run") && said.contains("Start chorus-agent run"),
        "{said}"
    );

    let mut agent = stage.agent.run()?;
    stage
        .database
        .until(
            "SELECT count(*) = 0 FROM chorus.health",
            Duration::from_secs(120),
        )
        .await?;
    let output = stage.agent.call(&["status"], "").await?;
    let said = String::from_utf8(output.stdout)?;
    ensure!(said.contains("health: all is well"), "{said}");
    ensure!(agent.terminate().await?.success(), "{}", agent.log());

    // Another role's session: how long it has held its snapshot is told all the same, and nothing else of it.
    let mut holder = stage.database.connect().await?;
    let transaction = holder
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .start()
        .await?;
    let pid: i32 = transaction
        .query_one("SELECT pg_backend_pid()", &[])
        .await?
        .get(0);
    let client = stage.database.connect().await?;
    client.batch_execute("SET ROLE chorus_agent").await?;
    let row = client
        .query_one("SELECT pid, age >= '0' FROM chorus.oldest_snapshot()", &[])
        .await?;
    // Tests beside this one may hold older ones.
    ensure!(
        row.get::<_, Option<i32>>(0).is_some() && row.get::<_, Option<bool>>(1) == Some(true),
        "session {pid} holds one"
    );
    Ok(())
}
