//! A copy of the server's files, so that installing the extension touches no system directory.
//!
//! PostgreSQL finds its libraries and data by their place relative to its programs: a tree that keeps those
//! places works anywhere, and the copied server loads the extensions of the copy.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::artefacts::below;
use crate::postgres::Postgres;

/// Folders that a running server never opens.
const NOT_NEEDED: [&str; 3] = ["bitcode", "pgxs", "man"];

/// Copies programs, libraries and data below `destination`.
pub fn copy(postgres: &Postgres, destination: &Path) -> Result<()> {
    for folder in [&postgres.bin, &postgres.lib, &postgres.share] {
        copy_folder(folder, &below(destination, folder))?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make the folder {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let entry = entry?;
        let (source, copy) = (entry.path(), to.join(entry.file_name()));
        // Through links: the copy must stand by itself.
        let kind =
            fs::metadata(&source).with_context(|| format!("cannot look at {}", source.display()));
        match kind {
            Ok(kind) if kind.is_dir() => {
                if !NOT_NEEDED.iter().any(|name| entry.file_name() == *name) {
                    copy_folder(&source, &copy)?;
                }
            }
            Ok(_) => {
                fs::copy(&source, &copy)
                    .with_context(|| format!("cannot copy {}", source.display()))?;
            }
            // Dictionaries of packages since removed leave dead links behind.
            Err(_) if source.is_symlink() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
