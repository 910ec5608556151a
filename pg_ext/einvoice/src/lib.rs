//! French public-sector invoices: GOBL, the EN 16931 semantic model and UN/CEFACT CII.
//!
//! The whole domain of pg_chorus, and nothing else: no database, no I/O, no clock, no panic.
//! What comes out depends on the arguments alone, so that SQL may call it `IMMUTABLE`.
//!
//! ```text
//!  GOBL JSON ──read──▶ gobl::Invoice ──calculate──▶ calculated GOBL
//!                          │ map
//!                          ▼
//!  CII XML ◀──write── en16931::Invoice ──▶ rules ──▶ findings
//! ```
//!
//! [`entry`] holds the operations that SQL calls; everything else serves them.

pub mod amount;
pub mod chorus;
pub mod cii;
pub mod codes;
pub mod en16931;
pub mod entry;
pub mod finding;
pub mod gobl;
pub mod input;
pub mod rules;

/// The caller asked to stop (a cancelled query, a statement timeout).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// The interrupt check that every entry point takes: called per line and every few thousand nodes.
///
/// An error ends the work at once; nothing of the result is kept.
pub type Poll<'p> = &'p mut dyn FnMut() -> Result<(), Cancelled>;
