//! Tax identifiers: how each country writes its own, whatever the document's country.
//!
//! Known are the members of the European Union, Switzerland, Norway and the United Kingdom. Of other countries only what every
//! identifier has in common is checked: capital letters and digits.

mod arithmetic;
mod keys;

use super::clean;
use super::model::TaxIdentity;
use super::regime::{french_tax_code, is_french_tax_code};

/// Writes an identifier in the form of its own country.
pub(super) fn normalise(tax_id: &mut TaxIdentity<'_>) {
    clean::code(&mut tax_id.code);
    clean::code(&mut tax_id.scheme);
    if tax_id.country == "GR" {
        tax_id.country = "EL".into();
    }
    if tax_id.code.is_empty() {
        return;
    }
    let letters = clean::tax_code(&tax_id.code);
    let bare = letters
        .strip_prefix(tax_id.country.as_str())
        .unwrap_or(&letters);
    let own = match tax_id.country.as_str() {
        "FR" => french_tax_code(bare),
        "BE" if bare.len() == 9 && is_number(bare) => Some(format!("0{bare}")),
        "CH" => ["MWST", "TVA", "IVA"]
            .into_iter()
            .find_map(|suffix| bare.strip_suffix(suffix))
            .map(ToOwned::to_owned),
        "NO" if bare.len() == 9 && is_number(bare) => Some(format!("{bare}MVA")),
        _ => None,
    };
    match own {
        Some(code) => tax_id.code = code.into(),
        None if tax_id.code != bare => tax_id.code = bare.to_owned().into(),
        None => {}
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `code` is an identifier of a country that is known here.
pub(crate) fn is_tax_code(country: &str, code: &str) -> bool {
    // No country's identifiers are empty: one that has nothing against the empty text is not known.
    wanted(country, code).is_none() && wanted(country, "").is_some()
}

/// The form that identifiers of a country have, where `code` is not one of them: in words, or with its key.
/// Nothing for a code that may be one, and for countries that are not known.
pub(super) fn wanted(country: &str, code: &str) -> Option<&'static str> {
    let (is_one, form): (fn(&str) -> bool, _) = match country {
        "AT" => (keys::austria, "U and 8 digits, the last one a key"),
        "BE" => (keys::belgium, "10 digits, the last two a key"),
        "BG" => (keys::bulgaria, "9 or 10 digits, the last one a key"),
        "CH" => (keys::switzerland, "E and 9 digits, the last one a key"),
        "CY" => (keys::cyprus, "8 digits and a key letter"),
        "CZ" => (keys::czechia, "8 to 10 digits, the last one a key"),
        "DE" => (keys::germany, "9 digits, the last one a key"),
        "DK" => (keys::denmark, "8 digits, the last one a key"),
        "EE" => (keys::estonia, "9 digits, the last one a key"),
        "EL" => (keys::greece, "9 digits, the last one a key"),
        "ES" => (keys::spain, "9 characters, the last one a key"),
        "FI" => (keys::finland, "8 digits, the last one a key"),
        "FR" => (
            is_french_tax_code,
            "a key of 2 characters and the 9 digits of the SIREN",
        ),
        "GB" | "XI" => (
            keys::united_kingdom,
            "9 or 12 digits, the eighth and ninth a key",
        ),
        "HR" => (keys::croatia, "11 digits, the last one a key"),
        "HU" => (keys::hungary, "8 digits, the last one a key"),
        "IE" => (
            keys::ireland,
            "7 digits and 1 or 2 letters, the eighth character a key",
        ),
        "IT" => (keys::italy, "11 digits, the last one a key"),
        "LT" => (keys::lithuania, "9 or 12 digits, the last one a key"),
        "LU" => (keys::luxembourg, "8 digits, the last two a key"),
        "LV" => (keys::latvia, "11 digits, the last one a key"),
        "MT" => (keys::malta, "8 digits, the last two a key"),
        "NL" => (keys::netherlands, "9 digits, B and 2 digits, with a key"),
        "NO" => (keys::norway, "9 digits, the last one a key, and MVA"),
        "PL" => (keys::poland, "10 digits, the last one a key"),
        "PT" => (keys::portugal, "9 digits, the last one a key"),
        "RO" => (keys::romania, "2 to 10 digits, the last one a key"),
        "SE" => (keys::sweden, "12 digits, the tenth a key"),
        "SI" => (keys::slovenia, "8 digits, the last one a key"),
        "SK" => (keys::slovakia, "10 digits, together divisible by 11"),
        _ => return None,
    };
    (!is_one(code)).then_some(form)
}
