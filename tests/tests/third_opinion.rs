//! A third opinion: crate `en16931-formats`, whose authors read the same standard. Where it and we disagree, CEN's artefact
//! decides, by the verdicts that the corpus records. `docs/third-opinion.md` says what the disagreements are about.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use einvoice::entry::{File, Profile, check_cii};
use einvoice::finding::Severity;
use serde::Deserialize;

/// What is known of a file of the corpus.
#[derive(Deserialize)]
struct Known {
    file: String,
    xsd_d16b: bool,
    crash: Option<String>,
    /// Fatal rules that CEN's artefact sees failing.
    fatal: BTreeSet<String>,
}

/// How often a rule was reported by one side alone.
#[derive(Default)]
struct Disagreement {
    only_theirs: usize,
    only_ours: usize,
}

#[test]
fn where_the_peer_disagrees_the_official_rules_side_with_us() -> Result<()> {
    let Some(corpus) = corpus() else {
        return Ok(());
    };
    let list = fs::read(corpus.join("expected.json")).context("cannot read the list of files")?;
    let files: Vec<Known> = serde_json::from_slice(&list)?;
    let (mut compared, mut agreed) = (0, 0);
    let mut disagreements: BTreeMap<String, Disagreement> = BTreeMap::new();
    let mut wrong = Vec::new();
    for known in files.iter().filter(|k| k.xsd_d16b && k.crash.is_none()) {
        let bytes = fs::read(corpus.join(&known.file))
            .with_context(|| format!("cannot read {}", known.file))?;
        let (theirs, ours) = (theirs(&bytes), ours(&bytes)?);
        compared += 1;
        agreed += usize::from(theirs == ours);
        for id in theirs.symmetric_difference(&ours) {
            let tally = disagreements.entry(id.clone()).or_default();
            if theirs.contains(id) {
                tally.only_theirs += 1;
            } else {
                tally.only_ours += 1;
            }
            if known.fatal.contains(id) != ours.contains(id) {
                wrong.push(format!("{}: {id}", known.file));
            }
        }
    }
    println!("the peer agrees on {agreed} of {compared} files");
    println!("{:<12} {:>11} {:>9}", "rule", "only theirs", "only ours");
    for (id, tally) in &disagreements {
        println!("{id:<12} {:>11} {:>9}", tally.only_theirs, tally.only_ours);
    }
    ensure!(compared > 0, "no file to compare");
    ensure!(wrong.is_empty(), "the peer is right about {wrong:?}");
    Ok(())
}

/// The fatal business rules that the peer sees failing.
fn theirs(bytes: &[u8]) -> BTreeSet<String> {
    let received = en16931_formats::receive(bytes, &en16931_formats::Policy::default());
    let report = received.report_declared.to_interchange();
    let fatal = report
        .findings
        .into_iter()
        .filter(|f| f.severity == "fatal");
    fatal
        .map(|finding| finding.rule.to_string())
        .filter(|id| is_of_the_core(id))
        .collect()
}

/// Those that we do.
fn ours(bytes: &[u8]) -> Result<BTreeSet<String>> {
    let findings = check_cii(File::Bytes(bytes), Profile::En16931, &mut || Ok(()))?;
    let fatal = findings.iter().filter(|f| f.severity == Severity::Fatal);
    Ok(fatal
        .flat_map(|finding| std::iter::once(&finding.rule.id).chain(&finding.same_as))
        .map(|id| (*id).to_owned())
        .filter(|id| is_of_the_core(id))
        .collect())
}

/// Rules of EN 16931 itself, not of the countries that add to it.
fn is_of_the_core(id: &str) -> bool {
    id.starts_with("BR-") && !id.starts_with("BR-DE-") && !id.starts_with("BR-TMP-")
}

fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("CHORUS_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
        PathBuf::from,
    );
    let path = root.join("cii");
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: corpus not found: {}", path.display());
    None
}
