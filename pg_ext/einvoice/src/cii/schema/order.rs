//! Why the elements within another are not as D16B has them: one finding for each element that is too many, unknown or
//! out of place, and for each that is missing.

use std::collections::{BTreeSet, HashMap};

use super::types::Particle;
use super::{Checker, rules};
use crate::cii::tree::Element;

/// Names listed in a finding.
const LISTED: usize = 6;

/// An element and its place in the order of its type.
#[derive(Clone, Copy)]
struct Placed<'t, 'x> {
    element: Element<'t, 'x>,
    rank: usize,
}

impl Checker<'_> {
    /// Reports what is wrong with the elements within an element, of which something is.
    pub(super) fn explain(
        &mut self,
        parent: Element<'_, '_>,
        choice: bool,
        particles: &'static [Particle],
    ) {
        let ranks: HashMap<&str, Vec<usize>> = by_local_name(particles);
        let mut placed: Vec<Placed<'_, '_>> = Vec::new();
        let mut seen = vec![false; particles.len()];
        for element in parent.children() {
            let namesakes = ranks
                .get(element.local_name())
                .map(Vec::as_slice)
                .unwrap_or_default();
            let found = namesakes.iter().find_map(|rank| {
                let particle = particles
                    .get(*rank)
                    .filter(|particle| particle.is(element))?;
                Some((*rank, particle))
            });
            let Some((rank, particle)) = found else {
                self.unknown(
                    element,
                    placed.last().map_or(0, |last| last.rank),
                    namesakes,
                    particles,
                );
                continue;
            };
            let again = if choice {
                seen.contains(&true)
            } else {
                seen.get(rank) == Some(&true) && !particle.repeats
            };
            if let Some(seen) = seen.get_mut(rank) {
                *seen = true;
            }
            if again {
                self.report(&rules::REPEATED, element, |finding| {
                    finding.value(element.shown_name())
                });
            } else {
                placed.push(Placed { element, rank });
            }
        }
        if choice {
            if !seen.contains(&true) {
                self.report(&rules::MISSING, parent, |finding| {
                    finding.wanted(list(particles.iter(), " | "))
                });
            }
            return;
        }
        self.misplaced(&placed, particles);
        for (particle, seen) in particles.iter().zip(seen) {
            if particle.required && !seen {
                self.report(&rules::MISSING, parent, |finding| {
                    finding.wanted(particle.shown_name())
                });
            }
        }
    }

    /// An element that does not belong here; `after` is the rank of the one before it.
    fn unknown(
        &mut self,
        element: Element<'_, '_>,
        after: usize,
        namesakes: &[usize],
        particles: &'static [Particle],
    ) {
        let wanted = match namesakes.first().and_then(|rank| particles.get(*rank)) {
            Some(namesake) => namesake.shown_name(),
            None => list(particles.iter().skip(after), ", "),
        };
        self.report(&rules::UNKNOWN_ELEMENT, element, |finding| {
            finding.value(element.shown_name()).wanted(wanted)
        });
    }

    /// Reports the fewest elements without which the others are in order.
    fn misplaced(&mut self, placed: &[Placed<'_, '_>], particles: &'static [Particle]) {
        let kept = longest_in_order(placed);
        let stays = |at: usize| kept.get(at) == Some(&true);
        let in_order = placed.iter().enumerate().filter(|(at, _)| stays(*at));
        let ranks: BTreeSet<usize> = in_order.map(|(_, placed)| placed.rank).collect();
        for (_, wrong) in placed.iter().enumerate().filter(|(at, _)| !stays(*at)) {
            self.report(&rules::ORDER, wrong.element, |finding| {
                let before = ranks.range(..wrong.rank).next_back().copied();
                let after = ranks.range(wrong.rank + 1..).next().copied();
                let around = [before, Some(wrong.rank), after].into_iter().flatten();
                let around = around.filter_map(|rank| particles.get(rank));
                let value = wrong.element.shown_name();
                finding.value(value).wanted(list(around, ", "))
            });
        }
    }
}

fn by_local_name(particles: &'static [Particle]) -> HashMap<&'static str, Vec<usize>> {
    let mut ranks: HashMap<&str, Vec<usize>> = HashMap::with_capacity(particles.len());
    for (rank, particle) in particles.iter().enumerate() {
        ranks.entry(particle.local_name()).or_default().push(rank);
    }
    ranks
}

/// Which of the elements make the longest run whose ranks never fall.
fn longest_in_order(placed: &[Placed<'_, '_>]) -> Vec<bool> {
    // For each length, the run of that length that ends lowest, by the element that ends it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(placed.len());
    let rank = |at: usize| placed.get(at).map_or(0, |placed| placed.rank);
    for (at, element) in placed.iter().enumerate() {
        let length = ends.partition_point(|end| rank(*end) <= element.rank);
        before.push(
            length
                .checked_sub(1)
                .and_then(|shorter| ends.get(shorter))
                .copied(),
        );
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut kept = vec![false; placed.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        if let Some(kept) = kept.get_mut(at) {
            *kept = true;
        }
        next = before.get(at).copied().flatten();
    }
    kept
}

/// Names, up to a few.
fn list<'p>(particles: impl Iterator<Item = &'p Particle>, between: &str) -> String {
    let mut names: Vec<String> = particles
        .take(LISTED + 1)
        .map(Particle::shown_name)
        .collect();
    if names.len() > LISTED {
        names.truncate(LISTED);
        names.push("…".to_owned());
    }
    names.join(between)
}
