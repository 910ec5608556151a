//! JSONB, written: the bytes that PostgreSQL's own `jsonb_in` would make of the same JSON, without the text between.
//!
//! In two steps, since an object holds its keys before its values, and sorted: [`tree`] keeps what serde says (to
//! [`serializer`]) in the order in which it comes, [`layout`] puts it down from the root. Every text is copied twice, whatever its depth.

mod layout;
mod number;
mod serializer;
mod tree;

use std::fmt;

use serde::ser::{self, Serialize};

use super::container::ENTRY_LENGTH_MASK;
use tree::Tree;

/// Why a value has no JSONB.
#[derive(Debug)]
pub(crate) enum Unwritable {
    /// Some array, object or text needs more bytes than an entry can count.
    TooLarge,
    /// A text holds U+0000, which PostgreSQL cannot store.
    Nul,
    /// A float is NaN or infinite, which JSON does not have.
    NotFinite,
    /// A key that is no text, or something else that JSON does not have.
    NoJson(Box<str>),
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(
                f,
                "an array, object or text has more than {ENTRY_LENGTH_MASK} bytes"
            ),
            Self::Nul => f.write_str("a text holds the character U+0000"),
            Self::NotFinite => f.write_str("a number is NaN or infinite"),
            Self::NoJson(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::NoJson(message.to_string().into())
    }
}

/// The value as a JSONB document, without the varlena header. Of two members of an object with the same key the last counts.
///
/// `check_interrupts` does not return when the query was cancelled.
pub(super) fn bytes<T: Serialize + ?Sized>(
    value: &T,
    check_interrupts: fn(),
) -> Result<Vec<u8>, Unwritable> {
    let mut tree = Tree::new(check_interrupts);
    let root = value.serialize(&mut tree)?;
    layout::document(&tree, root)
}
