//! The bytes of a tree: what [`crate::jsonb::container`] reads, written.

use super::Unwritable;
use super::tree::{Member, Node, Tree};
use crate::jsonb::container::{
    ARRAY_FLAG, COUNT_MASK, ENTRY_CONTAINER, ENTRY_FALSE, ENTRY_HAS_OFFSET, ENTRY_LENGTH_MASK,
    ENTRY_NULL, ENTRY_NUMERIC, ENTRY_STRING, ENTRY_TRUE, OBJECT_FLAG, SCALAR_ARRAY,
};

/// Every so many entries, one holds an offset instead of a length.
const OFFSET_STRIDE: usize = 32;

/// The whole document. A scalar stands in an array of its own.
pub(super) fn document(tree: &Tree, root: Node) -> Result<Vec<u8>, Unwritable> {
    let mut layout = Layout {
        tree,
        out: Vec::with_capacity(tree.room()),
    };
    match root {
        Node::Array(_) | Node::Object(_) => layout.value(root).map(drop)?,
        scalar => {
            let alone = [Member {
                key: Default::default(),
                value: scalar,
            }];
            layout.container(SCALAR_ARRAY, &alone)?;
        }
    }
    Ok(layout.out)
}

struct Layout<'t> {
    tree: &'t Tree,
    out: Vec<u8>,
}

/// The entries of a container, which are filled in as its data is written.
struct Entries {
    /// Where the first one is.
    at: usize,
    /// How many are filled in.
    filled: usize,
    /// Where the data begins.
    data: usize,
    /// Where the data of the last one ended.
    end: usize,
}

impl Layout<'_> {
    /// Writes a value and gives its type.
    fn value(&mut self, node: Node) -> Result<u32, Unwritable> {
        Ok(match node {
            Node::Null => ENTRY_NULL,
            Node::Bool(false) => ENTRY_FALSE,
            Node::Bool(true) => ENTRY_TRUE,
            Node::Text(text) => {
                self.out.extend_from_slice(self.tree.bytes(text));
                ENTRY_STRING
            }
            Node::Number(varlena) => {
                self.align();
                self.out.extend_from_slice(self.tree.bytes(varlena));
                ENTRY_NUMERIC
            }
            Node::Array(elements) => {
                self.container(ARRAY_FLAG, self.tree.members(elements))?;
                ENTRY_CONTAINER
            }
            Node::Object(members) => {
                self.container(OBJECT_FLAG, self.tree.members(members))?;
                ENTRY_CONTAINER
            }
        })
    }

    fn container(&mut self, flags: u32, members: &[Member]) -> Result<(), Unwritable> {
        let count = u32::try_from(members.len())
            .ok()
            .filter(|count| *count <= COUNT_MASK)
            .ok_or(Unwritable::TooLarge)?;
        self.align();
        self.out.extend((flags | count).to_ne_bytes());
        let is_object = flags == OBJECT_FLAG;
        let at = self.out.len();
        let data = at + 4 * members.len() * if is_object { 2 } else { 1 };
        self.out.resize(data, 0);
        let mut entries = Entries {
            at,
            filled: 0,
            data,
            end: data,
        };
        if is_object {
            for member in members {
                self.out.extend_from_slice(self.tree.bytes(member.key));
                self.fill(&mut entries, ENTRY_STRING)?;
            }
        }
        for member in members {
            let kind = self.value(member.value)?;
            self.fill(&mut entries, kind)?;
        }
        Ok(())
    }

    /// Fills in the entry of what was just written.
    fn fill(&mut self, entries: &mut Entries, kind: u32) -> Result<(), Unwritable> {
        let end = self.out.len();
        let offset = u32::try_from(end - entries.data)
            .ok()
            .filter(|offset| *offset <= ENTRY_LENGTH_MASK)
            .ok_or(Unwritable::TooLarge)?;
        let entry = if entries.filled.is_multiple_of(OFFSET_STRIDE) {
            kind | ENTRY_HAS_OFFSET | offset
        } else {
            // No longer than the offset, which fits.
            kind | (end - entries.end) as u32
        };
        let place = entries.at + 4 * entries.filled;
        if let Some(bytes) = self.out.get_mut(place..place + 4) {
            bytes.copy_from_slice(&entry.to_ne_bytes());
        }
        entries.filled += 1;
        entries.end = end;
        Ok(())
    }

    /// Numbers and containers start at a multiple of four.
    fn align(&mut self) {
        self.out.resize(self.out.len().next_multiple_of(4), 0);
    }
}
