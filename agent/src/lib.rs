//! Deposits queued invoices at Chorus Pro exactly once and writes every status back.
//!
//! PostgreSQL is the only other side: the agent claims tasks from `chorus.task`, lets the database render the
//! document, calls Chorus Pro, and records what came of it. It holds no state of its own.

pub mod agent;
pub mod calls;
pub mod check;
pub mod chorus;
pub mod cli;
pub mod config;
pub mod credential;
pub mod database;
pub mod drained;
pub mod failpoint;
pub mod gate;
pub mod installation;
pub mod invitation;
pub mod keeper;
pub mod listen;
pub mod live;
pub mod metrics;
pub mod migrate;
pub mod operations;
pub mod pace;
pub mod piste;
pub mod progress;
pub mod queue;
pub mod recover;
pub mod register;
pub mod rekey;
pub mod reload;
pub mod secret;
pub mod status;
pub mod stop;
pub mod stopwatch;
pub mod supplier;
pub mod task;
pub mod tls;
pub mod verify;
pub mod versions;
pub mod web;
