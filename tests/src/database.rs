//! A database of a test's own.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio_postgres::{Client, NoTls};

use crate::environment::Cluster;

/// What a new database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The extension alone.
    Extension,
    /// The extension and the tables, as `chorus-agent migrate` makes them.
    Schema,
}

impl Content {
    fn template(self) -> &'static str {
        match self {
            Self::Extension => "chorus_template_extension",
            Self::Schema => "chorus_template_schema",
        }
    }
}

/// A database; one that a test has made here is dropped together with this value.
#[derive(Debug)]
pub struct Database {
    name: String,
    cluster: Cluster,
    ours: bool,
}

impl Database {
    /// Makes a database, its name beginning with `label`. `None`, and loud, without a cluster.
    ///
    /// # Errors
    /// The cluster cannot be reached or has no templates.
    pub async fn create(label: &str, content: Content) -> Result<Option<Self>> {
        let Some(cluster) = Cluster::find() else {
            return Ok(None);
        };
        let name = format!("{label}_{}", uuid::Uuid::new_v4().simple());
        let database = Self {
            name,
            cluster,
            ours: true,
        };
        let create = format!(
            "CREATE DATABASE {} TEMPLATE {}",
            database.name,
            content.template()
        );
        maintenance(&database.cluster, &create)
            .await
            .with_context(|| format!("cannot make a test database: {create}"))?;
        if content == Content::Schema {
            database.own_installation().await?;
        }
        Ok(Some(database))
    }

    /// A database that somebody else has made, and drops.
    #[must_use]
    pub fn existing(cluster: Cluster, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            cluster,
            ours: false,
        }
    }

    /// Says that this is the database it says it is: the template's installation names the template.
    async fn own_installation(&self) -> Result<()> {
        const OWN: &str = "UPDATE chorus.installation SET database_oid =
            (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";
        self.connect().await?.batch_execute(OWN).await?;
        Ok(())
    }

    /// A connection as superuser, its messages awaited in the background.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn connect(&self) -> Result<Client> {
        connect(&self.cluster, &self.name).await
    }

    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cluster it is in.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Its address, as the agent's `database.url` takes it.
    #[must_use]
    pub fn url(&self) -> String {
        let Cluster {
            host, port, user, ..
        } = &self.cluster;
        format!(
            "host='{}' port={port} user={user} dbname={}",
            host.display(),
            self.name
        )
    }

    /// Inserts `count` invoices in one statement, numbered `series`-1 and so on.
    ///
    /// # Errors
    /// The database's.
    pub async fn insert_invoices(&self, doc: &Value, series: &str, count: i64) -> Result<()> {
        const INSERT: &str = "INSERT INTO chorus.invoice (doc)
            SELECT $1::jsonb || jsonb_build_object('series', $2::text, 'code', n::text) FROM generate_series(1, $3::bigint) AS n";
        let client = self.connect().await?;
        client.execute(INSERT, &[doc, &series, &count]).await?;
        Ok(())
    }

    /// Waits until the query's one boolean is true.
    ///
    /// # Errors
    /// It fails, or is not true within `limit`.
    pub async fn until(&self, query: &str, limit: Duration) -> Result<()> {
        let client = self.connect().await?;
        let start = Instant::now();
        while start.elapsed() < limit {
            // NULL, as of a bool_and over nothing, is not true either.
            let answer: Option<bool> = client.query_one(query, &[]).await?.try_get(0)?;
            if answer == Some(true) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("not true within {} s: {query}", limit.as_secs())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.ours {
            return;
        }
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let cluster = self.cluster.clone();
        // A thread and a runtime of its own: the test's runtime may be the one that is being torn down.
        let dropped = thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(maintenance(&cluster, &drop))
        });
        match dropped.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("database {} is left behind: {error:#}", self.name),
            Err(_) => eprintln!("database {} is left behind", self.name),
        }
    }
}

async fn maintenance(cluster: &Cluster, sql: &str) -> Result<()> {
    let client = connect(cluster, "postgres").await?;
    client.batch_execute(sql).await?;
    Ok(())
}

async fn connect(cluster: &Cluster, database: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::Config::new()
        .host_path(&cluster.host)
        .port(cluster.port)
        .user(&cluster.user)
        .dbname(database)
        .connect(NoTls)
        .await
        .with_context(|| {
            format!(
                "cannot connect to database {database} in {}",
                cluster.host.display()
            )
        })?;
    // Ends when the client is dropped; what goes wrong before that, the client's own calls report.
    tokio::spawn(connection);
    Ok(client)
}
