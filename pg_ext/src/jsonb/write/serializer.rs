//! A serde `Serializer` that puts a value into a [`Tree`].

use std::fmt;

use einvoice::gobl::NUMBER;
use serde::ser::{self, Impossible, Serialize, Serializer};

use super::Unwritable;
use super::tree::{Node, Span, Tree};

/// An array or object under way.
pub(super) struct Container<'t> {
    tree: &'t mut Tree,
    /// Where its members begin among the open ones.
    first: usize,
    /// The key whose value is awaited.
    key: Span,
}

impl<'t> From<&'t mut Tree> for Container<'t> {
    fn from(tree: &'t mut Tree) -> Self {
        Self {
            first: tree.open(),
            key: Span::default(),
            tree,
        }
    }
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

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<Node, Unwritable> {
        self.print(value).map(Node::Text)
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
        Ok(self.into())
    }

    fn serialize_tuple(self, _len: usize) -> Result<Container<'t>, Unwritable> {
        Ok(self.into())
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Container<'t>, Unwritable> {
        Ok(self.into())
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Container<'t>, Unwritable> {
        Ok(self.into())
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
