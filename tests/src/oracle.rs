//! The official CII schema (D16B) and EN 16931 rules, asked through a program that shares nothing with us.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::environment::skipped;

/// The judge, as `cargo xtask test` has set it up.
#[derive(Debug)]
pub struct Oracle {
    python: PathBuf,
    check: PathBuf,
    artefacts: PathBuf,
}

/// What it says of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Errors of the schema, with lines.
    pub schema_errors: Vec<String>,
    /// Ids of the failed fatal rules.
    pub fatal: Vec<String>,
    /// Ids of the failed rules that only warn.
    pub warning: Vec<String>,
}

impl Oracle {
    /// The judge; `None`, and loud, if it has not been set up.
    #[must_use]
    pub fn find() -> Option<Self> {
        let path = |name| env::var_os(name).map(PathBuf::from);
        let found = match (
            path("PG_CHORUS_ORACLE_PYTHON"),
            path("PG_CHORUS_ORACLE_CHECK"),
            path("PG_CHORUS_ORACLE_ARTEFACTS"),
        ) {
            (Some(python), Some(check), Some(artefacts)) => Some(Self {
                python,
                check,
                artefacts,
            }),
            _ => None,
        };
        if found.is_none() {
            skipped("no oracle (run cargo xtask test beside the shared material)");
        }
        found
    }

    /// Judges documents, each given as text; the verdicts come in the same order.
    ///
    /// # Errors
    /// The judge cannot be run, or its answer not be read.
    pub fn judge(&self, documents: &[&str]) -> Result<Vec<Verdict>> {
        let folder = tempfile::tempdir().context("cannot make a folder for the documents")?;
        let mut files = Vec::new();
        for (index, document) in documents.iter().enumerate() {
            let file = folder.path().join(format!("{index}.xml"));
            fs::write(&file, document).context("cannot write a document")?;
            files.push(file);
        }
        let output = Command::new(&self.python)
            .arg(&self.check)
            .arg("--array")
            .arg("--artefacts")
            .arg(&self.artefacts)
            .args(&files)
            .output()
            .context("cannot run the official rules")?;
        let answers: Vec<Value> = serde_json::from_slice(&output.stdout).with_context(|| {
            format!(
                "the official rules gave no verdict: {}",
                String::from_utf8_lossy(&output.stderr)
            )
        })?;
        files.iter().map(|file| verdict(&answers, file)).collect()
    }
}

fn verdict(answers: &[Value], file: &Path) -> Result<Verdict> {
    let file = file.to_string_lossy();
    let answer = answers
        .iter()
        .find(|answer| answer.pointer("/file").and_then(Value::as_str) == Some(&file))
        .with_context(|| format!("no verdict on {file}"))?;
    if answer.pointer("/wellformed") != Some(&Value::Bool(true)) {
        bail!("not well formed: {answer}");
    }
    let rules = |severity: &str| -> Result<Vec<String>> {
        let ids = answer
            .pointer(&format!("/sch/en16931/{severity}"))
            .with_context(|| format!("no rules in {answer}"))?;
        Ok(serde_json::from_value(ids.clone())?)
    };
    let errors = answer.pointer("/xsd/d16b/errors").and_then(Value::as_array);
    Ok(Verdict {
        schema_errors: errors
            .with_context(|| format!("no schema in {answer}"))?
            .iter()
            .map(Value::to_string)
            .collect(),
        fatal: rules("fatal")?,
        warning: rules("warning")?,
    })
}
