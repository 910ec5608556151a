//! Answers that nobody expected: words that no document knows, pages instead of data, nothing at all, and lists that change
//! while they are read. Nothing crashes, nothing is lost, and the reason stands in a table.

use anyhow::{Result, ensure};
use chorus_simulator::{Condition, Fault, ForcedOutcome, InvoiceSpec, Operation};
use chorus_tests::fixture;
use serde_json::{Value, json};

use crate::common::{PATIENCE, Stage};
use crate::scene::{Scene, since_deposit};

/// That answer instead of the usual one, once.
fn instead(operation: Operation, answer: &Value) -> Fault {
    let mut fault = Fault::status(200).on(operation).times(1);
    fault.body = answer.to_string();
    fault.content_type = Some("application/json;charset=utf-8".into());
    fault
}

/// Every operation on the way from the deposit to the statuses.
const ON_THE_WAY: [Operation; 4] = [
    Operation::DeposerFlux,
    Operation::ConsulterCrDetaille,
    Operation::RechercherFournisseur,
    Operation::ConsulterHistorique,
];

#[tokio::test(flavor = "multi_thread")]
async fn a_status_never_seen_is_kept_verbatim_and_ends_nothing() -> Result<()> {
    let Some(scene) = Scene::set("unknownstatus", &[]).await? else {
        return Ok(());
    };
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    scene.becomes(id, "EN_ATTENTE_2027", "integrated").await?;
    let row = scene
        .people
        .query_one(
            "SELECT label FROM chorus.status_event WHERE code = 'EN_ATTENTE_2027'",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "EN_ATTENTE_2027");
    scene.becomes(id, "MISE_EN_PAIEMENT", "paid").await?;
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flux_state_never_seen_is_waited_for_and_shown() -> Result<()> {
    let Some(scene) = Scene::set("unknownflux", &[]).await? else {
        return Ok(());
    };
    let answer = json!({"codeRetour": 0, "etatCourantDepotFlux": "IN_ETAT_2027"});
    scene.stage.simulator.set_faults(vec![
        instead(Operation::ConsulterCrDetaille, &answer).times(2),
    ])?;
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .stage
        .until("SELECT bool_or(flux_state = 'IN_ETAT_2027' AND state = 'deposited') FROM chorus.deposit")
        .await?;
    scene
        .stage
        .until("SELECT bool_or(last_error LIKE '%IN_ETAT_2027%not documented%') FROM chorus.task WHERE kind = 'flux'")
        .await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    scene.stage.audit().await
}

/// A partly integrated flux and an incident say nothing sure: the invoice is looked for, and found or sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_flux_that_ends_in_doubt_is_looked_for_and_comes_in_once() -> Result<()> {
    for (label, state) in [
        ("partial", "IN_INTEGRE_PARTIEL"),
        ("incident", "IN_INCIDENTE"),
    ] {
        let Some(scene) = Scene::set(label, &[]).await? else {
            return Ok(());
        };
        scene.stage.simulator.force_outcome(ForcedOutcome {
            number: "FA2026-0042".into(),
            state: state.into(),
            message: None,
            count: 1,
        });
        let id = scene.stage.insert(&fixture("b2g.json")?).await?;
        scene
            .reaches(id, "integrated", "MISE_A_DISPOSITION")
            .await?;
        let ledger = scene.stage.simulator.ledger();
        assert_eq!(ledger.accepted().count(), 1, "{state}");
    }
    Ok(())
}

/// On each operation in turn, the reason in the task meanwhile.
async fn survives(label: &str, faults: impl Fn(Operation) -> Fault, reason: &str) -> Result<()> {
    let Some(scene) = Scene::set(label, &[]).await? else {
        return Ok(());
    };
    // The account is known before: this is about invoices.
    scene
        .stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    for (n, operation) in ON_THE_WAY.into_iter().enumerate() {
        scene
            .stage
            .simulator
            .set_faults(vec![faults(operation).on(operation).times(1)])?;
        let mut invoice = fixture("b2g.json")?;
        invoice["code"] = json!(format!("{n}"));
        let id = scene.stage.insert(&invoice).await?;
        scene
            .stage
            .until(&format!(
                "SELECT EXISTS (SELECT FROM chorus.task WHERE last_error LIKE '%{reason}%')
                     OR EXISTS (SELECT FROM chorus.invoice WHERE state_reason LIKE '%{reason}%')"
            ))
            .await?;
        scene
            .reaches(id, "integrated", "MISE_A_DISPOSITION")
            .await?;
    }
    let ledger = scene.stage.simulator.ledger();
    ensure!(
        ledger.accepted_twice().is_empty(),
        "{:?}",
        ledger.accepted_twice()
    );
    assert_eq!(ledger.accepted().count(), ON_THE_WAY.len());
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_html_instead_of_data_is_an_answer_of_nobody() -> Result<()> {
    survives("html", |_| Fault::html(200), "HTTP 200").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_refusal_is_told_and_tried_again() -> Result<()> {
    survives(
        "forbidden",
        |_| Fault::status(403),
        "subscribe the PISTE application",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_are_missing_or_null_delay_and_lose_nothing() -> Result<()> {
    let Some(scene) = Scene::set("null", &[]).await? else {
        return Ok(());
    };
    scene
        .stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    let nothing = json!({"codeRetour": 0});
    scene.stage.simulator.set_faults(vec![
        // Taken in, but under no number: looked for, not sent again.
        instead(Operation::DeposerFlux, &json!({"codeRetour": 0, "libelle": null, "numeroFluxDepot": null})).but_processed(),
        instead(Operation::ConsulterCrDetaille, &nothing),
        instead(
            Operation::ConsulterCrDetaille,
            &json!({"codeRetour": 0, "libelle": null, "nomFichier": null, "etatCourantDepotFlux": null,
                "dateHeureEtatCourantFlux": null, "listeErreurDP": null, "listeErreurTechnique": null}),
        ),
        instead(Operation::ConsulterHistorique, &nothing),
    ])?;
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    assert_eq!(scene.stage.simulator.ledger().posts.len(), 1);

    let number = scene.number(id).await?;
    scene.stage.simulator.set_faults(vec![
        instead(Operation::RechercherFournisseur, &nothing),
        instead(
            Operation::RechercherFournisseur,
            &json!({"codeRetour": 0, "parametresRetour": {"pages": null}, "listeFactures": [
                {"identifiantFactureCPP": null, "numeroFacture": number, "statut": null},
                {"identifiantFactureCPP": 1}]}),
        ),
        instead(
            Operation::ConsulterHistorique,
            &json!({"codeRetour": 0, "historiquesDesStatuts": {"histoStatut": null, "pagesHistoStatut": null}}),
        ),
        instead(
            Operation::ConsulterHistorique,
            &json!({"codeRetour": 0, "historiquesDesStatuts": {"pagesHistoStatut": 1, "histoStatut": [
                {}, {"histoStatutId": null, "histoStatutCode": "X", "histoStatutDatePassage": "2026-09-16 10:12"},
                {"histoStatutId": 90, "histoStatutCode": null, "histoStatutDatePassage": null}]}}),
        ),
    ])?;
    for (status, state) in [
        ("SERVICE_FAIT", "integrated"),
        ("MANDATEE", "integrated"),
        ("COMPTABILISEE", "integrated"),
        ("MISE_EN_PAIEMENT", "paid"),
    ] {
        // Not each of them: an answer without statuses shows none, the next history shows all.
        scene.stage.simulator.set_status(&number, status, None)?;
        if status == "MISE_EN_PAIEMENT" {
            scene.reaches(id, state, status).await?;
        } else {
            let asked = scene
                .stage
                .simulator
                .ledger()
                .requests(Operation::ConsulterHistorique);
            let next = Condition::requests(Operation::ConsulterHistorique).at_least(asked + 1);
            scene.stage.simulator.wait(&next.within(PATIENCE)).await?;
        }
    }
    let further = [
        "SERVICE_FAIT",
        "MANDATEE",
        "COMPTABILISEE",
        "MISE_EN_PAIEMENT",
    ];
    assert_eq!(scene.statuses(id).await?, since_deposit(&further));
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_are_read_in_every_form_that_was_seen() -> Result<()> {
    let Some(scene) = Scene::set("dates", &[]).await? else {
        return Ok(());
    };
    let id = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .reaches(id, "integrated", "MISE_A_DISPOSITION")
        .await?;
    let forms = [
        ("2026-09-16 10:12", "2026-09-16 08:12:00"),
        ("2026-09-16 10:12:30", "2026-09-16 08:12:30"),
        ("2026-09-16T10:12:00.000+02:00", "2026-09-16 08:12:00"),
        ("2026-09-16T10:12:00.000+0200", "2026-09-16 08:12:00"),
        ("2026-09-16T08:12:00Z", "2026-09-16 08:12:00"),
        ("2026-09-16T10:12:00", "2026-09-16 08:12:00"),
        ("2026-01-16 10:12", "2026-01-16 09:12:00"),
        ("2026-09-16", "2026-09-15 22:00:00"),
    ];
    let statuses: Vec<Value> = (100..)
        .zip(forms)
        .map(|(id, (written, _))| json!({"histoStatutId": id, "histoStatutCode": "SERVICE_FAIT", "histoStatutDatePassage": written}))
        .collect();
    let answer = json!({"codeRetour": 0, "historiquesDesStatuts": {"histoStatut": statuses, "pagesHistoStatut": 1}});
    scene
        .stage
        .simulator
        .set_faults(vec![instead(Operation::ConsulterHistorique, &answer)])?;
    let number = scene.number(id).await?;
    scene
        .stage
        .simulator
        .set_status(&number, "SERVICE_FAIT", None)?;
    scene
        .stage
        .until("SELECT count(*) = 8 FROM chorus.status_event WHERE histo_statut_id >= 100")
        .await?;
    let rows = scene
        .people
        .query(
            "SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM chorus.status_event WHERE histo_statut_id >= 100 ORDER BY histo_statut_id",
            &[],
        )
        .await?;
    for (row, (written, expected)) in rows.iter().zip(forms) {
        assert_eq!(row.get::<_, &str>(0), expected, "{written}");
    }
    scene.stage.audit().await
}

/// Twenty-five invoices on pages of ten, a history of twenty-five statuses on pages of ten.
async fn paged(label: &str) -> Result<Option<(Stage, chorus_tests::Agent)>> {
    let Some(mut stage) = Stage::set(label, |_| {}).await? else {
        return Ok(None);
    };
    stage.agent = stage.agent.set("CHORUS_AGENT_PAGE_SIZE", "10");
    let agent = stage.agent.run()?;
    let specs = (1..=25).map(|n| InvoiceSpec::new(&format!("P-{n}")));
    stage.simulator.put_invoices(specs.collect())?;
    stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    let client = stage.database.connect().await?;
    client
        .execute("SELECT chorus.adopt(id) FROM chorus.supplier", &[])
        .await?;
    stage
        .until(
            "SELECT count(*) = 25 AND bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice",
        )
        .await?;
    Ok(Some((stage, agent)))
}

/// From now on answers come late; waits until the agent holds one page and has asked for another.
async fn between_pages(
    stage: &Stage,
    operation: Operation,
    begin: impl FnOnce() -> Result<()>,
) -> Result<()> {
    stage
        .simulator
        .set_faults(vec![Fault::latency_ms(300).on(operation)])?;
    let asked = stage.simulator.ledger().requests(operation);
    begin()?;
    let next = Condition::requests(operation).at_least(asked + 2);
    stage.simulator.wait(&next.within(PATIENCE)).await?;
    Ok(())
}

/// Whether the tables hold every status of every invoice once.
async fn nothing_is_missing(stage: &Stage) -> Result<()> {
    stage.simulator.clear_faults();
    let there: usize = stage
        .simulator
        .invoices()
        .iter()
        .map(|invoice| invoice.events.len())
        .sum();
    stage
        .until(&format!(
            "SELECT count(*) = {there} AND count(DISTINCT (invoice_id, histo_statut_id)) = {there} FROM chorus.status_event"
        ))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn invoices_that_move_while_a_search_is_read_are_neither_lost_nor_doubled() -> Result<()> {
    let Some((stage, _agent)) = paged("pages").await? else {
        return Ok(());
    };
    for round in 0..3 {
        between_pages(&stage, Operation::RechercherFournisseur, || Ok(())).await?;
        // On pages that were read, are being read, and will be read; and the list itself grows.
        for n in [1, 9, 10, 11, 20, 25] {
            let comment = format!("tour {round}");
            stage
                .simulator
                .set_status(&format!("P-{n}"), "SUSPENDUE", Some(&comment))?;
        }
        stage
            .simulator
            .put_invoices(vec![InvoiceSpec::new(&format!("Q-{round}"))])?;
    }
    stage.simulator.clear_faults();
    let client = stage.database.connect().await?;
    client
        .execute("SELECT chorus.adopt(id) FROM chorus.supplier", &[])
        .await?;
    stage
        .until("SELECT count(*) = 28 FROM chorus.invoice")
        .await?;
    nothing_is_missing(&stage).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_grows_while_it_is_read_is_read_whole() -> Result<()> {
    let Some((stage, _agent)) = paged("growing").await? else {
        return Ok(());
    };
    for _ in 0..22 {
        stage.simulator.set_status("P-7", "SERVICE_FAIT", None)?;
    }
    for status in ["MANDATEE", "COMPTABILISEE", "MISE_EN_PAIEMENT"] {
        let set = || stage.simulator.set_status("P-7", status, None);
        between_pages(&stage, Operation::ConsulterHistorique, set).await?;
        for _ in 0..8 {
            set()?;
        }
    }
    nothing_is_missing(&stage).await?;
    stage
        .until("SELECT bool_or(state = 'paid' AND number = 'P-7') FROM chorus.invoice")
        .await
}
