//! Code lists, made at build time from the CSV files in `codes/`, which name their source, version and date.

mod key;
mod table;

pub use table::{Map, Set};

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

/// The code of a GOBL unit in UN/ECE Recommendation 20 or 21 (BT-130): looked up, or the unit itself when it is written
/// as a code already (two or three of `A-Z0-9`), else `ZZ`, mutually defined.
///
/// ```
/// use einvoice::codes::unit;
/// assert_eq!(unit("h"), "HUR");
/// assert_eq!(unit("XPK"), "XPK");
/// assert_eq!(unit("furlong"), "ZZ");
/// ```
#[must_use]
pub fn unit(gobl: &str) -> &str {
    if let Some(code) = UNITS.get(gobl) {
        return code;
    }
    let is_code = matches!(gobl.len(), 2 | 3)
        && gobl
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if is_code { gobl } else { "ZZ" }
}

/// Whether a document of this type (BT-3, UNTDID 1001) gives money back.
#[must_use]
pub fn is_credit(document_type: &str) -> bool {
    DOCUMENT_TYPES.get(document_type).copied().unwrap_or(false)
}
