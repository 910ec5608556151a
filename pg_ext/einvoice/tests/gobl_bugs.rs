//! Known bugs of the reference, by their numbers in its list: those that change numbers are kept and found, the others are not kept.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod gobl_corpus;

use einvoice::entry::{self, Profile};
use einvoice::finding::{Finding, Lang, Severity};
use einvoice::gobl;
use gobl_corpus::built;
use serde_json::{Value, json};

fn document(change: impl FnOnce(&mut Value)) -> Value {
    let mut value = json!({
        "$schema": gobl::INVOICE_SCHEMA, "$regime": "FR", "$addons": ["eu-en16931-v2017"], "code": "1", "issue_date": "2025-06-18",
        "supplier": {"name": "F", "tax_id": {"country": "FR", "code": "44732829320"}, "addresses": [{"country": "FR"}]},
        "customer": {"name": "C", "addresses": [{"country": "FR"}]},
        "lines": [{"quantity": "1", "item": {"name": "x", "price": "100.00"}, "taxes": [{"cat": "VAT", "percent": "20%"}]}],
        "payment": {"terms": {"notes": "30 jours"}},
    });
    change(&mut value);
    value
}

fn findings(document: &Value) -> Vec<Finding> {
    entry::validate(
        document.to_string().as_str(),
        Some(Profile::En16931),
        &mut || Ok(()),
    )
    .unwrap()
}

/// The one finding of a rule; it says what to do.
fn finding(document: &Value, rule: &str) -> Finding {
    let all = findings(document);
    let of_rule: Vec<_> = all
        .iter()
        .filter(|finding| finding.rule.id == rule)
        .collect();
    assert_eq!(of_rule.len(), 1, "{rule}: {all:#?}");
    assert!(!of_rule[0].hint(Lang::En).is_empty());
    of_rule[0].clone()
}

fn line(price: &str, percent: &str) -> Value {
    json!({"quantity": "1", "item": {"name": "x", "price": price}, "taxes": [{"cat": "VAT", "percent": percent}]})
}

#[test]
fn bug_1_sums_of_the_precise_rule_need_not_close() {
    let document = document(|value| {
        value["lines"] = json!([line("0.125", "0%"), line("0.125", "0%")]);
    });
    let result = built(&document.to_string()).unwrap();
    assert_eq!(result["lines"][0]["total"], "0.125");
    assert_eq!(result["totals"]["sum"], "0.25");
    let finding = finding(&document, "BR-CO-10");
    assert!(
        finding.hint(Lang::En).contains("tax.rounding"),
        "{}",
        finding.hint(Lang::En)
    );
}

#[test]
fn bug_2_a_fixed_discount_finer_than_shown_counts_differently_the_second_time() {
    let document = document(|value| {
        value["lines"][0]["discounts"] = json!([{"amount": "2.0149", "reason": "r"}]);
    });
    let once = built(&document.to_string()).unwrap();
    assert_eq!(once["lines"][0]["discounts"][0]["amount"], "2.01");
    assert_eq!(once["totals"]["payable"], "117.58");
    assert_eq!(
        built(&once.to_string()).unwrap()["totals"]["payable"],
        "117.59"
    );
    let finding = finding(&document, "PGC-DECIMALS");
    assert_eq!(
        (
            finding.path.as_str(),
            finding.value.as_str(),
            finding.wanted.as_str()
        ),
        ("$.lines[0].discounts[0].amount", "2.0149", "2.01")
    );
}

#[test]
fn bug_3_included_prices_and_the_currency_rule_do_not_add_up() {
    let document = document(|value| {
        value["tax"] = json!({"prices_include": "VAT", "rounding": "currency"});
        value["lines"] = Value::from(vec![line("1.93", "21%"); 10]);
    });
    let result = built(&document.to_string()).unwrap();
    let rate = &result["totals"]["taxes"]["categories"][0]["rates"][0];
    assert_eq!(
        (&rate["base"], &rate["amount"]),
        (&json!("16.00"), &json!("3.36"))
    );
    assert_eq!(result["totals"]["total"], "15.94");
    let finding = finding(&document, "PGC-PRICES-INCLUDE");
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("19.36", "19.30")
    );
}

#[test]
fn bug_4_a_charge_by_rate_alone_is_dropped_but_not_in_silence() {
    let document = document(|value| {
        value["lines"][0]["charges"] = json!([{"rate": "0.15", "quantity": "2"}]);
    });
    let result = built(&document.to_string()).unwrap();
    assert_eq!(result["lines"][0]["charges"], Value::Null);
    let finding = finding(&document, "PGC-CHARGE-DROPPED");
    assert_eq!(
        (finding.severity, finding.path.as_str()),
        (Severity::Fatal, "$.lines[0].charges[0]")
    );
}

#[test]
fn bug_5_nothing_unknown_passes_in_silence() {
    let document = document(|value| {
        value["$addons"] = json!(["eu-en16931-v2017", "fr-chorus"]);
        value["supplier"]["identities"] = json!([{"country": "ZZ", "code": "1"}]);
        value["suplier"] = json!({});
        value["lines"][0]["item"]["alt_prices"] = json!([{"currency": "ABC", "value": "1"}]);
        value["tax"] = json!({"ext": {"xx-key": "1", "untdid-document-type": "999"}});
    });
    finding(&document, "PGC-UNKNOWN-ADDON");
    finding(&document, "PGC-COUNTRY");
    finding(&document, "PGC-UNKNOWN-PROPERTY");
    finding(&document, "GOBL-CURRENCY-CODE-01");
    finding(&document, "PGC-EXT-KEY");
    // The scenario puts 380 in the place of 999.
    finding(&document, "PGC-CODE-REPLACED");
}

#[test]
fn bug_6_a_factor_for_a_percentage_is_found() {
    let document = document(|value| value["lines"][0]["taxes"][0]["percent"] = json!("20"));
    assert_eq!(finding(&document, "PGC-PERCENT").value, "2000%");
}

#[test]
fn bug_7_a_discount_has_the_decimals_of_its_base() {
    let document = document(|value| {
        value["discounts"] = json!([{"base": "10.123456", "percent": "10%", "reason": "r", "taxes": [{"cat": "VAT", "percent": "20%"}]}]);
    });
    let result = built(&document.to_string()).unwrap();
    assert_eq!(result["discounts"][0]["amount"], "1.012346");
    let finding = finding(&document, "PGC-PRECISION");
    assert_eq!(
        (finding.path.as_str(), finding.wanted.as_str()),
        ("$.discounts[0].amount", "2")
    );
}

#[test]
fn bug_8_instalments_by_percent_need_not_add_up() {
    let document = document(|value| {
        value["payment"]["terms"]["due_dates"] = json!([
            {"date": "2025-07-18", "percent": "33.3333%"}, {"date": "2025-08-18", "percent": "33.3333%"}, {"date": "2025-09-18", "percent": "33.3334%"},
        ]);
        value["lines"][0]["item"]["price"] = json!("100.01");
    });
    let result = built(&document.to_string()).unwrap();
    let amounts: Vec<_> = result["payment"]["terms"]["due_dates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|due| due["amount"].as_str().unwrap())
        .collect();
    assert_eq!(
        (amounts, &result["totals"]["payable"]),
        (vec!["40.00", "40.00", "40.00"], &json!("120.01"))
    );
    let finding = finding(&document, "PGC-INSTALMENTS");
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("120.00", "120.01")
    );
}

#[test]
fn bug_9_a_code_that_the_key_replaces_is_found() {
    let document = document(|value| {
        value["payment"]["instructions"] =
            json!({"key": "card", "ext": {"untdid-payment-means": "54"}});
    });
    let finding = finding(&document, "PGC-CODE-REPLACED");
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("54", "48")
    );
}

#[test]
fn bug_10_no_document_learns_from_another() {
    let plain = document(|value| {
        value["$addons"] = json!([]);
        value["$tags"] = json!(["reverse-charge"]);
    });
    let with_addon = document(|value| value["$tags"] = json!(["reverse-charge"]));
    let before = built(&plain.to_string()).unwrap();
    assert_eq!(
        built(&with_addon.to_string()).unwrap()["tax"]["notes"][0]["ext"]["untdid-tax-category"],
        "AE"
    );
    let after = built(&plain.to_string()).unwrap();
    assert_eq!(after, before);
    assert_eq!(after["tax"]["notes"][0]["ext"], Value::Null);
}

#[test]
fn bug_12_a_rate_of_another_time_is_found() {
    for (date, lawful) in [("2013-12-31", Some("19.6%")), ("2014-01-01", None)] {
        let document = document(|value| {
            value["issue_date"] = json!(date);
            value["lines"][0]["taxes"][0] = json!({"cat": "VAT", "rate": "general"});
        });
        assert_eq!(
            built(&document.to_string()).unwrap()["lines"][0]["taxes"][0]["percent"],
            "20%"
        );
        match lawful {
            Some(lawful) => assert_eq!(finding(&document, "PGC-RATE-HISTORY").wanted, lawful),
            None => assert!(
                findings(&document)
                    .iter()
                    .all(|finding| finding.rule.id != "PGC-RATE-HISTORY")
            ),
        }
    }
}

#[test]
fn bug_13_no_nul_survives_in_a_reason() {
    let document = document(|value| {
        value["lines"][0]["discounts"] = json!([{"amount": "1.00", "reason": " a\u{0}b "}]);
        value["discounts"] = json!([{"amount": "1.00", "reason": "a\u{0}b", "taxes": [{"cat": "VAT", "percent": "20%"}]}]);
    });
    let result = built(&document.to_string()).unwrap();
    assert_eq!(
        result["lines"][0]["discounts"][0]["reason"], " ab ",
        "white space stays, as in the reference"
    );
    assert_eq!(result["discounts"][0]["reason"], "ab");
}

#[test]
fn bug_23_nothing_panics_on_a_line_without_price_or_a_person_without_name() {
    let document = document(|value| {
        value["lines"]
            .as_array_mut()
            .unwrap()
            .push(json!({"quantity": "1", "item": {"name": "y"}}));
        value["supplier"]["people"] = json!([{"role": "x"}, {"name": {}}]);
    });
    assert!(
        findings(&document)
            .iter()
            .any(|finding| finding.same_as.contains(&"GOBL-BILL-INVOICE-08"))
    );
    for profile in [Profile::ChorusPro, Profile::En16931] {
        let _ = entry::render_cii(document.to_string().as_str(), profile, &[], &mut || Ok(()));
    }
}

#[test]
fn a_drift_that_rounding_cannot_explain_is_fatal() {
    let one = document(|value| {
        value["tax"] = json!({"prices_include": "VAT"});
        value["lines"] = Value::from(vec![line("0.03", "20%")]);
    });
    assert!(
        findings(&one)
            .iter()
            .all(|finding| finding.rule.id != "PGC-NET-PRICES")
    );
    let many = document(|value| {
        value["tax"] = json!({"prices_include": "VAT"});
        value["lines"] = json!([{"quantity": "100000", "item": {"name": "x", "price": "0.01"}, "taxes": [{"cat": "VAT", "percent": "20%"}]}]);
    });
    let finding = finding(&many, "PGC-NET-PRICES");
    assert_eq!(
        (finding.severity, finding.path.as_str()),
        (Severity::Fatal, "$.tax.prices_include")
    );
}
