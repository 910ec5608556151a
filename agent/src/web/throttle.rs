//! Requests with a link that does not exist: a few are mistakes, many are somebody searching.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Mistakes that are answered at once.
const BURST: f64 = 30.0;

/// Mistakes per second after those.
const RATE: f64 = 0.5;

/// A bucket of mistakes, for all callers together: behind a proxy they cannot be told apart.
#[derive(Debug)]
pub(super) struct Throttle {
    state: Mutex<(f64, Instant)>,
}

impl Throttle {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new((BURST, Instant::now())),
        }
    }

    /// Takes one mistake; whether it was still allowed.
    pub(super) fn take(&self) -> bool {
        self.take_at(Instant::now())
    }

    fn take_at(&self, now: Instant) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, since) = *state;
        let left = (left + RATE * now.saturating_duration_since(since).as_secs_f64()).min(BURST);
        let allowed = left >= 1.0;
        *state = (if allowed { left - 1.0 } else { left }, now);
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn after_a_burst_mistakes_are_few() {
        let throttle = Throttle::new();
        let start = Instant::now();
        assert_eq!((0..100).filter(|_| throttle.take_at(start)).count(), 30);
        let later = start + Duration::from_secs(4);
        assert_eq!((0..100).filter(|_| throttle.take_at(later)).count(), 2);
    }
}
