//! The automaton as Rust: moves in one row of cells, work once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Result;
use super::automaton::{State, Work};

/// Moves lie in one row of cells, each state's shifted so far that no two of them meet.
pub fn write(
    out: &mut String,
    states: &[State],
    moves: &[BTreeMap<usize, usize>],
    by_name: &[usize],
) -> Result<()> {
    let mut cells: Vec<Option<(usize, usize)>> = Vec::new();
    let mut work: Vec<&Work> = vec![];
    let none = Work::default();
    work.push(&none);
    let mut rows = Vec::new();
    for (owner, (state, to)) in states.iter().zip(moves).enumerate() {
        let free = |base: usize, cells: &[Option<(usize, usize)>]| {
            let taken = |name: &usize| cells.get(base + name).is_some_and(Option::is_some);
            !to.keys().any(taken)
        };
        let base = (0..).find(|base| free(*base, &cells)).unwrap_or_default();
        for (name, next) in to {
            if cells.len() <= base + name {
                cells.resize(base + name + 1, None);
            }
            if let Some(cell) = cells.get_mut(base + name) {
                *cell = Some((owner, *next));
            }
        }
        let at = work
            .iter()
            .position(|known| **known == state.work)
            .unwrap_or_else(|| {
                work.push(&state.work);
                work.len() - 1
            });
        rows.push(format!("State {{ base: {base}, work: {at} }}"));
    }
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| match cell {
            Some((owner, next)) => format!("Move {{ owner: {owner}, next: {next} }}"),
            None => "Move { owner: u16::MAX, next: 0 }".to_owned(),
        })
        .collect();
    let work: Vec<String> = work
        .iter()
        .map(
            |Work {
                 actions,
                 attributes,
             }| {
                let (actions, attributes) = (actions.join(", "), attributes.join(", "));
                format!("Work {{ actions: &[{actions}], attributes: &[{attributes}] }}")
            },
        )
        .collect();
    let by_name: Vec<String> = by_name.iter().map(usize::to_string).collect();
    for (name, of, values) in [
        ("STATES", "State", rows),
        ("MOVES", "Move", cells),
        ("WORK", "Work", work),
        ("BY_NAME", "u16", by_name),
    ] {
        writeln!(
            out,
            "pub(super) static {name}: [{of}; {}] = [\n{}\n];",
            values.len(),
            values.join(",\n")
        )?;
    }
    Ok(())
}
