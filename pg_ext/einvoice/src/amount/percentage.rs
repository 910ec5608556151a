use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::decimal::{Amount, BadAmount};
use super::json::Number;

/// A percentage, held as its factor (GOBL `num.Percentage`): `20%` is 0.20.
///
/// ```
/// use einvoice::amount::{Amount, Percentage};
/// let vat = Percentage::parse("20%").unwrap();
/// assert_eq!(vat.of(Amount::new(1250, 2)).to_string(), "2.50");
/// assert_eq!(Percentage::parse("20").unwrap().to_string(), "2000%");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percentage(Amount);

impl Percentage {
    /// Zero percent, written `0%`.
    pub const ZERO: Self = Self(Amount::ZERO);

    /// Reads `"20%"`, or a plain factor: `"0.2"` is the same, and `"20"` is 2000 %.
    ///
    /// # Errors
    /// The text, without its `%`, is no [`Amount`], or a factor whose hundredfold is none: it could not be written as a percentage.
    ///
    /// ```
    /// use einvoice::amount::Percentage;
    /// assert!(Percentage::parse("92233720368547758").is_ok());
    /// assert!(Percentage::parse("92233720368547759").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, BadAmount> {
        match text.strip_suffix('%') {
            Some(number) => Amount::parse(number).map(Self::from_percent),
            None => Amount::parse(text)
                .map(Self)
                .ok()
                .filter(|percentage| !percentage.number().is_overflow())
                .ok_or(BadAmount),
        }
    }

    /// `from_percent(20)` is 20 %.
    #[must_use]
    pub fn from_percent(number: Amount) -> Self {
        let decimal = number.decimal();
        Self(Amount::from_mantissa(
            decimal.mantissa(),
            decimal.scale() + 2,
        ))
    }

    /// This share of `amount`, with the decimals of `amount`.
    #[must_use]
    pub fn of(self, amount: Amount) -> Amount {
        amount.times(self.0)
    }

    /// One plus the percentage: what a price with tax is divided by to take the tax out.
    #[must_use]
    pub fn factor(self) -> Amount {
        self.0.plus(Amount::new(1, 0))
    }

    /// The factor: 0.20 for 20 %.
    #[must_use]
    pub const fn amount(self) -> Amount {
        self.0
    }

    /// The number before the sign: 20 for 20 %, with the decimals that GOBL writes.
    #[must_use]
    pub fn number(self) -> Amount {
        let decimal = self.0.decimal();
        let hundredfold =
            Amount::from_mantissa(decimal.mantissa().saturating_mul(100), decimal.scale());
        hundredfold.rescale(decimal.scale().saturating_sub(2))
    }

    /// Whether it is 0 %.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.number())
    }
}

impl FromStr for Percentage {
    type Err = BadAmount;

    fn from_str(text: &str) -> Result<Self, BadAmount> {
        Self::parse(text)
    }
}

impl Serialize for Percentage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Percentage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number(
            Self::parse,
            "a percentage in quotes, such as \"20%\"",
        ))
    }
}
