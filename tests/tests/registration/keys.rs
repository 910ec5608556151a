//! A new key for the agent: the old one opens until every account is sealed anew.

use anyhow::{Context, Result, ensure};
use chorus_tests::AgentSettings;

use crate::common::Stage;

async fn verified(agent: &AgentSettings) -> Result<(bool, String)> {
    let output = agent.call(&["supplier", "verify"], "").await?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    Ok((output.status.success(), said))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_key_opens_until_accounts_are_sealed_anew() -> Result<()> {
    let Some(stage) = Stage::set("rekey", |_| {}).await? else {
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let file = |name: &str| folder.path().join(name).display().to_string();
    let made = stage
        .agent
        .call(&["keygen", "--private-key", &file("new")], "")
        .await?;
    ensure!(made.status.success());
    let old = stage
        .agent
        .setting("CHORUS_CREDENTIALS_PRIVATE_KEY_FILE")
        .context("no key")?
        .to_owned();
    let new_alone = stage
        .agent
        .clone()
        .set("CHORUS_CREDENTIALS_PRIVATE_KEY_FILE", &file("new"));
    let both = new_alone
        .clone()
        .set("CHORUS_CREDENTIALS_PREVIOUS_PRIVATE_KEY_FILE", &old);

    let (good, said) = verified(&new_alone).await?;
    ensure!(!good && said.contains("does not open"), "{said}");
    let (good, said) = verified(&both).await?;
    ensure!(good, "{said}");
    let refused = new_alone.call(&["rekey"], "").await?;
    ensure!(
        !refused.status.success()
            && String::from_utf8_lossy(&refused.stderr).contains("previous_private_key_file")
    );

    // A second account that no key opens is left alone, and told.
    let client = stage.database.connect().await?;
    client
        .batch_execute(
            "INSERT INTO chorus.supplier (identifier, login, credential)
             SELECT '35600000000048', login, credential FROM chorus.supplier",
        )
        .await?;
    let rekeyed = both.call(&["rekey"], "").await?;
    let said = String::from_utf8_lossy(&rekeyed.stdout).into_owned();
    ensure!(
        !rekeyed.status.success()
            && said.contains("rows were copied")
            && said.contains("1 sealed anew, 0 were already, 1 cannot"),
        "{said}"
    );
    client
        .batch_execute("DELETE FROM chorus.supplier WHERE identifier = '35600000000048'")
        .await?;
    let rekeyed = both.call(&["rekey"], "").await?;
    ensure!(
        rekeyed.status.success()
            && String::from_utf8_lossy(&rekeyed.stdout).contains("0 sealed anew, 1 were already")
    );

    let (good, said) = verified(&new_alone).await?;
    ensure!(good, "{said}");
    let (good, said) = verified(&stage.agent).await?;
    ensure!(!good && said.contains("does not open"), "{said}");
    Ok(())
}
