//! The tables that `build/structure.rs` makes of `d16b/structure.csv`.

use super::checks;
use super::walk::Check;
use crate::cii::tree::Name;
use crate::finding::{Rule, Severity, Term, Text};

/// What is known of an element: which paths of rules it lies on.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// Where its moves begin in [`MOVES`].
    base: u16,
    /// What to do there, in [`WORK`]; 0 is nothing.
    work: u16,
}

/// From a state, to the state of a child.
#[derive(Clone, Copy)]
pub(super) struct Move {
    /// The state it belongs to: the moves of all states lie in one row.
    owner: u16,
    next: u16,
}

/// What to do at an element.
pub(super) struct Work {
    pub(super) actions: &'static [Action],
    /// Attributes that may not be there.
    pub(super) attributes: &'static [Attribute],
}

/// What a rule does at an element. `rule` is its place in [`RULES`], `up` the number of steps up to its context.
pub(super) enum Action {
    /// The element may not be there.
    Unused {
        rule: u16,
        up: u8,
        unless: Option<&'static Condition>,
    },
    /// The element may be there once below its context; `slot` remembers the context where it was last seen.
    Once {
        rule: u16,
        up: u8,
        slot: usize,
        of: Option<&'static Condition>,
    },
    /// All over the file the element must say the same; `slot` remembers the first.
    Same {
        rule: u16,
        slot: usize,
        trimmed: bool,
    },
    /// Below the element there must be another; `if_given`: only where the first step of the path is there.
    Required {
        rule: u16,
        path: &'static [Name],
        if_given: bool,
    },
    /// Below the element there may not be both.
    NotBoth {
        rule: u16,
        first: &'static [Name],
        second: &'static [Name],
    },
    /// Anything else.
    Check { rule: u16, check: Check },
}

/// An attribute that a rule does not want.
pub(super) struct Attribute {
    pub(super) rule: u16,
    pub(super) up: u8,
    pub(super) name: &'static str,
}

/// When an element counts.
pub(super) enum Condition {
    /// Something around it is of this name.
    Within(Name),
    /// It or what holds it is of this name.
    Document(Name),
    /// It or what holds it is of this name and has one of these type codes.
    DocumentOfType {
        name: Name,
        codes: &'static [&'static str],
        /// White space around the code does not matter.
        trimmed: bool,
        /// Its number among these conditions.
        memo: u8,
    },
}

/// The document, which holds the first element.
pub(super) const DOCUMENT: u16 = 1;

/// The state of an element, from that of the element that holds it.
#[inline]
pub(super) fn next(state: u16, name: Name) -> u16 {
    let base = STATES.get(usize::from(state)).map_or(0, |state| state.base);
    let at = usize::from(base) + name.index();
    match MOVES.get(at) {
        Some(to) if to.owner == state => to.next,
        _ => BY_NAME.get(name.index()).copied().unwrap_or_default(),
    }
}

/// What to do in a state.
#[inline]
pub(super) fn work(state: u16) -> Option<&'static Work> {
    let work = STATES.get(usize::from(state)).map_or(0, |state| state.work);
    (work != 0).then(|| WORK.get(usize::from(work))).flatten()
}

include!(concat!(env!("OUT_DIR"), "/structure.rs"));
