use super::Addons;
use crate::amount::Percentage;
use crate::gobl::addon::{TAX_CATEGORY, category_of_key, key_of_category};
use crate::gobl::clean;
use crate::gobl::model::{Combo, Tax, TaxNote};

pub(super) fn settings(tax: &mut Tax<'_>, addons: Addons) {
    clean::code(&mut tax.prices_include);
    match tax.rounding.as_str() {
        "sum-then-round" => tax.rounding = "precise".into(),
        "round-then-sum" => tax.rounding = "currency".into(),
        _ => {}
    }
    clean::ext(&mut tax.ext);
    tax.notes
        .iter_mut()
        .for_each(|note| self::note(note, addons));
}

pub(in crate::gobl) fn note(note: &mut TaxNote<'_>, addons: Addons) {
    clean::code(&mut note.cat);
    clean::text(&mut note.text);
    clean::ext(&mut note.ext);
    if addons.en16931 && note.cat == "VAT" {
        if note.key.is_empty()
            && let Some(key) = key_of_category(note.ext.get(TAX_CATEGORY))
        {
            note.key = key.into();
        }
        match category_of_key(&note.key) {
            Some(category) => note.ext.set(TAX_CATEGORY, category),
            None => note.ext.remove(TAX_CATEGORY),
        }
    }
}

pub(super) fn combo(combo: &mut Combo<'_>, addons: Addons) {
    clean::code(&mut combo.cat);
    clean::ext(&mut combo.ext);
    if combo.cat == "VAT" {
        older_rate(combo);
        if combo.key.is_empty() && combo.percent.is_some_and(Percentage::is_zero) {
            combo.key = "zero".into();
        }
        if combo.key == "zero" && combo.percent.is_none() {
            combo.percent = Some(Percentage::ZERO);
        }
    }
    if addons.en16931 {
        category(combo);
    }
}

/// Rates of older documents that are keys today.
fn older_rate(combo: &mut Combo<'_>) {
    let key = match combo.rate.as_str() {
        "zero" => "zero",
        "exempt" => "exempt",
        "exempt+reverse-charge" => "reverse-charge",
        "exempt+export" => "export",
        "exempt+eea" | "exempt+export+eea" => "intra-community",
        "standard" => {
            combo.rate = "general".into();
            return;
        }
        other => {
            if let Some(rest) = other.strip_prefix("standard+") {
                combo.rate = format!("general+{rest}").into();
            }
            return;
        }
    };
    combo.rate = Default::default();
    combo.key = key.into();
}

/// The UNTDID 5305 category that EN 16931 asks for (BT-151).
fn category(combo: &mut Combo<'_>) {
    match combo.cat.as_str() {
        "VAT" => {
            if combo.key.is_empty() {
                combo.key = key_of_category(combo.ext.get(TAX_CATEGORY))
                    .unwrap_or("standard")
                    .into();
            }
            match category_of_key(&combo.key) {
                Some(category) => combo.ext.set(TAX_CATEGORY, category),
                None => combo.ext.remove(TAX_CATEGORY),
            }
        }
        "IGIC" => combo.ext.set(TAX_CATEGORY, "L"),
        "IPSI" => combo.ext.set(TAX_CATEGORY, "M"),
        _ => combo.ext.set(TAX_CATEGORY, "O"),
    }
}
