//! Connections to PostgreSQL: made when needed, made again when lost.
//!
//! Every statement goes through `query_typed`: named prepared statements break behind PgBouncer, and no session
//! state is kept outside the connection that listens.

use std::{error::Error as _, sync::Arc, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::{
    Client, Config, Connection, Socket, config::SslMode, error::SqlState, tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::tls;

/// A server that does not answer within this time is not there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What went wrong with PostgreSQL, in its own words.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.as_db_error().map_or_else(|| chain(.0), said))]
pub struct DatabaseError(tokio_postgres::Error);

// No source() beside the text, which says the whole chain already: whoever prints causes would say it again.
impl From<tokio_postgres::Error> for DatabaseError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self(error)
    }
}

impl DatabaseError {
    /// Whether the same statement may well succeed later: the server or connection is the trouble, not the statement.
    pub fn is_transient(&self) -> bool {
        // Class 08 connection, 40 rollback, 53 resources, 55P03 lock, 57 operator, 58 system.
        self.0.code().is_none_or(|state| {
            matches!(
                state.code().get(..2),
                Some("08" | "40" | "53" | "57" | "58")
            ) || *state == SqlState::LOCK_NOT_AVAILABLE
        })
    }

    /// Whether the values themselves are the trouble: class 22 data, 54 limits.
    pub fn is_about_data(&self) -> bool {
        self.0
            .code()
            .is_some_and(|state| matches!(state.code().get(..2), Some("22" | "54")))
    }

    /// Whether something that the statement names does not exist: a table, a schema, a function, a column.
    pub fn is_about_absence(&self) -> bool {
        self.0.code().is_some_and(|state| {
            [
                SqlState::UNDEFINED_TABLE,
                SqlState::INVALID_SCHEMA_NAME,
                SqlState::UNDEFINED_FUNCTION,
                SqlState::UNDEFINED_COLUMN,
            ]
            .contains(state)
        })
    }

    /// Whether the user lacks a privilege.
    pub fn is_about_privilege(&self) -> bool {
        self.0.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
    }
}

fn said(error: &tokio_postgres::error::DbError) -> String {
    let mut text = format!(
        "PostgreSQL: {} (SQLSTATE {})",
        error.message(),
        error.code().code()
    );
    for (label, part) in [("DETAIL", error.detail()), ("HINT", error.hint())] {
        if let Some(part) = part {
            text.push_str(&format!("; {label}: {part}"));
        }
    }
    text
}

fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = format!("PostgreSQL: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        let said = source.to_string();
        if !text.ends_with(&said) {
            text.push_str(&format!(": {said}"));
        }
        cause = source.source();
    }
    text
}

/// Why the address of the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// `database.url` is no connection string. What it says is not shown: it may hold a password.
    #[error(
        "database.url is no connection string: {0}; e.g. host=/run/postgresql dbname=billing user=chorus_agent_login"
    )]
    Malformed(String),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// Where the database is.
#[derive(Clone)]
pub struct Database {
    config: Arc<Config>,
    tls: MakeRustlsConnect,
}

impl Database {
    /// The database at `url`; what it leaves out comes from `variable` (`PGHOST`, `PGPORT`, …), as with libpq.
    ///
    /// With TLS, certificates are always verified, `sslmode=require` included.
    ///
    /// # Errors
    /// `url` is malformed, or TLS cannot be set up.
    pub fn new(
        url: Option<&SecretString>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, AddressError> {
        let malformed = |error: tokio_postgres::Error| AddressError::Malformed(chain(&error));
        let mut config: Config = url
            .map_or("", |url| url.expose_secret())
            .parse()
            .map_err(malformed)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host(variable("PGHOST").unwrap_or_else(|| "/var/run/postgresql".to_owned()));
        }
        if config.get_ports().is_empty()
            && let Some(port) = variable("PGPORT")
        {
            config.port(
                port.parse()
                    .map_err(|_| AddressError::Malformed("PGPORT is no port number".to_owned()))?,
            );
        }
        if config.get_user().is_none()
            && let Some(user) = variable("PGUSER")
        {
            config.user(user);
        }
        if config.get_dbname().is_none()
            && let Some(name) = variable("PGDATABASE")
        {
            config.dbname(name);
        }
        if config.get_password().is_none()
            && let Some(password) = variable("PGPASSWORD")
        {
            config.password(password);
        }
        if url.is_none_or(|url| !url.expose_secret().contains("sslmode"))
            && let Some(mode) = variable("PGSSLMODE")
        {
            config.ssl_mode(match mode.as_str() {
                "disable" => SslMode::Disable,
                "allow" | "prefer" => SslMode::Prefer,
                _ => SslMode::Require,
            });
        }
        if config.get_application_name().is_none() {
            config.application_name("chorus-agent");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        Ok(Self {
            config: Arc::new(config),
            tls: MakeRustlsConnect::new(tls::client_config()?),
        })
    }

    /// A new connection, served in the background.
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub async fn connect(&self) -> Result<Client, DatabaseError> {
        let (client, connection) = self.open().await?;
        // Its errors reach every caller of `client` as well; nothing is lost here.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = chain(&error), "connection ended");
            }
        });
        Ok(client)
    }

    /// A new connection whose messages the caller reads.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn open(
        &self,
    ) -> Result<
        (
            Client,
            Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>,
        ),
        DatabaseError,
    > {
        Ok(self.config.connect(self.tls.clone()).await?)
    }
}

/// One worker's connection.
pub struct Session {
    database: Database,
    client: Option<Client>,
    admitted: bool,
}

impl Session {
    /// A session that connects when first used.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            client: None,
            admitted: false,
        }
    }

    /// Whether [`Self::admit`] was said of the connection that is in use.
    pub fn is_admitted(&self) -> bool {
        self.admitted
            && self
                .client
                .as_ref()
                .is_some_and(|client| !client.is_closed())
    }

    /// What is behind the connection fits: not asked again while it lasts.
    pub fn admit(&mut self) {
        self.admitted = true;
    }

    /// The connection, made anew if it was lost.
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub async fn client(&mut self) -> Result<&mut Client, DatabaseError> {
        let client = match self.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => {
                self.admitted = false;
                self.database.connect().await?
            }
        };
        Ok(self.client.insert(client))
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::Host;

    use super::*;

    fn config(url: Option<&str>, variables: &[(&str, &str)]) -> Config {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Database::new(url.map(SecretString::from).as_ref(), find)
            .unwrap()
            .config
            .as_ref()
            .clone()
    }

    #[test]
    fn what_the_url_leaves_out_comes_from_the_environment() {
        let variables = [
            ("PGHOST", "/tmp/socket"),
            ("PGPORT", "5433"),
            ("PGUSER", "u"),
            ("PGDATABASE", "d"),
        ];
        let config = config(Some("dbname=billing"), &variables);
        assert_eq!(config.get_hosts(), [Host::Unix("/tmp/socket".into())]);
        assert_eq!(config.get_ports(), [5433]);
        assert_eq!(
            (config.get_user(), config.get_dbname()),
            (Some("u"), Some("billing"))
        );
    }

    #[test]
    fn a_url_that_says_all_is_not_overruled() {
        let config = config(
            Some("postgresql://a@db:1/x?sslmode=disable"),
            &[("PGHOST", "/tmp"), ("PGSSLMODE", "require")],
        );
        assert_eq!(config.get_hosts(), [Host::Tcp("db".into())]);
        assert_eq!(config.get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn a_malformed_address_is_refused_without_being_shown() {
        let result = Database::new(
            Some(&SecretString::from("password=hush nonsense=1")),
            |_| None,
        );
        let error = result.err().unwrap().to_string();
        assert!(
            error.contains("nonsense") && !error.contains("hush"),
            "{error}"
        );
    }
}
