//! Sums and decimals of a deposited invoice.

use rust_decimal::Decimal;

use crate::checks::mandatory;
use crate::cii::Cii;

const SUMS: &str = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeSettlement.SpecifiedTradeSettlementHeaderMonetarySummation";
const CURRENCY: &str = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeSettlement.InvoiceCurrencyCode.value";

/// Appends what does not add up, is missing, or has too many digits.
pub(crate) fn check(cii: &Cii, errors: &mut Vec<String>) {
    if cii.currency.is_none() {
        errors.push(mandatory(CURRENCY));
    }
    let totals = &cii.totals;
    for (missing, name) in [
        (totals.lines.is_none(), "LineTotalAmount"),
        (totals.net.is_none(), "TaxBasisTotalAmount"),
        (totals.gross.is_none(), "GrandTotalAmount"),
        (totals.due.is_none(), "DuePayableAmount"),
    ] {
        if missing {
            errors.push(mandatory(&format!("{SUMS}.{name}.value")));
        }
    }
    digits(cii, errors);
    let or_zero = |amount: Option<Decimal>| amount.unwrap_or_default();
    let line_sum = sum(cii.lines.iter().map(|line| or_zero(line.net)));
    let net = sum([
        or_zero(totals.lines),
        -or_zero(totals.allowances),
        or_zero(totals.charges),
    ]);
    let gross = sum([or_zero(totals.net), or_zero(totals.tax)]);
    let due = sum([
        or_zero(totals.gross),
        -or_zero(totals.prepaid),
        or_zero(totals.rounding),
    ]);
    for (stated, computed, name) in [
        (totals.lines, line_sum, "LineTotalAmount"),
        (totals.net, net, "TaxBasisTotalAmount"),
        (totals.gross, gross, "GrandTotalAmount"),
        (totals.due, due, "DuePayableAmount"),
    ] {
        let Some(stated) = stated else { continue };
        match computed {
            Some(computed) if computed == stated => {}
            Some(computed) => errors.push(format!(
                "Le montant {SUMS}.{name}.value ({stated}) differe du montant calcule ({computed})."
            )),
            None => errors.push(format!(
                "Le montant {SUMS}.{name}.value ne peut etre calcule."
            )),
        }
    }
    if cii.framework.as_deref() == Some("A2") && totals.due.is_some_and(|due| !due.is_zero()) {
        errors.push(format!("Le montant {SUMS}.DuePayableAmount.value doit etre nul pour une facture deja payee (A2)."));
    }
}

/// Amounts hold 19 digits with 2 decimals, prices 6 decimals, quantities 4.
fn digits(cii: &Cii, errors: &mut Vec<String>) {
    let mut amounts = cii
        .totals
        .amounts()
        .chain(cii.lines.iter().filter_map(|line| line.net));
    let too_long =
        |amount: Decimal| amount.normalize().mantissa().unsigned_abs() >= 10_u128.pow(19);
    if amounts.any(|amount| amount.scale() > 2 || too_long(amount)) {
        errors.push("Un montant ne doit pas depasser 19 chiffres dont 2 decimales.".into());
    }
    if cii
        .lines
        .iter()
        .filter_map(|line| line.price)
        .any(|price| price.scale() > 6 || price.is_sign_negative())
    {
        errors.push("Un prix unitaire doit etre positif et ne pas depasser 6 decimales.".into());
    }
    if cii
        .lines
        .iter()
        .filter_map(|line| line.quantity)
        .any(|quantity| quantity.scale() > 4)
    {
        errors.push("Une quantite ne doit pas depasser 4 decimales.".into());
    }
}

/// `None` when the sum leaves the range of a decimal.
fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    amounts
        .into_iter()
        .try_fold(Decimal::ZERO, Decimal::checked_add)
}
