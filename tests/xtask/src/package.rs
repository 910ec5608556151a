//! `cargo xtask install` and `package`: the released files, in the places where a server looks for them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::artefacts::{self, Artefacts, Purpose, below};
use crate::packages;
use crate::postgres::Postgres;
use crate::process;
use crate::project::{Profile, Project};

/// Installs for the server that `pg_config` describes; below `DESTDIR` if that is set.
pub fn install(project: &Project) -> Result<()> {
    let destination = env::var_os("DESTDIR").map_or_else(|| PathBuf::from("/"), PathBuf::from);
    let prefix = env::var_os("PREFIX").map_or_else(|| PathBuf::from("/usr/local"), PathBuf::from);
    for file in put(project, &destination, &prefix)?.1 {
        println!("{}", file.display());
    }
    Ok(())
}

/// Packs the same files, to be unpacked at `/`.
pub fn package(project: &Project) -> Result<()> {
    let root = project.folder("package")?.join("root");
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("cannot empty {}", root.display()))?;
    }
    let (postgres, _) = put(project, &root, Path::new("/usr"))?;
    let archive = project.folder("package")?.join(format!(
        "pg_chorus-{}-{}-{}.tar.gz",
        project.version,
        postgres.feature(),
        env::consts::ARCH
    ));
    // Sorted, and owned by nobody in particular: the same files make the same archive.
    let mut tar = process::command("tar");
    tar.args([
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--mtime=@0",
        "--create",
    ])
    .args(["--use-compress-program=gzip --no-name", "--file"])
    .arg(&archive)
    .arg("--directory")
    .arg(&root)
    .arg(".");
    process::run(&mut tar)?;
    println!("{}", archive.display());
    Ok(())
}

fn put(project: &Project, destination: &Path, prefix: &Path) -> Result<(Postgres, Vec<PathBuf>)> {
    packages::ensure()?;
    let postgres = Postgres::find()?;
    artefacts::compile_library(project, &postgres, Profile::Release, Purpose::Use)?;
    artefacts::compile_programs(project, &["chorus-agent"], Profile::Release, Purpose::Use)?;
    let artefacts = Artefacts::built(project, Profile::Release);
    let mut installed = artefacts::install(project, &postgres, &artefacts.library, destination)
        .context("cannot install: call as root, or set DESTDIR to a folder of yours")?;
    let share = prefix.join("share/pg_chorus");
    let mut others = vec![
        (artefacts.agent, prefix.join("bin/chorus-agent")),
        (project.file("LICENSE"), share.join("LICENSE")),
    ];
    // The agent carries the tables' SQL; who prefers psql finds it here.
    let schema = project.file("sql/schema");
    for entry in
        fs::read_dir(&schema).with_context(|| format!("cannot list {}", schema.display()))?
    {
        let entry = entry?;
        others.push((entry.path(), share.join("schema").join(entry.file_name())));
    }
    for (from, to) in others {
        let to = below(destination, &to);
        artefacts::place(&from, &to)?;
        installed.push(to);
    }
    installed.sort();
    Ok((postgres, installed))
}
