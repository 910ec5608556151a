//! The directory: structures by text and place, services in order, commitment numbers of the State, reports.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chorus_simulator::{Fault, Operation, StructureSpec};
use serde_json::{Value, json};

use crate::client::{World, but, cii};

/// Two towns and a ministry beside the defaults.
async fn world() -> World {
    let world = World::start().await;
    let specs: Vec<StructureSpec> = serde_json::from_value(json!([
        {
            "role": "buyer", "identifier": "12345678200028", "name": "Ville d'Étampes",
            "address": { "street": "1 place de l'Hôtel", "postal_code": "91150", "city": "Étampes", "country": "FR" },
            "services": [
                { "code": "B", "name": "Voirie", "inactive": true },
                { "code": "A", "name": "Écoles", "description": "Cantines", "engagement_required": true, "valid_from": "2020-01-01" },
            ],
        },
        { "role": "buyer", "identifier": "12345678200036", "name": "Ville de Melun", "works_only": true, "inactive": true },
        { "role": "buyer", "identifier": "11000201100044", "name": "Ministère", "engagements": ["1000000001", "1000000002"] },
    ]))
    .unwrap();
    for spec in specs {
        world.simulator.put_structure(spec);
    }
    world
}

async fn identifiers(world: &World, request: Value) -> Vec<String> {
    let answer = world.call(Operation::RechercherStructure, request).await;
    let found = answer["listeStructures"].as_array().unwrap();
    let identifier = |one: &Value| one["identifiantStructure"].as_str().unwrap().to_owned();
    found.iter().map(identifier).collect()
}

async fn id(world: &World, identifier: &str) -> i64 {
    let criteria = json!({ "structure": { "identifiantStructure": identifier } });
    let answer = world.call(Operation::RechercherStructure, criteria).await;
    answer["listeStructures"][0]["idStructureCPP"]
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn structures_are_found_by_text_place_kind_and_state() {
    let world = world().await;
    let (etampes, melun) = ("12345678200028", "12345678200036");
    let cases = [
        (json!({ "libelleStructure": "ville" }), vec![etampes, melun]),
        (
            json!({ "raisonSocialeStructure": "ÉTAMPES" }),
            vec![etampes],
        ),
        (
            json!({ "libelleStructure": "ville", "statutStructure": "ACTIF" }),
            vec![etampes],
        ),
        (json!({ "adresseCodePostal": "91150" }), vec![etampes]),
        (
            json!({ "adresseVille": "Étampes", "adresseCodePays": "fr" }),
            vec![etampes],
        ),
        (json!({ "estMOAUniquement": true }), vec![melun]),
        (json!({ "nomStructure": "Martin" }), vec![]),
        (json!({ "typeStructure": "PRIVEE" }), vec!["73282932000074"]),
    ];
    for (criteria, expected) in cases {
        let found = identifiers(&world, json!({ "structure": criteria })).await;
        assert_eq!(found, expected, "{criteria}");
    }
    let paging = json!({ "triColonne": "DesignationStructure", "triSens": "Descendant", "nbResultatsParPage": 2 });
    assert_eq!(
        identifiers(&world, json!({ "parametres": paging })).await,
        [melun, etampes]
    );
}

#[tokio::test]
async fn a_structure_and_its_services_say_what_they_require() {
    let world = world().await;
    let etampes = id(&world, "12345678200028").await;
    let consulted = world
        .call(
            Operation::ConsulterStructure,
            json!({ "idStructureCPP": etampes, "codeLangue": "fr" }),
        )
        .await;
    assert_eq!(consulted["adressePostaleDuSiege"]["codePostal"], "91150");
    let services = json!({
        "idStructure": etampes,
        "parametresRechercherServicesStructure": { "triColonne": "CodeService", "triSens": "Ascendant" },
    });
    let listed = world.call(Operation::RechercherServices, services).await;
    let codes: Vec<_> = listed["listeServices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["codeService"].as_str().unwrap(),
                one["estActif"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(codes, [("A", true), ("B", false)]);
    let request =
        json!({ "idStructure": etampes, "idService": listed["listeServices"][0]["idService"] });
    let service = world.call(Operation::ConsulterService, request).await;
    assert_eq!(
        service["informationsGenerales"]["descriptionService"],
        "Cantines"
    );
    assert_eq!(service["parametres"]["numeroEngagement"], true);
    assert_eq!(service["parametres"]["miseEnPaiement"], true);
    assert_eq!(service["parametres"]["dateDebutValidite"], "2020-01-01");
    let melun = id(&world, "12345678200036").await;
    let works = world
        .call(
            Operation::ConsulterStructure,
            json!({ "idStructureCPP": melun }),
        )
        .await;
    assert_eq!(works["parametres"]["estMoaUniquement"], true);
}

#[tokio::test]
async fn only_the_state_knows_commitment_numbers() {
    let world = world().await;
    let ministry = id(&world, "11000201100044").await.to_string();
    let town = id(&world, "12345678200028").await.to_string();
    let count = async |structure: &str, number: &str, state: &str| {
        let request = json!({
            "structureReceptriceEngagementJuridique": structure,
            "numeroEngagementJuridique": number,
            "etatCourantEngagementJuridique": state,
        });
        let answer = world.call(Operation::RechercherEngagements, request).await;
        assert_eq!(answer["codeRetour"], 0);
        answer["listeEngagementJuridique"].as_array().unwrap().len()
    };
    assert_eq!(count(&ministry, "1000000001", "COMMANDE").await, 1);
    assert_eq!(count(&ministry, "1000000009", "COMMANDE").await, 0);
    assert_eq!(count(&ministry, "1000000001", "ANNULE").await, 0);
    assert_eq!(count(&town, "1000000001", "COMMANDE").await, 0);
    assert_eq!(count("no number", "1000000001", "COMMANDE").await, 0);
}

#[tokio::test]
async fn the_report_for_people_is_a_pdf_that_names_state_and_reasons() {
    let world = World::start().await;
    let rejected = but(&cii("F-1"), "<ram:TypeCode>30</ram:TypeCode>", "");
    let flux = world.deposit(&rejected).await;
    let request = json!({ "numeroFluxDepot": flux, "dateDepot": "2026-09-14" });
    let answer = world.call(Operation::ConsulterCr, request).await;
    assert_eq!(answer["etatCourantFlux"], "IN_REJETE");
    assert_eq!(answer["nomFichierFlux"], "deposit.xml");
    assert_eq!(answer["codeInterfaceFlux"], "FSO1106A");
    let pdf = STANDARD
        .decode(answer["fichierCR"].as_str().unwrap())
        .unwrap();
    let text = String::from_utf8(pdf).unwrap();
    assert!(text.starts_with("%PDF-") && text.contains(&flux) && text.contains("IN_REJETE"));
    assert!(
        text.contains("FichierXml.SupplyChainTradeTransaction"),
        "{text}"
    );
    for (number, day) in [(flux.as_str(), "2026-09-13"), ("none", "2026-09-14")] {
        let request = json!({ "numeroFluxDepot": number, "dateDepot": day });
        let answer = world.call(Operation::ConsulterCr, request).await;
        assert_eq!(answer["libelle"], "POQ_MSG_01.003 - Flux introuvable.");
    }
}

#[tokio::test]
async fn a_service_kept_for_the_public_sector_refuses_private_suppliers() {
    let world = World::start().await;
    world
        .deposit(&but(&cii("F-1"), "FACTURES-DSI", "FACTURES_PUBLIQUES"))
        .await;
    let errors = world.simulator.ledger().posts.pop().unwrap().errors;
    assert!(
        errors.len() == 1 && errors[0].contains("fournisseur prive"),
        "{errors:?}"
    );
}

#[tokio::test]
async fn faults_strike_every_operation_and_every_one_is_counted() {
    let world = World::start().await;
    for operation in Operation::ALL.iter().copied() {
        world
            .simulator
            .set_faults(vec![Fault::html(503).on(operation).times(1)])
            .unwrap();
        let url = format!("{}{}", world.simulator.url(), operation.path());
        let request = match operation {
            Operation::HealthCheck => world.http.get(url),
            _ => world.http.post(url).json(&json!({})),
        };
        let struck = request.send().await.unwrap();
        assert_eq!(struck.status(), 503, "{operation:?}");
        let count = world.simulator.ledger().operations[operation.name()];
        assert_eq!(count.faulted, 1, "{operation:?}");
    }
    assert!(world.simulator.ledger().actions.is_empty());
}
