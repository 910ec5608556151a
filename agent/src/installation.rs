//! Which database is this? A restored, cloned or failed-over one must not deposit what its original deposited.

use jiff::Timestamp;
use reqwest::Url;
use tokio_postgres::{Client, types::Type};

use crate::database::DatabaseError;

// The timeline is the one that the WAL is written to: pg_control_checkpoint() still names the old one for a while after a
// promotion, just when it matters. A standby writes none. Everybody may call these functions.
const COMPARE: &str = "
SELECT n.environment, n.schema_version,
    n.system_identifier IS NOT NULL AND n.database_oid IS NOT NULL AND n.timeline IS NOT NULL AS recorded,
    n.system_identifier = s.system_identifier AS same_cluster,
    n.database_oid = d.oid AS same_database,
    n.timeline = CASE WHEN NOT pg_is_in_recovery()
        THEN ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS same_timeline,
    pg_is_in_recovery() AS standby,
    now() AS clock
FROM chorus.installation n, pg_control_system() s, pg_database d
WHERE d.datname = current_database()";

const RECORD: &str = "
UPDATE chorus.installation n
SET system_identifier = s.system_identifier, database_oid = d.oid,
    timeline = ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int, recorded_at = now()
FROM pg_control_system() s, pg_database d
WHERE d.datname = current_database() AND n.system_identifier IS NULL AND n.database_oid IS NULL AND n.timeline IS NULL";

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
    identity: Identity,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Identity {
    Same,
    Standby,
    Unrecorded,
    Other(Vec<&'static str>),
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
        "this database is not the one that chorus.installation was recorded in ({}): it was restored, cloned or failed over. \
         Nothing is deposited, since the original may have deposited or still deposit the same invoices. When the \
         original is gone and its last deposits are accounted for, set system_identifier, database_oid and timeline in \
         chorus.installation to NULL and run `chorus-agent migrate`", .0.join(", ")
    )]
    Other(Vec<&'static str>),
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
        let row = client.query_typed_one(COMPARE, &[]).await?;
        let identity = if row.try_get("standby")? {
            Identity::Standby
        } else if row.try_get("recorded")? {
            let mut differing = Vec::new();
            for (column, what) in [
                ("same_cluster", "another cluster"),
                ("same_database", "another database of the cluster"),
                ("same_timeline", "another timeline"),
            ] {
                if !row.try_get::<_, bool>(column)? {
                    differing.push(what);
                }
            }
            if differing.is_empty() {
                Identity::Same
            } else {
                Identity::Other(differing)
            }
        } else {
            Identity::Unrecorded
        };
        Ok(Self {
            environment: row.try_get("environment")?,
            schema_version: row.try_get("schema_version")?,
            clock: row.try_get("clock")?,
            identity,
        })
    }

    /// Whether the agent that calls `api` may deposit from here.
    ///
    /// # Errors
    /// Another database, or another environment.
    pub fn may_deposit(&self, api: &Url) -> Result<(), Foreign> {
        match &self.identity {
            Identity::Standby => return Err(Foreign::Standby),
            Identity::Unrecorded => return Err(Foreign::Unrecorded),
            Identity::Other(differing) => return Err(Foreign::Other(differing.clone())),
            Identity::Same => {}
        }
        let host = api.host_str().unwrap_or_default();
        match environment_of(host) {
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
fn environment_of(host: &str) -> Option<&'static str> {
    match host {
        "api.piste.gouv.fr" => Some("production"),
        "sandbox-api.piste.gouv.fr" => Some("qualification"),
        _ => None,
    }
}

/// Records which database this is, if nothing is recorded; says whether it did.
///
/// # Errors
/// The database's.
pub async fn record(client: &Client) -> Result<bool, DatabaseError> {
    Ok(client.execute_typed(RECORD, &[]).await? == 1)
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

    fn installation(environment: &str, identity: Identity) -> Installation {
        Installation {
            environment: environment.into(),
            schema_version: 8,
            clock: Timestamp::UNIX_EPOCH,
            identity,
        }
    }

    fn url(host: &str) -> Url {
        format!("https://{host}").parse().unwrap()
    }

    #[test]
    fn a_database_for_one_environment_never_deposits_in_the_other() {
        let (production, sandbox) = (url("api.piste.gouv.fr"), url("sandbox-api.piste.gouv.fr"));
        let here = installation("qualification", Identity::Same);
        assert_eq!(here.may_deposit(&sandbox), Ok(()));
        assert!(matches!(
            here.may_deposit(&production),
            Err(Foreign::Environment { .. })
        ));
        let here = installation("production", Identity::Same);
        assert!(matches!(
            here.may_deposit(&sandbox),
            Err(Foreign::Environment { .. })
        ));
        assert_eq!(here.may_deposit(&production), Ok(()));
    }

    #[test]
    fn another_or_unrecorded_database_deposits_nothing() {
        let api = url("localhost");
        assert_eq!(
            installation("qualification", Identity::Standby).may_deposit(&api),
            Err(Foreign::Standby)
        );
        assert_eq!(
            installation("qualification", Identity::Unrecorded).may_deposit(&api),
            Err(Foreign::Unrecorded)
        );
        let error = installation(
            "qualification",
            Identity::Other(vec!["another cluster", "another timeline"]),
        )
        .may_deposit(&api)
        .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("(another cluster, another timeline)"),
            "{error}"
        );
    }
}
