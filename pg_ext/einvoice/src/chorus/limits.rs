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
/// First line and city of an address (BT-35, BT-37, BT-50, BT-52).
pub const ADDRESS: usize = 400;
/// Name of the buyer's service, "nom du service" (BT-56).
pub const SERVICE_NAME: usize = 255;
/// Identifier of the place of delivery (BT-71).
pub const PLACE: usize = 20;
/// Account to pay into (BT-84), without spaces: the length of a French IBAN.
pub const ACCOUNT: usize = 27;
/// Reference and file name of a supporting document (BT-122, BT-125-2).
pub const FILE_NAME: usize = 50;
/// Lines of an invoice.
pub const LINES: usize = 999_999;
/// Identifier of a structure outside France (schemes 2 and 3).
pub const FOREIGN_IDENTIFIER: usize = 18;
/// Identifier of a person or of any other structure (scheme 6).
pub const OTHER_IDENTIFIER: usize = 80;
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
