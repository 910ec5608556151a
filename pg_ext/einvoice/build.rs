//! Turns the code lists of `codes/*.csv` into perfect hash tables.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// How a list becomes a table.
enum Table {
    /// A set of the first column.
    Set,
    /// A map from the first column to a column, written by the function as a Rust value.
    Map {
        column: &'static str,
        of: &'static str,
        value: fn(&str) -> Result<String, Box<dyn Error>>,
    },
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=codes");
    let mut out = String::new();
    write_table(
        &mut out,
        "currencies",
        "Currencies of ISO 4217 with the decimals of their amounts.",
        &Table::Map {
            column: "decimals",
            of: "u8",
            value: |text| Ok(format!("{}_u8", text.parse::<u8>()?)),
        },
    )?;
    write_table(
        &mut out,
        "countries",
        "Countries of ISO 3166-1, as EN 16931 lists them.",
        &Table::Set,
    )?;
    write_table(
        &mut out,
        "units",
        "GOBL units with their codes in UN/ECE Recommendations 20 and 21.",
        &Table::Map {
            column: "code",
            of: "&str",
            value: |text| Ok(format!("{text:?}")),
        },
    )?;
    write_table(
        &mut out,
        "payment_means",
        "Payment means of UNTDID 4461 that Chorus Pro accepts.",
        &Table::Set,
    )?;
    write_table(
        &mut out,
        "document_types",
        "Document types of UNTDID 1001; whether they give money back.",
        &Table::Map {
            column: "credit",
            of: "bool",
            value: |text| match text {
                "yes" => Ok("true".to_owned()),
                "no" => Ok("false".to_owned()),
                other => Err(format!("credit is yes or no, not {other}").into()),
            },
        },
    )?;
    write_table(
        &mut out,
        "vat_categories",
        "VAT categories of UNTDID 5305 that EN 16931 knows.",
        &Table::Set,
    )?;
    write_table(
        &mut out,
        "other_currencies",
        "Currencies that GOBL knows beside those of ISO 4217, with the decimals of their amounts.",
        &Table::Map {
            column: "decimals",
            of: "u8",
            value: |text| Ok(format!("{}_u8", text.parse::<u8>()?)),
        },
    )?;
    for (name, doc) in [
        (
            "eas",
            "Schemes of electronic addresses, CEF EAS (BT-34-1, BT-49-1).",
        ),
        ("iso_6523", "Schemes of identifiers, ISO 6523 ICD."),
        (
            "unit_codes",
            "Codes of units in UN/ECE Recommendations 20 and 21 (BT-130).",
        ),
        ("untdid_1001", "Document types, UNTDID 1001 (BT-3)."),
        (
            "untdid_1153",
            "Schemes of invoiced objects, UNTDID 1153 (BT-18-1, BT-128-1).",
        ),
        ("untdid_4451", "Subjects of notes, UNTDID 4451 (BT-21)."),
        ("untdid_4461", "Payment means, UNTDID 4461 (BT-81)."),
        (
            "untdid_5189",
            "Reasons of allowances, UNTDID 5189 (BT-98, BT-140).",
        ),
        (
            "untdid_7143",
            "Schemes of item classifications, UNTDID 7143 (BT-158-1).",
        ),
        (
            "untdid_7161",
            "Reasons of charges, UNTDID 7161 (BT-105, BT-145).",
        ),
        ("vatex", "Reasons of VAT exemption, CEF VATEX (BT-121)."),
    ] {
        write_table(&mut out, name, doc, &Table::Set)?;
    }
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("codes.rs"), out)?;
    Ok(())
}

fn write_table(
    out: &mut String,
    name: &str,
    doc: &str,
    table: &Table,
) -> Result<(), Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(format!("codes/{name}.csv"))?;
    let columns = reader.headers()?.clone();
    let records = reader.records().collect::<Result<Vec<_>, _>>()?;
    let constant = name.to_uppercase();
    writeln!(out, "#[doc = {doc:?}]")?;
    match table {
        Table::Set => {
            let mut set = phf_codegen::Set::new();
            for record in &records {
                set.entry(record.get(0).ok_or("empty row")?.to_owned());
            }
            writeln!(
                out,
                "pub static {constant}: phf::Set<&'static str> = {};",
                set.build()
            )?;
        }
        Table::Map { column, of, value } => {
            let at = columns
                .iter()
                .position(|c| c == *column)
                .ok_or_else(|| format!("{name}: no column {column}"))?;
            let mut map = phf_codegen::Map::new();
            for record in &records {
                let code = record.get(0).ok_or("empty row")?;
                map.entry(code.to_owned(), value(record.get(at).ok_or("short row")?)?);
            }
            let of = if *of == "&str" { "&'static str" } else { *of };
            writeln!(
                out,
                "pub static {constant}: phf::Map<&'static str, {of}> = {};",
                map.build()
            )?;
        }
    }
    Ok(())
}
