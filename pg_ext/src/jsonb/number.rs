//! A `numeric` inside a JSONB document, as an integer or as decimal text: never through `f64`.
//!
//! A `numeric` is a varlena: a header of two bytes (sign, display scale and, in the short form, the weight) or four
//! (the same, longer), then digits to the base 10 000, the first worth 10 000 to the power of the weight. Source:
//! `src/backend/utils/adt/numeric.c` of PostgreSQL.

use super::container::Corrupt;
use super::reading::{Fault, MAX_NUMBER_DIGITS};

#[cfg(target_endian = "big")]
compile_error!("the varlena header is read in its little-endian form only");

/// Decimal digits in one digit of a `numeric`.
pub(super) const DIGIT_WIDTH: usize = 4;
const BASE: i128 = 10_000;

const SIGN_MASK: u16 = 0xC000;
pub(super) const NEGATIVE: u16 = 0x4000;
pub(super) const SHORT: u16 = 0x8000;
const SPECIAL: u16 = 0xC000;
pub(super) const SHORT_NEGATIVE: u16 = 0x2000;
const SHORT_SCALE_MASK: u16 = 0x1F80;
pub(super) const SHORT_SCALE_SHIFT: u32 = 7;
pub(super) const SHORT_WEIGHT_SIGN: u16 = 0x0040;
pub(super) const SHORT_WEIGHT_MASK: u16 = 0x003F;
const LONG_SCALE_MASK: u16 = 0x3FFF;

/// A number as PostgreSQL prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Number {
    /// No decimals, and small enough.
    Integer(i128),
    /// Anything else: sign, digits, point, and as many decimals as were written (`1.10` stays `1.10`).
    Text(String),
}

/// The parts of a `numeric` that is neither NaN nor infinite.
struct Parts<'de> {
    negative: bool,
    /// Decimals shown.
    scale: usize,
    /// Exponent of the first digit, to the base 10 000.
    weight: i32,
    digits: &'de [[u8; 2]],
}

/// Decodes a `numeric` varlena.
pub(crate) fn decode(varlena: &[u8]) -> Result<Number, Fault> {
    let parts = Parts::parse(varlena)?;
    let integer_digits = usize::try_from(parts.weight + 1).unwrap_or(0) * DIGIT_WIDTH;
    if integer_digits + parts.scale > MAX_NUMBER_DIGITS {
        return Err(Fault::NumberTooLong);
    }
    if parts.scale == 0
        && let Some(integer) = parts.integer()
    {
        return Ok(Number::Integer(integer));
    }
    Ok(Number::Text(parts.text(integer_digits)))
}

impl<'de> Parts<'de> {
    fn parse(varlena: &'de [u8]) -> Result<Self, Fault> {
        const SHORTER: Fault = Fault::Corrupt(Corrupt("a number is shorter than its header says"));
        let body = body(varlena)?;
        let (head, rest) = body.split_first_chunk::<2>().ok_or(SHORTER)?;
        let head = u16::from_ne_bytes(*head);
        let (negative, scale, weight, digits) = match head & SIGN_MASK {
            SPECIAL => return Err(Fault::NotFinite),
            SHORT => {
                let low = i32::from(head & SHORT_WEIGHT_MASK);
                let weight = if head & SHORT_WEIGHT_SIGN == 0 {
                    low
                } else {
                    low - i32::from(SHORT_WEIGHT_MASK) - 1
                };
                (
                    head & SHORT_NEGATIVE != 0,
                    (head & SHORT_SCALE_MASK) >> SHORT_SCALE_SHIFT,
                    weight,
                    rest,
                )
            }
            sign => {
                let (weight, digits) = rest.split_first_chunk::<2>().ok_or(SHORTER)?;
                (
                    sign == NEGATIVE,
                    head & LONG_SCALE_MASK,
                    i32::from(i16::from_ne_bytes(*weight)),
                    digits,
                )
            }
        };
        let (digits, odd) = digits.as_chunks();
        if !odd.is_empty()
            || digits
                .iter()
                .any(|digit| i128::from(u16::from_ne_bytes(*digit)) >= BASE)
        {
            return Err(Fault::Corrupt(Corrupt("a number has a digit that is none")));
        }
        Ok(Self {
            negative,
            scale: usize::from(scale),
            weight,
            digits,
        })
    }

    /// The digit worth 10 000 to the power of `exponent`.
    fn digit(&self, exponent: i32) -> u16 {
        let index = usize::try_from(self.weight - exponent).ok();
        index
            .and_then(|index| self.digits.get(index))
            .map_or(0, |digit| u16::from_ne_bytes(*digit))
    }

    /// The whole part, where it fits.
    fn integer(&self) -> Option<i128> {
        let mut value = 0_i128;
        for exponent in (0..=self.weight).rev() {
            value = value
                .checked_mul(BASE)?
                .checked_add(i128::from(self.digit(exponent)))?;
        }
        Some(if self.negative { -value } else { value })
    }

    fn text(&self, integer_digits: usize) -> String {
        let mut text = String::with_capacity(integer_digits + self.scale + 3);
        if self.negative {
            text.push('-');
        }
        let start = text.len();
        for exponent in (0..=self.weight).rev() {
            push_digit(&mut text, self.digit(exponent), DIGIT_WIDTH);
        }
        // A number has no leading zeros, but one digit before the point at least.
        let zeros = text
            .bytes()
            .skip(start)
            .take_while(|byte| *byte == b'0')
            .count();
        text.replace_range(
            start..start + zeros,
            if text.len() == start + zeros { "0" } else { "" },
        );
        if self.scale > 0 {
            text.push('.');
            let mut exponent = -1;
            let mut missing = self.scale;
            while missing > 0 {
                let width = missing.min(DIGIT_WIDTH);
                push_digit(&mut text, self.digit(exponent), width);
                missing -= width;
                exponent -= 1;
            }
        }
        text
    }
}

/// The first `width` decimal digits of one digit to the base 10 000.
fn push_digit(text: &mut String, digit: u16, width: usize) {
    let decimals = [digit / 1000, digit / 100 % 10, digit / 10 % 10, digit % 10];
    text.extend(
        decimals
            .iter()
            .take(width)
            .filter_map(|decimal| char::from_digit(u32::from(*decimal), 10)),
    );
}

/// The bytes after the varlena header, of one byte or four.
fn body(varlena: &[u8]) -> Result<&[u8], Fault> {
    let first = *varlena
        .first()
        .ok_or(Fault::Corrupt(Corrupt("a number is empty")))?;
    let (header, length) = if first & 1 == 1 {
        (1, usize::from(first >> 1))
    } else {
        let head = varlena
            .first_chunk::<4>()
            .ok_or(Fault::Corrupt(Corrupt("a number has no header")))?;
        if first & 3 != 0 {
            return Err(Fault::Corrupt(Corrupt("a number is compressed")));
        }
        (4, (u32::from_ne_bytes(*head) >> 2) as usize)
    };
    varlena
        .get(header..length)
        .ok_or(Fault::Corrupt(Corrupt("a number reaches beyond its entry")))
}
