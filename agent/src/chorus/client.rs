//! Calls to the API: headers, time-outs, size limit, and what went wrong. Bodies are never logged.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Method, RequestBuilder, Response, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderValue},
    redirect,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    answer::{failure, outcome, unreadable, with_retry_after},
    error::{ApiError, Kind, Operation},
    punctual::Punctual,
    wire::{CII_16B, DeposerFlux, FluxDepose},
};
use crate::{
    calls::{Caller, Calls},
    config::{AgentSection, ConfigError, PisteSection},
    credential::Account,
    failpoint::{self, Defect},
    pace::Pace,
    piste::TokenSource,
    tls,
};

/// A slow way to Chorus Pro is a connection that does not come about, which concerns everybody, and not one deposit after another that
/// is late: so connecting ends before [`START_WITHIN`](crate::config::START_WITHIN) does.
const CONNECT_WITHIN: Duration = Duration::from_secs(4);

/// Calls in quick succession meet a 401 now and then: one breath before the second try.
const BREATH: Duration = Duration::from_secs(1);

/// A client of Chorus Pro for one PISTE application and any number of suppliers.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// For deposits and answers to buyers: each on a connection of its own. One that was kept may have been closed over there just now, and
    /// then nobody could tell whether the request was read.
    deposits: reqwest::Client,
    api: Url,
    tokens: TokenSource,
    calls: Arc<Calls>,
    timeout: Duration,
    action_timeout: Duration,
    deposit_timeout: Duration,
    pace: Pace,
}

/// Why a call that must not be made late has no good answer.
#[derive(Debug)]
pub enum NotDone {
    /// It would have been made too late: nothing was sent.
    TooLate,
    /// What came back, or did not; also from PISTE, where there was no token to call with.
    Api(ApiError),
}

impl From<ApiError> for NotDone {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
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
    /// A client as configured, which leaves a row in `calls` for each call.
    ///
    /// # Errors
    /// A setting of `[piste]` is missing or wrong.
    pub fn new(
        piste: &PisteSection,
        agent: &AgentSection,
        calls: Arc<Calls>,
    ) -> Result<Self, ClientError> {
        let timeout = Duration::from_secs_f64(agent.timeout_seconds);
        let tls = tls::client_config()?;
        let builder = |connect_timeout: Duration| {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                // A redirected POST would be sent twice, and credentials could follow it elsewhere.
                .redirect(redirect::Policy::none())
                // Nothing is sent again unless the agent has decided so.
                .retry(reqwest::retry::never())
                .connect_timeout(connect_timeout)
                .user_agent(concat!("chorus-agent/", env!("CARGO_PKG_VERSION")))
        };
        let tokens = TokenSource::new(
            &piste.oauth()?,
            piste.client_id()?,
            piste.client_secret()?,
            timeout,
            agent.pace(),
            Arc::clone(&calls),
        );
        let connect_timeout = Duration::from_secs_f64(agent.connect_timeout_seconds);
        let in_time = connect_timeout.min(CONNECT_WITHIN);
        Ok(Self {
            http: builder(connect_timeout).build()?,
            deposits: builder(in_time).pool_max_idle_per_host(0).build()?,
            api: piste.api()?,
            tokens,
            calls,
            timeout,
            action_timeout: agent.action_timeout(),
            deposit_timeout: agent.deposit_timeout(),
            pace: agent.pace(),
        })
    }

    /// A token, asked for now if none is at hand.
    ///
    /// # Errors
    /// PISTE cannot be reached or refuses the application.
    pub async fn token(&self, caller: Caller) -> Result<SecretString, ApiError> {
        self.tokens.token(&self.http, caller).await
    }

    /// Asks `operation` as `account`. A 401 is answered once with a fresh token.
    ///
    /// # Errors
    /// Everything but HTTP 200 with `codeRetour` 0 and a readable body.
    pub async fn call<Q: Serialize, A: DeserializeOwned>(
        &self,
        caller: Caller,
        operation: Operation,
        account: &Account,
        request: &Q,
    ) -> Result<A, ApiError> {
        for last in [false, true] {
            let token = self.token(caller).await?;
            let call = self
                .request(Method::POST, operation, &token, account)
                .json(request);
            match self.answered(caller, operation, call).await {
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
    pub async fn health_check(&self, caller: Caller, account: &Account) -> Result<(), ApiError> {
        let operation = Operation::HealthCheck;
        for last in [false, true] {
            let token = self.token(caller).await?;
            let call = self.request(Method::GET, operation, &token, account);
            let started = Instant::now();
            let result = match send(operation, call).await {
                Ok(answer) if answer.status().as_u16() == 200 => Ok(()),
                Ok(answer) => {
                    let error = unreadable(operation, answer.status().as_u16());
                    Err(with_retry_after(error, &answer))
                }
                Err(error) => Err(error),
            };
            self.calls.made(caller, operation, started, &result);
            match result {
                Err(error) if error.rule().kind == Kind::Account && !last => {
                    self.refresh(&token).await
                }
                result => return result,
            }
        }
        Err(unreadable(operation, 401))
    }

    /// Asks for something that must not be done late: nothing is sent if `is_late` once the connection stands, and then no row is left.
    /// A 401 is answered once with a fresh token.
    ///
    /// # Errors
    /// It is late, or as [`Self::call`]; [`ApiError::processed`] says whether it may have been done.
    pub async fn call_in_time<Q: Serialize, A: DeserializeOwned>(
        &self,
        caller: Caller,
        operation: Operation,
        account: &Account,
        request: &Q,
        is_late: impl Fn() -> bool + Clone + Send + Sync + Unpin + 'static,
    ) -> Result<A, NotDone> {
        // Texts, numbers and flags: that cannot fail.
        let json = serde_json::to_vec(request).map_err(|_| unreadable(operation, 400))?;
        let json = Bytes::from(json);
        for last in [false, true] {
            let token = self.token(caller).await?;
            let (body, missed) = Punctual::new(json.clone(), is_late.clone());
            let call = self
                .request(Method::POST, operation, &token, account)
                .body(reqwest::Body::wrap(body));
            let started = Instant::now();
            let result = asked(operation, call).await;
            if missed.happened() {
                return Err(NotDone::TooLate);
            }
            self.calls.made(caller, operation, started, &result);
            match result {
                Err(error) if error.rule().kind == Kind::Account && !last => {
                    self.refresh(&token).await
                }
                result => return Ok(result?),
            }
        }
        Err(unreadable(operation, 401).into())
    }

    /// Sends a deposit, and returns the number of its flux.
    ///
    /// # Errors
    /// As [`Self::call_in_time`].
    pub async fn deposit(
        &self,
        caller: Caller,
        account: &Account,
        file_name: &str,
        content: &[u8],
        is_late: impl Fn() -> bool + Clone + Send + Sync + Unpin + 'static,
    ) -> Result<String, NotDone> {
        let operation = Operation::DeposerFlux;
        let request = DeposerFlux {
            fichier_flux: &STANDARD.encode(content),
            nom_fichier: file_name,
            syntaxe_flux: CII_16B,
            avec_signature: false,
        };
        let answer: FluxDepose = self
            .call_in_time(caller, operation, account, &request, is_late)
            .await?;
        // Accepted, but under no number: it cannot be followed, only looked for.
        let number = answer.numero_flux_depot.filter(|number| !number.is_empty());
        Ok(number.ok_or_else(|| unreadable(operation, 200))?)
    }

    /// Makes one call, and leaves its row.
    async fn answered<A: DeserializeOwned>(
        &self,
        caller: Caller,
        operation: Operation,
        call: RequestBuilder,
    ) -> Result<A, ApiError> {
        let started = Instant::now();
        let result = asked(operation, call).await;
        self.calls.made(caller, operation, started, &result);
        result
    }

    /// Forgets a refused token and waits a breath.
    async fn refresh(&self, token: &SecretString) {
        self.tokens.forget(token).await;
        tokio::time::sleep(self.pace.interval(BREATH)).await;
    }

    /// A request with the headers that every operation wants. Its body comes last, so that it finds its type set.
    fn request(
        &self,
        method: Method,
        operation: Operation,
        token: &SecretString,
        account: &Account,
    ) -> RequestBuilder {
        let mut url = self.api.clone();
        url.set_path(operation.path());
        if failpoint::planted(Defect::LoggedSecret) {
            tracing::info!(header = account.header().expose_secret(), "planted");
        }
        let (http, timeout) = match operation {
            Operation::DeposerFlux => (&self.deposits, self.deposit_timeout),
            Operation::AjouterFichier => (&self.http, self.deposit_timeout),
            Operation::Completer
            | Operation::Recycler
            | Operation::TraiterRejet
            | Operation::CorrigerValideur => (&self.deposits, self.action_timeout),
            _ => (&self.http, self.timeout),
        };
        http.request(method, url)
            .timeout(timeout)
            .bearer_auth(token.expose_secret())
            .header("cpro-account", sensitive(account.header()))
            .header(CONTENT_TYPE, "application/json;charset=utf-8")
            .header(ACCEPT, "application/json;charset=utf-8")
    }
}

async fn asked<A: DeserializeOwned>(
    operation: Operation,
    call: RequestBuilder,
) -> Result<A, ApiError> {
    outcome(operation, send(operation, call).await?).await
}

async fn send(operation: Operation, call: RequestBuilder) -> Result<Response, ApiError> {
    failpoint::call(operation, async {
        call.send()
            .await
            .map_err(|error| failure(operation, &error))
    })
    .await
}

/// Base64 is always a valid header; were it not, the call would be refused as unauthorised.
fn sensitive(value: &SecretString) -> HeaderValue {
    let mut header = HeaderValue::from_str(value.expose_secret())
        .unwrap_or_else(|_| HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}
