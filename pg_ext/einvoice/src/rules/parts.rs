//! What an invoice has that most have not: rows that are about nothing else are passed over where it is not there.
//!
//! Most of what a small invoice costs is code that runs once per document. A row whose subject is absent holds without being called.

use crate::amount::Amount;
use crate::en16931::{AllowanceCharge, Invoice, Line};

use super::br_dec::DECIMALS;

/// A set of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts(u32);

impl Parts {
    /// Nothing: of a row, that it is checked always.
    pub(super) const NONE: Self = Self(0);
    /// BG-20, or their sum (BT-107).
    pub(super) const ALLOWANCES: Self = Self(1);
    /// BG-21, or their sum (BT-108).
    pub(super) const CHARGES: Self = Self(1 << 1);
    /// BG-27, of any line.
    pub(super) const LINE_ALLOWANCES: Self = Self(1 << 2);
    /// BG-28, of any line.
    pub(super) const LINE_CHARGES: Self = Self(1 << 3);
    /// An amount of the document with more than two decimals, or a number that is odd, be it of a line.
    pub(super) const LONG_AMOUNTS: Self = Self(1 << 4);
    /// The same of a line.
    pub(super) const LONG_LINE_AMOUNTS: Self = Self(1 << 5);
    /// Numbers of a file that are not as they are written.
    pub(super) const ODD_NUMBERS: Self = Self(1 << 6);
    /// BT-6.
    pub(super) const TAX_CURRENCY: Self = Self(1 << 7);
    /// BT-7.
    pub(super) const TAX_POINT_DATE: Self = Self(1 << 8);
    /// BG-14.
    pub(super) const PERIOD: Self = Self(1 << 9);
    /// BG-26, of any line.
    pub(super) const LINE_PERIOD: Self = Self(1 << 10);
    /// BG-3.
    pub(super) const PRECEDING: Self = Self(1 << 11);
    /// BG-10.
    pub(super) const PAYEE: Self = Self(1 << 12);
    /// BG-11.
    pub(super) const TAX_REPRESENTATIVE: Self = Self(1 << 13);
    /// BG-13.
    pub(super) const DELIVERY: Self = Self(1 << 14);
    /// BG-24.
    pub(super) const ATTACHMENTS: Self = Self(1 << 15);
    /// BT-148, of any line.
    pub(super) const GROSS_PRICE: Self = Self(1 << 16);
    /// BT-157, of any line.
    pub(super) const STANDARD_ID: Self = Self(1 << 17);
    /// BT-158, of any line.
    pub(super) const CLASSIFICATIONS: Self = Self(1 << 18);
    /// BG-32, of any line.
    pub(super) const ATTRIBUTES: Self = Self(1 << 19);

    /// Both.
    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a row about `subjects` has to be checked.
    pub(super) const fn concern(self, subjects: Self) -> bool {
        subjects.0 == 0 || self.0 & subjects.0 != 0
    }

    /// Those of an invoice.
    pub(super) fn of(invoice: &Invoice<'_>) -> Self {
        let totals = &invoice.totals;
        let is_odd = !invoice.odd_numbers.is_empty();
        let mut parts = Self::NONE
            .with(
                Self::ALLOWANCES,
                !invoice.allowances.is_empty() || totals.allowances.is_some(),
            )
            .with(
                Self::CHARGES,
                !invoice.charges.is_empty() || totals.charges.is_some(),
            )
            .with(Self::LONG_AMOUNTS, is_odd || has_long_amounts(invoice))
            .with(Self::LONG_LINE_AMOUNTS, is_odd)
            .with(Self::ODD_NUMBERS, is_odd)
            .with(Self::TAX_CURRENCY, invoice.tax_currency.is_some())
            .with(Self::TAX_POINT_DATE, invoice.tax_point_date.is_some())
            .with(Self::PERIOD, invoice.period.is_some())
            .with(Self::PRECEDING, !invoice.preceding.is_empty())
            .with(Self::PAYEE, invoice.payee.is_some())
            .with(
                Self::TAX_REPRESENTATIVE,
                invoice.tax_representative.is_some(),
            )
            .with(Self::DELIVERY, invoice.delivery.is_some())
            .with(Self::ATTACHMENTS, !invoice.attachments.is_empty());
        for line in &invoice.lines {
            parts = parts.and(Self::of_line(line));
        }
        parts
    }

    #[inline]
    fn of_line(line: &Line<'_>) -> Self {
        let item = &line.item;
        Self::NONE
            .with(Self::LINE_ALLOWANCES, !line.allowances.is_empty())
            .with(Self::LINE_CHARGES, !line.charges.is_empty())
            .with(Self::LONG_LINE_AMOUNTS, has_long_line_amounts(line))
            .with(Self::LINE_PERIOD, line.period.is_some())
            .with(Self::GROSS_PRICE, line.price.gross.is_some())
            .with(Self::STANDARD_ID, item.standard_id.is_some())
            .with(Self::CLASSIFICATIONS, !item.classifications.is_empty())
            .with(Self::ATTRIBUTES, !item.attributes.is_empty())
    }

    #[inline]
    const fn with(self, part: Self, is_there: bool) -> Self {
        Self(self.0 | if is_there { part.0 } else { 0 })
    }
}

fn has_long_amounts(invoice: &Invoice<'_>) -> bool {
    let totals = &invoice.totals;
    [
        totals.lines,
        totals.allowances,
        totals.charges,
        totals.without_vat,
        totals.vat,
        totals.vat_in_tax_currency,
        totals.with_vat,
        totals.prepaid,
        totals.rounding,
        totals.due,
    ]
    .into_iter()
    .any(is_long)
        || totals.other_vat.iter().any(|vat| is_long(vat.amount))
        || invoice
            .vat
            .iter()
            .any(|entry| is_long(entry.taxable) || is_long(entry.tax))
        || are_long(&invoice.allowances)
        || are_long(&invoice.charges)
}

#[inline]
fn has_long_line_amounts(line: &Line<'_>) -> bool {
    is_long(line.net) || are_long(&line.allowances) || are_long(&line.charges)
}

#[inline]
fn are_long(list: &[AllowanceCharge<'_>]) -> bool {
    list.iter().any(|of| is_long(of.amount) || is_long(of.base))
}

#[inline]
fn is_long(amount: Option<Amount>) -> bool {
    amount.is_some_and(|amount| amount.exp() > DECIMALS)
}
