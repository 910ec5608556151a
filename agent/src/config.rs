//! What the agent is told: TOML file, then environment `CHORUS_*`, then flags; the later one wins.
//!
//! An unknown key anywhere is an error: a misspelt setting that is silently ignored is found too late.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::ExposeSecret as _;
use serde::Deserialize;

mod agent;
mod environment;
mod operations;
mod registration;
mod sections;

pub use agent::AgentSection;
pub use operations::OperationsSection;
pub use registration::RegistrationSection;
pub use sections::{CredentialSection, DatabaseSection, LogFormat, LogSection, PisteSection};

use crate::secret::SecretError;

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
    /// The page where suppliers type their account.
    pub registration: RegistrationSection,
    /// Where it tells how it is doing.
    pub operations: OperationsSection,
    /// How it logs.
    pub log: LogSection,
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

impl Config {
    /// Settings whose change needs a restart, by their keys, that are others in `new`.
    pub fn differs_for_good(&self, new: &Self) -> Vec<&'static str> {
        let url = |config: &Self| {
            let url = config.database.url.as_ref();
            url.map(|url| url.expose_secret().to_owned())
        };
        [
            ("database.url", url(self) != url(new)),
            (
                "database.listen",
                self.database.listen != new.database.listen,
            ),
            (
                "database.timeout_seconds",
                self.database.timeout_seconds != new.database.timeout_seconds,
            ),
            (
                "operations.listen",
                self.operations.listen != new.operations.listen,
            ),
            (
                "registration",
                format!("{:?}", self.registration) != format!("{:?}", new.registration),
            ),
            ("log.format", self.log.format != new.log.format),
        ]
        .into_iter()
        .filter_map(|(key, differs)| differs.then_some(key))
        .collect()
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

#[cfg(test)]
mod tests;
