//! The queue and the agent: what program `chorus-measure` finds, beside graphile-worker where npm is at hand.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Row;
use crate::artefacts::{self, Artefacts, Purpose};
use crate::cluster::Cluster;
use crate::process;
use crate::project::{Profile, Project};

/// The peer, at the version that the design names.
const PEER: &str = "graphile-worker@0.17";

const DRAIN: &str = include_str!("drain.mjs");

/// Measures on `cluster`, whose templates are there; a snapshot is held for `minutes`, or as long as its part takes.
pub fn measure(project: &Project, cluster: &Cluster, minutes: f64) -> Result<Vec<Row>> {
    artefacts::compile_programs(
        project,
        &["chorus-agent", "chorus-tests"],
        Profile::Release,
        Purpose::Use,
    )?;
    let mut measure = process::command(project.built(Profile::Release, "chorus-measure"));
    measure.arg(minutes.to_string());
    if let Some(folder) = peer(project)? {
        measure.arg(folder);
    }
    cluster.reach(&mut measure);
    for (name, value) in Artefacts::built(project, Profile::Release).environment() {
        measure.env(name, value);
    }
    let answer = process::output(&mut measure)?;
    serde_json::from_str(&answer).context("cannot read what chorus-measure says")
}

/// Installs the peer in the target directory; `None`, and loud, where that is not possible.
fn peer(project: &Project) -> Result<Option<PathBuf>> {
    let folder = project.folder("graphile-worker")?;
    fs::write(folder.join("drain.mjs"), DRAIN)?;
    let installed = folder.join("node_modules/graphile-worker").exists();
    let mut npm = process::command("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]);
    npm.arg(&folder).arg(PEER).arg("pg");
    if installed || process::succeeds(&mut npm) {
        return Ok(Some(folder));
    }
    eprintln!("SKIPPED: {PEER} cannot be installed with npm: our queue is measured alone");
    Ok(None)
}
