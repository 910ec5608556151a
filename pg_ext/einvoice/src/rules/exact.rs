//! Sums and comparisons of amounts without any rounding, as XPath makes them with decimals.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::amount::Amount;

/// A decimal number with more room than an amount: `value` units of 10^-`exp`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Exact {
    value: i128,
    exp: u32,
}

impl From<Amount> for Exact {
    fn from(amount: Amount) -> Self {
        let decimal = amount.decimal();
        Self {
            value: decimal.mantissa(),
            exp: decimal.scale(),
        }
    }
}

impl Exact {
    /// A whole number.
    pub(super) const fn whole(value: i128) -> Self {
        Self { value, exp: 0 }
    }

    /// So many hundredths.
    pub(super) const fn cents(value: i128) -> Self {
        Self { value, exp: 2 }
    }

    /// Decimals.
    pub(super) const fn exp(self) -> u32 {
        self.exp
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let (a, b, exp) = self.aligned(other);
        Self {
            value: a.saturating_add(b),
            exp,
        }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        self.plus(other.negate())
    }

    pub(super) const fn negate(self) -> Self {
        Self {
            value: self.value.saturating_neg(),
            exp: self.exp,
        }
    }

    pub(super) const fn abs(self) -> Self {
        Self {
            value: self.value.saturating_abs(),
            exp: self.exp,
        }
    }

    pub(super) const fn times(self, other: Self) -> Self {
        Self {
            value: self.value.saturating_mul(other.value),
            exp: self.exp + other.exp,
        }
    }

    /// With at most `exp` decimals, rounded as XPath does: half towards positive infinity.
    pub(super) fn round(self, exp: u32) -> Self {
        let Some(more) = self.exp.checked_sub(exp).filter(|more| *more > 0) else {
            return self;
        };
        let by = pow10(more);
        Self {
            value: self.value.saturating_add(by / 2).div_euclid(by),
            exp,
        }
    }

    pub(super) const fn is_zero(self) -> bool {
        self.value == 0
    }

    /// For people to read, with two decimals at least.
    pub(super) fn shown(self) -> Amount {
        let decimal = Decimal::try_from_i128_with_scale(self.value, self.exp).unwrap_or_default();
        Amount::from_decimal(decimal).rescale_up(2)
    }

    #[inline]
    fn aligned(self, other: Self) -> (i128, i128, u32) {
        if self.exp == other.exp {
            return (self.value, other.value, self.exp);
        }
        let exp = self.exp.max(other.exp);
        let at = |number: Self| match exp - number.exp {
            0 => number.value,
            more => number.value.saturating_mul(pow10(more)),
        };
        (at(self), at(other), exp)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(*other);
        a.cmp(&b)
    }
}

/// 10^`exp`, saturating (10^38 is the largest that fits).
const fn pow10(exp: u32) -> i128 {
    10_i128.saturating_pow(exp)
}
