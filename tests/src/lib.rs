//! What end-to-end and conformance tests share: databases, agents, fixtures, the corpus and the official rules.
//!
//! `cargo xtask test` starts a private cluster and tells by environment where it is. Called without one, by plain
//! `cargo test`, each test that needs it says loudly that it is skipped, and passes:
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use chorus_tests::{Content, Database};
//!
//! let Some(database) = Database::create("example", Content::Schema).await? else { return Ok(()) };
//! let client = database.connect().await?;
//! client.execute("SELECT count(*) FROM chorus.invoice", &[]).await?;
//! # Ok(()) }
//! ```

mod agent;
pub mod chaos;
mod database;
mod environment;
mod files;
mod oracle;
mod server;

pub use agent::{Agent, AgentSettings};
pub use database::{Content, Database};
pub use environment::{Cluster, free_port, skipped};
pub use files::{corpus, fixture, fixture_text};
pub use oracle::{Oracle, Verdict};
pub use server::{Server, finish};
