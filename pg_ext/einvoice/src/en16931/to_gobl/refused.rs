//! What a GOBL invoice cannot say without saying something else: such a file is refused.

use super::adjustments::category;
use super::said;
use crate::en16931::{AllowanceCharge, Invoice, LineVat};
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
