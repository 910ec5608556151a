//! The automaton: from the state of an element and the name of a child to the state of the child.
//!
//! A state says which paths may still become complete below an element, and what its rules are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::paths::{Pattern, Step};
use super::plan::{Plan, Slots, plan};
use super::{Context, Result, Rule, Vocabulary, cells};

/// A path of which so many steps are walked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// To a context.
    Context {
        context: usize,
        pattern: usize,
        walked: usize,
    },
    /// To what a rule looks for, below its context.
    Target {
        rule: usize,
        path: usize,
        walked: usize,
    },
}

/// What to do at an element.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work {
    pub actions: Vec<String>,
    pub attributes: Vec<String>,
}

#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    items: BTreeSet<Item>,
    pub work: Work,
}

struct Builder<'b> {
    contexts: &'b [Context],
    rules: &'b [Rule],
    plans: Vec<Plan>,
    vocabulary: &'b Vocabulary,
}

/// A number that stands for the document, however far up it is.
const DOCUMENT: &str = "u8::MAX";

/// Writes the tables.
pub fn write(
    out: &mut String,
    rules: &[Rule],
    contexts: &[Context],
    vocabulary: &Vocabulary,
) -> Result<()> {
    let mut slots = Slots::default();
    let plans = rules.iter().enumerate();
    let plans = plans.map(|(at, rule)| plan(at, rule, vocabulary, &mut slots));
    let builder = Builder {
        contexts,
        rules,
        plans: plans.collect::<Result<_>>()?,
        vocabulary,
    };
    let start = State {
        items: builder.at_document(),
        work: Work::default(),
    };
    // State 0 is that of an element no rule is about, state 1 that of the document.
    let mut states = vec![State::default(), start];
    let mut known: BTreeMap<State, usize> = BTreeMap::new();
    known.insert(State::default(), 0);
    let mut number = |state: State, states: &mut Vec<State>| {
        *known.entry(state).or_insert_with_key(|state| {
            states.push(state.clone());
            states.len() - 1
        })
    };
    let mut by_name = vec![0];
    for name in 1..=vocabulary.names.len() {
        by_name.push(number(builder.step(&State::default(), name), &mut states));
    }
    let mut moves: Vec<BTreeMap<usize, usize>> = Vec::new();
    while let Some(state) = states.get(moves.len()).cloned() {
        let mut to = BTreeMap::new();
        for name in builder.names_of(&state) {
            let next = number(builder.step(&state, name), &mut states);
            if by_name.get(name) != Some(&next) {
                to.insert(name, next);
            }
        }
        moves.push(to);
    }
    cells::write(out, &states, &moves, &by_name)?;
    writeln!(
        out,
        "pub(super) const ONCE: usize = {};\npub(super) const SAME: usize = {};",
        slots.once, slots.same
    )?;
    Ok(())
}

impl Builder<'_> {
    fn at_document(&self) -> BTreeSet<Item> {
        let absolute = |pattern: &Pattern| pattern.absolute;
        self.starts(absolute).collect()
    }

    fn starts(&self, wanted: fn(&Pattern) -> bool) -> impl Iterator<Item = Item> {
        let contexts = self.contexts.iter().enumerate();
        contexts.flat_map(move |(context, of)| {
            let patterns = of.patterns.iter().enumerate();
            patterns
                .filter(move |(_, pattern)| wanted(pattern))
                .map(move |(pattern, _)| Item::Context {
                    context,
                    pattern,
                    walked: 0,
                })
        })
    }

    /// Paths that begin anywhere.
    fn floating(&self) -> impl Iterator<Item = Item> {
        let plans = self.plans.iter().enumerate();
        let targets = plans.filter(|(_, plan)| plan.targets.iter().any(|target| target.anywhere));
        let targets = targets.map(|(rule, _)| Item::Target {
            rule,
            path: 0,
            walked: 0,
        });
        self.starts(|pattern| !pattern.absolute).chain(targets)
    }

    fn next_step(&self, item: Item) -> Option<Step> {
        match item {
            Item::Context {
                context,
                pattern,
                walked,
            } => {
                let pattern = self.contexts.get(context)?.patterns.get(pattern)?;
                Some(match pattern.steps.get(walked)? {
                    Step::Name(name) => Step::Name(*name),
                    Step::Ending { end, except } => Step::Ending {
                        end: end.clone(),
                        except: *except,
                    },
                })
            }
            Item::Target { rule, path, walked } => {
                let target = self.plans.get(rule)?.targets.get(path)?;
                target.steps.get(walked).copied().map(Step::Name)
            }
        }
    }

    /// The names that lead elsewhere than they do from anywhere.
    fn names_of(&self, state: &State) -> BTreeSet<usize> {
        let all = 1..=self.vocabulary.names.len();
        let steps: Vec<Step> = state
            .items
            .iter()
            .filter_map(|item| self.next_step(*item))
            .collect();
        all.filter(|name| steps.iter().any(|step| step.fits(*name, self.vocabulary)))
            .collect()
    }

    /// The state of a child.
    fn step(&self, from: &State, name: usize) -> State {
        let mut state = State::default();
        let mut context: Option<usize> = None;
        for item in from.items.iter().copied().chain(self.floating()) {
            let fits = |step: Step| step.fits(name, self.vocabulary);
            if !self.next_step(item).is_some_and(fits) {
                continue;
            }
            let item = match item {
                Item::Context {
                    context,
                    pattern,
                    walked,
                } => Item::Context {
                    context,
                    pattern,
                    walked: walked + 1,
                },
                Item::Target { rule, path, walked } => Item::Target {
                    rule,
                    path,
                    walked: walked + 1,
                },
            };
            match item {
                _ if self.next_step(item).is_some() => {
                    state.items.insert(item);
                }
                // An element has the rules of the first context that fits, of no other.
                Item::Context { context: of, .. } => {
                    context = Some(context.map_or(of, |first| first.min(of)));
                }
                Item::Target { rule, path, walked } => {
                    self.found(&mut state.work, rule, path, walked)
                }
            }
        }
        let rules = self.rules.iter().zip(&self.plans).enumerate();
        for (at, (_, plan)) in rules.filter(|(_, (rule, _))| Some(rule.context) == context) {
            state.work.actions.extend(plan.at_context.clone());
            for (path, target) in plan.targets.iter().enumerate() {
                if target.steps.is_empty() {
                    self.found(&mut state.work, at, path, 0);
                } else if !target.anywhere {
                    state.items.insert(Item::Target {
                        rule: at,
                        path,
                        walked: 0,
                    });
                }
            }
        }
        state.work.actions.sort();
        state.work.attributes.sort();
        state
    }

    /// Notes what a rule does where it finds what it looks for.
    fn found(&self, work: &mut Work, rule: usize, path: usize, up: usize) {
        let Some(plan) = self.plans.get(rule) else {
            return;
        };
        let Some(target) = plan.targets.get(path) else {
            return;
        };
        let up = if target.anywhere {
            DOCUMENT.to_owned()
        } else {
            up.to_string()
        };
        if let Some(attribute) = &target.attribute {
            work.attributes.push(format!(
                "Attribute {{ rule: {rule}, up: {up}, name: {attribute:?} }}"
            ));
        } else if let Some(action) = &plan.at_target {
            work.actions.push(action.replace("UP", &up));
        }
    }
}
