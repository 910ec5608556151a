//! The bytes of a JSONB container: header, entries, data.
//!
//! PostgreSQL keeps an array or object as a 32-bit header (kind and count), one 32-bit entry for each element
//! (for an object first all keys, sorted by length and then bytes, then all values in the same order), and the
//! data of the elements one after another. An entry holds the type of its element and either the length of its
//! data or, for every 32nd, the offset of its end; so finding an element costs at most 32 additions. Source:
//! `src/include/utils/jsonb.h` of PostgreSQL; unchanged since 9.4, since `pg_upgrade` keeps data files.
//!
//! Nothing here trusts the bytes: what does not fit is [`Corrupt`], and no element is reached but by a checked slice.

use std::str;

const COUNT_MASK: u32 = 0x0FFF_FFFF;
const SCALAR_FLAG: u32 = 0x1000_0000;
const OBJECT_FLAG: u32 = 0x2000_0000;
const ARRAY_FLAG: u32 = 0x4000_0000;

const ENTRY_LENGTH_MASK: u32 = 0x0FFF_FFFF;
const ENTRY_TYPE_MASK: u32 = 0x7000_0000;
const ENTRY_HAS_OFFSET: u32 = 0x8000_0000;

const ENTRY_STRING: u32 = 0x0000_0000;
const ENTRY_NUMERIC: u32 = 0x1000_0000;
const ENTRY_FALSE: u32 = 0x2000_0000;
const ENTRY_TRUE: u32 = 0x3000_0000;
const ENTRY_NULL: u32 = 0x4000_0000;
const ENTRY_CONTAINER: u32 = 0x5000_0000;

/// The bytes are no JSONB; says what does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corrupt(pub(crate) &'static str);

/// One JSON value, borrowed from the datum.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node<'de> {
    Null,
    Bool(bool),
    /// A `numeric` varlena, for [`super::number`].
    Number(&'de [u8]),
    String(&'de str),
    Array(Container<'de>),
    Object(Container<'de>),
}

/// An array or object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Container<'de> {
    count: usize,
    entries: &'de [[u8; 4]],
    data: &'de [u8],
}

/// The value that a whole JSONB datum (without its varlena header) holds.
pub(crate) fn root(bytes: &[u8]) -> Result<Node<'_>, Corrupt> {
    let (flags, container) = Container::parse(bytes)?;
    if flags & SCALAR_FLAG == 0 {
        return node_of(flags, container);
    }
    if flags != SCALAR_FLAG | ARRAY_FLAG || container.count != 1 {
        return Err(Corrupt("a scalar document must be an array of one element"));
    }
    match container.elements().next()? {
        Some(Node::Array(_) | Node::Object(_)) | None => {
            Err(Corrupt("a scalar document holds no scalar"))
        }
        Some(scalar) => Ok(scalar),
    }
}

fn node_of(flags: u32, container: Container<'_>) -> Result<Node<'_>, Corrupt> {
    match flags {
        ARRAY_FLAG => Ok(Node::Array(container)),
        OBJECT_FLAG => Ok(Node::Object(container)),
        _ => Err(Corrupt("a container is neither array nor object")),
    }
}

impl<'de> Container<'de> {
    fn parse(bytes: &'de [u8]) -> Result<(u32, Self), Corrupt> {
        let (header, rest) = bytes
            .split_first_chunk::<4>()
            .ok_or(Corrupt("a container has no header"))?;
        let header = u32::from_ne_bytes(*header);
        let flags = header & !COUNT_MASK;
        let count = (header & COUNT_MASK) as usize;
        let entry_count = if flags & OBJECT_FLAG == 0 {
            count
        } else {
            2 * count
        };
        let (entries, data) = rest
            .split_at_checked(4 * entry_count)
            .ok_or(Corrupt("a container is too short for its count"))?;
        Ok((
            flags,
            Self {
                count,
                entries: entries.as_chunks().0,
                data,
            },
        ))
    }

    /// The elements of an array, or the keys of an object.
    pub(crate) fn elements(&self) -> Cursor<'de> {
        Cursor {
            container: *self,
            next: 0,
            end: self.count,
            offset: 0,
        }
    }

    /// The values of an object, in the order of its keys.
    pub(crate) fn values(&self) -> Cursor<'de> {
        Cursor {
            container: *self,
            next: self.count,
            end: self.entries.len(),
            offset: self.offset_of(self.count),
        }
    }

    /// Where the data of entry `index` starts: the nearest stored offset before it plus the lengths since.
    fn offset_of(&self, index: usize) -> usize {
        let mut offset = 0_usize;
        for entry in self.entries.iter().take(index).rev() {
            let entry = u32::from_ne_bytes(*entry);
            offset = offset.saturating_add((entry & ENTRY_LENGTH_MASK) as usize);
            if entry & ENTRY_HAS_OFFSET != 0 {
                break;
            }
        }
        offset
    }
}

/// A walk along the entries of a container, data of each found by adding up.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'de> {
    container: Container<'de>,
    next: usize,
    end: usize,
    offset: usize,
}

impl<'de> Cursor<'de> {
    /// How many are still to come.
    pub(crate) fn remaining(&self) -> usize {
        self.end - self.next
    }

    /// The next value; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Node<'de>>, Corrupt> {
        let Some((kind, start, data)) = self.step()? else {
            return Ok(None);
        };
        let node = match kind {
            ENTRY_STRING => Node::String(text(data)?),
            ENTRY_NUMERIC => Node::Number(aligned(start, data)?),
            ENTRY_FALSE => Node::Bool(false),
            ENTRY_TRUE => Node::Bool(true),
            ENTRY_NULL => Node::Null,
            ENTRY_CONTAINER => {
                let (flags, container) = Container::parse(aligned(start, data)?)?;
                node_of(flags, container)?
            }
            _ => return Err(Corrupt("an entry has an unknown type")),
        };
        Ok(Some(node))
    }

    /// The next key; `None` at the end.
    pub(crate) fn next_key(&mut self) -> Result<Option<&'de str>, Corrupt> {
        match self.step()? {
            None => Ok(None),
            Some((ENTRY_STRING, _, data)) => text(data).map(Some),
            Some(_) => Err(Corrupt("a key is no string")),
        }
    }

    fn step(&mut self) -> Result<Option<(u32, usize, &'de [u8])>, Corrupt> {
        if self.next == self.end {
            return Ok(None);
        }
        let entry = self
            .container
            .entries
            .get(self.next)
            .ok_or(Corrupt("an entry is missing"))?;
        let entry = u32::from_ne_bytes(*entry);
        let start = self.offset;
        let length = (entry & ENTRY_LENGTH_MASK) as usize;
        let end = if entry & ENTRY_HAS_OFFSET == 0 {
            start.saturating_add(length)
        } else {
            length
        };
        let data = self
            .container
            .data
            .get(start..end)
            .ok_or(Corrupt("an element reaches beyond its container"))?;
        self.next += 1;
        self.offset = end;
        Ok(Some((entry & ENTRY_TYPE_MASK, start, data)))
    }
}

/// Numbers and containers start at the next multiple of four; the padding belongs to the element's length.
fn aligned(start: usize, data: &[u8]) -> Result<&[u8], Corrupt> {
    data.get(start.wrapping_neg() % 4..)
        .ok_or(Corrupt("an element is shorter than its padding"))
}

fn text(data: &[u8]) -> Result<&str, Corrupt> {
    str::from_utf8(data).map_err(|_| Corrupt("a string is not UTF-8"))
}
