//! Chorus Pro's interface as a supplier's software sees it.

pub mod amount;
pub(crate) mod answer;
pub mod client;
pub mod error;
pub mod flux_state;
pub mod instant;
mod punctual;
pub mod wire;
