//! Which kind of task an idle worker asks for first.
//!
//! Submit, as a rule: what is inserted goes out at once. Where calls fail, the kind after the one that failed last, whichever worker had
//! it. An open breaker lets one call through at a time; by a fixed order that would be the same two kinds again and again, each due
//! when the other has failed, while a third that would succeed and close it waits behind them.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::Kind;

/// So long a failure is remembered: longer than a breaker waits for its probe.
const MEMORY: Duration = Duration::from_secs(2 * 3600);

/// What the workers of one agent remember of failures.
#[derive(Debug, Default)]
pub struct Turns {
    failed: Mutex<Option<(Instant, usize)>>,
}

impl Turns {
    /// The place in [`Kind::ALL`] that an idle worker begins with.
    pub fn first(&self) -> usize {
        self.first_at(Instant::now())
    }

    fn first_at(&self, now: Instant) -> usize {
        let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match failed {
            Some((since, kind)) if now.duration_since(since) < MEMORY => {
                (kind + 1) % Kind::ALL.len()
            }
            _ => 0,
        }
    }

    /// A call for a task of `kind` failed for a reason that concerns others.
    pub fn failed(&self, kind: Kind) {
        let place = Kind::ALL.iter().position(|other| *other == kind);
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) =
            place.map(|place| (Instant::now(), place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_failure_the_next_kind_comes_first_and_after_the_last_kind_the_first() {
        let turns = Turns::default();
        assert_eq!(turns.first(), 0);
        turns.failed(Kind::History);
        assert_eq!(Kind::ALL.get(turns.first()), Some(&Kind::Action));
        turns.failed(Kind::Adopt);
        assert_eq!(Kind::ALL.get(turns.first()), Some(&Kind::Submit));
    }

    #[test]
    fn a_failure_is_forgotten() {
        let turns = Turns::default();
        turns.failed(Kind::History);
        assert_eq!(turns.first_at(Instant::now() + MEMORY), 0);
    }
}
