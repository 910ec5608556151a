//! Identifiers as people write them: the answers that SQL gives.
//!
//! Spaces between groups are overlooked, no-break ones too, since forms and letterheads have them. Everything else is compared
//! as it is: no dots, no hyphens, no small letters.

use std::borrow::Cow;

use super::keys;
use super::scheme::is_eu_member;
use crate::gobl;

/// Whether the text is a SIREN: nine digits, the last one a key of Luhn.
///
/// ```
/// use einvoice::chorus::identifiers::siren_is_valid;
/// assert!(siren_is_valid("732 829 320"));
/// assert!(!siren_is_valid("732829321"));
/// assert!(!siren_is_valid("73282932"));
/// ```
#[must_use]
pub fn siren_is_valid(text: &str) -> bool {
    keys::siren_is_valid(&without_spaces(text))
}

/// Whether the text is a SIRET: fourteen digits, the last one a key of Luhn. Of the establishments of La Poste (SIREN 356000000)
/// those are valid too whose digits add up to a multiple of five. The SIREN within is not looked at, as SIRENE has some that
/// do not keep the key.
///
/// ```
/// use einvoice::chorus::identifiers::siret_is_valid;
/// assert!(siret_is_valid("732 829 320 00074"));
/// assert!(siret_is_valid("356 000 000 10203"));
/// assert!(!siret_is_valid("73282932000075"));
/// ```
#[must_use]
pub fn siret_is_valid(text: &str) -> bool {
    keys::siret_is_valid(&without_spaces(text))
}

/// Whether the text is a VAT number of a member of the European Union, or of Northern Ireland (`XI`): the letters of the country,
/// `EL` for Greece, and a number of the length and with the key that this country gives it. Nobody is asked whether it is
/// assigned.
///
/// ```
/// use einvoice::chorus::identifiers::vat_id_is_valid;
/// assert!(vat_id_is_valid("FR 44 732829320"));
/// assert!(vat_id_is_valid("DE136695976"));
/// assert!(!vat_id_is_valid("DE136695977"));
/// assert!(!vat_id_is_valid("136695976"));
/// assert!(!vat_id_is_valid("CHE116281710"));
/// ```
#[must_use]
pub fn vat_id_is_valid(text: &str) -> bool {
    let text = without_spaces(text);
    let Some((country, code)) = text.split_at_checked(2) else {
        return false;
    };
    let is_covered = country == "XI" || country != "GR" && is_eu_member(country);
    is_covered && gobl::is_tax_code(country, code)
}

/// Whether the text is an IBAN of a country that has them, with the length and the key of ISO 13616.
///
/// ```
/// use einvoice::chorus::identifiers::iban_is_valid;
/// assert!(iban_is_valid("FR76 3000 6000 0112 3456 7890 189"));
/// assert!(iban_is_valid("DE89370400440532013000"));
/// assert!(!iban_is_valid("FR76 3000 6000 0112 3456 7890 180"));
/// ```
#[must_use]
pub fn iban_is_valid(text: &str) -> bool {
    let text = without_spaces(text);
    let is_upper = text
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    is_upper && keys::iban_is_valid(&text)
}

fn without_spaces(text: &str) -> Cow<'_, str> {
    const SPACES: [char; 3] = [' ', '\u{a0}', '\u{202f}'];
    if text.contains(SPACES) {
        Cow::Owned(text.replace(SPACES, ""))
    } else {
        Cow::Borrowed(text)
    }
}
