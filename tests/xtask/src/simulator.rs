//! The local Chorus Pro, as a program of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use rustix::process::Signal;
use serde::Deserialize;

use crate::artefacts::{self, Artefacts, Purpose};
use crate::process::{self, Child};
use crate::project::{Profile, Project};

/// What the simulator says of itself when it is listening.
#[derive(Deserialize)]
pub struct Access {
    /// Its address, for API and tokens alike.
    pub url: String,
    /// The PISTE application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The technical account.
    pub login: String,
    /// Its password.
    pub password: String,
    /// The supplier the account belongs to.
    pub supplier_siret: String,
}

/// A running simulator.
pub struct Simulator {
    /// How to reach it.
    pub access: Access,
    /// The program, until dropped.
    pub child: Child,
    // Kept open: a program whose standard output is gone may end.
    _stdout: BufReader<ChildStdout>,
}

impl Simulator {
    /// Starts the program and waits until it listens.
    pub fn start(command: &mut Command) -> Result<Self> {
        let mut child = Child::start(command.stdout(Stdio::piped()), Signal::TERM)?;
        let mut stdout = BufReader::new(
            child
                .stdout()
                .context("the simulator has no standard output")?,
        );
        let mut first = String::new();
        stdout
            .read_line(&mut first)
            .context("cannot read what the simulator says")?;
        let access = serde_json::from_str(&first).with_context(|| {
            format!(
                "the simulator should say where it listens; it said `{}`",
                first.trim_end()
            )
        })?;
        Ok(Self {
            access,
            child,
            _stdout: stdout,
        })
    }
}

/// Runs the simulator in the foreground until a signal comes.
pub fn run(project: &Project, port: u16) -> Result<()> {
    artefacts::compile_programs(project, &["chorus-simulator"], Profile::Dev, Purpose::Use)?;
    let program = Artefacts::built(project, Profile::Dev).simulator;
    process::run(process::command(program).arg(format!("--port={port}")))
}

/// A call of the simulator for people to watch: each step takes a moment, and the buyer acts by itself.
pub fn for_watching(program: &Path) -> Command {
    let mut command = process::command(program);
    command.args([
        "--port=0",
        "--buyer-pays",
        "--delay-ms=1000",
        "--flux-delay-ms=300",
    ]);
    command
}

/// A call of the simulator for people to act with: its buyer suspends each invoice, then returns it, then rejects it.
pub fn for_playing(program: &Path) -> Command {
    let mut command = process::command(program);
    command.args([
        "--port=0",
        "--delay-ms=100",
        "--buyer-script=SUSPENDUE=Bon de livraison absent,A_RECYCLER=Engagement absent,REJETEE=Prix contesté",
    ]);
    command
}
