//! The official CII schema and EN 16931 rules, as an independent judge of what we render.
//!
//! They are not part of the project: `oracle/setup.sh` of the shared material beside the checkout (or of the folder
//! that `PG_CHORUS_ORACLE` names) fetches them. Without it, the tests that ask them say that they are skipped.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;
use crate::project::Project;

/// How long it took over a file, in milliseconds for each of its steps.
#[derive(Deserialize)]
struct Timed {
    ms: BTreeMap<String, f64>,
}

/// Where the judge is, ready to be called.
pub struct Oracle {
    check: PathBuf,
    installed: PathBuf,
}

impl Oracle {
    /// Sets the judge up in the target directory. `None`, and loud, if that is not possible here.
    pub fn set_up(project: &Project) -> Result<Option<Self>> {
        let source = match env::var_os("PG_CHORUS_ORACLE") {
            Some(folder) => PathBuf::from(folder),
            None => project.file("../shared/oracle"),
        };
        let check = source.join("check_cii.py");
        if !check.exists() {
            eprintln!(
                "SKIPPED: no oracle in {}: the official rules will not be asked",
                source.display()
            );
            return Ok(None);
        }
        let oracle = Self {
            check,
            installed: project.folder("oracle")?,
        };
        if !oracle.works() {
            eprintln!("setting up the official schema and rules (once)");
            let set_up = process::run(
                process::command("bash")
                    .arg(source.join("setup.sh"))
                    .arg(&oracle.installed),
            );
            if let Err(error) = set_up {
                eprintln!(
                    "SKIPPED: the official rules will not be asked, since they cannot be set up: {error:#}"
                );
                return Ok(None);
            }
        }
        Ok(Some(oracle))
    }

    /// Tells the tests where the judge is.
    pub fn reach(&self, command: &mut Command) {
        command
            .env("PG_CHORUS_ORACLE_PYTHON", self.python())
            .env("PG_CHORUS_ORACLE_CHECK", &self.check)
            .env(
                "PG_CHORUS_ORACLE_ARTEFACTS",
                self.installed.join("artefacts"),
            );
    }

    /// What a file takes once the rules are warm: parsing, schema and rules, the median of the later half of several goes.
    pub fn milliseconds(&self, file: &str) -> Result<f64> {
        const GOES: usize = 12;
        let folder = tempfile::tempdir().context("cannot make a folder for the file")?;
        let path = folder.path().join("invoice.xml");
        fs::write(&path, file).context("cannot write the file")?;
        let output = process::command(self.python())
            .arg(&self.check)
            .args(["--array", "--detail"])
            .arg("--artefacts")
            .arg(self.installed.join("artefacts"))
            .args(std::iter::repeat_n(&path, GOES))
            .output()
            .context("cannot run the official rules")?;
        let answers: Vec<Timed> =
            serde_json::from_slice(&output.stdout).context("the official rules gave no answer")?;
        let later = answers.into_iter().skip(GOES / 2);
        let mut times: Vec<f64> = later.map(|answer| answer.ms.values().sum()).collect();
        times.sort_by(f64::total_cmp);
        let middle = times.get(times.len() / 2).copied();
        middle.context("the official rules gave too few answers")
    }

    fn python(&self) -> PathBuf {
        self.installed.join("venv/bin/python")
    }

    /// Whether an earlier call has come to the end.
    fn works(&self) -> bool {
        let rules = self.installed.join("artefacts/en16931");
        rules
            .read_dir()
            .is_ok_and(|mut files| files.next().is_some())
            && process::succeeds(
                process::command(self.python()).args(["-c", "import lxml, saxonche"]),
            )
    }
}
