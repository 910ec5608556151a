//! What must be undone before this process ends, whether by itself or by a signal.

use std::collections::BTreeMap;
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// What is to be undone before this process ends.
struct Undo {
    interrupted: bool,
    next: u64,
    actions: BTreeMap<u64, Action>,
}

type Action = Box<dyn FnOnce() + Send>;

static UNDO: Mutex<Undo> = Mutex::new(Undo {
    interrupted: false,
    next: 0,
    actions: BTreeMap::new(),
});

fn undo() -> MutexGuard<'static, Undo> {
    UNDO.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Undoes everything and exits when Ctrl-C, SIGTERM or SIGHUP comes.
pub fn end_cleanly_on_signals() -> Result<()> {
    let mut signals =
        Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen for signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let actions = {
                let mut undo = undo();
                undo.interrupted = true;
                std::mem::take(&mut undo.actions)
            };
            eprintln!("\ninterrupted: stopping everything that was started");
            actions.into_values().rev().for_each(|action| action());
            process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Once a signal has come, lets nothing new happen: the signal's thread is about to end the process.
pub fn stay_if_interrupted() {
    while undo().interrupted {
        thread::park();
    }
}

/// Runs its action when dropped, or when a signal ends the process, whichever comes first.
#[must_use = "dropping it runs the action at once"]
pub struct AtEnd(u64);

impl AtEnd {
    /// Registers the action.
    pub fn run(action: impl FnOnce() + Send + 'static) -> Self {
        stay_if_interrupted();
        let mut undo = undo();
        let key = undo.next;
        undo.next += 1;
        undo.actions.insert(key, Box::new(action));
        Self(key)
    }

    /// Forgets the action.
    pub fn cancel(&self) {
        undo().actions.remove(&self.0);
    }
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        let action = undo().actions.remove(&self.0);
        if let Some(action) = action {
            action();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn what_is_to_be_done_at_the_end_is_done_once() {
        static DONE: AtomicU32 = AtomicU32::new(0);
        drop(AtEnd::run(|| {
            DONE.fetch_add(1, Ordering::SeqCst);
        }));
        assert_eq!(DONE.load(Ordering::SeqCst), 1);
        let cancelled = AtEnd::run(|| {
            DONE.fetch_add(1, Ordering::SeqCst);
        });
        cancelled.cancel();
        drop(cancelled);
        assert_eq!(DONE.load(Ordering::SeqCst), 1);
    }
}
