//! The faults against those that the reference reports.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod gobl_corpus;

use std::collections::BTreeSet;

use einvoice::finding::{Lang, Severity};
use einvoice::gobl::{self, Invoice};
use gobl_corpus::lines_of;
use serde_json::{Value, json};

/// The invoice of a text, calculated, and what its faults are.
fn faults_of(text: &str) -> Option<BTreeSet<(String, String)>> {
    let mut invoice = gobl::read(text).ok()?.document.into_invoice()?;
    gobl::calculate(&mut invoice, &mut || Ok(())).ok()?;
    Some(codes_of(&invoice))
}

/// GOBL's faults of an invoice, seen from an envelope.
fn codes_of(invoice: &Invoice<'_>) -> BTreeSet<(String, String)> {
    gobl::faults_at(invoice, "$.doc")
        .into_iter()
        .map(|fault| (fault.rule.id.to_owned(), fault.path))
        .filter(|(code, _)| code.starts_with("GOBL-"))
        .collect()
}

/// The faults of the reference: each code with each of its paths.
fn wanted(faults: &Value) -> BTreeSet<(String, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pairs = |fault: Value| {
        list(&fault["paths"])
            .into_iter()
            .map(move |path| (text(&fault["code"]), text(&path)))
    };
    list(faults).into_iter().flat_map(pairs).collect()
}

#[test]
fn probes_have_the_faults_that_the_reference_reports() {
    let Some(probes) = lines_of("named-probes.jsonl") else {
        return;
    };
    let mut unequal = Vec::new();
    let mut compared = 0;
    for probe in probes.iter().filter(|probe| probe["cmd"] == "build") {
        let Some(found) = faults_of(&probe["in"].to_string()) else {
            continue;
        };
        if probe["out"]["stage"]
            .as_str()
            .is_some_and(|stage| stage != "validate")
        {
            continue;
        }
        let wanted = wanted(&probe["out"]["error"]["faults"]);
        compared += 1;
        if wanted != found {
            unequal.push(format!(
                "{}: wanted {wanted:?}, found {found:?}",
                probe["name"]
            ));
        }
    }
    println!("{compared} probes compared");
    assert!(compared > 80, "the corpus has shrunk to {compared}");
    assert!(unequal.is_empty(), "{}", unequal.join("\n"));
}

#[test]
fn random_documents_have_the_faults_that_the_reference_reports() {
    let Some(vectors) = lines_of("calc-vectors.jsonl") else {
        return;
    };
    let mut unequal = Vec::new();
    for vector in vectors.iter().filter(|vector| vector["faults"].is_array()) {
        // As given: the places are those of the calculated document.
        let text = vector["calc"].to_string();
        let invoice = gobl::read(text.as_str())
            .unwrap()
            .document
            .into_invoice()
            .unwrap();
        let found = codes_of(&invoice);
        let wanted = wanted(&vector["faults"]);
        if wanted != found {
            unequal.push(format!(
                "vector {}: wanted {wanted:?}, found {found:?}",
                vector["id"]
            ));
        }
    }
    assert!(unequal.is_empty(), "{}", unequal.join("\n"));
}

/// A calculated invoice made of a valid one and a change.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<einvoice::finding::Finding> {
    let mut value = json!({
        "$schema": gobl::INVOICE_SCHEMA, "$regime": "FR", "$addons": ["fr-choruspro-v1"],
        "code": "1", "issue_date": "2025-06-18",
        "supplier": {
            "name": "Fournisseur", "tax_id": {"country": "FR", "code": "732829320"},
            "identities": [{"type": "SIRET", "code": "73282932000074"}], "addresses": [{"country": "FR"}],
        },
        "customer": {
            "name": "Commune", "identities": [{"type": "SIRET", "code": "21750001600019"}], "addresses": [{"country": "FR"}],
        },
        "lines": [{"quantity": "1", "item": {"name": "x", "price": "1.00"}, "taxes": [{"cat": "VAT", "percent": "20%"}]}],
        "payment": {"terms": {"notes": "30 jours"}},
    });
    change(&mut value);
    let text = value.to_string();
    let mut invoice: Invoice<'_> = gobl::read(text.as_str())
        .unwrap()
        .document
        .into_invoice()
        .unwrap();
    gobl::calculate(&mut invoice, &mut || Ok(())).unwrap();
    gobl::faults(&invoice)
}

#[test]
fn a_correct_invoice_has_no_faults() {
    assert_eq!(changed(|_| ()), []);
}

#[test]
fn twenty_instead_of_twenty_percent_is_found() {
    let faults = changed(|value| value["lines"][0]["taxes"][0]["percent"] = json!("20"));
    assert_eq!(faults.len(), 1);
    let fault = &faults[0];
    assert_eq!(
        (fault.rule.id, fault.path.as_str()),
        ("PGC-PERCENT", "$.lines[0].taxes[0].percent")
    );
    assert_eq!(fault.message(Lang::Fr), "Le pourcentage est de 2000%.");
}

#[test]
fn an_unknown_addon_is_fatal_and_stays_to_be_seen() {
    let faults = changed(|value| value["$addons"] = json!(["fr-choruspro-v1", "fr-chorus-v2"]));
    let ids: Vec<_> = faults
        .iter()
        .map(|fault| (fault.rule.id, fault.severity, fault.path.as_str()))
        .collect();
    assert_eq!(
        ids,
        [("PGC-UNKNOWN-ADDON", Severity::Fatal, "$.$addons[1]")]
    );
}

#[test]
fn bypass_is_fatal() {
    let faults = changed(|value| value["$tags"] = json!(["bypass"]));
    assert!(
        faults
            .iter()
            .any(|fault| fault.rule.id == "PGC-BYPASS" && fault.severity == Severity::Fatal)
    );
}

#[test]
fn a_missing_scheme_is_a_warning_outside_supplier_and_customer() {
    let faults = changed(|value| value["payment"]["payee"] = json!({"name": "Affactureur"}));
    let ids: Vec<_> = faults
        .iter()
        .map(|fault| (fault.rule.id, fault.severity, fault.path.as_str()))
        .collect();
    assert_eq!(
        ids,
        [(
            "GOBL-FR-CHORUSPRO-ORG-PARTY-01",
            Severity::Warning,
            "$.payment.payee.ext"
        )]
    );
}

#[test]
fn a_supplier_of_new_caledonia_is_warned_about_its_missing_siret_only() {
    let faults = changed(|value| {
        value["supplier"]["identities"] = json!([{"scope": "legal", "code": "1234567.001"}]);
        value["supplier"]["tax_id"] = Value::Null;
        value["supplier"]["ext"] = json!({"fr-choruspro-scheme": "4"});
    });
    let ids: Vec<_> = faults
        .iter()
        .map(|fault| (fault.rule.id, fault.severity))
        .collect();
    assert_eq!(ids, [("GOBL-FR-BILL-INVOICE-01", Severity::Warning)]);
}

#[test]
fn unknown_properties_are_named_with_their_place() {
    let text = r#"{"$schema": "https://gobl.org/draft-0/envelope", "doc": {"$schema": "https://gobl.org/draft-0/bill/invoice",
        "lines": [null, {"quantity": "1", "itme": {}}]}, "hed": 1}"#;
    let read = gobl::read(text).unwrap();
    assert_eq!(read.unknown, ["$.doc.lines[1].itme", "$.hed"]);
    let finding = &gobl::unknown_properties(&read.unknown)[0];
    assert_eq!(
        finding.message(Lang::En),
        "$.doc.lines[1].itme is not a property of GOBL: it is ignored and not kept."
    );
}

#[test]
fn every_rule_is_there_once_and_speaks_both_languages() {
    let rules = gobl::rules();
    assert!(rules.len() > 90, "{}", rules.len());
    for rule in &rules {
        for text in [rule.message.en, rule.message.fr, rule.hint.en, rule.hint.fr] {
            assert!(
                !text.is_empty() && text.ends_with('.'),
                "{}: {text}",
                rule.id
            );
        }
        assert_ne!(rule.message.en, rule.message.fr, "{}", rule.id);
    }
    assert!(rules.windows(2).all(|pair| pair[0].id < pair[1].id));
}
