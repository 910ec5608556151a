//! SIGHUP: a good configuration is in force at once, a broken one is refused and the old one stays.

use std::fs;

use anyhow::{Context, Result, ensure};
use chorus_tests::Agent;
use tempfile::TempDir;

use crate::{
    common::{PATIENCE, Stage, eventually},
    scene::invoice,
};

/// Waits for words in the agent's log; the error shows what it says instead.
async fn logged(agent: &Agent, says: impl Fn(&str) -> bool) -> Result<()> {
    let found = eventually(|| says(&agent.log()), PATIENCE).await;
    found.with_context(|| agent.log())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_file_is_taken_over_and_a_broken_one_is_refused() -> Result<()> {
    let Some(mut stage) = Stage::set("reload", |_| {}).await? else {
        return Ok(());
    };
    let folder = TempDir::new()?;
    let (file, secret) = (
        folder.path().join("agent.toml"),
        folder.path().join("secret"),
    );
    let good = stage
        .agent
        .setting("CHORUS_PISTE_CLIENT_SECRET")
        .context("the secret")?
        .to_owned();
    fs::write(&secret, "outdated")?;
    let written = |agent: &str, filter: &str| {
        let text = format!(
            "[agent]\n{agent}\n[piste]\nclient_secret_file = {secret:?}\n[log]\nfilter = \"{filter}\"\n"
        );
        fs::write(&file, text)
    };
    written("workers = 1", "info")?;
    stage.agent = stage
        .agent
        .unset("CHORUS_PISTE_CLIENT_SECRET")
        .set("CHORUS_CONFIG", &file.display().to_string());
    let mut agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(error_code = 'piste_client') FROM chorus.supplier")
        .await?;
    stage.insert(&invoice()?).await?;
    ensure!(!agent.log().contains(" DEBUG "), "{}", agent.log());

    // The secret's own file is read again too, and one worker becomes three.
    fs::write(&secret, &good)?;
    written("workers = 3", "debug")?;
    agent.signal("HUP").await?;
    eventually(
        || agent.log().contains("configuration read again"),
        PATIENCE,
    )
    .await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    logged(&agent, |log| log.contains(" DEBUG ")).await?;

    // Broken in three ways, each named; what was in force stays.
    for (agent_section, filter, named) in [
        ("workers = 3\nworkerz = 2", "debug", "workerz"),
        ("shutdown_seconds = 0", "debug", "agent.shutdown_seconds"),
        ("workers = 3", "=nonsense=[", "log.filter"),
    ] {
        written(agent_section, filter)?;
        agent.signal("HUP").await?;
        let refused = |line: &str| line.contains("not taken over") && line.contains(named);
        logged(&agent, |log| log.lines().any(refused)).await?;
    }
    let mut second = invoice()?;
    second["code"] = "0043".into();
    stage.insert(&second).await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;

    // A change that needs a restart is said.
    let text = format!("[piste]\nclient_secret_file = {secret:?}\n[log]\nformat = \"json\"\n");
    fs::write(&file, text)?;
    agent.signal("HUP").await?;
    logged(&agent, |log| log.contains("log.format")).await?;
    ensure!(!agent.log().contains(&good), "the secret was logged");
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    stage.audit().await
}
