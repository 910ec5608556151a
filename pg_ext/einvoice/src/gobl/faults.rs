//! GOBL's faults, with GOBL's own codes, and a few of our own (`PGC-`).
//!
//! Rules are rows of tables, one table per kind of object and namespace; this module walks the document and shows
//! every object to the tables of its kind.

mod bill;
mod choruspro;
mod content;
mod en16931;
mod france;
mod given;
mod head;
mod kinds;
mod lines;
mod lists;
mod media;
mod org;
mod ours;
mod path;
mod pay;
mod row;
mod sums;
mod tax;
mod tax_ids;
mod walk;

pub use lists::drop_repeated;

use path::Path;
use row::Facts;

use super::list::List;
use super::model::Invoice;
use super::read::Document;
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

/// The faults of a calculated document: those of the invoice, and of the envelope around it, less those that `head.ignore`
/// names. Rules that are not GOBL's own cannot be ignored.
///
/// `is_as_given`: the document came with its totals. A head that is missing, or has no uuid, is a fault then; where the
/// calculation was ours, it is a matter of course, since we make no ids.
#[must_use]
pub fn document_faults(document: &Document<'_>, is_as_given: bool) -> Vec<Finding> {
    let Some(invoice) = document.invoice() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut ignored = &List::default();
    if let Document::Envelope(envelope) = document {
        let mut walk = walk::Walk {
            facts: Facts::of(invoice),
            findings,
        };
        walk.envelope(envelope);
        findings = walk.findings;
        if let Some(head) = &envelope.head {
            ignored = &head.ignore;
            let is_unnamed = !is_as_given && head.uuid.is_empty();
            findings.retain(|finding| !(is_unnamed && finding.rule.id == "GOBL-HEAD-HEADER-01"));
        }
    }
    findings.append(&mut faults_at(invoice, document.root()));
    findings.retain(|finding| {
        !(finding.rule.id.starts_with("GOBL-")
            && ignored.iter().any(|code| *code == finding.rule.id))
    });
    findings
}

/// What the calculation will change without a word, of an invoice at `root` that it has not seen yet.
#[must_use]
pub fn remarks(invoice: &Invoice<'_>, root: &str) -> Vec<Finding> {
    let mut walk = walk::Walk {
        facts: Facts::of(invoice),
        findings: Vec::new(),
    };
    walk.given(invoice, &Path::Root(root));
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
