//! Code lists: from `codes/*.csv` to tables of numbers.

#[path = "../src/codes/key.rs"]
mod key;

use std::error::Error;
use std::fmt::Write as _;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A column of a list as Rust values.
struct Values {
    column: &'static str,
    of: &'static str,
    value: fn(&str) -> Result<String>,
}

const DECIMALS: Values = Values {
    column: "decimals",
    of: "u8",
    value: |text| Ok(text.parse::<u8>()?.to_string()),
};
const CREDIT: Values = Values {
    column: "credit",
    of: "bool",
    value: |text| match text {
        "yes" => Ok("true".to_owned()),
        "no" => Ok("false".to_owned()),
        other => Err(format!("credit is yes or no, not {other}").into()),
    },
};
const CODE: Values = Values {
    column: "code",
    of: "&'static str",
    value: |text| Ok(format!("{text:?}")),
};

/// A file of `codes/`, what it holds, and which column is looked up.
const LISTS: [(&str, &str, Option<Values>); 20] = [
    (
        "currencies",
        "Currencies of ISO 4217 with the decimals of their amounts (BT-5, BT-6).",
        Some(DECIMALS),
    ),
    (
        "other_currencies",
        "Currencies that GOBL knows beside those of ISO 4217, with the decimals of their amounts.",
        Some(DECIMALS),
    ),
    (
        "units",
        "GOBL units with their codes in UN/ECE Recommendations 20 and 21.",
        Some(CODE),
    ),
    (
        "document_types",
        "Document types of UNTDID 1001 that GOBL fills in; whether they give money back.",
        Some(CREDIT),
    ),
    (
        "payment_means",
        "Payment means of UNTDID 4461 that Chorus Pro accepts.",
        None,
    ),
    (
        "countries",
        "Countries of ISO 3166-1, as EN 16931 lists them.",
        None,
    ),
    (
        "eas",
        "Schemes of electronic addresses, CEF EAS (BT-34-1, BT-49-1).",
        None,
    ),
    ("iso_6523", "Schemes of identifiers, ISO 6523 ICD.", None),
    (
        "mime",
        "Media types of embedded documents (BT-125-1).",
        None,
    ),
    (
        "unit_codes",
        "Codes of units in UN/ECE Recommendations 20 and 21 (BT-130, BT-150).",
        None,
    ),
    ("untdid_1001", "Document types, UNTDID 1001 (BT-3).", None),
    (
        "untdid_1153",
        "Schemes of invoiced objects, UNTDID 1153 (BT-18-1, BT-128-1).",
        None,
    ),
    (
        "untdid_2475",
        "Events that make VAT due, UNTDID 2475 (BT-8).",
        None,
    ),
    (
        "untdid_4451",
        "Subjects of notes, UNTDID 4451 (BT-21).",
        None,
    ),
    ("untdid_4461", "Payment means, UNTDID 4461 (BT-81).", None),
    (
        "untdid_5189",
        "Reasons of allowances, UNTDID 5189 (BT-98, BT-140).",
        None,
    ),
    (
        "untdid_7143",
        "Schemes of item classifications, UNTDID 7143 (BT-158-1).",
        None,
    ),
    (
        "untdid_7161",
        "Reasons of charges, UNTDID 7161 (BT-105, BT-145).",
        None,
    ),
    (
        "vat_categories",
        "VAT categories of UNTDID 5305 that EN 16931 knows (BT-95, BT-102, BT-118, BT-151).",
        None,
    ),
    (
        "vatex",
        "Reasons of VAT exemption, CEF VATEX (BT-121).",
        None,
    ),
];

/// The tables of all lists, as Rust.
pub fn tables() -> Result<String> {
    println!("cargo::rerun-if-changed=codes");
    let mut out = String::new();
    for (name, doc, values) in &LISTS {
        let entries =
            entries(name, values.as_ref()).map_err(|error| format!("codes/{name}.csv: {error}"))?;
        table(&mut out, name, doc, values.as_ref(), &entries)?;
    }
    Ok(out)
}

/// Codes and values of a list, in the order of the codes.
fn entries(name: &str, values: Option<&Values>) -> Result<Vec<(String, String)>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(format!("codes/{name}.csv"))?;
    let columns = reader.headers()?.clone();
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record?;
        let code = record.get(0).filter(|code| !code.is_empty());
        let value = match values {
            None => "()".to_owned(),
            Some(values) => {
                let at = columns.iter().position(|column| column == values.column);
                let cell = at.and_then(|at| record.get(at)).ok_or("no such column")?;
                (values.value)(cell)?
            }
        };
        entries.push((code.ok_or("a row without code")?.to_owned(), value));
    }
    entries.sort();
    match entries
        .iter()
        .zip(entries.iter().skip(1))
        .find(|(a, b)| a.0 == b.0)
    {
        Some((twice, _)) => Err(format!("{} stands twice", twice.0).into()),
        None => Ok(entries),
    }
}

/// A table with at least half of its places free, each code at the first free one from its own on.
fn table(
    out: &mut String,
    name: &str,
    doc: &str,
    values: Option<&Values>,
    entries: &[(String, String)],
) -> Result<()> {
    let size = (entries.len() * 2).next_power_of_two().max(2);
    let mut places = vec![(0_u64, 0_u16); size];
    for (entry, (code, _)) in entries.iter().enumerate() {
        let key = key::key(code);
        let from = key::place(key, size);
        let (before, after) = places.split_at_mut(from);
        let free = after
            .iter_mut()
            .chain(before)
            .find(|(taken, _)| *taken == 0);
        *free.ok_or("no place is free")? = (key, u16::try_from(entry)?);
    }
    let (keys, entries_of): (Vec<u64>, Vec<u16>) = places.into_iter().unzip();
    let constant = name.to_uppercase();
    let (of, open, close) = match values {
        None => ("Set".to_owned(), "Set(Map", ")"),
        Some(values) => (format!("Map<{}>", values.of), "Map", ""),
    };
    writeln!(out, "#[doc = {doc:?}]")?;
    writeln!(out, "pub static {constant}: {of} = {open} {{")?;
    writeln!(out, "    keys: &{keys:?},")?;
    writeln!(out, "    entries_of: &{entries_of:?},")?;
    writeln!(out, "    entries: &[")?;
    for (code, value) in entries {
        writeln!(out, "        ({code:?}, {value}),")?;
    }
    writeln!(out, "    ],\n}}{close};")?;
    Ok(())
}
