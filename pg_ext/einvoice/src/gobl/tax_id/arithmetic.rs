//! What the keys of VAT numbers are reckoned with.

/// The digits of a text that has `N` of them and nothing else.
pub(super) fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| bytes.map(|byte| u32::from(byte - b'0')))
}

pub(super) fn sum(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// The last digit, and those before it.
pub(super) fn key(digits: &[u32]) -> Option<(u32, &[u32])> {
    digits.split_last().map(|(last, rest)| (*last, rest))
}

/// Whether the last digit is what its weighted predecessors say.
pub(super) fn is_keyed<const N: usize>(
    text: &str,
    weights: &[u32],
    of_sum: fn(u32) -> u32,
) -> bool {
    digits::<N>(text)
        .is_some_and(|all| key(&all).is_some_and(|(last, rest)| of_sum(sum(rest, weights)) == last))
}

/// ISO 7064, MOD 11,10.
pub(super) fn iso_7064(digits: &[u32]) -> bool {
    key(digits).is_some_and(|(last, rest)| {
        let product = rest.iter().fold(10, |product, digit| {
            let sum = (product + digit) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        (11 - product) % 10 == last
    })
}

/// Luhn.
pub(super) fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| {
            let product = digit * weight;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

pub(super) fn number(digits: &[u32]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + digit)
}

/// Whether a text is the letter `at` places after another.
pub(super) fn is_letter(text: &str, from: u8, at: u32) -> bool {
    text.len() == 1 && text.bytes().next().map(u32::from) == Some(u32::from(from) + at)
}
