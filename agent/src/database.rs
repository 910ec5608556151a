//! Connections to PostgreSQL: made when needed, made again when lost.
//!
//! Every statement goes through `query_typed`: named prepared statements break behind PgBouncer, and no session
//! state is kept outside the connection that listens.

use std::{sync::Arc, time::Duration};

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::{Client, Config, IsolationLevel, Transaction, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

mod dial;
mod error;
mod watched;

pub use dial::Dialed;
pub use error::DatabaseError;

use crate::tls;
use error::chain;

/// A server that does not answer within this time is not there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the kernel does about a peer that has vanished: an idle connection is probed after five quiet seconds and given up nine
/// later, one with unacknowledged bytes after twelve. A peer that is there and says nothing is what `timeout` is for.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(5);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);
const KEEPALIVE_RETRIES: u32 = 3;
const UNACKNOWLEDGED: Duration = Duration::from_secs(12);

/// How long the request to cancel a statement may take; nobody waits for it.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

// Between its statements an agent does nothing else: a transaction that is idle for so long belongs to one that stands still.
const ONLY_WHILE_AWAKE: &str = "SET LOCAL idle_in_transaction_session_timeout = '10s'";

/// Begins a transaction of several statements. Should this process be suspended in the middle of it, the server ends it after ten
/// seconds: its locks must not hold up the agents that go on.
///
/// # Errors
/// The database's.
pub async fn begin(client: &mut Client) -> Result<Transaction<'_>, DatabaseError> {
    // Its statements build on each seeing what was committed before it began.
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .start()
        .await?;
    transaction.execute_typed(ONLY_WHILE_AWAKE, &[]).await?;
    Ok(transaction)
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
    silence: Option<Duration>,
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
        let says = |word| url.is_some_and(|url| url.expose_secret().contains(word));
        if !says("keepalives_idle") {
            config.keepalives_idle(KEEPALIVE_IDLE);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_interval(KEEPALIVE_INTERVAL);
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_retries(KEEPALIVE_RETRIES);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNACKNOWLEDGED);
        }
        Ok(Self {
            config: Arc::new(config),
            tls: MakeRustlsConnect::new(tls::client_config()?),
            silence: None,
        })
    }

    /// The same database, whose connections are given up when a statement has had no answer for `silence`: behind a connection that
    /// looks alive there may be nobody any more, and a worker would wait for ever.
    #[must_use]
    pub fn impatient(&self, silence: Duration) -> Self {
        Self {
            silence: Some(silence),
            ..self.clone()
        }
    }

    /// A new connection, served in the background.
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub async fn connect(&self) -> Result<Client, DatabaseError> {
        let dialed = self.open().await?;
        let (cancel, address, tls) = (
            dialed.client.cancel_token(),
            dialed.address,
            self.tls.clone(),
        );
        // Its errors reach every caller of `client` as well; nothing is lost here.
        tokio::spawn(async move {
            let Err(error) = dialed.connection.await else {
                return;
            };
            if !watched::was_silent(&error) {
                tracing::debug!(error = chain(&error), "connection ended");
                return;
            }
            tracing::warn!(error = chain(&error), "connection given up");
            // The server may be at the statement all the same, waiting for a lock: it need not go on.
            let cancelled = dial::cancel(&address, cancel, tls);
            if tokio::time::timeout(CANCEL_TIMEOUT, cancelled)
                .await
                .is_err()
            {
                tracing::debug!("the statement could not be cancelled either");
            }
        });
        Ok(dialed.client)
    }

    /// A new connection whose messages the caller reads.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn open(&self) -> Result<Dialed, DatabaseError> {
        dial::dial(&self.config, &self.tls, self.silence).await
    }
}

/// One worker's connection.
pub struct Session {
    database: Database,
    client: Option<Client>,
    admitted: Option<Url>,
}

impl Session {
    /// A session that connects when first used.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            client: None,
            admitted: None,
        }
    }

    /// Whether [`Self::admit`] was said, for `api`, of the connection that is in use.
    pub fn is_admitted(&self, api: &Url) -> bool {
        self.admitted.as_ref() == Some(api)
            && self
                .client
                .as_ref()
                .is_some_and(|client| !client.is_closed())
    }

    /// What is behind the connection fits an agent that calls `api`: not asked again while both last.
    pub fn admit(&mut self, api: &Url) {
        self.admitted = Some(api.clone());
    }

    /// It is to be asked again: another server has turned up behind the same connection, as a pooler may arrange it.
    pub fn dismiss(&mut self) {
        self.admitted = None;
    }

    /// The connection, made anew if it was lost.
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub async fn client(&mut self) -> Result<&mut Client, DatabaseError> {
        let client = match self.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => {
                self.admitted = None;
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
