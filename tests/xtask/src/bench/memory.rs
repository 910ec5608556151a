//! How much memory one call takes, beside the size of what it is given.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Row;
use crate::cluster::{Cluster, DATABASE};

/// What is called, of whose size its memory is a multiple.
const CALLS: [(&str, Given, &str); 5] = [
    (
        "chorus.validate",
        Given::Document,
        "SELECT count(*) FROM bench_document AS d, chorus.validate(d.doc) WHERE d.size = $1",
    ),
    (
        "chorus.build",
        Given::Document,
        "SELECT pg_column_size(chorus.build(doc)) FROM bench_document WHERE size = $1",
    ),
    (
        "chorus.render_cii",
        Given::File,
        "SELECT octet_length(chorus.render_cii(doc, 'en16931')::text) FROM bench_document WHERE size = $1",
    ),
    (
        "chorus.check_cii",
        Given::File,
        "SELECT count(*) FROM bench_document AS d, chorus.check_cii(d.cii) WHERE d.size = $1",
    ),
    (
        "chorus.parse_cii",
        Given::File,
        "SELECT pg_column_size(chorus.parse_cii(cii)) FROM bench_document WHERE size = $1",
    ),
];

/// The larger of what goes in and what comes out.
#[derive(Clone, Copy)]
enum Given {
    /// GOBL as text.
    Document,
    /// CII.
    File,
}

/// In KiB.
#[derive(Deserialize)]
struct Measured {
    value: f64,
    document: f64,
    file: f64,
}

/// Each call in a session of its own, with 10,000 lines.
pub fn measure(cluster: &Cluster, document: &str) -> Result<Vec<Row>> {
    let documents = include_str!("memory_documents.sql");
    cluster.script(DATABASE, documents, &[("doc", document)])?;
    let mut rows = Vec::new();
    for (name, given, call) in CALLS {
        let answer = cluster.script(DATABASE, include_str!("memory.sql"), &[("call", call)])?;
        let Measured {
            value,
            document,
            file,
        } = serde_json::from_str(&answer).context("cannot read the measurement")?;
        let (baseline, size) = match given {
            Given::Document => ("document", document),
            Given::File => ("file", file),
        };
        rows.push(Row {
            name: format!("{name} memory"),
            variant: "10000 lines".to_owned(),
            value,
            unit: "KiB".to_owned(),
            baseline: baseline.to_owned(),
            ratio: value / size,
        });
    }
    cluster.script(DATABASE, "DROP TABLE bench_document", &[])?;
    Ok(rows)
}
