//! Calls to the API: headers, time-outs, size limit, and what went wrong. Bodies are never logged.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Method, RequestBuilder, Response, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
    redirect,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    error::{ApiError, Kind, Operation, Symptom},
    wire::{CII_16B, DeposerFlux, FluxDepose, Outcome},
};
use crate::{
    config::{AgentSection, ConfigError, PisteSection},
    credential::Account,
    pace::Pace,
    piste::TokenSource,
    tls,
};

/// No answer that the agent asks for comes near this.
const BODY_LIMIT: usize = 16 << 20;

/// Calls in quick succession meet a 401 now and then: one breath before the second try.
const BREATH: Duration = Duration::from_secs(1);

/// A client of Chorus Pro for one PISTE application and any number of suppliers.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    api: Url,
    tokens: TokenSource,
    timeout: Duration,
    deposit_timeout: Duration,
    pace: Pace,
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A setting is missing or wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[from] reqwest::Error),
}

impl Client {
    /// A client as configured.
    ///
    /// # Errors
    /// A setting of `[piste]` is missing or wrong.
    pub fn new(piste: &PisteSection, agent: &AgentSection) -> Result<Self, ClientError> {
        let timeout = Duration::from_secs_f64(agent.timeout_seconds);
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client_config()?)
            // A redirected POST would be sent twice, and credentials could follow it elsewhere.
            .redirect(redirect::Policy::none())
            // Nothing is sent again unless the agent has decided so.
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_secs_f64(agent.connect_timeout_seconds))
            .user_agent(concat!("chorus-agent/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let tokens = TokenSource::new(
            &piste.oauth()?,
            piste.client_id()?,
            piste.client_secret()?,
            timeout,
            agent.pace(),
        );
        Ok(Self {
            http,
            api: piste.api()?,
            tokens,
            timeout,
            deposit_timeout: agent.deposit_timeout(),
            pace: agent.pace(),
        })
    }

    /// A token, asked for now if none is at hand.
    ///
    /// # Errors
    /// PISTE cannot be reached or refuses the application.
    pub async fn token(&self) -> Result<SecretString, ApiError> {
        self.tokens.token(&self.http).await
    }

    /// Asks `operation` as `account`. A 401 is answered once with a fresh token.
    ///
    /// # Errors
    /// Everything but HTTP 200 with `codeRetour` 0 and a readable body.
    pub async fn call<Q: Serialize, A: DeserializeOwned>(
        &self,
        operation: Operation,
        account: &Account,
        request: &Q,
    ) -> Result<A, ApiError> {
        for last in [false, true] {
            let token = self.token().await?;
            let call = self
                .request(Method::POST, operation, self.timeout, &token, account)
                .json(request);
            match outcome(operation, send(operation, call).await?).await {
                Err(error) if error.rule().kind == Kind::Account && !last => {
                    self.refresh(&token).await
                }
                result => return result,
            }
        }
        Err(unreadable(operation, 401))
    }

    /// Whether the API is up and takes this account.
    ///
    /// # Errors
    /// As [`Self::call`]; there is no `codeRetour` in this answer.
    pub async fn health_check(&self, account: &Account) -> Result<(), ApiError> {
        let operation = Operation::HealthCheck;
        for last in [false, true] {
            let token = self.token().await?;
            let call = self.request(Method::GET, operation, self.timeout, &token, account);
            let answer = send(operation, call).await?;
            match answer.status().as_u16() {
                200 => return Ok(()),
                401 if !last => self.refresh(&token).await,
                status => return Err(with_retry_after(unreadable(operation, status), &answer)),
            }
        }
        Err(unreadable(operation, 401))
    }

    /// Sends a deposit: one POST with `token`, no second try.
    ///
    /// # Errors
    /// As [`Self::call`]; the rule of the error says whether the deposit may have been processed.
    pub async fn deposit(
        &self,
        account: &Account,
        token: &SecretString,
        file_name: &str,
        content: &[u8],
    ) -> Result<String, ApiError> {
        let operation = Operation::DeposerFlux;
        let request = DeposerFlux {
            fichier_flux: &STANDARD.encode(content),
            nom_fichier: file_name,
            syntaxe_flux: CII_16B,
            avec_signature: false,
        };
        let call = self
            .request(
                Method::POST,
                operation,
                self.deposit_timeout,
                token,
                account,
            )
            .json(&request);
        let answer = send(operation, call).await?;
        let status = answer.status().as_u16();
        let deposited: FluxDepose = outcome(operation, answer).await?;
        // Accepted, but under no number: it cannot be followed, only looked for.
        deposited
            .numero_flux_depot
            .filter(|number| !number.is_empty())
            .ok_or_else(|| unreadable(operation, status))
    }

    /// Forgets a refused token and waits a breath.
    pub async fn refresh(&self, token: &SecretString) {
        self.tokens.forget(token).await;
        tokio::time::sleep(self.pace.interval(BREATH)).await;
    }

    /// A request with the headers that every operation wants. Its body comes last, so that it finds its type set.
    fn request(
        &self,
        method: Method,
        operation: Operation,
        timeout: Duration,
        token: &SecretString,
        account: &Account,
    ) -> RequestBuilder {
        let mut url = self.api.clone();
        url.set_path(operation.path());
        self.http
            .request(method, url)
            .timeout(timeout)
            .bearer_auth(token.expose_secret())
            .header("cpro-account", sensitive(account.header()))
            .header(CONTENT_TYPE, "application/json;charset=utf-8")
            .header(ACCEPT, "application/json;charset=utf-8")
    }
}

async fn send(operation: Operation, call: RequestBuilder) -> Result<Response, ApiError> {
    call.send()
        .await
        .map_err(|error| failure(operation, &error))
}

/// Base64 is always a valid header; were it not, the call would be refused as unauthorised.
fn sensitive(value: &SecretString) -> HeaderValue {
    let mut header = HeaderValue::from_str(value.expose_secret())
        .unwrap_or_else(|_| HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}

/// Reads an answer: `codeRetour` first, then the rest.
async fn outcome<A: DeserializeOwned>(
    operation: Operation,
    answer: Response,
) -> Result<A, ApiError> {
    let status = answer.status().as_u16();
    let blank = with_retry_after(unreadable(operation, status), &answer);
    let body = read_body(operation, answer).await?;
    // A functional error may come under HTTP 400 as well as under 200; a 403 has no body at all.
    let found: Option<Outcome> = serde_json::from_slice(&body).ok();
    match found.as_ref().and_then(|outcome| outcome.code_retour) {
        Some(0) if status == 200 => serde_json::from_slice(&body).map_err(|error| ApiError {
            text: Some(format!("unexpected answer: {}", describe(&error))),
            ..blank
        }),
        Some(code) if code != 0 && matches!(status, 200 | 400) => Err(ApiError {
            symptom: Symptom::Outcome(code),
            text: found.and_then(|outcome| outcome.libelle),
            ..blank
        }),
        _ => Err(blank),
    }
}

/// Where a body is not as expected, without quoting it.
fn describe(error: &serde_json::Error) -> String {
    format!(
        "{:?} at line {} column {}",
        error.classify(),
        error.line(),
        error.column()
    )
}

/// The whole body, up to the limit.
pub(crate) async fn read_body(
    operation: Operation,
    mut answer: Response,
) -> Result<Vec<u8>, ApiError> {
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(chunk)) if body.len() + chunk.len() <= BODY_LIMIT => {
                body.extend_from_slice(&chunk)
            }
            Ok(Some(_)) => {
                return Err(ApiError {
                    text: Some(format!("answer longer than {BODY_LIMIT} bytes")),
                    ..unreadable(operation, status)
                });
            }
            // The status of an answer that broke off proves nothing about a deposit.
            Err(error) => {
                return Err(ApiError {
                    symptom: Symptom::NoAnswer,
                    ..failure(operation, &error)
                });
            }
        }
    }
}

/// The error of a call that got no answer.
pub(crate) fn failure(operation: Operation, error: &reqwest::Error) -> ApiError {
    // Both mean that not one byte of the request has left.
    let symptom = if error.is_connect() || error.is_builder() {
        Symptom::NotConnected
    } else {
        Symptom::NoAnswer
    };
    let mut text = if error.is_timeout() {
        "time-out".to_owned()
    } else {
        String::new()
    };
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&source.to_string());
        cause = source.source();
    }
    ApiError {
        operation,
        symptom,
        http: None,
        text: Some(text).filter(|text| !text.is_empty()),
        retry_after: None,
    }
}

/// The error of an HTTP status whose body says nothing.
pub(crate) fn unreadable(operation: Operation, status: u16) -> ApiError {
    ApiError {
        operation,
        symptom: Symptom::Http(status),
        http: Some(status),
        text: None,
        retry_after: None,
    }
}

fn with_retry_after(error: ApiError, answer: &Response) -> ApiError {
    let seconds = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok());
    ApiError {
        retry_after: seconds.map(|seconds: u32| Duration::from_secs(seconds.into())),
        ..error
    }
}
