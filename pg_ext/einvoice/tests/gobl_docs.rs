//! The calculation against documents calculated by the reference.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;
mod gobl_corpus;

use einvoice::gobl;
use gobl_corpus::{built, corpus, differences, lines_of, without_nulls};
use serde_json::Value;

#[test]
fn the_documents_of_the_chorus_pro_guide_come_out_as_published() {
    let Some(folder) = corpus("invopop-docs") else {
        return;
    };
    for name in [
        "chorus-pro-b2g",
        "chorus-pro-credit-note",
        "chorus-pro-cross-border",
    ] {
        let given = std::fs::read_to_string(folder.join(format!("{name}.min.json"))).unwrap();
        let wanted = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let found = built(&given).unwrap();
        assert_eq!(
            found,
            serde_json::from_str::<Value>(&wanted).unwrap(),
            "{name}"
        );
    }
}

/// How many of the 400 random documents come out equal to the reference, digest included: all of them, and so it must stay.
const VECTORS: usize = 400;

#[test]
fn random_documents_come_out_as_the_reference_calculates_them() {
    let Some(lines) = lines_of("calc-vectors.jsonl") else {
        return;
    };
    let mut unequal = Vec::new();
    for vector in &lines {
        unequal.extend(difference(vector).map(|what| format!("vector {}: {what}", vector["id"])));
    }
    let equal = lines.len() - unequal.len();
    println!("{equal} of {} vectors equal", lines.len());
    assert!(
        equal >= VECTORS,
        "{equal} of {} vectors come out equal, {VECTORS} did before\n{}",
        lines.len(),
        unequal.join("\n")
    );
}

/// How a vector differs from what the reference made of it.
fn difference(vector: &Value) -> Option<String> {
    let found = built(&vector["in"].to_string());
    match (vector.get("calc"), found) {
        (None, Err(_)) => None,
        (None, Ok(_)) => Some("calculated, where the reference refuses".to_owned()),
        (Some(_), Err(error)) => Some(error.to_string()),
        (Some(wanted), Ok(found)) => {
            let places = differences(&without_nulls(wanted.clone()), &found);
            if !places.is_empty() {
                return Some(places.join("\n    "));
            }
            (digest(&vector["in"]) != vector["dig"]).then(|| "the digest".to_owned())
        }
    }
}

fn digest(given: &Value) -> Value {
    let text = given.to_string();
    let mut invoice = common::read(&text);
    gobl::calculate(&mut invoice, &mut || Ok(())).unwrap();
    Value::from(gobl::digest(&invoice))
}

/// Probes that come out otherwise on purpose, each with how.
const DEPARTURES: [(&str, &str); 4] = [
    ("unknown addon", "$.$addons"),
    ("currency bogus", "\"ABC\" is no currency"),
    // Rates by name of other countries than France.
    ("customer-rates", "the rate \"general\" is not defined"),
    (
        "cp no regime given, DE supplier",
        "the rate \"general\" is not defined",
    ),
];

/// Documents about one question each, some of which the reference refuses, with what it answered.
#[test]
fn probes_are_answered_as_by_the_reference() {
    let Some(probes) = lines_of("named-probes.jsonl") else {
        return;
    };
    let mut unequal = Vec::new();
    for probe in &probes {
        let refused = matches!(probe["out"]["stage"].as_str(), Some("parse" | "calculate"));
        let found = built(&probe["in"].to_string());
        let places = match (refused, found) {
            (true, Ok(_)) => vec!["calculated, where the reference refuses".to_owned()],
            (true, Err(_)) => Vec::new(),
            (false, Err(error)) => vec![error.to_string()],
            (false, Ok(found)) => match probe["out"].get("doc") {
                Some(wanted) => {
                    let mut places = differences(&without_nulls(wanted.clone()), &found);
                    if places.is_empty()
                        && digest(&probe["in"]) != probe["out"]["head"]["dig"]["val"]
                    {
                        places.push("the digest".to_owned());
                    }
                    places
                }
                None => Vec::new(),
            },
        };
        let departs = DEPARTURES.iter().find(|(name, _)| *name == probe["name"]);
        if let Some((name, how)) = departs {
            assert!(
                places.len() == 1 && places[0].starts_with(how),
                "{name}: {places:?}"
            );
        } else if !places.is_empty() {
            unequal.push(format!("{}: {}", probe["name"], places.join("\n    ")));
        }
    }
    println!(
        "{} of {} probes equal",
        probes.len() - unequal.len(),
        probes.len()
    );
    assert!(unequal.is_empty(), "{}", unequal.join("\n"));
}

#[test]
fn what_the_reference_calculated_stays_when_calculated_again() {
    let Some(folder) = corpus("upstream/examples/fr/out") else {
        return;
    };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let wanted: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let found = built(&wanted.to_string()).unwrap();
        assert_eq!(
            differences(&wanted, &found),
            Vec::<String>::new(),
            "{}",
            path.display()
        );
    }
}
