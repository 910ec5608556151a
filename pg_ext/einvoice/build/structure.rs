//! Turns `d16b/structure*.csv` into the rules on structure and the automaton that finds what they are about.

#[path = "structure/automaton.rs"]
mod automaton;
#[path = "structure/cells.rs"]
mod cells;
#[path = "structure/paths.rs"]
mod paths;
#[path = "structure/plan.rs"]
mod plan;
#[path = "structure/sentences.rs"]
mod sentences;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;

use paths::{Pattern, Target};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The elements of D16B, numbered as in `d16b_names.rs`: in the order of their names, from 1.
pub struct Vocabulary {
    names: Vec<String>,
    /// Elements that hold other aggregates, not a value.
    groups: BTreeSet<usize>,
}

impl Vocabulary {
    fn read() -> Result<Self> {
        let rows = rows("elements")?;
        let names: BTreeSet<&String> = rows.iter().filter_map(|row| row.get("element")).collect();
        let mut vocabulary = Self {
            names: names.into_iter().cloned().collect(),
            groups: BTreeSet::new(),
        };
        for row in &rows {
            if cell(row, "content_type").starts_with("ram:") {
                let group = vocabulary.number(cell(row, "element"))?;
                vocabulary.groups.insert(group);
            }
        }
        Ok(vocabulary)
    }

    fn number(&self, name: &str) -> Result<usize> {
        let at = self
            .names
            .binary_search_by(|known| known.as_str().cmp(name));
        Ok(at.map_err(|_| format!("D16B has no element {name}"))? + 1)
    }

    fn name(&self, number: usize) -> &str {
        let name = number.checked_sub(1).and_then(|at| self.names.get(at));
        name.map_or("", String::as_str)
    }
}

/// An element that rules are about; an element belongs to the first whose path fits.
pub struct Context {
    key: String,
    patterns: Vec<Pattern>,
    en: String,
    fr: String,
}

/// A rule as its row says it.
pub struct Rule {
    id: String,
    severity: String,
    context: usize,
    kind: String,
    target: String,
    condition: String,
    terms: String,
    /// English, French, and the hints; empty where they are made from the names.
    texts: [String; 4],
}

/// The Rust source of the tables.
pub fn tables() -> Result<String> {
    let vocabulary = Vocabulary::read()?;
    let contexts = contexts(&vocabulary)?;
    let rules = rules(&contexts)?;
    let mut out = String::new();
    writeln!(
        out,
        "/// The rules, ordered by id.\npub(super) static RULES: [Rule; {}] = [",
        rules.len()
    )?;
    for rule in &rules {
        let context = contexts.get(rule.context).ok_or("no context")?;
        sentences::write(&mut out, rule, context, &vocabulary)?;
    }
    writeln!(out, "];")?;
    automaton::write(&mut out, &rules, &contexts, &vocabulary)?;
    Ok(out)
}

type Row = BTreeMap<String, String>;

fn rows(name: &str) -> Result<Vec<Row>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(format!("d16b/{name}.csv"))?;
    let columns = reader.headers()?.clone();
    let named = |record: csv::StringRecord| {
        let cells = columns.iter().zip(record.iter());
        cells
            .map(|(column, cell)| (column.to_owned(), cell.to_owned()))
            .collect()
    };
    Ok(reader
        .records()
        .map(|record| record.map(named))
        .collect::<std::result::Result<_, _>>()?)
}

fn cell<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).map_or("", String::as_str)
}

fn contexts(vocabulary: &Vocabulary) -> Result<Vec<Context>> {
    let mut contexts = Vec::new();
    for row in rows("structure_contexts")? {
        let patterns = cell(&row, "path").split(" | ");
        contexts.push(Context {
            key: cell(&row, "context").to_owned(),
            patterns: patterns
                .map(|path| Pattern::parse(path, vocabulary))
                .collect::<Result<_>>()?,
            en: cell(&row, "en").to_owned(),
            fr: cell(&row, "fr").to_owned(),
        });
    }
    Ok(contexts)
}

fn rules(contexts: &[Context]) -> Result<Vec<Rule>> {
    let mut rules: Vec<Rule> = Vec::new();
    for row in rows("structure")? {
        let text = |column: &str| cell(&row, column).to_owned();
        let key = text("context");
        rules.push(Rule {
            id: text("id"),
            severity: text("severity"),
            context: contexts
                .iter()
                .position(|context| context.key == key)
                .ok_or_else(|| format!("no context {key}"))?,
            kind: text("kind"),
            target: text("target"),
            condition: text("condition"),
            terms: text("terms"),
            texts: ["en", "fr", "hint_en", "hint_fr"].map(text),
        });
    }
    if !rules.is_sorted_by(|a, b| a.id < b.id) {
        return Err("the rules on structure are not ordered by id".into());
    }
    Ok(rules)
}
