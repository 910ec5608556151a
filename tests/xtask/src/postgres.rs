//! The PostgreSQL installed on this machine, as its `pg_config` describes it. It is read, never written to.

use std::env;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process;

/// Major versions the extension can be compiled for, the tested one first.
const MAJORS: RangeInclusive<u32> = 15..=18;

/// An installed server with its headers.
#[derive(Debug, Clone)]
pub struct Postgres {
    /// Major version, which names the cargo feature `pgNN`.
    pub major: u32,
    /// The program that knows all the paths.
    pub pg_config: PathBuf,
    /// Programs of server and client.
    pub bin: PathBuf,
    /// Loadable libraries.
    pub lib: PathBuf,
    /// Version-dependent data; extensions are below it.
    pub share: PathBuf,
    /// Folder of `pg_regress` and of `isolation`'s runner, when the headers' package brings them.
    pub test_programs: PathBuf,
}

impl Postgres {
    /// The server that `PG_CONFIG` names, or else the one Debian installs.
    pub fn find() -> Result<Self> {
        let mut candidates: Vec<PathBuf> = match env::var_os("PG_CONFIG") {
            Some(chosen) => vec![chosen.into()],
            None => MAJORS
                .map(|major| format!("/usr/lib/postgresql/{major}/bin/pg_config").into())
                .chain(["pg_config".into()])
                .collect(),
        };
        let mut reasons = Vec::new();
        for candidate in candidates.drain(..) {
            match Self::ask(&candidate) {
                Ok(found) => return Ok(found),
                Err(reason) => reasons.push(format!("  {}: {reason:#}", candidate.display())),
            }
        }
        bail!(
            "no PostgreSQL {} to {} with server and headers was found; set PG_CONFIG to its pg_config\n{}",
            MAJORS.start(),
            MAJORS.end(),
            reasons.join("\n")
        )
    }

    fn ask(pg_config: &Path) -> Result<Self> {
        let value = |name: &str| -> Result<String> {
            let answer = process::output(process::command(pg_config).arg(name))?;
            Ok(answer.trim().to_owned())
        };
        let version = value("--version")?;
        let major = version
            .split_whitespace()
            .nth(1)
            .and_then(|number| number.split(|c: char| !c.is_ascii_digit()).next())
            .and_then(|number| number.parse().ok())
            .with_context(|| format!("cannot read the version in `{version}`"))?;
        if !MAJORS.contains(&major) {
            bail!("{version} is not supported");
        }
        let bin = PathBuf::from(value("--bindir")?);
        let headers = PathBuf::from(value("--includedir-server")?);
        for (file, package) in [
            (bin.join("postgres"), format!("postgresql-{major}")),
            (
                headers.join("postgres.h"),
                format!("postgresql-server-dev-{major}"),
            ),
        ] {
            if !file.exists() {
                bail!("{} is missing (package {package})", file.display());
            }
        }
        let makefiles = PathBuf::from(value("--pgxs")?);
        let test_programs = makefiles
            .ancestors()
            .nth(2)
            .context("`pg_config --pgxs` names no folder")?
            .join("test");
        Ok(Self {
            major,
            pg_config: pg_config.to_owned(),
            bin,
            lib: value("--pkglibdir")?.into(),
            share: value("--sharedir")?.into(),
            test_programs,
        })
    }

    /// The cargo feature that selects this server's headers.
    pub fn feature(&self) -> String {
        format!("pg{}", self.major)
    }
}
