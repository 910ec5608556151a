//! Allowances, charges and taxes.

use super::{Rounding, Rules, own};
use crate::amount::{Amount, Percentage};
use crate::en16931::{AllowanceCharge, Invoice, LineVat, Text};
use crate::gobl::{self, List};

pub(super) fn discount<'x>(
    allowance: &AllowanceCharge<'x>,
    invoice: &Invoice<'x>,
    rules: Rules,
) -> gobl::Discount<'x> {
    let share = Share::of(allowance, invoice.totals.lines, rules);
    gobl::Discount {
        reason: own(allowance.reason.as_ref()),
        base: share.base,
        percent: share.percent,
        amount: allowance.amount.unwrap_or_default(),
        taxes: taxes(allowance.vat.as_ref(), invoice),
        ext: reason_code(allowance, gobl::ALLOWANCE),
        ..gobl::Discount::default()
    }
}

pub(super) fn charge<'x>(
    charge: &AllowanceCharge<'x>,
    invoice: &Invoice<'x>,
    rules: Rules,
) -> gobl::Charge<'x> {
    let share = Share::of(charge, invoice.totals.lines, rules);
    gobl::Charge {
        reason: own(charge.reason.as_ref()),
        base: share.base,
        percent: share.percent,
        amount: charge.amount.unwrap_or_default(),
        taxes: taxes(charge.vat.as_ref(), invoice),
        ext: reason_code(charge, gobl::CHARGE),
        ..gobl::Charge::default()
    }
}

/// `sum` is price times quantity of the line.
pub(super) fn line_discount<'x>(
    allowance: &AllowanceCharge<'x>,
    sum: Option<Amount>,
    rules: Rules,
) -> gobl::LineDiscount<'x> {
    let share = Share::of(allowance, sum, rules);
    gobl::LineDiscount {
        reason: own(allowance.reason.as_ref()),
        base: share.base,
        percent: share.percent,
        amount: allowance.amount.unwrap_or_default(),
        ext: reason_code(allowance, gobl::ALLOWANCE),
        ..gobl::LineDiscount::default()
    }
}

/// `sum` is price times quantity of the line.
pub(super) fn line_charge<'x>(
    charge: &AllowanceCharge<'x>,
    sum: Option<Amount>,
    rules: Rules,
) -> gobl::LineCharge<'x> {
    let share = Share::of(charge, sum, rules);
    gobl::LineCharge {
        reason: own(charge.reason.as_ref()),
        base: share.base,
        percent: share.percent,
        amount: charge.amount.unwrap_or_default(),
        ext: reason_code(charge, gobl::CHARGE),
        ..gobl::LineCharge::default()
    }
}

/// What an amount is a share of. GOBL computes the amount anew from these, and wants a base with a percentage only.
#[derive(Default)]
struct Share {
    percent: Option<Percentage>,
    base: Option<Amount>,
}

impl Share {
    /// Percentage and base, unless they come to another amount than the one given: that is what is charged.
    fn of(one: &AllowanceCharge<'_>, sum: Option<Amount>, rules: Rules) -> Self {
        let (Some(percent), Some(amount)) = (one.percent, one.amount) else {
            return Self::default();
        };
        let Some(base) = one.base.or(sum) else {
            return Self::default();
        };
        let off = percent.of(base.rescale_up(2)).minus(amount.rescale_up(2));
        let is_share = match rules.rounding {
            Rounding::Currency => percent.of(base.rescale(rules.decimals)) == amount,
            // The base that is known is rounded already.
            Rounding::Precise => off <= Amount::new(1, 2) && off >= Amount::new(-1, 2),
        };
        if is_share {
            Self {
                percent: Some(percent),
                base: one.base,
            }
        } else {
            Self::default()
        }
    }
}

fn reason_code<'x>(one: &AllowanceCharge<'x>, key: &'static str) -> gobl::Ext<'x> {
    let mut ext = gobl::Ext::default();
    if let Some(code) = &one.reason_code {
        ext.set(key, code.clone());
    }
    ext
}

/// BG-30, BT-95 and BT-96, BT-102 and BT-103, with the exemption code (BT-121) of the breakdown they belong to.
pub(super) fn taxes<'x>(vat: Option<&LineVat<'x>>, invoice: &Invoice<'x>) -> List<gobl::Combo<'x>> {
    let combo = |vat: &LineVat<'x>| {
        let category = category(vat.category.as_ref());
        // Outside the scope of VAT, one has a rate of zero where the other has none.
        let rate = vat.rate.unwrap_or_default();
        let breakdown = invoice
            .vat
            .iter()
            .find(|of| of.vat.category == vat.category && of.vat.rate.unwrap_or_default() == rate);
        let code = breakdown.and_then(|breakdown| breakdown.exemption_code.as_ref());
        gobl::Combo {
            cat: tax(category).into(),
            country: country(category).into(),
            key: gobl::key_of_category(category).unwrap_or_default().into(),
            percent: vat.rate,
            ext: tax_ext(category, code),
            ..gobl::Combo::default()
        }
    };
    vat.map(combo).into_iter().collect()
}

/// The category of a tax (BT-118, BT-151), where it is one that GOBL has; else nothing.
pub(super) fn category(given: Option<&Text<'_>>) -> &'static str {
    match given.map(|given| given.trim()).unwrap_or_default() {
        "S" => "S",
        "Z" => "Z",
        "E" => "E",
        "AE" => "AE",
        "K" => "K",
        "G" => "G",
        "O" => "O",
        "L" => "L",
        "M" => "M",
        _ => "",
    }
}

/// Category and exemption code.
pub(super) fn tax_ext<'x>(category: &'static str, code: Option<&Text<'x>>) -> gobl::Ext<'x> {
    let mut ext = gobl::Ext::default();
    if !category.is_empty() {
        ext.set(gobl::TAX_CATEGORY, category);
    }
    // CEN takes these codes in small letters, too.
    match code {
        Some(code) if code.bytes().any(|byte| byte.is_ascii_lowercase()) => {
            ext.set(gobl::VATEX, code.to_ascii_uppercase());
        }
        Some(code) => ext.set(gobl::VATEX, code.clone()),
        None => {}
    }
    ext
}

/// The Canary Islands, and Ceuta and Melilla, have taxes of their own in place of VAT.
pub(super) fn tax(category: &str) -> &'static str {
    match category {
        "L" => "IGIC",
        "M" => "IPSI",
        _ => "VAT",
    }
}

/// Whose tax it is, where that is not to be read from the supplier.
pub(super) fn country(category: &str) -> &'static str {
    match category {
        "L" | "M" => "ES",
        _ => "",
    }
}

/// BT-120: one note for each category and text.
pub(super) fn tax_notes<'x>(invoice: &Invoice<'x>) -> List<gobl::TaxNote<'x>> {
    let mut notes: Vec<gobl::TaxNote<'x>> = Vec::new();
    for breakdown in &invoice.vat {
        let Some(text) = &breakdown.exemption_reason else {
            continue;
        };
        let category = category(breakdown.vat.category.as_ref());
        let key = gobl::key_of_category(category).unwrap_or_default();
        if notes
            .iter()
            .any(|note| note.key == key && *note.text == **text)
        {
            continue;
        }
        let ext = tax_ext(category, None);
        notes.push(gobl::TaxNote {
            cat: tax(category).into(),
            key: key.into(),
            text: text.clone().into(),
            ext,
        });
    }
    notes.into()
}
