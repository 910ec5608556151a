//! Which database is this? A restored, cloned or failed-over one must not deposit what its original deposited.

use jiff::Timestamp;
use reqwest::Url;
use tokio_postgres::{Client, types::Type};

use crate::database::DatabaseError;

const READ: &str = "
SELECT n.environment, n.schema_version, n.recorded_at, chorus.identity_differences() AS differences, now() AS clock
FROM chorus.installation n";

const RECORD: &str = "
UPDATE chorus.installation n
SET system_identifier = h.system_identifier, database_oid = h.database_oid, timeline = h.timeline, directory = h.directory, recorded_at = now()
FROM chorus.here h
WHERE n.system_identifier IS NULL AND n.database_oid IS NULL AND n.timeline IS NULL";

// Recorded before its directory could be read: a right that came later.
const COMPLETE: &str = "
UPDATE chorus.installation n SET directory = h.directory
FROM chorus.here h WHERE n.directory IS NULL AND h.directory IS NOT NULL AND chorus.identity_differences() = '{}'";

// An environment is for good once something was registered or inserted under it.
const SET_ENVIRONMENT: &str = "
UPDATE chorus.installation SET environment = $1
WHERE environment <> $1 AND NOT EXISTS (SELECT FROM chorus.supplier) AND NOT EXISTS (SELECT FROM chorus.invoice)";

/// What `chorus.installation` says, compared with the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// `qualification` or `production`.
    pub environment: String,
    /// Number of the last file of `sql/schema` applied.
    pub schema_version: i32,
    /// The server's clock.
    pub clock: Timestamp,
    /// When it was recorded which database this is.
    pub recorded_at: Option<Timestamp>,
    /// What `chorus.identity_differences()` says.
    differences: Vec<String>,
}

/// Why nothing may be deposited from this database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// It is a copy that follows another server.
    #[error(
        "this server is a standby (pg_is_in_recovery()): nothing can be deposited from here. Connect the agent to the primary, e.g. \
         with target_session_attrs=read-write and both hosts in database.url"
    )]
    Standby,
    /// Nothing is recorded yet.
    #[error("chorus.installation does not say which database this is: run `chorus-agent migrate`")]
    Unrecorded,
    /// What is recorded is another database.
    #[error(
        "this database is not the one that chorus.installation was recorded in (other: {}): it was restored, cloned or failed over. \
         Nothing is sent to Chorus Pro, since the original may have sent, or still send, the same invoices. When the original is stopped \
         for good, run `chorus-agent recover`; a copy for tests stays as it is", .0.join(", ")
    )]
    Other(Vec<String>),
    /// The agent is configured for another environment than the database is for.
    #[error(
        "this database is for {database}, but piste.api_url is {host}, which is {configured}: point the agent to the other \
         database or the other host"
    )]
    Environment {
        /// What the database is for.
        database: String,
        /// What the agent calls.
        host: String,
        /// What that host is.
        configured: &'static str,
    },
}

impl Installation {
    /// Reads the row and compares it.
    ///
    /// # Errors
    /// The database's; SQLSTATE 42P01 or 3F000 when the schema is missing.
    pub async fn read(client: &Client) -> Result<Self, DatabaseError> {
        let row = client.query_typed_one(READ, &[]).await?;
        Ok(Self {
            environment: row.try_get("environment")?,
            schema_version: row.try_get("schema_version")?,
            clock: row.try_get("clock")?,
            recorded_at: row.try_get("recorded_at")?,
            differences: row.try_get("differences")?,
        })
    }

    /// Whether the agent that calls `api` may deposit from here.
    ///
    /// # Errors
    /// Another database, or another environment.
    pub fn may_deposit(&self, api: &Url) -> Result<(), Foreign> {
        match self.differences.first().map(String::as_str) {
            None => self.suits(api),
            Some("standby") => Err(Foreign::Standby),
            Some("unrecorded") => Err(Foreign::Unrecorded),
            Some(_) => Err(Foreign::Other(self.differences.clone())),
        }
    }

    /// Whether the database is for the environment of `api`.
    ///
    /// # Errors
    /// It is for the other one.
    pub fn suits(&self, api: &Url) -> Result<(), Foreign> {
        let host = api.host_str().unwrap_or_default();
        match environment_of(api) {
            Some(configured) if configured != self.environment => Err(Foreign::Environment {
                database: self.environment.clone(),
                host: host.to_owned(),
                configured,
            }),
            _ => Ok(()),
        }
    }
}

/// The environment of PISTE's own hosts; others (a simulator, a proxy) are taken at the operator's word.
pub fn environment_of(api: &Url) -> Option<&'static str> {
    match api.host_str() {
        Some("api.piste.gouv.fr") => Some("production"),
        Some("sandbox-api.piste.gouv.fr") => Some("qualification"),
        _ => None,
    }
}

/// Records which database this is, if nothing is recorded; says whether it did.
///
/// # Errors
/// The database's.
pub async fn record(client: &Client) -> Result<bool, DatabaseError> {
    let recorded = client.execute_typed(RECORD, &[]).await? == 1;
    client.execute_typed(COMPLETE, &[]).await?;
    Ok(recorded)
}

/// Makes this a database for `environment`, unless it is in use for the other one; says whether it is now.
///
/// # Errors
/// The database's.
pub async fn set_environment(client: &Client, environment: &str) -> Result<bool, DatabaseError> {
    client
        .execute_typed(SET_ENVIRONMENT, &[(&environment, Type::TEXT)])
        .await?;
    Ok(Installation::read(client).await?.environment == environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation(environment: &str, differences: &[&str]) -> Installation {
        Installation {
            environment: environment.into(),
            schema_version: 8,
            clock: Timestamp::UNIX_EPOCH,
            recorded_at: None,
            differences: differences.iter().map(|word| (*word).into()).collect(),
        }
    }

    fn url(host: &str) -> Url {
        format!("https://{host}").parse().unwrap()
    }

    #[test]
    fn a_database_for_one_environment_never_deposits_in_the_other() {
        let (production, sandbox) = (url("api.piste.gouv.fr"), url("sandbox-api.piste.gouv.fr"));
        let here = installation("qualification", &[]);
        assert_eq!(here.may_deposit(&sandbox), Ok(()));
        assert!(matches!(
            here.may_deposit(&production),
            Err(Foreign::Environment { .. })
        ));
        let here = installation("production", &[]);
        assert!(matches!(
            here.may_deposit(&sandbox),
            Err(Foreign::Environment { .. })
        ));
        assert_eq!(here.may_deposit(&production), Ok(()));
    }

    #[test]
    fn another_or_unrecorded_database_deposits_nothing() {
        let api = url("localhost");
        let refusal = |differences| {
            installation("qualification", differences)
                .may_deposit(&api)
                .unwrap_err()
        };
        assert_eq!(refusal(&["standby"]), Foreign::Standby);
        assert_eq!(refusal(&["unrecorded"]), Foreign::Unrecorded);
        let text = refusal(&["cluster", "timeline"]).to_string();
        assert!(
            text.contains("(other: cluster, timeline)") && text.contains("chorus-agent recover"),
            "{text}"
        );
    }
}
