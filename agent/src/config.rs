//! What the agent is told: TOML file, then environment `CHORUS_*`, then flags; the later one wins.
//!
//! An unknown key anywhere is an error: a misspelt setting that is silently ignored is found too late.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::SecretString;
use serde::Deserialize;

mod environment;

pub use environment::{KEYS, Key};

use crate::{
    pace::Pace,
    secret::{self, SecretError},
};

/// Where the configuration is looked for when nothing names it.
pub const DEFAULT_PATH: &str = "/etc/pg_chorus/agent.toml";

/// A deposit is sent within this time of its commit, or not at all.
pub const START_WITHIN: Duration = Duration::from_secs(5);

/// What a lease must outlast besides the POST itself: its start, and the writing of its result.
pub const LEASE_MARGIN: Duration = Duration::from_secs(10);

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read configuration {path}: {source}; name another one with --config or CHORUS_CONFIG", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is not what the agent expects.
    #[error("configuration {path}: {reason}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Line, key and cause.
        reason: String,
    },
    /// An environment variable that starts with `CHORUS_` and means nothing.
    #[error("environment variable {variable} is unknown; known are {known}")]
    UnknownVariable {
        /// Its name.
        variable: String,
        /// All names that mean something.
        known: String,
    },
    /// An environment variable holds no value of its type.
    #[error("environment variable {variable} should be {expected}")]
    BadVariable {
        /// Its name.
        variable: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// A setting is missing or makes no sense.
    #[error("{key} {reason}")]
    Setting {
        /// The dotted key.
        key: &'static str,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// The whole configuration, as merged; each section is checked when a command asks for it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where PostgreSQL is.
    pub database: DatabaseSection,
    /// The PISTE application and the hosts.
    pub piste: PisteSection,
    /// The keys that seal and open suppliers' technical accounts.
    pub credentials: CredentialSection,
    /// How the agent works.
    pub agent: AgentSection,
    /// How it logs.
    pub log: LogSection,
}

/// Section `[database]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSection {
    /// libpq connection string or URL; what it leaves out comes from `PGHOST`, `PGPORT`, ….
    pub url: Option<SecretString>,
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
    /// Public key; derived from the private key when absent.
    pub public_key: Option<String>,
}

/// Section `[agent]`. Times are in seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentSection {
    /// Tasks worked on at once.
    pub workers: usize,
    /// How long a claimed task belongs to its worker; longer than `deposit_timeout_seconds` + 10.
    pub lease_seconds: f64,
    /// How often the queue is read when nothing wakes the agent.
    pub poll_interval_seconds: f64,
    /// How often leases that ran out are dealt with and the heartbeat is written.
    pub reap_interval_seconds: f64,
    /// How long after lease and POST time-out a deposit is looked for before it is sent again.
    pub uncertain_window_seconds: f64,
    /// How often Chorus Pro is asked for changed statuses of a supplier.
    pub follow_interval_seconds: f64,
    /// One factor on every interval above but the lease, and on back-off; below 1 only for tests.
    pub time_scale: f64,
    /// Time to establish a connection.
    pub connect_timeout_seconds: f64,
    /// Time for a whole call.
    pub timeout_seconds: f64,
    /// Time for the call that deposits.
    pub deposit_timeout_seconds: f64,
    /// Results asked for per page of a search.
    pub page_size: u32,
    /// Calls per second that all agents of one PISTE application may make together.
    pub requests_per_second: f64,
    /// Calls that may be made at once after a quiet time.
    pub burst: f64,
    /// How long running calls may still finish after the first SIGTERM.
    pub shutdown_seconds: f64,
}

impl Default for AgentSection {
    fn default() -> Self {
        Self {
            workers: 4,
            lease_seconds: 360.0,
            poll_interval_seconds: 1.0,
            reap_interval_seconds: 10.0,
            uncertain_window_seconds: 7200.0,
            follow_interval_seconds: 3600.0,
            time_scale: 1.0,
            connect_timeout_seconds: 10.0,
            timeout_seconds: 60.0,
            deposit_timeout_seconds: 300.0,
            page_size: 100,
            requests_per_second: 2.0,
            burst: 10.0,
            shutdown_seconds: 30.0,
        }
    }
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

impl Config {
    /// Reads `path` (or the default path where that exists) and lays `variables` over it.
    ///
    /// # Errors
    /// The file is unreadable, a key or `CHORUS_*` variable is unknown, or a value has the wrong type.
    pub fn load(
        path: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let default = Path::new(DEFAULT_PATH);
        let path = path.or_else(|| default.exists().then_some(default));
        let mut table = match path {
            None => toml::Table::new(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
                        path: path.to_owned(),
                        source,
                    })?;
                let file = |error: toml::de::Error| ConfigError::File {
                    path: path.to_owned(),
                    reason: reason_without_excerpt(&text, &error),
                };
                // Read as a whole first: only then do errors know their line.
                toml::from_str::<Self>(&text).map_err(file)?;
                toml::from_str(&text).map_err(file)?
            }
        };
        environment::overlay(&mut table, variables)?;
        table
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::File {
                path: path.unwrap_or(default).to_owned(),
                reason: error.message().to_owned(),
            })
    }
}

/// Line and cause of a TOML error. The excerpt that its `Display` shows could hold a secret.
fn reason_without_excerpt(text: &str, error: &toml::de::Error) -> String {
    let line = error
        .span()
        .and_then(|span| text.get(..span.start))
        .map(|before| before.matches('\n').count() + 1);
    match line {
        Some(line) => format!("line {line}: {}", error.message()),
        None => error.message().to_owned(),
    }
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
}

impl AgentSection {
    /// Checks that the values make sense together.
    ///
    /// # Errors
    /// A time is not positive, or the lease could run out while a deposit is on its way.
    pub fn checked(self) -> Result<Self, ConfigError> {
        let positive = [
            ("agent.lease_seconds", self.lease_seconds),
            ("agent.poll_interval_seconds", self.poll_interval_seconds),
            ("agent.reap_interval_seconds", self.reap_interval_seconds),
            (
                "agent.uncertain_window_seconds",
                self.uncertain_window_seconds,
            ),
            (
                "agent.follow_interval_seconds",
                self.follow_interval_seconds,
            ),
            ("agent.time_scale", self.time_scale),
            (
                "agent.connect_timeout_seconds",
                self.connect_timeout_seconds,
            ),
            ("agent.timeout_seconds", self.timeout_seconds),
            (
                "agent.deposit_timeout_seconds",
                self.deposit_timeout_seconds,
            ),
            ("agent.requests_per_second", self.requests_per_second),
            ("agent.burst", self.burst),
            ("agent.shutdown_seconds", self.shutdown_seconds),
        ];
        for (key, value) in positive {
            // A year, in seconds: far beyond any sense, far below what Duration and timestamptz hold.
            if !(value > 0.0 && value <= 31_536_000.0) {
                return Err(ConfigError::Setting {
                    key,
                    reason: format!("is {value}: give a positive number"),
                });
            }
        }
        if self.workers == 0 || self.workers > 256 {
            return Err(ConfigError::Setting {
                key: "agent.workers",
                reason: "should be 1 to 256".into(),
            });
        }
        if self.page_size == 0 || self.page_size > 1000 {
            return Err(ConfigError::Setting {
                key: "agent.page_size",
                reason: "should be 1 to 1000".into(),
            });
        }
        if self.burst < 1.0 {
            return Err(ConfigError::Setting {
                key: "agent.burst",
                reason: "should be 1 or more".into(),
            });
        }
        let least = self.deposit_timeout() + LEASE_MARGIN;
        if self.lease() <= least {
            return Err(ConfigError::Setting {
                key: "agent.lease_seconds",
                reason: format!(
                    "is {}: it must exceed agent.deposit_timeout_seconds + {} = {}, else a lease could run out while \
                     its deposit is on the way",
                    self.lease_seconds,
                    LEASE_MARGIN.as_secs(),
                    least.as_secs_f64()
                ),
            });
        }
        Ok(self)
    }

    /// The pace of intervals and back-off.
    pub fn pace(&self) -> Pace {
        Pace::new(self.time_scale)
    }

    /// How long a claim lasts.
    pub fn lease(&self) -> Duration {
        Duration::from_secs_f64(self.lease_seconds)
    }

    /// Time limit of the call that deposits.
    pub fn deposit_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.deposit_timeout_seconds)
    }

    /// From the commit of a deposit until nobody expects it at Chorus Pro any more.
    pub fn lost_after(&self) -> Duration {
        self.lease()
            + self.deposit_timeout()
            + self
                .pace()
                .interval(Duration::from_secs_f64(self.uncertain_window_seconds))
    }
}

fn base_url(key: &'static str, value: Option<&str>) -> Result<reqwest::Url, ConfigError> {
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

#[cfg(test)]
mod tests;
