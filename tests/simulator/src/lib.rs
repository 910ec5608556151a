//! A faithful local Chorus Pro and PISTE for tests and demonstrations.
//!
//! One loopback port plays the OAuth server, the API gateway and the Chorus Pro application: same paths,
//! headers, field names, codes and empty 403s, the life cycles of flux and invoice, its own checks of the
//! deposited CII and the uniqueness rule (SIREN, year, number). A control API under `/_simulator/` reads the
//! ledger of every processed deposit and sets faults, clock, delays, structures and forced outcomes.
//!
//! Life cycles are computed from the clock whenever somebody asks; nothing runs in the background, so equal
//! requests at equal times give equal answers.
//!
//! ```
//! # async fn example() -> anyhow::Result<()> {
//! use chorus_simulator::{Condition, Config, Fault, Operation, Simulator};
//!
//! let simulator = Simulator::start(Config::default()).await?;
//! simulator.set_faults(vec![Fault::drop_after().on(Operation::DeposerFlux).times(1)])?;
//! // … let a client deposit at simulator.url() …
//! let condition = Condition::posts().number("F-1").state("IN_INTEGRE");
//! let ledger = simulator.wait(&condition).await?;
//! assert!(ledger.accepted_twice().is_empty());
//! # Ok(()) }
//! ```

mod agenda;
mod api;
mod app;
mod checks;
mod cii;
mod clock;
mod condition;
mod config;
mod control;
mod directory;
mod fault;
mod faults;
mod flux;
mod gateway;
mod handle;
mod invoice;
mod ledger;
mod operation;
mod progress;
mod server;
mod state;
mod text;
mod tokens;
mod totals;
mod wire;
mod xml;

pub use clock::ClockSource;
pub use condition::{Condition, NotReached};
pub use config::{Account, Config, Credentials, Delays, ReportedFileName, Settings};
pub use directory::{IdType, Role, ServiceSpec, StructureSpec};
pub use fault::{Effect, Fault};
pub use flux::ForcedOutcome;
pub use handle::{Handle, Simulator};
pub use invoice::PAYING_BUYER;
pub use ledger::{Ledger, OperationCount, Post, PostTotals};
pub use operation::Operation;
