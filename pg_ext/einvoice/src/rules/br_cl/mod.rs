//! BR-CL: codes of closed lists.
//!
//! The same rows check the terms of the model and, where the source is a CII file, every element of the file that holds such
//! a code, whether EN 16931 has a term for its place or not.

mod elements;
mod lists;
mod rows;
mod terms;

use super::Failures;
use crate::cii::tree::Tree;
use crate::en16931::Invoice;
use crate::entry::Profile;
use crate::finding::{Finding, Rule};
use crate::{Cancelled, Poll};

use rows::Coded;

/// Adds the codes of the model that are in no list.
pub(super) fn check(
    invoice: &Invoice<'_>,
    profile: Profile,
    poll: Poll<'_>,
    out: &mut Failures<'_>,
) -> Result<(), Cancelled> {
    terms::each(invoice, profile, poll, &mut |row, term, at, code| {
        if !row.list.has(code) {
            out.rule = &row.rule;
            out.fail_in(term, at, |finding| row.say(finding, code));
        }
    })
}

/// Adds the codes of a CII file that are in no list.
pub(super) fn check_file(
    tree: &Tree<'_>,
    profile: Profile,
    poll: Poll<'_>,
    out: &mut Failures<'_>,
) -> Result<(), Cancelled> {
    elements::check(tree, profile, poll, out)
}

/// All rows.
pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    rows::ALL.into_iter().map(|row| &row.rule)
}

impl Coded {
    fn say(&self, finding: Finding, code: &str) -> Finding {
        finding.value(code).wanted(self.list.shown())
    }
}
