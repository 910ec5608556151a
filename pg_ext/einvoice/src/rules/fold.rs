//! One problem, one finding.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::finding::Finding;
use crate::{Cancelled, Poll};

/// Findings between two interrupt checks.
const FINDINGS_AT_ONCE: usize = 1024;

/// Folds findings of the same problem into one and orders them: those of a file as it has their elements, others by path.
///
/// A finding takes in those whose rules its own rule names in `same_as`: rules of EN 16931 and Chorus Pro at the same path,
/// GOBL's at the same object or at the document, since GOBL often points at these where the others name the field. What takes in a GOBL
/// code gets GOBL's path, which clients of GOBL know.
///
/// # Errors
/// The interrupt check said stop.
pub fn fold(mut findings: Vec<Finding>, poll: Poll<'_>) -> Result<Vec<Finding>, Cancelled> {
    // The first of these is primary: CEN, Chorus Pro, GOBL; within each by id.
    findings.sort_by(|a, b| rank(a.rule.id).cmp(&rank(b.rule.id)));
    let mut places: HashMap<(&'static str, String), Vec<usize>> = HashMap::new();
    if findings.iter().any(|f| !f.rule.same_as.is_empty()) {
        for (at, finding) in findings.iter().enumerate() {
            let id = finding.rule.id;
            places
                .entry((id, place(id, &finding.path).to_owned()))
                .or_default()
                .push(at);
        }
    }
    let mut rest: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    let mut folded = Vec::with_capacity(rest.len());
    for at in 0..rest.len() {
        if at % FINDINGS_AT_ONCE == 0 {
            poll()?;
        }
        let Some(mut primary) = rest.get_mut(at).and_then(Option::take) else {
            continue;
        };
        let own_path = primary.path.clone();
        for id in primary.rule.same_as {
            let at = |place: &str| places.get(&(*id, place.to_owned()));
            let of_document = || is_gobl(id).then(|| at(document(&own_path)))?;
            let Some(others) = at(place(id, &own_path)).or_else(of_document) else {
                continue;
            };
            for other in others
                .iter()
                .filter_map(|other| rest.get_mut(*other).and_then(Option::take))
            {
                primary.severity = primary.severity.min(other.severity);
                if is_gobl(id) {
                    primary.path = other.path;
                }
                if !primary.same_as.contains(id) {
                    primary.same_as.push(id);
                }
                primary.same_as.extend(other.same_as);
            }
        }
        primary.same_as.sort_by(|a, b| rank(a).cmp(&rank(b)));
        primary.same_as.dedup();
        folded.push(primary);
    }
    folded.sort_by(|a, b| {
        (a.position.cmp(&b.position))
            .then_with(|| natural(&a.path, &b.path))
            .then(a.severity.cmp(&b.severity))
            .then(a.rule.id.cmp(b.rule.id))
    });
    Ok(folded)
}

fn is_gobl(id: &str) -> bool {
    id.starts_with("GOBL-")
}

fn rank(id: &str) -> (u8, &str) {
    match id {
        id if is_gobl(id) => (2, id),
        id if id.starts_with("PGC-") => (1, id),
        id => (0, id),
    }
}

/// Where findings of a rule meet those of another.
fn place<'p>(id: &str, path: &'p str) -> &'p str {
    if is_gobl(id) { object(path) } else { path }
}

/// The document that a path leads into.
fn document(path: &str) -> &str {
    if path.starts_with("$.doc.") {
        "$.doc"
    } else {
        "$"
    }
}

/// The object that a path is about: up to its last index, or the member of the document where it has none.
fn object(path: &str) -> &str {
    if let Some(end) = path.rfind(']') {
        return path.get(..=end).unwrap_or(path);
    }
    let members = if path.starts_with("$.doc.") { 3 } else { 2 };
    path.match_indices('.')
        .nth(members - 1)
        .and_then(|(end, _)| path.get(..end))
        .unwrap_or(path)
}

/// Text order, but with numbers by their size: `lines[2]` before `lines[10]`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (digits_a, digits_b) = (digits(a), digits(b));
        if digits_a > 0 && digits_b > 0 {
            let (number_a, rest_a) = a.split_at(digits_a);
            let (number_b, rest_b) = b.split_at(digits_b);
            let by_size = digits_a.cmp(&digits_b).then(number_a.cmp(number_b));
            if by_size.is_ne() {
                return by_size;
            }
            (a, b) = (rest_a, rest_b);
            continue;
        }
        match (a.split_first(), b.split_first()) {
            (Some((x, rest_a)), Some((y, rest_b))) if x == y => (a, b) = (rest_a, rest_b),
            (x, y) => return x.map(|(x, _)| x).cmp(&y.map(|(y, _)| y)),
        }
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}
