//! `cargo xtask bench`: what our functions cost, next to what PostgreSQL needs to print the document.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::artefacts::{self, Artefacts, Purpose};
use crate::cluster::{Cluster, DATABASE};
use crate::demo::FIXTURE;
use crate::packages;
use crate::postgres::Postgres;
use crate::project::{Profile, Project};

/// One measurement, as `--json` writes it.
#[derive(Deserialize)]
struct Row {
    name: String,
    variant: String,
    value: f64,
    unit: String,
    baseline: String,
    ratio: f64,
}

/// Measures in a cluster of its own, prints the table, and writes the rows to `json` when asked.
pub fn run(project: &Project, json: Option<&Path>) -> Result<()> {
    packages::ensure()?;
    let postgres = Postgres::find()?;
    let library = artefacts::compile_library(project, &postgres, Profile::Release, Purpose::Test)?;
    // The agent only makes the tables here: no need to wait for its release.
    artefacts::compile_programs(project, &["chorus-agent"], Profile::Dev, Purpose::Test)?;
    let cluster = Cluster::for_now(project, &postgres, &library, "bench")?;
    cluster.make_database(&Artefacts::built(project, Profile::Dev).agent)?;
    let fixture = project.file(FIXTURE);
    let document = fs::read_to_string(&fixture)
        .with_context(|| format!("cannot read {}", fixture.display()))?;
    eprintln!("measuring, about a minute");
    let answer = cluster.script(DATABASE, include_str!("bench.sql"), &[("doc", &document)])?;
    let rows: Vec<Row> = serde_json::from_str(&answer).context("cannot read the measurements")?;
    print(&rows);
    if let Some(path) = json {
        fs::write(path, answer).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn print(rows: &[Row]) {
    println!(
        "{:<20} {:<10} {:>10} {:<4} {:<12} {:>7}",
        "name", "variant", "value", "unit", "baseline", "ratio"
    );
    for Row {
        name,
        variant,
        value,
        unit,
        baseline,
        ratio,
    } in rows
    {
        println!("{name:<20} {variant:<10} {value:>10.2} {unit:<4} {baseline:<12} {ratio:>7.3}");
    }
}
