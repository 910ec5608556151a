//! What a GOBL invoice cannot say without saying something else: such a file is refused.

use super::adjustments::category;
use super::said;
use crate::amount::Amount;
use crate::en16931::{AllowanceCharge, Invoice, LineVat};
use crate::gobl;
use crate::input::{Refusal, RefusalKind};

/// VAT categories that GOBL has no word for: the calculation would make them standard-rated.
pub(super) fn categories(invoice: &Invoice<'_>) -> Result<(), Refusal> {
    for (at, line) in invoice.lines.iter().enumerate() {
        let path = || format!("$.lines[{at}].taxes[0]");
        known(line.vat.as_ref(), "BT-151", path)?;
    }
    adjustments(&invoice.allowances, "BT-95", "discounts")?;
    adjustments(&invoice.charges, "BT-102", "charges")?;
    for breakdown in &invoice.vat {
        known(Some(&breakdown.vat), "BT-118", || {
            "$.totals.taxes".to_owned()
        })?;
    }
    Ok(())
}

fn adjustments(all: &[AllowanceCharge<'_>], term: &str, list: &str) -> Result<(), Refusal> {
    for (at, one) in all.iter().enumerate() {
        known(one.vat.as_ref(), term, || {
            format!("$.{list}[{at}].taxes[0]")
        })?;
    }
    Ok(())
}

/// A category that is missing is none that would be lost.
fn known(vat: Option<&LineVat<'_>>, term: &str, path: impl Fn() -> String) -> Result<(), Refusal> {
    let given = said(vat.and_then(|vat| vat.category.as_ref()));
    let Some(unknown) = given.filter(|given| category(Some(given)).is_empty()) else {
        return Ok(());
    };
    let (message, hint) = match unknown.trim() {
        "B" => (
            format!("GOBL has no split payment, VAT category \"B\" ({term})"),
            "Keep the file itself: the VAT would look as if it were to be paid to the seller.",
        ),
        code => (
            format!("GOBL has no VAT category \"{code}\" ({term})"),
            "The categories are S, Z, E, AE, K, G, O, L and M: correct the file.",
        ),
    };
    Err(Refusal {
        kind: RefusalKind::Calculation,
        path: path(),
        message,
        hint: hint.to_owned(),
    })
}

/// Digits that an amount may have when it is read, decimals included.
const DIGITS: u32 = 18;

/// Amounts of a calculated invoice that are too large to be read again: a calculated one may have a digit more than a given one.
pub(super) fn amounts(built: &gobl::Invoice<'_>) -> Result<(), Refusal> {
    let decimals = gobl::decimals(&built.currency).unwrap_or(2);
    let most = Amount::new(10_i64.pow(DIGITS), decimals);
    let least = most.negate();
    let is_too_large = |amount: Amount| amount >= most || amount <= least;
    for (at, line) in built.lines.iter().enumerate() {
        let price = line.item.as_ref().and_then(|item| item.price);
        let discounts = line.discounts.iter().map(|discount| discount.amount);
        let charges = line.charges.iter().map(|charge| charge.amount);
        let sums = price.into_iter().chain(line.sum).chain(line.total);
        if sums.chain(discounts).chain(charges).any(is_too_large) {
            return Err(too_large(
                format!("$.lines[{at}]"),
                &format!("line {}", at + 1),
            ));
        }
    }
    let discounts = built.discounts.iter().map(|discount| discount.amount);
    let charges = built.charges.iter().map(|charge| charge.amount);
    if discounts.chain(charges).any(is_too_large) {
        return Err(too_large(
            "$".to_owned(),
            "the document's allowances and charges",
        ));
    }
    let totals = built.totals.iter().flat_map(|totals| {
        let sums = [
            totals.sum,
            totals.total,
            totals.tax,
            totals.total_with_tax,
            totals.payable,
        ];
        let further = [totals.discount, totals.charge, totals.advance, totals.due];
        sums.into_iter().chain(further.into_iter().flatten())
    });
    if totals.into_iter().any(is_too_large) {
        return Err(too_large("$.totals".to_owned(), "the totals"));
    }
    Ok(())
}

fn too_large(path: String, what: &str) -> Refusal {
    Refusal {
        kind: RefusalKind::Calculation,
        path,
        message: format!("the amounts of {what} come to more than {DIGITS} digits"),
        hint: "Correct quantities, prices and amounts of the file.".to_owned(),
    }
}
