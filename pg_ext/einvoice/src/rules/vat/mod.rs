//! BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG, BR-B: what each VAT category asks.
//!
//! Categories have the same rows with different demands. One pass over lines, allowances and charges checks their own rows and
//! gathers counts and sums; those of the breakdown and of the invoice are comparisons then.

mod breakdown;
mod category;
mod facts;
mod ids;
mod more;
mod rows;
mod sums;
mod texts;
mod uses;

use super::Failures;
use crate::en16931::Invoice;
use crate::finding::Rule;
use crate::{Cancelled, Poll};
use category::Category;

/// Adds what fails.
pub(super) fn check(
    invoice: &Invoice<'_>,
    poll: Poll<'_>,
    out: &mut Failures<'_>,
) -> Result<(), Cancelled> {
    let mut facts = facts::Facts::default();
    uses::check(invoice, &mut facts, poll, out)?;
    for entry in &invoice.vat {
        facts.entry(&entry.vat);
    }
    facts.beyond(&invoice.beyond);
    breakdown::check(invoice, &mut facts, poll, out)
}

/// All rows.
pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    Category::ALL
        .into_iter()
        .filter_map(Category::demands)
        .flat_map(|demands| demands.rows.all())
        .chain(more::CENS)
        .chain(more::ours())
}
