//! Whether GOBL's calculation comes to the sums of the file.

use crate::amount::Amount;
use crate::en16931::{Invoice, Locate, Site};
use crate::finding::{Finding, Term};
use crate::gobl;
use crate::rules::document;

/// What is in the file and calculated otherwise: term, the file's value, the calculated one. None and zero are the same.
fn differences(
    invoice: &Invoice<'_>,
    built: &gobl::Invoice<'_>,
) -> impl Iterator<Item = (Term, Amount, Amount)> {
    let given = &invoice.totals;
    let found = built.totals.as_ref();
    let sums = [
        (106, given.lines, found.map(|t| t.sum)),
        (107, given.allowances, found.and_then(|t| t.discount)),
        (108, given.charges, found.and_then(|t| t.charge)),
        (109, given.without_vat, found.map(|t| t.total)),
        (110, given.vat, found.map(|t| t.tax)),
        (112, given.with_vat, found.map(|t| t.total_with_tax)),
        (115, given.due, found.map(|t| t.due.unwrap_or(t.payable))),
    ];
    sums.into_iter()
        .map(|(term, given, found)| {
            let zero = Amount::ZERO;
            (Term::Bt(term), given.unwrap_or(zero), found.unwrap_or(zero))
        })
        .filter(|(_, given, found)| given != found)
}

/// Whether the totals are those of the file.
pub(super) fn agrees(invoice: &Invoice<'_>, built: &gobl::Invoice<'_>) -> bool {
    differences(invoice, built).next().is_none()
}

/// Where the totals of the file are not those that GOBL's calculation of the [built](super::build) invoice comes to.
#[must_use]
pub fn totals_findings(
    invoice: &Invoice<'_>,
    built: &gobl::Invoice<'_>,
    locate: &dyn Locate,
) -> Vec<Finding> {
    differences(invoice, built)
        .map(|(term, given, found)| {
            let site = Site::of(term);
            Finding::new(&document::TOTALS_RECALCULATED, locate.path(site))
                .about(term)
                .at(locate.position(site))
                .value(given)
                .wanted(found)
        })
        .collect()
}
