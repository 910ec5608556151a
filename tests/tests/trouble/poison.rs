//! An invoice whose own error goes on is set aside, with reason and remedy; the others go on.

use anyhow::{Result, ensure};
use chorus_simulator::{Fault, Operation, Settings};

use crate::scene::{Scene, invoice};

/// Intervals of an hour pass in a second or less.
const FAST: [(&str, &str); 1] = [("CHORUS_AGENT_TIME_SCALE", "0.0003")];

const ASIDE: &str = "SELECT count(*) = 1 FROM chorus.task WHERE kind = 'history' AND run_at = 'infinity' AND attempts = 8";

/// The history of the invoice `A-1` fails again and again; it is set aside, and goes on when a person says so.
async fn set_aside(scene: &Scene, fault: Fault, reason: &str) -> Result<()> {
    scene
        .stage
        .simulator
        .set_faults(vec![fault.on(Operation::ConsulterHistorique)])?;
    scene.insert(&invoice()?, "A", 1).await?;
    scene.stage.until(ASIDE).await?;
    let row = scene
        .sql
        .query_one("SELECT reason_fr, next_action FROM chorus.todo", &[])
        .await?;
    let (why, action): (String, String) = (row.get(0), row.get(1));
    ensure!(
        why.contains(reason)
            && why.contains("L'agent a renoncé")
            && action.contains("chorus.retry("),
        "{why}: {action}"
    );
    let open = "SELECT count(*) FROM chorus.api_breaker WHERE opened_at IS NOT NULL";
    assert_eq!(scene.count(open).await?, 0, "others were held back");

    // The others go on, and this one when the cause is gone.
    scene.stage.simulator.clear_faults();
    scene.insert(&invoice()?, "B", 3).await?;
    scene
        .stage
        .until("SELECT count(*) = 3 FROM chorus.invoice WHERE status = 'MISE_A_DISPOSITION'")
        .await?;
    scene
        .sql
        .batch_execute("SELECT chorus.retry(id) FROM chorus.task WHERE run_at = 'infinity'")
        .await?;
    scene.all_arrive().await?;
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_says_no_every_time_is_the_invoices_own() -> Result<()> {
    let Some(scene) = Scene::set("ownerror", |_| {}, &FAST).await? else {
        return Ok(());
    };
    let mut no = Fault::status(200);
    no.body = r#"{"codeRetour": 20499, "libelle": "GCU_MSG_99"}"#.into();
    no.content_type = Some("application/json;charset=utf-8".into());
    set_aside(&scene, no, "codeRetour 20499 (GCU_MSG_99)").await
}

/// Chorus Pro breaks down over this invoice alone: other calls of the same API succeed in between.
#[tokio::test(flavor = "multi_thread")]
async fn a_breakdown_over_one_invoice_is_told_from_an_outage() -> Result<()> {
    let Some(scene) = Scene::set("owncrash", |_| {}, &FAST).await? else {
        return Ok(());
    };
    set_aside(&scene, Fault::html(500), "HTTP 500").await
}

/// A supplier's breaker is tried by each kind of task in turn: one that succeeds closes it, however many others fail.
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_does_not_keep_the_rest_from_trying_an_open_breaker() -> Result<()> {
    let suspends = |settings: &mut Settings| settings.buyer_script = vec!["SUSPENDUE".into()];
    let settings = [
        ("CHORUS_AGENT_WORKERS", "1"),
        ("CHORUS_AGENT_FOLLOW_INTERVAL_SECONDS", "100"),
    ];
    let Some(scene) = Scene::set("inturn", suspends, &settings).await? else {
        return Ok(());
    };
    // What succeeds for another supplier says nothing about this one.
    scene.add_other().await?;
    scene.insert(&invoice()?, "A", 1).await?;
    scene
        .stage
        .until("SELECT count(*) = 1 FROM chorus.todo WHERE status = 'SUSPENDUE'")
        .await?;
    // Everything fails until the breaker is open; then only what both the answer and the history need.
    let simulator = &scene.stage.simulator;
    simulator.set_faults(vec![Fault::status(503)])?;
    scene
        .sql
        .batch_execute(
            "SELECT chorus.complete(id, 'voilà') FROM chorus.invoice;
             INSERT INTO chorus.task (kind, invoice_id) SELECT 'history', id FROM chorus.invoice ON CONFLICT DO NOTHING",
        )
        .await?;
    scene
        .stage
        .until("SELECT count(*) = 1 FROM chorus.api_breaker WHERE opened_at IS NOT NULL AND api = 'Factures' AND supplier_id = (SELECT supplier_id FROM chorus.invoice)")
        .await?;
    simulator.set_faults(vec![Fault::status(503).on(Operation::ConsulterHistorique)])?;
    scene
        .stage
        .until("SELECT count(*) = 0 FROM chorus.api_breaker WHERE opened_at IS NOT NULL AND api = 'Factures' AND supplier_id = (SELECT supplier_id FROM chorus.invoice)")
        .await
}
