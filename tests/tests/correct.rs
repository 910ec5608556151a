//! `chorus.correct`, as an application calls it.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::unwrap_used, clippy::panic)]

use chorus_tests::{Content, Database};
use serde_json::{Value, json};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// A small valid invoice, not calculated.
fn invoice() -> Value {
    json!({
        "$schema": "https://gobl.org/draft-0/bill/invoice",
        "$regime": "FR",
        "$addons": ["fr-choruspro-v1"],
        "series": "FAC",
        "code": "2026-0001",
        "issue_date": "2026-02-03",
        "supplier": {
            "name": "Menuiserie Durand",
            "tax_id": {"country": "FR", "code": "44732829320"},
            "identities": [{"type": "SIRET", "code": "73282932000074"}],
            "addresses": [{"street": "rue des Écoles", "locality": "Lyon", "code": "69007", "country": "FR"}]
        },
        "customer": {
            "name": "Mairie de Lyon",
            "identities": [{"type": "SIRET", "code": "35600000000048"}],
            "addresses": [{"street": "place de la Comédie", "locality": "Lyon", "code": "69001", "country": "FR"}]
        },
        "lines": [{
            "quantity": "2",
            "item": {"name": "Porte en chêne", "price": "450.00", "unit": "one"},
            "taxes": [{"cat": "VAT", "rate": "standard"}]
        }],
        "payment": {
            "terms": {"due_dates": [{"date": "2026-03-05", "percent": "100%"}]},
            "advances": [{"description": "Acompte", "amount": "100.00"}],
            "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]}
        }
    })
}

#[tokio::test]
async fn a_credit_note_with_a_number_is_valid() {
    let Some((_database, client)) = fresh().await else {
        return;
    };
    let note = json_of(
        &client,
        "SELECT chorus.correct($1, 'credit-note', '2026-04-01', code => '0001', series => 'AV', reason => 'Retour')",
    )
    .await;
    assert_eq!(note["preceding"][0]["code"], "2026-0001");
    assert_eq!(note["preceding"][0]["reason"], "Retour");
    assert_eq!(note["totals"]["payable"], "1080.00");
    let row = client
        .query_one("SELECT chorus.is_valid($1)", &[&note])
        .await
        .unwrap();
    assert!(row.get::<_, bool>(0), "{note}");
}

#[tokio::test]
async fn without_a_number_the_only_fatal_finding_is_the_number() {
    let Some((_database, client)) = fresh().await else {
        return;
    };
    let fatal = client
        .query(
            "SELECT rule FROM chorus.validate(chorus.correct($1, 'corrective', '2026-04-01', copy_tax => true)) WHERE severity = 'fatal'",
            &[&invoice()],
        )
        .await
        .unwrap();
    let fatal: Vec<String> = fatal.iter().map(|row| row.get(0)).collect();
    assert_eq!(fatal, ["BR-02"]);
}

#[tokio::test]
async fn null_is_refused_where_the_correction_needs_a_value() {
    let Some((_database, client)) = fresh().await else {
        return;
    };
    let none = client
        .query_one(
            "SELECT chorus.correct(NULL, 'credit-note', '2026-04-01') IS NULL",
            &[],
        )
        .await
        .unwrap();
    assert!(none.get::<_, bool>(0));
    for (arguments, message) in [
        ("NULL, '2026-04-01'", "type must not be NULL"),
        ("'credit-note', NULL", "issue_date must not be NULL"),
    ] {
        let error = refusal(&client, arguments, &invoice()).await;
        assert_eq!(error.code(), &SqlState::NULL_VALUE_NOT_ALLOWED);
        assert_eq!(error.message(), message);
        assert!(error.hint().is_some());
    }
    let mut draft = invoice();
    draft.as_object_mut().unwrap().remove("code");
    let error = refusal(&client, "'credit-note', '2026-04-01'", &draft).await;
    assert_eq!(error.code(), &SqlState::NULL_VALUE_NOT_ALLOWED);
    assert_eq!(error.detail(), Some("JSON path: $.code"));
}

#[tokio::test]
async fn an_unknown_type_is_refused_with_the_known_ones() {
    let Some((_database, client)) = fresh().await else {
        return;
    };
    let error = refusal(&client, "'standard', '2026-04-01'", &invoice()).await;
    assert_eq!(error.code(), &SqlState::INVALID_PARAMETER_VALUE);
    assert_eq!(error.hint(), Some("Use 'credit-note' or 'corrective'."));
}

async fn fresh() -> Option<(Database, Client)> {
    let database = Database::create("correct", Content::Extension)
        .await
        .unwrap()?;
    let client = database.connect().await.unwrap();
    Some((database, client))
}

async fn json_of(client: &Client, sql: &str) -> Value {
    client
        .query_one(sql, &[&invoice()])
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

async fn refusal(
    client: &Client,
    arguments: &str,
    document: &Value,
) -> tokio_postgres::error::DbError {
    let sql = format!("SELECT chorus.correct($1, {arguments})");
    match client.query(&sql, &[document]).await {
        Ok(_) => panic!("{sql} gives no error"),
        Err(error) => error
            .as_db_error()
            .unwrap_or_else(|| panic!("{error:?}"))
            .clone(),
    }
}
