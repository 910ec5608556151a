//! Start tags: names, attributes, namespaces.

use std::borrow::Cow;

use super::names::{Name, Namespace};
use super::namespaces::{Namespaces, XML_URI, XMLNS_URI};
use super::node::{Attribute, NONE, Node};
use super::parse::Reader;
use super::refusal::{ATTRIBUTE_TWICE, Error, Fault, LIMIT, NAMESPACE};
use super::scan::QName;
use super::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS, MAX_NAMESPACES};
use crate::cii::uri;

/// The interrupt check is asked once in as many elements.
const BETWEEN_POLLS: usize = 4096;

impl<'x> Reader<'x, '_> {
    /// Takes a start tag, from its `<` on, and opens or adds the element.
    pub(super) fn start_tag(&mut self) -> Result<(), Stop> {
        let begin = self.scan.at;
        self.scan.at += 1;
        let at = self.tree.nodes.len();
        let first = self.tree.attributes.len();
        let (qname, namespace, name) = match self.usual_name() {
            Some(usual) => usual,
            None => self.any_name(at, first, begin)?,
        };
        self.resolve_attributes(first, begin)?;
        let empty = self.scan.take_byte(b'/');
        if !self.scan.take_byte(b'>') {
            return Err(self.scan.missing(">").into());
        }
        let parent = self.open.map_or(NONE, index);
        self.tree.nodes.push(Node {
            qname: qname.whole,
            text: Cow::Borrowed(""),
            parent,
            end: if empty { index(at + 1) } else { NONE },
            attributes: index(first),
            name,
            namespace,
            local: qname.local,
        });
        if empty {
            self.namespaces.leave(at);
        } else {
            self.open = Some(at);
            self.depth += 1;
        }
        if self.depth > MAX_DEPTH {
            return Err(Fault::new(&LIMIT, begin)
                .wanted(MAX_DEPTH.to_string())
                .into());
        }
        if at >= MAX_ELEMENTS {
            return Err(Fault::new(&LIMIT, begin)
                .wanted(MAX_ELEMENTS.to_string())
                .into());
        }
        if at % BETWEEN_POLLS == BETWEEN_POLLS - 1 {
            (self.poll)()?;
        }
        Ok(())
    }

    /// Takes the name of an element of D16B whose tag has nothing else, which most have not: a name that is known is a good
    /// name, so that its letters need not be looked at.
    #[inline(always)]
    fn usual_name(&mut self) -> Option<(QName<'x>, Namespace, Name)> {
        let (qname, end) = self.scan.name_of_letters()?;
        if self.scan.byte(end) != b'>' {
            return None;
        }
        let namespace = self.namespaces.resolve(qname.prefix())?;
        let name = Name::of(qname.local(), namespace);
        (name != Name::OTHER).then(|| {
            self.scan.at = end;
            (qname, namespace, name)
        })
    }

    /// Takes any name, and the attributes behind it.
    fn any_name(
        &mut self,
        element: usize,
        first: usize,
        begin: usize,
    ) -> Result<(QName<'x>, Namespace, Name), Fault> {
        let qname = self.scan.qname()?;
        if self.scan.peek(0) != b'>' {
            self.attributes(element, first)?;
        }
        let namespace = self.resolve(qname, begin + 1)?;
        Ok((qname, namespace, Name::of(qname.local(), namespace)))
    }

    /// Takes attributes up to the end of the tag.
    fn attributes(&mut self, element: usize, first: usize) -> Result<(), Fault> {
        let mut count = 0;
        loop {
            let spaced = self.scan.skip_space();
            match self.scan.peek(0) {
                b'>' | b'/' => return Ok(()),
                _ if !spaced => return Err(self.scan.missing(">")),
                _ => {}
            }
            count += 1;
            if count > MAX_ATTRIBUTES {
                return Err(Fault::new(&LIMIT, self.scan.at).wanted(MAX_ATTRIBUTES.to_string()));
            }
            let begin = self.scan.at;
            let qname = self.scan.qname()?;
            self.scan.skip_space();
            if !self.scan.take_byte(b'=') {
                return Err(self.scan.missing("="));
            }
            self.scan.skip_space();
            let value = self.scan.attribute_value()?;
            if qname.whole == "xmlns" {
                self.declare(element, "", value, begin)?;
            } else if let Some(prefix) = qname.whole.strip_prefix("xmlns:") {
                self.declare(element, prefix, value, begin)?;
            } else {
                let others = self.tree.attributes.get(first..).unwrap_or_default();
                if others.iter().any(|other| other.qname == qname.whole) {
                    return Err(Fault::new(&ATTRIBUTE_TWICE, begin).found(qname.whole));
                }
                self.tree.attributes.push(Attribute {
                    qname: qname.whole,
                    value,
                    namespace: Namespace::NONE,
                    local: qname.local,
                    of_type: None,
                });
            }
        }
    }

    /// Binds a prefix as `xmlns:prefix="uri"` says, within what Namespaces in XML allows.
    fn declare(
        &mut self,
        element: usize,
        prefix: &'x str,
        uri: Cow<'x, str>,
        at: usize,
    ) -> Result<(), Fault> {
        if self.namespaces.bound_by(element, prefix) {
            return Err(Fault::new(&ATTRIBUTE_TWICE, at).found(format!("xmlns:{prefix}")));
        }
        let allowed = match prefix {
            "xmlns" => false,
            "xml" => uri == XML_URI,
            "" => uri != XML_URI && uri != XMLNS_URI,
            _ => !uri.is_empty() && uri != XML_URI && uri != XMLNS_URI,
        };
        if !allowed || !(Namespaces::knows(&uri) || uri::is_reference(&uri)) {
            return Err(Fault::new(&NAMESPACE, at).found(format!("xmlns:{prefix}=\"{uri}\"")));
        }
        if self.namespaces.count() >= MAX_NAMESPACES {
            return Err(Fault::new(&LIMIT, at).wanted(MAX_NAMESPACES.to_string()));
        }
        self.namespaces.bind(element, prefix, uri);
        Ok(())
    }

    fn resolve(&mut self, name: QName<'x>, at: usize) -> Result<Namespace, Fault> {
        let unbound = || Fault::new(&NAMESPACE, at).found(name.whole);
        self.namespaces.resolve(name.prefix()).ok_or_else(unbound)
    }

    /// Gives the attributes of a tag their namespaces; none of the same namespace and local name may come twice.
    fn resolve_attributes(&mut self, first: usize, at: usize) -> Result<(), Fault> {
        let own = self.tree.attributes.get_mut(first..).unwrap_or_default();
        if own.iter().all(|attribute| attribute.local == 0) {
            return Ok(());
        }
        for attribute in own.iter_mut().filter(|attribute| attribute.local > 0) {
            let name = QName {
                whole: attribute.qname,
                local: attribute.local,
            };
            let unbound = || Fault::new(&NAMESPACE, at).found(name.whole);
            attribute.namespace = self.namespaces.resolve(name.prefix()).ok_or_else(unbound)?;
            if attribute.namespace == Namespace::XSI && name.local() == "type" {
                let prefix = attribute
                    .value
                    .split_once(':')
                    .map_or("", |(prefix, _)| prefix);
                attribute.of_type = self.namespaces.find(prefix);
            }
        }
        for (count, attribute) in own.iter().enumerate() {
            let same = |other: &&Attribute<'_>| {
                other.namespace == attribute.namespace && other.local() == attribute.local()
            };
            if own.iter().take(count).any(|other| same(&other)) {
                return Err(Fault::new(&ATTRIBUTE_TWICE, at).found(attribute.qname));
            }
        }
        Ok(())
    }
}

/// Numbers of elements and attributes fit, since their limits do.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

/// Why reading ends early.
pub(super) enum Stop {
    Fault(Fault),
    Cancelled(crate::Cancelled),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<crate::Cancelled> for Stop {
    fn from(cancelled: crate::Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}

impl Stop {
    pub(super) fn into_error(self, reader: &Reader<'_, '_>) -> Error {
        match self {
            Self::Fault(fault) => {
                let finding = fault.finding(reader.scan.text, &reader.tree, reader.open);
                Error::Unreadable(Box::new(finding))
            }
            Self::Cancelled(cancelled) => Error::Cancelled(cancelled),
        }
    }
}
