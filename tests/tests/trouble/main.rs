//! Trouble with Chorus Pro, one supplier's account, one invoice, the configuration, or the agent's own end: what it costs, what waits,
//! what goes on.

#[path = "../common/mod.rs"]
mod common;

mod calls;
mod outage;
mod poison;
mod refused;
mod reload;
mod scene;
mod signals;
