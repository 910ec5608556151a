//! The states an account or an application can be in, as a client meets them when a supplier registers.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chorus_simulator::{Account, AccountSpec, Api, IdType, Operation, Role, StructureSpec};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{World, patient};

const LOGIN: &str = "TECH_7_55203253400646@cpro.fr";

/// A supplier with an account of its own.
fn supplier() -> StructureSpec {
    let mut spec = StructureSpec::new(Role::Supplier, IdType::Siret, "55203253400646", "Autre");
    spec.account = Some(Account {
        login: LOGIN.into(),
        password: "secret".into(),
    });
    spec
}

/// HTTP status and body of the cheapest test of an account.
async fn health(world: &World, password: &str) -> (StatusCode, String) {
    let url = format!("{}{}", world.simulator.url(), Operation::HealthCheck.path());
    let response = world
        .http
        .get(url)
        .bearer_auth(&world.token)
        .header(
            "cpro-account",
            STANDARD.encode(format!("{LOGIN}:{password}")),
        )
        .send()
        .await
        .unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_password_expires_the_day_after_its_date_and_is_renewed() {
    let world = World::start().await;
    let mut spec = supplier();
    spec.password_expires = Some("2026-09-15T00:00:00.000+02:00".into());
    let id = world.simulator.put_structure(spec.clone());
    assert_eq!(health(&world, "secret").await.0, StatusCode::OK);
    // 18:00 on the 14th: 30 hours later it is midnight of the 16th.
    world.simulator.advance(Duration::from_secs(30 * 3600 - 1));
    assert_eq!(health(&world, "secret").await.0, StatusCode::OK);
    world.simulator.advance(Duration::from_secs(1));
    let expired = health(&world, "secret").await;
    assert_eq!(expired, (StatusCode::UNAUTHORIZED, String::new()));

    spec.password_expires = Some("2027-11-13".into());
    spec.account = Some(Account {
        login: LOGIN.into(),
        password: "renewed".into(),
    });
    assert_eq!(world.simulator.put_structure(spec), id);
    assert_eq!(health(&world, "secret").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(health(&world, "renewed").await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_date_of_expiry_is_read_on_one_s_own_structure() {
    let world = World::start().await;
    let mut spec = supplier();
    spec.account = None;
    spec.password_expires = Some("2027-11-13".into());
    spec.vat_number = Some("FR32552032534".into());
    let id = world.simulator.put_structure(spec);
    let answer = world
        .call(
            Operation::ConsulterStructure,
            json!({ "idStructureCPP": id }),
        )
        .await;
    let general = &answer["informationGenerales"];
    assert_eq!(general["dateExpirationMotPasseCompteTech"], "2027-11-13");
    assert_eq!(general["numeroTVA"], "FR32552032534");
    assert_eq!(general["structurePriveePublique"], "PRIVEE");
}

#[tokio::test]
async fn an_unsubscribed_api_and_unaccepted_conditions_are_an_empty_403() {
    let world = World::start().await;
    world.simulator.put_structure(supplier());
    world.simulator.configure(|settings| {
        settings.unsubscribed = vec![Api::Transverses];
        settings.conditions_not_accepted = vec![Api::Structures];
    });
    let forbidden = (StatusCode::FORBIDDEN, String::new());
    assert_eq!(health(&world, "secret").await, forbidden);
    assert_eq!(
        health(&world, "wrong").await,
        forbidden,
        "the gateway comes first"
    );
    let search = world
        .send(Operation::RechercherStructure, &json!({}))
        .await
        .unwrap();
    assert_eq!(search.status(), StatusCode::FORBIDDEN);
    assert_eq!(search.text().await.unwrap(), "");
    assert_eq!(world.search(json!({})).await["codeRetour"], 0);

    let patch = json!({ "unsubscribed": [], "conditions_not_accepted": ["engagementsJuridiques"] });
    let settings = world.control(Method::PATCH, "settings", patch).await;
    assert_eq!(settings.status(), StatusCode::OK);
    assert_eq!(health(&world, "secret").await.0, StatusCode::OK);
    let engagements = world
        .send(Operation::RechercherEngagements, &json!({}))
        .await
        .unwrap();
    assert_eq!(engagements.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn accounts_are_attached_to_nothing_or_not_entitled() {
    let world = World::start().await;
    let account = |not_entitled: bool| json!({ "login": LOGIN, "password": "secret", "not_entitled": not_entitled });
    let put = world
        .control(Method::POST, "accounts", account(false))
        .await;
    assert_eq!(put.status(), StatusCode::NO_CONTENT);
    let url = format!(
        "{}{}",
        world.simulator.url(),
        Operation::StructuresActivesFournisseur.path()
    );
    let active: Value = world
        .http
        .post(url)
        .bearer_auth(&world.token)
        .header("cpro-account", STANDARD.encode(format!("{LOGIN}:secret")))
        .json(&json!({}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        active["listeStructures"],
        json!([]),
        "its SIRET is not attached"
    );

    world.control(Method::POST, "accounts", account(true)).await;
    let denied = health(&world, "secret").await;
    assert_eq!(denied, (StatusCode::FORBIDDEN, String::new()));
    let listed: Vec<AccountSpec> = world
        .control(Method::GET, "accounts", json!(null))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        listed.len(),
        2,
        "the default account, and one of that login"
    );
}

#[tokio::test]
async fn the_account_s_attachments_are_paged_inactive_ones_included() {
    let world = World::start().await;
    let mut closed =
        StructureSpec::new(Role::Supplier, IdType::UeHorsFrance, "DE111111125", "GmbH");
    closed.inactive = true;
    world.simulator.put_structure(closed);
    let paging = json!({
        "nbResultatsParPage": 1, "pageResultatDemandee": 1, "triColonne": "IdStructure", "triSens": "Descendant",
    });
    let answer = world
        .call(
            Operation::Rattachements,
            json!({ "parametresRecherche": paging }),
        )
        .await;
    assert_eq!(answer["parametresRetour"]["total"], 2);
    let first = &answer["listeStructureRattachement"][0];
    assert_eq!(first["identifiantStructure"], "DE111111125");
    assert_eq!(first["typeIdentifiantStructure"], "UE_HORS_FRANCE");
    let active = world
        .call(Operation::StructuresActivesFournisseur, json!({}))
        .await;
    assert_eq!(active["listeStructures"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn qualification_s_structures_fail_the_check_digit_and_work() {
    let world = World::with(patient().with_qualification_structures()).await;
    let active = world
        .call(Operation::StructuresActivesFournisseur, json!({}))
        .await;
    let listed: Vec<_> = active["listeStructures"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(listed[1]["identifiant"], "33254021516357");
    let xml = crate::client::cii("Q-1")
        .replace("73282932000074", "33254021516357")
        .replace("35600000000048", "12345678200028")
        .replace("FACTURES-DSI", "SERVICE_DEST_SERV_OBL");
    world.deposit(&xml).await;
    let post = world.simulator.ledger().posts.pop().unwrap();
    assert_eq!(post.errors, Vec::<String>::new());
    assert_eq!(post.state.as_deref(), Some("IN_INTEGRE"));
}
