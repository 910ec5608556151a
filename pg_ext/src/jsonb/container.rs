//! The bytes of a JSONB container: header, entries, data.
//!
//! PostgreSQL keeps an array or object as a 32-bit header (kind and count), one 32-bit entry for each element
//! (for an object first all keys, sorted by length and then bytes, then all values in the same order), and the
//! data of the elements one after another. An entry holds the type of its element and either the length of its
//! data or, for every 32nd, the offset of its end; so finding an element costs at most 32 additions. Source:
//! `src/include/utils/jsonb.h` of PostgreSQL; unchanged since 9.4, since `pg_upgrade` keeps data files.
//!
//! Nothing here trusts the bytes: what does not fit is [`Corrupt`], and no element is reached but by a checked slice.

use std::{slice, str};

pub(super) const COUNT_MASK: u32 = 0x0FFF_FFFF;
const SCALAR_FLAG: u32 = 0x1000_0000;
pub(super) const OBJECT_FLAG: u32 = 0x2000_0000;
pub(super) const ARRAY_FLAG: u32 = 0x4000_0000;
pub(super) const SCALAR_ARRAY: u32 = SCALAR_FLAG | ARRAY_FLAG;

pub(super) const ENTRY_LENGTH_MASK: u32 = 0x0FFF_FFFF;
const ENTRY_TYPE_MASK: u32 = 0x7000_0000;
pub(super) const ENTRY_HAS_OFFSET: u32 = 0x8000_0000;

pub(super) const ENTRY_STRING: u32 = 0x0000_0000;
pub(super) const ENTRY_NUMERIC: u32 = 0x1000_0000;
pub(super) const ENTRY_FALSE: u32 = 0x2000_0000;
pub(super) const ENTRY_TRUE: u32 = 0x3000_0000;
pub(super) const ENTRY_NULL: u32 = 0x4000_0000;
pub(super) const ENTRY_CONTAINER: u32 = 0x5000_0000;

/// The bytes are no JSONB; says what does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corrupt(pub(crate) &'static str);

/// One JSON value, found in the datum but not looked into.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node<'de> {
    Null,
    Bool(bool),
    /// A `numeric` varlena, for [`super::number`].
    Number(&'de [u8]),
    /// The bytes of a string, for [`text`].
    String(&'de [u8]),
    /// The bytes of an array or object, for [`Container::parse`].
    Container(&'de [u8]),
}

/// An array or object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Container<'de> {
    flags: u32,
    count: usize,
    entries: &'de [[u8; 4]],
    data: &'de [u8],
}

/// The value that a whole JSONB datum (without its varlena header) holds.
pub(crate) fn root(bytes: &[u8]) -> Result<Node<'_>, Corrupt> {
    let container = Container::parse(bytes)?;
    if container.flags & SCALAR_FLAG == 0 {
        return Ok(Node::Container(bytes));
    }
    match (
        container.flags,
        container.count,
        container.elements().next()?,
    ) {
        (_, _, Some(Node::Container(_)) | None) => {
            Err(Corrupt("a scalar document holds no scalar"))
        }
        (SCALAR_ARRAY, 1, Some(scalar)) => Ok(scalar),
        _ => Err(Corrupt("a scalar document must be an array of one element")),
    }
}

/// A string, for which PostgreSQL's word is not taken. Most are short and ASCII, which is told at a glance.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Corrupt> {
    if let Some(text) = super::ascii(bytes) {
        return Ok(text);
    }
    str::from_utf8(bytes).map_err(|_| Corrupt("a string is not UTF-8"))
}

impl<'de> Container<'de> {
    /// Tells entries and data apart.
    pub(crate) fn parse(bytes: &'de [u8]) -> Result<Self, Corrupt> {
        let (header, rest) = bytes
            .split_first_chunk::<4>()
            .ok_or(Corrupt("a container has no header"))?;
        let header = u32::from_ne_bytes(*header);
        let flags = header & !COUNT_MASK;
        let count = (header & COUNT_MASK) as usize;
        let entry_count = match flags {
            ARRAY_FLAG | SCALAR_ARRAY => count,
            OBJECT_FLAG => 2 * count,
            _ => return Err(Corrupt("a container is neither array nor object")),
        };
        let (entries, data) = rest
            .split_at_checked(4 * entry_count)
            .ok_or(Corrupt("a container is too short for its count"))?;
        Ok(Self {
            flags,
            count,
            entries: entries.as_chunks().0,
            data,
        })
    }

    /// Whether its elements come in pairs of key and value.
    pub(crate) fn is_object(&self) -> bool {
        self.flags == OBJECT_FLAG
    }

    /// The elements of an array, or the keys of an object.
    pub(crate) fn elements(&self) -> Cursor<'de> {
        let (elements, _) = self.entries.split_at(self.count);
        Cursor {
            entries: elements.iter(),
            data: self.data,
            offset: 0,
        }
    }

    /// The values of an object, in the order of its keys.
    pub(crate) fn values(&self) -> Cursor<'de> {
        let (keys, values) = self.entries.split_at(self.count);
        Cursor {
            entries: values.iter(),
            data: self.data,
            offset: end_of(keys),
        }
    }
}

/// Where the data of these entries ends: the last stored offset plus the lengths since.
fn end_of(entries: &[[u8; 4]]) -> usize {
    let mut end = 0_usize;
    for entry in entries.iter().rev() {
        let entry = u32::from_ne_bytes(*entry);
        end = end.saturating_add((entry & ENTRY_LENGTH_MASK) as usize);
        if entry & ENTRY_HAS_OFFSET != 0 {
            break;
        }
    }
    end
}

/// A walk along the entries of a container, the data of each found by adding up.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'de> {
    entries: slice::Iter<'de, [u8; 4]>,
    data: &'de [u8],
    offset: usize,
}

impl<'de> Cursor<'de> {
    /// How many are still to come.
    pub(crate) fn remaining(&self) -> usize {
        self.entries.len()
    }

    /// The next value; `None` at the end.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Node<'de>>, Corrupt> {
        let start = self.offset;
        let Some((kind, data)) = self.step()? else {
            return Ok(None);
        };
        Ok(Some(match kind {
            ENTRY_STRING => Node::String(data),
            ENTRY_NUMERIC => Node::Number(aligned(start, data)?),
            ENTRY_FALSE => Node::Bool(false),
            ENTRY_TRUE => Node::Bool(true),
            ENTRY_NULL => Node::Null,
            ENTRY_CONTAINER => Node::Container(aligned(start, data)?),
            _ => return Err(Corrupt("an entry has an unknown type")),
        }))
    }

    /// The next key; `None` at the end.
    #[inline]
    pub(crate) fn next_key(&mut self) -> Result<Option<&'de str>, Corrupt> {
        match self.step()? {
            None => Ok(None),
            Some((ENTRY_STRING, data)) => text(data).map(Some),
            Some(_) => Err(Corrupt("a key is no string")),
        }
    }

    /// Type and data of the next entry.
    #[inline]
    fn step(&mut self) -> Result<Option<(u32, &'de [u8])>, Corrupt> {
        let Some(entry) = self.entries.next() else {
            return Ok(None);
        };
        let entry = u32::from_ne_bytes(*entry);
        let length = (entry & ENTRY_LENGTH_MASK) as usize;
        // A sum that wraps is no end that comes after the start.
        let end = if entry & ENTRY_HAS_OFFSET == 0 {
            self.offset.wrapping_add(length)
        } else {
            length
        };
        let data = self
            .data
            .get(self.offset..end)
            .ok_or(Corrupt("an element reaches beyond its container"))?;
        self.offset = end;
        Ok(Some((entry & ENTRY_TYPE_MASK, data)))
    }
}

/// Numbers and containers start at the next multiple of four; the padding belongs to the element's length.
fn aligned(start: usize, data: &[u8]) -> Result<&[u8], Corrupt> {
    data.get(start.wrapping_neg() % 4..)
        .ok_or(Corrupt("an element is shorter than its padding"))
}
