//! Decimal numbers of XML Schema: `1324.60`, `+5`, `.5`, `5.`, with white space around them.

use crate::amount::Amount;
use crate::cii::tree::trim;
use crate::en16931::Held;

/// Most digits, from the first that is not zero, that an amount can hold for certain.
const MAX_DIGITS: u32 = 18;

/// A text read as a number.
pub(super) struct Number {
    pub(super) amount: Option<Amount>,
    /// Characters after the point, white space included.
    pub(super) decimals: u32,
    pub(super) held: Held,
    /// Whether the amount says all that the text does, minus zero included.
    pub(super) is_plain: bool,
}

pub(super) fn parse(text: &str) -> Number {
    if let Some(amount) = Amount::plain(text) {
        return Number {
            amount: Some(amount),
            decimals: amount.exp(),
            held: Held::Whole,
            is_plain: !(amount.is_zero() && text.starts_with('-')),
        };
    }
    let decimals = text.split_once('.').map_or(0, |(_, after)| {
        u32::try_from(after.chars().count()).unwrap_or(u32::MAX)
    });
    let (amount, held) = match decimal(trim(text)) {
        Some((amount, held)) => (amount, held),
        None => (None, Held::NoNumber),
    };
    Number {
        amount,
        decimals,
        held,
        is_plain: held == Held::Whole
            && amount.is_some_and(|amount| {
                amount.exp() == decimals && !(amount.is_zero() && text.contains('-'))
            }),
    }
}

/// None where the text is no `xs:decimal`.
fn decimal(text: &str) -> Option<(Option<Amount>, Held)> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (mut value, mut used, mut exp, mut held) = (0_i64, 0, 0, Held::Whole);
    for digit in whole.bytes().map(|b| i64::from(b - b'0')) {
        if used > 0 || digit > 0 {
            used += 1;
        }
        if used > MAX_DIGITS {
            return Some((None, Held::TooLarge));
        }
        value = value * 10 + digit;
    }
    for digit in fraction.bytes().map(|b| i64::from(b - b'0')) {
        if used == MAX_DIGITS || exp == MAX_DIGITS {
            if digit > 0 {
                held = Held::Cut;
            }
            continue;
        }
        if used > 0 || digit > 0 {
            used += 1;
        }
        value = value * 10 + digit;
        exp += 1;
    }
    let value = if is_negative { -value } else { value };
    Some((Some(Amount::new(value, exp)), held))
}
