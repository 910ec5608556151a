//! Deposits queued invoices at Chorus Pro exactly once and writes every status back.
//!
//! PostgreSQL is the only other side: the agent claims tasks from `chorus.task`, lets the database render the
//! document, calls Chorus Pro, and records what came of it. It holds no state of its own.

pub mod chorus;
pub mod config;
pub mod credential;
pub mod pace;
pub mod piste;
pub mod secret;
pub mod tls;
