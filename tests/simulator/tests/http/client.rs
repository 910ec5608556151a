//! A bare client, and an invoice that Chorus Pro integrates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chorus_simulator::{ClockSource, Config, Handle, Operation, Simulator};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

/// Start of the manual clock: 18:00 in Paris.
pub const START: &str = "2026-09-14T16:00:00Z";

/// A simulator whose clock stands still, and a client with a token.
pub struct World {
    pub simulator: Handle,
    pub http: reqwest::Client,
    pub token: String,
}

impl World {
    pub async fn start() -> Self {
        Self::with(patient()).await
    }

    pub async fn with(config: Config) -> Self {
        let clock = ClockSource::Manual(START.parse().unwrap());
        let simulator = Simulator::start(Config { clock, ..config }).await.unwrap();
        let http = http();
        let token = token(&http, &simulator).await;
        Self {
            simulator,
            http,
            token,
        }
    }

    pub fn account(&self) -> String {
        let account = &self.simulator.credentials().account;
        STANDARD.encode(format!("{}:{}", account.login, account.password))
    }

    /// Posts and returns whatever comes.
    pub async fn send(&self, operation: Operation, body: &Value) -> reqwest::Result<Response> {
        self.http
            .post(format!("{}{}", self.simulator.url(), operation.path()))
            .bearer_auth(&self.token)
            .header("cpro-account", self.account())
            .json(body)
            .send()
            .await
    }

    /// Posts and expects HTTP 200 with JSON.
    pub async fn call(&self, operation: Operation, body: Value) -> Value {
        let response = self.send(operation, &body).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{operation:?}");
        response.json().await.unwrap()
    }

    /// Deposits and returns the flux number.
    pub async fn deposit(&self, xml: &str) -> String {
        let answer = self.call(Operation::DeposerFlux, envelope(xml)).await;
        assert_eq!(answer["codeRetour"], 0, "{answer}");
        answer["numeroFluxDepot"].as_str().unwrap().to_owned()
    }

    pub async fn report(&self, flux: &str) -> Value {
        self.call(
            Operation::ConsulterCrDetaille,
            json!({ "numeroFluxDepot": flux }),
        )
        .await
    }

    pub async fn search(&self, filters: Value) -> Value {
        self.call(Operation::RechercherFournisseur, filters).await
    }

    /// Identifier of the integrated invoice of that number.
    pub async fn invoice_id(&self, number: &str) -> i64 {
        let found = self.search(json!({ "numeroFacture": number })).await;
        found["listeFactures"][0]["identifiantFactureCPP"]
            .as_i64()
            .unwrap()
    }

    pub async fn control(&self, method: reqwest::Method, path: &str, body: Value) -> Response {
        let url = format!("{}/_simulator/{path}", self.simulator.url());
        self.http
            .request(method, url)
            .json(&body)
            .send()
            .await
            .unwrap()
    }
}

/// The default, but for a token that outlives the days by which tests move the clock.
pub fn patient() -> Config {
    let mut config = Config::default();
    config.settings.token_ttl_s = 30 * 24 * 3600;
    config
}

/// A client; the TLS provider is asked for although nothing here is encrypted.
pub fn http() -> reqwest::Client {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub async fn token(http: &reqwest::Client, simulator: &Handle) -> String {
    let credentials = simulator.credentials();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &credentials.client_id),
        ("client_secret", &credentials.client_secret),
        ("scope", "openid"),
    ];
    let url = format!("{}{}", simulator.url(), Operation::Token.path());
    let answer: Value = http
        .post(url)
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Request of `deposer/flux`.
pub fn envelope(xml: &str) -> Value {
    json!({
        "fichierFlux": STANDARD.encode(xml),
        "nomFichier": "deposit.xml",
        "syntaxeFlux": "IN_DP_E1_CII_16B",
        "avecSignature": false,
    })
}

/// `text` with one part replaced, which must be there.
pub fn but(text: &str, part: &str, by: &str) -> String {
    assert!(text.contains(part), "the fixture has no {part:?}");
    text.replace(part, by)
}

/// An invoice from the default supplier to the default buyer.
pub fn cii(number: &str) -> String {
    but(include_str!("invoice.xml"), "NUMBER", number)
}
