//! What comes back from a buyer is answered from SQL, once, whatever becomes of the answer on the way.

mod common;

use anyhow::{Context, Result, ensure};
use chorus_simulator::{Fault, Operation, Role, ServiceSpec, StructureSpec};
use chorus_tests::fixture;
use common::Stage;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

/// A stage whose buyer does `script`.
async fn stage(label: &str, script: &[&str]) -> Result<Option<Stage>> {
    let script: Vec<String> = script.iter().map(|&status| status.to_owned()).collect();
    Stage::set(label, |settings| settings.buyer_script = script).await
}

/// Somebody in charge.
async fn admin(stage: &Stage) -> Result<Client> {
    let client = stage.database.connect().await?;
    client.batch_execute("SET ROLE chorus_admin").await?;
    Ok(client)
}

/// Inserts the fixture and waits until its buyer has set `status`.
async fn returned(stage: &Stage, status: &str) -> Result<Uuid> {
    let id = stage.insert(&fixture("b2g.json")?).await?;
    stage
        .until(&format!(
            "SELECT bool_and(status = '{status}') FROM chorus.invoice"
        ))
        .await?;
    Ok(id)
}

/// What became of the one action.
async fn outcome(client: &Client) -> Result<(String, Option<String>)> {
    let row = client
        .query_one("SELECT state, answer ->> 'libelle' FROM chorus.action", &[])
        .await?;
    Ok((row.get(0), row.get(1)))
}

/// Processed requests of an operation, with those that were refused.
fn processed(stage: &Stage, operation: Operation) -> usize {
    stage.simulator.ledger().actions_of(operation).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_invoice_is_completed_with_files_and_paid() -> Result<()> {
    let script = [
        "SUSPENDUE=Justificatif absent",
        "MANDATEE",
        "MISE_EN_PAIEMENT",
    ];
    let Some(stage) = stage("completed", &script).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    let client = admin(&stage).await?;
    let reason: String = client
        .query_one(
            "SELECT comment FROM chorus.status_event WHERE code = 'SUSPENDUE'",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(reason, "Justificatif absent");
    for (name, content) in [
        ("pv-de-reception.pdf", &b"%PDF"[..]),
        ("plans.zip", &b"PK"[..]),
    ] {
        client
            .execute(
                "INSERT INTO chorus.attachment (invoice_id, name, content, sent_with) VALUES ($1, $2, $3, 'complement')",
                &[&id, &name, &content],
            )
            .await?;
    }
    let task: i64 = client
        .query_one("SELECT chorus.complete($1, 'PV joint')", &[&id])
        .await?
        .get(0);
    ensure!(task > 0);
    stage
        .until("SELECT bool_and(state = 'paid') FROM chorus.invoice")
        .await?;
    // The payment may be read before the answer to our own call is written down.
    stage
        .until("SELECT bool_and(state = 'done') FROM chorus.action")
        .await?;

    assert_eq!(outcome(&client).await?.0, "done");
    let ledger = stage.simulator.ledger();
    let completions: Vec<_> = ledger.actions_of(Operation::Completer).collect();
    assert_eq!(completions.len(), 1);
    assert_eq!(completions[0].request["commentaire"], json!("PV joint"));
    let files = completions[0].request["pieceJointeComplementaire"]
        .as_array()
        .context("files")?
        .len();
    assert_eq!(files, 2);
    let rows = client
        .query(
            "SELECT name, sha256, chorus_id, mime FROM chorus.attachment ORDER BY id",
            &[],
        )
        .await?;
    let stored = stage.simulator.attachments();
    assert_eq!(stored.len(), rows.len());
    for (row, file) in rows.iter().zip(&stored) {
        assert_eq!(row.get::<_, &str>(0), file.name);
        assert_eq!(row.get::<_, &str>(1), file.sha256);
        assert_eq!(row.get::<_, Option<i64>>(2), Some(file.id));
        assert_eq!(row.get::<_, &str>(3), file.mime_type);
    }
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_invoice_goes_to_another_service_and_is_paid() -> Result<()> {
    let Some(stage) = stage(
        "recycled",
        &["A_RECYCLER=Mauvais service", "MISE_EN_PAIEMENT"],
    )
    .await?
    else {
        return Ok(());
    };
    let mut buyer = StructureSpec::new(
        Role::Buyer,
        chorus_simulator::IdType::Siret,
        stage.simulator.buyer_siret(),
        "DESTINATAIRE EXEMPLE",
    );
    buyer.service_required = true;
    buyer.services = vec![
        ServiceSpec::new("FACTURES-DSI", "Systèmes d'information"),
        ServiceSpec::new("VOIRIE", "Voirie"),
    ];
    stage.simulator.put_structure(buyer);
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "A_RECYCLER").await?;
    let client = admin(&stage).await?;
    client
        .execute(
            "SELECT chorus.recycle($1, service => 'VOIRIE', commitment => 'EJ-2', comment => 'Service corrigé')",
            &[&id],
        )
        .await?;
    stage
        .until("SELECT bool_and(state = 'paid') FROM chorus.invoice")
        .await?;
    // The payment may be read before the answer to our own call is written down.
    stage
        .until("SELECT bool_and(state = 'done') FROM chorus.action")
        .await?;

    let row = client
        .query_one(
            "SELECT service_code, commitment_number, doc #>> '{ordering,code}', buyer_name,
                 (SELECT earlier ->> 'service_code' || ' ' || state FROM chorus.action)
             FROM chorus.invoice",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "VOIRIE");
    assert_eq!(row.get::<_, &str>(1), "EJ-2");
    assert_eq!(row.get::<_, &str>(2), "FACTURES-DSI", "as it was sent");
    assert!(row.get::<_, Option<&str>>(3).is_some(), "the same buyer");
    assert_eq!(row.get::<_, &str>(4), "FACTURES-DSI done");
    let there = &stage.simulator.invoices()[0];
    assert_eq!(there.service_code.as_deref(), Some("VOIRIE"));
    assert_eq!(there.engagement.as_deref(), Some("EJ-2"));
    assert_eq!(processed(&stage, Operation::Recycler), 1);
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_invoice_goes_to_another_buyer_whose_name_is_learned() -> Result<()> {
    let Some(stage) = stage("rebuyer", &["A_RECYCLER=Mauvais destinataire"]).await? else {
        return Ok(());
    };
    stage.simulator.put_structure(StructureSpec::new(
        Role::Buyer,
        chorus_simulator::IdType::Siret,
        "12345678200028",
        "MAIRIE VOISINE",
    ));
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "A_RECYCLER").await?;
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.recycle($1, '12345678200028')", &[&id])
        .await?;
    // The service was the other buyer's own.
    stage
        .until(
            "SELECT bool_and(buyer_identifier = '12345678200028' AND service_code IS NULL AND buyer_name = 'MAIRIE VOISINE')
             FROM chorus.invoice",
        )
        .await?;
    let there = &stage.simulator.invoices()[0];
    assert_eq!(there.buyer.as_deref(), Some("12345678200028"));
    assert_eq!(there.service_code, None);
    let actions: i64 = client
        .query_one("SELECT count(*) FROM chorus.action", &[])
        .await?
        .get(0);
    assert_eq!(actions, 1, "one change, one record");
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_validator_is_replaced() -> Result<()> {
    let Some(stage) = stage("validator", &[]).await? else {
        return Ok(());
    };
    stage.simulator.put_structure(StructureSpec::new(
        Role::Supplier,
        chorus_simulator::IdType::Siret,
        "12345678200036",
        "TITULAIRE",
    ));
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "MISE_A_DISPOSITION").await?;
    let client = admin(&stage).await?;
    let number: String = client
        .query_one("SELECT number FROM chorus.invoice", &[])
        .await?
        .get(0);
    stage
        .simulator
        .set_status(&number, "ERREUR_FOURNISSEUR_SUR_VALIDEUR", None)?;
    stage
        .until("SELECT bool_and(state = 'action_required') FROM chorus.invoice")
        .await?;
    // Unknown over there: refused, and said; then the right one.
    client
        .execute(
            "SELECT chorus.correct_validator($1, '99999999999999')",
            &[&id],
        )
        .await?;
    stage
        .until("SELECT bool_and(state = 'refused') FROM chorus.action")
        .await?;
    stage
        .until("SELECT count(*) = 1 FROM chorus.todo WHERE reason_fr LIKE '%valideur n''est pas reference%'")
        .await?;
    client
        .execute(
            "SELECT chorus.correct_validator($1, '12345678200036')",
            &[&id],
        )
        .await?;
    stage
        .until("SELECT bool_and(state = 'awaiting_validator' AND status = 'A_VALIDER_1') FROM chorus.invoice")
        .await?;
    let there = &stage.simulator.invoices()[0];
    assert_eq!(there.validators[0].as_deref(), Some("12345678200036"));
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_treated_and_the_next_invoice_has_a_number_of_its_own() -> Result<()> {
    let Some(stage) = stage("treated", &["REJETEE=Montant erroné"]).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "REJETEE").await?;
    // The first answer is lost: searches show the mark, and it is not set twice.
    stage.simulator.set_faults(vec![
        Fault::drop_after().on(Operation::TraiterRejet).times(1),
    ])?;
    stage
        .simulator
        .configure(|settings| settings.buyer_script.clear());
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.treat_rejection($1)", &[&id])
        .await?;
    stage
        .until("SELECT bool_and(rejection_treated_at IS NOT NULL AND state = 'rejected') FROM chorus.invoice")
        .await?;
    ensure!(stage.simulator.invoices()[0].rejection_treated);
    assert_eq!(processed(&stage, Operation::TraiterRejet), 1);

    let mut again = fixture("b2g.json")?;
    again["code"] = json!("20260999");
    stage.insert(&again).await?;
    stage
        .until("SELECT count(*) = 1 FROM chorus.invoice WHERE status = 'MISE_A_DISPOSITION'")
        .await?;
    stage.audit().await
}

/// The buyer suspends the invoice again right after it was completed: its status alone would not tell.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_on_its_way_is_not_repeated() -> Result<()> {
    let Some(stage) = stage("lostanswer", &["SUSPENDUE", "SUSPENDUE=Encore"]).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    stage
        .simulator
        .set_faults(vec![Fault::drop_after().on(Operation::Completer).times(1)])?;
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.complete($1, 'voilà')", &[&id])
        .await?;
    stage
        .until("SELECT bool_and(state = 'done') FROM chorus.action")
        .await?;
    stage
        .until("SELECT count(*) = 2 FROM chorus.status_event WHERE code = 'SUSPENDUE'")
        .await?;
    assert_eq!(processed(&stage, Operation::Completer), 1);
    // And it can be completed again, once the history has been read after the answer.
    stage
        .until("SELECT bool_and(i.history_read_at > a.answered_at) FROM chorus.invoice i JOIN chorus.action a ON a.invoice_id = i.id")
        .await?;
    client
        .execute("SELECT chorus.complete($1, 'le reste')", &[&id])
        .await?;
    stage
        .until("SELECT count(*) = 2 FROM chorus.action WHERE state = 'done'")
        .await?;
    assert_eq!(processed(&stage, Operation::Completer), 2);
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_arrived_is_made_again() -> Result<()> {
    let Some(stage) = stage("again", &["SUSPENDUE"]).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    stage.simulator.set_faults(vec![
        Fault::refuse().on(Operation::Completer).times(1),
        Fault::status(503).on(Operation::Completer).times(1),
        Fault::status(429)
            .retry_after_s(0)
            .on(Operation::Completer)
            .times(1),
        Fault::html(502).on(Operation::AjouterFichier).times(1),
    ])?;
    let client = admin(&stage).await?;
    client
        .execute(
            "INSERT INTO chorus.attachment (invoice_id, name, content, sent_with) VALUES ($1, 'pv.pdf', '\\x25', 'complement')",
            &[&id],
        )
        .await?;
    client
        .execute("SELECT chorus.complete($1, 'voilà')", &[&id])
        .await?;
    stage
        .until("SELECT bool_and(status = 'COMPLETEE') FROM chorus.invoice")
        .await?;
    assert_eq!(outcome(&client).await?.0, "done");
    assert_eq!(processed(&stage, Operation::Completer), 1);
    assert_eq!(stage.simulator.attachments().len(), 1);
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_status_no_longer_allows_is_refused_and_said() -> Result<()> {
    let Some(stage) = stage("overtaken", &["SUSPENDUE"]).await? else {
        return Ok(());
    };
    let mut agent = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    ensure!(agent.terminate().await?.success());
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.complete($1, 'voilà')", &[&id])
        .await?;
    let number: String = client
        .query_one("SELECT number FROM chorus.invoice", &[])
        .await?
        .get(0);
    stage.simulator.set_status(&number, "MANDATEE", None)?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(status = 'MANDATEE') FROM chorus.invoice")
        .await?;
    stage
        .until("SELECT bool_and(state = 'refused') FROM chorus.action")
        .await?;
    let (_, libelle) = outcome(&client).await?;
    let said = "not done: the status has become MANDATEE meanwhile";
    assert_eq!(libelle.as_deref(), Some(said));
    let reason: String = client
        .query_one("SELECT state_reason FROM chorus.invoice", &[])
        .await?
        .get(0);
    assert_eq!(reason, said);
    assert_eq!(processed(&stage, Operation::Completer), 0);
    stage.audit().await
}

/// Completed once, though its calls arrive at Chorus Pro as late as `faults` say; with how many calls.
async fn late(label: &str, faults: Vec<Fault>) -> Result<Option<usize>> {
    let Some(stage) = stage(label, &["SUSPENDUE", "MANDATEE"]).await? else {
        return Ok(None);
    };
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    stage.simulator.set_faults(faults)?;
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.complete($1, 'voilà')", &[&id])
        .await?;
    stage
        .until(
            "SELECT bool_and((i.status = 'MANDATEE' AND i.history_read_at > a.answered_at) IS TRUE)
             FROM chorus.invoice i JOIN chorus.action a ON a.invoice_id = i.id",
        )
        .await?;
    assert_eq!(outcome(&client).await?.0, "done");
    let invoices = stage.simulator.invoices();
    let completed = invoices.iter().flat_map(|there| &there.events);
    let completed = completed.filter(|event| event.status == "COMPLETEE");
    assert_eq!(completed.count(), 1);
    stage.audit().await?;
    Ok(Some(processed(&stage, Operation::Completer)))
}

/// The agent gives up after a third of its lease, 4.3 s, and looks 1.2 s later: not before the call has arrived.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_arrives_after_its_time_limit_is_waited_for_and_not_repeated() -> Result<()> {
    let call = Fault::latency_ms(4_800).on(Operation::Completer).times(1);
    if let Some(calls) = late("latecall", vec![call]).await? {
        assert_eq!(calls, 1);
    }
    Ok(())
}

/// The first arrives later than anybody expects, after the look and before the second, which is refused: the status has moved on.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_call_that_is_refused_because_the_first_one_arrived_means_done() -> Result<()> {
    let calls =
        [8_500, 3_500].map(|late| Fault::latency_ms(late).on(Operation::Completer).times(1));
    late("verylate", calls.to_vec()).await?;
    Ok(())
}

/// An agent that dies at `point`, and one that takes over: completed once.
async fn die_at(point: &str) -> Result<()> {
    let Some(stage) = stage("die", &["SUSPENDUE", "SUSPENDUE"]).await? else {
        return Ok(());
    };
    let mut first = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    ensure!(first.terminate().await?.success());
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.complete($1, 'voilà')", &[&id])
        .await?;
    let mut dying = stage
        .agent
        .clone()
        .set("FAILPOINTS", &format!("{point}=return(kill)"))
        .run()?;
    let status = dying.wait().await?;
    ensure!(!status.success(), "{point} was never reached");
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'done') FROM chorus.action")
        .await?;
    assert_eq!(processed(&stage, Operation::Completer), 1, "{point}");
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_dies_before_or_after_the_call_leaves_one_completion() -> Result<()> {
    die_at("action.completer.before").await?;
    die_at("action.completer.after").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_get_through_is_shown_and_may_be_withdrawn() -> Result<()> {
    let Some(stage) = stage("withdrawn", &["SUSPENDUE"]).await? else {
        return Ok(());
    };
    let _agent = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    stage
        .simulator
        .set_faults(vec![Fault::status(503).on(Operation::ConsulterHistorique)])?;
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.complete($1, 'voilà')", &[&id])
        .await?;
    // As after a day of it.
    stage
        .until("SELECT bool_or(attempts > 1 AND leased_until IS NULL) FROM chorus.task WHERE kind = 'action'")
        .await?;
    let owner = stage.database.connect().await?;
    owner
        .execute(
            "UPDATE chorus.action SET requested_at = requested_at - interval '25 hours'",
            &[],
        )
        .await?;
    stage
        .until(
            "SELECT count(*) = 1 FROM chorus.todo
             WHERE reason_fr LIKE '%n''aboutit pas%HTTP 503%' AND next_action LIKE '%chorus.withdraw(%' AND days_left <= 7",
        )
        .await?;
    // While the agent has it in hand it is refused; in between it is not.
    while let Err(error) = client
        .execute(
            "SELECT chorus.withdraw(id, 'autre texte') FROM chorus.invoice",
            &[],
        )
        .await
    {
        let error = error.as_db_error().context("not the database's")?;
        ensure!(error.message().contains("in hand"), "{error}");
    }
    assert_eq!(
        outcome(&client).await?,
        ("withdrawn".into(), Some("autre texte".into()))
    );
    stage.simulator.clear_faults();
    client
        .execute("SELECT chorus.complete($1, 'mieux')", &[&id])
        .await?;
    stage
        .until("SELECT bool_and(status = 'COMPLETEE') FROM chorus.invoice")
        .await?;
    let ledger = stage.simulator.ledger();
    let completions: Vec<_> = ledger.actions_of(Operation::Completer).collect();
    assert_eq!(completions.len(), 1);
    assert_eq!(completions[0].request["commentaire"], json!("mieux"));
    stage.audit().await
}

/// An answer whose call was begun may be done: it is not withdrawn before the agent knows.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_unknown_fate_is_not_withdrawn() -> Result<()> {
    let Some(stage) = stage("fate", &["SUSPENDUE"]).await? else {
        return Ok(());
    };
    let mut agent = stage.agent.run()?;
    let id = returned(&stage, "SUSPENDUE").await?;
    stage
        .simulator
        .set_faults(vec![Fault::status(503).on(Operation::Completer)])?;
    let client = admin(&stage).await?;
    client
        .execute("SELECT chorus.complete($1, 'voilà')", &[&id])
        .await?;
    stage
        .until("SELECT bool_or(a.state = 'sent' AND t.leased_until IS NULL) FROM chorus.action a JOIN chorus.task t ON t.invoice_id = a.invoice_id")
        .await?;
    agent.terminate().await?;
    let error = client
        .execute("SELECT chorus.withdraw(id) FROM chorus.invoice", &[])
        .await
        .err()
        .context("withdrawn")?;
    let error = error.as_db_error().context("not the database's")?;
    ensure!(
        error.message().contains("may have been done") && error.hint().is_some(),
        "{error}"
    );
    stage.simulator.clear_faults();
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(state = 'done') FROM chorus.action")
        .await?;
    assert_eq!(processed(&stage, Operation::Completer), 1);
    stage.audit().await
}
