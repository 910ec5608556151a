//! `check_cii` over the corpus: the verdicts of the official schema and of CEN's artefact, file by file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use einvoice::entry::{File, Profile, check_cii};
use einvoice::finding::{Finding, Severity};
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("CHORUS_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    );
    let path = root.join("cii");
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: corpus not found: {}", path.display());
    None
}

fn check(bytes: &[u8]) -> Vec<Finding> {
    check_cii(File::Bytes(bytes), Profile::En16931, &mut || Ok(())).unwrap()
}

/// The ids of CEN's rules that fail, those folded into another included.
fn failing(findings: &[Finding], severity: Severity) -> BTreeSet<&str> {
    findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .flat_map(|finding| std::iter::once(&finding.rule.id).chain(&finding.same_as))
        .copied()
        .filter(|id| id.starts_with("BR-") || id.starts_with("CII-"))
        .collect()
}

fn expected<'v>(file: &'v Value, member: &str) -> BTreeSet<&'v str> {
    let ids = file[member].as_array().unwrap();
    ids.iter().map(|id| id.as_str().unwrap()).collect()
}

#[test]
fn every_file_of_the_corpus_gets_the_official_verdict() {
    let Some(corpus) = corpus() else { return };
    let list = std::fs::read_to_string(corpus.join("expected.json")).unwrap();
    let files: Vec<Value> = serde_json::from_str(&list).unwrap();
    let mut differ = Vec::new();
    let (mut compared, mut warnings_agree) = (0, 0);
    for file in &files {
        let name = file["file"].as_str().unwrap();
        let findings = check(&std::fs::read(corpus.join(name)).unwrap());
        let has = |group: &str| findings.iter().any(|f| f.rule.id.starts_with(group));
        let is_valid = !has("XML-") && !has("XSD-");
        if (!has("XML-"), is_valid)
            != (
                file["wellformed"].as_bool().unwrap(),
                file["xsd_d16b"].as_bool().unwrap(),
            )
        {
            differ.push(format!("{name}: structure"));
        }
        if !is_valid || !file["crash"].is_null() {
            continue;
        }
        compared += 1;
        let (found, wanted) = (failing(&findings, Severity::Fatal), expected(file, "fatal"));
        if found != wanted {
            let (more, less): (Vec<_>, Vec<_>) = (
                found.difference(&wanted).collect(),
                wanted.difference(&found).collect(),
            );
            differ.push(format!("{name}: only here {more:?}, only there {less:?}"));
        }
        let (found, wanted) = (
            failing(&findings, Severity::Warning),
            expected(file, "warning"),
        );
        warnings_agree += usize::from(found == wanted);
        let ours = findings.iter().find(|f| {
            f.severity == Severity::Fatal
                && !f.rule.id.starts_with("BR-")
                && !f.rule.id.starts_with("CII-")
        });
        if let Some(ours) = ours {
            differ.push(format!("{name}: fatal by a rule of ours, {}", ours.rule.id));
        }
    }
    println!("{compared} files compared, warnings of {warnings_agree} agree");
    assert!(compared > 0);
    assert_eq!(differ, Vec::<String>::new());
    assert!(warnings_agree * 100 >= compared * 99);
}

/// Findings come in the order of the file.
#[test]
fn findings_are_ordered_by_position() {
    let file = concat!(
        r#"<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100""#,
        r#" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">"#,
        "<rsm:ExchangedDocumentContext/><rsm:ExchangedDocument><ram:ID/></rsm:ExchangedDocument>",
        "<rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem/></rsm:SupplyChainTradeTransaction>",
        "</rsm:CrossIndustryInvoice>"
    );
    let findings = check(file.as_bytes());
    assert!(findings.len() > 10);
    assert!(findings.is_sorted_by_key(|finding| finding.position));
}
