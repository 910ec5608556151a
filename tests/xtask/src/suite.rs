//! `cargo xtask test`: everything that must hold, in the order of what fails soonest.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::artefacts::{self, AGENT_TEST_FEATURE, Artefacts, Purpose};
use crate::cluster::Cluster;
use crate::oracle::Oracle;
use crate::postgres::Postgres;
use crate::project::{Profile, Project};
use crate::{packages, process, regress};

/// Runs everything and stops at the first failure.
pub fn run(project: &Project) -> Result<()> {
    step("packages");
    packages::ensure()?;
    let postgres = Postgres::find()?;

    step("format and lints");
    process::run(project.cargo().args(["fmt", "--all", "--check"]))?;
    let features = format!("--features={AGENT_TEST_FEATURE}");
    process::run(project.cargo().args([
        "clippy",
        "--all-targets",
        &features,
        "--",
        "--deny=warnings",
    ]))?;
    process::run(
        artefacts::library_cargo(project, &postgres, "clippy", Purpose::Test)
            .args(["--", "--deny=warnings"]),
    )?;

    step("dependencies");
    if process::succeeds(project.cargo().args(["deny", "--version"])) {
        process::run(project.cargo().args([
            "deny",
            "--log-level=error",
            "check",
            "bans",
            "licenses",
            "sources",
        ]))?;
    } else {
        eprintln!("SKIPPED: cargo-deny is not installed (cargo install --locked cargo-deny)");
    }

    step("library, agent and simulator");
    let artefacts = Artefacts::compile(project, &postgres, Profile::Dev, Purpose::Test)?;

    step("private cluster");
    let oracle = Oracle::set_up(project)?;
    let mut cluster = Cluster::for_now(project, &postgres, &artefacts.library, "test")?;
    cluster.make_templates(&artefacts.agent)?;

    step("tests in one and in several sessions");
    regress::run(project, &postgres, &cluster)?;

    warn_without_corpus(project);
    step("unit, property, end-to-end and conformance tests");
    let mut tests = project.cargo();
    // One run shows all that fails.
    tests.args(["test", "--no-fail-fast", &features]);
    reach(&mut tests, &cluster, &artefacts);
    if let Some(oracle) = &oracle {
        oracle.reach(&mut tests);
    }
    process::run(&mut tests)?;
    cluster.still_runs()?;
    step("everything passed");
    Ok(())
}

/// The harness hides what passing tests print, so that their own word may not be heard.
fn warn_without_corpus(project: &Project) {
    let corpus = env::var_os("CHORUS_CORPUS")
        .map_or_else(|| project.file("../shared/corpus"), PathBuf::from);
    if !corpus.is_dir() {
        eprintln!(
            "SKIPPED: corpus not found in {}: tests that read it do nothing",
            corpus.display()
        );
    }
}

/// Tells the tests where everything is.
fn reach(command: &mut Command, cluster: &Cluster, artefacts: &Artefacts) {
    cluster.reach(command);
    for (name, value) in artefacts.environment() {
        command.env(name, value);
    }
}

fn step(name: &str) {
    eprintln!("\n== {name}");
}
