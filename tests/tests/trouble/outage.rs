//! Chorus Pro is away, or asks for patience: few calls, nothing lost, no attempt counted, and no rush afterwards.

use anyhow::{Result, ensure};
use chorus_simulator::{Api, Fault, Operation};
use chorus_tests::fixture;

use crate::common::Stage;
use crate::scene::{Scene, invoice};

const ATTEMPTS: &str = "SELECT coalesce(sum(attempts), 0) FROM chorus.task";

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_an_hour_costs_few_calls_and_no_invoice() -> Result<()> {
    // An hour passes in 7.2 seconds.
    let scale = [("CHORUS_AGENT_TIME_SCALE", "0.002")];
    let Some(scene) = Scene::set("outage", |_| {}, &scale).await? else {
        return Ok(());
    };
    let received = || -> u64 {
        let operations = scene.stage.simulator.ledger().operations;
        operations.values().map(|count| count.received).sum()
    };
    scene.stage.simulator.set_faults(vec![Fault::html(503)])?;
    let before = received();
    scene.insert(&invoice()?, "A", 50).await?;
    scene
        .stage
        .until("SELECT max(clock_timestamp() - opened_at) > interval '7.2 s' FROM chorus.api_breaker WHERE api = 'Factures' AND supplier_id IS NULL")
        .await?;
    let calls = received() - before;
    // Of each API that is needed three to five that open it, those under way then, and a probe after each wait, which doubles up to a
    // quarter of an hour.
    ensure!((5..=50).contains(&calls), "{calls} calls in an hour");

    // What waits says why, where people look, and has counted nothing.
    scene
        .stage
        .until(
            "SELECT bool_and(t.last_error LIKE '%HTTP 503%' AND i.state_reason LIKE '%HTTP 503%')
                 AND count(*) FILTER (WHERE t.last_error LIKE 'Held back since % API Factures%' AND i.state_reason = t.last_error) >= 20
             FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id",
        )
        .await?;
    assert_eq!(scene.count(ATTEMPTS).await?, 0);
    let row = scene
        .sql
        .query_one(
            "SELECT scope, state, reason, remedy_fr, next_probe_at IS NOT NULL FROM chorus.breaker WHERE name = 'API Factures'",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "api");
    ensure!(["open", "half-open"].contains(&row.get(1)), "{row:?}");
    ensure!(
        row.get::<_, &str>(2).contains("HTTP 503") && row.get::<_, &str>(3).contains("maintenance")
    );
    ensure!(row.get::<_, bool>(4));

    // A deposit without an answer is in doubt for hours: only those that opened it, or were under way then, are; no probe is one.
    let in_doubt = scene.count("SELECT count(*) FROM chorus.deposit").await?;
    ensure!(in_doubt <= 9, "{in_doubt} deposits");

    scene.stage.simulator.clear_faults();
    scene.all_arrive().await?;
    assert_eq!(scene.count(ATTEMPTS).await?, 0);
    assert_eq!(scene.stage.simulator.ledger().accepted().count(), 50);
    println!("{calls} calls in an hour of outage with 50 invoices waiting");
    scene.stage.audit().await
}

/// What a scheduler runs every so often must not report success while nothing gets through.
#[tokio::test(flavor = "multi_thread")]
async fn a_single_drain_says_what_waits_and_why() -> Result<()> {
    let Some(stage) = Stage::set("drain", |_| {}).await? else {
        return Ok(());
    };
    let good = stage.agent.call(&["once"], "").await?;
    ensure!(good.status.success(), "{good:?}");
    let client = stage.database.connect().await?;
    // As after an outage that began a while ago. The question about the buyer is claimed and meets the breaker; the deposit of an
    // invoice whose buyer is known is not even claimed.
    for (api, number) in [("Structures", "1"), ("Factures", "2")] {
        let open = "INSERT INTO chorus.api_breaker (application, api, strikes, failures, failed_at, kind, reason, remedy, remedy_fr, opened_at, probe_at)
            SELECT application, $1, 5, 5, now(), 'down', 'HTTP 503', 'wait', 'attendez', now(), now() + interval '1 hour' FROM chorus.api_budget";
        client.execute(open, &[&api]).await?;
        let mut invoice = fixture("b2g.json")?;
        invoice["code"] = number.into();
        stage.insert(&invoice).await?;
        let held = stage.agent.call(&["once"], "").await?;
        let said = String::from_utf8_lossy(&held.stderr);
        ensure!(!held.status.success(), "{api}: {held:?}");
        ensure!(
            said.contains("wait until it works again")
                && said.contains(&format!("API {api}: HTTP 503; wait")),
            "{said}"
        );
        let mended = "DELETE FROM chorus.api_breaker; SELECT chorus.refresh_structure(identifier) FROM chorus.structure";
        client.batch_execute(mended).await?;
        let again = stage.agent.call(&["once"], "").await?;
        ensure!(again.status.success(), "{api}: {again:?}");
    }
    assert_eq!(stage.simulator.ledger().posts.len(), 2);
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_outage_the_rate_climbs() -> Result<()> {
    // A hundred calls a second when all is well, reached within three seconds.
    let settings = [
        ("CHORUS_AGENT_REQUESTS_PER_SECOND", "1"),
        ("CHORUS_AGENT_BURST", "1"),
        ("CHORUS_AGENT_WORKERS", "16"),
    ];
    let Some(scene) = Scene::set("climbs", |_| {}, &settings).await? else {
        return Ok(());
    };
    scene.stage.simulator.set_faults(vec![
        Fault::status(503).on(Operation::DeposerFlux),
        Fault::status(503).on(Operation::RechercherFournisseur),
    ])?;
    scene.insert(&invoice()?, "A", 60).await?;
    scene
        .stage
        .until("SELECT count(*) = 1 FROM chorus.api_breaker WHERE supplier_id IS NULL AND opened_at IS NOT NULL")
        .await?;
    scene.stage.simulator.clear_faults();
    scene.all_arrive().await?;
    scene
        .stage
        .until("SELECT count(*) = 60 FROM chorus.api_call WHERE operation LIKE '%/deposer/flux' AND error IS NULL")
        .await?;
    // A slow machine makes fewer.
    let first_second = scene
        .count(
            "WITH factures AS (SELECT * FROM chorus.api_call WHERE operation LIKE '/cpro/factures/%'),
                works AS (SELECT min(started_at) AS again FROM factures
                    WHERE error IS NULL AND started_at > (SELECT max(started_at) FROM factures WHERE error IS NOT NULL))
             SELECT count(*) FROM factures, works WHERE started_at >= again AND started_at < again + interval '1 s'",
        )
        .await?;
    println!("{first_second} calls in the first second after the outage, of 100 when all is well");
    // The rate climbs from 10 to 40 meanwhile: 25, and what jitter and the clock's grain add.
    ensure!((1..=45).contains(&first_second), "{first_second} calls");
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_binds_every_agent_of_the_application() -> Result<()> {
    let Some(scene) = Scene::set("retryafter", |_| {}, &[]).await? else {
        return Ok(());
    };
    let second = scene.stage.agent.run()?;
    scene
        .stage
        .until("SELECT count(*) = 2 FROM chorus.agent")
        .await?;
    scene.stage.simulator.set_faults(vec![
        Fault::status(429)
            .retry_after_s(3)
            .on(Operation::DeposerFlux)
            .times(1),
    ])?;
    scene.insert(&invoice()?, "A", 40).await?;
    scene.all_arrive().await?;
    scene
        .stage
        .until("SELECT count(*) = 41 AND count(DISTINCT agent) = 2 FROM chorus.api_call WHERE operation LIKE '%/deposer/flux'")
        .await?;
    let rushed = scene
        .count(
            "SELECT count(*) FROM chorus.api_call c, (SELECT started_at + make_interval(secs => seconds) AS told FROM chorus.api_call WHERE http = 429) t
             WHERE c.operation LIKE '/cpro/factures/%' AND c.started_at > t.told AND c.started_at < t.told + interval '3 s'",
        )
        .await?;
    // Eight workers at most had a permit already.
    ensure!(rushed <= 8, "{rushed} calls although asked to wait");
    assert_eq!(scene.count(ATTEMPTS).await?, 0);
    drop(second);
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_is_closed_does_not_stop_the_others() -> Result<()> {
    let Some(scene) = Scene::set("closed", |_| {}, &[]).await? else {
        return Ok(());
    };
    scene
        .stage
        .simulator
        .configure(|settings| settings.unsubscribed = vec![Api::Transverses]);
    scene.insert(&invoice()?, "A", 10).await?;
    // All are deposited, their reports wait, and searches go on. The API is closed to this supplier first, and, a moment later, to all.
    scene
        .stage
        .until("SELECT bool_and(state = 'deposited') FROM chorus.invoice")
        .await?;
    scene
        .stage
        .until(
            "SELECT count(*) = 1 FROM chorus.todo
             WHERE reason_fr LIKE 'API Transverses ne répond%abonnez l''application PISTE%' AND next_action = 'chorus-agent check'",
        )
        .await?;
    let followed = scene
        .sql
        .query_one("SELECT followed_until::text FROM chorus.supplier", &[])
        .await?;
    let followed: String = followed.get(0);
    scene
        .stage
        .until(&format!(
            "SELECT followed_until > '{followed}' FROM chorus.supplier"
        ))
        .await?;
    let asked = scene
        .stage
        .simulator
        .ledger()
        .requests(Operation::ConsulterCrDetaille);
    ensure!(asked <= 12, "{asked} questions for ten reports");
    assert_eq!(scene.count(ATTEMPTS).await?, 0);

    // Mended: whoever asks in person gets an answer at once, and it lets the others go on.
    scene
        .stage
        .simulator
        .configure(|settings| settings.unsubscribed.clear());
    let check = scene.stage.agent.call(&["check"], "").await?;
    ensure!(
        check.status.success(),
        "{}",
        String::from_utf8_lossy(&check.stdout)
    );
    scene.all_arrive().await?;
    scene.stage.audit().await
}
