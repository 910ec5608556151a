//! A stage with an agent at work and somebody in charge, for stories about one or two invoices.

use anyhow::{Context, Result};
use chorus_simulator::{IdType, Role, ServiceSpec, StructureSpec};
use chorus_tests::{Agent, fixture};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::common::Stage;

/// The stage, its agent, and a session of somebody in charge.
pub struct Scene {
    pub stage: Stage,
    pub people: Client,
    _agent: Agent,
}

/// What `chorus.todo` says of an invoice.
pub struct Todo {
    pub reason: String,
    pub next_action: String,
}

impl Scene {
    /// A buyer that does `script`. `None` without a cluster.
    pub async fn set(label: &str, script: &[&str]) -> Result<Option<Self>> {
        let script: Vec<String> = script.iter().map(|&status| status.to_owned()).collect();
        let Some(stage) = Stage::set(label, |settings| settings.buyer_script = script).await?
        else {
            return Ok(None);
        };
        let people = stage.database.connect().await?;
        people.batch_execute("SET ROLE chorus_admin").await?;
        let agent = stage.agent.run()?;
        Ok(Some(Self {
            stage,
            people,
            _agent: agent,
        }))
    }

    /// Waits until an invoice is in `state`, with that status.
    pub async fn reaches(&self, invoice: Uuid, state: &str, status: &str) -> Result<()> {
        let query = format!(
            "SELECT (state, status) = ('{state}', '{status}') FROM chorus.invoice WHERE id = '{invoice}'"
        );
        self.stage.until(&query).await
    }

    /// What has to be done about an invoice now.
    pub async fn todo(&self, invoice: Uuid) -> Result<Todo> {
        let query = "SELECT reason_fr, next_action FROM chorus.todo WHERE invoice_id = $1";
        let row = self.people.query_one(query, &[&invoice]).await;
        let row = row.context("chorus.todo should have one row")?;
        Ok(Todo {
            reason: row.get(0),
            next_action: row.get(1),
        })
    }

    /// How many rows `chorus.todo` has.
    pub async fn things_to_do(&self) -> Result<i64> {
        let query = "SELECT count(*) FROM chorus.todo";
        Ok(self.people.query_one(query, &[]).await?.get(0))
    }

    /// Every status of an invoice in its order.
    pub async fn statuses(&self, invoice: Uuid) -> Result<Vec<String>> {
        let query = "SELECT array_agg(code ORDER BY occurred_at, histo_statut_id) FROM chorus.status_event WHERE invoice_id = $1";
        Ok(self.people.query_one(query, &[&invoice]).await?.get(0))
    }

    /// The number of an invoice.
    pub async fn number(&self, invoice: Uuid) -> Result<String> {
        let query = "SELECT number FROM chorus.invoice WHERE id = $1";
        Ok(self.people.query_one(query, &[&invoice]).await?.get(0))
    }

    /// Sets a status over there, and waits until the invoice is in `state` with it.
    pub async fn becomes(&self, invoice: Uuid, status: &str, state: &str) -> Result<()> {
        let number = self.number(invoice).await?;
        self.stage.simulator.set_status(&number, status, None)?;
        self.reaches(invoice, state, status).await
    }
}

/// The buyer of the fixtures, with two services.
pub fn buyer(scene: &Scene) -> StructureSpec {
    let siret = scene.stage.simulator.buyer_siret();
    let mut buyer = StructureSpec::new(Role::Buyer, IdType::Siret, siret, "DESTINATAIRE EXEMPLE");
    buyer.service_required = true;
    buyer.services = vec![
        ServiceSpec::new("FACTURES-DSI", "Systèmes d'information"),
        ServiceSpec::new("VOIRIE", "Voirie"),
    ];
    buyer
}

/// The usual invoice under another number.
pub fn numbered(code: &str) -> Result<Value> {
    let mut invoice = fixture("b2g.json")?;
    invoice["code"] = json!(code);
    Ok(invoice)
}

/// What Chorus Pro sets by itself, then `further`.
pub fn since_deposit(further: &[&str]) -> Vec<String> {
    let first = ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"];
    let all = first.iter().chain(further);
    all.map(|&status| status.to_owned()).collect()
}
