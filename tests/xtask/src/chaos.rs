//! `cargo xtask chaos`: the fault harness for as long as one likes, with everything compiled as for use.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::artefacts::{AGENT_TEST_FEATURE, Artefacts, Purpose};
use crate::cluster::Cluster;
use crate::packages;
use crate::postgres::Postgres;
use crate::process;
use crate::project::{Profile, Project};

/// Runs it for `minutes`, with `seed` or one that is printed. What should not be makes it fail.
pub fn run(project: &Project, minutes: f64, seed: Option<u64>) -> Result<()> {
    packages::ensure()?;
    let postgres = Postgres::find()?;
    let artefacts = Artefacts::compile(project, &postgres, Profile::Release, Purpose::Test)?;
    let mut harness = project.cargo();
    harness.args(["build", "--package=chorus-tests", "--bin=chorus-chaos"]);
    harness.arg(format!("--features={AGENT_TEST_FEATURE}"));
    process::run(harness.args(Profile::Release.arguments()))?;
    // The harness makes a server of its own out of this one's programs, and pulls its plug.
    let cluster = Cluster::for_now(project, &postgres, &artefacts.library, "chaos")?;
    let folder = project.folder("chaos")?;
    let seed = match seed {
        Some(seed) => seed,
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .context("the clock is before 1970")?
            .as_secs(),
    };
    eprintln!(
        "seed {seed}: {minutes} minutes of storm and what it takes to drain; agents log to {}",
        folder.display()
    );
    let mut chaos = process::command(project.built(Profile::Release, "chorus-chaos"));
    chaos
        .args([minutes.to_string(), seed.to_string()])
        .arg(&folder);
    cluster.reach(&mut chaos);
    for (name, path) in artefacts.environment() {
        chaos.env(name, path);
    }
    process::run(&mut chaos)
}
