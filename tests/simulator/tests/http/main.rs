//! The simulator as a client meets it: over HTTP, on a clock that tests move by hand.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stand outside test functions, where clippy.toml does not reach"
)]

mod accounts;
mod actions;
mod attachments;
mod binary;
mod client;
mod control;
mod deposit;
mod directory;
mod elsewhere;
mod faults;
mod gateway;
mod life_cycle;
mod rules;
mod search;
mod shapes;
mod validation;
