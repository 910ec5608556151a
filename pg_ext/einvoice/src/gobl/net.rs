//! Prices without the taxes that they include (GOBL `RemoveIncludedTaxes`): EN 16931 knows net prices only.

use std::borrow::Cow;

use super::calculate::calculate;
use super::list::List;
use super::model::{Combo, Invoice, LineCharge, LineDiscount};
use crate::Poll;
use crate::amount::{Amount, Percentage};
use crate::input::Error;

/// Decimals that a price gains, so that the tax taken out of it leaves little behind.
const FINER: u32 = 2;

/// The document with net prices: itself, unless `tax.prices_include` says otherwise.
///
/// Prices, allowances and charges lose the tax, and the document is calculated again. Where it then comes to another total
/// with tax, the difference goes to `totals.rounding` (BT-114), so that the amount payable stays.
///
/// Unlike the reference this also converts the `base` of allowances and charges, the `rate` of charges and the allowances and
/// charges of parts of lines, and adds to a rounding that is there already.
///
/// ```
/// let text = r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "$regime": "FR", "issue_date": "2025-06-18", "tax": {"prices_include": "VAT"},
///     "lines": [{"quantity": "1", "item": {"name": "x", "price": "12.00"}, "taxes": [{"cat": "VAT", "percent": "20%"}]}]}"#;
/// let mut invoice = einvoice::gobl::read(text).unwrap().document.into_invoice().unwrap();
/// einvoice::gobl::calculate(&mut invoice, &mut || Ok(())).unwrap();
/// let net = einvoice::gobl::net(&invoice, &mut || Ok(())).unwrap();
/// assert_eq!(net.lines[0].item.as_ref().unwrap().price.unwrap().to_string(), "10.0000");
/// assert_eq!(net.totals.as_ref().unwrap().payable.to_string(), "12.00");
/// ```
///
/// # Errors
/// As [`calculate`].
pub fn net<'i, 'a>(
    invoice: &'i Invoice<'a>,
    poll: Poll<'_>,
) -> Result<Cow<'i, Invoice<'a>>, Error> {
    let Some(category) = invoice
        .tax
        .as_ref()
        .map(|tax| tax.prices_include.as_str())
        .filter(|category| !category.is_empty())
    else {
        return Ok(Cow::Borrowed(invoice));
    };
    let mut net = invoice.clone();
    if net.totals.is_none() {
        calculate(&mut net, poll)?;
    }
    let before = net.totals.as_ref().map(|totals| totals.total_with_tax);
    take_out(&mut net, category);
    if let Some(tax) = &mut net.tax {
        tax.prices_include = Default::default();
    }
    calculate(&mut net, poll)?;
    if let (Some(before), Some(totals)) = (before, &mut net.totals)
        && before != totals.total_with_tax
    {
        let drift = before.minus(totals.total_with_tax);
        totals.rounding = Some(
            totals
                .rounding
                .map_or(drift, |given| given.match_exp(drift).plus(drift)),
        );
        calculate(&mut net, poll)?;
    }
    Ok(Cow::Owned(net))
}

/// Takes the tax out of every amount that includes it.
fn take_out(invoice: &mut Invoice<'_>, category: &str) {
    for line in &mut invoice.lines {
        line.taxes.iter_mut().for_each(settle);
        let Some(percent) = percent_of(&line.taxes, category) else {
            continue;
        };
        let out = Out(percent);
        if let Some(item) = &mut line.item {
            item.alt_prices = List::default();
            out.of(&mut item.price);
        }
        for part in line.breakdown.iter_mut().chain(&mut line.substituted) {
            if let Some(item) = &mut part.item {
                item.alt_prices = List::default();
                out.of(&mut item.price);
            }
            out.of_adjustments(&mut part.discounts, &mut part.charges);
        }
        out.of_adjustments(&mut line.discounts, &mut line.charges);
    }
    for row in &mut invoice.discounts {
        row.taxes.iter_mut().for_each(settle);
        if let Some(percent) = percent_of(&row.taxes, category) {
            Out(percent).of_adjustment(&mut row.amount, &mut row.base, row.percent);
        }
    }
    for row in &mut invoice.charges {
        row.taxes.iter_mut().for_each(settle);
        if let Some(percent) = percent_of(&row.taxes, category) {
            Out(percent).of_adjustment(&mut row.amount, &mut row.base, row.percent);
        }
    }
}

/// The percentage is known: it need not be looked up again, least of all where the rate's name is of a country unknown here.
fn settle(combo: &mut Combo<'_>) {
    if combo.percent.is_some() {
        combo.rate = Default::default();
    }
}

fn percent_of(taxes: &[Combo<'_>], category: &str) -> Option<Percentage> {
    taxes.iter().find(|combo| combo.cat == category)?.percent
}

/// The tax to take out.
struct Out(Percentage);

impl Out {
    fn of(&self, amount: &mut Option<Amount>) {
        if let Some(amount) = amount {
            self.of_amount(amount);
        }
    }

    fn of_amount(&self, amount: &mut Amount) {
        *amount = amount.rescale(amount.exp() + FINER).over(self.0.factor());
    }

    fn of_adjustments(&self, discounts: &mut [LineDiscount<'_>], charges: &mut [LineCharge<'_>]) {
        for discount in discounts {
            self.of_adjustment(&mut discount.amount, &mut discount.base, discount.percent);
        }
        for charge in charges {
            self.of(&mut charge.rate);
            self.of_adjustment(&mut charge.amount, &mut charge.base, charge.percent);
        }
    }

    /// An amount that is a share of another follows by itself.
    fn of_adjustment(
        &self,
        amount: &mut Amount,
        base: &mut Option<Amount>,
        percent: Option<Percentage>,
    ) {
        self.of(base);
        if percent.is_none() {
            self.of_amount(amount);
        }
    }
}
