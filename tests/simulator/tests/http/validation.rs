//! Invoices of subcontractors and co-contractors pass their validators before they reach the buyer.

use std::time::Duration;

use chorus_simulator::{IdType, Operation, Role, StructureSpec};
use serde_json::{Value, json};

use crate::client::{World, but, cii};

/// Deposits an invoice of framework A9 or A12; returns its number at Chorus Pro.
async fn deposit(world: &World, number: &str, framework: &str) -> i64 {
    let by = format!("<ram:ID>{framework}<");
    world.deposit(&but(&cii(number), "<ram:ID>A1<", &by)).await;
    world.invoice_id(number).await
}

fn statuses(world: &World, id: i64) -> Vec<String> {
    let mut invoices = world.simulator.invoices().into_iter();
    let invoice = invoices.find(|invoice| invoice.id == id).unwrap();
    invoice
        .events
        .into_iter()
        .map(|event| event.status)
        .collect()
}

fn script(world: &World, entries: &[&str]) {
    world.simulator.configure(|settings| {
        settings.validator_script = entries.iter().map(|entry| (*entry).to_owned()).collect();
    });
}

#[tokio::test]
async fn without_a_validator_the_invoice_waits() {
    let world = World::start().await;
    for framework in ["A9", "A12"] {
        let id = deposit(&world, framework, framework).await;
        assert_eq!(statuses(&world, id), ["A_VALIDER_1"], "{framework}");
        let set = |status| world.simulator.set_status(framework, status, None).unwrap();
        set("VALIDEE_1");
        assert_eq!(
            statuses(&world, id)[1..],
            [
                "VALIDEE_1",
                "DEPOSEE",
                "EN_COURS_ACHEMINEMENT",
                "MISE_A_DISPOSITION"
            ]
        );
    }
}

#[tokio::test]
async fn two_validators_follow_one_another() {
    let world = World::start().await;
    world
        .simulator
        .configure(|settings| settings.second_validator = true);
    script(&world, &["VALIDEE_1", "VALIDEE_2"]);
    let id = deposit(&world, "F-1", "A9").await;
    assert_eq!(
        statuses(&world, id)[..5],
        [
            "A_VALIDER_1",
            "VALIDEE_1",
            "A_VALIDER_2",
            "VALIDEE_2",
            "DEPOSEE"
        ]
    );
}

#[tokio::test]
async fn a_refusal_ends_the_way() {
    let world = World::start().await;
    script(&world, &["REFUSEE_1=Prestation non faite"]);
    let id = deposit(&world, "F-1", "A12").await;
    assert_eq!(statuses(&world, id), ["A_VALIDER_1", "REFUSEE_1"]);
    let found = world.search(json!({ "numeroFacture": "F-1" })).await;
    assert_eq!(
        found["listeFactures"][0]["commentaireEtatCourant"],
        "Prestation non faite"
    );
}

#[tokio::test]
async fn a_wrong_validator_is_corrected() {
    let world = World::start().await;
    let other = world.simulator.put_structure(StructureSpec::new(
        Role::Supplier,
        IdType::Siret,
        "55203253400646",
        "Titulaire",
    ));
    world
        .simulator
        .configure(|settings| settings.second_validator = true);
    script(
        &world,
        &[
            "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
            "VALIDEE_1",
            "ERREUR_COTRAITANT_SUR_VALIDEUR",
            "VALIDEE_2",
        ],
    );
    let id = deposit(&world, "F-1", "A9").await;
    let correct = Operation::CorrigerValideur;
    let unknown = json!({ "idFacture": id, "identifiantStructure": "1" });
    assert_eq!(world.call(correct, unknown).await["codeRetour"], 20003);
    assert_eq!(
        world.call(correct, json!({ "idFacture": id })).await["codeRetour"],
        20003
    );
    let by_siret = json!({
        "idFacture": id, "typeIdentifiantStructure": "SIRET", "identifiantStructure": "55203253400646",
    });
    let answer = world.call(correct, by_siret.clone()).await;
    assert_eq!(
        answer,
        json!({ "codeRetour": 0, "libelle": "GCU_MSG_01_000", "idFacture": id })
    );
    let found = world.search(json!({ "idStructureValideur": other })).await;
    assert_eq!(found["listeFactures"][0]["codeValideur1"], "55203253400646");
    assert_eq!(
        found["listeFactures"][0]["raisonSocialeValideur1"],
        "Titulaire"
    );
    assert_eq!(found["listeFactures"][0]["codeValideur2"], Value::Null);
    let by_number = json!({ "idFacture": id, "idStructure": other });
    assert_eq!(world.call(correct, by_number).await["codeRetour"], 0);
    assert_eq!(
        statuses(&world, id)[..8],
        [
            "A_VALIDER_1",
            "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
            "A_VALIDER_1",
            "VALIDEE_1",
            "A_VALIDER_2",
            "ERREUR_COTRAITANT_SUR_VALIDEUR",
            "A_VALIDER_2",
            "VALIDEE_2",
        ]
    );
    let late = world.call(correct, by_siret).await;
    assert_eq!(
        late,
        json!({ "codeRetour": 20002, "libelle": "GDP_MSG_11.001" })
    );
}

#[tokio::test]
async fn a_validation_lapses_only_where_a_delay_says_so() {
    let world = World::start().await;
    let day = Duration::from_secs(24 * 3600);
    let first = deposit(&world, "F-1", "A9").await;
    world.simulator.configure(|settings| {
        let states = &mut settings.delays.states;
        states.insert(
            "ABSENCE_VALIDATION_1_HORS_DELAI".into(),
            15 * 24 * 3_600_000,
        );
    });
    let second = deposit(&world, "F-2", "A9").await;
    let third = deposit(&world, "F-3", "A9").await;
    world.simulator.advance(14 * day);
    world
        .simulator
        .set_status("F-3", "VALIDEE_1", None)
        .unwrap();
    world.simulator.advance(day);
    assert_eq!(statuses(&world, first), ["A_VALIDER_1"]);
    assert_eq!(
        statuses(&world, second),
        ["A_VALIDER_1", "ABSENCE_VALIDATION_1_HORS_DELAI"]
    );
    assert_eq!(
        statuses(&world, third).last().unwrap(),
        "MISE_A_DISPOSITION"
    );
}

#[tokio::test]
async fn a_validator_takes_its_time() {
    let world = World::start().await;
    world
        .simulator
        .configure(|settings| settings.delays.validator_ms = 5000);
    script(&world, &["VALIDEE_1"]);
    let id = deposit(&world, "F-1", "A9").await;
    world.simulator.advance(Duration::from_millis(4999));
    assert_eq!(statuses(&world, id), ["A_VALIDER_1"]);
    world.simulator.advance(Duration::from_millis(1));
    assert_eq!(statuses(&world, id).last().unwrap(), "MISE_A_DISPOSITION");
}
