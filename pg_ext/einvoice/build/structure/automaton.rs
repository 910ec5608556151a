//! The automaton: from the state of an element and the name of a child to the state of the child.
//!
//! A state says which paths may still become complete below an element, and what its rules are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::paths::Step;
use super::{Context, Pattern, Result, Rule, Target, Vocabulary};

/// A path of which so many steps are walked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
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
struct Work {
    actions: Vec<String>,
    attributes: Vec<String>,
}

#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    items: BTreeSet<Item>,
    work: Work,
}

/// What a rule looks for, and what it does at its context and where it finds it.
struct Plan {
    targets: Vec<Target>,
    at_context: Option<String>,
    at_target: Option<String>,
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
    write_states(out, &states, &moves, &by_name)?;
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

/// Memory that rules need while a file is walked.
#[derive(Default)]
struct Slots {
    once: usize,
    same: usize,
    /// Conditions on the type of a document, each once.
    conditions: Vec<String>,
}

impl Slots {
    fn memo(&mut self, condition: &str) -> usize {
        let known = self.conditions.iter().position(|known| known == condition);
        known.unwrap_or_else(|| {
            self.conditions.push(condition.to_owned());
            self.conditions.len() - 1
        })
    }
}

fn plan(at: usize, rule: &Rule, names: &Vocabulary, slots: &mut Slots) -> Result<Plan> {
    let target = || Target::parse(&rule.target, names);
    let condition = |slots: &mut Slots| condition(&rule.condition, names, slots);
    let once = |slots: &mut Slots| -> Result<String> {
        let of = condition(slots)?;
        slots.once += 1;
        Ok(format!(
            "Action::Once {{ rule: {at}, up: UP, slot: {}, of: {} }}",
            slots.once - 1,
            of
        ))
    };
    let (targets, at_context, at_target) = match rule.kind.as_str() {
        "foreign" => (vec![], None, None),
        "unused" | "unused-unless" => (
            vec![target()?],
            None,
            Some(format!(
                "Action::Unused {{ rule: {at}, up: UP, unless: {} }}",
                condition(slots)?
            )),
        ),
        "at-most-one" => (vec![target()?], None, Some(once(slots)?)),
        "exactly-one" | "one-if-given" => {
            let target = target()?;
            let missing = format!(
                "Action::Required {{ rule: {at}, path: &{}, if_given: {} }}",
                path(&target),
                rule.kind == "one-if-given"
            );
            (vec![target], Some(missing), Some(once(slots)?))
        }
        "required" => {
            let path = path(&target()?);
            let missing =
                format!("Action::Required {{ rule: {at}, path: &{path}, if_given: false }}");
            (vec![], Some(missing), None)
        }
        "not-both" => {
            let (first, second) = rule
                .target
                .split_once(' ')
                .ok_or("not-both wants two paths")?;
            let first = path(&Target::parse(first, names)?);
            let second = path(&Target::parse(second, names)?);
            let both =
                format!("Action::NotBoth {{ rule: {at}, first: &{first}, second: &{second} }}");
            (vec![], Some(both), None)
        }
        "same" => {
            slots.same += 1;
            let same = format!(
                "Action::Same {{ rule: {at}, slot: {}, trimmed: {} }}",
                slots.same - 1,
                rule.condition == "trimmed"
            );
            (vec![target()?], None, Some(same))
        }
        "check" => {
            let check = format!(
                "Action::Check {{ rule: {at}, check: checks::{} }}",
                rule.target
            );
            (vec![], Some(check), None)
        }
        other => return Err(format!("{}: no kind {other}", rule.id).into()),
    };
    Ok(Plan {
        targets,
        at_context,
        at_target,
    })
}

fn path(target: &Target) -> String {
    let names: Vec<String> = target
        .steps
        .iter()
        .map(|name| format!("Name::at({name})"))
        .collect();
    format!("[{}]", names.join(", "))
}

/// `document AdditionalReferencedDocument 50 130`, `within ApplicableHeaderTradeSettlement`, or nothing.
fn condition(text: &str, names: &Vocabulary, slots: &mut Slots) -> Result<String> {
    let mut words = text.split(' ');
    let kind = words.next().unwrap_or_default();
    if kind.is_empty() {
        return Ok("None".to_owned());
    }
    let name = names.number(words.next().ok_or("a condition without a name")?)?;
    let words: Vec<&str> = words.collect();
    let (trimmed, codes) = match words.split_first() {
        Some((&"trimmed", codes)) => (true, codes),
        _ => (false, words.as_slice()),
    };
    Ok(match kind {
        "within" => format!("Some(&Condition::Within(Name::at({name})))"),
        "document" if codes.is_empty() => {
            format!("Some(&Condition::Document(Name::at({name})))")
        }
        "document" => {
            let memo = slots.memo(text);
            format!(
                "Some(&Condition::DocumentOfType {{ name: Name::at({name}), codes: &{codes:?}, \
                 trimmed: {trimmed}, memo: {memo} }})"
            )
        }
        _ => return Err(format!("no condition {text}").into()),
    })
}

/// Moves lie in one row of cells, each state's shifted so far that no two of them meet.
fn write_states(
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
