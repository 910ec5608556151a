//! Findings and errors name the user's own field, also where normalisation drops what stood before it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;

use einvoice::entry;
use einvoice::gobl;
use einvoice::input::Error;
use serde_json::{Value, json};

fn document(lines: Value) -> Value {
    json!({"$schema": gobl::INVOICE_SCHEMA, "$regime": "FR", "$addons": ["eu-en16931-v2017"], "issue_date": "2025-06-18", "lines": lines})
}

fn paths(document: &Value, rule: &str) -> Vec<String> {
    let text = document.to_string();
    let mut invoice = common::read(&text);
    gobl::calculate(&mut invoice, &mut || Ok(())).unwrap();
    gobl::faults(&invoice)
        .into_iter()
        .filter(|fault| fault.rule.id == rule)
        .map(|fault| fault.path)
        .collect()
}

#[test]
fn null_elements_count() {
    let document = document(json!([
        null,
        {"quantity": "1", "item": {"name": "", "price": "1"}},
        null,
        {"quantity": "1", "item": {"name": "", "price": "1"}},
    ]));
    assert_eq!(
        paths(&document, "GOBL-ORG-ITEM-01"),
        ["$.lines[1].item.name", "$.lines[3].item.name"]
    );
}

#[test]
fn empty_allowances_count() {
    let document = document(json!([{
        "quantity": "1", "item": {"name": "x", "price": "1"},
        "discounts": [{"amount": "0"}, null, {"percent": "0%"}, {"amount": "0.1"}],
        "charges": [{"rate": "0.1"}, {"amount": "0.2"}],
    }]));
    assert_eq!(
        paths(&document, "GOBL-EU-EN16931-BILL-LINEDISCOUNT-01"),
        ["$.lines[0].discounts[3]"]
    );
    assert_eq!(
        paths(&document, "GOBL-EU-EN16931-BILL-LINECHARGE-01"),
        ["$.lines[0].charges[1]"]
    );
}

#[test]
fn rules_of_en_16931_count_as_gobl_does() {
    let untaxed = json!({"quantity": "1", "item": {"name": "x", "price": "1"}});
    let text = document(json!([null, untaxed, null, untaxed])).to_string();
    let findings = entry::validate(text.as_str(), None, &mut || Ok(())).unwrap();
    let paths: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule.id == "BR-CO-04")
        .map(|finding| finding.path.as_str())
        .collect();
    assert_eq!(paths, ["$.lines[1].taxes", "$.lines[3].taxes"]);
}

#[test]
fn addons_that_the_calculation_adds_do_not_count() {
    let mut document = document(json!([]));
    document["$addons"] = json!(["fr-choruspro-v1", "xx-v1", "fr-choruspro-v1", "yy-v1"]);
    assert_eq!(
        paths(&document, "PGC-UNKNOWN-ADDON"),
        ["$.$addons[1]", "$.$addons[3]"]
    );
}

#[test]
fn errors_of_the_calculation_count_as_well() {
    let wrong_rate = json!([null, {"cat": "VAT", "rate": "x"}]);
    let foreign = json!({"quantity": "1", "item": {"name": "x", "price": "1", "currency": "USD"}});
    for (lines, path) in [
        (
            json!([null, {"quantity": "1", "item": {"name": "x", "price": "1"}, "taxes": wrong_rate}]),
            "$.lines[1].taxes[1].rate",
        ),
        (json!([null, null, foreign]), "$.lines[2].item.price"),
        (
            json!([{"quantity": "1", "item": {"name": "x"}, "breakdown": [null, foreign]}]),
            "$.lines[0].breakdown[1].item.price",
        ),
    ] {
        let text = document(lines).to_string();
        let mut invoice = common::read(&text);
        let Err(Error::Refused(refusal)) = gobl::calculate(&mut invoice, &mut || Ok(())) else {
            unreachable!("{text} was calculated");
        };
        assert_eq!(refusal.path, path);
    }
}

#[test]
fn terms_that_occur_once_stand_where_the_user_wrote_them() {
    let long = "x".repeat(101);
    let mut document = document(json!([]));
    let party = |siret: &str| {
        json!({
            "name": "x", "ext": {"fr-choruspro-scheme": "1"},
            "identities": [null, {"type": "SIRET", "code": siret}],
            "inboxes": [null, {"scheme": "QQQQ", "code": "1"}],
            "addresses": [null, {"street": "x", "country": "QQ"}],
        })
    };
    document["supplier"] = party("1");
    document["customer"] = party("2");
    document["delivery"] = json!({"identities": [null, {"code": "1", "label": "9999"}]});
    let reference = json!([null, {"code": long}]);
    document["ordering"] = json!({"contracts": reference, "purchases": reference});
    document["payment"] =
        json!({"terms": {"due_dates": [null, {"date": "1999-01-01", "percent": "100%"}]}});
    let text = document.to_string();
    let findings = entry::validate(text.as_str(), Some(entry::Profile::ChorusPro), &mut || {
        Ok(())
    })
    .unwrap();
    for (rule, path) in [
        ("PGC-CPRO-SIRET", "$.supplier.identities[1].code"),
        ("PGC-CPRO-SIRET", "$.customer.identities[1].code"),
        ("BR-CL-25", "$.supplier.inboxes[1]"),
        ("BR-CL-14", "$.customer.addresses[1].country"),
        ("BR-CL-26", "$.delivery.identities[1]"),
        ("PGC-CPRO-CONTRACT", "$.ordering.contracts[1].code"),
        ("PGC-CPRO-COMMITMENT", "$.ordering.purchases[1].code"),
        ("PGC-CPRO-DATE", "$.payment.terms.due_dates[1].date"),
    ] {
        let found = findings.iter().any(|f| f.rule.id == rule && f.path == path);
        let said: Vec<_> = findings.iter().map(|f| (f.rule.id, &f.path)).collect();
        assert!(found, "{rule} {path}: {said:#?}");
    }
}
