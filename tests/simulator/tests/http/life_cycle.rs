//! Flux states, then invoice statuses, each at its own time.

use std::time::Duration;

use chorus_simulator::{Delays, IdType, Operation, PAYING_BUYER, Role, StructureSpec};
use serde_json::{Value, json};

use crate::client::{World, but, cii, patient};

/// One minute before every step.
async fn slow(buyer_script: &[&str]) -> World {
    let mut config = patient();
    config.settings.delays = Delays::all(Duration::from_secs(60));
    config.settings.buyer_script = buyer_script
        .iter()
        .map(|status| (*status).to_owned())
        .collect();
    World::with(config).await
}

async fn history(world: &World, id: i64) -> Value {
    world
        .call(
            Operation::ConsulterHistorique,
            json!({ "idFacture": id, "idEspace": 7 }),
        )
        .await
}

/// `(histoStatutId, code, time of day)`, oldest first.
fn passages(history: &Value) -> Vec<(i64, String, String)> {
    let all = history["historiquesDesStatuts"]["histoStatut"]
        .as_array()
        .unwrap();
    let read = |passage: &Value| {
        let time = passage["histoStatutDatePassage"]
            .as_str()
            .unwrap()
            .split_once(' ')
            .unwrap()
            .1
            .to_owned();
        (
            passage["histoStatutId"].as_i64().unwrap(),
            passage["histoStatutCode"].as_str().unwrap().to_owned(),
            time,
        )
    };
    all.iter().rev().map(read).collect()
}

#[tokio::test]
async fn a_flux_passes_its_states_one_by_one() {
    let world = slow(&[]).await;
    let flux = world.deposit(&cii("F-1")).await;
    let mut states = Vec::new();
    for _ in 0..6 {
        let report = world.report(&flux).await;
        assert_eq!(report["dateDepotFlux"], "2026-09-14T18:00:00.000+02:00");
        states.push((
            report["etatCourantDepotFlux"].as_str().unwrap().to_owned(),
            report["dateHeureEtatCourantFlux"].as_str().unwrap()[11..16].to_owned(),
        ));
        world.simulator.advance(Duration::from_secs(60));
    }
    let states: Vec<_> = states
        .iter()
        .map(|(state, time)| (state.as_str(), time.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP", "18:00"),
            ("IN_RECU", "18:01"),
            ("IN_TRAITE_SE_CPP", "18:02"),
            ("IN_EN_ATTENTE_TRAITEMENT_CPP", "18:03"),
            ("IN_EN_COURS_TRAITEMENT_CPP", "18:04"),
            ("IN_INTEGRE", "18:05"),
        ]
    );
}

#[tokio::test]
async fn an_invoice_is_invisible_until_integrated_and_then_moves_to_the_buyer() {
    let world = slow(&[]).await;
    world.deposit(&cii("F-1")).await;
    world.simulator.advance(Duration::from_secs(299));
    assert_eq!(
        world.search(json!({ "numeroFacture": "F-1" })).await["parametresRetour"]["total"],
        0
    );
    world.simulator.advance(Duration::from_secs(1));
    let id = world.invoice_id("F-1").await;
    assert_eq!(history(&world, id).await["statutCourantCode"], "DEPOSEE");
    world.simulator.advance(Duration::from_secs(3600));
    let all = history(&world, id).await;
    let expected = [
        (1, "DEPOSEE", "18:05"),
        (2, "EN_COURS_ACHEMINEMENT", "18:06"),
        (3, "MISE_A_DISPOSITION", "18:07"),
    ];
    assert_eq!(
        passages(&all),
        expected.map(|(id, status, time)| (id, status.to_owned(), time.to_owned()))
    );
}

#[tokio::test]
async fn a_delay_on_the_first_state_hides_the_flux() {
    let world = World::start().await;
    world.simulator.configure(|settings| {
        settings
            .delays
            .states
            .insert("IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP".into(), 5000);
    });
    let flux = world.deposit(&cii("F-1")).await;
    assert_eq!(world.report(&flux).await["codeRetour"], 20001);
    world.simulator.advance(Duration::from_secs(5));
    assert_eq!(
        world.report(&flux).await["etatCourantDepotFlux"],
        "IN_INTEGRE"
    );
}

#[tokio::test]
async fn a_paying_buyer_goes_to_the_end() {
    let world = slow(&PAYING_BUYER).await;
    world.deposit(&cii("F-1")).await;
    world.simulator.advance(Duration::from_secs(3600));
    let all = history(&world, world.invoice_id("F-1").await).await;
    assert_eq!(all["statutCourantCode"], "MISE_EN_PAIEMENT");
    let codes: Vec<_> = passages(&all)
        .into_iter()
        .skip(3)
        .map(|(_, code, time)| (code, time))
        .collect();
    let expected: Vec<_> = PAYING_BUYER
        .iter()
        .zip(8..)
        .map(|(code, minute)| ((*code).to_owned(), format!("18:{minute:02}")))
        .collect();
    assert_eq!(codes, expected);
}

#[tokio::test]
async fn a_buyer_that_reports_no_payment_stops_before_it() {
    let world = World::start().await;
    world
        .simulator
        .configure(|settings| settings.buyer_script = PAYING_BUYER.map(str::to_owned).to_vec());
    let mut buyer = StructureSpec::new(Role::Buyer, IdType::Siret, "12345678200051", "Commune");
    buyer.payment_not_reported = true;
    world.simulator.put_structure(buyer);
    let xml = but(&cii("F-1"), "35600000000048", "12345678200051");
    world
        .deposit(&but(
            &xml,
            "<ram:BuyerReference>FACTURES-DSI</ram:BuyerReference>",
            "",
        ))
        .await;
    assert_eq!(
        world.simulator.ledger().posts[0].status.as_deref(),
        Some("COMPTABILISEE")
    );
}

#[tokio::test]
async fn what_a_person_does_stops_the_automatic_steps() {
    let world = slow(&PAYING_BUYER).await;
    world.deposit(&cii("F-1")).await;
    world.simulator.advance(Duration::from_secs(8 * 60));
    let id = world.invoice_id("F-1").await;
    assert_eq!(
        history(&world, id).await["statutCourantCode"],
        "SERVICE_FAIT"
    );
    let suspend =
        json!({ "idFacture": id, "nouveauStatut": "SUSPENDUE", "motif": "Justificatif absent" });
    let answer = world.call(Operation::TraiterRecue, suspend).await;
    assert_eq!(
        answer,
        json!({
            "codeRetour": 0, "libelle": "GCU_MSG_01_000", "idFacture": id, "numeroFacture": "F-1",
            "dateTraitement": "2026-09-14", "nouveauStatut": "SUSPENDUE",
        })
    );
    world.simulator.advance(Duration::from_secs(3600));
    let all = history(&world, id).await;
    assert_eq!(all["statutCourantCode"], "SUSPENDUE");
    assert_eq!(
        all["historiquesDesStatuts"]["histoStatut"][0]["histoStatutCommentaire"],
        "Justificatif absent"
    );
    let found = world.search(json!({ "numeroFacture": "F-1" })).await;
    assert_eq!(
        found["listeFactures"][0]["commentaireEtatCourant"],
        "Justificatif absent"
    );
    assert_eq!(
        found["listeFactures"][0]["dateHeureEtatCourant"],
        "2026-09-14T18:08:00.000+02:00"
    );
}

#[tokio::test]
async fn a_buyer_may_set_any_order_but_must_give_a_reason() {
    let world = World::start().await;
    world.deposit(&cii("F-1")).await;
    let id = world.invoice_id("F-1").await;
    for status in ["MISE_EN_PAIEMENT", "MANDATEE", "MISE_A_DISPOSITION"] {
        let answer = world
            .call(
                Operation::TraiterRecue,
                json!({ "idFacture": id, "nouveauStatut": status }),
            )
            .await;
        assert_eq!(answer["codeRetour"], 0);
    }
    for (status, motif) in [
        ("REJETEE", json!(null)),
        ("SUSPENDUE", json!(" ")),
        ("SUPPRIMEE", json!("x")),
    ] {
        let request = json!({ "idFacture": id, "nouveauStatut": status, "motif": motif });
        assert_ne!(
            world.call(Operation::TraiterRecue, request).await["codeRetour"],
            0,
            "{status}"
        );
    }
    let codes: Vec<_> = passages(&history(&world, id).await)
        .into_iter()
        .skip(3)
        .map(|(_, code, _)| code)
        .collect();
    assert_eq!(
        codes,
        ["MISE_EN_PAIEMENT", "MANDATEE", "MISE_A_DISPOSITION"]
    );
    let unknown = world
        .call(
            Operation::TraiterRecue,
            json!({ "idFacture": 1, "nouveauStatut": "MANDATEE" }),
        )
        .await;
    assert_eq!(
        unknown,
        json!({ "codeRetour": 20000, "libelle": "GDP_MSG_11.008" })
    );
}

#[tokio::test]
async fn a_history_is_paged_by_ten_newest_first() {
    let world = World::start().await;
    world.deposit(&cii("F-1")).await;
    let id = world.invoice_id("F-1").await;
    for _ in 0..9 {
        world
            .simulator
            .set_status("F-1", "SERVICE_FAIT", None)
            .unwrap();
    }
    let ids = |answer: &Value| {
        passages(answer)
            .into_iter()
            .map(|(id, ..)| id)
            .collect::<Vec<_>>()
    };
    let first = history(&world, id).await;
    assert_eq!(ids(&first), (3..=12).collect::<Vec<_>>());
    assert_eq!(
        (&first["historiquesDesStatuts"]["pagesHistoStatut"]),
        &json!(2)
    );
    let paging = json!({
        "pageResultatDemandeeListeHistoStatut": 2,
        "nbResultatsParPageListeHistoStatut": 5,
        "triSensListeHistoStatut": "Ascendant",
        "triColonneListeHistoStatut": "HistoStatutDatePassage",
    });
    let request = json!({ "idFacture": id, "paramRechercheHistoStatuts": paging });
    let second = world.call(Operation::ConsulterHistorique, request).await;
    assert_eq!(ids(&second), [10, 9, 8, 7, 6]);
    let unknown = world
        .call(Operation::ConsulterHistorique, json!({ "idFacture": 1 }))
        .await;
    assert_eq!(unknown["codeRetour"], 20000);
}
