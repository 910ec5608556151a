//! The session in the README works when pasted, block after block, down to what comes of it at a buyer.

mod common;

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use chorus_tests::{free_port, skipped};
use common::Stage;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// What is so when the agent and the buyer have done what follows from a block: in the order of the README.
const THEN: [&str; 6] = [
    "SELECT bool_and(state = 'registered') FROM chorus.supplier",
    "SELECT bool_and(status = 'SUSPENDUE') FROM chorus.invoice",
    "SELECT bool_and(status = 'A_RECYCLER') FROM chorus.invoice",
    "SELECT bool_and(status = 'REJETEE') FROM chorus.invoice",
    "SELECT bool_or(rejection_treated_at IS NOT NULL) AND bool_or(status = 'SUSPENDUE' AND number = 'README-2') FROM chorus.invoice",
    "SELECT true",
];

/// The blocks of SQL of the README.
fn session() -> Result<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let blocks = readme.split("```sql\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split_once("```"));
    Ok(blocks.map(|(sql, _)| sql.to_owned()).collect())
}

/// The stage of `cargo xtask play`: a page, a buyer who asks questions, and no supplier yet.
async fn stage() -> Result<Option<Stage>> {
    let script = [
        "SUSPENDUE=Bon de livraison absent",
        "A_RECYCLER=Engagement absent",
        "REJETEE=Prix contesté",
    ];
    let Some(mut stage) = Stage::set("readme", |settings| {
        settings.buyer_script = script.map(str::to_owned).to_vec();
    })
    .await?
    else {
        return Ok(None);
    };
    let client = stage.database.connect().await?;
    client.execute("DELETE FROM chorus.supplier", &[]).await?;
    let port = free_port()?;
    stage.agent = stage
        .agent
        .set("CHORUS_REGISTRATION_LISTEN", &format!("127.0.0.1:{port}"))
        .set(
            "CHORUS_REGISTRATION_PUBLIC_URL",
            &format!("http://127.0.0.1:{port}"),
        );
    Ok(Some(stage))
}

fn psql(stage: &Stage) -> Result<Child> {
    Command::new("psql")
        .args([
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--no-align",
            "--dbname",
        ])
        .arg(stage.database.url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start psql")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_session_works_when_pasted() -> Result<()> {
    if Command::new("curl")
        .arg("--version")
        .output()
        .await
        .is_err()
    {
        skipped("curl is not installed");
        return Ok(());
    }
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT registration_url IS NOT NULL FROM chorus.installation")
        .await?;
    let blocks = session()?;
    ensure!(
        blocks.len() == THEN.len(),
        "the README has {} blocks",
        blocks.len()
    );

    let mut psql = psql(&stage)?;
    let mut stdin = psql.stdin.take().context("psql has no standard input")?;
    let mut reached = Ok(());
    for (block, then) in blocks.iter().zip(THEN) {
        stdin.write_all(block.as_bytes()).await?;
        reached = tokio::select! {
            reached = stage.until(then) => reached,
            ended = psql.wait() => Err(anyhow::anyhow!("psql has ended: {ended:?}")),
        };
        if reached.is_err() {
            break;
        }
    }
    drop(stdin);
    let output = psql.wait_with_output().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    reached.with_context(|| format!("{said}{complained}"))?;
    ensure!(output.status.success(), "{said}{complained}");
    for expected in [
        "73282932000074|registered",
        "README-1|invalid",
        "|fatal|$.customer",
        "README-1|ready|1620.00|324.00|1944.00",
        "<rsm:CrossIndustryInvoice",
        "Asynchronous notification \"chorus_status\"",
        "Bon de livraison absent|SELECT chorus.complete(",
        "Engagement absent|SELECT chorus.recycle(",
        "Prix contesté|SELECT chorus.treat_rejection(",
        "README-2|ready",
    ] {
        ensure!(
            said.contains(expected),
            "{expected:?} is not in:\n{said}{complained}"
        );
    }
    stage.audit().await
}
