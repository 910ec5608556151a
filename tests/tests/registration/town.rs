//! A stage with the registration page, and suppliers whose accounts Chorus Pro knows.

use anyhow::{Context, Result};
use chorus_simulator::{Account, IdType, Role, StructureSpec};
use chorus_tests::{Agent, free_port};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use crate::common::Stage;

/// SIRET of the supplier that tests register.
pub const SIRET: &str = "55203253400646";

/// Login of its technical account.
pub const LOGIN: &str = "TECH_7_55203253400646@cpro.fr";

/// Its password, with what breaks forms, headers and pages.
pub const PASSWORD: &str = "pa:ss \"wörd\" & <b>+%41=1";

/// The stage, the page's address, and an agent at work.
pub struct Town {
    pub stage: Stage,
    pub url: String,
    pub http: Client,
    pub agent: Agent,
}

/// A supplier as Chorus Pro knows it, with an account of its own.
pub fn structure(siret: &str) -> StructureSpec {
    let mut spec = StructureSpec::new(Role::Supplier, IdType::Siret, siret, "Menuiserie Sud");
    spec.account = Some(Account {
        login: LOGIN.into(),
        password: PASSWORD.into(),
    });
    spec
}

impl Town {
    /// Sets the stage and waits until the page's address is known. `None` without a cluster.
    pub async fn set(label: &str) -> Result<Option<Self>> {
        Self::with(label, &[]).await
    }

    /// The same, with further settings.
    pub async fn with(label: &str, settings: &[(&str, &str)]) -> Result<Option<Self>> {
        let Some(mut stage) = Stage::set(label, |_| {}).await? else {
            return Ok(None);
        };
        stage.simulator.put_structure(structure(SIRET));
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut agent = stage
            .agent
            .clone()
            .set("CHORUS_REGISTRATION_LISTEN", &format!("127.0.0.1:{port}"))
            .set("CHORUS_REGISTRATION_PUBLIC_URL", &url);
        for (name, value) in settings {
            agent = agent.set(name, value);
        }
        stage.agent = agent;
        let agent = stage.agent.run()?;
        stage
            .until("SELECT registration_url IS NOT NULL FROM chorus.installation")
            .await?;
        // Whoever installed a provider first has done it for all tests.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().build()?;
        Ok(Some(Self {
            stage,
            url,
            http,
            agent,
        }))
    }

    /// Invites a supplier as people in charge do, from a GOBL party; the link.
    pub async fn invite(&self, party: &Value) -> Result<String> {
        let client = self.stage.database.connect().await?;
        client.batch_execute("SET ROLE chorus_admin").await?;
        let row = client
            .query_one(
                "SELECT chorus.invite_supplier(chorus.add_supplier($1))",
                &[party],
            )
            .await?;
        Ok(row.get(0))
    }

    /// The link of the usual supplier.
    pub async fn link(&self) -> Result<String> {
        self.invite(&party(SIRET)).await
    }

    /// Opens a page in a language.
    pub async fn open(&self, link: &str, lang: &str) -> Result<(StatusCode, String)> {
        let request = self.http.get(link).header("accept-language", lang);
        read(request.send().await?).await
    }

    /// Sends the form as a browser does.
    pub async fn submit(
        &self,
        link: &str,
        lang: &str,
        fields: &[(&str, &str)],
    ) -> Result<(StatusCode, String)> {
        let request = self.http.post(format!("{link}?lang={lang}")).form(fields);
        read(request.send().await?).await
    }

    /// Sends an account as a program does.
    pub async fn put(&self, link: &str, body: &Value) -> Result<(StatusCode, Value)> {
        let answer = self.http.put(link).json(body).send().await?;
        Ok((answer.status(), answer.json().await?))
    }

    /// What the table says of a supplier.
    pub async fn supplier(&self, identifier: &str) -> Result<Row> {
        let client = self.stage.database.connect().await?;
        let row = client
            .query_one(
                "SELECT state, error_code, error, error_fr, login, structure_id, password_expires_on::text, id_type
                 FROM chorus.supplier WHERE identifier = $1",
                &[&identifier],
            )
            .await
            .with_context(|| format!("supplier {identifier}"))?;
        Ok(Row {
            state: row.get(0),
            code: row.get(1),
            en: row.get::<_, Option<String>>(2).unwrap_or_default(),
            fr: row.get::<_, Option<String>>(3).unwrap_or_default(),
            login: row.get(4),
            structure: row.get(5),
            expires: row.get(6),
            id_type: row.get(7),
        })
    }
}

/// A row of `chorus.supplier`.
#[derive(Debug)]
pub struct Row {
    pub state: String,
    pub code: Option<String>,
    pub en: String,
    pub fr: String,
    pub login: Option<String>,
    pub structure: Option<i64>,
    pub expires: Option<String>,
    pub id_type: String,
}

/// A party with that SIRET.
pub fn party(siret: &str) -> Value {
    json!({ "name": "Menuiserie Sud", "identities": [{ "type": "SIRET", "code": siret }] })
}

/// The account, in JSON.
pub fn account() -> Value {
    json!({ "username": LOGIN, "password": PASSWORD })
}

async fn read(answer: Response) -> Result<(StatusCode, String)> {
    Ok((answer.status(), answer.text().await?))
}
