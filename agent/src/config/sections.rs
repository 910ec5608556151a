//! The sections about where things are and what the secrets are.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;

use super::ConfigError;
use crate::secret::{self, SecretError};

/// Section `[database]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSection {
    /// libpq connection string or URL; what it leaves out comes from `PGHOST`, `PGPORT`, ….
    pub url: Option<SecretString>,
    /// Whether a connection of its own listens for new tasks (`LISTEN`); `false` behind PgBouncer in transaction mode: the queue is
    /// then read every `agent.poll_interval_seconds`, nothing else changes.
    pub listen: bool,
    /// How long a statement of a running agent may go without an answer before its connection is given up, in seconds.
    pub timeout_seconds: f64,
}

impl Default for DatabaseSection {
    fn default() -> Self {
        Self {
            url: None,
            listen: true,
            timeout_seconds: 12.0,
        }
    }
}

impl DatabaseSection {
    /// How long a statement may go without an answer.
    ///
    /// # Errors
    /// It is not between one second and an hour.
    pub fn timeout(&self) -> Result<Duration, ConfigError> {
        let seconds = self.timeout_seconds;
        if !(1.0..=3600.0).contains(&seconds) {
            return Err(ConfigError::Setting {
                key: "database.timeout_seconds",
                reason: format!("is {seconds}: give 1 to 3600 seconds"),
            });
        }
        Ok(Duration::from_secs_f64(seconds))
    }
}

/// Section `[piste]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PisteSection {
    /// Host of the API, e.g. `https://sandbox-api.piste.gouv.fr`.
    pub api_url: Option<String>,
    /// Host of the token service, e.g. `https://sandbox-oauth.piste.gouv.fr`; the same as `api_url` when absent.
    pub oauth_url: Option<String>,
    /// OAuth client id of the PISTE application.
    pub client_id: Option<String>,
    /// OAuth client secret.
    pub client_secret: Option<SecretString>,
    /// File that holds the secret.
    pub client_secret_file: Option<PathBuf>,
}

/// Section `[credentials]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CredentialSection {
    /// Private key made by `chorus-agent keygen`.
    pub private_key: Option<SecretString>,
    /// File that holds the private key.
    pub private_key_file: Option<PathBuf>,
    /// The private key before that one, until `chorus-agent rekey` has sealed all accounts anew.
    pub previous_private_key: Option<SecretString>,
    /// File that holds it.
    pub previous_private_key_file: Option<PathBuf>,
    /// Public key; derived from the private key when absent.
    pub public_key: Option<String>,
}

/// Section `[log]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSection {
    /// Text for people, JSON for collectors.
    pub format: LogFormat,
    /// What is logged, in the syntax of `tracing` filters; `info` when absent.
    pub filter: Option<String>,
}

/// The two forms of a log line.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line of text per event.
    #[default]
    Text,
    /// One JSON object per event.
    Json,
}

impl PisteSection {
    /// The API's base URL.
    ///
    /// # Errors
    /// It is missing, no URL, or plain HTTP to another machine.
    pub fn api(&self) -> Result<reqwest::Url, ConfigError> {
        base_url("piste.api_url", self.api_url.as_deref())
    }

    /// The token service's base URL.
    ///
    /// # Errors
    /// As [`Self::api`].
    pub fn oauth(&self) -> Result<reqwest::Url, ConfigError> {
        base_url(
            "piste.oauth_url",
            self.oauth_url.as_deref().or(self.api_url.as_deref()),
        )
    }

    /// The OAuth client id.
    ///
    /// # Errors
    /// It is missing.
    pub fn client_id(&self) -> Result<&str, ConfigError> {
        self.client_id
            .as_deref()
            .filter(|id| !id.is_empty())
            .ok_or_else(|| ConfigError::Setting {
                key: "piste.client_id",
                reason: "is not set: the OAuth client id of the application at piste.gouv.fr"
                    .into(),
            })
    }

    /// The OAuth client secret.
    ///
    /// # Errors
    /// It is missing or its file cannot be read.
    pub fn client_secret(&self) -> Result<SecretString, ConfigError> {
        let key = "piste.client_secret";
        secret::resolve(
            key,
            self.client_secret.as_ref(),
            self.client_secret_file.as_deref(),
        )?
        .ok_or_else(|| {
            SecretError::Missing {
                key,
                variable: "CHORUS_PISTE_CLIENT_SECRET".into(),
            }
            .into()
        })
    }
}

impl CredentialSection {
    /// The private key's text.
    ///
    /// # Errors
    /// It is missing or its file cannot be read.
    pub fn private_key(&self) -> Result<SecretString, ConfigError> {
        let key = "credentials.private_key";
        secret::resolve(
            key,
            self.private_key.as_ref(),
            self.private_key_file.as_deref(),
        )?
        .ok_or_else(|| {
            SecretError::Missing {
                key,
                variable: "CHORUS_CREDENTIALS_PRIVATE_KEY".into(),
            }
            .into()
        })
    }

    /// The text of the private key before, where one is configured.
    ///
    /// # Errors
    /// Its file cannot be read.
    pub fn previous_private_key(&self) -> Result<Option<SecretString>, ConfigError> {
        Ok(secret::resolve(
            "credentials.previous_private_key",
            self.previous_private_key.as_ref(),
            self.previous_private_key_file.as_deref(),
        )?)
    }
}

pub(super) fn base_url(
    key: &'static str,
    value: Option<&str>,
) -> Result<reqwest::Url, ConfigError> {
    let setting = |reason: String| ConfigError::Setting { key, reason };
    let value = value.ok_or_else(|| {
        setting("is not set: e.g. https://sandbox-api.piste.gouv.fr for qualification".to_owned())
    })?;
    let url: reqwest::Url = value
        .parse()
        .map_err(|cause| setting(format!("is no URL ({cause}): {value}")))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        "http" => Err(setting(format!(
            "is {value}: plain http is only accepted for this machine itself; use https"
        ))),
        scheme => Err(setting(format!(
            "is {value}: the scheme should be https, not {scheme}"
        ))),
    }
}
