//! Embeds `sql/schema`: the roles, and the numbered files in order.

use std::{env, fmt::Write as _, fs, path::Path};

/// From the package's folder. Cargo is told this and no absolute path: one target directory may serve several checkouts in turn.
const SCHEMA: &str = "../sql/schema";

fn main() {
    println!("cargo::rerun-if-changed={SCHEMA}");
    // Asked when it runs: the compiled script may be another checkout's.
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    if let Err(reason) = embed(&Path::new(&package).join(SCHEMA)) {
        println!("cargo::error=sql/schema cannot be embedded: {reason}");
    }
}

fn embed(folder: &Path) -> Result<(), String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let name = entry
            .map_err(|error| error.to_string())?
            .file_name()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".sql") && name != "roles.sql" {
            names.push(name);
        }
    }
    names.sort();
    let mut code = String::from(
        "/// The numbered files of `sql/schema`, in order.\npub const FILES: &[File] = &[\n",
    );
    for (index, name) in names.iter().enumerate() {
        let number: usize = name
            .get(..4)
            .and_then(|digits| digits.parse().ok())
            .ok_or(format!("{name} has no number"))?;
        if number != index + 1 {
            return Err(format!(
                "{name} should be number {:04}: the files are numbered without gaps",
                index + 1
            ));
        }
        let path = folder.join(name);
        println!("cargo::rerun-if-changed={SCHEMA}/{name}");
        let _ = writeln!(
            code,
            "    File {{ number: {number}, name: {name:?}, sql: include_str!({:?}) }},",
            path.display().to_string()
        );
    }
    code.push_str("];\n");
    let _ = writeln!(
        code,
        "\n/// The roles of the cluster.\npub const ROLES: &str = include_str!({:?});",
        folder.join("roles.sql").display().to_string()
    );
    let _ = writeln!(
        code,
        "\n/// Number of the newest file.\npub const LATEST: i32 = {};",
        names.len()
    );
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("schema.rs"), code).map_err(|error| error.to_string())
}
