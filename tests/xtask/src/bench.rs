//! `cargo xtask bench`: what our functions cost, next to what PostgreSQL needs to print the document; and what the queue and the
//! agent do.

mod memory;
mod queue;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::artefacts::{self, Artefacts, Purpose};
use crate::cluster::{Cluster, DATABASE};
use crate::demo::FIXTURE;
use crate::oracle::Oracle;
use crate::packages;
use crate::postgres::Postgres;
use crate::project::{Profile, Project};

/// One measurement, as `--json` writes it.
#[derive(Deserialize, Serialize)]
struct Row {
    name: String,
    variant: String,
    value: f64,
    unit: String,
    baseline: String,
    ratio: f64,
}

/// What the SQL session gives.
#[derive(Deserialize)]
struct Measured {
    rows: Vec<Row>,
    /// The CII files that were checked, by variant.
    files: BTreeMap<String, String>,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The SQL functions.
    Functions,
    /// The queue and the agent.
    Queue,
}

/// Measures in a cluster of its own, prints the table, and writes the rows to `json` when asked.
pub fn run(
    project: &Project,
    only: Option<Part>,
    snapshot_minutes: f64,
    json: Option<&Path>,
) -> Result<()> {
    packages::ensure()?;
    let postgres = Postgres::find()?;
    let library = artefacts::compile_library(project, &postgres, Profile::Release, Purpose::Test)?;
    // That agent only makes the tables: no need to wait for its release.
    artefacts::compile_programs(project, &["chorus-agent"], Profile::Dev, Purpose::Test)?;
    let cluster = Cluster::for_now(project, &postgres, &library, "bench")?;
    let agent = Artefacts::built(project, Profile::Dev).agent;
    let mut rows = Vec::new();
    if only != Some(Part::Queue) {
        cluster.make_database(&agent)?;
        rows.extend(functions(project, &cluster)?);
    }
    if only != Some(Part::Functions) {
        cluster.make_templates(&agent)?;
        eprintln!("measuring the queue and the agent, some minutes");
        rows.extend(queue::measure(project, &cluster, snapshot_minutes)?);
    }
    print(&rows);
    if let Some(path) = json {
        fs::write(path, serde_json::to_string(&rows)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The SQL functions, beside `doc::text`, a peer and the official rules.
fn functions(project: &Project, cluster: &Cluster) -> Result<Vec<Row>> {
    let fixture = project.file(FIXTURE);
    let document = fs::read_to_string(&fixture)
        .with_context(|| format!("cannot read {}", fixture.display()))?;
    eprintln!("measuring the functions, two to three minutes");
    let script = include_str!("bench/functions.sql");
    let answer = cluster.script(DATABASE, script, &[("doc", &document)])?;
    let Measured { mut rows, files } =
        serde_json::from_str(&answer).context("cannot read the measurements")?;
    eprintln!("memory of the functions");
    rows.extend(memory::measure(cluster, &document)?);
    if let Some(oracle) = Oracle::set_up(project)? {
        official_rules(&oracle, &files, &mut rows)?;
    }
    Ok(rows)
}

/// Adds what the official schema and rules take for the same files, in one warm process.
fn official_rules(
    oracle: &Oracle,
    files: &BTreeMap<String, String>,
    rows: &mut Vec<Row>,
) -> Result<()> {
    for (variant, file) in files {
        let own = rows
            .iter()
            .find(|row| row.name == "chorus.check_cii" && row.variant == *variant);
        let Some(own) = own.map(|row| row.value) else {
            continue;
        };
        let value = 1000.0 * oracle.milliseconds(file)?;
        rows.push(Row {
            name: "official XSD and XSLT".to_owned(),
            variant: variant.clone(),
            value,
            unit: "us".to_owned(),
            baseline: "chorus.check_cii".to_owned(),
            ratio: value / own,
        });
    }
    Ok(())
}

fn print(rows: &[Row]) {
    println!(
        "{:<24} {:<13} {:>10} {:<4} {:<17} {:>7}",
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
        println!("{name:<24} {variant:<13} {value:>10.2} {unit:<4} {baseline:<17} {ratio:>7.3}");
    }
}
