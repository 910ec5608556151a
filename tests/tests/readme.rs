//! The session in the README works when pasted.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use chorus_tests::{Content, Database};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

#[tokio::test]
async fn the_readme_session_works_when_pasted() -> Result<()> {
    let Some(database) = Database::create("readme", Content::Schema).await? else {
        return Ok(());
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let session: String = readme
        .split("```sql\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(sql, _)| sql)
        .collect();
    ensure!(
        session.contains("chorus.validate"),
        "the README has no session"
    );

    let mut psql = Command::new("psql")
        .args([
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--no-align",
            "--dbname",
        ])
        .arg(database.url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start psql")?;
    let mut stdin = psql.stdin.take().context("psql has no standard input")?;
    stdin.write_all(session.as_bytes()).await?;
    drop(stdin);
    let output = psql.wait_with_output().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    ensure!(
        said.contains("README-1|ready|1620.00|324.00|1944.00"),
        "{said}"
    );
    ensure!(said.contains("<rsm:CrossIndustryInvoice"), "{said}");
    ensure!(
        said.contains("|fatal|$.customer"),
        "the wrong document has no fatal finding: {said}"
    );
    Ok(())
}
