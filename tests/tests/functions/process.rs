//! What a row of `chorus.invoice` is given: `process`.

use serde_json::{Value, json};
use tokio_postgres::error::SqlState;

use super::scene::{flag, fresh, invoice, refusal, with, without};

#[tokio::test]
async fn process_gives_all_that_a_row_needs() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one(
            "SELECT doc, findings, fatal_count, number, type, document_type, framework, issue_date::text, currency,
                    total_without_tax::text, total_tax::text, total_with_tax::text, amount_due::text,
                    supplier_id_type, supplier_identifier, supplier_name, buyer_id_type, buyer_identifier, buyer_name,
                    service_code, commitment_number, contract_number
             FROM chorus.process($1, '2026-07-01', '019783e7-33b1-7000-a1a5-6139e214b447')",
            &[&invoice()],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, Value>("doc")["totals"]["payable"], "1080.00");
    assert_eq!(
        row.get::<_, Value>("doc")["uuid"],
        "019783e7-33b1-7000-a1a5-6139e214b447"
    );
    assert!(row.get::<_, Value>("findings").is_array());
    assert_eq!(row.get::<_, i32>("fatal_count"), 0);
    for (column, expected) in [
        ("number", "FAC-2026-0001"),
        ("type", "standard"),
        ("document_type", "380"),
        ("framework", "A1"),
        ("issue_date", "2026-02-03"),
        ("currency", "EUR"),
        ("total_without_tax", "900.00"),
        ("total_tax", "180.00"),
        ("total_with_tax", "1080.00"),
        ("amount_due", "1080.00"),
        ("supplier_id_type", "SIRET"),
        ("supplier_identifier", "73282932000074"),
        ("supplier_name", "Menuiserie Durand"),
        ("buyer_id_type", "SIRET"),
        ("buyer_identifier", "35600000000048"),
        ("buyer_name", "Mairie de Lyon"),
        ("service_code", "SERVICE-7"),
        ("commitment_number", "EJ-4711"),
        ("contract_number", "M-2025-12"),
    ] {
        assert_eq!(
            row.get::<_, Option<&str>>(column),
            Some(expected),
            "{column}"
        );
    }
}

#[tokio::test]
async fn process_fills_in_the_day_and_says_nothing_with_null() {
    let Some(database) = fresh().await else {
        return;
    };
    let mut bare = without("", "issue_date");
    bare.as_object_mut().unwrap().remove("ordering");
    let row = database
        .query_one(
            "SELECT issue_date::text, service_code, commitment_number, contract_number
             FROM chorus.process($1, '2026-07-01', gen_random_uuid())",
            &[&bare],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, &str>(0), "2026-07-01");
    for column in 1..=3 {
        assert_eq!(row.get::<_, Option<&str>>(column), None);
    }
}

#[tokio::test]
async fn process_reports_what_is_wrong_in_both_languages_instead_of_failing() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one(
            "SELECT fatal_count, f FROM chorus.process($1, '2026-07-01', gen_random_uuid()) AS p,
                    jsonb_array_elements(p.findings) AS f WHERE f ->> 'rule' = 'BR-06'",
            &[&without("/supplier", "name")],
        )
        .await
        .unwrap();
    assert!(row.get::<_, i32>(0) > 0);
    let finding: Value = row.get(1);
    let mut keys: Vec<_> = finding
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "hint_en",
            "hint_fr",
            "message_en",
            "message_fr",
            "path",
            "rule",
            "same_as",
            "severity",
            "term",
            "value"
        ]
    );
    assert_eq!(finding["path"], "$.supplier.name");
    assert_eq!(finding["severity"], "fatal");
    assert_eq!(finding["term"], "BT-27");
    assert_eq!(finding["value"], Value::Null);
    assert!(finding["same_as"].is_array());
    assert_ne!(finding["message_en"], finding["message_fr"]);
}

#[tokio::test]
async fn process_of_an_invoice_that_cannot_be_calculated_is_a_row_with_findings() {
    let Some(database) = fresh().await else {
        return;
    };
    let wrong = with("/lines/0/taxes/0/rate", json!("no-such-rate"));
    let row = database
        .query_one(
            "SELECT fatal_count, doc FROM chorus.process($1, '2026-07-01', gen_random_uuid())",
            &[&wrong],
        )
        .await
        .unwrap();
    assert!(row.get::<_, i32>(0) > 0);
    assert_eq!(
        row.get::<_, Value>(1)["supplier"]["name"],
        "Menuiserie Durand"
    );
    let error = refusal(&database, "SELECT chorus.build($1)", &wrong).await;
    assert_eq!(error.code(), &SqlState::DATA_EXCEPTION);
    assert!(
        error
            .detail()
            .unwrap()
            .starts_with("JSON path: $.lines[0].taxes[0]"),
        "{error:?}"
    );
    assert!(error.hint().is_some());
    assert!(!flag(&database, "SELECT chorus.is_valid($1)", &wrong).await);
}

#[tokio::test]
async fn process_refuses_days_that_no_invoice_can_have() {
    let Some(database) = fresh().await else {
        return;
    };
    for day in ["infinity", "-infinity", "10000-01-01"] {
        let sql = format!("SELECT chorus.process($1, '{day}', gen_random_uuid())");
        let error = refusal(&database, &sql, &invoice()).await;
        assert_eq!(error.code(), &SqlState::DATETIME_FIELD_OVERFLOW, "{day}");
        assert!(error.hint().is_some());
    }
}
