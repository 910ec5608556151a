//! What we render, judged by the official schema and rules.

use anyhow::{Context, Result, ensure};
use chorus_tests::{Content, Database, Oracle, Verdict, fixture};

/// Our own invoices: to be paid, already paid, a credit note, a supplier of another EU country.
const INVOICES: [&str; 4] = [
    "b2g.json",
    "b2g-paid.json",
    "credit-note.json",
    "cross-border.json",
];

#[tokio::test]
async fn profile_en16931_satisfies_schema_and_rules() -> Result<()> {
    for (name, verdict) in verdicts("en16931").await? {
        ensure!(
            verdict.schema_errors.is_empty() && verdict.fatal.is_empty(),
            "{name}: {verdict:?}"
        );
    }
    Ok(())
}

/// The digits 1…6 that Chorus Pro wants as identifier schemes are not in the list of ISO 6523, which BR-CL-11 asks for.
#[tokio::test]
async fn profile_choruspro_fails_nothing_but_the_list_of_identifier_schemes() -> Result<()> {
    for (name, verdict) in verdicts("choruspro").await? {
        ensure!(
            verdict.schema_errors.is_empty() && verdict.fatal == ["BR-CL-11"],
            "{name}: {verdict:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_total_is_seen() -> Result<()> {
    let (Some(oracle), Some(database)) = stage("wrong_total").await? else {
        return Ok(());
    };
    let xml = render(&database, "b2g.json", "en16931").await?;
    let (before, rest) = xml
        .split_once("<ram:GrandTotalAmount>")
        .context("no total")?;
    let (_, after) = rest
        .split_once("</ram:GrandTotalAmount>")
        .context("no end of the total")?;
    let wrong = format!("{before}<ram:GrandTotalAmount>1.00</ram:GrandTotalAmount>{after}");
    let fatal = oracle.judge(&[&wrong])?.pop().context("no verdict")?.fatal;
    ensure!(fatal.contains(&"BR-CO-15".to_owned()), "{fatal:?}");
    Ok(())
}

/// The verdict on each invoice in that profile; nothing without cluster or oracle.
async fn verdicts(profile: &str) -> Result<Vec<(&'static str, Verdict)>> {
    let (Some(oracle), Some(database)) = stage(profile).await? else {
        return Ok(Vec::new());
    };
    let mut documents = Vec::new();
    for name in INVOICES {
        documents.push(render(&database, name, profile).await?);
    }
    let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
    Ok(INVOICES
        .into_iter()
        .zip(oracle.judge(&documents)?)
        .collect())
}

async fn stage(label: &str) -> Result<(Option<Oracle>, Option<Database>)> {
    Ok((
        Oracle::find(),
        Database::create(label, Content::Extension).await?,
    ))
}

async fn render(database: &Database, name: &str, profile: &str) -> Result<String> {
    let row = database
        .connect()
        .await?
        .query_one(
            "SELECT chorus.render_cii(chorus.build($1), $2)::text",
            &[&fixture(name)?, &profile],
        )
        .await
        .with_context(|| format!("cannot render {name}"))?;
    Ok(row.try_get(0)?)
}
