//! What the amounts of an invoice add up to: computed once, for all rules that compare sums.

use super::binary::{self, Cents};
use super::exact::Exact;
use crate::amount::Amount;
use crate::en16931::{AllowanceCharge, Invoice};

/// Sums, rounded to two decimals as the artefact does.
pub(super) struct Sums {
    /// Of the lines' net amounts (BT-131).
    pub(super) lines: Exact,
    /// Of the allowances on the document (BT-92).
    pub(super) allowances: Exact,
    /// Of the charges on the document (BT-99).
    pub(super) charges: Exact,
    /// Of the taxes in the VAT breakdown (BT-117).
    pub(super) taxes: Exact,
}

impl Sums {
    pub(super) fn of(invoice: &Invoice<'_>) -> Self {
        let each = |list: &[AllowanceCharge<'_>]| {
            sum(|| list.iter().filter_map(|of| of.amount), Cents::ByTens)
        };
        Self {
            lines: sum(
                || invoice.lines.iter().filter_map(|line| line.net),
                Cents::ByHundred,
            ),
            allowances: each(&invoice.allowances),
            charges: each(&invoice.charges),
            taxes: sum(
                || invoice.vat.iter().filter_map(|entry| entry.tax),
                Cents::ByTens,
            ),
        }
    }
}

/// With two decimals at most a sum is exact; only beyond does it matter how it is made.
fn sum<I: Iterator<Item = Amount>>(amounts: impl Fn() -> I, cents: Cents) -> Exact {
    let exact = amounts().fold(Exact::default(), |sum, amount| sum.plus(amount.into()));
    if exact.exp() <= 2 {
        return exact;
    }
    binary::sum(amounts(), cents).unwrap_or_else(|| exact.round(2))
}
