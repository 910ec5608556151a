//! Turns the lists of the repository into Rust tables.

#[path = "build/codes.rs"]
mod codes;
#[path = "build/d16b.rs"]
mod d16b;
#[path = "build/structure.rs"]
mod structure;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("codes.rs"), codes::tables()?)?;
    d16b::write()?;
    fs::write(out.join("structure.rs"), structure::tables()?)?;
    Ok(())
}
