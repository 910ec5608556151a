//! A stage for end-to-end tests: a database with the tables, a simulator, the agent's settings, a supplier; and the auditor.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chorus_simulator::{Config, Handle, Settings, Simulator};
use chorus_tests::{AgentSettings, Content, Database};
use serde_json::Value;
use uuid::Uuid;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// Everything that an end-to-end test needs.
pub struct Stage {
    pub database: Database,
    pub simulator: Handle,
    pub agent: AgentSettings,
}

impl Stage {
    /// Sets the stage: intervals a hundred times shorter than usual, one registered supplier. `None` without a cluster.
    pub async fn set(label: &str, change: impl FnOnce(&mut Settings)) -> Result<Option<Self>> {
        Self::with(label, |config| change(&mut config.settings)).await
    }

    /// The same, where the simulator's clock or structures differ from the beginning.
    pub async fn with(label: &str, change: impl FnOnce(&mut Config)) -> Result<Option<Self>> {
        let Some(database) = Database::create(label, Content::Schema).await? else {
            return Ok(None);
        };
        Self::on(database, change).await.map(Some)
    }

    /// The same, on a database that is there already.
    pub async fn on(database: Database, change: impl FnOnce(&mut Config)) -> Result<Self> {
        let mut config = Config::default();
        change(&mut config);
        let simulator = Simulator::start(config).await?;
        make_agent_role(&database).await?;
        let agent = AgentSettings::new(&database, &simulator)
            .await?
            .set("CHORUS_DATABASE_URL", &agent_url(&database))
            .set("CHORUS_AGENT_TIME_SCALE", "0.01")
            .set("CHORUS_AGENT_POLL_INTERVAL_SECONDS", "20")
            .set("CHORUS_AGENT_FOLLOW_INTERVAL_SECONDS", "20")
            .set("CHORUS_AGENT_REAP_INTERVAL_SECONDS", "20")
            .set("CHORUS_AGENT_UNCERTAIN_WINDOW_SECONDS", "300")
            .set("CHORUS_AGENT_DEPOSIT_TIMEOUT_SECONDS", "2")
            .set("CHORUS_AGENT_TIMEOUT_SECONDS", "2")
            .set("CHORUS_AGENT_LEASE_SECONDS", "13");
        let account = simulator.credentials().account.clone();
        agent
            .add_supplier(
                simulator.supplier_siret(),
                &account.login,
                &account.password,
            )
            .await?;
        Ok(Self {
            database,
            simulator,
            agent,
        })
    }

    /// Registers a supplier of another EU country, with the account of the default one.
    #[allow(dead_code, reason = "not every test has foreign suppliers")]
    pub async fn add_foreign_supplier(&self, identifier: &str) -> Result<()> {
        let account = self.simulator.credentials().account.clone();
        let call = [
            "supplier",
            "add",
            "--id-type",
            "UE_HORS_FRANCE",
            "--identifier",
            identifier,
            "--login",
            &account.login,
        ];
        let output = self.agent.call(&call, &account.password).await?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    /// Makes the database another than the recorded one, as after a promotion.
    #[allow(dead_code, reason = "most tests stay where they are")]
    pub async fn become_another(&self) -> Result<()> {
        let client = self.database.connect().await?;
        client
            .batch_execute("UPDATE chorus.installation SET timeline = timeline + 1")
            .await?;
        Ok(())
    }

    /// Inserts one invoice as an application does.
    #[allow(dead_code, reason = "not every test inserts one by one")]
    pub async fn insert(&self, doc: &Value) -> Result<Uuid> {
        let client = self.database.connect().await?;
        client.batch_execute("SET ROLE chorus_writer").await?;
        let row = client
            .query_one(
                "INSERT INTO chorus.invoice (doc) VALUES ($1) RETURNING id, state, findings::text",
                &[doc],
            )
            .await?;
        ensure!(
            row.get::<_, &str>(1) == "ready",
            "not ready: {}",
            row.get::<_, &str>(2)
        );
        Ok(row.get(0))
    }

    /// Waits until the query's one boolean is true; says where everything stands when it does not come true.
    pub async fn until(&self, query: &str) -> Result<()> {
        if let Err(error) = self.database.until(query, PATIENCE).await {
            let client = self.database.connect().await?;
            let rows = client
                .query(
                    "SELECT concat_ws(' ', i.number, i.state, i.status, i.state_reason, t.kind, t.run_at, t.attempts, t.last_error)
                     FROM chorus.invoice i FULL JOIN chorus.task t ON t.invoice_id = i.id
                     WHERE i.state IS DISTINCT FROM 'paid' LIMIT 20",
                    &[],
                )
                .await?;
            let standing: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            return Err(error).context(standing.join("\n"));
        }
        Ok(())
    }

    /// The states of all deposits, in the order in which they were prepared.
    #[allow(dead_code, reason = "most tests ask what became of the invoice")]
    pub async fn deposits(&self) -> Result<Vec<String>> {
        let query = "SELECT array_agg(state ORDER BY prepared_at) FROM chorus.deposit";
        let client = self.database.connect().await?;
        Ok(client.query_one(query, &[]).await?.get(0))
    }

    /// Compares the simulator's ledger with the tables; an error lists every difference.
    #[allow(
        dead_code,
        reason = "where invoices come another way there is nothing to compare"
    )]
    pub async fn audit(&self) -> Result<()> {
        let differences = self.differences().await?;
        if !differences.is_empty() {
            bail!(
                "{} differences:\n{}",
                differences.len(),
                differences.join("\n")
            );
        }
        Ok(())
    }

    /// What the ledger and the tables do not agree on.
    pub async fn differences(&self) -> Result<Vec<String>> {
        let ledger = self.simulator.ledger();
        let client = self.database.connect().await?;
        let mut differences = Vec::new();

        // No number is processed twice unless the flux before it ended in failure.
        let mut standing: BTreeMap<&str, usize> = BTreeMap::new();
        for post in &ledger.posts {
            let failed = post.return_code != 0
                || matches!(post.state.as_deref(), Some("IN_REJETE" | "QP_IRRECEVABLE"));
            if let Some(number) = post.number.as_deref().filter(|_| !failed) {
                *standing.entry(number).or_default() += 1;
            }
        }
        for (number, count) in standing.iter().filter(|(_, count)| **count > 1) {
            differences.push(format!("{number} was processed {count} times"));
        }

        // What the tables say is at Chorus Pro, is there, with the same bytes and amounts, and the other way round.
        let rows = client
            .query(
                "SELECT d.flux_number, d.sha256, d.file_name, d.amount_due::text, d.total_with_tax::text, i.amount_due::text, i.number
                 FROM chorus.deposit d JOIN chorus.invoice i ON i.id = d.invoice_id WHERE d.flux_number IS NOT NULL",
                &[],
            )
            .await?;
        for row in &rows {
            let flux: &str = row.get(0);
            let number: &str = row.get(6);
            let Some(post) = ledger
                .posts
                .iter()
                .find(|post| post.flux_number.as_deref() == Some(flux))
            else {
                differences.push(format!("{number}: flux {flux} is not in the ledger"));
                continue;
            };
            if post.sha256 != row.get::<_, &str>(1) || post.file_name != row.get::<_, &str>(2) {
                differences.push(format!("{number}: other bytes or file name in flux {flux}"));
            }
            let Some(totals) = &post.totals else {
                differences.push(format!("{number}: no totals in flux {flux}"));
                continue;
            };
            let due = totals.due.map(|amount| amount.to_string());
            let gross = totals.gross.map(|amount| amount.to_string());
            if due.as_deref() != row.get::<_, Option<&str>>(3)
                || due.as_deref() != row.get::<_, Option<&str>>(5)
                || gross.as_deref() != row.get::<_, Option<&str>>(4)
            {
                differences.push(format!("{number}: other totals in flux {flux}"));
            }
        }
        let known: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        for post in ledger.posts.iter().filter(|post| post.return_code == 0) {
            let flux = post.flux_number.as_deref().unwrap_or_default();
            if !known.contains(&flux) {
                differences.push(format!("flux {flux} of {:?} is in no row", post.number));
            }
        }

        // Every integrated invoice is linked to its own number, and at rest tasks do not pile up.
        let rows = client
            .query(
                "SELECT chorus_id, number FROM chorus.invoice WHERE chorus_id IS NOT NULL",
                &[],
            )
            .await?;
        for row in &rows {
            let (id, number): (i64, &str) = (row.get(0), row.get(1));
            let linked = ledger
                .posts
                .iter()
                .any(|post| post.invoice_id == Some(id) && post.number.as_deref() == Some(number));
            if !linked {
                differences.push(format!(
                    "{number}: Chorus Pro's invoice {id} is not this one"
                ));
            }
        }
        Ok(differences)
    }
}

/// The agent logs in as operators have it: as a member of chorus_agent and nothing more. Tests make the role side by side.
pub async fn make_agent_role(database: &Database) -> Result<()> {
    let client = database.connect().await?;
    Ok(client
        .batch_execute(
            "DO $$ BEGIN CREATE ROLE chorus_test_agent LOGIN IN ROLE chorus_agent;
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        )
        .await?)
}

/// The address of the database, for that role.
pub fn agent_url(database: &Database) -> String {
    database.url().replace(
        &format!("user={}", database.cluster().user),
        "user=chorus_test_agent",
    )
}

/// Waits until something outside the database holds.
#[allow(dead_code, reason = "not every test waits for a log")]
pub async fn eventually(holds: impl Fn() -> bool, limit: Duration) -> Result<()> {
    let start = Instant::now();
    while !holds() {
        ensure!(
            start.elapsed() < limit,
            "not true within {} s",
            limit.as_secs()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
