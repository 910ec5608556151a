//! Longest texts that Chorus Pro takes, in characters (Unicode scalar values).

/// Invoice number (BT-1) and number of the preceding invoice (BT-25).
pub const NUMBER: usize = 20;
/// Service code, "code service exécutant" (BT-10).
pub const SERVICE_CODE: usize = 100;
/// Commitment number, "numéro d'engagement" (BT-13).
pub const COMMITMENT: usize = 50;
/// Contract number, "numéro de marché" (BT-12).
pub const CONTRACT: usize = 50;
/// Names of the parties (BT-27, BT-28, BT-44, BT-45, BT-59).
pub const NAME: usize = 99;
/// Notes and terms (BT-20, BT-22).
pub const NOTE: usize = 1024;
/// Identifier of a structure outside France (schemes 2 and 3).
pub const FOREIGN_IDENTIFIER: usize = 18;
/// Characters of the name in an identifier of scheme 3, after the two of the country.
pub const OUTSIDE_EU_NAME: usize = 16;

/// Whether an invoice number has only characters that Chorus Pro takes: letters without accents, digits, space, `-`, `+`, `_`, `/`.
#[must_use]
pub fn number_charset(number: &str) -> bool {
    number
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'+' | b'_' | b'/'))
}

/// Whether a text is longer than `limit` characters; most are settled by their length in bytes.
#[must_use]
pub fn exceeds(text: &str, limit: usize) -> bool {
    text.len() > limit && text.chars().count() > limit
}
