//! PISTE: tokens, headers, routes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chorus_simulator::{Config, Operation};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::{Value, json};
use std::time::Duration;

use crate::client::{World, envelope};

async fn token_answer(world: &World, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let url = format!("{}{}", world.simulator.url(), Operation::Token.path());
    let response = world.http.post(url).form(form).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_wrong_id_and_a_wrong_secret_are_answered_alike() {
    let world = World::start().await;
    let credentials = world.simulator.credentials().clone();
    let grant = ("grant_type", "client_credentials");
    let wrong_id = [
        grant,
        ("client_id", "other"),
        ("client_secret", credentials.client_secret.as_str()),
    ];
    let wrong_secret = [
        grant,
        ("client_id", credentials.client_id.as_str()),
        ("client_secret", "other"),
    ];
    for form in [wrong_id, wrong_secret] {
        let answer = token_answer(&world, &form).await;
        assert_eq!(
            answer,
            (
                StatusCode::BAD_REQUEST,
                json!({ "error": "invalid_client" })
            )
        );
    }
    let (status, _) = token_answer(&world, &[("grant_type", "password")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_token_expires_with_the_clock() {
    let mut config = Config::default();
    config.settings.token_ttl_s = 120;
    let world = World::with(config).await;
    assert!(world.token.len() >= 50);
    world.simulator.advance(Duration::from_secs(119));
    assert_eq!(
        world
            .send(Operation::StructuresActivesFournisseur, &json!({}))
            .await
            .unwrap()
            .status(),
        200
    );
    world.simulator.advance(Duration::from_secs(1));
    let late = world
        .send(Operation::StructuresActivesFournisseur, &json!({}))
        .await
        .unwrap();
    assert_eq!(late.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(late.text().await.unwrap(), "");
}

#[tokio::test]
async fn a_missing_token_is_400_and_a_wrong_one_401() {
    let world = World::start().await;
    let url = format!("{}{}", world.simulator.url(), Operation::HealthCheck.path());
    let account = world.account();
    let request = || world.http.get(&url).header("cpro-account", &account);

    let missing = request().send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::BAD_REQUEST);
    assert!(
        missing.headers()[WWW_AUTHENTICATE]
            .to_str()
            .unwrap()
            .contains("Unable to find token in the message")
    );
    let garbled = request()
        .header("Authorization", "Basic abc")
        .send()
        .await
        .unwrap();
    assert_eq!(garbled.status(), StatusCode::BAD_REQUEST);
    let wrong = request().bearer_auth("wrong").send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    let right = request().bearer_auth(&world.token).send().await.unwrap();
    assert_eq!(right.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_technical_account_is_401() {
    let world = World::start().await;
    let url = format!("{}{}", world.simulator.url(), Operation::HealthCheck.path());
    let login = &world.simulator.credentials().account.login;
    for account in [
        STANDARD.encode(format!("{login}:wrong")),
        STANDARD.encode("no colon"),
        "not base64!".into(),
    ] {
        let request = world
            .http
            .get(&url)
            .bearer_auth(&world.token)
            .header("cpro-account", account);
        assert_eq!(
            request.send().await.unwrap().status(),
            StatusCode::UNAUTHORIZED
        );
    }
    let without = world
        .http
        .get(&url)
        .bearer_auth(&world.token)
        .send()
        .await
        .unwrap();
    assert_eq!(without.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_unknown_route_is_403_with_an_empty_body() {
    let world = World::start().await;
    for path in [
        "/cpro/factures/v1/consulter/cr",
        "/cpro/transverses/v1/deposer/flux",
        "/",
        "/api/oauth",
    ] {
        let url = format!("{}{path}", world.simulator.url());
        let response = world
            .http
            .post(url)
            .bearer_auth(&world.token)
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
        assert_eq!(response.text().await.unwrap(), "");
    }
    let get = world.http.get(format!(
        "{}{}",
        world.simulator.url(),
        Operation::DeposerFlux.path()
    ));
    assert_eq!(get.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_not_the_operation_s_json_is_refused() {
    let world = World::with(Config {
        max_body_bytes: 20_000,
        ..Config::default()
    })
    .await;
    let url = format!("{}{}", world.simulator.url(), Operation::DeposerFlux.path());
    let post = |body: String, content_type: &'static str| {
        let request = world
            .http
            .post(&url)
            .bearer_auth(&world.token)
            .header("cpro-account", world.account());
        request.header(CONTENT_TYPE, content_type).body(body).send()
    };
    let json_utf8 = "application/json;charset=utf-8";
    for body in [
        "",
        "{",
        "[]",
        "{\"fichierFlux\": 1}",
        "{\"fichierflux\": \"\"}",
        "{\"syntaxeFlux\": \"EN16931\"}",
    ] {
        assert_eq!(
            post(body.into(), json_utf8).await.unwrap().status(),
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    assert_eq!(
        post("{}".into(), "text/plain").await.unwrap().status(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let twice = world
        .http
        .post(&url)
        .bearer_auth(&world.token)
        .header("cpro-account", world.account())
        .header(CONTENT_TYPE, json_utf8)
        .header(CONTENT_TYPE, json_utf8)
        .body(envelope("x").to_string());
    assert_eq!(
        twice.send().await.unwrap().status(),
        StatusCode::BAD_REQUEST,
        "a header twice"
    );
    let long = envelope(&"x".repeat(20_000)).to_string();
    assert_eq!(
        post(long, json_utf8).await.unwrap().status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert!(
        world.simulator.ledger().posts.is_empty(),
        "nothing of this was processed"
    );
}
