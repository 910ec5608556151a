//! A stage with an application, somebody in charge, and buyers of all kinds.

use anyhow::{Context, Result};
use chorus_simulator::{IdType, Operation, Role, ServiceSpec, Settings, StructureSpec};
use chorus_tests::{Agent, fixture};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::common::Stage;

/// A buyer that requires nothing.
pub const BUYER: &str = "12345678200051";

/// The stage, with one session of an application and one of somebody in charge.
pub struct Office {
    pub stage: Stage,
    pub application: Client,
    pub people: Client,
}

/// A finding of the directory.
#[derive(Debug)]
pub struct Finding {
    pub rule: String,
    pub severity: String,
    pub path: String,
    pub hint_fr: String,
    pub hint_en: String,
}

impl Office {
    /// `None` without a cluster.
    pub async fn set(label: &str, change: impl FnOnce(&mut Settings)) -> Result<Option<Self>> {
        let Some(stage) = Stage::set(label, change).await? else {
            return Ok(None);
        };
        let application = stage.database.connect().await?;
        application.batch_execute("SET ROLE chorus_writer").await?;
        let people = stage.database.connect().await?;
        people.batch_execute("SET ROLE chorus_admin").await?;
        stage.simulator.put_structure(buyer(BUYER));
        Ok(Some(Self {
            stage,
            application,
            people,
        }))
    }

    /// Starts the agent and waits until the supplier's account is verified: from then on all questions are about buyers.
    pub async fn open(&self) -> Result<Agent> {
        let agent = self.stage.agent.run()?;
        self.stage
            .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
            .await?;
        Ok(agent)
    }

    /// Inserts an invoice, in whatever state that puts it.
    pub async fn insert(&self, doc: &Value) -> Result<(Uuid, String)> {
        let insert = "INSERT INTO chorus.invoice (doc) VALUES ($1) RETURNING id, state";
        let row = self.application.query_one(insert, &[doc]).await?;
        Ok((row.get(0), row.get(1)))
    }

    /// Waits until all invoices are where they go by themselves.
    pub async fn all_integrated(&self) -> Result<()> {
        let query = "SELECT bool_and(state = 'integrated' AND status = 'MISE_A_DISPOSITION') FROM chorus.invoice";
        self.stage.until(query).await
    }

    /// Waits until an invoice is in `state`.
    pub async fn reaches(&self, invoice: Uuid, state: &str) -> Result<()> {
        let query = format!("SELECT state = '{state}' FROM chorus.invoice WHERE id = '{invoice}'");
        self.stage.until(&query).await
    }

    /// What the directory made of an invoice.
    pub async fn findings(&self, invoice: Uuid) -> Result<Vec<Finding>> {
        let query = "SELECT rule, severity, path, hint_fr, hint_en, message_fr, message_en FROM chorus.finding
            WHERE invoice_id = $1 AND origin = 'directory' ORDER BY id";
        let rows = self.application.query(query, &[&invoice]).await?;
        rows.iter()
            .map(|row| {
                // Both languages are there.
                let _messages: (&str, &str) = (row.try_get(5)?, row.try_get(6)?);
                Ok(Finding {
                    rule: row.try_get(0)?,
                    severity: row.try_get(1)?,
                    path: row.try_get(2)?,
                    hint_fr: row.try_get(3)?,
                    hint_en: row.try_get(4)?,
                })
            })
            .collect()
    }

    /// Rule and severity of each.
    pub async fn rules(&self, invoice: Uuid) -> Result<Vec<(String, String)>> {
        let findings = self.findings(invoice).await?;
        let pairs = findings.into_iter().map(|one| (one.rule, one.severity));
        Ok(pairs.collect())
    }

    /// One text of a query by somebody in charge.
    pub async fn text(&self, query: &str) -> Result<String> {
        let row = self.people.query_one(query, &[]).await?;
        row.try_get::<_, Option<String>>(0)?.context("NULL")
    }

    /// How often the directory was asked: for structures, their requirements, their services, and what one of these requires.
    pub fn questions(&self) -> [u64; 4] {
        let ledger = self.stage.simulator.ledger();
        [
            Operation::RechercherStructure,
            Operation::ConsulterStructure,
            Operation::RechercherServices,
            Operation::ConsulterService,
        ]
        .map(|operation| ledger.requests(operation))
    }
}

/// An active buyer that requires nothing, with two services and one that is closed.
pub fn buyer(siret: &str) -> StructureSpec {
    let mut spec = StructureSpec::new(
        Role::Buyer,
        IdType::Siret,
        siret,
        &format!("MAIRIE {siret}"),
    );
    let mut closed = ServiceSpec::new("ANCIEN", "Ancien");
    closed.inactive = true;
    let mut strict = ServiceSpec::new("ACHATS", "Achats");
    strict.engagement_required = true;
    spec.services = vec![ServiceSpec::new("VOIRIE", "Voirie"), strict, closed];
    spec
}

/// An invoice under that number to a buyer, with those references.
pub fn invoice(number: &str, siret: &str, ordering: &Value) -> Result<Value> {
    let mut invoice = fixture("b2g.json")?;
    invoice["series"] = json!("D");
    invoice["code"] = json!(number);
    invoice["customer"]["identities"][0]["code"] = json!(siret);
    if let Some(customer) = invoice["customer"].as_object_mut() {
        customer.remove("tax_id");
    }
    invoice["ordering"] = ordering.clone();
    Ok(invoice)
}
