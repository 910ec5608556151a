//! The control API, and waiting instead of sleeping.

use std::time::Duration;

use chorus_simulator::{ClockSource, Condition, Config, Delays, Ledger, Operation, Simulator};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{World, but, cii, envelope, http, token};

#[tokio::test]
async fn the_ledger_reads_the_same_over_http() {
    let world = World::start().await;
    world.deposit(&cii("F-1")).await;
    let ledger: Ledger = world
        .control(Method::GET, "ledger", json!(null))
        .await
        .json()
        .await
        .unwrap();
    let own = world.simulator.ledger();
    assert_eq!(
        serde_json::to_value(&ledger).unwrap(),
        serde_json::to_value(&own).unwrap()
    );
    assert_eq!(ledger.operations["deposer/flux"].received, 1);
    assert_eq!(ledger.now, "2026-09-14T18:00:00.000+02:00");
}

#[tokio::test]
async fn faults_are_set_listed_added_and_cleared() {
    let world = World::start().await;
    let one = json!({ "operation": "deposer/flux", "effect": "status", "status": 503, "count": 2 });
    let set: Vec<Value> = world
        .control(Method::PUT, "faults", json!([one]))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!((set.len(), &set[0]["probability"]), (1, &json!(1.0)));
    world
        .control(
            Method::POST,
            "faults",
            json!({ "effect": "close", "probability": 0.5 }),
        )
        .await;
    let status = world
        .send(Operation::DeposerFlux, &envelope(&cii("F-1")))
        .await
        .unwrap()
        .status();
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let listed: Vec<Value> = world
        .control(Method::GET, "faults", json!(null))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!((listed.len(), &listed[0]["count"]), (2, &json!(1)));
    let left: Vec<Value> = world
        .control(Method::DELETE, "faults", json!(null))
        .await
        .json()
        .await
        .unwrap();
    assert!(left.is_empty());
    for wrong in [
        json!({ "effect": "status" }),
        json!({ "effect": "close", "probability": 2 }),
        json!({ "effect": "close", "operation": "deposer" }),
    ] {
        let refused = world.control(Method::POST, "faults", wrong.clone()).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{wrong}");
        let error: Value = refused.json().await.unwrap();
        assert!(!error["error"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn settings_change_and_the_clock_moves() {
    let world = World::start().await;
    let patch = json!({ "delays": { "flux_ms": 1000 }, "duplicate_rule": false, "buyer_script": ["MANDATEE"] });
    let settings: Value = world
        .control(Method::PATCH, "settings", patch)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&settings["delays"]["flux_ms"], &settings["token_ttl_s"]),
        (&json!(1000), &json!(30 * 24 * 3600))
    );
    let flux = world.deposit(&cii("F-1")).await;
    let moved: Value = world
        .control(Method::POST, "clock", json!({ "advance_ms": 4999 }))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(moved["now"], "2026-09-14T18:00:04.999+02:00");
    assert_eq!(
        world.report(&flux).await["etatCourantDepotFlux"],
        "IN_EN_COURS_TRAITEMENT_CPP"
    );
    world
        .control(Method::POST, "clock", json!({ "advance_ms": 1 }))
        .await;
    assert_eq!(
        world.simulator.ledger().posts[0].status.as_deref(),
        Some("MANDATEE")
    );
    let unknown = world
        .control(Method::PATCH, "settings", json!({ "dupe": true }))
        .await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn structures_statuses_and_outcomes_are_set() {
    let world = World::start().await;
    let german =
        json!({ "id_type": "UE_HORS_FRANCE", "identifier": "DE111111125", "name": "GmbH" });
    let answer: Value = world
        .control(Method::POST, "structures", german)
        .await
        .json()
        .await
        .unwrap();
    let listed: Vec<Value> = world
        .control(Method::GET, "structures", json!(null))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&listed[2]["id"], &listed[2]["identifier"]),
        (&answer["id"], &json!("DE111111125"))
    );
    let xml = but(
        &cii("F-1"),
        "schemeID=\"1\">73282932000074",
        "schemeID=\"2\">DE111111125",
    );
    let outcome = json!({ "number": "F-1", "state": "IN_REJETE", "message": "Motif" });
    assert_eq!(
        world
            .control(Method::POST, "outcomes", outcome)
            .await
            .status(),
        StatusCode::NO_CONTENT
    );
    let status = json!({ "number": "F-1", "status": "ABANDONNEE", "comment": "essai" });
    world.deposit(&xml).await;
    assert_eq!(
        world
            .control(Method::POST, "statuses", status.clone())
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    world.deposit(&xml).await;
    assert_eq!(
        world
            .control(Method::POST, "statuses", status)
            .await
            .status(),
        StatusCode::NO_CONTENT
    );
    let posts = world.simulator.ledger().posts;
    assert_eq!(
        (posts[0].errors.clone(), posts[1].status.as_deref()),
        (vec!["Motif".to_owned()], Some("ABANDONNEE"))
    );
}

#[tokio::test]
async fn a_reset_forgets_deposits_but_not_tokens_or_flux_numbers() {
    let world = World::start().await;
    let before = world.deposit(&cii("F-1")).await;
    world
        .simulator
        .configure(|settings| settings.duplicate_rule = false);
    world.control(Method::POST, "reset", json!(null)).await;
    assert!(world.simulator.ledger().posts.is_empty());
    let after = world.deposit(&cii("F-1")).await;
    assert!(after > before);
    let again = world.report(&world.deposit(&cii("F-1")).await).await;
    assert_eq!(
        again["etatCourantDepotFlux"], "IN_REJETE",
        "the duplicate rule is on again"
    );
}

#[tokio::test]
async fn waiting_ends_with_the_condition_or_with_the_ledger() {
    let world = World::start().await;
    world
        .simulator
        .configure(|settings| settings.delays = Delays::all(Duration::from_secs(1)));
    world.deposit(&cii("F-1")).await;
    let late = world
        .control(
            Method::GET,
            "wait?number=F-1&state=IN_INTEGRE&timeout_ms=1",
            json!(null),
        )
        .await;
    assert_eq!(late.status(), StatusCode::REQUEST_TIMEOUT);
    let ledger: Ledger = late.json().await.unwrap();
    assert_eq!(
        ledger.posts[0].state.as_deref(),
        Some("IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP")
    );

    let condition = Condition::posts()
        .number("F-1")
        .status("MISE_A_DISPOSITION");
    let (reached, ()) = tokio::join!(world.simulator.wait(&condition), async {
        for _ in 0..7 {
            world.simulator.advance(Duration::from_secs(1));
        }
    });
    assert_eq!(reached.unwrap().accepted().count(), 1);
    let requests = world
        .control(
            Method::GET,
            "wait?operation=deposer/flux&count=1",
            json!(null),
        )
        .await;
    assert_eq!(requests.status(), StatusCode::OK);
    let wrong = world
        .control(Method::GET, "wait?nombre=1", json!(null))
        .await;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    let never = Condition::posts()
        .at_least(2)
        .within(Duration::from_millis(1));
    assert!(
        world
            .simulator
            .wait(&never)
            .await
            .unwrap_err()
            .to_string()
            .contains("F-1")
    );
}

#[tokio::test]
async fn on_the_system_s_clock_waiting_wakes_by_itself() {
    let mut config = Config {
        clock: ClockSource::System,
        ..Config::default()
    };
    config.settings.delays = Delays::all(Duration::from_millis(5));
    config.settings.buyer_script = vec!["MANDATEE".into()];
    let simulator = Simulator::start(config).await.unwrap();
    let client = http();
    let token = token(&client, &simulator).await;
    let world = World {
        simulator,
        http: client,
        token,
    };
    world.deposit(&cii("F-1")).await;
    world
        .simulator
        .wait(&Condition::posts().number("F-1").status("MANDATEE"))
        .await
        .unwrap();
}
