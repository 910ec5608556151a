//! A serde `Serializer` that keeps a value: flat, its texts in one buffer, the members of each object sorted.

use std::fmt::{self, Write as _};
use std::ops::Range;

use einvoice::gobl::NUMBER;
use serde::ser::{self, Impossible, Serialize, Serializer};

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

    fn keep(&mut self, text: &str) -> Result<Span, Unwritable> {
        if text.as_bytes().contains(&0) {
            return Err(Unwritable::Nul);
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        Span::new(start, self.bytes.len())
    }

    fn number(&mut self, number: impl fmt::Display) -> Result<Node, Unwritable> {
        let start = self.bytes.len();
        number::append(&number.to_string(), &mut self.bytes);
        Span::new(start, self.bytes.len()).map(Node::Number)
    }

    fn container(&mut self) -> Container<'_> {
        Container {
            first: self.open.len(),
            key: Span::default(),
            tree: self,
        }
    }

    fn add(&mut self, key: Span, value: Node) {
        self.nodes += 1;
        if self.nodes.is_multiple_of(NODES_PER_CHECK) {
            (self.check_interrupts)();
        }
        self.open.push(Member { key, value });
    }

    fn close_array(&mut self, first: usize) -> Result<Node, Unwritable> {
        let start = self.members.len();
        self.members.extend(self.open.drain(first..));
        Span::new(start, self.members.len()).map(Node::Array)
    }

    /// Shorter keys first, those of equal length by their bytes; of equal keys the last alone stays.
    fn close_object(&mut self, first: usize) -> Result<Node, Unwritable> {
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

/// An array or object under way.
pub(super) struct Container<'t> {
    tree: &'t mut Tree,
    /// Where its members begin among the open ones.
    first: usize,
    /// The key whose value is awaited.
    key: Span,
}

fn no_json<T>(what: &str) -> Result<T, Unwritable> {
    Err(Unwritable::NoJson(what.into()))
}

impl<'t> Serializer for &'t mut Tree {
    type Ok = Node;
    type Error = Unwritable;
    type SerializeSeq = Container<'t>;
    type SerializeTuple = Container<'t>;
    type SerializeMap = Container<'t>;
    type SerializeStruct = Container<'t>;
    type SerializeTupleStruct = Impossible<Node, Unwritable>;
    type SerializeTupleVariant = Impossible<Node, Unwritable>;
    type SerializeStructVariant = Impossible<Node, Unwritable>;

    /// Numbers come as decimal text then, with all their digits.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_unit(self) -> Result<Node, Unwritable> {
        Ok(Node::Null)
    }

    fn serialize_none(self) -> Result<Node, Unwritable> {
        Ok(Node::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Node, Unwritable> {
        let node = value.serialize(&mut *self)?;
        match node {
            Node::Text(digits) if name == NUMBER => {
                let digits = String::from_utf8_lossy(self.bytes(digits)).into_owned();
                self.number(digits)
            }
            node => Ok(node),
        }
    }

    fn serialize_bool(self, value: bool) -> Result<Node, Unwritable> {
        Ok(Node::Bool(value))
    }

    fn serialize_str(self, text: &str) -> Result<Node, Unwritable> {
        self.keep(text).map(Node::Text)
    }

    fn serialize_char(self, character: char) -> Result<Node, Unwritable> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    /// Written in place: decimal amounts are most of an invoice.
    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<Node, Unwritable> {
        struct Text<'b>(&'b mut Vec<u8>);

        impl fmt::Write for Text<'_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0.extend_from_slice(text.as_bytes());
                Ok(())
            }
        }

        let start = self.bytes.len();
        write!(Text(&mut self.bytes), "{value}").map_err(ser::Error::custom)?;
        let span = Span::new(start, self.bytes.len())?;
        if self.bytes(span).contains(&0) {
            return Err(Unwritable::Nul);
        }
        Ok(Node::Text(span))
    }

    fn serialize_i64(self, number: i64) -> Result<Node, Unwritable> {
        self.number(number)
    }

    fn serialize_u64(self, number: u64) -> Result<Node, Unwritable> {
        self.number(number)
    }

    /// With a decimal always, so that it is read as a float again.
    fn serialize_f64(self, number: f64) -> Result<Node, Unwritable> {
        if !number.is_finite() {
            return Err(Unwritable::NotFinite);
        }
        if number.fract() == 0.0 {
            self.number(format_args!("{number:.1}"))
        } else {
            self.number(number)
        }
    }

    fn serialize_i8(self, number: i8) -> Result<Node, Unwritable> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<Node, Unwritable> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<Node, Unwritable> {
        self.serialize_i64(number.into())
    }

    fn serialize_u8(self, number: u8) -> Result<Node, Unwritable> {
        self.serialize_i64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<Node, Unwritable> {
        self.serialize_i64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<Node, Unwritable> {
        self.serialize_i64(number.into())
    }

    fn serialize_f32(self, number: f32) -> Result<Node, Unwritable> {
        self.serialize_f64(number.into())
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Container<'t>, Unwritable> {
        Ok(self.container())
    }

    fn serialize_tuple(self, _len: usize) -> Result<Container<'t>, Unwritable> {
        Ok(self.container())
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Container<'t>, Unwritable> {
        Ok(self.container())
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Container<'t>, Unwritable> {
        Ok(self.container())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Node, Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_bytes(self, _bytes: &[u8]) -> Result<Node, Unwritable> {
        no_json("bytes have no JSON of their own")
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<Node, Unwritable> {
        no_json(name)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<Node, Unwritable> {
        no_json(name)
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleStruct, Unwritable> {
        no_json(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        no_json(name)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        no_json(name)
    }
}

impl ser::SerializeSeq for Container<'_> {
    type Ok = Node;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Unwritable> {
        let value = element.serialize(&mut *self.tree)?;
        self.tree.add(Span::default(), value);
        Ok(())
    }

    fn end(self) -> Result<Node, Unwritable> {
        self.tree.close_array(self.first)
    }
}

impl ser::SerializeTuple for Container<'_> {
    type Ok = Node;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Unwritable> {
        ser::SerializeSeq::serialize_element(self, element)
    }

    fn end(self) -> Result<Node, Unwritable> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Container<'_> {
    type Ok = Node;
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        match key.serialize(&mut *self.tree)? {
            Node::Text(key) => {
                self.key = key;
                Ok(())
            }
            _ => no_json("a key is no text"),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let value = value.serialize(&mut *self.tree)?;
        self.tree.add(self.key, value);
        Ok(())
    }

    fn end(self) -> Result<Node, Unwritable> {
        self.tree.close_object(self.first)
    }
}

impl ser::SerializeStruct for Container<'_> {
    type Ok = Node;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        ser::SerializeMap::serialize_entry(self, key, value)
    }

    fn end(self) -> Result<Node, Unwritable> {
        ser::SerializeMap::end(self)
    }
}
