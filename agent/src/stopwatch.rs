//! Time since a moment, for decisions that must not come too late.

use std::time::{Duration, Instant, SystemTime};

/// Runs on while the process is stopped, and while the whole machine sleeps.
///
/// The monotonic clock stands still during a suspend and the wall clock may be set back: the longer of both counts.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    monotonic: Instant,
    wall: SystemTime,
}

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self {
            monotonic: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.monotonic
            .elapsed()
            .max(self.wall.elapsed().unwrap_or_default())
    }
}
