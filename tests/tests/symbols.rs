//! What the SQL scripts declare and what the library exports are the same functions.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Functions of feature `bench`, which tests and benchmarks declare for themselves.
const NOT_RELEASED: &str = "bench_";

#[test]
fn every_declared_symbol_is_in_the_library_and_every_symbol_is_declared() {
    let Some(library) = env::var_os("PG_CHORUS_LIBRARY") else {
        eprintln!("SKIPPED: PG_CHORUS_LIBRARY does not name the library; run cargo xtask test");
        return;
    };
    let declared = declared();
    let exported = exported(Path::new(&library));
    assert!(
        declared.contains("build_wrapper"),
        "no script declares build: {declared:?}"
    );

    let missing: Vec<_> = declared.difference(&exported).collect();
    assert!(
        missing.is_empty(),
        "declared in sql/extension, but not in the library: {missing:?}"
    );

    let undeclared: Vec<_> = exported
        .difference(&declared)
        .filter(|symbol| !symbol.starts_with(NOT_RELEASED))
        .collect();
    assert!(
        undeclared.is_empty(),
        "in the library, but declared by no script: {undeclared:?}"
    );
}

#[test]
fn no_released_script_declares_a_function_that_only_measures() {
    let measuring: Vec<_> = declared()
        .into_iter()
        .filter(|symbol| symbol.starts_with(NOT_RELEASED))
        .collect();
    assert!(
        measuring.is_empty(),
        "declared in sql/extension: {measuring:?}"
    );
}

#[test]
fn no_script_creates_a_schema() {
    for (name, sql) in scripts() {
        let words = sql
            .to_uppercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(
            !words.contains("CREATE SCHEMA"),
            "{name} creates a schema: DROP EXTENSION would drop the tables in it"
        );
    }
}

#[test]
fn every_function_has_cost_volatility_parallel_safety_and_comment() {
    for (name, sql) in scripts() {
        let functions: Vec<_> = sql.split("CREATE FUNCTION ").skip(1).collect();
        assert!(!functions.is_empty(), "{name} declares no function");
        for function in functions {
            let signature = function.lines().next().unwrap_or_default();
            for clause in ["COST ", "PARALLEL SAFE", "COMMENT ON FUNCTION "] {
                assert!(
                    function.contains(clause),
                    "{name}: {signature} has no {clause}"
                );
            }
            let volatility = if signature.contains("library_version") {
                "STABLE"
            } else {
                "IMMUTABLE"
            };
            assert!(
                function.contains(volatility),
                "{name}: {signature} is not {volatility}"
            );
        }
    }
}

/// The install and update scripts, by name.
fn scripts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sql/extension");
    let mut scripts: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    scripts.sort();
    scripts
}

/// The symbols in `AS 'MODULE_PATHNAME', '…'`.
fn declared() -> BTreeSet<String> {
    let scripts = scripts();
    scripts
        .iter()
        .flat_map(|(_, sql)| sql.split("'MODULE_PATHNAME'").skip(1))
        .map(|after| {
            after
                .split('\'')
                .nth(1)
                .expect("a symbol follows 'MODULE_PATHNAME'")
                .to_owned()
        })
        .collect()
}

/// The functions that the library offers to PostgreSQL.
fn exported(library: &Path) -> BTreeSet<String> {
    let nm = Command::new("nm")
        .args(["--dynamic", "--defined-only"])
        .arg(library)
        .output()
        .expect("nm (package binutils) runs");
    assert!(
        nm.status.success(),
        "nm cannot read {}: {}",
        library.display(),
        String::from_utf8_lossy(&nm.stderr)
    );
    String::from_utf8(nm.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2))
        .filter_map(|symbol| symbol.strip_prefix("pg_finfo_"))
        .map(str::to_owned)
        .collect()
}
