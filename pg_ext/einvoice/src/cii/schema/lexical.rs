//! Values of the types of XML Schema that D16B uses, exactly as wide as libxml2 takes them.

use super::types::Base;
use crate::cii::tree::is_space;
use crate::cii::uri;

/// Whether a text is a value of a type.
pub(super) fn is_valid(base: Base, text: &str) -> bool {
    match base {
        Base::String | Base::Token => true,
        Base::Decimal => is_decimal(trimmed(text)),
        Base::Boolean => matches!(trimmed(text), b"true" | b"false" | b"1" | b"0"),
        Base::Date => date(text.as_bytes()).is_some_and(is_zone),
        Base::DateTime => is_date_time(text.as_bytes()),
        Base::Base64Binary => is_base64(text.as_bytes()),
        Base::AnyUri => uri::is_any_uri(text),
    }
}

/// How many characters a token has when its white space is collapsed.
pub(super) fn token_length(text: &str) -> usize {
    let words = words(text).map(|word| word.chars().count() + 1);
    words.sum::<usize>().saturating_sub(1)
}

/// Whether two texts are the same token.
pub(super) fn is_same_token(text: &str, other: &str) -> bool {
    text == other || words(text).eq(words(other))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let space = |c: char| u8::try_from(c).is_ok_and(is_space);
    text.split(space).filter(|word| !word.is_empty())
}

fn trimmed(text: &str) -> &[u8] {
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes
        && is_space(*first)
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_space(*last)
    {
        bytes = rest;
    }
    bytes
}

fn is_decimal(text: &[u8]) -> bool {
    let digits = match text {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    let mut points = 0;
    let mut count = 0;
    for byte in digits {
        match byte {
            b'0'..=b'9' => count += 1,
            b'.' => points += 1,
            _ => return false,
        }
    }
    count > 0 && points <= 1
}

/// Takes exactly two digits.
fn two(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => {
            Some(((tens - b'0') * 10 + (ones - b'0'), rest))
        }
        _ => None,
    }
}

fn skip(text: &[u8], byte: u8) -> Option<&[u8]> {
    text.strip_prefix(&[byte])
}

/// Takes `2026-01-31`.
fn date(text: &[u8]) -> Option<&[u8]> {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let length = unsigned
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (year, rest) = unsigned.split_at_checked(length)?;
    // Four digits or more, no more than it takes; and there was no year 0.
    if length < 4 || (length > 4 && year.first() == Some(&b'0')) {
        return None;
    }
    let year: i64 = std::str::from_utf8(year).ok()?.parse().ok()?;
    let (month, rest) = two(skip(rest, b'-')?)?;
    let (day, rest) = two(skip(rest, b'-')?)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => return None,
    };
    (year > 0 && (1..=days).contains(&day)).then_some(rest)
}

fn is_date_time(text: &[u8]) -> bool {
    let time = date(text).and_then(|rest| skip(rest, b'T'));
    time.and_then(time_of_day).is_some_and(is_zone)
}

/// Takes `09:00:00`, perhaps with a part of a second. Midnight may be 24:00:00.
fn time_of_day(text: &[u8]) -> Option<&[u8]> {
    let (hour, rest) = two(text)?;
    let (minute, rest) = two(skip(rest, b':')?)?;
    let (second, mut rest) = two(skip(rest, b':')?)?;
    let mut whole = true;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, after) = fraction.split_at_checked(length).filter(|_| length > 0)?;
        whole = digits.iter().all(|digit| *digit == b'0');
        rest = after;
    }
    let midnight = hour == 24 && minute == 0 && second == 0 && whole;
    ((hour < 24 && minute < 60 && second < 60) || midnight).then_some(rest)
}

/// Whether a text is a time zone, or nothing.
fn is_zone(text: &[u8]) -> bool {
    match text {
        [] | [b'Z'] => true,
        [b'+' | b'-', offset @ ..] => {
            let hour_and_minute = two(offset).and_then(|(hour, rest)| {
                let (minute, rest) = two(skip(rest, b':')?)?;
                rest.is_empty().then_some((hour, minute))
            });
            hour_and_minute.is_some_and(|(hour, minute)| {
                minute < 60 && (hour < 14 || (hour == 14 && minute == 0))
            })
        }
        _ => false,
    }
}

/// Whether a text is base64. Characters that base64 does not have are passed over, as MIME wants it.
fn is_base64(text: &[u8]) -> bool {
    let mut digits = 0_usize;
    let mut last = 0;
    let mut padding = 0_usize;
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => continue,
        };
        if padding > 0 {
            return false;
        }
        digits += 1;
        last = value;
    }
    // The bits that the last digit has beyond the last byte are zero.
    match (digits % 4, padding) {
        (0, 0) => true,
        (3, 1) => last & 0b11 == 0,
        (2, 2) => last & 0b1111 == 0,
        _ => false,
    }
}
