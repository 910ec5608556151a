//! What is compiled, and where an installation puts it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::postgres::Postgres;
use crate::process;
use crate::project::{Profile, Project};

/// Which extra code the compiled programs carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Nothing extra.
    Use,
    /// The library has functions to measure and compare (`bench_*`), the agent the points where tests make it fail.
    Test,
}

/// The compiled programs.
#[derive(Debug, Clone)]
pub struct Artefacts {
    /// The extension's library.
    pub library: PathBuf,
    /// The program `chorus-agent`.
    pub agent: PathBuf,
    /// The program `chorus-simulator`.
    pub simulator: PathBuf,
}

impl Artefacts {
    /// Compiles library, agent and simulator.
    pub fn compile(
        project: &Project,
        postgres: &Postgres,
        profile: Profile,
        purpose: Purpose,
    ) -> Result<Self> {
        compile_library(project, postgres, profile, purpose)?;
        compile_programs(
            project,
            &["chorus-agent", "chorus-simulator"],
            profile,
            purpose,
        )?;
        Ok(Self::built(project, profile))
    }

    /// Where cargo has put them.
    pub fn built(project: &Project, profile: Profile) -> Self {
        Self {
            library: project.built(profile, "libpg_chorus.so"),
            agent: project.built(profile, "chorus-agent"),
            simulator: project.built(profile, "chorus-simulator"),
        }
    }

    /// The variables by which tests find the programs.
    pub fn environment(&self) -> [(&'static str, &Path); 3] {
        [
            ("PG_CHORUS_LIBRARY", &self.library),
            ("PG_CHORUS_AGENT", &self.agent),
            ("PG_CHORUS_SIMULATOR", &self.simulator),
        ]
    }
}

/// The feature of the agent that tests need; the same in every call of cargo, so that it is compiled once.
pub const AGENT_TEST_FEATURE: &str = "chorus-agent/failpoints";

/// Compiles the extension's library alone.
pub fn compile_library(
    project: &Project,
    postgres: &Postgres,
    profile: Profile,
    purpose: Purpose,
) -> Result<PathBuf> {
    process::run(library_cargo(project, postgres, "build", purpose).args(profile.arguments()))?;
    Ok(Artefacts::built(project, profile).library)
}

/// Compiles agent, simulator, or both.
pub fn compile_programs(
    project: &Project,
    packages: &[&str],
    profile: Profile,
    purpose: Purpose,
) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["build", "--bins"]).args(profile.arguments());
    cargo.args(
        packages
            .iter()
            .map(|package| format!("--package={package}")),
    );
    if purpose == Purpose::Test && packages.contains(&"chorus-agent") {
        cargo.arg(format!("--features={AGENT_TEST_FEATURE}"));
    }
    process::run(&mut cargo)
}

/// A call of cargo on the extension's crate, which needs to know the server.
pub fn library_cargo(
    project: &Project,
    postgres: &Postgres,
    subcommand: &str,
    purpose: Purpose,
) -> std::process::Command {
    let mut cargo = project.cargo();
    let features = match purpose {
        Purpose::Use => postgres.feature(),
        Purpose::Test => format!("{},bench", postgres.feature()),
    };
    cargo
        .args([subcommand, "--package=pg_chorus"])
        .arg(format!("--features={features}"))
        .env("PGRX_PG_CONFIG_PATH", &postgres.pg_config);
    cargo
}

/// Copies the extension's files below `destination` (as `DESTDIR` of make: the server's own paths follow it).
pub fn install(
    project: &Project,
    postgres: &Postgres,
    library: &Path,
    destination: &Path,
) -> Result<Vec<PathBuf>> {
    let mut files = vec![(library.to_owned(), postgres.lib.join("pg_chorus.so"))];
    let scripts = project.file("sql/extension");
    for entry in
        fs::read_dir(&scripts).with_context(|| format!("cannot list {}", scripts.display()))?
    {
        let entry = entry?;
        files.push((
            entry.path(),
            postgres.share.join("extension").join(entry.file_name()),
        ));
    }
    let place_below = |(from, to): (PathBuf, PathBuf)| {
        let to = below(destination, &to);
        place(&from, &to).map(|()| to)
    };
    files.into_iter().map(place_below).collect()
}

/// The absolute `path`, seen from `destination`.
pub fn below(destination: &Path, path: &Path) -> PathBuf {
    destination.join(path.strip_prefix("/").unwrap_or(path))
}

/// Puts a copy in place of what is there: a server that has the old library open must not see it change.
pub fn place(from: &Path, to: &Path) -> Result<()> {
    let copy = || -> std::io::Result<()> {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut new = to.as_os_str().to_owned();
        new.push(".new");
        fs::copy(from, &new)?;
        // Executable for all or for none, whatever the checkout's owner keeps from others.
        let executable = fs::metadata(from)?.permissions().mode() & 0o100 != 0;
        fs::set_permissions(
            &new,
            Permissions::from_mode(if executable { 0o755 } else { 0o644 }),
        )?;
        fs::rename(&new, to)
    };
    copy().with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}
