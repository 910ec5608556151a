//! What the tests share: the corpus of documents calculated by the reference.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, of which each file uses a part"
)]

use std::path::{Path, PathBuf};

use einvoice::gobl::{self, Document};
use einvoice::input::Error;
use serde_json::Value;

/// A file or folder of the GOBL corpus; says loudly that it is missing where it is.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHORUS_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    );
    let path = root.join("gobl").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: corpus not found: {}", path.display());
    None
}

/// The JSON values of a file with one per line.
pub fn lines_of(name: &str) -> Option<Vec<Value>> {
    let text = std::fs::read_to_string(corpus(name)?).unwrap();
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// The document read, calculated and written again.
pub fn built(text: &str) -> Result<Value, Error> {
    let mut document = gobl::read(text)?.document;
    gobl::calculate_document(&mut document, &mut || Ok(()))?;
    Ok(match &document {
        Document::Invoice(invoice) => serde_json::to_value(invoice).unwrap(),
        Document::Envelope(envelope) => serde_json::to_value(envelope).unwrap(),
    })
}

/// The value less its null members, which the reference writes and we do not.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// Where two values differ, one line per place.
pub fn differences(wanted: &Value, found: &Value) -> Vec<String> {
    let mut out = Vec::new();
    compare("$", wanted, found, &mut out);
    out
}

fn compare(path: &str, wanted: &Value, found: &Value, out: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let (a, b) = (
                    a.get(key).unwrap_or(&Value::Null),
                    b.get(key).unwrap_or(&Value::Null),
                );
                compare(&format!("{path}.{key}"), a, b, out);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for at in 0..a.len().max(b.len()) {
                let (a, b) = (
                    a.get(at).unwrap_or(&Value::Null),
                    b.get(at).unwrap_or(&Value::Null),
                );
                compare(&format!("{path}[{at}]"), a, b, out);
            }
        }
        _ if wanted == found => {}
        _ => out.push(format!("{path}: wanted {wanted}, found {found}")),
    }
}
