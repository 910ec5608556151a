//! Every rule of the reference, and whether it is one of ours.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod gobl_corpus;

use std::collections::{BTreeMap, BTreeSet};

use einvoice::gobl;
use gobl_corpus::corpus;
use serde_json::Value;

/// Namespaces that take part in an invoice under the French regime with either addon, or under none.
const NAMESPACES: [&str; 16] = [
    "bill",
    "cal",
    "cbc",
    "currency",
    "dsig",
    "eu-en16931",
    "fr",
    "fr-choruspro",
    "gobl",
    "head",
    "i18n",
    "org",
    "pay",
    "schema",
    "tax",
    "uuid",
];

/// Rules that cannot fail here, by the beginning of their codes, each with why.
const NOT_APPLICABLE: [(&str, &str); 29] = [
    ("GOBL-BILL-ACTION", "actions are of documents about a state"),
    ("GOBL-BILL-DELIVERY", "a delivery is another document"),
    ("GOBL-BILL-FAULT", "faults are of documents about a state"),
    ("GOBL-BILL-ORDER", "an order is another document"),
    ("GOBL-BILL-PAYMENT", "a payment is another document"),
    ("GOBL-BILL-REASON", "reasons are of documents about a state"),
    ("GOBL-BILL-STATUS", "a status is another document"),
    (
        "GOBL-BILL-LINE-02",
        "an absent quantity is zero, which the reference takes; PGC-QUANTITY warns",
    ),
    (
        "GOBL-BILL-SUBLINE-02",
        "an absent quantity is zero, which the reference takes",
    ),
    (
        "GOBL-CAL-DATE-01",
        "an impossible date is refused on reading",
    ),
    ("GOBL-CAL-TIMESTAMP-01", "invoices hold no timestamps"),
    ("GOBL-CBC-CODEMAP", "invoices hold no maps of codes"),
    (
        "GOBL-CBC-DEFINITION",
        "definitions are of regimes and addons",
    ),
    ("GOBL-CBC-SOURCE", "sources are of regimes and addons"),
    ("GOBL-ENVELOPE-01", "an envelope is known by its schema"),
    (
        "GOBL-ENVELOPE-03",
        "an envelope without document is refused on reading",
    ),
    (
        "GOBL-ENVELOPE-04",
        "an envelope around anything but an invoice is refused on reading",
    ),
    ("GOBL-I18N", "invoices hold no texts in several languages"),
    ("GOBL-ORG-DOCUMENTREF-02", "a zero date is read as none"),
    (
        "GOBL-SCHEMA-ID",
        "the schema is known, or the document refused on reading",
    ),
    ("GOBL-SCHEMA-OBJECT", "complements are kept as they are"),
    ("GOBL-TAX-ADDONDEF", "addons are built in"),
    ("GOBL-TAX-CATEGORYDEF", "regimes are built in"),
    ("GOBL-TAX-CORRECTIONDEFINITION", "regimes are built in"),
    ("GOBL-TAX-RATEDEF", "regimes are built in"),
    ("GOBL-TAX-REGIMEDEF", "regimes are built in"),
    ("GOBL-TAX-SCENARIOSET", "regimes are built in"),
    (
        "GOBL-TAX-ADDONS-01",
        "PGC-UNKNOWN-ADDON says the same and names the known ones",
    ),
    ("GOBL-UUID", "a malformed UUID is refused on reading"),
];

#[test]
fn every_rule_of_the_reference_is_one_of_ours_or_cannot_fail() {
    let Some(folder) = corpus("upstream/data/rules") else {
        return;
    };
    let ours: BTreeSet<&str> = gobl::rules().iter().map(|rule| rule.id).collect();
    let mut theirs = BTreeMap::new();
    for name in NAMESPACES {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        collect(&serde_json::from_str(&text).unwrap(), name, &mut theirs);
    }
    assert!(
        theirs.len() > 150,
        "the corpus has shrunk to {}",
        theirs.len()
    );
    let excused = |id: &str| {
        NOT_APPLICABLE
            .iter()
            .find(|(start, _)| id.starts_with(start))
    };
    let mut listing = String::new();
    let mut missing = Vec::new();
    for (id, namespace) in &theirs {
        let state = match (ours.contains(id.as_str()), excused(id)) {
            (true, None) => "implemented",
            (false, Some((_, why))) => why,
            (true, Some(_)) => {
                missing.push(format!("{id} is implemented, and excused as well"));
                continue;
            }
            (false, None) => {
                missing.push(format!(
                    "{id} ({namespace}) is neither implemented nor excused"
                ));
                continue;
            }
        };
        listing.push_str(&format!("{id}: {state}\n"));
    }
    println!("{listing}");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    for (start, _) in NOT_APPLICABLE {
        assert!(
            theirs.keys().any(|id| id.starts_with(start)),
            "{start} excuses nothing"
        );
    }
}

fn collect(node: &Value, namespace: &str, out: &mut BTreeMap<String, String>) {
    for rule in node["assert"].as_array().into_iter().flatten() {
        out.insert(
            rule["id"].as_str().unwrap().to_owned(),
            namespace.to_owned(),
        );
    }
    for subset in node["subsets"].as_array().into_iter().flatten() {
        collect(subset, namespace, out);
    }
}
