//! What goes wrong on the way, and what the ledger says about it.

use std::time::Duration;

use chorus_simulator::{Condition, Fault, Operation};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::json;

use crate::client::{World, cii, envelope};

const DEPOSIT: Operation = Operation::DeposerFlux;

#[tokio::test]
async fn refused_before_processing_leaves_no_trace() {
    let world = World::start().await;
    world
        .simulator
        .set_faults(vec![Fault::refuse().on(DEPOSIT).times(1)])
        .unwrap();
    let error = world
        .send(DEPOSIT, &envelope(&cii("F-1")))
        .await
        .unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
    let ledger = world.simulator.ledger();
    assert!(ledger.posts.is_empty());
    assert_eq!(ledger.operations["deposer/flux"].faulted, 1);
    world.deposit(&cii("F-1")).await;
    assert_eq!(world.simulator.ledger().posts.len(), 1);
}

#[tokio::test]
async fn dropped_after_processing_is_integrated_all_the_same() {
    let world = World::start().await;
    world
        .simulator
        .set_faults(vec![Fault::drop_after().on(DEPOSIT).times(1)])
        .unwrap();
    world
        .send(DEPOSIT, &envelope(&cii("F-1")))
        .await
        .unwrap_err();
    let ledger = world.simulator.ledger();
    assert_eq!(ledger.accepted().count(), 1);
    let found = world.search(json!({ "numeroFacture": "F-1" })).await;
    assert_eq!(
        found["listeFactures"][0]["numeroFluxDepot"],
        *ledger.posts[0].flux_number.as_ref().unwrap()
    );
}

#[tokio::test]
async fn statuses_come_with_their_headers_and_bodies() {
    let world = World::start().await;
    let faults = vec![
        Fault::status(401).on(DEPOSIT).times(1),
        Fault::status(403).on(DEPOSIT).times(1),
        Fault::status(429).retry_after_s(7).on(DEPOSIT).times(1),
        Fault::html(502).on(DEPOSIT).times(1),
        Fault::status(504).but_processed().on(DEPOSIT).times(1),
    ];
    world.simulator.set_faults(faults).unwrap();
    let request = envelope(&cii("F-1"));
    for expected in [401, 403, 429, 502] {
        let response = world.send(DEPOSIT, &request).await.unwrap();
        assert_eq!(response.status(), expected);
        match expected {
            429 => assert_eq!(response.headers()[RETRY_AFTER], "7"),
            502 => {
                assert!(
                    response.headers()[CONTENT_TYPE]
                        .to_str()
                        .unwrap()
                        .starts_with("text/html")
                );
                assert!(response.text().await.unwrap().contains("<html>"));
            }
            _ => assert_eq!(response.text().await.unwrap(), ""),
        }
        assert!(
            world.simulator.ledger().posts.is_empty(),
            "{expected} is not processed"
        );
    }
    assert_eq!(
        world.send(DEPOSIT, &request).await.unwrap().status(),
        StatusCode::GATEWAY_TIMEOUT
    );
    assert_eq!(
        world.simulator.ledger().accepted().count(),
        1,
        "504 came after processing"
    );
}

#[tokio::test]
async fn a_fault_strikes_its_own_operation_alone() {
    let world = World::start().await;
    world
        .simulator
        .set_faults(vec![Fault::status(503).on(Operation::ConsulterHistorique)])
        .unwrap();
    world.deposit(&cii("F-1")).await;
    let request = json!({ "idFacture": world.invoice_id("F-1").await });
    for _ in 0..2 {
        let status = world
            .send(Operation::ConsulterHistorique, &request)
            .await
            .unwrap()
            .status();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    }
    world.simulator.clear_faults();
    assert_eq!(
        world
            .send(Operation::ConsulterHistorique, &request)
            .await
            .unwrap()
            .status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_hanging_answer_is_only_ended_by_the_client() {
    let world = World::start().await;
    world
        .simulator
        .set_faults(vec![Fault::hang_after().on(DEPOSIT).times(1)])
        .unwrap();
    let body = envelope(&cii("F-1"));
    let integrated = Condition::posts().number("F-1").state("IN_INTEGRE");
    tokio::select! {
        answer = world.send(DEPOSIT, &body) => panic!("answered: {answer:?}"),
        ledger = world.simulator.wait(&integrated) => {
            assert_eq!(ledger.unwrap().accepted().count(), 1);
        }
    }
}

#[tokio::test]
async fn a_request_that_arrived_is_processed_after_the_client_gave_up() {
    let world = World::start().await;
    world
        .simulator
        .set_faults(vec![Fault::latency_ms(1000).on(DEPOSIT).times(1)])
        .unwrap();
    let url = format!("{}{}", world.simulator.url(), DEPOSIT.path());
    let impatient = world
        .http
        .post(url)
        .bearer_auth(&world.token)
        .header("cpro-account", world.account());
    let impatient = impatient
        .json(&envelope(&cii("F-1")))
        .timeout(Duration::from_millis(300));
    assert!(impatient.send().await.unwrap_err().is_timeout());
    assert!(world.simulator.ledger().posts.is_empty());
    let ledger = world
        .simulator
        .wait(&Condition::posts().number("F-1"))
        .await
        .unwrap();
    assert_eq!(ledger.accepted().count(), 1);
}

#[tokio::test]
async fn the_token_endpoint_fails_too() {
    let world = World::start().await;
    world
        .simulator
        .set_faults(vec![Fault::status(500)])
        .unwrap();
    let url = format!("{}{}", world.simulator.url(), Operation::Token.path());
    let response = world
        .http
        .post(url)
        .form(&[("grant_type", "client_credentials")])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(world.simulator.set_faults(vec![Fault::status(99)]).is_err());
}
