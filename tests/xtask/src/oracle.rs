//! The official CII schema and EN 16931 rules, as an independent judge of what we render.
//!
//! They are not part of the project: `oracle/setup.sh` of the shared material beside the checkout (or of the folder
//! that `PG_CHORUS_ORACLE` names) fetches them. Without it, the tests that ask them say that they are skipped.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::project::Project;

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
