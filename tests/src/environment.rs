//! What `cargo xtask test` (or `eval "$(cargo xtask cluster env)"`) says of the machine.

use std::env;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Result, bail};
use uuid::Uuid;

/// Where ports for agents are looked for: below those that the kernel gives to connections and to listeners that ask for
/// any, which would sooner or later have taken the port before the agent does.
const PORTS: Range<u16> = 20_000..32_000;

/// The private cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Folder of the server's socket.
    pub host: PathBuf,
    /// Port, part of the socket's name.
    pub port: u16,
    /// The superuser, trusted on the socket.
    pub user: String,
    /// The program `chorus-agent`, compiled with its failpoints.
    pub agent: PathBuf,
    /// The extension's library, compiled with the functions of feature `bench`.
    pub library: PathBuf,
}

impl Cluster {
    /// The cluster that the environment names; `None`, and loud, if there is none.
    #[must_use]
    pub fn find() -> Option<Self> {
        let found = Self::from_environment();
        if found.is_none() {
            skipped("no cluster (run cargo xtask test)");
        }
        found
    }

    fn from_environment() -> Option<Self> {
        Some(Self {
            agent: env::var_os("PG_CHORUS_AGENT")?.into(),
            library: env::var_os("PG_CHORUS_LIBRARY")?.into(),
            host: env::var_os("PGHOST")?.into(),
            port: env::var("PGPORT").ok()?.parse().ok()?,
            user: env::var("PGUSER").ok()?,
        })
    }
}

/// A port of the loopback interface that nobody listens on, for an agent that must be told one.
///
/// # Errors
/// None is free.
pub fn free_port() -> Result<u16> {
    for _ in 0..100 {
        let [low, high, ..] = Uuid::new_v4().into_bytes();
        let step = u16::from_be_bytes([high, low]) % (PORTS.end - PORTS.start);
        let port = PORTS.start + step;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port of 127.0.0.1 from {} on is free", PORTS.start)
}

/// Says that a test is skipped and why, past the harness, which hides what passing tests print.
pub fn skipped(reason: &str) {
    let test = std::thread::current();
    // Where standard error is closed there is nobody to tell.
    let _written = writeln!(
        std::io::stderr(),
        "SKIPPED: {reason}: {}",
        test.name().unwrap_or("a test")
    );
}
