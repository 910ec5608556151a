//! What a reading remembers, and the limits it keeps.

use std::cell::Cell;
use std::fmt;

use super::container::Corrupt;

/// Largest document read, in bytes of JSONB: four times what 100 000 plain invoice lines take.
pub(crate) const MAX_BYTES: usize = 100 << 20;
/// Deepest nesting of arrays and objects. GOBL needs about ten.
pub(crate) const MAX_DEPTH: u16 = 64;
/// Most values visited in one reading; values passed over do not count.
pub(crate) const MAX_NODES: u32 = 8_000_000;
/// Longest number, in decimal digits. A few bytes of `numeric` can stand for 131 072 of them.
pub(crate) const MAX_NUMBER_DIGITS: usize = 1_000;

/// Between two interrupt checks.
const NODES_PER_CHECK: u32 = 4_096;

/// Why a reading was given up for a reason that is not in the model of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// More values than [`MAX_NODES`].
    TooManyValues,
    /// A number of more digits than [`MAX_NUMBER_DIGITS`].
    NumberTooLong,
    /// NaN or infinity, which JSON does not have.
    NotFinite,
    /// The bytes are no JSONB.
    Corrupt(Corrupt),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep => write!(f, "document is nested more than {MAX_DEPTH} levels deep"),
            Self::TooManyValues => write!(f, "document has more than {MAX_NODES} values"),
            Self::NumberTooLong => write!(f, "number has more than {MAX_NUMBER_DIGITS} digits"),
            Self::NotFinite => f.write_str("number is NaN or infinite"),
            Self::Corrupt(Corrupt(what)) => write!(f, "jsonb value is corrupt: {what}"),
        }
    }
}

impl From<Corrupt> for Fault {
    fn from(corrupt: Corrupt) -> Self {
        Self::Corrupt(corrupt)
    }
}

/// Shared by all values of one document while it is read.
#[derive(Debug)]
pub(crate) struct Reading {
    nodes: Cell<u32>,
    /// The count of nodes at which something is due: an interrupt check, or the end.
    due: Cell<u32>,
    skipped: Cell<bool>,
    fault: Cell<Option<Fault>>,
    check_interrupts: fn(),
}

impl Reading {
    /// `check_interrupts` does not return when the query was cancelled.
    pub(crate) fn new(check_interrupts: fn()) -> Self {
        Self {
            nodes: Cell::new(0),
            due: Cell::new(NODES_PER_CHECK),
            skipped: Cell::new(false),
            fault: Cell::new(None),
            check_interrupts,
        }
    }

    /// Starts a reading from the root.
    pub(super) fn restart(&self) {
        self.nodes.set(0);
        self.due.set(NODES_PER_CHECK);
        self.fault.set(None);
    }

    /// Counts one value.
    #[inline]
    pub(super) fn visit(&self) -> Result<(), Fault> {
        let nodes = self.nodes.get() + 1;
        self.nodes.set(nodes);
        if nodes < self.due.get() {
            return Ok(());
        }
        self.pause(nodes)
    }

    #[cold]
    fn pause(&self, nodes: u32) -> Result<(), Fault> {
        if nodes > MAX_NODES {
            return Err(Fault::TooManyValues);
        }
        self.due.set((nodes + NODES_PER_CHECK).min(MAX_NODES + 1));
        (self.check_interrupts)();
        Ok(())
    }

    /// Remembers that a value was passed over.
    pub(super) fn skip(&self) {
        self.skipped.set(true);
    }

    /// Whether any reading so far passed over a value.
    pub(super) fn skipped(&self) -> bool {
        self.skipped.get()
    }

    /// Remembers why the reading is given up.
    pub(super) fn fail(&self, fault: Fault) {
        self.fault.set(Some(fault));
    }

    /// Why the last reading was given up, if for a reason of ours.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault.get()
    }
}
