//! From a term of the model back to the user's own field.

use crate::cii::tree::Tree;
use crate::finding::Term;

/// A place in the model: a term, and which occurrence of the groups around it (from 0, outermost first).
///
/// The reason of the second allowance of the first line is `BT-139` at `[0, 1]`. Unused positions are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// The term.
    pub term: Term,
    /// Occurrences of the groups around it.
    pub at: [usize; 2],
}

impl Site {
    /// A term outside of any repeated group.
    #[must_use]
    pub const fn of(term: Term) -> Self {
        Self { term, at: [0, 0] }
    }
}

/// The source of an [`Invoice`](super::Invoice), which knows where each term was written.
///
/// Asked only when a finding is raised, so that a valid document pays nothing for it.
pub trait Locate {
    /// The user's field: JSON path on GOBL input, element path on XML input. A term that the user did not write has the
    /// path where it would stand.
    fn path(&self, site: Site) -> String;

    /// The position of that field in document order, on XML input; 0 where documents have no order.
    fn position(&self, _site: Site) -> usize {
        0
    }

    /// The file itself, on XML input: some rules look at elements that have no term.
    fn file(&self) -> Option<&Tree<'_>> {
        None
    }
}
