//! The document: declaration, content, end.

use std::borrow::Cow;

use super::Tree;
use super::chars::{illegal, is_blank};
use super::namespaces::Namespaces;
use super::node::NONE;
use super::refusal::{CHARACTER, DTD, EMPTY, Error, Fault, LIMIT, ONE_ROOT, TAG, TRUNCATED};
use super::scan::Scanner;
use super::tag::Stop;
use crate::Poll;
use crate::cii::decode::{MAX_BYTES, is_encoding_name};

/// A text as far as it has been read.
pub(super) struct Reader<'x, 'p> {
    pub(super) scan: Scanner<'x>,
    pub(super) tree: Tree<'x>,
    pub(super) namespaces: Namespaces<'x>,
    /// The innermost element that is open.
    pub(super) open: Option<usize>,
    pub(super) depth: usize,
    pub(super) poll: Poll<'p>,
}

/// Reads a text.
pub(super) fn read<'x>(text: &'x str, poll: Poll<'_>) -> Result<Tree<'x>, Error> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = Reader {
        scan: Scanner::new(text),
        tree: Tree::default(),
        namespaces: Namespaces::default(),
        open: None,
        depth: 0,
        poll,
    };
    match reader.document() {
        Ok(()) => Ok(reader.tree),
        Err(stop) => Err(stop.into_error(&reader)),
    }
}

impl<'x> Reader<'x, '_> {
    fn document(&mut self) -> Result<(), Stop> {
        if self.scan.text.len() > MAX_BYTES {
            return Err(Fault::new(&LIMIT, 0).wanted("128 MiB").into());
        }
        if is_blank(self.scan.text) {
            return Err(Fault::new(&EMPTY, 0).into());
        }
        if let Some(at) = illegal(self.scan.text) {
            let found = self
                .scan
                .text
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .unwrap_or_default();
            return Err(Fault::new(&CHARACTER, at)
                .found(format!("U+{:04X}", u32::from(found)))
                .into());
        }
        // A tag every forty bytes is usual; what is not used is given back with the tree.
        self.tree
            .nodes
            .reserve((self.scan.text.len() / 40).min(super::MAX_ELEMENTS));
        self.declaration()?;
        self.around_root()?;
        if self.scan.peek(0) != b'<' {
            return Err(self.scan.missing("<").into());
        }
        self.start_tag()?;
        if self.open.is_some() {
            self.content()?;
        }
        self.around_root()?;
        if !self.scan.at_end() {
            return Err(Fault::new(&ONE_ROOT, self.scan.at).into());
        }
        Ok(())
    }

    /// `<?xml version="1.0" encoding="…" standalone="…"?>`; what the encoding is has been settled before.
    fn declaration(&mut self) -> Result<(), Fault> {
        let has = self.scan.rest().starts_with(b"<?xml")
            && matches!(self.scan.peek(5), b' ' | b'\t' | b'\r' | b'\n');
        if !has {
            return Ok(());
        }
        self.scan.at += 5;
        // A later minor version is read as this one. libxml2 takes `1.` for one, too.
        let is_version = |value: &str| {
            let minor = value.strip_prefix("1.");
            minor.is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if !self.pseudo_attribute("version", "1.0", is_version)? {
            return Err(self.scan.missing("version=\"1.0\""));
        }
        self.pseudo_attribute("encoding", "UTF-8", is_encoding_name)?;
        self.pseudo_attribute("standalone", "yes", |value| matches!(value, "yes" | "no"))?;
        self.scan.skip_space();
        self.scan.expect("?>")
    }

    /// Takes a part of the declaration if it is there; `example` is one that would do.
    fn pseudo_attribute(
        &mut self,
        name: &str,
        example: &str,
        good: fn(&str) -> bool,
    ) -> Result<bool, Fault> {
        let begin = self.scan.at;
        let spaced = self.scan.skip_space();
        if !self.scan.take(name) {
            self.scan.at = begin;
            return Ok(false);
        }
        if !spaced {
            return Err(Fault::syntax(begin, "?>"));
        }
        self.scan.skip_space();
        self.scan.expect("=")?;
        self.scan.skip_space();
        let at = self.scan.at;
        let value = self.scan.attribute_value()?;
        if !good(&value) {
            return Err(Fault::syntax(at, &format!("{name}=\"{example}\"")));
        }
        Ok(true)
    }

    /// Passes over what may stand before and after the document's element.
    fn around_root(&mut self) -> Result<(), Fault> {
        loop {
            self.scan.skip_space();
            if self.scan.take("<!--") {
                self.comment()?;
            } else if self.scan.take("<?") {
                self.instruction()?;
            } else if self.scan.rest().starts_with(b"<!DOCTYPE") {
                return Err(Fault::new(&DTD, self.scan.at));
            } else {
                return Ok(());
            }
        }
    }

    /// Takes what stands within the document's element, and its end.
    fn content(&mut self) -> Result<(), Stop> {
        while self.open.is_some() {
            if !self.layout() {
                self.text()?;
            }
            match (self.scan.peek(0), self.scan.peek(1)) {
                (b'<', b'/') => self.end_tag()?,
                (b'<', b'!') => self.comment_or_cdata()?,
                (b'<', b'?') => {
                    self.scan.at += 2;
                    self.instruction()?;
                }
                (b'<', _) => {
                    self.drop_space_before_child();
                    self.start_tag()?;
                }
                (b'&', _) => {
                    let c = self.scan.reference()?;
                    self.add_text(Cow::Owned(c.into()));
                }
                _ => {
                    let truncated = Fault::new(&TRUNCATED, self.scan.at);
                    return Err(truncated.wanted(self.end_wanted()).into());
                }
            }
        }
        Ok(())
    }

    /// Passes over white space between tags, of which most elements have some before them: it is no text.
    #[inline(always)]
    fn layout(&mut self) -> bool {
        let end = self.scan.after_space();
        if self.scan.byte(end) != b'<' {
            return false;
        }
        let has_children = self.open != self.tree.nodes.len().checked_sub(1);
        let is_layout = match self.scan.byte(end + 1) {
            b'/' => has_children,
            b'!' | b'?' => false,
            _ => true,
        };
        if is_layout {
            self.scan.at = end;
        }
        is_layout
    }

    /// Takes character data up to the next tag or reference.
    #[inline(always)]
    fn text(&mut self) -> Result<(), Fault> {
        let begin = self.scan.at;
        self.scan.skip_to_markup();
        while self.scan.peek(0) == b']' {
            if self.scan.rest().starts_with(b"]]>") {
                return Err(Fault::syntax(self.scan.at, "]]&gt;"));
            }
            self.scan.at += 1;
            self.scan.skip_to_markup();
        }
        if self.scan.at > begin {
            let raw = self.scan.slice(begin, self.scan.at);
            let text = self.scan.with_line_ends(raw);
            self.add_text(text);
        }
        Ok(())
    }

    fn add_text(&mut self, text: Cow<'x, str>) {
        let last = self.tree.nodes.len() - 1;
        let Some(at) = self.open else { return };
        let Some(node) = self.tree.nodes.get_mut(at) else {
            return;
        };
        if !node.text.is_empty() {
            node.text.to_mut().push_str(&text);
        } else if at == last || !is_blank(&text) {
            node.text = text;
        }
    }

    /// White space before the first element within another is layout.
    fn drop_space_before_child(&mut self) {
        let open = self.open.and_then(|at| self.tree.nodes.get_mut(at));
        if let Some(node) = open.filter(|node| !node.text.is_empty() && is_blank(&node.text)) {
            node.text = Cow::Borrowed("");
        }
    }

    /// Takes an end tag, from its `<` on, and closes the element.
    fn end_tag(&mut self) -> Result<(), Fault> {
        let begin = self.scan.at;
        let Some(at) = self.open else { return Ok(()) };
        let end = u32::try_from(self.tree.nodes.len()).unwrap_or(NONE);
        let Some(node) = self.tree.nodes.get_mut(at) else {
            return Ok(());
        };
        self.scan.at += 2;
        let same = self.scan.take_name(node.qname);
        self.scan.skip_space();
        if !same || !self.scan.take_byte(b'>') {
            let wanted = self.end_wanted();
            if self.scan.at_end() {
                return Err(Fault::new(&TRUNCATED, self.scan.at).wanted(wanted));
            }
            let found = self.scan.slice(begin, self.scan.text.len());
            let found = found.split_inclusive('>').next().unwrap_or_default();
            return Err(Fault::new(&TAG, begin).found(found).wanted(wanted));
        }
        node.end = end;
        self.open = (node.parent != NONE).then_some(node.parent as usize);
        self.depth -= 1;
        self.namespaces.leave(at);
        Ok(())
    }

    /// The end tag of the element that is open.
    fn end_wanted(&self) -> String {
        let open = self.open.and_then(|at| self.tree.nodes.get(at));
        open.map_or_else(String::new, |node| format!("</{}>", node.qname))
    }

    fn comment_or_cdata(&mut self) -> Result<(), Fault> {
        if self.scan.take("<!--") {
            return self.comment();
        }
        if !self.scan.take("<![CDATA[") {
            return Err(Fault::syntax(self.scan.at, "<!-- or <![CDATA["));
        }
        let raw = self.scan.until("]]>")?;
        let text = self.scan.with_line_ends(raw);
        self.add_text(text);
        Ok(())
    }

    /// Passes over a comment, from behind its `<!--` on.
    fn comment(&mut self) -> Result<(), Fault> {
        self.scan.until("--")?;
        self.scan.expect(">")
    }

    /// Passes over a processing instruction, from behind its `<?` on.
    fn instruction(&mut self) -> Result<(), Fault> {
        let begin = self.scan.at;
        let target = self.scan.ncname()?;
        if target.eq_ignore_ascii_case("xml") {
            return Err(Fault::syntax(begin - 2, "<"));
        }
        if self.scan.take("?>") {
            return Ok(());
        }
        if !self.scan.skip_space() {
            return Err(self.scan.missing("?>"));
        }
        self.scan.until("?>").map(|_| ())
    }
}
