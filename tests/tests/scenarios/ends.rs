//! What ends an invoice, and what reopens it: nothing that a buyer may still change is ever taken for final.

use anyhow::{Result, ensure};
use chorus_tests::fixture;
use serde_json::json;

use crate::scene::{Scene, buyer, numbered, since_deposit};

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_that_never_reports_payment_closes_at_its_last_status_and_may_reopen() -> Result<()>
{
    let Some(scene) = Scene::set("never", &[]).await? else {
        return Ok(());
    };
    let mut silent = buyer(&scene);
    silent.payment_not_reported = true;
    scene.stage.simulator.put_structure(silent);
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    scene.becomes(id, "SERVICE_FAIT", "integrated").await?;
    scene.becomes(id, "MANDATEE", "closed").await?;
    scene.becomes(id, "SUSPENDUE", "action_required").await?;
    scene.becomes(id, "COMPTABILISEE", "closed").await?;
    // Should it report a payment after all, that counts.
    scene.becomes(id, "MISE_EN_PAIEMENT", "paid").await?;
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_after_payment_leave_it_paid_unless_they_return_the_invoice() -> Result<()> {
    let Some(scene) = Scene::set("after", &[]).await? else {
        return Ok(());
    };
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    let story = [
        ("MISE_EN_PAIEMENT", "paid"),
        // Accounting systems report late.
        ("MANDATEE", "paid"),
        ("COMPTABILISEE", "paid"),
        // A payment that the bank sends back.
        ("SUSPENDUE", "action_required"),
        ("COMPLETEE", "integrated"),
        ("MANDATEE", "integrated"),
        ("MISE_EN_PAIEMENT", "paid"),
        ("REJETEE", "rejected"),
    ];
    for (status, state) in story {
        scene.becomes(id, status, state).await?;
    }
    assert_eq!(
        scene.statuses(id).await?,
        since_deposit(&story.map(|(status, _)| status))
    );
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_or_deleted_invoice_is_withdrawn_until_something_follows() -> Result<()> {
    let Some(scene) = Scene::set("abandoned", &[]).await? else {
        return Ok(());
    };
    let (one, other) = (
        scene.stage.insert(&numbered("1")?).await?,
        scene.stage.insert(&numbered("2")?).await?,
    );
    scene
        .reaches(one, "integrated", "MISE_A_DISPOSITION")
        .await?;
    scene
        .reaches(other, "integrated", "MISE_A_DISPOSITION")
        .await?;
    scene.becomes(one, "ABANDONNEE", "withdrawn").await?;
    scene.becomes(other, "SUPPRIMEE", "withdrawn").await?;
    assert_eq!(
        scene.things_to_do().await?,
        0,
        "nobody has to do anything about it"
    );
    scene
        .becomes(one, "MISE_A_DISPOSITION", "integrated")
        .await?;
    scene.becomes(one, "MISE_EN_PAIEMENT", "paid").await?;
    scene.reaches(other, "withdrawn", "SUPPRIMEE").await?;
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_already_paid_and_a_credit_note_close_where_an_ordinary_one_goes_on()
-> Result<()> {
    let Some(scene) = Scene::set("closing", &["MANDATEE"]).await? else {
        return Ok(());
    };
    for (name, state, framework) in [
        ("b2g.json", "integrated", "A1"),
        ("b2g-paid.json", "closed", "A2"),
        ("credit-note.json", "closed", "A1"),
    ] {
        let id = scene.stage.insert(&fixture(name)?).await?;
        scene.reaches(id, state, "MANDATEE").await?;
        let row = scene
            .people
            .query_one("SELECT framework FROM chorus.invoice WHERE id = $1", &[&id])
            .await?;
        assert_eq!(row.get::<_, &str>(0), framework, "{name}");
    }
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_silence_closes_what_is_open_and_an_event_reopens_it() -> Result<()> {
    let Some(scene) = Scene::set("silence", &[]).await? else {
        return Ok(());
    };
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    // What a search shows for the first time is read once more: not after the year has gone by.
    scene
        .stage
        .until("SELECT bool_and(seen_status IS NOT NULL AND NOT EXISTS (SELECT FROM chorus.task WHERE kind = 'history')) FROM chorus.invoice")
        .await?;
    // A year goes by here: what was seen is thirteen months older.
    let owner = scene.stage.database.connect().await?;
    owner
        .batch_execute(
            "ALTER TABLE chorus.status_event DISABLE TRIGGER append_only;
             UPDATE chorus.status_event SET occurred_at = occurred_at - interval '13 months';
             UPDATE chorus.invoice SET status_at = status_at - interval '13 months';
             ALTER TABLE chorus.status_event ENABLE TRIGGER append_only",
        )
        .await?;
    scene.reaches(id, "closed", "MISE_A_DISPOSITION").await?;
    scene.becomes(id, "MISE_EN_PAIEMENT", "paid").await?;
    let actions = scene.stage.simulator.ledger().actions;
    ensure!(actions.is_empty(), "{}", json!(actions));
    scene.stage.audit().await
}
