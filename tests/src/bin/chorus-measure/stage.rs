//! A database with the tables, a Chorus Pro that answers at once, the agent's settings, a supplier.

use anyhow::{Result, ensure};
use chorus_simulator::{Config, Handle, Simulator};
use chorus_tests::{AgentSettings, Content, Database, fixture};
use serde_json::Value;

/// Everything that is measured.
pub struct Stage {
    pub database: Database,
    pub simulator: Handle,
    pub agent: AgentSettings,
    pub document: Value,
}

impl Stage {
    /// Sets it; `None` without a cluster.
    pub async fn set(label: &str) -> Result<Option<Self>> {
        let Some(database) = Database::create(label, Content::Schema).await? else {
            return Ok(None);
        };
        let simulator = Simulator::start(Config::default()).await?;
        let agent = AgentSettings::new(&database, &simulator).await?;
        let account = simulator.credentials().account.clone();
        agent
            .add_supplier(
                simulator.supplier_siret(),
                &account.login,
                &account.password,
            )
            .await?;
        // As after the agent's first call with that account.
        let client = database.connect().await?;
        client
            .batch_execute("UPDATE chorus.supplier SET state = 'registered'")
            .await?;
        Ok(Some(Self {
            database,
            simulator,
            agent,
            document: fixture("b2g.json")?,
        }))
    }

    /// Inserts so many invoices, and queues a task for each that is claimed like most: it waits for no state of its invoice.
    pub async fn fill(&self, invoices: i64) -> Result<()> {
        self.database
            .insert_invoices(&self.document, "M", invoices)
            .await?;
        self.empty().await?;
        self.queue().await
    }

    /// Empties the queue and leaves no trace of what was in it.
    pub async fn empty(&self) -> Result<()> {
        let client = self.database.connect().await?;
        client.batch_execute("TRUNCATE chorus.task").await?;
        client
            .batch_execute("VACUUM (ANALYZE) chorus.invoice")
            .await?;
        Ok(())
    }

    /// Queues every invoice again.
    pub async fn queue(&self) -> Result<()> {
        let client = self.database.connect().await?;
        let queued = client
            .execute(
                "INSERT INTO chorus.task (kind, invoice_id) SELECT 'history', id FROM chorus.invoice",
                &[],
            )
            .await?;
        ensure!(queued > 0, "nothing to queue");
        client.batch_execute("ANALYZE chorus.task").await?;
        Ok(())
    }
}
