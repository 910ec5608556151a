//! Invoices that come back: refused as a file, suspended, sent to the wrong place, rejected; each until it is paid.

use anyhow::{Result, ensure};
use chorus_simulator::{ForcedOutcome, Operation};
use chorus_tests::fixture;

use crate::scene::{Scene, buyer, numbered, since_deposit};

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_flux_is_corrected_and_integrated() -> Result<()> {
    let Some(scene) = Scene::set("flux", &[]).await? else {
        return Ok(());
    };
    scene.stage.simulator.force_outcome(ForcedOutcome {
        number: "FA2026-0042".into(),
        state: "IN_REJETE".into(),
        message: Some(
            "L'element FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement.BuyerOrderReferencedDocument.IssuerAssignedID.value \
             est mal forme.|Le numero d'engagement n'existe pas."
                .into(),
        ),
        count: 1,
    });
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .stage
        .until("SELECT bool_and(state = 'flux_rejected') FROM chorus.invoice")
        .await?;
    let rows = scene
        .people
        .query(
            "SELECT coalesce(path, '-'), coalesce(term, '-') FROM chorus.finding WHERE origin = 'flux' AND severity = 'fatal' ORDER BY id",
            &[],
        )
        .await?;
    let found: Vec<(&str, &str)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(
        found,
        [("$.ordering.purchases[0].code", "BT-13"), ("-", "-")]
    );
    let todo = scene.todo(id).await?;
    ensure!(
        todo.reason.contains("Le numero d'engagement n'existe pas."),
        "{}",
        todo.reason
    );
    ensure!(
        todo.next_action
            .starts_with("UPDATE chorus.invoice SET doc"),
        "{}",
        todo.next_action
    );

    // An application corrects it, under the same number.
    let writer = scene.stage.database.connect().await?;
    writer.batch_execute("SET ROLE chorus_writer").await?;
    writer
        .execute(
            "UPDATE chorus.invoice SET doc = doc #- '{ordering,purchases}' WHERE id = $1",
            &[&id],
        )
        .await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    assert_eq!(scene.things_to_do().await?, 0);
    let row = scene
        .people
        .query_one(
            "SELECT array_agg(state ORDER BY prepared_at), (SELECT count(*) FROM chorus.finding WHERE origin = 'flux') FROM chorus.deposit",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, Vec<String>>(0), ["rejected", "integrated"]);
    assert_eq!(row.get::<_, i64>(1), 0, "findings of the file before");
    assert_eq!(
        scene
            .stage
            .simulator
            .ledger()
            .of_number("FA2026-0042")
            .count(),
        2
    );
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_invoice_is_completed_and_paid() -> Result<()> {
    let script = [
        "SUSPENDUE=Bon de livraison absent",
        "SERVICE_FAIT",
        "MANDATEE",
        "MISE_EN_PAIEMENT",
    ];
    let Some(scene) = Scene::set("suspended", &script).await? else {
        return Ok(());
    };
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene.reaches(id, "action_required", "SUSPENDUE").await?;
    let todo = scene.todo(id).await?;
    ensure!(
        todo.reason.ends_with("Bon de livraison absent"),
        "{}",
        todo.reason
    );
    scene
        .people
        .execute(
            "INSERT INTO chorus.attachment (invoice_id, name, content, sent_with) VALUES ($1, 'bl.pdf', '\\x255044462d', 'complement')",
            &[&id],
        )
        .await?;
    // The call that todo names, as it stands there.
    let call = todo
        .next_action
        .replace("comment", "'Bon de livraison joint'");
    scene.people.execute(&call, &[]).await?;
    scene.reaches(id, "paid", "MISE_EN_PAIEMENT").await?;
    let further = [
        "SUSPENDUE",
        "COMPLETEE",
        "SERVICE_FAIT",
        "MANDATEE",
        "MISE_EN_PAIEMENT",
    ];
    assert_eq!(scene.statuses(id).await?, since_deposit(&further));
    assert_eq!(scene.things_to_do().await?, 0);
    let ledger = scene.stage.simulator.ledger();
    let completions: Vec<_> = ledger.actions_of(Operation::Completer).collect();
    assert_eq!(completions.len(), 1);
    assert_eq!(
        completions[0].request["commentaire"],
        "Bon de livraison joint"
    );
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_to_be_recycled_goes_to_another_service_and_is_paid() -> Result<()> {
    let script = [
        "A_RECYCLER=Service inconnu ici",
        "MANDATEE",
        "MISE_EN_PAIEMENT",
    ];
    let Some(scene) = Scene::set("service", &script).await? else {
        return Ok(());
    };
    scene.stage.simulator.put_structure(buyer(&scene));
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene.reaches(id, "action_required", "A_RECYCLER").await?;
    let todo = scene.todo(id).await?;
    ensure!(
        todo.reason.ends_with("Service inconnu ici"),
        "{}",
        todo.reason
    );
    let call = todo.next_action.replace(
        "buyer, service, commitment",
        "service => 'VOIRIE', commitment => 'EJ-2026-77'",
    );
    scene.people.execute(&call, &[]).await?;
    scene.reaches(id, "paid", "MISE_EN_PAIEMENT").await?;
    let row = scene
        .people
        .query_one(
            "SELECT service_code, commitment_number, doc #>> '{ordering,code}' FROM chorus.invoice WHERE id = $1",
            &[&id],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "VOIRIE");
    assert_eq!(row.get::<_, &str>(1), "EJ-2026-77");
    assert_eq!(
        row.get::<_, &str>(2),
        "FACTURES-DSI",
        "the document as it was sent"
    );
    let there = &scene.stage.simulator.invoices()[0];
    assert_eq!(there.service_code.as_deref(), Some("VOIRIE"));
    assert_eq!(there.engagement.as_deref(), Some("EJ-2026-77"));
    assert_eq!(scene.things_to_do().await?, 0);
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_treated_and_another_invoice_with_another_number_is_paid() -> Result<()> {
    let Some(scene) = Scene::set("rejection", &["REJETEE=Prix contesté"]).await? else {
        return Ok(());
    };
    let id = scene.stage.insert(&numbered("1")?).await?;
    scene.reaches(id, "rejected", "REJETEE").await?;
    let todo = scene.todo(id).await?;
    ensure!(todo.reason.ends_with("Prix contesté"), "{}", todo.reason);
    scene.people.execute(&todo.next_action, &[]).await?;
    scene
        .stage
        .until("SELECT bool_and(rejection_treated_at IS NOT NULL) FROM chorus.invoice")
        .await?;
    assert_eq!(scene.things_to_do().await?, 0);

    // The number stays taken, here as over there.
    let again = scene.stage.insert(&numbered("1")?).await;
    ensure!(again.is_err(), "the number of a rejected invoice was free");
    scene
        .stage
        .simulator
        .configure(|settings| settings.buyer_script = vec!["MISE_EN_PAIEMENT".into()]);
    let other = scene.stage.insert(&numbered("2")?).await?;
    scene.reaches(other, "paid", "MISE_EN_PAIEMENT").await?;
    scene.reaches(id, "rejected", "REJETEE").await?;
    ensure!(scene.stage.simulator.invoices()[0].rejection_treated);
    scene.stage.audit().await
}
