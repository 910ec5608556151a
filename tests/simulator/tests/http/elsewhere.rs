//! Invoices that came another way, statuses set in bulk, and what the control API shows of both.

use chorus_simulator::{
    BUYER_AGENT, InvoiceRecord, InvoiceSpec, Operation, StatusChange, StructureSpec,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{World, cii};

#[tokio::test]
async fn an_invoice_typed_on_the_portal_is_found_without_a_flux() {
    let world = World::start().await;
    let specs = json!([
        { "number": "P-1", "net": "200.00", "gross": "240.00", "due": "240.00", "issue_date": "2026-03-01", "engagement": "EJ-1" },
        { "number": "P-2", "type_code": "381", "deposit_mode": "UPLOAD_API", "status": "MISE_EN_PAIEMENT", "at": "2026-05-01T10:00:00Z" },
    ]);
    let answer: Value = world
        .control(Method::POST, "invoices", specs)
        .await
        .json()
        .await
        .unwrap();
    let found = world.search(json!({ "numeroFacture": "P-1" })).await;
    let first = &found["listeFactures"][0];
    assert_eq!(first["identifiantFactureCPP"], answer["ids"][0]);
    assert_eq!(first["modeDepot"], "SAISIE_PORTAIL");
    assert_eq!(first["numeroFluxDepot"], Value::Null);
    assert_eq!(first["montantTTC"].to_string(), "240.0");
    assert_eq!(first["dateFacture"], "2026-03-01");
    assert_eq!(first["statut"], "MISE_A_DISPOSITION");
    let found = world.search(json!({ "typeFacture": "AVOIR" })).await;
    let second = &found["listeFactures"][0];
    assert_eq!(second["statut"], "MISE_EN_PAIEMENT");
    assert_eq!(
        second["dateHeureEtatCourant"],
        "2026-05-01T12:00:00.000+02:00"
    );
    let flux = second["numeroFluxDepot"].as_str().unwrap();
    let report = world.report(flux).await;
    assert_eq!(report["etatCourantDepotFlux"], "IN_INTEGRE");
    assert!(
        world.simulator.ledger().posts.is_empty(),
        "nothing was deposited"
    );
}

#[tokio::test]
async fn a_number_taken_elsewhere_is_a_duplicate() {
    let world = World::start().await;
    world
        .simulator
        .put_invoices(vec![InvoiceSpec::new("F-1")])
        .unwrap();
    world.deposit(&cii("F-1")).await;
    let post = world.simulator.ledger().posts.pop().unwrap();
    assert_eq!(post.state.as_deref(), Some("IN_REJETE"));
    assert!(post.errors[0].contains("porte deja ce numero"), "{post:?}");
}

#[tokio::test]
async fn what_cannot_be_integrated_is_refused_with_a_reason() {
    let world = World::start().await;
    for (spec, reason) in [
        (
            json!([{ "number": "P-1", "supplier": "1" }]),
            "has the identifier \"1\"",
        ),
        (
            json!([{ "number": "P-1", "issue_date": "yesterday" }]),
            "issue_date",
        ),
        (json!([{ "nombre": "P-1" }]), "nombre"),
        (json!([{ "net": "1.00" }]), "give the invoice a number"),
    ] {
        let refused = world.control(Method::POST, "invoices", spec).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        let error: Value = refused.json().await.unwrap();
        assert!(error["error"].as_str().unwrap().contains(reason), "{error}");
    }
    assert!(world.simulator.invoices().is_empty());
}

#[tokio::test]
async fn statuses_come_in_any_order_of_time_and_are_listed_as_they_came() {
    let world = World::start().await;
    world.deposit(&cii("F-1")).await;
    let changes = json!([
        { "number": "F-1", "status": "MISE_EN_PAIEMENT", "at": "2026-09-20T08:00:00Z" },
        { "number": "F-1", "status": "MANDATEE", "comment": "Mandat 7", "at": "2026-09-17T08:00:00Z" },
        { "number": "F-1", "status": "STATUT_INCONNU" },
    ]);
    let set = world.control(Method::POST, "statuses", changes).await;
    assert_eq!(set.status(), StatusCode::NO_CONTENT);
    let listed: Vec<InvoiceRecord> = world
        .control(Method::GET, "invoices", json!(null))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(listed, world.simulator.invoices());
    let events: Vec<_> = listed[0].events[3..]
        .iter()
        .map(|event| (event.id, event.status.as_str(), event.at.get(..10).unwrap()))
        .collect();
    assert_eq!(
        events,
        [
            (4, "MISE_EN_PAIEMENT", "2026-09-20"),
            (5, "MANDATEE", "2026-09-17"),
            (6, "STATUT_INCONNU", "2026-09-14"),
        ]
    );
    let unnamed = json!({ "number": "F-1", "statut": "MANDATEE" });
    let refused = world.control(Method::POST, "statuses", unnamed).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let error: Value = refused.json().await.unwrap();
    assert!(
        error["error"].as_str().unwrap().contains("statut"),
        "{error}"
    );
    let unknown = json!([
        { "number": "F-1", "status": "MANDATEE" },
        { "number": "F-2", "status": "MANDATEE" },
    ]);
    let refused = world.control(Method::POST, "statuses", unknown).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.simulator.invoices()[0].events.len(), 6, "all or none");
}

#[tokio::test]
async fn the_history_names_the_buyer_s_agent_and_nobody_else() {
    let world = World::start().await;
    world.deposit(&cii("F-1")).await;
    let change = StatusChange::new("F-1", "MANDATEE");
    world.simulator.set_statuses(vec![change]).unwrap();
    let id = world.invoice_id("F-1").await;
    let history = world
        .call(Operation::ConsulterHistorique, json!({ "idFacture": id }))
        .await;
    let named: Vec<_> = history["historiquesDesStatuts"]["histoStatut"]
        .as_array()
        .unwrap()
        .iter()
        .map(|passage| passage["histoStatutUtilisateurEmail"].as_str().unwrap())
        .collect();
    assert_eq!(named[..2], [BUYER_AGENT[2], ""]);
}

#[tokio::test]
async fn a_user_acts_on_the_portal() {
    let world = World::start().await;
    world.deposit(&cii("F-1")).await;
    world
        .simulator
        .set_status("F-1", "REJETEE", Some("Montant"))
        .unwrap();
    let act = |number: &str| json!({ "number": number, "action": "ACQUITTEMENT_REJET" });
    let done = world.control(Method::POST, "actions", act("F-1")).await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    world
        .simulator
        .act_on_portal("F-1", "TRAITEMENT_REJET")
        .unwrap();
    let unknown = world.control(Method::POST, "actions", act("F-9")).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    let record = world.simulator.invoices().pop().unwrap();
    assert_eq!(
        record.user_actions,
        ["ACQUITTEMENT_REJET", "TRAITEMENT_REJET"]
    );
    assert!(record.rejection_treated);
    let paging = json!({ "pageResultatDemandeeListeHistoAction": 2, "nbResultatsParPageListeHistoAction": 1 });
    let request =
        json!({ "idFacture": record.id, "paramRechercheHistoActionsUtilisateurs": paging });
    let history = world.call(Operation::ConsulterHistorique, request).await;
    let actions = &history["historiquesDesActionsUtilisateurs"];
    assert_eq!(
        actions["histoAction"][0]["histoActionCode"],
        "ACQUITTEMENT_REJET"
    );
    assert_eq!(actions["pagesHistoAction"], 2);
}

#[tokio::test]
async fn a_buyer_follows_its_own_script() {
    let world = World::start().await;
    let mut buyer: StructureSpec = serde_json::from_value(json!({
        "role": "buyer", "identifier": "35600000000048", "services": [{ "code": "FACTURES-DSI" }],
    }))
    .unwrap();
    buyer.buyer_script = Some(vec!["REJETEE".into()]);
    world.simulator.put_structure(buyer);
    world
        .simulator
        .configure(|settings| settings.buyer_script = vec!["MANDATEE".into()]);
    world.deposit(&cii("F-1")).await;
    let last = world.simulator.invoices()[0].events.pop().unwrap();
    assert_eq!(last.status, "REJETEE");
    assert!(last.comment.is_some(), "a rejection has a reason");
}

#[tokio::test]
async fn a_service_that_reports_no_payment_stops_before_it() {
    let world = World::start().await;
    let buyer: StructureSpec = serde_json::from_value(json!({
        "role": "buyer", "identifier": "35600000000048",
        "services": [{ "code": "FACTURES-DSI", "payment_not_reported": true }],
    }))
    .unwrap();
    world.simulator.put_structure(buyer);
    world.simulator.configure(|settings| {
        settings.buyer_script = vec!["MANDATEE".into(), "MISE_EN_PAIEMENT".into()];
    });
    world.deposit(&cii("F-1")).await;
    assert_eq!(world.simulator.invoices()[0].status, "MANDATEE");
}
