//! A CII file as a tree: one pass over its characters into an arena, in document order.
//!
//! The reader takes exactly what XML 1.0 (fifth edition) and Namespaces in XML 1.0 call well-formed, less document type
//! declarations, which it refuses: an invoice has no use for them, and an attacker has. It sees every character once and
//! borrows what it can from the file.
//!
//! Memory: 64 bytes an element and 48 bytes an attribute besides the file itself, plus a copy of each text that is not in
//! the file as such (references, several pieces); never more than [`MAX_ELEMENTS`] elements of up to [`MAX_ATTRIBUTES`]
//! attributes, out of at most [`MAX_BYTES`](super::decode::MAX_BYTES) bytes.

mod chars;
mod element;
mod hash;
mod names;
mod namespaces;
mod node;
mod parse;
pub(super) mod refusal;
mod scan;
mod tag;
mod words;

use std::cell::OnceCell;

use crate::Poll;

pub(crate) use chars::{is_blank, is_space, trim};
pub use element::Element;
pub(crate) use names::Namespace;
pub use names::{Name, name};
use node::{Attribute, Node};
pub use refusal::Error;

/// Most elements of a file. An invoice of ten thousand lines has half a million.
pub const MAX_ELEMENTS: usize = 4_000_000;
/// Most attributes of an element. D16B knows nine.
pub const MAX_ATTRIBUTES: usize = 256;
/// Most elements within one another. Invoices come to a dozen.
pub const MAX_DEPTH: usize = 100;
/// Most namespaces named in a file beside those of D16B, and most declarations in force at one place.
pub const MAX_NAMESPACES: usize = 256;

/// A file as it was read.
#[derive(Debug, Default)]
pub struct Tree<'x> {
    nodes: Vec<Node<'x>>,
    attributes: Vec<Attribute<'x>>,
    /// What each element is among its siblings of the same name, made for the first path that is asked for.
    positions: OnceCell<Vec<u32>>,
}

impl<'x> Tree<'x> {
    /// Reads a file out of its characters ([`decode`](super::decode::decode) gives them).
    ///
    /// # Errors
    /// The text is no well-formed XML, declares a document type or is larger than what is read: one finding, `XML-…`, that
    /// names the line and the column. Or the interrupt check said stop; it is asked every few thousand elements.
    pub fn read(text: &'x str, poll: Poll<'_>) -> Result<Self, Error> {
        parse::read(text, poll)
    }

    /// The document's element.
    #[must_use]
    pub fn root(&self) -> Element<'_, 'x> {
        Element::new(self, 0)
    }

    /// How many elements there are; one at least.
    #[must_use]
    #[allow(
        clippy::len_without_is_empty,
        reason = "a file without an element is not read"
    )]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// All elements, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_, 'x>> {
        (0..self.nodes.len()).map(|at| Element::new(self, at))
    }
}
