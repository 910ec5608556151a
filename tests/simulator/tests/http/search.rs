//! `rechercher/fournisseur` and the directory.

use std::time::Duration;

use chorus_simulator::{IdType, Operation, Role, ServiceSpec, StructureSpec};
use serde_json::{Value, json};

use crate::client::{World, but, cii};

/// Numbers of the invoices found, in their order.
async fn numbers(world: &World, filters: Value) -> Vec<String> {
    let found = world.search(filters).await;
    assert_eq!(found["codeRetour"], 0);
    let all = found["listeFactures"].as_array().unwrap();
    all.iter()
        .map(|invoice| invoice["numeroFacture"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn ten_to_a_page_unless_asked_otherwise() {
    let world = World::start().await;
    for number in 1..=23 {
        world.deposit(&cii(&format!("F-{number:02}"))).await;
    }
    let first = world.search(json!({})).await;
    assert_eq!(
        first["parametresRetour"],
        json!({ "pageCourante": 1, "pages": 3, "nbResultatsParPage": 10, "total": 23 })
    );
    let page = |number: u32, size: u32| {
        json!({ "rechercheFactureParFournisseur": {
            "nbResultatsParPage": size, "pageResultatDemandee": number,
            "triColonne": "NumeroFacture", "triSens": "Descendant",
        } })
    };
    assert_eq!(numbers(&world, page(3, 10)).await, ["F-03", "F-02", "F-01"]);
    assert_eq!(numbers(&world, page(4, 10)).await, Vec::<String>::new());
    assert_eq!(numbers(&world, page(1, 100)).await.len(), 23);
    let limited = json!({ "rechercheFactureParFournisseur": { "nbResultatsMaximum": 4 } });
    assert_eq!(
        numbers(&world, limited).await,
        ["F-01", "F-02", "F-03", "F-04"]
    );
}

#[tokio::test]
async fn every_filter_filters() {
    let world = World::start().await;
    let foreign = StructureSpec::new(Role::Supplier, IdType::UeHorsFrance, "DE111111125", "GmbH");
    let foreign = world.simulator.put_structure(foreign);
    let first_flux = world.deposit(&cii("FIRST")).await;
    world.simulator.advance(Duration::from_secs(3 * 24 * 3600));

    let second = but(
        &cii("SECOND"),
        "schemeID=\"1\">73282932000074",
        "schemeID=\"2\">DE111111125",
    );
    let second = but(&second, "20260910", "20260917");
    let second = but(&second, "<ram:TypeCode>380", "<ram:TypeCode>386");
    let second = but(
        &second,
        "<ram:TotalPrepaidAmount>30.00",
        "<ram:TotalPrepaidAmount>0.00",
    );
    let second = but(
        &second,
        "<ram:DuePayableAmount>90.00",
        "<ram:DuePayableAmount>120.00",
    );
    let references = "</ram:BuyerTradeParty>\
        <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>EJ-1</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>\
        <ram:ContractReferencedDocument><ram:IssuerAssignedID>M-1</ram:IssuerAssignedID></ram:ContractReferencedDocument>";
    world
        .deposit(&but(&second, "</ram:BuyerTradeParty>", references))
        .await;
    world
        .simulator
        .set_status("SECOND", "MANDATEE", None)
        .unwrap();

    let buyer = world.search(json!({})).await["listeFactures"][0]["idDestinataire"].clone();
    let only_first = [
        json!({ "numeroFacture": "FIRST" }),
        json!({ "numeroFluxDepot": first_flux }),
        json!({ "typeFacture": "FACTURE" }),
        json!({ "statutCourant": ["MISE_A_DISPOSITION", "DEPOSEE"] }),
        json!({ "periodeDateDepotDu": "2026-09-14", "periodeDateDepotAu": "2026-09-14" }),
        json!({ "periodeDateFactureDu": "2026-09-10", "periodeDateFactureAu": "2026-09-10" }),
        json!({ "periodeDateHeureEtatCourantDu": "2026-09-14", "periodeDateHeureEtatCourantAu": "2026-09-16" }),
        json!({ "montantApayerMax": 90 }),
    ];
    let only_second = [
        json!({ "typeFacture": "ACOMPTE" }),
        json!({ "idFournisseur": foreign }),
        json!({ "statutCourant": ["MANDATEE"] }),
        json!({ "periodeDateDepotDu": "2026-09-17" }),
        json!({ "periodeDateFactureDu": "2026-09-11" }),
        json!({ "periodeDateHeureEtatCourantDu": "2026-09-17T00:00:00.000+02:00" }),
        json!({ "numeroMarche": "M-1" }),
        json!({ "numeroBonCommande": "EJ-1" }),
        json!({ "montantApayerMin": 90.01 }),
    ];
    let both = [
        json!({}),
        json!({ "cadreFacturation": "A1_FACTURE_FOURNISSEUR", "modeDepot": "UPLOAD_API", "rejetTraite": false }),
        json!({ "listeDestinataire": [{ "idDestinataire": buyer }], "statutCourant": [] }),
        json!({ "montantHTMin": 100, "montantHTMax": 100.00, "montantTTCMin": 120, "montantTTCMax": 120 }),
    ];
    let none = [
        json!({ "numeroFacture": "FIRS" }),
        json!({ "typeFacture": "AVOIR" }),
        json!({ "idFournisseur": 1 }),
        json!({ "numeroFacture": "FIRST", "typeFacture": "ACOMPTE" }),
        json!({ "listeDestinataire": [{ "idDestinataire": 1 }] }),
        json!({ "periodeDateHeureEtatCourantDu": "2026-09-15", "periodeDateHeureEtatCourantAu": "2026-09-16" }),
        json!({ "cadreFacturation": "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE" }),
        json!({ "rejetTraite": true }),
    ];
    let groups: [(&[Value], &[&str]); 4] = [
        (&only_first, &["FIRST"]),
        (&only_second, &["SECOND"]),
        (&both, &["FIRST", "SECOND"]),
        (&none, &[]),
    ];
    for (requests, expected) in groups {
        for request in requests {
            assert_eq!(
                numbers(&world, request.clone()).await,
                expected,
                "{request}"
            );
        }
    }
}

#[tokio::test]
async fn amounts_are_numbers_and_names_come_from_the_directory() {
    let world = World::start().await;
    let flux = world.deposit(&cii("F-1")).await;
    let response = world
        .send(Operation::RechercherFournisseur, &json!({}))
        .await
        .unwrap();
    let text = response.text().await.unwrap();
    assert!(
        text.contains("\"montantHT\":100.00,\"montantTTC\":120.00,\"montantAPayer\":90.00"),
        "{text}"
    );
    let answer: Value = serde_json::from_str(&text).unwrap();
    let invoice = &answer["listeFactures"][0];
    for (field, value) in [
        ("typeFacture", "FACTURE"),
        ("dateFacture", "2026-09-10"),
        ("dateDepot", "2026-09-14"),
        ("devise", "EUR"),
        ("statut", "MISE_A_DISPOSITION"),
        ("numeroFluxDepot", flux.as_str()),
        ("codeFournisseur", "73282932000074"),
        ("typeIdentifiantFournisseur", "SIRET"),
        ("designationFournisseur", "FOURNISSEUR EXEMPLE"),
        ("codeDestinataire", "35600000000048"),
        ("designationDestinataire", "DESTINATAIRE EXEMPLE"),
        ("codeServiceExecutant", "FACTURES-DSI"),
        ("dateHeureEtatCourant", "2026-09-14T18:00:00.000+02:00"),
    ] {
        assert_eq!(invoice[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_misspelt_filter_is_refused_instead_of_ignored() {
    let world = World::start().await;
    for request in [
        json!({ "numeroFature": "F-1" }),
        json!({ "periodeDateDepotDu": "14/09/2026" }),
        json!({ "typeFacture": "380" }),
    ] {
        let response = world
            .send(Operation::RechercherFournisseur, &request)
            .await
            .unwrap();
        assert_eq!(response.status(), 400, "{request}");
    }
}

#[tokio::test]
async fn the_directory_tells_who_requires_what() {
    let world = World::start().await;
    let mine = world
        .call(Operation::StructuresActivesFournisseur, json!({}))
        .await;
    assert_eq!(
        mine["listeStructures"][0]["identifiant"],
        world.simulator.supplier_siret()
    );
    assert_eq!(mine["listeStructures"].as_array().unwrap().len(), 1);

    let criteria = json!({ "identifiantStructure": world.simulator.buyer_siret(), "typeIdentifiantStructure": "SIRET" });
    let found = world
        .call(
            Operation::RechercherStructure,
            json!({ "structure": criteria }),
        )
        .await;
    let id = found["listeStructures"][0]["idStructureCPP"].clone();
    assert_eq!(found["listeStructures"][0]["statut"], "ACTIVE");
    let unknown = json!({ "structure": { "identifiantStructure": "00000000000000" } });
    assert_eq!(
        world.call(Operation::RechercherStructure, unknown).await["listeStructures"],
        json!([])
    );

    let details = world
        .call(
            Operation::ConsulterStructure,
            json!({ "codeLangue": "fr", "idStructureCPP": id }),
        )
        .await;
    assert_eq!(details["parametres"]["codeServiceDoitEtreRenseigne"], true);
    assert_eq!(details["parametres"]["numeroEJDoitEtreRenseigne"], false);
    let services = world
        .call(Operation::RechercherServices, json!({ "idStructure": id }))
        .await;
    let service = &services["listeServices"][0];
    assert_eq!(
        (&service["codeService"], &service["estActif"]),
        (&json!("FACTURES-DSI"), &json!(true))
    );
    let request =
        json!({ "codeLangue": "fr", "idStructure": id, "idService": service["idService"] });
    assert_eq!(
        world.call(Operation::ConsulterService, request).await["parametres"]["numeroEngagement"],
        false
    );
}

#[tokio::test]
async fn services_are_paged_by_ten_too() {
    let world = World::start().await;
    let mut buyer = StructureSpec::new(Role::Buyer, IdType::Siret, "12345678200051", "Commune");
    buyer.services = (1..=12)
        .map(|rank| ServiceSpec::new(&format!("S{rank}"), ""))
        .collect();
    let id = world.simulator.put_structure(buyer);
    let first = world
        .call(Operation::RechercherServices, json!({ "idStructure": id }))
        .await;
    assert_eq!(first["listeServices"].as_array().unwrap().len(), 10);
    assert_eq!(first["parametresRetour"]["total"], 12);
}
