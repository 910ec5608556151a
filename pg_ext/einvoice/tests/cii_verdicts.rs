//! The rules of EN 16931 on CII files: the verdicts of CEN's artefact, over the corpus.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use einvoice::cii::binding::Locator;
use einvoice::cii::decode;
use einvoice::cii::read::read;
use einvoice::cii::tree::Tree;
use einvoice::entry::Profile;
use einvoice::finding::{Finding, Severity};
use einvoice::rules;
use serde_json::Value;

/// The groups of rules compared here.
const GROUPS: [&str; 1] = ["BR-"];

/// Files whose verdict is known to differ, with the reason.
const EXCEPTIONS: [(&str, &str); 0] = [];

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

fn judged(bytes: &[u8]) -> Vec<Finding> {
    let text = decode::decode(bytes).unwrap();
    let tree = Tree::read(&text, &mut || Ok(())).unwrap();
    let reading = read(&tree, &mut || Ok(())).unwrap();
    let mut findings = Vec::new();
    rules::check(
        &reading.invoice,
        Profile::En16931,
        &Locator::new(&tree),
        &mut || Ok(()),
        &mut findings,
    )
    .unwrap();
    rules::fold(findings, &mut || Ok(())).unwrap()
}

/// Every fatal rule of the groups that fails, those folded into another included.
fn fatal(findings: &[Finding]) -> BTreeSet<String> {
    findings
        .iter()
        .filter(|finding| finding.severity == Severity::Fatal)
        .flat_map(|finding| std::iter::once(finding.rule.id).chain(finding.same_as.iter().copied()))
        .filter(|id| GROUPS.iter().any(|group| id.starts_with(group)))
        .map(str::to_owned)
        .collect()
}

#[test]
fn verdicts_are_those_of_the_artefact() {
    let Some(corpus) = corpus() else { return };
    let text = std::fs::read_to_string(corpus.join("expected.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    let mut differing = Vec::new();
    for file in &expected {
        let is_comparable =
            file["wellformed"] == true && file["xsd_d16b"] == true && file["crash"].is_null();
        let name = file["file"].as_str().unwrap();
        if !is_comparable || EXCEPTIONS.iter().any(|(exception, _)| *exception == name) {
            continue;
        }
        let wanted: BTreeSet<String> = file["fatal"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .filter(|id| GROUPS.iter().any(|group| id.starts_with(group)))
            .collect();
        let found = fatal(&judged(&std::fs::read(corpus.join(name)).unwrap()));
        compared += 1;
        if found != wanted {
            differing.push(format!(
                "{name}: missing {:?}, too many {:?}",
                wanted.difference(&found).collect::<Vec<_>>(),
                found.difference(&wanted).collect::<Vec<_>>()
            ));
        }
    }
    println!("{compared} files compared, {} differ", differing.len());
    assert!(compared > 1000, "{compared} files");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
