//! Whether workers get on: each says so before it looks for a task, and while a long one goes on.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
static LAST: AtomicU64 = AtomicU64::new(0);

/// A worker is at work.
pub fn beat() {
    let now = START.elapsed().as_millis();
    LAST.fetch_max(u64::try_from(now).unwrap_or(u64::MAX), Ordering::Relaxed);
}

/// Time since any worker has said so, or since the start.
pub fn since_last_beat() -> Duration {
    let last = Duration::from_millis(LAST.load(Ordering::Relaxed));
    START.elapsed().saturating_sub(last)
}
