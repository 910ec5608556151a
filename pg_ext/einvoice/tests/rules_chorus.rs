//! What Chorus Pro asks beyond EN 16931.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;

use common::{assert_fails, assert_holds, built, failing, fixture, remove, set};
use einvoice::entry::{self, Profile};
use einvoice::finding::{Lang, Severity};
use serde_json::json;

#[test]
fn the_number_has_a_length_and_a_charset() {
    let doc = built(&fixture("b2g.json"));
    for (code, holds) in [
        ("12345678901234", false),
        ("1234567890123", true),
        ("42/A+B_c", true),
        ("42#", false),
        ("42é", false),
    ] {
        let doc = set(&doc, "/code", json!(code));
        if holds {
            assert_holds(&doc);
        } else {
            let finding = assert_fails(&doc, "PGC-CPRO-NUMBER", "$.code");
            assert_eq!(finding.value, format!("FA2026-{code}"));
        }
    }
}

#[test]
fn the_number_of_the_preceding_invoice_too() {
    let doc = set(
        &built(&fixture("credit-note.json")),
        "/preceding/0/code",
        json!("n°42"),
    );
    let findings = failing(&doc);
    assert!(
        findings
            .iter()
            .any(|f| f.rule.id == "PGC-CPRO-PRECEDING-NUMBER" && f.path == "$.preceding[0].code")
    );
}

#[test]
fn only_a1_and_a2_can_be_deposited() {
    for framework in ["A9", "A12", "A11", "ZZ"] {
        let doc = set(
            &fixture("b2g.json"),
            "/tax",
            json!({"ext": {"fr-choruspro-framework": framework}}),
        );
        let findings = failing(&built(&doc));
        let found = findings
            .iter()
            .find(|f| f.rule.id == "PGC-CPRO-CADRE")
            .unwrap();
        assert_eq!(
            (found.severity, found.value.as_str()),
            (Severity::Fatal, framework)
        );
        assert_eq!(found.path, "$.tax.ext.fr-choruspro-framework");
        assert!(found.message(Lang::Fr).contains(framework));
    }
}

#[test]
fn a_siret_has_fourteen_digits() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/supplier/identities/0/code",
        json!("732 829 320 00074"),
    );
    let finding = assert_fails(&doc, "PGC-CPRO-SIRET", "$.supplier.identities[0].code");
    assert_eq!(finding.severity, Severity::Fatal);
    assert_eq!(finding.same_as, ["GOBL-FR-ORG-IDENTITY-02"]);
}

#[test]
fn a_siret_with_a_wrong_key_is_a_warning() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/supplier/identities/0/code",
        json!("73282932000075"),
    );
    let finding = assert_fails(&doc, "PGC-CPRO-SIRET", "$.supplier.identities[0].code");
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn establishments_of_la_poste_have_a_key_of_their_own() {
    // 3 + 5 + 6 + 1 + 2 + 3 = 20, a multiple of five; the key of Luhn is wrong.
    let doc = built(&fixture("b2g.json"));
    assert_holds(&set(
        &doc,
        "/customer/identities/0/code",
        json!("35600000010203"),
    ));
    let finding = assert_fails(
        &set(&doc, "/customer/identities/0/code", json!("35600000010204")),
        "PGC-CPRO-SIRET",
        "$.customer.identities[0].code",
    );
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn a_party_without_siret_is_one_problem() {
    let doc = remove(&fixture("b2g.json"), "/supplier/identities");
    let finding = assert_fails(&built(&doc), "PGC-CPRO-IDENTIFIER", "$.supplier.ext");
    assert_eq!(finding.severity, Severity::Fatal);
    assert_eq!(finding.same_as, ["GOBL-FR-CHORUSPRO-ORG-PARTY-01"]);
}

#[test]
fn payment_means_are_wanted_on_invoices() {
    let doc = remove(&built(&fixture("b2g.json")), "/payment/instructions");
    let finding = assert_fails(&doc, "PGC-CPRO-PAYMENT-MEANS", "$.payment.instructions");
    assert_eq!(finding.severity, Severity::Fatal);
    let credit = failing(&built(&fixture("credit-note.json")));
    assert_eq!(
        credit
            .iter()
            .map(|f| (f.rule.id, f.severity))
            .collect::<Vec<_>>(),
        [("PGC-CPRO-PAYMENT-MEANS", Severity::Warning)]
    );
}

#[test]
fn payment_means_come_from_a_list() {
    for (means, holds) in [
        ("48", true),
        ("01", true),
        ("97", true),
        ("68", false),
        ("ZZZ", false),
    ] {
        let doc = set(
            &built(&fixture("b2g-paid.json")),
            "/payment/instructions/ext/untdid-payment-means",
            json!(means),
        );
        if holds {
            assert_holds(&doc);
        } else {
            let finding =
                assert_fails(&doc, "PGC-CPRO-PAYMENT-MEANS", "$.payment.instructions.key");
            assert_eq!(
                (finding.severity, finding.value.as_str()),
                (Severity::Fatal, means)
            );
        }
    }
}

#[test]
fn an_iban_with_wrong_key_is_a_warning() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/payment/instructions/credit_transfer/0/iban",
        json!("FR7699999060420001234567880"),
    );
    let finding = assert_fails(
        &doc,
        "PGC-CPRO-IBAN",
        "$.payment.instructions.credit_transfer[0].iban",
    );
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn one_preceding_invoice_is_sent() {
    let doc = built(&fixture("credit-note.json"));
    let first = doc["preceding"][0].clone();
    let findings = failing(&set(&doc, "/preceding", json!([first, first])));
    let found = findings
        .iter()
        .find(|f| f.rule.id == "PGC-CPRO-PRECEDING")
        .unwrap();
    assert_eq!(
        (found.severity, found.path.as_str(), found.value.as_str()),
        (Severity::Warning, "$.preceding", "2")
    );
    let findings = failing(&remove(&doc, "/preceding"));
    assert!(
        findings
            .iter()
            .any(|f| f.rule.id == "PGC-CPRO-PRECEDING-MISSING" && f.path == "$.preceding")
    );
}

#[test]
fn routing_fields_have_lengths_counted_in_characters() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/ordering/contracts",
        json!([{"code": "M1"}]),
    );
    for (pointer, path, rule, limit) in [
        (
            "/ordering/code",
            "$.ordering.code",
            "PGC-CPRO-SERVICE-CODE",
            100,
        ),
        (
            "/ordering/purchases/0/code",
            "$.ordering.purchases[0].code",
            "PGC-CPRO-COMMITMENT",
            50,
        ),
        (
            "/ordering/contracts/0/code",
            "$.ordering.contracts[0].code",
            "PGC-CPRO-CONTRACT",
            50,
        ),
    ] {
        let within = failing(&set(&doc, pointer, json!("é".repeat(limit))));
        assert!(within.iter().all(|f| f.rule.id != rule), "{within:#?}");
        let beyond = failing(&set(&doc, pointer, json!("é".repeat(limit + 1))));
        let found = beyond.iter().find(|f| f.rule.id == rule).unwrap();
        assert_eq!(
            (found.severity, found.path.as_str()),
            (Severity::Fatal, path)
        );
        assert_eq!(found.wanted, limit.to_string());
    }
}

#[test]
fn long_names_and_notes_are_warnings() {
    let doc = built(&fixture("b2g.json"));
    let finding = assert_fails(
        &set(&doc, "/customer/name", json!("N".repeat(100))),
        "PGC-CPRO-NAME",
        "$.customer.name",
    );
    assert_eq!(finding.severity, Severity::Warning);
    let finding = assert_fails(
        &set(&doc, "/notes/0/text", json!("n".repeat(1025))),
        "PGC-CPRO-NOTE",
        "$.notes[0]",
    );
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn prices_have_six_decimals_at_most() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/lines/1/item/price",
        json!("48.0000001"),
    );
    assert_fails(&doc, "PGC-CPRO-DECIMALS", "$.lines[1].item.price");
    assert_holds(&set(&doc, "/lines/1/item/price", json!("48.0000000")));
}

#[test]
fn plain_en_16931_asks_none_of_it() {
    let mut doc = built(&fixture("b2g.json"));
    doc["code"] = json!("a-number-longer-than-twenty");
    doc["$addons"] = json!(["eu-en16931-v2017"]);
    let text = doc.to_string();
    let findings = entry::validate(text.as_str(), None, &mut || Ok(())).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    let findings =
        entry::validate(text.as_str(), Some(Profile::ChorusPro), &mut || Ok(())).unwrap();
    assert_eq!(
        findings.iter().map(|f| f.rule.id).collect::<Vec<_>>(),
        ["PGC-CPRO-NUMBER"]
    );
}
