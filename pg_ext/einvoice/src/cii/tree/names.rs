//! The vocabulary of D16B: element names as numbers, and the namespaces they live in.

use super::hash::{SLOTS, hash};
use super::words::same;

/// A local name of the D16B vocabulary; [`Name::OTHER`] for any other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Name(u16);

impl Name {
    /// An element that D16B does not have, by its name or by its namespace.
    pub const OTHER: Self = Self(0);

    /// The name of a number that the build script has counted.
    pub(crate) const fn at(number: u16) -> Self {
        Self(number)
    }

    /// Its number: 0 for [`Name::OTHER`], then the names of D16B in the order of the alphabet.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// As D16B spells it; empty for [`Name::OTHER`].
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let entry = NAMES.get(usize::from(self.0));
        entry.map_or("", |entry| entry.name)
    }

    /// The name of an element, if D16B has it in this namespace.
    pub(super) fn of(local: &str, namespace: Namespace) -> Self {
        if namespace > Namespace::UDT || namespace == Namespace::NONE {
            return Self::OTHER;
        }
        let mut slot = hash(local.as_bytes());
        loop {
            let id = TABLE.get(slot).copied().unwrap_or_default();
            let Some(entry) = NAMES.get(usize::from(id)).filter(|_| id > 0) else {
                return Self::OTHER;
            };
            if same(entry.name.as_bytes(), local.as_bytes()) {
                let at_home = entry.homes.contains(&namespace);
                return if at_home { Self(id) } else { Self::OTHER };
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// A name of the vocabulary.
struct Entry {
    name: &'static str,
    /// Its namespaces: twice the same if it has but one.
    homes: [Namespace; 2],
}

/// A namespace name as a number of the file: those of D16B are the same in every file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Namespace(pub(super) u16);

impl Namespace {
    /// No namespace.
    pub(crate) const NONE: Self = Self(0);
    /// The document and its three parts.
    pub(crate) const RSM: Self = Self(1);
    /// Aggregates.
    pub(crate) const RAM: Self = Self(2);
    /// Qualified data types.
    pub(crate) const QDT: Self = Self(3);
    /// Unqualified data types.
    pub(crate) const UDT: Self = Self(4);
    /// `xsi:type` and its like, which any element may carry.
    pub(crate) const XSI: Self = Self(5);
    /// `xml:lang` and its like.
    pub(crate) const XML: Self = Self(6);

    /// Types of XML Schema.
    pub(crate) const XSD: Self = Self(7);

    /// The prefix that everybody writes for a namespace of D16B.
    pub(crate) fn prefix(self) -> Option<&'static str> {
        match self {
            Self::RSM => Some("rsm"),
            Self::RAM => Some("ram"),
            Self::QDT => Some("qdt"),
            Self::UDT => Some("udt"),
            _ => None,
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/d16b_names.rs"));
