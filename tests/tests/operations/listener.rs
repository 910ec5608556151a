//! `/livez`, `/readyz`, `/metrics`.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chorus_simulator::{Fault, Operation};
use chorus_tests::{Agent, Server, fixture};
use tempfile::TempDir;

use super::{ALL_ARRIVED, ask, common, common::Stage};

/// Waits until `path` answers with `status`; its body then.
async fn until(agent: &Agent, path: &str, status: u16) -> Result<String> {
    let start = Instant::now();
    loop {
        let (found, body) = ask(agent, path).await?;
        if found == status {
            return Ok(body);
        }
        ensure!(
            start.elapsed() < common::PATIENCE,
            "{path} says {found} {body}\n{}",
            agent.log()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The samples of a text in Prometheus' format.
fn samples(text: &str) -> Result<BTreeMap<&str, f64>> {
    let mut samples = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line
            .rsplit_once(' ')
            .with_context(|| format!("no sample: {line}"))?;
        samples.insert(name, value.parse().with_context(|| line.to_owned())?);
    }
    Ok(samples)
}

/// PISTE's own host stands for an environment, for which the database is not: that it is not called is what the test is about.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_reload_the_environment_is_compared_anew() -> Result<()> {
    let Some(mut stage) = Stage::set("environment", |_| {}).await? else {
        return Ok(());
    };
    let folder = TempDir::new()?;
    let file = folder.path().join("agent.toml");
    let call = |api: &str| fs::write(&file, format!("[piste]\napi_url = \"{api}\"\n"));
    let simulator = stage.simulator.url().to_owned();
    let other = "https://api.piste.gouv.fr";
    let foreign = "this database is for qualification";
    call(other)?;
    stage.agent = stage
        .agent
        .unset("CHORUS_PISTE_API_URL")
        .set("CHORUS_CONFIG", &file.display().to_string());
    let agent = stage.agent.run()?;
    // Started with the wrong host, it begins as soon as it has the right one.
    let body = until(&agent, "/readyz", 503).await?;
    ensure!(body.contains(foreign), "{body}");
    call(&simulator)?;
    agent.signal("HUP").await?;
    until(&agent, "/readyz", 200).await?;
    stage
        .until("SELECT bool_and(state = 'registered' AND followed_until IS NOT NULL) FROM chorus.supplier")
        .await?;

    call(other)?;
    agent.signal("HUP").await?;
    let body = until(&agent, "/readyz", 503).await?;
    ensure!(body.contains(foreign), "{body}");
    let before = agent.log().matches(foreign).count();
    let id = stage.insert(&fixture("b2g.json")?).await?;
    let refused = || agent.log().matches(foreign).count() > before;
    common::eventually(refused, common::PATIENCE).await?;
    let client = stage.database.connect().await?;
    let touched = "SELECT count(*) FROM chorus.task WHERE leased_until IS NOT NULL OR attempts > 0";
    assert_eq!(client.query_one(touched, &[]).await?.get::<_, i64>(0), 0);

    call(&simulator)?;
    agent.signal("HUP").await?;
    until(&agent, "/readyz", 200).await?;
    stage
        .until(&format!(
            "SELECT status = 'MISE_A_DISPOSITION' FROM chorus.invoice WHERE id = '{id}'"
        ))
        .await?;
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_ready_when_its_database_is_there_and_is_the_right_one() -> Result<()> {
    let Some(mut server) = Server::new().await? else {
        return Ok(());
    };
    server.start(&[]).await?;
    let database = server.migrated("billing").await?;
    let stage = Stage::on(database, |_| {}).await?;
    let mut agent = stage.agent.run()?;
    until(&agent, "/readyz", 200).await?;
    until(&agent, "/livez", 200).await?;

    let client = stage.database.connect().await?;
    stage.become_another().await?;
    let body = until(&agent, "/readyz", 503).await?;
    ensure!(
        body.contains("other: timeline") && body.contains("chorus-agent recover"),
        "{body}"
    );
    client
        .execute("UPDATE chorus.installation SET timeline = timeline - 1, schema_version = schema_version + 1", &[])
        .await?;
    let body = until(&agent, "/readyz", 503).await?;
    ensure!(body.contains("newer agent"), "{body}");
    client
        .execute(
            "UPDATE chorus.installation SET schema_version = schema_version - 1",
            &[],
        )
        .await?;
    until(&agent, "/readyz", 200).await?;

    // Without a database it is not ready, but alive: a restart would not bring it back.
    server.crash().await?;
    let body = until(&agent, "/readyz", 503).await?;
    ensure!(body.contains("cannot connect"), "{body}");
    ensure!(ask(&agent, "/livez").await?.0 == 200);
    let (status, body) = ask(&agent, "/metrics").await?;
    ensure!(
        status == 200 && samples(&body)?["chorus_database_up"] == 0.0,
        "{body}"
    );
    server.start(&[]).await?;
    until(&agent, "/readyz", 200).await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_waits_for_recovery_tells_why_before_it_claims_anything() -> Result<()> {
    let Some(stage) = Stage::set("waiting", |_| {}).await? else {
        return Ok(());
    };
    stage.become_another().await?;
    let agent = stage.agent.run()?;
    let (status, body) = ask(&agent, "/readyz").await?;
    ensure!(
        status == 503 && body.contains("other: timeline"),
        "{status} {body}"
    );
    ensure!(ask(&agent, "/livez").await?.0 == 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_and_what_is_due_is_measured_without_naming_anybody() -> Result<()> {
    let Some(stage) = Stage::set("measured", |_| {}).await? else {
        return Ok(());
    };
    stage.simulator.set_faults(vec![
        Fault::status(503)
            .on(Operation::ConsulterCrDetaille)
            .times(1),
    ])?;
    let mut invoice = fixture("b2g.json")?;
    for number in ["1", "2", "3"] {
        invoice["series"] = "MEASURED".into();
        invoice["code"] = number.into();
        stage.insert(&invoice).await?;
    }
    let agent = stage.agent.run()?;
    stage.until(ALL_ARRIVED).await?;
    stage
        .until("SELECT NOT EXISTS (SELECT FROM chorus.task WHERE leased_until IS NOT NULL OR run_at <= now())")
        .await?;
    let (status, text) = ask(&agent, "/metrics").await?;
    ensure!(status == 200 && text.ends_with("# EOF\n"), "{text}");
    let samples = samples(&text)?;
    for (name, expected) in [
        ("chorus_database_up", 1.0),
        ("chorus_agent_deposits_total{result=\"deposited\"}", 3.0),
        (
            "chorus_agent_tasks_total{kind=\"submit\",result=\"done\"}",
            3.0,
        ),
        (
            "chorus_agent_task_duration_seconds_count{kind=\"submit\"}",
            3.0,
        ),
        (
            "chorus_agent_call_duration_seconds_count{operation=\"/cpro/factures/v1/deposer/flux\"}",
            3.0,
        ),
        ("chorus_agent_call_errors_total{kind=\"down\"}", 1.0),
        ("chorus_agent_listening", 1.0),
        ("chorus_agents_running", 1.0),
        ("chorus_invoices{state=\"integrated\"}", 3.0),
        ("chorus_health_problems{severity=\"error\"}", 0.0),
        ("chorus_breakers_open{scope=\"api\"}", 0.0),
    ] {
        ensure!(
            samples.get(name) == Some(&expected),
            "{name} {expected}:\n{text}"
        );
    }
    ensure!(
        text.contains("# UNIT chorus_agent_call_duration_seconds seconds"),
        "{text}"
    );
    ensure!(
        !text.contains("MEASURED") && !text.contains(stage.simulator.supplier_siret()),
        "{text}"
    );
    // By Prometheus' conventions: its own prefix, small letters, counters end in _total.
    for line in text.lines().filter(|line| line.starts_with("# TYPE")) {
        let words: Vec<&str> = line.split(' ').collect();
        ensure!(
            words[2].starts_with("chorus_")
                && words[2]
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{line}"
        );
    }
    Ok(())
}
