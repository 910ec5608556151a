//! The tools in force. A reload replaces them as a whole, so that no two settings of one moment come from different files; whoever has
//! work in hand finishes it with those it began with.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{agent::StartError, config::Config, task::Tools};

/// The tools in force.
#[derive(Clone)]
pub struct Live(watch::Sender<Arc<Tools>>);

impl Live {
    /// These, until others replace them.
    pub fn new(tools: Tools) -> Self {
        Self(watch::Sender::new(Arc::new(tools)))
    }

    /// Those in force now.
    pub fn now(&self) -> Arc<Tools> {
        Arc::clone(&self.0.borrow())
    }

    /// Waits until others are in force than those last seen by `seen`.
    pub fn changes(&self) -> watch::Receiver<Arc<Tools>> {
        self.0.subscribe()
    }

    /// Puts the tools that `config` describes in force.
    ///
    /// # Errors
    /// A setting is missing or wrong; the present tools stay.
    pub fn replace(&self, config: &Config) -> Result<(), StartError> {
        let tools = self.now().anew(config)?;
        self.0.send_replace(Arc::new(tools));
        Ok(())
    }

    /// Puts `tools` back in force.
    pub fn restore(&self, tools: Arc<Tools>) {
        self.0.send_replace(tools);
    }
}
