//! PostgreSQL's own test programs over `tests/regress`: one session (`sql`), several at once (`specs`).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cluster::Cluster;
use crate::postgres::Postgres;
use crate::process;
use crate::project::Project;

/// One of the two test programs.
struct Suite {
    program: &'static str,
    folder: &'static str,
    extension: &'static str,
    database: &'static str,
}

const SUITES: [Suite; 2] = [
    Suite {
        program: "regress/pg_regress",
        folder: "sql",
        extension: "sql",
        database: "chorus_regress",
    },
    Suite {
        program: "isolation/pg_isolation_regress",
        folder: "specs",
        extension: "spec",
        database: "chorus_isolation",
    },
];

/// Runs both, each in a database of its own.
pub fn run(project: &Project, postgres: &Postgres, cluster: &Cluster) -> Result<()> {
    for suite in SUITES {
        let inputs = project.file("tests/regress");
        let names = names(&inputs.join(suite.folder), suite.extension)?;
        if names.is_empty() {
            eprintln!("SKIPPED: tests/regress/{} is empty", suite.folder);
            continue;
        }
        let program = postgres.test_programs.join(suite.program);
        let outputs = project.folder(suite.database)?;
        cluster.copy_template(suite.database)?;
        let mut command = process::command(&program);
        cluster.reach(&mut command);
        command
            // Both write below the current folder unless told otherwise, and the second needs its other program there.
            .current_dir(&outputs)
            .args(["--use-existing", &format!("--dbname={}", suite.database)])
            .arg(format!("--host={}", cluster.place.socket.display()))
            .arg(format!("--port={}", cluster.place.port))
            .arg(format!("--user={}", crate::cluster::SUPERUSER))
            .arg(format!("--bindir={}", postgres.bin.display()))
            .arg(format!("--inputdir={}", inputs.display()))
            .arg(format!("--outputdir={}", outputs.display()))
            .args(names);
        process::run(&mut command).inspect_err(|_| {
            if let Ok(differences) = fs::read_to_string(outputs.join("regression.diffs")) {
                eprintln!("{differences}");
            }
        })?;
    }
    Ok(())
}

fn names(folder: &Path, extension: &str) -> Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}
