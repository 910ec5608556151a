//! The queue in `chorus.task`: claiming, giving back, permits and breakers.
//!
//! A claim is one short statement; no transaction is open while Chorus Pro is called. The lease is a fencing token:
//! every later write names it and changes nothing once the task belongs to somebody else.

mod buyer;
pub mod claim;
pub mod floor;
pub mod held;
pub mod permit;
pub mod release;
pub mod turn;

use crate::chorus::error::Api;

/// The kinds of tasks, each a loop of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Deposit an invoice.
    Submit,
    /// Ask what Chorus Pro's directory says of a buyer.
    Directory,
    /// Find out what became of a deposit whose answer was lost.
    LookUp,
    /// Read the report on a deposit.
    Flux,
    /// Read the statuses of an invoice.
    History,
    /// Answer a buyer as a person asked for.
    Action,
    /// Ask for the changed statuses of a supplier.
    Follow,
    /// Take in invoices of a supplier that were deposited elsewhere.
    Adopt,
}

impl Kind {
    /// Every kind, in the order in which workers ask for them.
    pub const ALL: [Self; 8] = [
        Self::Submit,
        Self::Directory,
        Self::LookUp,
        Self::Flux,
        Self::History,
        Self::Action,
        Self::Follow,
        Self::Adopt,
    ];

    /// The APIs without which it comes to nothing: while one of them is left alone, no such task is claimed.
    pub fn apis(self) -> &'static [Api] {
        match self {
            Self::LookUp | Self::Flux => &[Api::Factures, Api::Transverses],
            // Invoices do not wait for ever for what it cannot tell: it sees to that itself.
            Self::Directory => &[],
            Self::Submit | Self::History | Self::Action | Self::Follow | Self::Adopt => {
                &[Api::Factures]
            }
        }
    }

    /// The pairs of a kind and an API that it needs, as two columns.
    pub fn with_apis() -> (Vec<&'static str>, Vec<&'static str>) {
        let pairs = Self::ALL
            .iter()
            .flat_map(|kind| kind.apis().iter().map(|api| (kind.word(), api.name())));
        pairs.unzip()
    }

    /// Its word in `chorus.task.kind`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Directory => "directory",
            Self::LookUp => "look_up",
            Self::Flux => "flux",
            Self::History => "history",
            Self::Action => "action",
            Self::Follow => "follow",
            Self::Adopt => "adopt",
        }
    }
}
