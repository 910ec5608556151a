//! How codes are compared with their lists.

use std::borrow::Cow;

use crate::cii::tree::trim;
use crate::codes::{Map, Set};

/// The list of a row, and how a value is compared with it.
pub(super) enum List {
    /// White space around the code is forgiven.
    Set(&'static Set),
    /// The same for currencies, whose list has their decimals as well.
    Currencies(&'static Map<u8>),
    /// Small letters are forgiven too.
    AnyCase(&'static Set),
    /// Nothing is forgiven.
    Exact(&'static Set),
}

/// Lists of this many codes are shown whole.
const SHORT: usize = 20;

impl List {
    pub(super) fn has(&self, value: &str) -> bool {
        match self {
            Self::Set(set) => set.contains(trim(value)),
            Self::Currencies(map) => map.contains_key(trim(value)),
            Self::AnyCase(set) => set.contains(&upper(trim(value))),
            Self::Exact(set) => set.contains(value),
        }
    }

    /// The codes of a short list; nothing for a long one.
    pub(super) fn shown(&self) -> String {
        let (Self::Set(set) | Self::AnyCase(set) | Self::Exact(set)) = self else {
            return String::new();
        };
        if set.len() > SHORT {
            return String::new();
        }
        set.iter().collect::<Vec<_>>().join(", ")
    }
}

fn upper(value: &str) -> Cow<'_, str> {
    if value.chars().any(char::is_lowercase) {
        Cow::Owned(value.to_uppercase())
    } else {
        Cow::Borrowed(value)
    }
}
