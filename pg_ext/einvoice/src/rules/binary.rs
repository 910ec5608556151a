//! Sums as the artefact makes them: in binary numbers of 53 digits, rounded after each step.
//!
//! Where an amount has more than two decimals, the sum may lie between two cents; which of them it is rounded to then depends on
//! how near the binary numbers come to the decimal ones. The steps are those of IEEE 754, made with integers.

use super::exact::Exact;
use crate::amount::Amount;

/// Digits of a number.
const DIGITS: u32 = 53;

/// Most decimals of an amount that a binary number can be made of here.
const MAX_EXP: u32 = 18;

/// How a sum becomes one of cents.
#[derive(Clone, Copy)]
pub(super) enum Cents {
    /// Times ten, times ten again, rounded: `round(sum * 10 * 10) div 100`.
    ByTens,
    /// As a decimal number times a hundred, rounded: `round(xs:decimal(sum) * 100) div 100`.
    ByHundred,
}

/// The sum of amounts, rounded to two decimals; none where they are beyond what is computed here.
pub(super) fn sum(amounts: impl Iterator<Item = Amount>, cents: Cents) -> Option<Exact> {
    let mut sum = Binary::default();
    for amount in amounts {
        sum = sum.plus(Binary::of(amount)?)?;
    }
    let hundredfold = match cents {
        Cents::ByTens => sum.times(10).times(10).rounded(1),
        Cents::ByHundred => sum.rounded(100),
    };
    Some(Exact::cents(hundredfold?))
}

/// Whether two amounts that are exactly one unit apart are less than that in binary numbers; none where they are beyond what
/// is computed here.
pub(super) fn is_within_one(one: Amount, other: Amount) -> Option<bool> {
    let unit = Binary::of(Amount::new(1, 0))?;
    let (one, other) = (Binary::of(one)?, Binary::of(other)?);
    let less = one.plus(unit.negate())?.plus(other.negate())?;
    let more = one.plus(unit)?.plus(other.negate())?;
    Some(less.mantissa < 0 && more.mantissa > 0)
}

/// `mantissa` × 2^`exp`, the mantissa with all its digits, or zero.
#[derive(Clone, Copy, Default)]
struct Binary {
    mantissa: i64,
    exp: i32,
}

impl Binary {
    /// The number nearest to an amount.
    fn of(amount: Amount) -> Option<Self> {
        let decimal = amount.decimal();
        let scale = decimal.scale();
        if scale > MAX_EXP {
            return None;
        }
        let value = decimal.mantissa().unsigned_abs();
        let shift = value.leading_zeros().min(127);
        let by = 10_u128.pow(scale);
        let shifted = value << shift;
        let near = Self::nearest(
            shifted / by,
            -i32::try_from(shift).ok()?,
            !shifted.is_multiple_of(by),
        );
        Some(if decimal.is_sign_negative() {
            near.negate()
        } else {
            near
        })
    }

    /// The number nearest to `value` × 2^`exp`, or to a little more; the even one of two that are as near.
    fn nearest(value: u128, exp: i32, is_more: bool) -> Self {
        let length = 128 - value.leading_zeros();
        let Some(excess) = length.checked_sub(DIGITS).filter(|excess| *excess > 0) else {
            return Self {
                mantissa: i64::try_from(value).unwrap_or_default(),
                exp,
            };
        };
        let kept = value >> excess;
        let rest = value & ((1 << excess) - 1);
        let half = 1 << (excess - 1);
        let is_up = rest > half || rest == half && (is_more || kept & 1 == 1);
        Self {
            mantissa: i64::try_from(kept).unwrap_or_default() + i64::from(is_up),
            exp: exp + excess.cast_signed(),
        }
    }

    const fn negate(self) -> Self {
        Self {
            mantissa: -self.mantissa,
            exp: self.exp,
        }
    }

    fn from_signed(value: i128, exp: i32) -> Self {
        let near = Self::nearest(value.unsigned_abs(), exp, false);
        if value < 0 { near.negate() } else { near }
    }

    fn plus(self, other: Self) -> Option<Self> {
        if self.mantissa == 0 {
            return Some(other);
        }
        if other.mantissa == 0 {
            return Some(self);
        }
        let exp = self.exp.min(other.exp);
        let at = |number: Self| {
            let shift = u32::try_from(number.exp - exp).ok()?;
            (shift < 127 - DIGITS - 2).then(|| i128::from(number.mantissa) << shift)
        };
        Some(Self::from_signed(at(self)? + at(other)?, exp))
    }

    fn times(self, by: i64) -> Self {
        Self::from_signed(i128::from(self.mantissa) * i128::from(by), self.exp)
    }

    /// This many times the number, as a whole one: half towards positive infinity.
    fn rounded(self, times: i128) -> Option<i128> {
        let value = i128::from(self.mantissa) * times;
        match u32::try_from(-self.exp) {
            Ok(0) => Some(value),
            Ok(shift) if shift < 120 => Some((value + (1 << (shift - 1))) >> shift),
            Ok(_) => Some(0),
            Err(_) => value.checked_shl(u32::try_from(self.exp).ok()?),
        }
    }
}
