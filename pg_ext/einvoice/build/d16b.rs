//! Turns `d16b/elements.csv` and `d16b/types.csv` into the vocabulary and the types of D16B.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[path = "../src/cii/tree/hash.rs"]
mod hash;

use hash::{SLOTS, hash};

type Row = Vec<String>;
type Failure = Box<dyn Error>;

/// Writes `d16b_names.rs` (constants and look-up of element names) and `d16b_types.rs` (content of each type).
pub fn write() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=d16b");
    println!("cargo::rerun-if-changed=src/cii/tree/hash.rs");
    let elements = rows("elements")?;
    let types = rows("types")?;
    let names: BTreeSet<&str> = elements.iter().map(|row| cell(row, 2)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let folder = env::var("OUT_DIR")?;
    let folder = Path::new(&folder);
    fs::write(
        folder.join("d16b_names.rs"),
        write_names(&names, &elements)?,
    )?;
    fs::write(
        folder.join("d16b_types.rs"),
        write_types(&elements, &types)?,
    )?;
    Ok(())
}

fn rows(name: &str) -> Result<Vec<Row>, Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(format!("d16b/{name}.csv"))?;
    let mut rows = Vec::new();
    for record in reader.records() {
        rows.push(record?.iter().map(str::to_owned).collect());
    }
    Ok(rows)
}

fn cell(row: &[String], at: usize) -> &str {
    row.get(at).map_or("", String::as_str)
}

/// `GlobalID` is `GLOBAL_ID`, `URIID` is `URIID`, `URIUniversalCommunication` is `URI_UNIVERSAL_COMMUNICATION`.
fn constant(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let starts_word = before.is_some_and(|before| {
            !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
        });
        if letter.is_uppercase() && starts_word {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

fn namespace(prefix: &str) -> Result<&'static str, Failure> {
    Ok(match prefix {
        "rsm" => "Namespace::RSM",
        "ram" => "Namespace::RAM",
        "qdt" => "Namespace::QDT",
        "udt" => "Namespace::UDT",
        "xsd" => "Namespace::XSD",
        _ => return Err(format!("no namespace {prefix}").into()),
    })
}

fn write_names(names: &[&str], elements: &[Row]) -> Result<String, Failure> {
    let mut out = String::new();
    writeln!(
        out,
        "/// The element names of D16B.\npub mod name {{\nuse super::Name;"
    )?;
    for (at, name) in names.iter().enumerate() {
        let id = at + 1;
        writeln!(
            out,
            "/// `{name}`.\npub const {}: Name = Name({id});",
            constant(name)
        )?;
    }
    writeln!(out, "}}")?;
    writeln!(
        out,
        "static NAMES: [Entry; {}] = [Entry {{ name: \"\", homes: [Namespace::NONE; 2] }},",
        names.len() + 1
    )?;
    for name in names {
        let mut of: BTreeSet<&str> = BTreeSet::new();
        for row in elements.iter().filter(|row| cell(row, 2) == *name) {
            of.insert(namespace(cell(row, 4))?);
        }
        let mut of = of.into_iter();
        let first = of.next().ok_or("an element without a namespace")?;
        let second = of.next().unwrap_or(first);
        writeln!(
            out,
            "Entry {{ name: {name:?}, homes: [{first}, {second}] }},"
        )?;
    }
    writeln!(out, "];")?;
    let mut slots = vec![0; SLOTS];
    for (at, name) in names.iter().enumerate() {
        let mut slot = hash(name.as_bytes());
        while slots.get(slot) != Some(&0) {
            slot = (slot + 1) % SLOTS;
        }
        if let Some(free) = slots.get_mut(slot) {
            *free = at + 1;
        }
    }
    writeln!(out, "static TABLE: [u16; {SLOTS}] = {slots:?};")?;
    Ok(out)
}

fn write_types(elements: &[Row], types: &[Row]) -> Result<String, Failure> {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for row in elements.iter().chain(types) {
        let name = cell(row, 0);
        ids.entry(name).or_insert_with(|| {
            order.push(name);
            order.len() - 1
        });
    }
    let mut out = String::new();
    writeln!(
        out,
        "/// The document's own type.\npub(super) const DOCUMENT: u16 = {};",
        ids.get(cell(elements.first().ok_or("no elements")?, 3))
            .ok_or("no document")?
    )?;
    let named: Result<Vec<String>, Failure> = order.iter().map(|name| type_name(name)).collect();
    writeln!(
        out,
        "static TYPE_NAMES: [Option<(Namespace, &str)>; {}] = [{}];",
        order.len(),
        named?.join(",")
    )?;
    writeln!(out, "static TYPES: [Type; {}] = [", order.len())?;
    for name in order {
        let particles: Vec<&Row> = elements.iter().filter(|row| cell(row, 0) == name).collect();
        let attributes: Vec<&Row> = types.iter().filter(|row| cell(row, 0) == name).collect();
        if let Some(first) = particles.first() {
            let choice = cell(first, 1) == "choice";
            writeln!(out, "Type::Group {{ choice: {choice}, particles: &[")?;
            for row in particles {
                let content = ids.get(cell(row, 3)).ok_or("no such type")?;
                writeln!(
                    out,
                    "Particle {{ name: name::{}, namespace: {}, content: {content}, required: {}, repeats: {} }},",
                    constant(cell(row, 2)),
                    namespace(cell(row, 4))?,
                    bound(cell(row, 5), ["0", "1"])?,
                    bound(cell(row, 6), ["1", "unbounded"])?,
                )?;
            }
        } else {
            let base = base(cell(attributes.first().ok_or("empty type")?, 1))?;
            writeln!(out, "Type::Value {{ base: Base::{base}, attributes: &[")?;
            for row in attributes.iter().filter(|row| !cell(row, 2).is_empty()) {
                let length = match (cell(row, 4), cell(row, 5)) {
                    ("", "") => "None".to_owned(),
                    (min, max) => format!(
                        "Some(({}, {}))",
                        min.parse::<usize>()?,
                        max.parse::<usize>()?
                    ),
                };
                let fixed = match cell(row, 6) {
                    "" => "None".to_owned(),
                    fixed => format!("Some({fixed:?})"),
                };
                writeln!(
                    out,
                    "AttributeType {{ name: {:?}, base: Base::{}, length: {length}, fixed: {fixed} }},",
                    cell(row, 2),
                    base_of_attribute(row)?,
                )?;
            }
        }
        writeln!(out, "]}},")?;
    }
    writeln!(out, "];")?;
    Ok(out)
}

/// A type's name and namespace; those within an element have none.
fn type_name(name: &str) -> Result<String, Failure> {
    match name.split_once(':') {
        Some((prefix, local)) if !local.contains('/') => {
            Ok(format!("Some(({}, {local:?}))", namespace(prefix)?))
        }
        _ => Ok("None".to_owned()),
    }
}

/// Whether a bound is the second of the two that D16B knows.
fn bound(text: &str, [no, yes]: [&str; 2]) -> Result<bool, Failure> {
    match text {
        _ if text == no => Ok(false),
        _ if text == yes => Ok(true),
        _ => Err(format!("a bound of {text}").into()),
    }
}

fn base_of_attribute(row: &[String]) -> Result<&'static str, Failure> {
    base(cell(row, 3))
}

fn base(name: &str) -> Result<&'static str, Failure> {
    Ok(match name {
        "anyURI" => "AnyUri",
        "base64Binary" => "Base64Binary",
        "boolean" => "Boolean",
        "date" => "Date",
        "dateTime" => "DateTime",
        "decimal" => "Decimal",
        "string" => "String",
        "token" => "Token",
        _ => return Err(format!("no base type {name}").into()),
    })
}
