//! A faithful local Chorus Pro and PISTE for tests and demonstrations.
//!
//! One loopback port plays the OAuth server, the API gateway and the Chorus Pro application: same paths,
//! headers, field names, codes and empty 403s, the life cycles of flux and invoice, its own checks of the
//! deposited CII and the uniqueness rule (SIREN, year, number). A control API under `/_simulator/` reads the
//! ledger of every processed deposit and action and sets faults, clock, delays, structures, accounts, statuses and
//! forced outcomes.
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
mod attachment;
mod checks;
mod cii;
mod clock;
mod condition;
mod config;
mod control;
mod directory;
mod elsewhere;
mod fault;
mod faults;
mod flux;
mod gateway;
mod handle;
mod invoice;
mod ledger;
mod operation;
mod passage;
mod pdf;
mod portal;
mod progress;
mod qualification;
mod record;
mod routing;
mod server;
mod state;
mod text;
mod tokens;
mod totals;
mod wire;
mod xml;

pub use attachment::Attachment;
pub use clock::ClockSource;
pub use condition::{Condition, NotReached};
pub use config::{
    Account, Config, Credentials, Delays, LongAttachmentName, ReportedFileName, Settings,
};
pub use directory::{AccountSpec, Address, IdType, Role, ServiceSpec, StructureSpec};
pub use elsewhere::InvoiceSpec;
pub use fault::{Effect, Fault};
pub use flux::ForcedOutcome;
pub use handle::{Handle, Simulator};
pub use invoice::{BUYER_AGENT, PAYING_BUYER};
pub use ledger::{Action, Ledger, OperationCount, Post, PostTotals};
pub use operation::{Api, Operation};
pub use portal::{PortalAction, StatusChange};
pub use record::{InvoiceRecord, StatusRecord};
