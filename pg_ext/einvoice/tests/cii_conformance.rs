//! What is rendered, judged by the official schema and rules: a valid invoice makes a valid file, and what they refuse had
//! been refused, with the same rule.
//!
//! The judge is a program that shares nothing with us; `PG_CHORUS_ORACLE_PYTHON`, `…_CHECK` and `…_ARTEFACTS` say where it is, as
//! `cargo xtask test` sets them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod gobl_corpus;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use einvoice::entry::{self, Profile};
use einvoice::finding::Severity;
use serde_json::Value;

type Ids = BTreeSet<String>;

/// An invoice with what is said about it, and its file.
struct Case {
    name: String,
    /// Ids of the fatal rules that `validate` refuses it with; those of the same problem included.
    refused: Ids,
    file: String,
}

fn judge() -> Option<[PathBuf; 3]> {
    let path = |name| std::env::var_os(format!("PG_CHORUS_ORACLE_{name}")).map(PathBuf::from);
    let found = path("PYTHON").zip(path("CHECK")).zip(path("ARTEFACTS"));
    if found.is_none() {
        println!("SKIPPED: no oracle (run cargo xtask test beside the shared material)");
    }
    found.map(|((python, check), artefacts)| [python, check, artefacts])
}

/// Our own invoices, and those of the reference where they are at hand.
fn documents() -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut add_folder = |folder: PathBuf| {
        for file in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if file
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                out.push((
                    file.display().to_string(),
                    std::fs::read_to_string(&file).unwrap(),
                ));
            }
        }
    };
    add_folder("../../tests/fixtures".into());
    if let Some(pairs) = gobl_corpus::corpus("cii/test/data/convert") {
        for folder in std::fs::read_dir(pairs).unwrap() {
            add_folder(folder.unwrap().path());
        }
    }
    for vector in gobl_corpus::lines_of("calc-vectors.jsonl").unwrap_or_default() {
        out.push((format!("vector {}", vector["id"]), vector["in"].to_string()));
    }
    out
}

fn cases(profile: Profile) -> Vec<Case> {
    let case = |(name, doc): (String, String)| {
        let findings = entry::validate(doc.as_str(), Some(profile), &mut || Ok(())).ok()?;
        let fatal = findings.iter().filter(|f| f.severity == Severity::Fatal);
        let ids = fatal.flat_map(|f| f.same_as.iter().copied().chain([f.rule.id]));
        Some(Case {
            name,
            refused: ids.map(ToOwned::to_owned).collect(),
            file: entry::render_cii(doc.as_str(), profile, &[], &mut || Ok(())).ok()?,
        })
    };
    documents().into_iter().filter_map(case).collect()
}

/// Whether the schema takes each file, and the fatal rules that fail.
fn verdicts(
    [python, check, artefacts]: &[PathBuf; 3],
    cases: &[Case],
    label: &str,
) -> Vec<(bool, Ids)> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(label);
    std::fs::create_dir_all(&folder).unwrap();
    let files = cases.iter().enumerate().map(|(at, case)| {
        let file = folder.join(format!("{at}.xml"));
        std::fs::write(&file, &case.file).unwrap();
        file
    });
    let mut command = Command::new(python);
    command
        .arg(check)
        .arg("--array")
        .arg("--artefacts")
        .arg(artefacts);
    let output = command.args(files).output().unwrap();
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let fatal = |answer: &Value| -> Ids {
        let ids = answer["sch"]["en16931"]["fatal"].as_array().unwrap();
        ids.iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect()
    };
    answers
        .iter()
        .map(|answer| (answer["xsd"]["d16b"]["valid"] == true, fatal(answer)))
        .collect()
}

/// `except` are rules that may fail although the invoice is valid.
fn assert_agreement(profile: Profile, label: &str, except: &[&str]) {
    let Some(judge) = judge() else { return };
    let cases = cases(profile);
    let verdicts = verdicts(&judge, &cases, label);
    assert_eq!(cases.len(), verdicts.len());
    let mut wrong = Vec::new();
    for (case, (is_of_schema, failed)) in cases.iter().zip(verdicts) {
        if !is_of_schema {
            wrong.push(format!("{}: not of the schema", case.name));
        }
        let missed = failed
            .iter()
            .filter(|id| !except.contains(&id.as_str()) && !case.refused.contains(*id));
        wrong.extend(missed.map(|id| format!("{}: {id} was not seen", case.name)));
        let of_cen = case
            .refused
            .iter()
            .filter(|id| id.starts_with("BR-") || id.starts_with("CII-"));
        let invented = of_cen.filter(|id| !failed.contains(*id));
        wrong.extend(invented.map(|id| format!("{}: {id} does not fail", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let valid = cases.iter().filter(|case| case.refused.is_empty()).count();
    println!(
        "{label}: {} files judged, {valid} of valid invoices",
        cases.len()
    );
}

#[test]
fn profile_en16931_agrees_with_the_official_rules() {
    assert_agreement(Profile::En16931, "en16931", &[]);
}

/// Chorus Pro's digits 1…6 are no identifier schemes of ISO 6523, which BR-CL-11 asks for.
#[test]
fn profile_choruspro_agrees_but_for_the_list_of_identifier_schemes() {
    assert_agreement(Profile::ChorusPro, "choruspro", &["BR-CL-11"]);
}
