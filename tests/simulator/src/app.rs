//! The world behind a lock, and the signal that something in it changed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::condition::{Condition, NotReached};
use crate::ledger::Ledger;
use crate::state::World;

/// Shared by all connections and the handle.
#[derive(Debug, Clone)]
pub(crate) struct App {
    world: Arc<Mutex<World>>,
    changes: Arc<watch::Sender<u64>>,
    /// Largest request body read, in bytes.
    pub(crate) max_body_bytes: usize,
}

impl App {
    pub(crate) fn new(world: World) -> Self {
        Self {
            max_body_bytes: world.config.max_body_bytes,
            world: Arc::new(Mutex::new(world)),
            changes: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Works on the world as of now, moves it on once more, and wakes those who wait.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let result = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            world.settle();
            let result = work(&mut world);
            world.settle();
            result
        };
        self.changes
            .send_modify(|version| *version = version.wrapping_add(1));
        result
    }

    /// Looks at the world as of now; wakes others only if time itself moved it.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        let (result, moved) = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let moved = world.settle();
            (look(&world), moved)
        };
        if moved {
            self.changes
                .send_modify(|version| *version = version.wrapping_add(1));
        }
        result
    }

    /// Waits until the condition holds.
    pub(crate) async fn wait(&self, condition: &Condition) -> Result<Ledger, Box<NotReached>> {
        let deadline = Instant::now() + condition.timeout();
        let mut changes = self.changes.subscribe();
        loop {
            changes.borrow_and_update();
            let (ledger, due) = self.look(|world| {
                let due = world.agenda.next_due().and_then(|at| world.clock.until(at));
                (condition.holds(world).then(|| world.ledger()), due)
            });
            if let Some(ledger) = ledger {
                return Ok(ledger);
            }
            if Instant::now() >= deadline {
                let ledger = self.look(World::ledger);
                return Err(Box::new(NotReached {
                    condition: condition.clone(),
                    ledger,
                }));
            }
            // Time moves the world without a signal, so wake when its next step is due.
            let next = due.map_or(deadline, |due| {
                deadline.min(Instant::now() + due.max(Duration::from_millis(1)))
            });
            tokio::select! {
                _ = changes.changed() => {}
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }
}
