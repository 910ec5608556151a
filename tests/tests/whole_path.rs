//! From INSERT to payment: the extension, the tables, the agent and a local Chorus Pro, each as users run it.

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chorus_simulator::{
    Condition, Delays, Fault, ForcedOutcome, IdType, Operation, PAYING_BUYER, Role, StructureSpec,
};
use chorus_tests::fixture;
use common::{PATIENCE, Stage};
use serde_json::json;

/// What Chorus Pro sets by itself, then what a paying buyer sets.
fn statuses_of_a_paid_invoice() -> Vec<&'static str> {
    let mut all = vec!["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"];
    all.extend(PAYING_BUYER);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fixture_reaches_payment_with_each_status_once() -> Result<()> {
    let Some(stage) = Stage::set("payment", |settings| {
        settings.buyer_script = PAYING_BUYER.map(str::to_owned).to_vec();
        settings.delays = Delays::all(Duration::from_millis(30));
    })
    .await?
    else {
        return Ok(());
    };
    let foreign = StructureSpec::new(
        Role::Supplier,
        IdType::UeHorsFrance,
        "DE136695976",
        "Werkstatt Nord",
    );
    stage.simulator.put_structure(foreign);
    stage.add_foreign_supplier("DE136695976").await?;
    for name in [
        "b2g.json",
        "b2g-paid.json",
        "credit-note.json",
        "cross-border.json",
    ] {
        stage.insert(&fixture(name)?).await.context(name)?;
    }

    let _agent = stage.agent.run()?;
    stage
        .until("SELECT count(*) = 4 AND bool_and(state = 'paid') FROM chorus.invoice")
        .await?;

    let client = stage.database.connect().await?;
    for row in client
        .query(
            "SELECT i.number, i.status, i.chorus_id, d.sha256 = encode(sha256(d.content), 'hex'), d.state, d.flux_state,
                    (SELECT array_agg(e.code ORDER BY e.occurred_at, e.histo_statut_id) FROM chorus.status_event e WHERE e.invoice_id = i.id)
             FROM chorus.invoice i JOIN chorus.deposit d ON d.invoice_id = i.id",
            &[],
        )
        .await?
    {
        let number: String = row.get(0);
        assert_eq!(row.get::<_, &str>(1), "MISE_EN_PAIEMENT", "{number}");
        assert!(row.get::<_, Option<i64>>(2).is_some(), "{number}");
        assert!(row.get::<_, bool>(3), "{number}: the hash is of the bytes");
        assert_eq!(row.get::<_, &str>(4), "integrated", "{number}");
        assert_eq!(row.get::<_, &str>(5), "IN_INTEGRE", "{number}");
        assert_eq!(row.get::<_, Vec<String>>(6), statuses_of_a_paid_invoice(), "{number}");
    }
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flux_that_chorus_pro_rejects_comes_back_as_findings_and_can_be_corrected() -> Result<()>
{
    let Some(stage) = Stage::set("rejected", |_| {}).await? else {
        return Ok(());
    };
    // The buyer of this simulator requires its service code; the supplier does not want the directory to refuse.
    let mut invoice = fixture("b2g.json")?;
    invoice["ordering"]["code"] = json!("NO-SUCH-SERVICE");
    stage
        .database
        .connect()
        .await?
        .batch_execute("UPDATE chorus.supplier SET directory = 'warn'")
        .await?;
    let id = stage.insert(&invoice).await?;
    let mut agent = stage.agent.run()?;
    stage
        .until("SELECT count(*) = 1 FROM chorus.invoice WHERE state = 'flux_rejected'")
        .await?;
    let client = stage.database.connect().await?;
    let finding = client
        .query_one(
            "SELECT rule, severity, message_fr, path, term FROM chorus.finding WHERE origin = 'flux'",
            &[],
        )
        .await?;
    assert_eq!(finding.get::<_, &str>(3), "$.ordering.code");
    assert_eq!(finding.get::<_, &str>(4), "BT-10");
    assert_eq!(finding.get::<_, &str>(1), "fatal");
    assert!(
        finding.get::<_, &str>(2).contains("service"),
        "{}",
        finding.get::<_, &str>(2)
    );

    // The number is free again: the corrected document goes out under it.
    client
        .execute(
            "UPDATE chorus.invoice SET doc = $2 WHERE id = $1",
            &[&id, &fixture("b2g.json")?],
        )
        .await?;
    stage
        .until("SELECT bool_and(state = 'integrated' AND status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let fluxes: i64 = client
        .query_one("SELECT count(*) FROM chorus.deposit", &[])
        .await?
        .get(0);
    assert_eq!(fluxes, 2);
    assert!(agent.terminate().await?.success());
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_never_came_is_looked_for_and_its_deposit_adopted() -> Result<()> {
    let Some(stage) = Stage::set("adopted", |settings| settings.duplicate_rule = false).await?
    else {
        return Ok(());
    };
    stage.simulator.set_faults(vec![
        Fault::drop_after().on(Operation::DeposerFlux).times(1),
    ])?;
    stage.insert(&fixture("b2g.json")?).await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    assert_eq!(stage.simulator.ledger().posts.len(), 1);
    stage.audit().await
}

/// "Done", and nothing else: that is no search without results.
#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_does_not_say_what_it_found_proves_nothing() -> Result<()> {
    let Some(stage) = Stage::set("blank", |settings| settings.duplicate_rule = false).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    let blank = Fault {
        body: r#"{"codeRetour": 0, "libelle": "GCU_MSG_01_000"}"#.into(),
        content_type: Some("application/json".into()),
        ..Fault::status(200).on(Operation::RechercherFournisseur)
    };
    stage.simulator.set_faults(vec![
        Fault::drop_after().on(Operation::DeposerFlux).times(1),
        blank,
    ])?;
    stage.insert(&fixture("b2g.json")?).await?;
    // Lease, time limit and window together: after that a vain search would let the same bytes go out again.
    stage
        .until(
            "SELECT bool_and(t.kind = 'look_up' AND t.attempts > 1 AND now() > t.created_at + interval '19 s') OR count(d) > 1
             FROM chorus.deposit d JOIN chorus.task t ON t.invoice_id = d.invoice_id",
        )
        .await?;
    stage.simulator.clear_faults();
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    assert_eq!(stage.simulator.ledger().posts.len(), 1);
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_never_arrived_goes_out_again_with_the_same_bytes() -> Result<()> {
    let Some(stage) = Stage::set("lost", |_| {}).await? else {
        return Ok(());
    };
    // The connection is closed with the request read, and nothing processed.
    stage
        .simulator
        .set_faults(vec![Fault::refuse().on(Operation::DeposerFlux).times(1)])?;
    stage.insert(&fixture("b2g.json")?).await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    let row = client
        .query_one(
            "SELECT array_agg(state ORDER BY state), count(DISTINCT sha256) FROM chorus.deposit",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, Vec<String>>(0), ["integrated", "lost"]);
    assert_eq!(row.get::<_, i64>(1), 1, "the same bytes");
    stage.audit().await
}

/// The rejection may mean the sending before, which has left no trace: a person looks, and then it is like any rejection.
#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_after_a_sending_that_never_arrived_is_corrected_once_a_person_has_looked()
-> Result<()> {
    let Some(stage) = Stage::set("lost_rejected", |_| {}).await? else {
        return Ok(());
    };
    stage
        .simulator
        .set_faults(vec![Fault::refuse().on(Operation::DeposerFlux).times(1)])?;
    stage.simulator.force_outcome(ForcedOutcome {
        number: "FA2026-0042".into(),
        state: "IN_REJETE".into(),
        message: None,
        count: 1,
    });
    let id = stage.insert(&fixture("b2g.json")?).await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'blocked' AND state_reason LIKE '%then correct doc %') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    let state: String = client
        .query_one(
            "SELECT chorus.resolve($1, 'not_deposited', 'not in the list of fluxes')",
            &[&id],
        )
        .await?
        .get(0);
    assert_eq!(state, "flux_rejected");
    let row = client
        .query_one(
            "SELECT (SELECT count(*) FROM chorus.task WHERE invoice_id = $1), (SELECT count(*) > 0 FROM chorus.finding WHERE origin = 'flux'),
                (SELECT next_action FROM chorus.todo WHERE invoice_id = $1)",
            &[&id],
        )
        .await?;
    assert_eq!(row.get::<_, i64>(0), 0, "nothing goes out uncorrected");
    assert!(row.get::<_, bool>(1), "what was wrong is still told");
    let next: String = row.get(2);
    assert!(next.starts_with("UPDATE chorus.invoice SET doc"), "{next}");

    client
        .execute(
            "UPDATE chorus.invoice SET doc = doc #- '{ordering,purchases}' WHERE id = $1",
            &[&id],
        )
        .await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let states: Vec<String> = client
        .query_one(
            "SELECT array_agg(state ORDER BY prepared_at) FROM chorus.deposit",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(states, ["disowned", "rejected", "integrated"]);
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_chorus_pro_refuses_outright_waits_for_a_person() -> Result<()> {
    let Some(stage) = Stage::set("refused", |settings| settings.max_file_bytes = 1000).await?
    else {
        return Ok(());
    };
    let id = stage.insert(&fixture("b2g.json")?).await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT run_at = 'infinity' AND last_error LIKE '%GDP_MSG_11.022%' FROM chorus.task WHERE kind = 'submit'")
        .await?;
    let client = stage.database.connect().await?;
    let state: String = client
        .query_one("SELECT state FROM chorus.invoice WHERE id = $1", &[&id])
        .await?
        .get(0);
    assert_eq!(state, "ready");
    // The cause is gone: a person lets the task run.
    stage
        .simulator
        .configure(|settings| settings.max_file_bytes = 1 << 20);
    client
        .execute(
            "SELECT chorus.retry(id) FROM chorus.task WHERE kind = 'submit'",
            &[],
        )
        .await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_flux_is_never_taken_for_success() -> Result<()> {
    let Some(stage) = Stage::set("incident", |_| {}).await? else {
        return Ok(());
    };
    stage.simulator.force_outcome(ForcedOutcome {
        number: "F-2026-0042".into(),
        state: "QP_IRRECEVABLE".into(),
        message: None,
        count: 1,
    });
    let mut invoice = fixture("b2g.json")?;
    invoice["series"] = json!("F-2026");
    invoice["code"] = json!("0042");
    stage.insert(&invoice).await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'flux_rejected') FROM chorus.invoice")
        .await?;
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_of_a_rejection_stands_at_the_field_it_names() -> Result<()> {
    let Some(stage) = Stage::set("located", |_| {}).await? else {
        return Ok(());
    };
    let mut invoice = fixture("b2g.json")?;
    invoice["series"] = json!("F-2026");
    invoice["code"] = json!("0043");
    stage.simulator.force_outcome(ForcedOutcome {
        number: "F-2026-0043".into(),
        state: "IN_REJETE".into(),
        message: Some(
            "L'element FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement.BuyerOrderReferencedDocument.IssuerAssignedID.value \
             est obligatoire.|Le destinataire n'est pas joignable|Le champ FichierXml.ExchangedDocument.ID.value est mal forme"
                .into(),
        ),
        count: 1,
    });
    // Paths are those of what was inserted.
    stage
        .insert(
            &json!({"$schema": "https://gobl.org/draft-0/envelope", "head": {}, "doc": invoice}),
        )
        .await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'flux_rejected') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    let rows = client
        .query(
            "SELECT path, term, split_part(message_fr, ' ', 1) || ' ' || split_part(message_fr, ' ', 2) FROM chorus.finding
             WHERE origin = 'flux' ORDER BY id",
            &[],
        )
        .await?;
    let found: Vec<(Option<&str>, Option<&str>, &str)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    assert_eq!(
        found,
        [
            (
                Some("$.doc.ordering.purchases[0].code"),
                Some("BT-13"),
                "L'element FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement.BuyerOrderReferencedDocument.IssuerAssignedID.value"
            ),
            (None, None, "Le destinataire"),
            (Some("$.doc.code"), Some("BT-1"), "Le champ"),
        ]
    );
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_survives_its_connections_and_stops_gracefully() -> Result<()> {
    let Some(stage) = Stage::set("survives", |_| {}).await? else {
        return Ok(());
    };
    let mut agent = stage.agent.run()?;
    stage.until("SELECT count(*) > 0 FROM chorus.agent").await?;
    let client = stage.database.connect().await?;
    client
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            &[],
        )
        .await?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let status = agent.terminate().await?;
    ensure!(status.success(), "{status}\n{}", agent.log());
    stage
        .until("SELECT count(*) = 0 FROM chorus.task WHERE leased_until IS NOT NULL")
        .await?;
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn check_names_what_is_wrong_and_the_remedy() -> Result<()> {
    let Some(stage) = Stage::set("check", |_| {}).await? else {
        return Ok(());
    };
    let good = stage.agent.call(&["check"], "").await?;
    ensure!(
        good.status.success(),
        "{}{}",
        String::from_utf8_lossy(&good.stdout),
        String::from_utf8_lossy(&good.stderr)
    );
    let said = String::from_utf8_lossy(&good.stdout).into_owned();
    ensure!(said.contains("OK  directory: "), "{said}");
    let wrong = stage
        .agent
        .clone()
        .set("CHORUS_PISTE_CLIENT_SECRET", "wrong");
    let bad = wrong.call(&["check"], "").await?;
    let said = String::from_utf8_lossy(&bad.stdout).into_owned();
    ensure!(!bad.status.success(), "{said}");
    ensure!(
        said.contains("KO") && said.contains("piste.client_secret"),
        "{said}"
    );
    ensure!(!said.contains("wrong"), "a secret was shown: {said}");

    let nowhere = stage.agent.clone().set(
        "CHORUS_DATABASE_URL",
        "host=/nowhere dbname=none user=nobody",
    );
    let lost = nowhere.call(&["check"], "").await?;
    let said = String::from_utf8_lossy(&lost.stdout).into_owned();
    ensure!(!lost.status.success() && said.contains("KO"), "{said}");
    ensure!(said.contains("database.url"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_waits_for_a_database_and_for_chorus_pro() -> Result<()> {
    let Some(stage) = Stage::set("waits", |_| {}).await? else {
        return Ok(());
    };
    // PISTE refuses, then answers HTML, then works: nothing is lost, nothing is sent twice.
    stage.simulator.set_faults(vec![
        Fault::status(503).on(Operation::Token).times(2),
        Fault::html(502)
            .on(Operation::RechercherFournisseur)
            .times(2),
        Fault::status(429)
            .retry_after_s(1)
            .on(Operation::DeposerFlux)
            .times(1),
    ])?;
    stage.insert(&fixture("b2g.json")?).await?;
    let mut agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    assert!(agent.terminate().await?.success());

    let mut lost = stage
        .agent
        .clone()
        .set(
            "CHORUS_DATABASE_URL",
            "host=/nowhere dbname=none user=nobody",
        )
        .run()?;
    common::eventually(
        || lost.log().contains("/nowhere") || lost.log().contains("database"),
        PATIENCE,
    )
    .await?;
    assert!(lost.terminate().await?.success(), "{}", lost.log());
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_copy_of_the_database_deposits_nothing() -> Result<()> {
    let Some(stage) = Stage::set("copied", |_| {}).await? else {
        return Ok(());
    };
    let client = stage.database.connect().await?;
    client
        .execute("UPDATE chorus.installation SET database_oid = 1", &[])
        .await?;
    stage.insert(&fixture("b2g.json")?).await?;
    let agent = stage.agent.run()?;
    common::eventually(|| agent.log().contains("installation"), PATIENCE).await?;
    let posts = stage.simulator.ledger().posts;
    ensure!(posts.is_empty(), "{posts:?}");
    let states: BTreeSet<String> = client
        .query("SELECT state FROM chorus.invoice", &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(states, BTreeSet::from(["ready".to_owned()]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn notify_wakes_the_agent_long_before_the_poll() -> Result<()> {
    let Some(mut stage) = Stage::set("notify", |_| {}).await? else {
        return Ok(());
    };
    // An hour: without the notification this test cannot end in time.
    stage.agent = stage
        .agent
        .set("CHORUS_AGENT_POLL_INTERVAL_SECONDS", "360000");
    let _agent = stage.agent.run()?;
    // Listening, and done with the supplier: nothing but the notification can make a worker look again.
    stage
        .until(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN chorus')
                AND NOT EXISTS (SELECT FROM chorus.supplier WHERE state <> 'registered')
                AND NOT EXISTS (SELECT FROM chorus.task WHERE leased_until IS NOT NULL)",
        )
        .await?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage.simulator.wait(&Condition::posts()).await?;
    Ok(())
}
