//! The auditor: compares what Chorus Pro has received with what the tables say.

use std::fmt;

use anyhow::Result;
use chorus_simulator::{InvoiceRecord, Ledger, Post};
use tokio_postgres::Client;

mod canary;
mod events;
mod ledger;
mod rest;
mod tables;

pub use canary::Canary;
pub use rest::{Rest, at_rest};
pub use tables::Tables;

/// What has to hold, whatever happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// No number is processed twice; under the duplicate rule, none is accepted twice.
    I1,
    /// Every row said to be at Chorus Pro is in the ledger.
    I2,
    /// Every entry of the ledger is linked to its row.
    I3,
    /// Events are append-only, and each of Chorus Pro's is there once.
    I4,
    /// No two live tokens commit.
    I5,
    /// No secret is outside of its column.
    I6,
    /// The amount due of the bytes sent is that of the row; the other totals are those stored with the deposit.
    I7,
    /// When faults stop, the queue drains: every invoice that was inserted gets to its end.
    I8,
}

impl Invariant {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::I1,
        Self::I2,
        Self::I3,
        Self::I4,
        Self::I5,
        Self::I6,
        Self::I7,
        Self::I8,
    ];
}

/// Something that should not be.
#[derive(Debug, Clone)]
pub struct Violation {
    /// What does not hold.
    pub invariant: Invariant,
    /// Where.
    pub what: String,
}

impl Violation {
    fn new(invariant: Invariant, what: impl Into<String>) -> Self {
        Self {
            invariant,
            what: what.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.invariant, self.what)
    }
}

/// What Chorus Pro has, at one moment.
#[derive(Debug)]
pub struct There {
    /// Everything received.
    pub ledger: Ledger,
    /// Every integrated invoice with its events.
    pub invoices: Vec<InvoiceRecord>,
}

/// Compares everything but logs: I1 to I5 and I7. `client` may read all.
///
/// # Errors
/// The tables cannot be read.
pub async fn compare(client: &Client, there: &There) -> Result<Vec<Violation>> {
    let tables = Tables::read(client).await?;
    let mut found = ledger::processed_twice(there);
    found.extend(ledger::said_to_be_there(&tables, there));
    found.extend(ledger::linked(&tables, there));
    found.extend(ledger::amounts(&tables, there));
    found.extend(events::compare(client, there).await?);
    for row in client
        .query("SELECT what FROM journal.stale ORDER BY id", &[])
        .await?
    {
        found.push(Violation::new(Invariant::I5, row.get::<_, String>(0)));
    }
    Ok(found)
}

/// Whether the flux of a post ended, or will end, without an invoice; its number is free again.
fn failed(post: &Post) -> bool {
    post.return_code != 0 || matches!(post.state.as_deref(), Some("IN_REJETE" | "QP_IRRECEVABLE"))
}
