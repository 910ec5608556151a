//! Where the checkout and cargo's target directory are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

/// The checkout that `cargo xtask` was called in.
#[derive(Debug, Clone)]
pub struct Project {
    /// Folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target directory, wherever `CARGO_TARGET_DIR` or a configuration file puts it.
    pub target: PathBuf,
    /// Version of the workspace's crates.
    pub version: String,
    cargo: OsString,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

impl Project {
    /// Asks cargo, from the current directory.
    pub fn find() -> Result<Self> {
        // Set by `cargo run`: the cargo that the user called.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut metadata = process::command(&cargo);
        metadata.args(["metadata", "--no-deps", "--format-version=1", "--quiet"]);
        let metadata: Metadata = serde_json::from_str(&process::output(&mut metadata)?)
            .context("cannot read the answer of `cargo metadata`")?;
        let version = metadata
            .packages
            .into_iter()
            .find(|package| package.name == "pg_chorus")
            .context(
                "this is not the workspace of pg_chorus: call `cargo xtask` inside the checkout",
            )?
            .version;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            version,
            cargo,
        })
    }

    /// A call of cargo in the checkout.
    pub fn cargo(&self) -> Command {
        let mut command = process::command(&self.cargo);
        command.current_dir(&self.root);
        command
    }

    /// A folder below the target directory, made if missing.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join(name);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(folder)
    }

    /// A file that cargo has built.
    pub fn built(&self, profile: Profile, file: &str) -> PathBuf {
        self.target.join(profile.folder()).join(file)
    }

    /// Path of a file in the checkout.
    pub fn file(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }
}

/// How the product is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For trying and testing: quick to compile.
    Dev,
    /// For measuring and for use.
    Release,
}

impl Profile {
    /// What cargo is told.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Dev => &[],
            Self::Release => &["--release"],
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}
