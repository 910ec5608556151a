//! Conditions on the ledger that tests wait for instead of sleeping.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;
use crate::operation::Operation;
use crate::state::World;

/// Holds when at least [`Condition::count`] deposits match every given field, or, with
/// [`Condition::operation`], when that operation was called so often. The fields are also the query parameters
/// of `GET /_simulator/wait`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Invoice number (BT-1).
    pub number: Option<String>,
    /// `numeroFluxDepot`.
    pub flux_number: Option<String>,
    /// Flux state.
    pub state: Option<String>,
    /// Status of the integrated invoice.
    pub status: Option<String>,
    /// Count requests of this operation instead of deposits.
    pub operation: Option<Operation>,
    /// How many; 1 when absent.
    #[serde(default = "one")]
    pub count: u64,
    /// Milliseconds to wait at most; 30 seconds when absent, never more than 10 minutes.
    #[serde(default = "half_a_minute")]
    pub timeout_ms: u64,
}

fn one() -> u64 {
    1
}

fn half_a_minute() -> u64 {
    30_000
}

/// The condition did not come to hold in time.
#[derive(Debug)]
pub struct NotReached {
    /// What was waited for.
    pub condition: Condition,
    /// What had been received when the time was up.
    pub ledger: Ledger,
}

impl std::fmt::Display for NotReached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { condition, ledger } = self;
        write!(
            f,
            "not reached within {} ms: {condition:?}; received: {ledger:?}",
            condition.timeout_ms
        )
    }
}

impl std::error::Error for NotReached {}

impl Condition {
    /// A wait longer than this is cut.
    const LONGEST_WAIT: Duration = Duration::from_secs(600);

    /// At least one processed deposit.
    #[must_use]
    pub fn posts() -> Self {
        Self {
            number: None,
            flux_number: None,
            state: None,
            status: None,
            operation: None,
            count: one(),
            timeout_ms: half_a_minute(),
        }
    }

    /// At least one request of that operation.
    #[must_use]
    pub fn requests(operation: Operation) -> Self {
        Self {
            operation: Some(operation),
            ..Self::posts()
        }
    }

    /// Of that invoice number.
    #[must_use]
    pub fn number(self, number: &str) -> Self {
        Self {
            number: Some(number.into()),
            ..self
        }
    }

    /// In that flux state.
    #[must_use]
    pub fn state(self, state: &str) -> Self {
        Self {
            state: Some(state.into()),
            ..self
        }
    }

    /// Whose invoice has that status.
    #[must_use]
    pub fn status(self, status: &str) -> Self {
        Self {
            status: Some(status.into()),
            ..self
        }
    }

    /// At least so many.
    #[must_use]
    pub fn at_least(self, count: u64) -> Self {
        Self { count, ..self }
    }

    /// Waited for so long at most.
    #[must_use]
    pub fn within(self, timeout: Duration) -> Self {
        Self {
            timeout_ms: u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
            ..self
        }
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms).min(Self::LONGEST_WAIT)
    }

    pub(crate) fn holds(&self, world: &World) -> bool {
        if let Some(operation) = self.operation {
            return world
                .counts
                .get(&operation)
                .is_some_and(|count| count.received >= self.count);
        }
        let matches = world.receipts.iter().filter(|receipt| {
            let flux = receipt.flux.and_then(|index| world.fluxes.get(index));
            let invoice = flux
                .and_then(|flux| flux.invoice)
                .and_then(|index| world.invoices.get(index));
            fits(&self.number, || flux?.cii()?.number.as_deref())
                && fits(&self.flux_number, || Some(flux?.number.as_str()))
                && fits(&self.state, || {
                    flux?.state.as_ref().map(|(state, _)| state.as_str())
                })
                && fits(&self.status, || Some(invoice?.status()))
        });
        matches.count() as u64 >= self.count
    }
}

fn fits<'a>(wanted: &Option<String>, actual: impl FnOnce() -> Option<&'a str>) -> bool {
    wanted
        .as_deref()
        .is_none_or(|wanted| actual() == Some(wanted))
}
