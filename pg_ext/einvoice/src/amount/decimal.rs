use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// Most significant digits that a text may have; further decimals are cut off, not rounded.
const MAX_DIGITS: usize = 18;

/// Most decimals that an amount can carry (what [`Decimal`] can hold).
const MAX_EXP: u32 = 28;

/// A decimal number whose count of decimals is part of its value's text (GOBL `num.Amount`).
///
/// Equality and order go by value: `1.5` equals `1.50`.
///
/// ```
/// use einvoice::amount::Amount;
/// let price = Amount::parse("10.555").unwrap();
/// let quantity = Amount::new(3, 0);
/// assert_eq!(price.times(quantity).to_string(), "31.665");
/// assert_eq!(price.times(quantity).rescale(2).to_string(), "31.67");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

/// A text that is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number such as \"12.50\"")]
pub struct BadAmount;

impl Amount {
    /// Zero without decimals.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A result that does not fit; larger than any that does.
    const OVERFLOW: Self = Self(Decimal::MAX);

    /// `value` units of 10^-`exp`: `new(1250, 2)` is 12.50. More than 28 decimals are rounded away.
    #[must_use]
    pub fn new(value: i64, exp: u32) -> Self {
        Self::from_mantissa(i128::from(value), exp)
    }

    /// Reads GOBL text: an optional sign, digits, and at most one point with digits.
    ///
    /// The oddities of the reference are accepted (`5.` is 5, `+5` is 5, `--5` is 5, `5.+5` is 5.05);
    /// exponents, a leading point, spaces and more than 18 digits before the point are not.
    ///
    /// # Errors
    /// The text is none of that.
    pub fn parse(text: &str) -> Result<Self, BadAmount> {
        match Self::plain(text) {
            Some(amount) => Ok(amount),
            None => Self::odd(text),
        }
    }

    /// What nearly every amount is: at most 18 characters, a point among them perhaps, and a sign before perhaps.
    pub(crate) fn plain(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text).as_bytes();
        if unsigned.is_empty() || unsigned.len() > MAX_DIGITS {
            return None;
        }
        let mut value = 0;
        let mut point = None;
        for (at, byte) in unsigned.iter().enumerate() {
            match byte {
                b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
                b'.' if at > 0 && point.is_none() => point = Some(at),
                _ => return None,
            }
        }
        let decimals = point.map_or(0, |at| unsigned.len() - at - 1);
        let value = if unsigned.len() < text.len() {
            -value
        } else {
            value
        };
        Some(Self(Decimal::new(value, u32::try_from(decimals).ok()?)))
    }

    fn odd(text: &str) -> Result<Self, BadAmount> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((_, decimals)) if decimals.contains('.') => return Err(BadAmount),
            Some((whole, decimals)) => (whole, decimals),
            None => (digits, ""),
        };
        let used = whole.trim_start_matches('0').len();
        if used > MAX_DIGITS {
            return Err(BadAmount);
        }
        let decimals = decimals.get(..MAX_DIGITS - used).unwrap_or(decimals);
        let head = signed(whole)?;
        let tail = if decimals.is_empty() {
            0
        } else {
            signed(decimals)?
        };
        let exp = u32::try_from(decimals.len()).map_err(|_| BadAmount)?;
        let value = head.saturating_mul(pow10(exp)).saturating_add(tail);
        Ok(Self::from_mantissa(
            if negative { -value } else { value },
            exp,
        ))
    }

    /// The number of decimals.
    #[must_use]
    pub const fn exp(self) -> u32 {
        self.0.scale()
    }

    /// With exactly `exp` decimals, rounded half away from zero.
    #[must_use]
    pub fn rescale(self, exp: u32) -> Self {
        if exp == self.exp() || self.is_overflow() {
            return self;
        }
        if exp < self.exp() {
            return Self::from_mantissa(divide(self.value(), pow10(self.exp() - exp)), exp);
        }
        // Nineteen more digits are more than 64 bits hold: what lies beyond is dropped again at once.
        let more = if self.is_zero() {
            exp - self.exp()
        } else {
            (exp - self.exp()).min(19)
        };
        Self::from_mantissa(self.value().saturating_mul(pow10(more)), self.exp() + more)
    }

    /// With at least `exp` decimals.
    #[must_use]
    pub fn rescale_up(self, exp: u32) -> Self {
        if exp > self.exp() {
            self.rescale(exp)
        } else {
            self
        }
    }

    /// With at most `exp` decimals, rounded half away from zero.
    #[must_use]
    pub fn rescale_down(self, exp: u32) -> Self {
        if exp < self.exp() {
            self.rescale(exp)
        } else {
            self
        }
    }

    /// With at least as many decimals as `other`.
    #[must_use]
    pub fn match_exp(self, other: Self) -> Self {
        self.rescale_up(other.exp())
    }

    /// Sum with the decimals of `self`; `other` is rounded to them first.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        if self.is_overflow() || other.is_overflow() {
            return Self::OVERFLOW;
        }
        let other = other.rescale(self.exp());
        // Where `other` was too large for the exponent it kept fewer decimals: bring both to those.
        let exp = self.exp().min(other.exp());
        Self::from_mantissa(self.rescale(exp).value() + other.rescale(exp).value(), exp)
    }

    /// Difference with the decimals of `self`; `other` is rounded to them first.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(other.negate())
    }

    /// Product with the decimals of `self`.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        if self.is_overflow() || other.is_overflow() {
            return Self::OVERFLOW;
        }
        // Two 64-bit values: the product always fits 128 bits.
        Self::from_mantissa(
            divide(self.value() * other.value(), pow10(other.exp())),
            self.exp(),
        )
    }

    /// Quotient with the decimals of `self`; division by zero gives zero.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        if self.is_overflow() || other.is_overflow() {
            return Self::OVERFLOW;
        }
        if other.is_zero() {
            return Self::from_mantissa(0, self.exp());
        }
        match self.value().checked_mul(pow10(other.exp())) {
            Some(value) => Self::from_mantissa(divide(value, other.value()), self.exp()),
            // The dividend is beyond 128 bits; the divisor's own decimals are the ones to give up.
            None => self.over(other.rescale(other.exp() / 2)),
        }
    }

    /// With the other sign.
    #[must_use]
    pub fn negate(self) -> Self {
        if self.is_overflow() {
            return self;
        }
        Self::from_mantissa(-self.value(), self.exp())
    }

    /// Whether it stands for a result that 64 bits do not hold even without decimals. Whatever is made of it does so, too.
    ///
    /// ```
    /// use einvoice::amount::Amount;
    /// let large = Amount::parse("999999999999999999").unwrap();
    /// assert!(!large.times(Amount::new(9, 0)).is_overflow());
    /// let lost = large.times(Amount::new(10, 0));
    /// assert!(lost.is_overflow() && lost.minus(lost).is_overflow());
    /// ```
    #[must_use]
    pub fn is_overflow(self) -> bool {
        self.0 == Self::OVERFLOW.0
    }

    /// Whether the value is zero, whatever its decimals.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether the value is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.value() < 0
    }

    /// The same number, same decimals.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// The same number; decimals are lost where it does not fit 64 bits.
    #[must_use]
    pub fn from_decimal(decimal: Decimal) -> Self {
        Self::from_mantissa(decimal.mantissa(), decimal.scale())
    }

    /// The integer of which [`exp`](Self::exp) says how many digits are decimals.
    fn value(self) -> i128 {
        self.0.mantissa()
    }

    /// Drops decimals until the value fits 64 bits and the exponent its limit; what does not fit without decimals is [`Self::OVERFLOW`].
    pub(super) fn from_mantissa(mut value: i128, mut exp: u32) -> Self {
        if exp > MAX_EXP {
            value = divide(value, pow10(exp - MAX_EXP));
            exp = MAX_EXP;
        }
        loop {
            match i64::try_from(value) {
                Ok(value) => return Self(Decimal::new(value, exp)),
                Err(_) if exp > 0 => {
                    value = divide(value, 10);
                    exp -= 1;
                }
                Err(_) => return Self::OVERFLOW,
            }
        }
    }
}

/// 10^`exp`, saturating (10^38 is the largest that fits).
fn pow10(exp: u32) -> i128 {
    10_i128.saturating_pow(exp)
}

/// Division rounded half away from zero. `by` is never zero.
fn divide(value: i128, by: i128) -> i128 {
    let (quotient, rest) = (
        value.checked_div(by).unwrap_or(0),
        value.checked_rem(by).unwrap_or(0),
    );
    if rest.unsigned_abs() >= by.unsigned_abs().div_ceil(2) && rest != 0 {
        quotient + if (value < 0) == (by < 0) { 1 } else { -1 }
    } else {
        quotient
    }
}

/// Up to 18 digits with an optional sign.
fn signed(text: &str) -> Result<i128, BadAmount> {
    text.parse::<i64>().map(i128::from).map_err(|_| BadAmount)
}

impl Default for Amount {
    fn default() -> Self {
        Self::ZERO
    }
}

/// Room for 28 decimals and a digit before them, or for the 19 digits of 64 bits; and for the point.
const DIGITS: usize = 30;

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_overflow() {
            // No number: nobody may read it as one.
            return f.pad("?");
        }
        f.pad_integral(self.value() >= 0, "", self.digits(&mut [b'0'; DIGITS]))
    }
}

impl Amount {
    /// Adds the amount to a text, as [`Display`](fmt::Display) writes it, at a third of the cost.
    ///
    /// ```
    /// use einvoice::amount::Amount;
    /// let mut text = String::from("EUR ");
    /// Amount::new(-1250, 2).write_to(&mut text);
    /// assert_eq!(text, "EUR -12.50");
    /// ```
    pub fn write_to(self, text: &mut String) {
        if self.value() < 0 {
            text.push('-');
        }
        text.push_str(self.digits(&mut [b'0'; DIGITS]));
    }

    /// The amount without its sign, at the end of the room given (full of zeros).
    ///
    /// From the last digit to the first: the way of [`Decimal`], made for 96 bits, takes three times as long.
    fn digits(self, buffer: &mut [u8; DIGITS]) -> &str {
        let mut rest = u64::try_from(self.value().unsigned_abs()).unwrap_or(u64::MAX);
        let mut start = buffer.len();
        let mut put = |byte| {
            start -= 1;
            if let Some(place) = buffer.get_mut(start) {
                *place = byte;
            }
        };
        let mut decimals = self.exp();
        while decimals > 0 {
            put(digit(rest % 10));
            rest /= 10;
            decimals -= 1;
            if decimals == 0 {
                put(b'.');
            }
        }
        put(digit(rest % 10));
        while rest >= 10 {
            rest /= 10;
            put(digit(rest % 10));
        }
        let text = buffer.get(start..).unwrap_or_default();
        str::from_utf8(text).unwrap_or_default()
    }
}

/// A digit's character.
fn digit(value: u64) -> u8 {
    u8::try_from(value).map_or(b'?', |value| b'0' + value)
}

impl FromStr for Amount {
    type Err = BadAmount;

    fn from_str(text: &str) -> Result<Self, BadAmount> {
        Self::parse(text)
    }
}
