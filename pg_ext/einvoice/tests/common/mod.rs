//! Invoices to break, and what is said about them.
#![allow(dead_code, reason = "each test file uses its own part")]

use einvoice::entry::{self, Profile};
use einvoice::finding::Finding;
use einvoice::gobl::{self, Invoice};
use serde_json::Value;

/// One of our own invoices, without totals.
pub fn fixture(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(format!("../../tests/fixtures/{name}")).unwrap())
        .unwrap()
}

/// The same, calculated.
pub fn built(doc: &Value) -> Value {
    let text = doc.to_string();
    serde_json::to_value(entry::build(text.as_str(), &mut || Ok(())).unwrap()).unwrap()
}

/// A bare invoice as it is read, not calculated.
pub fn read(text: &str) -> Invoice<'_> {
    gobl::read(text).unwrap().document.into_invoice().unwrap()
}

/// A copy with a value at a JSON pointer whose parent exists.
pub fn set(doc: &Value, pointer: &str, value: Value) -> Value {
    let mut doc = doc.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = doc.pointer_mut(parent).unwrap();
    match key.parse::<usize>() {
        Ok(at) if parent.is_array() => parent[at] = value,
        _ => parent[key] = value,
    }
    doc
}

/// A copy without the value at a JSON pointer.
pub fn remove(doc: &Value, pointer: &str) -> Value {
    let mut doc = doc.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let removed = doc
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(key);
    assert!(removed.is_some(), "{pointer} is there to be removed");
    doc
}

/// Everything wrong with a document in profile `choruspro`.
pub fn failing(doc: &Value) -> Vec<Finding> {
    entry::validate(
        doc.to_string().as_str(),
        Some(Profile::ChorusPro),
        &mut || Ok(()),
    )
    .unwrap()
}

/// Nothing is wrong with the document.
pub fn assert_holds(doc: &Value) {
    let findings = failing(doc);
    assert!(findings.is_empty(), "{findings:#?}");
}

/// One thing is wrong with the document: this rule, here.
pub fn assert_fails(doc: &Value, rule: &str, path: &str) -> Finding {
    assert_fails_with(doc, rule, path, &[])
}

/// The same, but for rules that look at the same numbers from another side: each of them fails too.
pub fn assert_fails_with(doc: &Value, rule: &str, path: &str, also: &[&str]) -> Finding {
    let mut findings = failing(doc);
    for id in also {
        let before = findings.len();
        findings.retain(|finding| finding.rule.id != *id);
        assert!(findings.len() < before, "{id} fails too");
    }
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let finding = findings.remove(0);
    assert_eq!(
        (finding.rule.id, finding.path.as_str()),
        (rule, path),
        "{finding:#?}"
    );
    finding
}
