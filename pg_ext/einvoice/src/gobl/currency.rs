//! Currencies by the decimals that GOBL gives their amounts.

use crate::codes;

/// Decimals of amounts in a currency; nothing for a code that is no currency.
///
/// GOBL departs from ISO 4217 in a few: the forint has no decimals, ariary and ouguiya have five.
#[must_use]
pub fn decimals(code: &str) -> Option<u32> {
    match code {
        "HUF" => Some(0),
        "MGA" | "MRU" => Some(5),
        _ => codes::CURRENCIES
            .get(code)
            .or_else(|| codes::OTHER_CURRENCIES.get(code))
            .map(|decimals| u32::from(*decimals)),
    }
}
