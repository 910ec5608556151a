//! Statuses are noticed however fast they change, and followed until nothing more is to come.

mod common;

use anyhow::{Context, Result, ensure};
use chorus_simulator::{Fault, IdType, Operation, Role, ServiceSpec, StructureSpec};
use chorus_tests::fixture;
use common::Stage;
use serde_json::{Value, json};

/// The buyer of the fixtures, with one service more, which perhaps says when it pays.
fn buyer(stage: &Stage, payment_not_reported: bool) -> StructureSpec {
    let siret = stage.simulator.buyer_siret();
    let mut buyer = StructureSpec::new(Role::Buyer, IdType::Siret, siret, "DESTINATAIRE EXEMPLE");
    buyer.service_required = true;
    buyer.services = vec![
        ServiceSpec::new("FACTURES-DSI", "Systèmes d'information"),
        ServiceSpec::new("VOIRIE", "Voirie"),
    ];
    buyer.payment_not_reported = payment_not_reported;
    buyer
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_to_a_buyer_that_reports_no_payment_ends_as_closed_not_paid() -> Result<()> {
    let Some(stage) = Stage::set("unreported", |settings| {
        settings.buyer_script = vec!["SERVICE_FAIT".into(), "MANDATEE".into()];
    })
    .await?
    else {
        return Ok(());
    };
    stage.simulator.put_structure(buyer(&stage, true));
    let _agent = stage.agent.run()?;
    for code in 1..=3 {
        let mut invoice = fixture("b2g.json")?;
        invoice["code"] = json!(format!("{code}"));
        stage.insert(&invoice).await?;
        stage
            .until("SELECT bool_and(state = 'closed' AND status = 'MANDATEE') FROM chorus.invoice")
            .await?;
    }
    let ledger = stage.simulator.ledger();
    // The supplier's own when its account was verified, the buyer's once a day.
    assert_eq!(ledger.requests(Operation::ConsulterStructure), 2);

    // Closed is not the end of following: the buyer comes back.
    let client = stage.database.connect().await?;
    let number: String = client
        .query_one("SELECT min(number) FROM chorus.invoice", &[])
        .await?
        .get(0);
    stage
        .simulator
        .set_status(&number, "SUSPENDUE", Some("Justificatif"))?;
    stage
        .until("SELECT count(*) = 1 FROM chorus.todo WHERE reason_fr LIKE '%Justificatif'")
        .await?;
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_set_within_one_minute_are_all_there() -> Result<()> {
    let Some(stage) = Stage::set("minute", |_| {}).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    let number: String = client
        .query_one("SELECT number FROM chorus.invoice", &[])
        .await?
        .get(0);
    for round in 1..=5_i64 {
        // The same status again, perhaps in the same minute: only its milliseconds tell.
        stage.simulator.set_status(&number, "SUSPENDUE", None)?;
        stage
            .until(&format!(
                "SELECT count(*) = {round} FROM chorus.status_event WHERE code = 'SUSPENDUE'"
            ))
            .await?;
    }
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn polling_slows_down_when_nothing_is_open_and_resumes_with_the_next_invoice() -> Result<()> {
    let Some(stage) = Stage::set("slow", |_| {}).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    // The interval of this stage is a fifth of a second; nothing open means 24 of them.
    let slow = "SELECT bool_and(t.leased_until IS NULL AND t.run_at > now() + interval '1 s') FROM chorus.task t WHERE t.kind = 'follow'";
    stage.until(slow).await?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(state = 'integrated') FROM chorus.invoice")
        .await?;
    stage
        .until("SELECT bool_and(t.run_at < now() + interval '0.3 s') FROM chorus.task t WHERE t.kind = 'follow'")
        .await?;
    stage.audit().await
}

/// What a person does on the portal, done through the API with the supplier's own account.
async fn recycle_elsewhere(stage: &Stage, body: &Value) -> Result<()> {
    let credentials = stage.simulator.credentials();
    // Another test may have been first.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::new();
    let url = stage.simulator.url();
    let token: Value = http
        .post(format!("{url}/api/oauth/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope=openid",
            credentials.client_id, credentials.client_secret
        ))
        .send()
        .await?
        .json()
        .await?;
    let client = stage.database.connect().await?;
    let account = format!(
        "{}:{}",
        credentials.account.login, credentials.account.password
    );
    let account: String = client
        .query_one(
            "SELECT translate(encode(convert_to($1, 'UTF8'), 'base64'), E'\\n', '')",
            &[&account],
        )
        .await?
        .get(0);
    let answer: Value = http
        .post(format!("{url}/cpro/factures/v1/recycler"))
        .bearer_auth(
            token
                .get("access_token")
                .and_then(Value::as_str)
                .context("token")?,
        )
        .header("cpro-account", account)
        .json(body)
        .send()
        .await?
        .json()
        .await?;
    ensure!(answer.get("codeRetour") == Some(&json!(0)), "{answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_recycled_on_the_portal_is_recorded_with_its_new_routing() -> Result<()> {
    let Some(stage) = Stage::set("portal", |settings| {
        settings.buyer_script = vec!["A_RECYCLER".into()];
    })
    .await?
    else {
        return Ok(());
    };
    stage.simulator.put_structure(buyer(&stage, false));
    let _agent = stage.agent.run()?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(status = 'A_RECYCLER') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    let id: i64 = client
        .query_one("SELECT chorus_id FROM chorus.invoice", &[])
        .await?
        .get(0);
    recycle_elsewhere(
        &stage,
        &json!({"identifiantFactureCPP": id, "destinataire": {"codeServiceExecutant": "VOIRIE"}}),
    )
    .await?;
    stage
        .until("SELECT bool_and(service_code = 'VOIRIE' AND status <> 'A_RECYCLER') FROM chorus.invoice")
        .await?;
    let row = client
        .query_one(
            "SELECT kind, state, requested_by, earlier ->> 'service_code' FROM chorus.action",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "recycle");
    assert_eq!(row.get::<_, &str>(1), "done");
    assert_eq!(row.get::<_, &str>(2), "Chorus Pro");
    assert_eq!(row.get::<_, &str>(3), "FACTURES-DSI");
    stage.audit().await
}

/// What a search shows and the history does not have yet is asked for again.
#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_the_history_does_not_show_at_once_is_not_lost() -> Result<()> {
    let Some(stage) = Stage::set("lagging", |_| {}).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    let number: String = client
        .query_one("SELECT number FROM chorus.invoice", &[])
        .await?
        .get(0);
    let behind = r#"{"codeRetour": 0, "libelle": "GCU_MSG_01_000", "historiquesDesStatuts": {"pagesHistoStatut": 1, "histoStatut": [
        {"histoStatutId": 1, "histoStatutCode": "DEPOSEE", "histoStatutDatePassage": "2026-01-15 08:00"}]}}"#;
    for (status, body) in [
        (
            "MANDATEE",
            r#"{"codeRetour": 0, "libelle": "GCU_MSG_01_000"}"#,
        ),
        ("COMPTABILISEE", behind),
    ] {
        let answer = Fault {
            body: body.into(),
            content_type: Some("application/json".into()),
            ..Fault::status(200)
                .on(Operation::ConsulterHistorique)
                .times(1)
        };
        stage.simulator.set_faults(vec![answer])?;
        stage.simulator.set_status(&number, status, None)?;
        stage
            .until(&format!(
                "SELECT bool_and(status = '{status}') FROM chorus.invoice"
            ))
            .await?;
    }
    stage.audit().await
}
