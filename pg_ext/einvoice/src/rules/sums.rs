//! What the amounts of an invoice add up to: computed once, for all rules that compare sums.

use super::exact::Exact;
use crate::amount::Amount;
use crate::en16931::{AllowanceCharge, Invoice};

/// Sums, unrounded.
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
        let each = |list: &[AllowanceCharge<'_>]| sum(list.iter().map(|a| a.amount));
        Self {
            lines: sum(invoice.lines.iter().map(|line| line.net)),
            allowances: each(&invoice.allowances),
            charges: each(&invoice.charges),
            taxes: sum(invoice.vat.iter().map(|vat| vat.tax)),
        }
    }
}

fn sum(amounts: impl Iterator<Item = Option<Amount>>) -> Exact {
    amounts
        .flatten()
        .fold(Exact::default(), |sum, amount| sum.plus(amount.into()))
}
