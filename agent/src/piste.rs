//! PISTE's OAuth token: asked for when needed, kept until a minute before it ends, shared by all workers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::{
    calls::{Caller, Calls},
    chorus::{
        answer::{failure, read_body, unreadable, with_retry_after},
        error::{ApiError, Kind, Operation, Symptom},
    },
    failpoint,
    pace::Pace,
};

/// A token this close to its end is not used any more.
const MARGIN: Duration = Duration::from_secs(60);

/// PISTE says `invalid_client` to good credentials now and then: only this many refusals in a row are believed.
const ATTEMPTS: u32 = 4;

/// After that, the refusal is repeated from memory for this long, so that many tasks do not ask in vain.
const REMEMBERED: Duration = Duration::from_secs(15);

/// Source of tokens for one PISTE application.
#[derive(Debug)]
pub struct TokenSource {
    url: Url,
    client_id: String,
    client_secret: SecretString,
    timeout: Duration,
    pace: Pace,
    calls: Arc<Calls>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    Token {
        token: SecretString,
        until: Instant,
    },
    Refused {
        until: Instant,
        http: Option<u16>,
        text: Option<String>,
    },
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: u64,
}

#[derive(Deserialize)]
struct Denied {
    error: Option<String>,
}

impl TokenSource {
    /// A source at `base` for the application `client_id`.
    pub fn new(
        base: &Url,
        client_id: &str,
        client_secret: SecretString,
        timeout: Duration,
        pace: Pace,
        calls: Arc<Calls>,
    ) -> Self {
        let mut url = base.clone();
        url.set_path(Operation::Token.path());
        Self {
            url,
            client_id: client_id.to_owned(),
            client_secret,
            timeout,
            pace,
            calls,
            state: Mutex::new(State::None),
        }
    }

    /// A token that is good for another minute at least.
    ///
    /// # Errors
    /// PISTE cannot be reached or refuses the application.
    pub async fn token(
        &self,
        http: &reqwest::Client,
        caller: Caller,
    ) -> Result<SecretString, ApiError> {
        // Held while asking, on purpose: one request serves all who wait.
        let mut state = self.state.lock().await;
        let now = Instant::now();
        match &*state {
            State::Token { token, until } if now < *until => return Ok(token.clone()),
            State::Refused { until, http, text } if now < *until => {
                let symptom = Symptom::Http(http.unwrap_or(400));
                return Err(ApiError {
                    operation: Operation::Token,
                    symptom,
                    http: *http,
                    text: text.clone(),
                    retry_after: None,
                    concern: None,
                });
            }
            _ => {}
        }
        let mut attempt = 0;
        loop {
            let started = Instant::now();
            let result = self.ask(http).await;
            self.calls.made(caller, Operation::Token, started, &result);
            match result {
                Ok(Granted {
                    access_token,
                    expires_in,
                }) => {
                    let lifetime = Duration::from_secs(expires_in);
                    // A token that lives shorter than the margin is used for half its life.
                    let usable = lifetime
                        .checked_sub(MARGIN)
                        .filter(|usable| !usable.is_zero())
                        .unwrap_or(lifetime / 2);
                    *state = State::Token {
                        token: access_token.clone(),
                        until: now + usable,
                    };
                    return Ok(access_token);
                }
                Err(error) if error.rule().kind == Kind::Application && attempt + 1 < ATTEMPTS => {
                    let wait = self.pace.back_off(
                        Duration::from_millis(500),
                        Duration::from_secs(5),
                        attempt,
                    );
                    tokio::time::sleep(wait).await;
                    attempt += 1;
                }
                Err(error) => {
                    if error.rule().kind == Kind::Application {
                        *state = State::Refused {
                            until: Instant::now() + self.pace.interval(REMEMBERED),
                            http: error.http,
                            text: error.text.clone(),
                        };
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Forgets `token`, which the API refused; a newer one stays.
    pub async fn forget(&self, token: &SecretString) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Token { token: kept, .. } if kept.expose_secret() == token.expose_secret())
        {
            *state = State::None;
        }
    }

    async fn ask(&self, http: &reqwest::Client) -> Result<Granted, ApiError> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose_secret()),
            ("scope", "openid"),
        ];
        let request = http
            .post(self.url.clone())
            .timeout(self.timeout)
            .header("accept", "application/json")
            .form(&form);
        let answer = failpoint::call(Operation::Token, async {
            request
                .send()
                .await
                .map_err(|error| failure(Operation::Token, &error))
        })
        .await?;
        let status = answer.status();
        let refused = with_retry_after(unreadable(Operation::Token, status.as_u16()), &answer);
        let body = read_body(Operation::Token, answer).await?;
        if !status.is_success() {
            let denied = serde_json::from_slice::<Denied>(&body).ok();
            return Err(ApiError {
                text: denied.and_then(|denied| denied.error),
                ..refused
            });
        }
        serde_json::from_slice(&body).map_err(|_| unreadable(Operation::Token, status.as_u16()))
    }
}
