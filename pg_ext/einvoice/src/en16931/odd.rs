//! Numbers that were written otherwise than the model holds them.

use super::{Site, Text};

/// A number of a CII file whose text says more than its [`Amount`](crate::amount::Amount) does.
///
/// The rules on decimals (BR-DEC) count the characters after the point, white space included, and XML numbers have no
/// limit, while amounts end at 18 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddNumber<'a> {
    /// Its place.
    pub site: Site,
    /// The text.
    pub text: Text<'a>,
    /// Characters after its point.
    pub decimals: u32,
    /// How much of it the model has.
    pub held: Held,
}

impl OddNumber<'_> {
    /// Whether it is written `-0.0`: for the artefact, which compares in binary floating point, that is less than zero.
    /// (`-0` is zero: its processor reads numbers without a point as integers.)
    #[must_use]
    pub fn is_minus_zero(&self) -> bool {
        self.held == Held::Whole
            && self.text.trim_start().starts_with('-')
            && self.text.contains('.')
            && !self.text.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    }
}

/// How much of a number the model has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// All of it: only its text is odd.
    Whole,
    /// All but decimals that do not fit.
    Cut,
    /// Nothing, since it is too large. The field is empty in the model, but was given.
    TooLarge,
    /// Nothing, since it is no decimal number, which the XSD says too. The field is empty in the model, but was given.
    NoNumber,
}

impl Held {
    /// Whether the model has nothing of it.
    #[must_use]
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::TooLarge | Self::NoNumber)
    }
}
