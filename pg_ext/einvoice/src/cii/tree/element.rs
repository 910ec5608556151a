//! Walking in a tree.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use super::Tree;
use super::names::{Name, Namespace};
use super::node::{Attribute, NONE, Node};

/// An element of a tree: a cursor, as cheap to copy as a number.
#[derive(Clone, Copy, Debug)]
pub struct Element<'t, 'x> {
    tree: &'t Tree<'x>,
    at: usize,
    /// None only where there is no such element, which no cursor that is handed out says.
    node: Option<&'t Node<'x>>,
}

impl<'t, 'x> Element<'t, 'x> {
    pub(super) fn new(tree: &'t Tree<'x>, at: usize) -> Self {
        Self {
            tree,
            at,
            node: tree.nodes.get(at),
        }
    }

    /// Its name, if it is one of D16B in the namespace that D16B gives it.
    #[must_use]
    pub fn name(self) -> Name {
        self.node.map_or(Name::OTHER, |node| node.name)
    }

    /// Its namespace.
    pub(crate) fn namespace(self) -> Namespace {
        self.node.map_or(Namespace::NONE, |node| node.namespace)
    }

    /// The name less its prefix, also of an element that D16B does not have.
    #[must_use]
    pub fn local_name(self) -> &'t str {
        self.node.map_or("", |node| {
            node.qname
                .get(usize::from(node.local)..)
                .unwrap_or_default()
        })
    }

    /// The name as paths show it: with the usual prefix if the namespace is one of D16B, else as the file writes it.
    #[must_use]
    pub fn shown_name(self) -> Cow<'t, str> {
        match self.namespace().prefix() {
            Some(prefix) => Cow::Owned(format!("{prefix}:{}", self.local_name())),
            None => Cow::Borrowed(self.node.map_or("", |node| node.qname)),
        }
    }

    /// The element that holds it; none for the document's.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let parent = self.node.map_or(NONE, |node| node.parent);
        (parent != NONE).then(|| Self::new(self.tree, parent as usize))
    }

    /// The elements directly within it.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let end = self.node.map_or(0, |node| node.end) as usize;
        let mut next = self.at + 1;
        std::iter::from_fn(move || {
            let node = self.tree.nodes.get(next).filter(|_| next < end)?;
            let child = Self {
                tree: self.tree,
                at: next,
                node: Some(node),
            };
            next = node.end as usize;
            Some(child)
        })
    }

    /// The first element of a name directly within it.
    #[must_use]
    pub fn child(self, name: Name) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// Every element of a name directly within it.
    pub fn all(self, name: Name) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.name() == name)
    }

    /// Its own character data, references resolved, not trimmed; empty if there is none.
    ///
    /// In an element that holds others, white space between them is left out.
    #[must_use]
    pub fn text(self) -> &'t str {
        self.node.map_or("", |node| &node.text)
    }

    /// The same, borrowed from the file where it stands there as such.
    #[must_use]
    pub fn text_cow(self) -> Cow<'x, str> {
        self.node
            .map_or(Cow::Borrowed(""), |node| node.text.clone())
    }

    /// The value of an attribute, named as the file writes it (`schemeID`, `xsi:type`).
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        let mut attributes = self.raw_attributes().iter();
        attributes
            .find(|attribute| attribute.qname == name)
            .map(|attribute| &*attribute.value)
    }

    /// The same, borrowed from the file where it stands there as such.
    #[must_use]
    pub fn attribute_cow(self, name: &str) -> Option<Cow<'x, str>> {
        let mut attributes = self.raw_attributes().iter();
        attributes
            .find(|attribute| attribute.qname == name)
            .map(|attribute| attribute.value.clone())
    }

    /// Names, as the file writes them, and values of its attributes; declarations of namespaces are none.
    pub fn attributes(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let attributes = self.raw_attributes().iter();
        attributes.map(|attribute| (attribute.qname, &*attribute.value))
    }

    /// Its attributes with their namespaces and local names.
    pub(crate) fn qualified_attributes(
        self,
    ) -> impl Iterator<Item = (Namespace, &'t str, &'t str)> {
        let attributes = self.raw_attributes().iter();
        attributes.map(|attribute| (attribute.namespace, attribute.local(), &*attribute.value))
    }

    /// The namespace of the type that its `xsi:type` names, if there is one and its prefix is bound.
    pub(crate) fn type_namespace(self) -> Option<Namespace> {
        let mut attributes = self.raw_attributes().iter();
        attributes.find_map(|attribute| attribute.of_type)
    }

    /// Its position in document order, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.at
    }

    /// Where it stands: `/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:IncludedNote[2]`, numbered only where an element
    /// of the same name stands beside it.
    #[must_use]
    pub fn path(self) -> String {
        let chain: Vec<Self> =
            std::iter::successors(Some(self), |element| element.parent()).collect();
        let positions = self.tree.positions.get_or_init(|| positions(self.tree));
        let mut path = String::with_capacity(chain.len() * 32);
        for element in chain.iter().rev() {
            path.push('/');
            path.push_str(&element.shown_name());
            let position = positions.get(element.at).copied().unwrap_or_default();
            if position > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "[{position}]");
            }
        }
        path
    }

    fn raw_attributes(self) -> &'t [Attribute<'x>] {
        let begin = |at: usize| self.tree.nodes.get(at).map(|node| node.attributes as usize);
        let all = self.tree.attributes.len();
        let begin_of_next = begin(self.at + 1).unwrap_or(all);
        let own = begin(self.at).unwrap_or(all)..begin_of_next;
        self.tree.attributes.get(own).unwrap_or_default()
    }
}

/// For each element its number among the siblings of its name, from 1; 0 where it is the only one.
fn positions(tree: &Tree<'_>) -> Vec<u32> {
    let mut positions = vec![0; tree.nodes.len()];
    let mut seen: HashMap<(u32, Namespace, &str), (usize, u32)> =
        HashMap::with_capacity(tree.nodes.len());
    for element in tree.elements() {
        let parent = element.node.map_or(NONE, |node| node.parent);
        let key = (parent, element.namespace(), element.local_name());
        let entry = seen.entry(key).or_insert((element.at, 0));
        entry.1 += 1;
        let (first, count) = *entry;
        if count > 1 {
            for (at, position) in [(first, 1), (element.at, count)] {
                if let Some(slot) = positions.get_mut(at) {
                    *slot = position;
                }
            }
        }
    }
    positions
}
