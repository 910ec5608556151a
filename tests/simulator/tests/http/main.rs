//! The simulator as a client meets it: over HTTP, on a clock that tests move by hand.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stand outside test functions, where clippy.toml does not reach"
)]

mod binary;
mod client;
mod control;
mod deposit;
mod faults;
mod gateway;
mod life_cycle;
mod rules;
mod search;
mod shapes;
