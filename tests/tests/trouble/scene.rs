//! A stage with an agent at work and a registered supplier, and many invoices at once.

use anyhow::{Context, Result};
use chorus_simulator::{Account, IdType, Role, Settings, StructureSpec};
use chorus_tests::{Agent, fixture};
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::common::Stage;

/// The second supplier, and its account.
pub const SIRET: &str = "55203253400646";
pub const LOGIN: &str = "TECH_7_55203253400646@cpro.fr";
pub const PASSWORD: &str = "s3cret";

/// The stage, its agent, and a session as superuser.
pub struct Scene {
    pub stage: Stage,
    pub sql: Client,
    pub agent: Agent,
}

impl Scene {
    /// Further settings of simulator and agent. The supplier is registered and followed. `None` without a cluster.
    pub async fn set(
        label: &str,
        change: impl FnOnce(&mut Settings),
        settings: &[(&str, &str)],
    ) -> Result<Option<Self>> {
        let Some(mut stage) = Stage::set(label, change).await? else {
            return Ok(None);
        };
        for (name, value) in settings {
            stage.agent = stage.agent.set(name, value);
        }
        let agent = stage.agent.run()?;
        stage
            .until("SELECT bool_and(state = 'registered' AND followed_until IS NOT NULL) FROM chorus.supplier")
            .await?;
        let sql = stage.database.connect().await?;
        Ok(Some(Self { stage, sql, agent }))
    }

    /// Adds a second supplier with an account of its own and waits until it is registered and followed.
    pub async fn add_other(&self) -> Result<()> {
        let mut spec = StructureSpec::new(Role::Supplier, IdType::Siret, SIRET, "Menuiserie Sud");
        spec.account = Some(Account {
            login: LOGIN.into(),
            password: PASSWORD.into(),
        });
        self.stage.simulator.put_structure(spec);
        self.stage
            .agent
            .add_supplier(SIRET, LOGIN, PASSWORD)
            .await?;
        self.stage
            .until("SELECT count(*) = 2 AND bool_and(state = 'registered' AND followed_until IS NOT NULL) FROM chorus.supplier")
            .await
    }

    /// Inserts so many invoices, numbered from 1 in `series`.
    pub async fn insert(&self, doc: &Value, series: &str, count: i64) -> Result<()> {
        self.stage
            .database
            .insert_invoices(doc, series, count)
            .await
    }

    /// The one number that a query gives.
    pub async fn count(&self, query: &str) -> Result<i64> {
        Ok(self.sql.query_one(query, &[]).await?.get(0))
    }

    /// Waits until all invoices are at their buyers'.
    pub async fn all_arrive(&self) -> Result<()> {
        self.stage
            .until("SELECT NOT bool_or(status IS DISTINCT FROM 'MISE_A_DISPOSITION') FROM chorus.invoice")
            .await
    }
}

/// The usual invoice.
pub fn invoice() -> Result<Value> {
    fixture("b2g.json")
}

/// The same of another supplier.
pub fn invoice_of(siret: &str) -> Result<Value> {
    let mut doc = fixture("b2g.json")?;
    let supplier = doc.get_mut("supplier").and_then(Value::as_object_mut);
    let supplier = supplier.context("the fixture has a supplier")?;
    let siret = json!([{ "type": "SIRET", "code": siret }]);
    supplier.insert("identities".into(), siret);
    let vat = json!({ "country": "FR", "code": "27552032534" });
    supplier.insert("tax_id".into(), vat);
    Ok(doc)
}
