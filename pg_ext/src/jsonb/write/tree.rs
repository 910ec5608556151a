//! A value while it is written: flat, its texts in one buffer, the members of each object sorted.

use std::fmt::{self, Write as _};
use std::ops::Range;

use super::{Unwritable, number};
use crate::jsonb::container::ENTRY_LENGTH_MASK;

/// Between two interrupt checks.
const NODES_PER_CHECK: usize = 4_096;

/// A stretch of one of the tree's buffers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The stretch from `start` to `end`, unless it is beyond what JSONB can address.
    fn new(start: usize, end: usize) -> Result<Self, Unwritable> {
        let within = |place: usize| {
            u32::try_from(place)
                .ok()
                .filter(|place| *place <= ENTRY_LENGTH_MASK)
                .ok_or(Unwritable::TooLarge)
        };
        Ok(Self {
            start: within(start)?,
            end: within(end)?,
        })
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Text(Span),
    /// A `numeric` varlena.
    Number(Span),
    Array(Span),
    Object(Span),
}

/// A member of an object, or an element of an array, whose key is empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub key: Span,
    pub value: Node,
}

/// The values of a document, found from its root.
#[derive(Debug)]
pub(super) struct Tree {
    /// Texts and numbers.
    bytes: Vec<u8>,
    /// What is in arrays and objects that are complete, side by side for each.
    members: Vec<Member>,
    /// What is in those still under way, the innermost last.
    open: Vec<Member>,
    nodes: usize,
    check_interrupts: fn(),
}

impl Tree {
    pub fn new(check_interrupts: fn()) -> Self {
        Self {
            bytes: Vec::new(),
            members: Vec::new(),
            open: Vec::new(),
            nodes: 0,
            check_interrupts,
        }
    }

    /// The bytes of a text, key or number.
    pub fn bytes(&self, span: Span) -> &[u8] {
        self.bytes.get(span.range()).unwrap_or_default()
    }

    /// What is in an array or object.
    pub fn members(&self, span: Span) -> &[Member] {
        self.members.get(span.range()).unwrap_or_default()
    }

    /// How many bytes of JSONB this needs at most: a member takes two entries, a container header and padding.
    pub fn room(&self) -> usize {
        self.bytes.len() + 16 * (self.members.len() + 1)
    }

    /// Adds a text.
    pub fn keep(&mut self, text: &str) -> Result<Span, Unwritable> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.text_from(start)
    }

    /// Adds the text that a value is printed as: in place, since decimal amounts are most of an invoice.
    pub fn print(&mut self, value: impl fmt::Display) -> Result<Span, Unwritable> {
        struct Text<'b>(&'b mut Vec<u8>);

        impl fmt::Write for Text<'_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0.extend_from_slice(text.as_bytes());
                Ok(())
            }
        }

        let start = self.bytes.len();
        write!(Text(&mut self.bytes), "{value}")
            .map_err(|_| Unwritable::NoJson("a value cannot be printed".into()))?;
        self.text_from(start)
    }

    fn text_from(&self, start: usize) -> Result<Span, Unwritable> {
        let span = Span::new(start, self.bytes.len())?;
        if self.bytes(span).contains(&0) {
            return Err(Unwritable::Nul);
        }
        Ok(span)
    }

    /// Adds a number, which prints without an exponent.
    pub fn number(&mut self, number: impl fmt::Display) -> Result<Node, Unwritable> {
        let start = self.bytes.len();
        number::append(&number.to_string(), &mut self.bytes);
        Span::new(start, self.bytes.len()).map(Node::Number)
    }

    /// Where the members of an array or object that begins now are going to be.
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// Adds a member to the innermost array or object.
    pub fn add(&mut self, key: Span, value: Node) {
        self.nodes += 1;
        if self.nodes.is_multiple_of(NODES_PER_CHECK) {
            (self.check_interrupts)();
        }
        self.open.push(Member { key, value });
    }

    /// Ends the array that began at `first`.
    pub fn close_array(&mut self, first: usize) -> Result<Node, Unwritable> {
        let start = self.members.len();
        self.members.extend(self.open.drain(first..));
        Span::new(start, self.members.len()).map(Node::Array)
    }

    /// Ends the object that began at `first`. Shorter keys first, those of equal length by their bytes; of equal keys the last alone stays.
    pub fn close_object(&mut self, first: usize) -> Result<Node, Unwritable> {
        let bytes = |span: Span| self.bytes.get(span.range()).unwrap_or_default();
        let order = |span: Span| (span.end - span.start, bytes(span));
        if let Some(added) = self.open.get_mut(first..) {
            added.sort_by(|a, b| order(a.key).cmp(&order(b.key)));
        }
        let start = self.members.len();
        for member in self.open.drain(first..) {
            match self.members.get_mut(start..).and_then(<[_]>::last_mut) {
                Some(last) if bytes(last.key) == bytes(member.key) => *last = member,
                _ => self.members.push(member),
            }
        }
        Span::new(start, self.members.len()).map(Node::Object)
    }
}
