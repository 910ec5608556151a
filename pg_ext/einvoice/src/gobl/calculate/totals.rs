use super::{Rules, adjustments, lines, taxes};
use crate::Poll;
use crate::amount::Amount;
use crate::gobl::model::{Invoice, Totals};
use crate::input::Error;

/// Calculates the totals from the sum of the lines, then rounds everything that is shown.
pub(super) fn calculate(
    invoice: &mut Invoice<'_>,
    rules: &Rules,
    sum: Amount,
    poll: Poll<'_>,
) -> Result<(), Error> {
    let rounding = invoice.totals.take().and_then(|totals| totals.rounding);
    let (discount, charge) = adjustments::of_document(invoice, rules, sum);
    let tax_total = taxes::calculate(invoice, rules, poll)?;
    if let Some(mut tax_total) = tax_total {
        let included = invoice
            .tax
            .as_ref()
            .map_or("", |tax| tax.prices_include.as_str());
        let included = tax_total
            .categories
            .iter()
            .find(|category| category.code == included)
            .map(|category| category.amount);
        let before = discount.map_or(sum, |discount| sum.minus(discount));
        let before = charge.map_or(before, |charge| before.plus(charge));
        let total = included.map_or(before, |included| before.minus(included));
        let tax = tax_total.sum;
        let with_tax = total.plus(tax);
        let retained = tax_total.retained;
        taxes::round(&mut tax_total, rules);
        let round = |amount: Amount| amount.rescale(rules.decimals);
        let payable = round(retained.map_or(with_tax, |retained| with_tax.minus(retained)));
        invoice.totals = Some(Box::new(Totals {
            sum: round(sum),
            discount: discount.map(round),
            charge: charge.map(round),
            tax_included: included.map(round),
            total: round(total),
            tax: round(tax),
            total_with_tax: round(with_tax),
            retained_tax: retained.map(round),
            rounding,
            payable: rounding.map_or(payable, |rounding| payable.plus(rounding)),
            taxes: Some(tax_total).filter(|taxes| !taxes.categories.is_empty()),
            ..Totals::default()
        }));
    }
    lines::round(invoice);
    let down = |amount: Amount, base: Option<Amount>| {
        amount.rescale_down(base.map_or(rules.decimals, Amount::exp))
    };
    for row in &mut invoice.discounts {
        row.amount = down(row.amount, row.base);
    }
    for row in &mut invoice.charges {
        row.amount = down(row.amount, row.base);
    }
    Ok(())
}
