//! What will happen by itself, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::Timestamp;

/// An automatic step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// The flux enters the step-th state of its path, or its outcome after the last.
    Flux { flux: usize, step: usize },
    /// Something happens to the invoice, unless somebody acted on it after passage `after`.
    Invoice {
        invoice: usize,
        after: i64,
        then: Move,
    },
}

/// What happens to an invoice by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Move {
    /// Chorus Pro moves it to that status.
    Enter(&'static str),
    /// The automatic validator sets the next status of its script.
    Validator,
    /// The automatic buyer sets the next status of its script.
    Buyer,
}

/// Planned steps. Those of the same time keep the order in which they were planned.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    events: BinaryHeap<Reverse<(Timestamp, u64, Event)>>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Timestamp, event: Event) {
        self.planned += 1;
        self.events.push(Reverse((at, self.planned, event)));
    }

    /// When the next step is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.events.peek().map(|Reverse((at, ..))| *at)
    }

    /// Takes the next step that is due by `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Event)> {
        if self.next_due()? > now {
            return None;
        }
        self.events.pop().map(|Reverse((at, _, event))| (at, event))
    }

    pub(crate) fn clear(&mut self) {
        self.events.clear();
    }
}
