//! Eight bytes at a time: the first that matters is found without looking at each.

use super::chars::is_space;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The eight bytes from a place on, the first lowest; none where there are fewer.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*eight))
}

/// The high bit of each byte that is zero. Above the first, bytes that are one may be taken for zero.
#[inline(always)]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

/// How many bytes stand below the lowest bit that is set.
#[inline(always)]
const fn below(bits: u64) -> usize {
    (bits.trailing_zeros() / 8) as usize
}

/// Where the first `<`, `&` or `]` stands from a place on; else the end.
#[inline(always)]
pub(super) fn markup(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word(bytes, at) {
        let tag = zeros(word ^ (ONES * b'<' as u64));
        let reference = zeros(word ^ (ONES * b'&' as u64));
        let bracket = zeros(word ^ (ONES * b']' as u64));
        let any = tag | reference | bracket;
        if any != 0 {
            return at + below(any);
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest
        .iter()
        .position(|byte| matches!(byte, b'<' | b'&' | b']'));
    at + found.unwrap_or(rest.len())
}

/// Where white space ends that stands from a place on. Most of it is a line end and then spaces.
#[inline(always)]
pub(super) fn after_space(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(byte) if is_space(*byte) => at += 1,
            _ => return at,
        }
        while let Some(word) = word(bytes, at) {
            let other = word ^ (ONES * b' ' as u64);
            if other != 0 {
                at += below(other);
                break;
            }
            at += 8;
        }
    }
}

/// Where the ASCII letters end that stand from a place on; maybe earlier near the end of the text.
#[inline(always)]
pub(super) fn after_letters(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word(bytes, at) {
        let lower = (word & !HIGH) | (ONES * 0x20);
        let from_a = lower + ONES * (0x80 - b'a' as u64);
        let beyond_z = lower + ONES * (0x80 - b'z' as u64 - 1);
        let letters = from_a & !beyond_z & !word & HIGH;
        let others = letters ^ HIGH;
        if others != 0 {
            return at + below(others);
        }
        at += 8;
    }
    at
}

/// Where something begins that no letter is: a place at or behind the end of the letters from a place on.
#[inline(always)]
pub(super) fn after_letters_or_worse(bytes: &[u8], mut at: usize) -> usize {
    /// Letters have it, and of the rest of ASCII only what a name of D16B never has.
    const BIT: u64 = ONES * 0x40;
    while let Some(word) = word(bytes, at) {
        let others = !word & BIT;
        if others != 0 {
            return at + below(others);
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let others = rest.iter().position(|byte| byte & 0x40 == 0);
    at + others.unwrap_or(rest.len())
}

/// Whether two texts are the same; names are too short for a call.
#[inline(always)]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let Some(last) = one.len().checked_sub(8) else {
        return one.iter().eq(other);
    };
    let mut at = 0;
    while at < last {
        if word(one, at) != word(other, at) {
            return false;
        }
        at += 8;
    }
    word(one, last) == word(other, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte at every distance, against looking at each byte.
    #[test]
    fn eight_at_a_time_finds_what_one_at_a_time_finds() {
        for byte in 0..=u8::MAX {
            for fill in [b'a', b'Z', b' ', 0, 1, 0xFF, b'<' + 1] {
                for at in 0..20 {
                    let mut bytes = vec![fill; 20];
                    bytes[at] = byte;
                    let special = |byte: &u8| matches!(byte, b'<' | b'&' | b']');
                    let first = bytes.iter().position(special).unwrap_or(20);
                    assert_eq!(markup(&bytes, 0), first, "{bytes:?}");
                    let first = bytes.iter().position(|byte| !is_space(*byte));
                    assert_eq!(after_space(&bytes, 0), first.unwrap_or(20), "{bytes:?}");
                    let first = bytes.iter().position(|byte| !byte.is_ascii_alphabetic());
                    assert!(after_letters_or_worse(&bytes, 0) >= first.unwrap_or(20));
                    let wanted = first.unwrap_or(16).min(16);
                    assert_eq!(after_letters(&bytes, 0), wanted, "{bytes:?}");
                    assert_eq!(same(&bytes, &[fill; 20]), byte == fill);
                }
            }
        }
        assert!(same(b"ram", b"ram") && same(b"", b""));
        assert!(!same(b"ram", b"rsm") && !same(b"ram", b"ra"));
    }
}
