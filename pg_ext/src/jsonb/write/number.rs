//! A decimal number as a `numeric` varlena: the reverse of [`crate::jsonb::number`], which says where the form is from.

use crate::jsonb::number::{
    DIGIT_WIDTH, NEGATIVE, SHORT, SHORT_NEGATIVE, SHORT_SCALE_SHIFT, SHORT_WEIGHT_MASK,
    SHORT_WEIGHT_SIGN,
};

/// Most decimals, and the largest weight, of the short form; the smallest weight is one lower than its negative.
const SHORT_MAX: i16 = 63;

/// Appends the `numeric` of decimal text: a sign, digits, perhaps a point and digits. Every decimal is kept.
///
/// The text is that of a number read or of a float of Rust's, about a thousand digits at most: nothing here can overflow.
pub(super) fn append(text: &str, out: &mut Vec<u8>) {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text),
    };
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole_digits = whole.as_bytes().rchunks(DIGIT_WIDTH).rev().map(value);
    let decimal_digits = decimals.as_bytes().chunks(DIGIT_WIDTH).map(|digits| {
        // The last may lack decimals: `.5` is five thousand ten-thousandths.
        (digits.len()..DIGIT_WIDTH).fold(value(digits), |digit, _| digit * 10)
    });
    let digits: Vec<u16> = whole_digits.chain(decimal_digits).collect();
    let leading = digits.iter().take_while(|digit| **digit == 0).count();
    let trailing = digits.iter().rev().take_while(|digit| **digit == 0).count();
    let significant = digits
        .get(leading..digits.len() - trailing)
        .unwrap_or_default();
    let scale = i16::try_from(decimals.len()).unwrap_or(i16::MAX);
    if significant.is_empty() {
        return varlena(false, scale, 0, significant, out);
    }
    let weight = whole.len().div_ceil(DIGIT_WIDTH).cast_signed() - leading.cast_signed() - 1;
    let weight = i16::try_from(weight).unwrap_or(i16::MAX);
    varlena(negative, scale, weight, significant, out);
}

/// One digit to the base 10 000 from its decimal digits.
fn value(digits: &[u8]) -> u16 {
    digits
        .iter()
        .fold(0, |value, digit| value * 10 + u16::from(digit - b'0'))
}

fn varlena(negative: bool, scale: i16, weight: i16, digits: &[u16], out: &mut Vec<u8>) {
    let is_short = scale <= SHORT_MAX && (-SHORT_MAX - 1..=SHORT_MAX).contains(&weight);
    let head = if is_short { 2 } else { 4 };
    let length = 4 + head + 2 * digits.len();
    out.extend(u32::try_from(length << 2).unwrap_or(u32::MAX).to_ne_bytes());
    let (scale, weight) = (scale.cast_unsigned(), weight.cast_unsigned());
    if is_short {
        let sign = if negative { SHORT_NEGATIVE } else { 0 };
        let weight_sign = if weight > i16::MAX.cast_unsigned() {
            SHORT_WEIGHT_SIGN
        } else {
            0
        };
        let head =
            SHORT | sign | scale << SHORT_SCALE_SHIFT | weight_sign | weight & SHORT_WEIGHT_MASK;
        out.extend(head.to_ne_bytes());
    } else {
        let sign = if negative { NEGATIVE } else { 0 };
        out.extend((sign | scale).to_ne_bytes());
        out.extend(weight.to_ne_bytes());
    }
    out.extend(digits.iter().flat_map(|digit| digit.to_ne_bytes()));
}
