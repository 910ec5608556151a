//! Allowances, charges, VAT and totals.

use super::text;
use crate::amount::{Amount, Percentage};
use crate::en16931::{AllowanceCharge, LineVat, TaxType, Text, Totals, VatBreakdown};
use crate::gobl;

/// Amounts of the document have at most two decimals (BR-DEC); in another currency they may have fewer.
pub(super) fn rounded(amount: Amount) -> Amount {
    amount.rescale_down(2)
}

pub(super) fn discount<'m>(discount: &'m gobl::Discount<'_>) -> AllowanceCharge<'m> {
    AllowanceCharge {
        amount: Some(rounded(discount.amount)),
        base: discount.base.map(rounded),
        percent: discount.percent,
        vat: vat(&discount.taxes),
        reason: text(&discount.reason),
        reason_code: text(discount.ext.get(gobl::ALLOWANCE)),
        ..AllowanceCharge::default()
    }
}

pub(super) fn charge<'m>(charge: &'m gobl::Charge<'_>) -> AllowanceCharge<'m> {
    AllowanceCharge {
        amount: Some(rounded(charge.amount)),
        base: charge.base.map(rounded),
        percent: charge.percent,
        vat: vat(&charge.taxes),
        reason: text(&charge.reason),
        reason_code: text(charge.ext.get(gobl::CHARGE)),
        ..AllowanceCharge::default()
    }
}

/// BG-30 and its likes: the first combo of VAT, else the first of any category.
pub(super) fn vat<'m>(taxes: &'m [gobl::Combo<'_>]) -> Option<LineVat<'m>> {
    let combo = taxes.get(combo(taxes))?;
    Some(line_vat(&combo.cat, &combo.key, &combo.ext, combo.percent))
}

/// Which combo that is.
pub(super) fn combo(taxes: &[gobl::Combo<'_>]) -> usize {
    taxes.iter().position(|c| c.cat == "VAT").unwrap_or(0)
}

/// Category and rate: the extension that the addon sets, else what it would set for the key.
fn line_vat<'m>(
    cat: &str,
    key: &str,
    ext: &'m gobl::Ext<'_>,
    percent: Option<Percentage>,
) -> LineVat<'m> {
    let category: Option<Text<'m>> =
        text(ext.get(gobl::TAX_CATEGORY)).or_else(|| match (cat, key) {
            ("IGIC", _) => Some("L".into()),
            ("IPSI", _) => Some("M".into()),
            ("VAT", "" | "standard") => Some("S".into()),
            ("VAT", "zero") => Some("Z".into()),
            ("VAT", "exempt") => Some("E".into()),
            ("VAT", "reverse-charge") => Some("AE".into()),
            ("VAT", "intra-community") => Some("K".into()),
            ("VAT", "export") => Some("G".into()),
            ("VAT", "outside-scope") => Some("O".into()),
            _ => None,
        });
    let rate = if category.as_deref() == Some("O") {
        None
    } else {
        Some(percent.unwrap_or_default())
    };
    LineVat {
        tax: TaxType::Vat,
        category,
        rate,
    }
}

/// Every rate of every category that adds to the total, in the order of the document.
pub(super) fn rates<'m, 'a>(
    doc: &'m gobl::Invoice<'a>,
) -> impl Iterator<
    Item = (
        usize,
        usize,
        &'m gobl::CategoryTotal<'a>,
        &'m gobl::RateTotal<'a>,
    ),
> {
    doc.totals
        .iter()
        .filter_map(|totals| totals.taxes.as_ref())
        .flat_map(|taxes| taxes.categories.iter().enumerate())
        .filter(|(_, category)| !category.retained && !category.informative)
        .flat_map(|(c, category)| {
            category
                .rates
                .iter()
                .enumerate()
                .map(move |(r, rate)| (c, r, category, rate))
        })
}

/// BG-23.
pub(super) fn breakdown<'m>(doc: &'m gobl::Invoice<'_>) -> Vec<VatBreakdown<'m>> {
    rates(doc)
        .map(|(_, _, category, rate)| {
            let vat = line_vat(&category.code, &rate.key, &rate.ext, rate.percent);
            let exemption_reason = doc
                .tax
                .as_ref()
                .and_then(|t| t.notes.iter().find(|n| explains(n, category, rate, &vat)));
            VatBreakdown {
                taxable: Some(rate.base),
                tax: Some(rate.amount),
                vat,
                exemption_reason: exemption_reason.and_then(|n| text(&n.text)),
                exemption_code: text(rate.ext.get(gobl::VATEX)),
            }
        })
        .collect()
}

/// Whether a tax note is the reason for a rate's exemption: the same category, and the same UNTDID code or key.
fn explains(
    note: &gobl::TaxNote<'_>,
    category: &gobl::CategoryTotal<'_>,
    rate: &gobl::RateTotal<'_>,
    vat: &LineVat<'_>,
) -> bool {
    if note.cat != category.code.as_str() {
        return false;
    }
    match note.ext.get(gobl::TAX_CATEGORY) {
        "" => !note.key.is_empty() && note.key == rate.key.as_str(),
        code => vat.category.as_deref() == Some(code),
    }
}

/// The rate into the currency of VAT accounting (BT-6), where that is another than the document's: the euro.
pub(super) fn accounting_rate<'m, 'a>(
    doc: &'m gobl::Invoice<'a>,
) -> Option<&'m gobl::ExchangeRate<'a>> {
    let currency = doc.currency.as_str();
    if currency == ACCOUNTING_CURRENCY {
        return None;
    }
    doc.exchange_rates
        .iter()
        .find(|rate| rate.from == currency && rate.to == ACCOUNTING_CURRENCY)
}

/// The currency that French suppliers account for VAT in.
const ACCOUNTING_CURRENCY: &str = "EUR";

pub(super) fn totals(
    totals: &gobl::Totals<'_>,
    rate: Option<&gobl::ExchangeRate<'_>>,
) -> Totals<'static> {
    Totals {
        lines: Some(totals.sum),
        allowances: totals.discount,
        charges: totals.charge,
        without_vat: Some(totals.total),
        vat: Some(totals.tax),
        vat_in_tax_currency: rate
            .map(|rate| totals.tax.rescale_up(2).times(rate.amount).rescale(2)),
        other_vat: Vec::new(),
        with_vat: Some(totals.total_with_tax),
        prepaid: totals.advance,
        rounding: totals.rounding,
        due: Some(totals.due.unwrap_or(totals.payable)),
        is_absent: false,
    }
}
