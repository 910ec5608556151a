//! Keys of French identifiers: SIREN, SIRET, VAT number; and of bank accounts.

use crate::codes;

/// SIREN of La Poste, whose establishments have SIRETs of their own kind.
const LA_POSTE: &str = "356000000";

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| bytes.map(|b| b - b'0'))
}

/// The sum of Luhn: from the right, every second digit doubled, and 9 taken off what exceeds 9.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(&digit, doubled)| match u32::from(digit) {
            d if !doubled => d,
            d if d > 4 => 2 * d - 9,
            d => 2 * d,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the text is a SIREN: nine digits with the key of Luhn.
///
/// ```
/// use einvoice::chorus::keys::siren_is_valid;
/// assert!(siren_is_valid("732829320"));
/// assert!(!siren_is_valid("732829321"));
/// ```
#[must_use]
pub fn siren_is_valid(siren: &str) -> bool {
    digits::<9>(siren).is_some_and(|d| luhn(&d))
}

/// Whether the text is a SIRET: fourteen digits with the key of Luhn; establishments of La Poste may instead have a sum of
/// digits divisible by five.
///
/// ```
/// use einvoice::chorus::keys::siret_is_valid;
/// assert!(siret_is_valid("73282932000074"));
/// assert!(siret_is_valid("35600000000048"));
/// assert!(!siret_is_valid("73282932000075"));
/// ```
#[must_use]
pub fn siret_is_valid(siret: &str) -> bool {
    digits::<14>(siret).is_some_and(|d| {
        luhn(&d)
            || (siret.starts_with(LA_POSTE)
                && d.iter()
                    .map(|&digit| u32::from(digit))
                    .sum::<u32>()
                    .is_multiple_of(5))
    })
}

/// Whether the text has the shape of a SIRET: fourteen digits.
#[must_use]
pub fn is_siret(text: &str) -> bool {
    digits::<14>(text).is_some()
}

/// Whether the text is a French VAT number without its `FR`: a key of two characters and a SIREN. A key of two digits must be
/// (SIREN × 100 + 12) mod 97; a key with a letter cannot be computed and is taken as it is.
///
/// ```
/// use einvoice::chorus::keys::french_vat_is_valid;
/// assert!(french_vat_is_valid("44732829320"));
/// assert!(!french_vat_is_valid("45732829320"));
/// ```
#[must_use]
pub fn french_vat_is_valid(code: &str) -> bool {
    let Some((key, siren)) = code.split_at_checked(2) else {
        return false;
    };
    let Some(number) =
        digits::<9>(siren).map(|d| d.iter().fold(0_u64, |n, &digit| n * 10 + u64::from(digit)))
    else {
        return false;
    };
    match digits::<2>(key) {
        Some([tens, ones]) => u64::from(tens * 10 + ones) == (number * 100 + 12) % 97,
        None => key
            .bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()),
    }
}

/// The country that an identifier begins with, as VAT numbers and those of structures outside the EU do.
///
/// ```
/// use einvoice::chorus::keys::country_of;
/// assert_eq!(country_of("EL094014201"), Some("EL"));
/// assert_eq!(country_of("12"), None);
/// ```
#[must_use]
pub fn country_of(identifier: &str) -> Option<&str> {
    let (country, _) = identifier.split_at_checked(2)?;
    (country == "EL" || codes::COUNTRIES.contains(country)).then_some(country)
}

/// Whether the text is an IBAN of a known country, with the length and the key of ISO 13616. Spaces between groups are allowed.
///
/// ```
/// use einvoice::chorus::keys::iban_is_valid;
/// assert!(iban_is_valid("FR76 3000 6000 0112 3456 7890 189"));
/// assert!(!iban_is_valid("FR7630006000011234567890180"));
/// ```
#[must_use]
pub fn iban_is_valid(iban: &str) -> bool {
    iban.parse::<iban::Iban>().is_ok()
}
