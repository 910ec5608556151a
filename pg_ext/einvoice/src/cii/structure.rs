//! What EN 16931 leaves of D16B: the rules CII-SR and CII-DT.
//!
//! Most say that an element or attribute is not used, or how often it may be there. They are rows of
//! `d16b/structure.csv`; an automaton made of their paths says at each element what is to be looked at, which in a
//! file that holds is next to nothing.

mod checks;
mod table;
mod walk;

use crate::cii::tree::Tree;
use crate::finding::{Finding, Rule};

/// Most findings of one rule. Who has broken it in a thousand places need not see the next.
pub const MAX_FINDINGS_OF_A_RULE: usize = 1_000;

/// Adds what fails, up to [`MAX_FINDINGS_OF_A_RULE`]; [`Finding::position`] says the order in the document.
///
/// A rule fails once in its context: at the first element that should not be there, else at the context itself.
pub fn check(tree: &Tree<'_>, findings: &mut Vec<Finding>) {
    let mut walk = walk::Walk::new(tree.len(), findings);
    let mut states: Vec<u16> = Vec::with_capacity(tree.len());
    for element in tree.elements() {
        let around = element
            .parent()
            .and_then(|parent| states.get(parent.index()));
        let state = table::next(around.copied().unwrap_or(table::DOCUMENT), element.name());
        states.push(state);
        if let Some(work) = table::work(state) {
            walk.visit(element, work);
        }
    }
}

/// The rules, ordered by id.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    table::RULES.iter()
}
