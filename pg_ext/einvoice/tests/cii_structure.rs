//! CII-SR and CII-DT: which elements and attributes of D16B EN 16931 uses, and how often.

use std::collections::BTreeSet;
use std::path::Path;

use einvoice::cii::decode::decode;
use einvoice::cii::structure;
use einvoice::cii::tree::Tree;
use einvoice::finding::{Finding, Lang, Severity};
use serde_json::Value;

/// What fails in a file.
fn failing(file: &[u8]) -> Vec<Finding> {
    let text = decode(file).unwrap();
    let tree = Tree::read(&text, &mut || Ok(())).unwrap();
    let mut findings = Vec::new();
    structure::check(&tree, &mut findings);
    findings
}

/// Ids and paths of what fails in a file.
fn places(file: &str) -> Vec<(&'static str, String)> {
    let findings = failing(file.as_bytes());
    let place = |finding: Finding| (finding.rule.id, finding.path);
    findings.into_iter().map(place).collect()
}

/// One of our own invoices as it is deposited.
fn fixture() -> String {
    std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap()
}

/// The fixture with a text before the first occurrence of another.
fn with(insertion: &str, before: &str) -> String {
    let file = fixture();
    assert!(file.contains(before), "{before} is in the fixture");
    file.replacen(before, &format!("{insertion}{before}"), 1)
}

/// The fixture with a text replaced wherever it stands.
fn replaced(from: &str, to: &str) -> String {
    let file = fixture();
    assert!(file.contains(from), "{from} is in the fixture");
    file.replace(from, to)
}

const DOCUMENT: &str = "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument";
const TRADE: &str = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction";

#[test]
fn our_own_invoices_hold() {
    for name in ["b2g", "b2g-paid", "credit-note", "cross-border"] {
        let file = std::fs::read(format!("../../tests/fixtures/{name}.xml")).unwrap();
        assert_eq!(failing(&file), [], "{name}");
    }
}

#[test]
fn every_file_of_the_corpus_has_the_findings_of_the_official_rules() {
    let root = std::env::var_os("CHORUS_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        Into::into,
    );
    let folder = root.join("cii");
    let Ok(expected) = std::fs::read_to_string(folder.join("expected.json")) else {
        println!("SKIPPED: corpus not found: {}", folder.display());
        return;
    };
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    let mut differing = Vec::new();
    let mut compared = 0;
    for entry in &expected {
        if entry["wellformed"] != true || entry["xsd_d16b"] != true || !entry["crash"].is_null() {
            continue;
        }
        compared += 1;
        let name = entry["file"].as_str().unwrap();
        let findings = failing(&std::fs::read(folder.join(name)).unwrap());
        for (severity, list) in [(Severity::Fatal, "fatal"), (Severity::Warning, "warning")] {
            let wanted: BTreeSet<&str> = entry[list]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .filter(|id| id.starts_with("CII-"))
                .collect();
            let found = findings
                .iter()
                .filter(|finding| finding.severity == severity);
            let found: BTreeSet<&str> = found.map(|finding| finding.rule.id).collect();
            if wanted != found {
                differing.push(format!("{name}: {list} wanted {wanted:?}, found {found:?}"));
            }
        }
    }
    assert!(compared > 1000, "{compared} files compared");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
