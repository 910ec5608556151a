//! Documents to call the functions with, and databases to call them in.

use std::ops::Deref;

use chorus_tests::{Cluster, Content, Database};
use serde_json::{Value, json};
use tokio_postgres::error::DbError;
use tokio_postgres::{Client, Config, NoTls};

/// A small valid invoice, not calculated: 2 × 450.00 net, 20 %.
pub(super) fn invoice() -> Value {
    json!({
        "$schema": "https://gobl.org/draft-0/bill/invoice",
        "$regime": "FR",
        "$addons": ["eu-en16931-v2017", "fr-choruspro-v1"],
        "type": "standard",
        "series": "FAC",
        "code": "2026-0001",
        "issue_date": "2026-02-03",
        "currency": "EUR",
        "tax": {"ext": {"fr-choruspro-framework": "A1"}},
        "supplier": {
            "name": "Menuiserie Durand",
            "tax_id": {"country": "FR", "code": "44732829320"},
            "identities": [{"type": "SIRET", "code": "73282932000074"}],
            "addresses": [{"num": "4", "street": "rue des Écoles", "locality": "Lyon", "code": "69007", "country": "FR"}],
            "ext": {"fr-choruspro-scheme": "1"}
        },
        "customer": {
            "name": "Mairie de Lyon",
            "identities": [{"type": "SIRET", "code": "35600000000048"}],
            "addresses": [{"num": "1", "street": "place de la Comédie", "locality": "Lyon", "code": "69001", "country": "FR"}],
            "ext": {"fr-choruspro-scheme": "1"}
        },
        "lines": [{
            "quantity": "2",
            "item": {"name": "Porte en chêne", "price": "450.00", "unit": "one"},
            "taxes": [{"cat": "VAT", "rate": "standard"}]
        }],
        "ordering": {"code": "SERVICE-7", "contracts": [{"code": "M-2025-12"}], "purchases": [{"code": "EJ-4711"}]},
        "payment": {
            "terms": {"due_dates": [{"date": "2026-03-05", "percent": "100%"}]},
            "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]}
        }
    })
}

/// The invoice with one value changed; `pointer` as in RFC 6901.
pub(super) fn with(pointer: &str, value: Value) -> Value {
    let mut invoice = invoice();
    *invoice
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("the invoice has no {pointer}")) = value;
    invoice
}

/// The invoice without one value.
pub(super) fn without(parent: &str, key: &str) -> Value {
    let mut invoice = invoice();
    let parent = invoice
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .unwrap();
    assert!(parent.remove(key).is_some(), "the invoice has no {key}");
    invoice
}

/// A database of the test's own with the extension, and a connection to it.
pub(super) struct Fresh {
    client: Client,
    pub(super) database: Database,
}

impl Deref for Fresh {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// `None`, and loud, where there is no cluster.
pub(super) async fn fresh() -> Option<Fresh> {
    let database = Database::create("functions", Content::Extension)
        .await
        .unwrap()?;
    let client = database.connect().await.unwrap();
    Some(Fresh { client, database })
}

/// Connects to another database of the same cluster.
pub(super) async fn connect(cluster: &Cluster, name: &str) -> Client {
    let (client, connection) = Config::new()
        .host_path(&cluster.host)
        .port(cluster.port)
        .user(&cluster.user)
        .dbname(name)
        .connect(NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

pub(super) async fn json_of(database: &Client, sql: &str, document: &Value) -> Value {
    database
        .query_one(sql, &[document])
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

pub(super) async fn flag(database: &Client, sql: &str, document: &Value) -> bool {
    database
        .query_one(sql, &[document])
        .await
        .unwrap_or_else(|error| panic!("{sql} of {document}: {error:?}"))
        .get(0)
}

/// The ERROR of a statement that must fail.
pub(super) async fn refusal(database: &Client, sql: &str, document: &Value) -> DbError {
    match database.query(sql, &[document]).await {
        Ok(rows) => panic!(
            "{sql} of {document} gives {} rows instead of an error",
            rows.len()
        ),
        Err(error) => error
            .as_db_error()
            .unwrap_or_else(|| panic!("{sql} of {document}: {error:?}"))
            .clone(),
    }
}
