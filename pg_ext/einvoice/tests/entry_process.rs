//! What the insert trigger gets from one pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::entry::{self, Processed};
use einvoice::finding::{Finding, Severity};
use einvoice::input::{Error, RefusalKind};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 3, 31);
const ID: &str = "0195d2a4-0000-7000-8000-000000000001";

fn fixture(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(format!("../../tests/fixtures/{name}")).unwrap())
        .unwrap()
}

/// What comes back lends from its source, which stays for as long as the tests run.
fn process(doc: &Value) -> Processed<'static> {
    let text: &'static str = doc.to_string().leak();
    entry::process(text, TODAY, ID, &mut || Ok(())).unwrap()
}

fn stored(row: &Processed<'_>) -> Value {
    serde_json::to_value(&row.doc).unwrap()
}

fn built(doc: &Value) -> Value {
    let text = doc.to_string();
    serde_json::to_value(entry::build(text.as_str(), &mut || Ok(())).unwrap()).unwrap()
}

fn of<'f>(row: &'f Processed<'_>, rule: &str) -> &'f Finding {
    let found = row.findings.iter().find(|f| f.rule.id == rule);
    found.unwrap_or_else(|| panic!("no {rule} in {:#?}", row.findings))
}

fn fatal<'f>(row: &'f Processed<'_>) -> Vec<&'f str> {
    row.findings
        .iter()
        .filter(|f| f.severity == Severity::Fatal)
        .map(|f| f.rule.id)
        .collect()
}

#[test]
fn every_column_is_filled() {
    let row = process(&fixture("b2g.json"));
    assert_eq!(row.findings, []);
    let expected = Processed {
        doc: row.doc.clone(),
        findings: Vec::new(),
        number: "FA2026-0042".into(),
        kind: "standard".into(),
        document_type: "380".into(),
        framework: "A1".into(),
        issue_date: Some(date(2026, 3, 2)),
        currency: "EUR".into(),
        total_without_tax: "1788.00".into(),
        total_tax: "340.80".into(),
        total_with_tax: "2128.80".into(),
        amount_due: "2128.80".into(),
        supplier_id_type: "SIRET".into(),
        supplier_identifier: "73282932000074".into(),
        supplier_name: "Menuiserie Lambert et Filles".into(),
        buyer_id_type: "SIRET".into(),
        buyer_identifier: "35600000000048".into(),
        buyer_name: "La Poste".into(),
        service_code: "FACTURES-DSI".into(),
        commitment_number: "EJ-2026-00317".into(),
        contract_number: String::new(),
    };
    assert_eq!(row, expected);
    let doc = stored(&row);
    assert_eq!(doc["totals"]["payable"], "2128.80");
    assert_eq!(doc["uuid"], ID);
}

#[test]
fn an_invoice_already_paid_has_nothing_due() {
    let row = process(&fixture("b2g-paid.json"));
    assert_eq!(row.findings, []);
    assert_eq!(
        (row.framework.as_str(), row.amount_due.as_str()),
        ("A2", "0.00")
    );
}

#[test]
fn a_credit_note_without_payment_means_is_sendable_with_a_warning() {
    let row = process(&fixture("credit-note.json"));
    assert_eq!(row.kind, "credit-note");
    assert_eq!(row.document_type, "381");
    let ids: Vec<_> = row
        .findings
        .iter()
        .map(|f| (f.rule.id, f.severity))
        .collect();
    assert_eq!(ids, [("PGC-CPRO-PAYMENT-MEANS", Severity::Warning)]);
}

#[test]
fn a_seller_from_abroad_is_known_by_its_vat_number() {
    let row = process(&fixture("cross-border.json"));
    assert_eq!(fatal(&row), [""; 0]);
    assert_eq!(row.supplier_id_type, "UE_HORS_FRANCE");
    assert_eq!(row.supplier_identifier, "DE136695976");
}

#[test]
fn a_missing_date_id_and_addon_are_filled_in() {
    let mut doc = fixture("b2g.json");
    doc["issue_date"].take();
    doc["$addons"] = json!([]);
    let row = process(&doc);
    assert_eq!(row.issue_date, Some(TODAY));
    assert_eq!(fatal(&row), [""; 0]);
    let added = of(&row, "PGC-ADDON-ADDED");
    assert_eq!(
        (added.severity, added.path.as_str()),
        (Severity::Information, "$.$addons")
    );
    let stored = stored(&row);
    assert_eq!(
        stored["$addons"],
        json!(["eu-en16931-v2017", "fr-choruspro-v1"])
    );
    assert_eq!(stored["supplier"]["ext"]["fr-choruspro-scheme"], "1");
}

#[test]
fn a_date_and_an_id_that_are_there_stay() {
    let mut doc = fixture("b2g.json");
    doc["uuid"] = json!("0195d2a4-0000-7000-8000-00000000000f");
    let stored = stored(&process(&doc));
    assert_eq!(stored["uuid"], "0195d2a4-0000-7000-8000-00000000000f");
    assert_eq!(stored["issue_date"], "2026-03-02");
}

#[test]
fn a_document_with_totals_is_kept_as_it_is() {
    let mut doc = built(&fixture("b2g.json"));
    doc["uuid"] = json!(ID);
    let row = process(&doc);
    assert_eq!(row.findings, []);
    assert_eq!(stored(&row), doc);
}

#[test]
fn totals_that_the_calculation_does_not_come_to_are_kept_with_a_warning() {
    let mut doc = built(&fixture("b2g.json"));
    doc["totals"]["payable"] = json!("2128.81");
    let row = process(&doc);
    let differ = of(&row, "PGC-TOTALS-DIFFER");
    assert_eq!(differ.severity, Severity::Warning);
    assert_eq!(
        (
            differ.path.as_str(),
            differ.value.as_str(),
            differ.wanted.as_str()
        ),
        ("$.totals.payable", "2128.81", "2128.80")
    );
    assert_eq!(row.amount_due, "2128.81");
    assert_eq!(fatal(&row), ["BR-CO-16"]);
}

#[test]
fn totals_without_the_addon_get_what_the_addon_fills_in() {
    let mut doc = fixture("b2g.json");
    doc["$addons"] = json!(["eu-en16931-v2017"]);
    let row = process(&built(&doc));
    assert_eq!(
        row.findings.iter().map(|f| f.rule.id).collect::<Vec<_>>(),
        ["PGC-ADDON-ADDED"]
    );
    let stored = stored(&row);
    assert_eq!(stored["tax"]["ext"]["fr-choruspro-framework"], "A1");
}

#[test]
fn an_error_of_the_calculation_is_a_finding() {
    let mut doc = fixture("b2g.json");
    doc["lines"][0]["taxes"][0]["rate"] = json!("enormous");
    let row = process(&doc);
    assert_eq!(fatal(&row), ["PGC-CALCULATION"]);
    let finding = of(&row, "PGC-CALCULATION");
    assert!(
        finding.path.starts_with("$.lines[0].taxes[0]"),
        "{}",
        finding.path
    );
    assert!(finding.value.contains("enormous"), "{}", finding.value);
    assert_eq!(row.number, "FA2026-0042");
    assert_eq!(row.total_with_tax, "");
    let kept = stored(&row);
    assert_eq!(kept["lines"][0]["taxes"][0]["rate"], "enormous");
    assert_eq!(kept.get("totals"), None);
}

#[test]
fn an_envelope_is_unwrapped_and_its_paths_stay_the_users() {
    let mut doc = fixture("b2g.json");
    doc["ordering"]["purchases"][0]["code"] = json!("E".repeat(51));
    let envelope =
        json!({"$schema": "https://gobl.org/draft-0/envelope", "head": {"uuid": ID}, "doc": doc});
    let row = process(&envelope);
    assert_eq!(
        of(&row, "PGC-CPRO-COMMITMENT").path,
        "$.doc.ordering.purchases[0].code"
    );
    let stored = stored(&row);
    assert_eq!(stored["$schema"], "https://gobl.org/draft-0/bill/invoice");
}

#[test]
fn what_is_no_invoice_is_refused() {
    let refused = entry::process(r#"{"hello": "world"}"#, TODAY, ID, &mut || Ok(()));
    assert!(
        matches!(refused, Err(Error::Refused(refusal)) if refusal.kind == RefusalKind::NotGobl)
    );
}

#[test]
fn a_cancelled_query_stops_it() {
    let text = fixture("b2g.json").to_string();
    let stopped = entry::process(text.as_str(), TODAY, ID, &mut || Err(einvoice::Cancelled));
    assert_eq!(stopped, Err(Error::Cancelled(einvoice::Cancelled)));
}
