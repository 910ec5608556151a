//! Amounts in answers: JSON numbers read digit by digit, since binary floating point would change cents.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

/// An amount of an answer (`montantHT`, …), exactly as written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Decimal);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let digits = raw.get().trim_matches('"');
        Decimal::from_str_exact(digits)
            .or_else(|_| Decimal::from_scientific(digits))
            .map(Self)
            .map_err(|_| D::Error::custom(format!("{digits} is no amount")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_digits_however_they_are_written() {
        let amounts: Vec<Amount> =
            serde_json::from_str(r#"[100.0, 0.1, 1e3, "120.00", -7, 90071992547409.93]"#).unwrap();
        let expected = ["100", "0.1", "1000", "120", "-7", "90071992547409.93"];
        for (amount, expected) in amounts.iter().zip(expected) {
            assert_eq!(amount.0, expected.parse::<Decimal>().unwrap());
        }
        assert!(serde_json::from_str::<Amount>("\"1 324,60\"").is_err());
    }
}
