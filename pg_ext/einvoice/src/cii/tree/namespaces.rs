//! Which prefix stands for which namespace, at the place that has been read.

use std::borrow::Cow;

use super::names::Namespace;
use super::words::same;

/// The namespace of the prefix `xml`, bound everywhere.
pub(super) const XML_URI: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of the prefix `xmlns`, which nobody may bind.
pub(super) const XMLNS_URI: &str = "http://www.w3.org/2000/xmlns/";
/// Namespaces with a number of their own, in its order. [`Namespace::NONE`] is 0.
const KNOWN: [&str; 8] = [
    "",
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "http://www.w3.org/2001/XMLSchema-instance",
    XML_URI,
    "http://www.w3.org/2001/XMLSchema",
];

/// The bindings in force.
#[derive(Debug, Default)]
pub(super) struct Namespaces<'x> {
    bindings: Vec<Binding<'x>>,
    /// Names of namespaces that have no number of their own, in the order of their first use.
    others: Vec<Cow<'x, str>>,
    /// The prefix looked up last: most elements have the same as the one before.
    last: Option<(&'x str, Namespace)>,
}

#[derive(Debug)]
struct Binding<'x> {
    prefix: &'x str,
    namespace: Namespace,
    /// The element that declares it.
    owner: usize,
}

impl<'x> Namespaces<'x> {
    /// How many there are: bindings in force, or names of namespaces beside the known ones, whichever are more.
    pub(super) fn count(&self) -> usize {
        self.bindings.len().max(self.others.len())
    }

    /// Whether a namespace has a number of its own.
    pub(super) fn knows(uri: &str) -> bool {
        KNOWN.contains(&uri)
    }

    /// Binds a prefix (none: the default namespace) for an element and what it holds.
    pub(super) fn bind(&mut self, owner: usize, prefix: &'x str, uri: Cow<'x, str>) {
        let namespace = self.number(uri);
        self.last = None;
        self.bindings.push(Binding {
            prefix,
            namespace,
            owner,
        });
    }

    /// Whether an element has bound a prefix already.
    pub(super) fn bound_by(&self, owner: usize, prefix: &str) -> bool {
        let own = self
            .bindings
            .iter()
            .rev()
            .take_while(|binding| binding.owner == owner);
        own.into_iter().any(|binding| binding.prefix == prefix)
    }

    /// Ends the bindings of an element.
    pub(super) fn leave(&mut self, owner: usize) {
        while self
            .bindings
            .last()
            .is_some_and(|binding| binding.owner == owner)
        {
            self.bindings.pop();
            self.last = None;
        }
    }

    /// The namespace of an element's prefix; none where the prefix is not bound.
    pub(super) fn resolve(&mut self, prefix: &'x str) -> Option<Namespace> {
        if let Some((last, namespace)) = self.last
            && same(last.as_bytes(), prefix.as_bytes())
        {
            return Some(namespace);
        }
        let namespace = self.find(prefix)?;
        self.last = Some((prefix, namespace));
        Some(namespace)
    }

    /// The same, of a prefix that is not looked up again and again.
    pub(super) fn find(&self, prefix: &str) -> Option<Namespace> {
        let bound = self
            .bindings
            .iter()
            .rev()
            .find(|binding| same(binding.prefix.as_bytes(), prefix.as_bytes()));
        match (bound, prefix) {
            (Some(binding), _) => Some(binding.namespace),
            (None, "") => Some(Namespace::NONE),
            (None, "xml") => Some(Namespace::XML),
            (None, _) => None,
        }
    }

    fn number(&mut self, uri: Cow<'x, str>) -> Namespace {
        let known = KNOWN.iter().position(|known| *known == uri);
        let at = known.unwrap_or_else(|| {
            let seen = self.others.iter().position(|other| *other == uri);
            KNOWN.len()
                + seen.unwrap_or_else(|| {
                    self.others.push(uri);
                    self.others.len() - 1
                })
        });
        // No overflow: the reader refuses a file with more namespaces than a few hundred.
        Namespace(u16::try_from(at).unwrap_or(u16::MAX))
    }
}
