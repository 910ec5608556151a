//! Tables of codes, filled at build time.

use super::key::{DIGEST, key, place};

/// Values by code. Looking one up takes a few nanoseconds: a code of up to seven bytes is a number, found in a table of
/// numbers at or right behind the place that its multiple names.
#[derive(Debug)]
pub struct Map<V: 'static> {
    /// Numbers of the codes; zero where a place is free, as at least half of them are.
    pub(super) keys: &'static [u64],
    /// Which entry each number belongs to.
    pub(super) entries_of: &'static [u16],
    /// Codes and values, in the order of the codes.
    pub(super) entries: &'static [(&'static str, V)],
}

impl<V> Map<V> {
    /// The value of a code, compared as it is: no case, no white space is forgiven.
    ///
    /// ```
    /// use einvoice::codes::CURRENCIES;
    /// assert_eq!(CURRENCIES.get("JPY"), Some(&0));
    /// assert_eq!(CURRENCIES.get("jpy"), None);
    /// ```
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&'static V> {
        let (_, value) = self.entry(self.find(code)?)?;
        Some(value)
    }

    /// Whether the code is one of the list.
    #[must_use]
    pub fn contains_key(&self, code: &str) -> bool {
        self.find(code).is_some()
    }

    /// How many codes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The codes, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + use<V> {
        self.entries.iter().map(|(code, _)| *code)
    }

    fn entry(&self, at: usize) -> Option<&'static (&'static str, V)> {
        self.entries.get(usize::from(*self.entries_of.get(at)?))
    }

    /// The place of a code in the table of numbers.
    #[inline]
    fn find(&self, code: &str) -> Option<usize> {
        let wanted = key(code);
        let size = self.keys.len();
        let mut at = place(wanted, size);
        for _ in 0..size {
            let found = *self.keys.get(at)?;
            if found == 0 {
                return None;
            }
            if found == wanted && (wanted & DIGEST == 0 || self.entry(at)?.0 == code) {
                return Some(at);
            }
            at = (at + 1) & (size - 1);
        }
        None
    }
}

/// The codes of a list.
#[derive(Debug)]
pub struct Set(pub(super) Map<()>);

impl Set {
    /// Whether the code is one of the list, compared as it is.
    ///
    /// ```
    /// use einvoice::codes::COUNTRIES;
    /// assert!(COUNTRIES.contains("FR"));
    /// assert!(!COUNTRIES.contains("EL"));
    /// ```
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// How many codes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The codes, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.0.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_share_a_digest_are_told_apart_and_a_full_round_ends() {
        static KEYS: [u64; 2] = [u64::MAX, u64::MAX];
        let table = Map {
            keys: &KEYS,
            entries_of: &[0, 0],
            entries: &[("something else", ())],
        };
        assert!(!table.contains_key("whatever"));
    }

    #[test]
    fn a_code_with_a_nul_is_no_shorter_code() {
        assert!(crate::codes::COUNTRIES.contains("FR"));
        assert!(!crate::codes::COUNTRIES.contains("\0FR"));
        assert!(!crate::codes::COUNTRIES.contains("FR\0"));
        assert!(!crate::codes::COUNTRIES.contains(""));
    }
}
