//! The totals that EN 16931 makes of lines, allowances and charges, without a GOBL document: what nearly every file agrees
//! with needs no more.

use crate::amount::{Amount, Percentage};
use crate::en16931::{AllowanceCharge, Invoice, Line, LineVat, Text};
use crate::gobl;

/// Whether the totals of the file are those that GOBL comes to when it rounds line by line. `false` where it takes GOBL itself
/// to tell.
pub(super) fn adds_up(invoice: &Invoice<'_>) -> bool {
    let currency = invoice.currency.as_deref().unwrap_or_default();
    gobl::decimals(currency).is_some_and(|decimals| {
        let mut sums = Sums {
            decimals,
            rates: Vec::new(),
        };
        sums.agree(invoice).unwrap_or(false)
    })
}

struct Sums<'i> {
    decimals: u32,
    /// What is taxed, by category and rate.
    rates: Vec<(Option<&'i Text<'i>>, Percentage, Amount)>,
}

impl<'i> Sums<'i> {
    /// Nothing where a number is missing.
    fn agree(&mut self, invoice: &'i Invoice<'i>) -> Option<bool> {
        let mut lines = self.zero();
        for line in &invoice.lines {
            let total = self.line(line)?;
            self.tax(line.vat.as_ref(), total);
            lines = lines.plus(total);
        }
        let allowances = self.adjustments(&invoice.allowances, Amount::negate)?;
        let charges = self.adjustments(&invoice.charges, |amount| amount)?;
        let without_vat = lines.minus(allowances).plus(charges);
        let shares = self
            .rates
            .iter()
            .map(|(_, percent, base)| percent.of(*base));
        let vat = shares.fold(self.zero(), Amount::plus);
        let with_vat = without_vat.plus(vat);
        let given = &invoice.totals;
        let due = with_vat
            .plus(given.rounding.unwrap_or_default())
            .minus(given.prepaid.unwrap_or_default());
        let pairs = [
            (given.lines, lines),
            (given.allowances, allowances),
            (given.charges, charges),
            (given.without_vat, without_vat),
            (given.vat, vat),
            (given.with_vat, with_vat),
            (given.due, due),
        ];
        Some(
            pairs
                .into_iter()
                .all(|(given, sum)| given.unwrap_or_default() == sum),
        )
    }

    fn zero(&self) -> Amount {
        Amount::new(0, self.decimals)
    }

    /// Price times quantity, less allowances, plus charges.
    fn line(&self, line: &Line<'_>) -> Option<Amount> {
        let is_simple = line
            .price
            .base_quantity
            .is_none_or(|base| base == Amount::new(1, 0));
        let (price, quantity) = (line.price.net.filter(|_| is_simple)?, line.quantity?);
        let whole = price
            .rescale_up(price.exp() + quantity.exp())
            .times(quantity);
        let mut total = whole.rescale(self.decimals);
        for allowance in &line.allowances {
            total = total.minus(allowance.amount?);
        }
        for charge in &line.charges {
            total = total.plus(charge.amount?);
        }
        Some(total)
    }

    /// The sum of allowances or charges, which are taxed with the sign given.
    fn adjustments(
        &mut self,
        all: &'i [AllowanceCharge<'i>],
        signed: fn(Amount) -> Amount,
    ) -> Option<Amount> {
        let mut sum = self.zero();
        for one in all {
            let amount = one.amount?.rescale(self.decimals);
            self.tax(one.vat.as_ref(), signed(amount));
            sum = sum.plus(amount);
        }
        Some(sum)
    }

    fn tax(&mut self, vat: Option<&'i LineVat<'i>>, amount: Amount) {
        let Some(vat) = vat else { return };
        let category = vat.category.as_ref();
        let is_taxed = category.is_none_or(|c| !matches!(&**c, "E" | "AE" | "K" | "G" | "O"));
        let percent = vat.rate.filter(|_| is_taxed).unwrap_or_default();
        let known = self
            .rates
            .iter_mut()
            .find(|(of, rate, _)| *rate == percent && *of == category);
        match known {
            Some((.., base)) => *base = base.plus(amount),
            None => self.rates.push((category, percent, amount)),
        }
    }
}
