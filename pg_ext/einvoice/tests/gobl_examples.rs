//! The reference's own examples, of every country, and the documents of its converter.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod gobl_corpus;

use std::path::{Path, PathBuf};

use einvoice::gobl;
use gobl_corpus::{built, corpus, differences, without_nulls};
use serde_json::Value;

/// Folders of documents that the reference calculated.
const CALCULATED: [&str; 4] = [
    "upstream/examples",
    "cii/test/data/convert",
    "parse-current",
    "roundtrip",
];

/// What keeps a calculated document of another country from being calculated here: rates by name, categories and tags of its regime.
const OF_OTHER_REGIMES: [&str; 3] = ["the rate \"", "the tax category \"", "the tag \""];

/// Calculated documents that come out otherwise, each with why.
const DEPARTURES: [(&str, &str); 1] = [(
    "upstream/examples/ca/out/invoice-ca-ca.json",
    "sales taxes of Canada have no keys",
)];

/// French documents as their authors wrote them, and what the reference made of them.
#[test]
fn french_examples_come_out_as_the_reference_calculates_them() {
    let Some(folder) = corpus("upstream/examples/fr") else {
        return;
    };
    // Needs addon fr-facturx-v1, which brings the one of EN 16931 along: invoice-fr-fr-facturx.
    for name in [
        "invoice-fr-fr",
        "invoice-fr-fr-choruspro",
        "invoice-de-fr-choruspro",
    ] {
        let source = std::fs::read_to_string(folder.join(format!("{name}.yaml"))).unwrap();
        let source: Value = serde_yaml_ng::from_str(&source).unwrap();
        let wanted = json_of(&folder.join(format!("out/{name}.json")));
        let found = built(&source.to_string()).unwrap();
        assert_eq!(
            differences(&wanted["doc"], &found),
            Vec::<String>::new(),
            "{name}"
        );
    }
}

/// What the reference calculated stays as it is when calculated again.
#[test]
fn calculated_documents_stay_the_same() {
    let (mut equal, mut unequal, mut foreign) = (0, Vec::new(), Vec::new());
    for (name, document) in calculated() {
        let is_french = invoice(&document)["$regime"] == "FR";
        match built(&document.to_string()) {
            Ok(found) => {
                let places = differences(&without_nulls(document), &found);
                let departure = DEPARTURES.iter().find(|(known, _)| *known == name);
                match departure {
                    _ if places.is_empty() => equal += 1,
                    Some((_, why)) => foreign.push(format!("{name}: {why}")),
                    None => unequal.push(format!("{name}: {}", places.join("\n    "))),
                }
            }
            Err(error) => {
                let error = error.to_string();
                if !is_french
                    && OF_OTHER_REGIMES
                        .iter()
                        .any(|start| error.starts_with(start))
                {
                    foreign.push(format!("{name}: {error}"));
                } else {
                    unequal.push(format!("{name}: {error}"));
                }
            }
        }
    }
    println!("{equal} equal; of other regimes:\n{}", foreign.join("\n"));
    assert!(unequal.is_empty(), "{}", unequal.join("\n"));
    assert!(
        equal >= 70 || equal == 0,
        "only {equal} documents come out equal"
    );
}

/// Whatever the country: reading loses nothing, and the digest is the reference's.
#[test]
fn every_envelope_has_the_digest_that_it_says() {
    let (mut equal, mut unequal) = (0, Vec::new());
    for (name, document) in calculated() {
        let Some(wanted) = document["head"]["dig"]["val"].as_str() else {
            continue;
        };
        let text = document.to_string();
        let read = gobl::read(text.as_str()).unwrap();
        let found = gobl::digest(read.document.invoice().unwrap());
        if found == wanted {
            equal += 1;
        } else {
            unequal.push(name);
        }
    }
    println!("{equal} digests equal");
    assert!(unequal.is_empty(), "{}", unequal.join("\n"));
    assert!(equal >= 100 || equal == 0, "only {equal} envelopes");
}

/// The calculated invoices of the corpus, bare or in envelopes, by their names in it.
fn calculated() -> Vec<(String, Value)> {
    let Some(root) = corpus("") else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for folder in CALCULATED {
        for file in files(&root.join(folder)) {
            if file.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let document = json_of(&file);
            let is_invoice = invoice(&document)["$schema"] == gobl::INVOICE_SCHEMA;
            let is_source = folder == "upstream/examples"
                && !file.components().any(|part| part.as_os_str() == "out");
            if is_invoice && !is_source && invoice(&document)["totals"].is_object() {
                out.push((
                    file.strip_prefix(&root).unwrap().display().to_string(),
                    document,
                ));
            }
        }
    }
    out
}

fn invoice(document: &Value) -> &Value {
    document.get("doc").unwrap_or(document)
}

fn json_of(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out.sort();
    out
}
