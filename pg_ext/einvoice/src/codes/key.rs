//! A code as a number, and where that number lies in a table. The build script, which fills the tables, uses this file too.

/// Texts up to this length are told apart by their numbers alone.
const SHORT: usize = 7;
/// Set in the numbers of longer texts, whose number is a digest: two texts may share one.
pub(super) const DIGEST: u64 = 1 << 63;
/// Odd, without pattern in its bits: 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The number of a text; zero is that of the empty one alone.
#[inline]
pub(super) fn key(text: &str) -> u64 {
    let bytes = text.as_bytes();
    if bytes.len() <= SHORT {
        return short(bytes) | (bytes.len() as u64) << 56;
    }
    let (eights, rest) = bytes.as_chunks::<8>();
    let digest = eights
        .iter()
        .map(|eight| u64::from_be_bytes(*eight))
        .chain([packed(rest)])
        .fold(bytes.len() as u64, |digest, eight| {
            (digest ^ eight).wrapping_mul(SPREAD).rotate_left(29)
        });
    digest | DIGEST
}

/// As [`packed`], of up to seven bytes: the first and the last of them at once, which may overlap.
#[inline]
fn short(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let first = u64::from(u32::from_be_bytes(*first));
        first << (8 * (bytes.len() - 4)) | u64::from(u32::from_be_bytes(*last))
    } else {
        packed(bytes)
    }
}

/// The bytes in a row.
#[inline]
fn packed(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |packed, byte| packed << 8 | u64::from(*byte))
}

/// Where the search for a number begins in a table of `size` places, a power of two greater than one.
#[inline]
pub(super) const fn place(key: u64, size: usize) -> usize {
    (key.wrapping_mul(SPREAD) >> (64 - size.trailing_zeros())) as usize
}
