//! JSONB as a serde `Deserializer`: strings are lent, numbers exact, values nobody asks for cost nothing.

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::container::{self, Container, Cursor, Node};
use super::number::{self, Number};
use super::reading::{Fault, MAX_DEPTH, Reading};

/// What a reading could not do. A reason that is ours and not the model's is also in [`Reading::fault`].
#[derive(Debug)]
pub(crate) struct Error(Box<str>);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string().into())
    }
}

/// One JSON value of a document.
///
/// Integers are visited as `i64`, `u64` or `i128`, whichever fits first; other numbers as decimal text in
/// `visit_string`, where asked for as "any" value. Strings are always visited by `visit_borrowed_str`.
#[derive(Clone, Copy)]
pub(crate) struct Value<'de> {
    node: Node<'de>,
    depth: u16,
    reading: &'de Reading,
}

impl<'de> Value<'de> {
    /// The root of a document (`bytes`: without the varlena header).
    pub(super) fn root(bytes: &'de [u8], reading: &'de Reading) -> Result<Self, Error> {
        reading.restart();
        let node = container::root(bytes).map_err(|corrupt| give_up(reading, corrupt.into()))?;
        Ok(Self {
            node,
            depth: 0,
            reading,
        })
    }

    #[cold]
    fn give_up(self, fault: impl Into<Fault>) -> Error {
        give_up(self.reading, fault.into())
    }

    #[inline]
    fn visit(self) -> Result<(), Error> {
        self.reading.visit().map_err(|fault| self.give_up(fault))
    }

    /// The depth of this container's elements.
    fn descend(self) -> Result<u16, Error> {
        if self.depth < MAX_DEPTH {
            Ok(self.depth + 1)
        } else {
            Err(self.give_up(Fault::TooDeep))
        }
    }

    #[inline]
    fn text(self, bytes: &'de [u8]) -> Result<&'de str, Error> {
        container::text(bytes).map_err(|corrupt| self.give_up(corrupt))
    }

    fn number(self, varlena: &[u8]) -> Result<Number, Error> {
        number::decode(varlena).map_err(|fault| self.give_up(fault))
    }

    fn container(self, bytes: &'de [u8]) -> Result<Container<'de>, Error> {
        Container::parse(bytes).map_err(|corrupt| self.give_up(corrupt))
    }

    fn members(self, object: Container<'de>) -> Result<Members<'de>, Error> {
        Ok(Members {
            keys: object.elements(),
            values: object.values(),
            depth: self.descend()?,
            reading: self.reading,
        })
    }
}

#[cold]
fn give_up(reading: &Reading, fault: Fault) -> Error {
    reading.fail(fault);
    de::Error::custom(fault)
}

fn visit_integer<'de, V: Visitor<'de>>(integer: i128, visitor: V) -> Result<V::Value, Error> {
    if let Ok(integer) = i64::try_from(integer) {
        visitor.visit_i64(integer)
    } else if let Ok(integer) = u64::try_from(integer) {
        visitor.visit_u64(integer)
    } else {
        visitor.visit_i128(integer)
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit()?;
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(value),
            Node::String(bytes) => visitor.visit_borrowed_str(self.text(bytes)?),
            Node::Number(varlena) => match self.number(varlena)? {
                Number::Integer(integer) => visit_integer(integer, visitor),
                Number::Text(text) => visitor.visit_string(text),
            },
            Node::Container(bytes) => {
                let container = self.container(bytes)?;
                if container.is_object() {
                    visitor.visit_map(self.members(container)?)
                } else {
                    visitor.visit_seq(Elements {
                        cursor: container.elements(),
                        depth: self.descend()?,
                        reading: self.reading,
                    })
                }
            }
        }
    }

    /// A number is no string, though decimals are visited as text where any value will do.
    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if let Node::String(bytes) = self.node {
            self.visit()?;
            return visitor.visit_borrowed_str(self.text(bytes)?);
        }
        if let Node::Number(varlena) = self.node
            && let Number::Text(text) = self.number(varlena)?
        {
            let found = format!("number `{text}`");
            return Err(de::Error::invalid_type(Unexpected::Other(&found), &visitor));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.node {
            Node::String(bytes) => {
                visitor.visit_enum(BorrowedStrDeserializer::new(self.text(bytes)?))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    /// Passes over the value whatever its size.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reading.skip();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
    }
}

/// The elements of an array.
struct Elements<'de> {
    cursor: Cursor<'de>,
    depth: u16,
    reading: &'de Reading,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let next = self
            .cursor
            .next()
            .map_err(|corrupt| give_up(self.reading, corrupt.into()))?;
        next.map(|node| {
            seed.deserialize(Value {
                node,
                depth: self.depth,
                reading: self.reading,
            })
        })
        .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.cursor.remaining())
    }
}

/// The members of an object.
struct Members<'de> {
    keys: Cursor<'de>,
    values: Cursor<'de>,
    depth: u16,
    reading: &'de Reading,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let key = self
            .keys
            .next_key()
            .map_err(|corrupt| give_up(self.reading, corrupt.into()))?;
        key.map(|key| seed.deserialize(BorrowedStrDeserializer::new(key)))
            .transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let node = self
            .values
            .next()
            .map_err(|corrupt| give_up(self.reading, corrupt.into()))?;
        let node =
            node.ok_or_else(|| de::Error::custom("a value was asked for without its key"))?;
        seed.deserialize(Value {
            node,
            depth: self.depth,
            reading: self.reading,
        })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.keys.remaining())
    }
}
