//! Amounts that 64 bits do not hold. As in the reference they lose decimals first; beyond that the document is refused, where the
//! reference goes on with what is left of them.

use super::refusal;
use crate::amount::Amount;
use crate::gobl::list::List;
use crate::gobl::model::{Invoice, Line, LineCharge, LineDiscount, SubLine, TaxTotal, Totals};
use crate::input::Refusal;

/// Refuses a calculated invoice in which an amount is too large. One pass is enough: what is made of such an amount is none either.
pub(super) fn check(invoice: &Invoice<'_>) -> Result<(), Refusal> {
    for (at, line) in invoice.lines.iter().enumerate() {
        if let Some(place) = in_line(line) {
            return Err(too_large(format!(
                "$.lines[{}]{place}",
                invoice.lines.place(at)
            )));
        }
    }
    for (at, row) in invoice.preceding.iter().enumerate() {
        if let Some(place) = row.tax.as_ref().and_then(in_taxes) {
            return Err(too_large(format!(
                "$.preceding[{}].tax{place}",
                invoice.preceding.place(at)
            )));
        }
    }
    let place = row("discounts", &invoice.discounts, |row| row.amount)
        .or_else(|| row("charges", &invoice.charges, |row| row.amount))
        .or_else(|| Some(format!("totals{}", in_totals(invoice.totals.as_ref()?)?)))
        .or_else(|| in_payment(invoice));
    place.map_or(Ok(()), |place| Err(too_large(format!("$.{place}"))))
}

/// A part comes before the line that it is a part of: it says more.
fn in_line(line: &Line<'_>) -> Option<String> {
    let parts = |list: &str, parts: &List<SubLine<'_>>| {
        parts.iter().enumerate().find_map(|(at, part)| {
            let price = part.item.as_ref().and_then(|item| item.price);
            let place = adjusted(&part.discounts, &part.charges).or_else(|| {
                named(&[
                    (price, ".item.price"),
                    (part.sum, ".sum"),
                    (part.total, ".total"),
                ])
            });
            place.map(|place| format!(".{list}[{}]{place}", parts.place(at)))
        })
    };
    let price = line.item.as_ref().and_then(|item| item.price);
    parts("substituted", &line.substituted)
        .or_else(|| parts("breakdown", &line.breakdown))
        .or_else(|| named(&[(price, ".item.price"), (line.sum, ".sum")]))
        .or_else(|| adjusted(&line.discounts, &line.charges))
        .or_else(|| named(&[(line.total, ".total")]))
}

fn adjusted(discounts: &List<LineDiscount<'_>>, charges: &List<LineCharge<'_>>) -> Option<String> {
    row("discounts", discounts, |row| row.amount)
        .or_else(|| row("charges", charges, |row| row.amount))
        .map(|place| format!(".{place}"))
}

fn in_totals(totals: &Totals<'_>) -> Option<String> {
    named(&[
        (Some(totals.sum), ".sum"),
        (totals.discount, ".discount"),
        (totals.charge, ".charge"),
        (totals.tax_included, ".tax_included"),
        (Some(totals.total), ".total"),
        (Some(totals.tax), ".tax"),
        (Some(totals.total_with_tax), ".total_with_tax"),
        (totals.retained_tax, ".retained_tax"),
        (Some(totals.payable), ".payable"),
        (totals.advance, ".advance"),
        (totals.due, ".due"),
    ])
    .or_else(|| Some(format!(".taxes{}", in_taxes(totals.taxes.as_ref()?)?)))
}

fn in_taxes(taxes: &TaxTotal<'_>) -> Option<String> {
    let in_categories = taxes
        .categories
        .iter()
        .enumerate()
        .find_map(|(at, category)| {
            let in_rates = category.rates.iter().enumerate().find_map(|(at, rate)| {
                let surcharge = rate.surcharge.map(|surcharge| surcharge.amount);
                let place = named(&[
                    (Some(rate.base), ".base"),
                    (Some(rate.amount), ".amount"),
                    (surcharge, ".surcharge.amount"),
                ]);
                place.map(|place| format!(".rates[{}]{place}", category.rates.place(at)))
            });
            let place = in_rates.or_else(|| {
                named(&[
                    (Some(category.amount), ".amount"),
                    (category.surcharge, ".surcharge"),
                ])
            });
            place.map(|place| format!(".categories[{}]{place}", taxes.categories.place(at)))
        });
    in_categories.or_else(|| named(&[(Some(taxes.sum), ".sum"), (taxes.retained, ".retained")]))
}

fn in_payment(invoice: &Invoice<'_>) -> Option<String> {
    let payment = invoice.payment.as_ref()?;
    let terms = payment.terms.as_ref();
    row("payment.advances", &payment.advances, |row| row.amount).or_else(|| {
        row("payment.terms.due_dates", &terms?.due_dates, |row| {
            row.amount
        })
    })
}

/// The first row of `list` whose amount is too large, by its place in what was given.
fn row<T>(list: &str, rows: &List<T>, amount: impl Fn(&T) -> Amount) -> Option<String> {
    let at = rows.iter().position(|row| amount(row).is_overflow())?;
    Some(format!("{list}[{}].amount", rows.place(at)))
}

/// The first of `amounts` that is too large.
fn named(amounts: &[(Option<Amount>, &str)]) -> Option<String> {
    let is_lost = |amount: &Option<Amount>| amount.is_some_and(Amount::is_overflow);
    let (_, name) = amounts.iter().find(|(amount, _)| is_lost(amount))?;
    Some((*name).to_owned())
}

fn too_large(path: String) -> Refusal {
    refusal(
        path,
        "the amount is too large: 64 bits hold up to 9223372036854775807, less with decimals"
            .to_owned(),
        "Check quantities, prices and percentages; if they are right, split the invoice."
            .to_owned(),
    )
}
