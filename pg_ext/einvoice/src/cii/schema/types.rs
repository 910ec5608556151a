//! The types of D16B, as generated from `d16b/elements.csv` and `d16b/types.csv`.

use crate::cii::tree::{Element, Name, Namespace, name};

/// What an element holds.
pub(super) enum Type {
    /// Other elements: all in the order given, or one of them.
    Group {
        choice: bool,
        particles: &'static [Particle],
    },
    /// A value.
    Value {
        base: Base,
        attributes: &'static [AttributeType],
    },
}

/// An element within another.
pub(super) struct Particle {
    name: Name,
    namespace: Namespace,
    /// The number of its type.
    pub(super) content: u16,
    pub(super) required: bool,
    pub(super) repeats: bool,
}

impl Particle {
    /// Whether an element is this one.
    pub(super) fn is(&self, element: Element<'_, '_>) -> bool {
        self.name == element.name() && self.namespace == element.namespace()
    }

    /// Its name as people write it.
    pub(super) fn shown_name(&self) -> String {
        format!(
            "{}:{}",
            self.namespace.prefix().unwrap_or_default(),
            self.local_name()
        )
    }

    pub(super) fn local_name(&self) -> &'static str {
        self.name.as_str()
    }
}

/// An attribute of a type that holds a value. None is required, none is in a namespace.
pub(super) struct AttributeType {
    pub(super) name: &'static str,
    pub(super) base: Base,
    /// Fewest and most characters.
    pub(super) length: Option<(usize, usize)>,
    /// The only value allowed.
    pub(super) fixed: Option<&'static str>,
}

/// A type of XML Schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Base {
    AnyUri,
    Base64Binary,
    Boolean,
    Date,
    DateTime,
    Decimal,
    String,
    Token,
}

impl Base {
    /// What a value looks like.
    pub(super) const fn example(self) -> &'static str {
        match self {
            Self::AnyUri => "https://example.org/a",
            Self::Base64Binary => "JVBERi0xLjcK",
            Self::Boolean => "true, false",
            Self::Date => "2026-01-31",
            Self::DateTime => "2026-01-31T09:00:00",
            Self::Decimal => "1324.60",
            Self::String | Self::Token => "abc",
        }
    }
}

/// The type of this number.
pub(super) fn content(of: u16) -> Option<&'static Type> {
    TYPES.get(usize::from(of))
}

/// The name of a type, with its namespace: what `xsi:type` may say. None for a type without a name.
pub(super) fn type_name(of: u16) -> Option<(Namespace, &'static str)> {
    TYPE_NAMES.get(usize::from(of)).copied().flatten()
}

include!(concat!(env!("OUT_DIR"), "/d16b_types.rs"));
