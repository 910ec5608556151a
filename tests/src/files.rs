//! Our own fixtures, and the corpus that is not part of the project.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::environment::skipped;

/// A fixture of `tests/fixtures`, as JSON.
///
/// # Errors
/// The file is missing or no JSON.
pub fn fixture(name: &str) -> Result<serde_json::Value> {
    serde_json::from_str(&fixture_text(name)?).with_context(|| format!("fixture {name} is no JSON"))
}

/// A fixture of `tests/fixtures`, as text.
///
/// # Errors
/// The file is missing or not UTF-8.
pub fn fixture_text(name: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The corpus: the folder that `CHORUS_CORPUS` names, or `../shared/corpus` beside the checkout. `None`, and loud,
/// if it is not there.
#[must_use]
pub fn corpus() -> Option<PathBuf> {
    let folder = env::var_os("CHORUS_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
        PathBuf::from,
    );
    let found = folder.is_dir().then_some(folder);
    if found.is_none() {
        skipped("corpus not found");
    }
    found
}
