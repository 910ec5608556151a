//! What a run did, in numbers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// A number that grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// So many more.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// How many.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// Agents killed.
    pub kills: Count,
    /// Agents stopped for longer than a lease.
    pub freezes: Count,
    /// Agents told to end, which they did.
    pub stops: Count,
    /// PostgreSQL restarted without warning.
    pub restarts: Count,
    /// Times that all connections of all agents were cut.
    pub cuts: Count,
    /// Times that the simulator's clock jumped.
    pub jumps: Count,
    /// Long transactions, and open locks of applications.
    pub transactions: Count,
    /// Agents whose log went to a full disk.
    pub full_disks: Count,
    /// Invoices inserted and acknowledged.
    pub invoices: Count,
    /// Fluxes that were made to fail.
    pub rejections: Count,
    /// What people did: submitted, corrected, answered, cancelled, decided, retried.
    pub people: Count,
    faults: Mutex<BTreeMap<&'static str, u64>>,
}

impl Tally {
    /// A fault of that kind was set.
    pub fn fault(&self, kind: &'static str) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        *faults.entry(kind).or_default() += 1;
    }

    /// Faults set, by kind.
    #[must_use]
    pub fn faults(&self) -> BTreeMap<&'static str, u64> {
        self.faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, count) in [
            ("agents killed", &self.kills),
            ("agents frozen for longer than a lease", &self.freezes),
            ("agents stopped by SIGTERM", &self.stops),
            ("PostgreSQL restarted without warning", &self.restarts),
            ("all connections of agents cut", &self.cuts),
            ("jumps of Chorus Pro's clock", &self.jumps),
            ("long transactions and locks elsewhere", &self.transactions),
            ("agents with a full disk", &self.full_disks),
            ("invoices inserted", &self.invoices),
            ("fluxes made to fail", &self.rejections),
            ("things that people did", &self.people),
        ] {
            writeln!(f, "  {name:<40} {:>8}", count.get())?;
        }
        for (kind, count) in self.faults() {
            writeln!(f, "  {:<40} {count:>8}", format!("faults: {kind}"))?;
        }
        Ok(())
    }
}
