//! GOBL's faults, with GOBL's own codes, and a few of our own (`PGC-`).
//!
//! Rules are rows of tables, one table per kind of object and namespace; this module walks the document and shows
//! every object to the tables of its kind.

mod bill;
mod choruspro;
mod content;
mod en16931;
mod france;
mod kinds;
mod lines;
mod org;
mod ours;
mod path;
mod pay;
mod row;
mod tax;
mod walk;

use path::Path;
use row::Facts;

use super::model::Invoice;
use crate::finding::{Finding, Rule};

/// The faults of a calculated invoice that stands by itself; paths start at `$`.
///
/// ```
/// let text = r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "type": "standard", "issue_date": "2025-06-18",
///     "currency": "EUR", "lines": [{"quantity": "1", "item": {"name": "", "price": "1.00"}}]}"#;
/// let invoice = einvoice::gobl::read(text).unwrap().document.into_invoice().unwrap();
/// let faults = einvoice::gobl::faults(&invoice);
/// assert!(faults.iter().any(|fault| fault.rule.id == "GOBL-ORG-ITEM-01" && fault.path == "$.lines[0].item.name"));
/// ```
#[must_use]
pub fn faults(invoice: &Invoice<'_>) -> Vec<Finding> {
    faults_at(invoice, "$")
}

/// The faults of a calculated invoice at `root`, which is `$.doc` in an envelope.
#[must_use]
pub fn faults_at(invoice: &Invoice<'_>, root: &str) -> Vec<Finding> {
    let mut walk = walk::Walk {
        facts: Facts::of(invoice),
        findings: Vec::new(),
    };
    walk.invoice(invoice, &Path::Root(root));
    walk.findings
}

/// One finding for each property that the reading passed over ([`super::Read::unknown`]).
#[must_use]
pub fn unknown_properties(paths: &[String]) -> Vec<Finding> {
    paths
        .iter()
        .map(|path| Finding::new(&ours::UNKNOWN_PROPERTY, path.as_str()))
        .collect()
}

/// Every rule of this module, ordered by id.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = kinds::every_rule();
    rules.push(&ours::UNKNOWN_PROPERTY);
    // One rule may be a row for several kinds of objects.
    rules.sort_unstable_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    rules
}
