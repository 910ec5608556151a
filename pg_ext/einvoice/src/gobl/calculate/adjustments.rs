use super::Rules;
use crate::amount::{Amount, Percentage};
use crate::gobl::model::{Invoice, LineCharge, LineDiscount};

/// Applies the allowances and charges of a line to its sum, and gives its total.
pub(super) fn of_line(
    sum: Amount,
    quantity: Amount,
    discounts: &mut [LineDiscount<'_>],
    charges: &mut [LineCharge<'_>],
    rules: &Rules,
) -> Amount {
    let mut total = sum;
    for discount in discounts {
        if let Some(percent) = discount.percent {
            discount.amount = percent.of(line_base(&mut discount.base, sum, rules));
        }
        discount.amount = discount.amount.rescale_up(rules.decimals);
        total = total.minus(discount.amount);
    }
    for charge in charges {
        if let Some(percent) = charge.percent {
            charge.amount = percent.of(line_base(&mut charge.base, sum, rules));
        }
        if let Some(rate) = charge.rate {
            charge.amount = rate.times(charge.quantity.unwrap_or(quantity));
        }
        charge.amount = charge.amount.rescale_up(rules.decimals);
        total = total.plus(charge.amount);
    }
    total
}

fn line_base(base: &mut Option<Amount>, sum: Amount, rules: &Rules) -> Amount {
    match base {
        Some(base) => {
            *base = base.rescale_up(rules.decimals);
            rules.round(base.rescale_up(rules.decimals + 2))
        }
        None => sum,
    }
}

/// Calculates the allowances and charges of the document from the sum of its lines; none builds on another.
/// Gives the sums of both, where there are any.
pub(super) fn of_document(
    invoice: &mut Invoice<'_>,
    rules: &Rules,
    sum: Amount,
) -> (Option<Amount>, Option<Amount>) {
    let amount = |given: Amount, base: Option<Amount>, percent: Option<Percentage>| {
        let of = || base.map_or(sum, |base| rules.round(base.rescale_up(rules.decimals + 2)));
        rules.round(percent.map_or(given, |percent| percent.of(of())))
    };
    for (discount, index) in invoice.discounts.iter_mut().zip(1..) {
        discount.index = index;
        discount.amount = amount(discount.amount, discount.base, discount.percent);
    }
    for (charge, index) in invoice.charges.iter_mut().zip(1..) {
        charge.index = index;
        charge.amount = amount(charge.amount, charge.base, charge.percent);
    }
    let total = |amounts: &mut dyn Iterator<Item = Amount>| {
        amounts.fold(None, |sum: Option<Amount>, amount| {
            Some(sum.unwrap_or(rules.zero()).match_exp(amount).plus(amount))
        })
    };
    (
        total(&mut invoice.discounts.iter().map(|discount| discount.amount)),
        total(&mut invoice.charges.iter().map(|charge| charge.amount)),
    )
}
