//! What a supplier does with an invoice that came back: allowed in one state each, refused with the known codes.

use chorus_simulator::{
    Account, IdType, InvoiceRecord, Operation, PAYING_BUYER, Role, ServiceSpec, StructureSpec,
};
use serde_json::{Value, json};

use crate::client::{World, cii};

/// An invoice of that number in that status.
async fn returned(world: &World, number: &str, status: &str) -> i64 {
    world.deposit(&cii(number)).await;
    world
        .simulator
        .set_status(number, status, Some("Motif"))
        .unwrap();
    world.invoice_id(number).await
}

fn record(world: &World, id: i64) -> InvoiceRecord {
    let mut all = world.simulator.invoices().into_iter();
    all.find(|invoice| invoice.id == id).unwrap()
}

fn statuses(world: &World, id: i64) -> Vec<String> {
    let events = record(world, id).events.into_iter();
    events.map(|event| event.status).collect()
}

/// A second buyer, with one service.
fn commune(world: &World) {
    let mut spec = StructureSpec::new(Role::Buyer, IdType::Siret, "12345678200028", "Commune");
    spec.service_required = true;
    spec.services = vec![ServiceSpec::new("COMPTA", "Comptabilite")];
    world.simulator.put_structure(spec);
}

async fn refusal(world: &World, operation: Operation, request: Value) -> (i64, String) {
    let answer = world.call(operation, request).await;
    let label = answer["libelle"].as_str().unwrap().to_owned();
    (answer["codeRetour"].as_i64().unwrap(), label)
}

#[tokio::test]
async fn a_suspended_invoice_is_completed_and_the_buyer_goes_on() {
    let world = World::start().await;
    let script = ["SUSPENDUE=Il manque le PV", "MANDATEE", "MISE_EN_PAIEMENT"];
    world
        .simulator
        .configure(|settings| settings.buyer_script = script.map(str::to_owned).to_vec());
    world.deposit(&cii("F-1")).await;
    let id = world.invoice_id("F-1").await;
    let suspended = record(&world, id).events.pop().unwrap();
    assert_eq!(
        (suspended.status.as_str(), suspended.comment.as_deref()),
        ("SUSPENDUE", Some("Il manque le PV"))
    );
    let upload = world
        .call(Operation::AjouterFichier, upload("pv.pdf", b"%PDF-1.4"))
        .await;
    let request = json!({
        "identifiantFactureCPP": id,
        "commentaire": "PV joint",
        "pieceJointeComplementaire": [{
            "pieceJointeComplementaireId": upload["pieceJointeId"],
            "pieceJointeComplementaireDesignation": "PV",
            "pieceJointeComplementaireType": "02",
        }],
    });
    let answer = world.call(Operation::Completer, request.clone()).await;
    assert_eq!(
        answer,
        json!({
            "codeRetour": 0, "libelle": "GCU_MSG_01_000", "identifiantFactureCPP": id,
            "numeroFacture": "F-1", "dateTraitement": "2026-09-14",
        })
    );
    let all = statuses(&world, id);
    assert_eq!(
        all[3..],
        ["SUSPENDUE", "COMPLETEE", "MANDATEE", "MISE_EN_PAIEMENT"]
    );
    let ledger = world.simulator.ledger();
    let actions: Vec<_> = ledger.actions_of(Operation::Completer).collect();
    assert_eq!((actions.len(), &actions[0].request), (1, &request));
    assert_eq!(
        refusal(&world, Operation::Completer, request).await,
        (20002, "GDP_MSG_11.033".into())
    );
}

fn upload(name: &str, content: &[u8]) -> Value {
    use base64::Engine as _;
    let extension = name.rsplit('.').next().unwrap();
    json!({
        "pieceJointeNom": name,
        "pieceJointeExtension": extension.to_uppercase(),
        "pieceJointeTypeMime": "application/pdf",
        "pieceJointeFichier": base64::engine::general_purpose::STANDARD.encode(content),
    })
}

#[tokio::test]
async fn a_completion_is_refused_with_the_known_codes() {
    let world = World::start().await;
    let id = returned(&world, "F-1", "SUSPENDUE").await;
    let attach = |attachment: Value| json!({ "identifiantFactureCPP": id, "pieceJointeComplementaire": [attachment] });
    let cases = [
        (
            json!({ "identifiantFactureCPP": 1 }),
            20000,
            "GDP_MSG_11.008",
        ),
        (json!({}), 20003, "identifiantFactureCPP est obligatoire"),
        (
            json!({ "identifiantFactureCPP": id, "commentaire": "x".repeat(2001) }),
            20003,
            "2000 caracteres",
        ),
        (
            attach(json!({ "pieceJointeComplementaireId": 5 })),
            20004,
            "n'existe pas",
        ),
        (
            attach(json!({})),
            20003,
            "pieceJointeComplementaireId est obligatoire",
        ),
    ];
    for (request, code, label) in cases {
        let (found, sentence) = refusal(&world, Operation::Completer, request).await;
        assert!(
            found == code && sentence.contains(label),
            "{found} {sentence}"
        );
    }
    let misspelt = json!({ "identifiantFactureCpp": id });
    let status = world
        .send(Operation::Completer, &misspelt)
        .await
        .unwrap()
        .status();
    assert_eq!(status, 400);
    assert_eq!(statuses(&world, id).last().unwrap(), "SUSPENDUE");
    let codes = world.simulator.ledger().actions;
    assert_eq!(codes.len(), 5, "refused ones count, malformed ones do not");
}

#[tokio::test]
async fn an_invoice_of_another_account_is_out_of_reach() {
    let world = World::start().await;
    let id = returned(&world, "F-1", "SUSPENDUE").await;
    let mut supplier = StructureSpec::new(Role::Supplier, IdType::Siret, "73282932000074", "");
    supplier.account = Some(Account {
        login: "TECH_2@cpro.fr".into(),
        password: "p".into(),
    });
    world.simulator.put_structure(supplier);
    let by_id = json!({ "identifiantFactureCPP": id });
    let rejection = json!({ "listeDemandePaiement": [{ "idDemandePaiement": id }] });
    for (operation, request) in [
        (Operation::Completer, by_id.clone()),
        (Operation::Recycler, by_id),
        (Operation::TraiterRejet, rejection),
        (Operation::CorrigerValideur, json!({ "idFacture": id })),
        (Operation::ConsulterHistorique, json!({ "idFacture": id })),
    ] {
        let refused = refusal(&world, operation, request).await;
        assert_eq!(refused, (20001, "GDP_MSG_11.005".into()), "{operation:?}");
    }
}

#[tokio::test]
async fn a_recycled_invoice_goes_to_its_new_buyer_and_is_paid() {
    let world = World::start().await;
    commune(&world);
    let script = [&["A_RECYCLER"][..], &PAYING_BUYER].concat();
    world.simulator.configure(|settings| {
        settings.buyer_script = script.iter().map(|status| (*status).to_owned()).collect();
    });
    world.deposit(&cii("F-1")).await;
    let id = world.invoice_id("F-1").await;
    let request = json!({
        "identifiantFactureCPP": id,
        "commentaire": "Autre commune",
        "destinataire": { "codeDestinataire": "12345678200028", "codeServiceExecutant": "COMPTA" },
        "reference": { "numeroBonCommande": "EJ-9", "typeFacture": "FACTURE", "modePaiement": "VIREMENT" },
    });
    let answer = world.call(Operation::Recycler, request).await;
    assert_eq!(
        answer,
        json!({
            "codeRetour": 0, "libelle": "GCU_MSG_01_000", "identifiantFactureCPP": id,
            "numeroFacture": "F-1", "statutFacture": "DEPOSEE", "dateDepot": "2026-09-14",
        })
    );
    let all = statuses(&world, id);
    assert_eq!(
        all[3..7],
        [
            "A_RECYCLER",
            "DEPOSEE",
            "EN_COURS_ACHEMINEMENT",
            "MISE_A_DISPOSITION"
        ]
    );
    assert_eq!(all.last().unwrap(), "MISE_EN_PAIEMENT");
    let found = world.search(json!({ "numeroBonCommande": "EJ-9" })).await;
    let found = &found["listeFactures"][0];
    assert_eq!(found["codeDestinataire"], "12345678200028");
    assert_eq!(found["designationDestinataire"], "Commune");
    assert_eq!(found["codeServiceExecutant"], "COMPTA");
    assert_eq!(found["nomServiceExecutant"], "Comptabilite");
    assert_eq!(
        world.simulator.ledger().posts.len(),
        1,
        "nothing was deposited anew"
    );
}

#[tokio::test]
async fn what_a_recycling_does_not_name_stays() {
    let world = World::start().await;
    let id = returned(&world, "F-1", "A_RECYCLER").await;
    let request =
        json!({ "identifiantFactureCPP": id, "reference": { "numeroBonCommande": "EJ-1" } });
    assert_eq!(
        world.call(Operation::Recycler, request).await["codeRetour"],
        0
    );
    let kept = record(&world, id);
    assert_eq!(kept.buyer.as_deref(), Some("35600000000048"));
    assert_eq!(kept.service_code.as_deref(), Some("FACTURES-DSI"));
    assert_eq!(kept.engagement.as_deref(), Some("EJ-1"));
    assert_eq!(kept.status, "MISE_A_DISPOSITION");
}

#[tokio::test]
async fn a_recycling_is_refused_in_another_state_or_with_a_wrong_routing() {
    let world = World::start().await;
    commune(&world);
    let mut closed = StructureSpec::new(Role::Buyer, IdType::Siret, "12345678200036", "Fermee");
    closed.inactive = true;
    world.simulator.put_structure(closed);
    let id = returned(&world, "F-1", "A_RECYCLER").await;
    let to = |recipient: Value| json!({ "identifiantFactureCPP": id, "destinataire": recipient });
    let other = "12345678200028";
    let cases = [
        (
            json!({ "identifiantFactureCPP": 1 }),
            20000,
            "GDP_MSG_11.008",
        ),
        (
            to(json!({ "codeDestinataire": "99999999999999" })),
            20004,
            "destinataire",
        ),
        (
            to(json!({ "codeDestinataire": "12345678200036" })),
            20004,
            "inactif",
        ),
        (
            to(json!({ "codeDestinataire": other })),
            20005,
            "obligatoire",
        ),
        (
            to(json!({ "codeDestinataire": other, "codeServiceExecutant": "FACTURES-DSI" })),
            20006,
            "inconnu ou inactif",
        ),
        (
            to(json!({ "codeServiceExecutant": "" })),
            20005,
            "obligatoire",
        ),
        (
            json!({ "identifiantFactureCPP": id, "reference": { "numeroBonCommande": "x".repeat(51) } }),
            20010,
            "50 caracteres",
        ),
        (
            to(json!({ "codeServiceExecutant": "FACTURES_PUBLIQUES" })),
            20011,
            "prive",
        ),
        (
            json!({ "identifiantFactureCPP": id, "commentaire": "x".repeat(2001) }),
            20014,
            "2000 caracteres",
        ),
    ];
    for (request, code, label) in cases {
        let (found, sentence) = refusal(&world, Operation::Recycler, request).await;
        assert!(
            found == code && sentence.contains(label),
            "{found} {sentence}"
        );
    }
    world
        .simulator
        .set_status("F-1", "SUSPENDUE", None)
        .unwrap();
    assert_eq!(
        refusal(&world, Operation::Recycler, to(json!({}))).await,
        (20002, "GDP_MSG_11.001".into())
    );
    assert_eq!(record(&world, id).buyer.as_deref(), Some("35600000000048"));
}

#[tokio::test]
async fn treated_rejections_are_marked_all_or_none() {
    let world = World::start().await;
    let rejected = returned(&world, "F-1", "REJETEE").await;
    let suspended = returned(&world, "F-2", "SUSPENDUE").await;
    let list = |ids: &[i64]| {
        let ids: Vec<_> = ids
            .iter()
            .map(|id| json!({ "idDemandePaiement": id }))
            .collect();
        json!({ "listeDemandePaiement": ids })
    };
    let treat = Operation::TraiterRejet;
    assert_eq!(refusal(&world, treat, list(&[])).await.0, 20003);
    assert_eq!(refusal(&world, treat, list(&[1])).await.0, 20000);
    assert_eq!(
        refusal(&world, treat, list(&[rejected, suspended])).await,
        (20002, "GDP_MSG_11.001".into())
    );
    assert!(!record(&world, rejected).rejection_treated);
    for _ in 0..2 {
        let done = world.call(treat, list(&[rejected])).await;
        assert_eq!(
            done,
            json!({ "codeRetour": 0, "libelle": "GCU_MSG_01_000" })
        );
    }
    let found = world.search(json!({ "rejetTraite": true })).await;
    assert_eq!(found["parametresRetour"]["total"], 1);
    assert_eq!(found["listeFactures"][0]["rejetTraite"], true);
    assert_eq!(found["listeFactures"][0]["statut"], "REJETEE");
    assert_eq!(
        world.search(json!({ "rejetTraite": false })).await["listeFactures"][0]["numeroFacture"],
        "F-2"
    );
    let history = world
        .call(
            Operation::ConsulterHistorique,
            json!({ "idFacture": rejected }),
        )
        .await;
    let actions = &history["historiquesDesActionsUtilisateurs"];
    assert_eq!(
        actions["totalHistoAction"], 1,
        "a second treatment adds nothing"
    );
    assert_eq!(
        actions["histoAction"][0]["histoActionCode"],
        "TRAITEMENT_REJET"
    );
    assert_eq!(
        actions["histoAction"][0]["histoActionDateHeure"],
        "2026-09-14 18:00"
    );
    assert_eq!(
        history["derniereAction"]["derniereActionCode"],
        "TRAITEMENT_REJET"
    );
}

#[tokio::test]
async fn what_awaits_the_supplier_is_listed_until_it_is_answered() {
    let world = World::start().await;
    for (number, status) in [
        ("F-1", "SUSPENDUE"),
        ("F-2", "A_RECYCLER"),
        ("F-3", "REJETEE"),
        ("F-4", "ERREUR_FOURNISSEUR_SUR_VALIDEUR"),
        ("F-5", "MANDATEE"),
    ] {
        returned(&world, number, status).await;
    }
    let listed = async |request: Value| {
        let answer = world.call(Operation::RechercherATraiter, request).await;
        let found = answer["listeFactures"].as_array().unwrap();
        let numbers = found
            .iter()
            .map(|one| one["numeroFacture"].as_str().unwrap().to_owned());
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(listed(json!({})).await, ["F-1", "F-2", "F-3", "F-4"]);
    assert_eq!(
        listed(json!({ "masquerRejetee": true })).await,
        ["F-1", "F-2", "F-4"]
    );
    assert!(listed(json!({ "idStructure": 1 })).await.is_empty());
    let paging =
        json!({ "nbResultatsParPage": 2, "pageResultatDemandee": 2, "triSens": "Descendant" });
    let second = json!({ "rechercheFactureATraiterParFournisseur": paging });
    assert_eq!(listed(second).await, ["F-2", "F-1"]);
    let suspended = world.invoice_id("F-1").await;
    let rejected = world.invoice_id("F-3").await;
    world
        .call(
            Operation::Completer,
            json!({ "identifiantFactureCPP": suspended }),
        )
        .await;
    let treated = json!({ "listeDemandePaiement": [{ "idDemandePaiement": rejected }] });
    world.call(Operation::TraiterRejet, treated).await;
    assert_eq!(listed(json!({})).await, ["F-2", "F-4"]);
}

#[tokio::test]
async fn functional_errors_come_as_400_when_asked_for() {
    let world = World::start().await;
    world
        .simulator
        .configure(|settings| settings.functional_error_status = 400);
    let request = json!({ "identifiantFactureCPP": 1 });
    let answer = world.send(Operation::Completer, &request).await.unwrap();
    assert_eq!(answer.status(), 400);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        body,
        json!({ "codeRetour": 20000, "libelle": "GDP_MSG_11.008" })
    );
}

#[tokio::test]
async fn a_buyer_cannot_act_on_what_it_does_not_hold() {
    let world = World::start().await;
    for status in ["A_VALIDER_1", "REFUSEE_1", "ABANDONNEE", "SUPPRIMEE"] {
        let id = returned(&world, status, status).await;
        let request = json!({ "idFacture": id, "nouveauStatut": "MANDATEE" });
        let refused = refusal(&world, Operation::TraiterRecue, request).await;
        assert_eq!(refused, (20002, "GDP_MSG_11.001".into()), "{status}");
    }
}
