//! What the arena holds.

use std::borrow::Cow;

use super::names::{Name, Namespace};

/// `parent` of the document's element, and `end` of an element that is still open.
pub(super) const NONE: u32 = u32::MAX;

/// An element.
#[derive(Debug)]
pub(super) struct Node<'x> {
    /// As written, with its prefix.
    pub(super) qname: &'x str,
    /// Own character data.
    pub(super) text: Cow<'x, str>,
    pub(super) parent: u32,
    /// The first element after it that is not within it.
    pub(super) end: u32,
    /// Its first attribute; they end where those of the next element begin.
    pub(super) attributes: u32,
    pub(super) name: Name,
    pub(super) namespace: Namespace,
    /// Where the local name begins in `qname`.
    pub(super) local: u16,
}

/// An attribute that is no declaration of a namespace.
#[derive(Debug)]
pub(super) struct Attribute<'x> {
    /// As written, with its prefix.
    pub(super) qname: &'x str,
    /// Its value, normalised as XML 1.0 section 3.3.3 wants it of an attribute that nobody declared.
    pub(super) value: Cow<'x, str>,
    pub(super) namespace: Namespace,
    /// Where the local name begins in `qname`.
    pub(super) local: u16,
    /// The namespace of the type that an `xsi:type` names; none of any other attribute.
    pub(super) of_type: Option<Namespace>,
}

impl<'x> Attribute<'x> {
    /// The name less its prefix.
    pub(super) fn local(&self) -> &'x str {
        self.qname
            .get(usize::from(self.local)..)
            .unwrap_or_default()
    }
}
