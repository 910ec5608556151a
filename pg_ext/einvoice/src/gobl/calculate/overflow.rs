//! Amounts that 64 bits do not hold. As in the reference they lose decimals first; beyond that the document is refused.

use super::refusal;
use crate::amount::Amount;
use crate::gobl::model::{Line, Totals};
use crate::input::Refusal;

/// Refuses a calculated line whose sum or total is too large; `path` is the line's. Its parts come first, and all
/// before anything is rounded down.
pub(super) fn line(line: &Line<'_>, path: impl Fn() -> String) -> Result<(), Refusal> {
    for (list, parts) in [
        ("breakdown", &line.breakdown),
        ("substituted", &line.substituted),
    ] {
        for (at, part) in parts.iter().enumerate() {
            for (amount, name) in [(part.sum, "sum"), (part.total, "total")] {
                if is_cut(amount) {
                    return Err(too_large(format!(
                        "{}.{list}[{}].{name}",
                        path(),
                        parts.place(at)
                    )));
                }
            }
        }
    }
    for (amount, name) in [(line.sum, "sum"), (line.total, "total")] {
        if is_cut(amount) {
            return Err(too_large(format!("{}.{name}", path())));
        }
    }
    Ok(())
}

/// Refuses a running sum of lines that is too large: what is taken off it later must not hide that.
pub(super) fn sum(sum: Amount) -> Result<(), Refusal> {
    if sum.is_saturated() {
        return Err(too_large("$.totals.sum".to_owned()));
    }
    Ok(())
}

/// Refuses totals that are too large.
pub(super) fn totals(totals: &Totals<'_>) -> Result<(), Refusal> {
    let amounts = [
        (Some(totals.sum), "sum"),
        (totals.discount, "discount"),
        (totals.charge, "charge"),
        (totals.tax_included, "tax_included"),
        (Some(totals.total), "total"),
        (Some(totals.tax), "tax"),
        (Some(totals.total_with_tax), "total_with_tax"),
        (totals.retained_tax, "retained_tax"),
        (Some(totals.payable), "payable"),
        (totals.advance, "advance"),
        (totals.due, "due"),
    ];
    for (amount, name) in amounts {
        if is_cut(amount) {
            return Err(too_large(format!("$.totals.{name}")));
        }
    }
    let categories = totals
        .taxes
        .iter()
        .flat_map(|taxes| taxes.categories.iter());
    for (at, category) in categories.enumerate() {
        for (rate, row) in category.rates.iter().enumerate() {
            let path = || format!("$.totals.taxes.categories[{at}].rates[{rate}]");
            if is_cut(Some(row.base)) {
                return Err(too_large(path() + ".base"));
            }
            if is_cut(Some(row.amount)) {
                return Err(too_large(path() + ".amount"));
            }
        }
    }
    Ok(())
}

fn is_cut(amount: Option<Amount>) -> bool {
    amount.is_some_and(Amount::is_saturated)
}

fn too_large(path: String) -> Refusal {
    refusal(
        path,
        "the amount is too large: more than 9223372036854775806, whatever its decimals".to_owned(),
        "Check quantities, prices and percentages; if they are right, split the invoice."
            .to_owned(),
    )
}
