//! One walk over a file: what each rule remembers, and what it says.

use std::collections::{BTreeMap, BTreeSet};

use super::MAX_FINDINGS_OF_A_RULE;
use super::table::{self, Action, Condition, ONCE, SAME};
use crate::cii::tree::{Element, Name, Namespace, name, trim};
use crate::finding::Finding;

/// A check of an element: the element that is wrong, if there is one.
pub(super) type Check =
    for<'t, 'x> fn(Element<'t, 'x>, &mut Walk<'t, 'x, '_>) -> Option<Element<'t, 'x>>;

/// Longest value shown, in characters.
const SHOWN: usize = 80;

/// What rules remember while a file is walked.
pub(super) struct Walk<'t, 'x, 'f> {
    /// For each rule that wants an element once, the context in which it was seen last.
    once: [usize; ONCE],
    /// For each rule that wants the same text everywhere, the element that has it first.
    same: [Option<Element<'t, 'x>>; SAME],
    /// Whether some line gives the unit of its quantity; none where nobody has asked.
    pub(super) unit_is_known: Option<bool>,
    /// For each element, two bits a condition on its type: whether it has been looked at, and whether it holds. Empty until
    /// the first is asked for. Without it a document of many parts would be searched for its type for each of them.
    types: Vec<u16>,
    /// How many elements there are.
    elements: usize,
    /// Rules that have failed, each with the context: one fails once in a context.
    failed: BTreeSet<(u16, usize)>,
    /// How often each has failed.
    found: BTreeMap<u16, usize>,
    findings: &'f mut Vec<Finding>,
}

impl<'t, 'x, 'f> Walk<'t, 'x, 'f> {
    pub(super) fn new(elements: usize, findings: &'f mut Vec<Finding>) -> Self {
        Self {
            once: [usize::MAX; ONCE],
            same: [None; SAME],
            unit_is_known: None,
            types: Vec::new(),
            elements,
            failed: BTreeSet::new(),
            found: BTreeMap::new(),
            findings,
        }
    }

    /// Does what the state of an element asks for.
    pub(super) fn visit(&mut self, element: Element<'t, 'x>, work: &'static table::Work) {
        for action in work.actions {
            self.act(element, action);
        }
        if work.attributes.is_empty() {
            return;
        }
        for (name, value) in element.attributes() {
            for unused in work.attributes.iter().filter(|unused| unused.name == name) {
                if self.is_new(unused.rule, context(element, unused.up)) {
                    let path = format!("{}/@{name}", element.path());
                    self.say(unused.rule, element, |finding| {
                        Finding { path, ..finding }.value(shown(value))
                    });
                }
            }
        }
    }

    fn act(&mut self, element: Element<'t, 'x>, action: &'static Action) {
        match *action {
            Action::Unused { rule, up, unless } => {
                if !unless.is_some_and(|unless| self.holds(unless, element)) {
                    self.fail(rule, context(element, up), element);
                }
            }
            Action::Once { rule, up, slot, of } => {
                if of.is_some_and(|of| !self.holds(of, element)) {
                    return;
                }
                let context = context(element, up);
                let Some(last) = self.once.get_mut(slot) else {
                    return;
                };
                if std::mem::replace(last, context) == context {
                    self.fail(rule, context, element);
                }
            }
            Action::Same {
                rule,
                slot,
                trimmed,
            } => self.same(rule, slot, trimmed, element),
            Action::Required {
                rule,
                path,
                if_given,
            } => {
                let wanted = !if_given
                    || path
                        .first()
                        .is_some_and(|first| element.child(*first).is_some());
                if wanted && find(element, path).is_none() && self.is_new(rule, element.index()) {
                    self.say(rule, element, |finding| finding);
                }
            }
            Action::NotBoth {
                rule,
                first,
                second,
            } => {
                if let Some(second) = find(element, second)
                    && find(element, first).is_some()
                {
                    self.fail(rule, element.index(), second);
                }
            }
            Action::Check { rule, check } => {
                if let Some(wrong) = check(element, self) {
                    self.fail(rule, element.index(), wrong);
                }
            }
        }
    }

    fn same(&mut self, rule: u16, slot: usize, trimmed: bool, element: Element<'t, 'x>) {
        let Some(first) = self.same.get_mut(slot) else {
            return;
        };
        let first = *first.get_or_insert(element);
        let equal = if trimmed {
            words(first.text()).eq(words(element.text()))
        } else {
            first.text() == element.text()
        };
        if !equal && self.is_new(rule, 0) {
            self.say(rule, element, |finding| {
                finding.value(value(element)).wanted(value(first))
            });
        }
    }

    fn holds(&mut self, condition: &Condition, element: Element<'t, 'x>) -> bool {
        let document = |name| around(element).take(2).find(|around| around.name() == name);
        match *condition {
            Condition::Within(name) => around(element).any(|around| around.name() == name),
            Condition::Document(name) => document(name).is_some(),
            Condition::DocumentOfType {
                name,
                codes,
                trimmed,
                memo,
            } => document(name).is_some_and(|document| {
                let (known, held) = (1_u16 << (2 * memo), 2_u16 << (2 * memo));
                if self.types.is_empty() {
                    self.types.resize(self.elements, 0);
                }
                let Some(types) = self.types.get_mut(document.index()) else {
                    return false;
                };
                if *types & known == 0 {
                    *types |= known;
                    if has_type(document, codes, trimmed) {
                        *types |= held;
                    }
                }
                *types & held != 0
            }),
        }
    }

    fn fail(&mut self, rule: u16, context: usize, element: Element<'t, 'x>) {
        if self.is_new(rule, context) {
            self.say(rule, element, |finding| finding.value(value(element)));
        }
    }

    fn is_new(&mut self, rule: u16, context: usize) -> bool {
        let found = self.found.entry(rule).or_default();
        let is_new = *found < MAX_FINDINGS_OF_A_RULE && self.failed.insert((rule, context));
        *found += usize::from(is_new);
        is_new
    }

    fn say(&mut self, rule: u16, element: Element<'t, 'x>, with: impl FnOnce(Finding) -> Finding) {
        if let Some(rule) = table::RULES.get(usize::from(rule)) {
            let finding = Finding::new(rule, element.path()).at(element.index());
            self.findings.push(with(finding));
        }
    }
}

/// An element and those around it, from within.
fn around<'t, 'x>(element: Element<'t, 'x>) -> impl Iterator<Item = Element<'t, 'x>> {
    std::iter::successors(Some(element), |element| element.parent())
}

fn has_type(document: Element<'_, '_>, codes: &[&str], trimmed: bool) -> bool {
    document.all(name::TYPE_CODE).any(|code| {
        let code = if trimmed {
            trim(code.text())
        } else {
            code.text()
        };
        codes.contains(&code)
    })
}

/// The position of the context: so many steps up, or the document's element.
fn context(element: Element<'_, '_>, up: u8) -> usize {
    let mut context = element;
    for _ in 0..up {
        match context.parent() {
            Some(parent) => context = parent,
            None => break,
        }
    }
    context.index()
}

/// The first element at the end of a path.
pub(super) fn find<'t, 'x>(from: Element<'t, 'x>, path: &[Name]) -> Option<Element<'t, 'x>> {
    match path {
        [] => Some(from),
        [first, rest @ ..] => from.all(*first).find_map(|child| find(child, rest)),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', '\r'])
        .filter(|word| !word.is_empty())
}

/// What an element says: its own text, or that of the one it wraps.
fn value(element: Element<'_, '_>) -> String {
    let own = trim(element.text());
    let mut within = element.children();
    match (own, within.next(), within.next()) {
        ("", Some(only), None) if only.namespace() != Namespace::RAM => shown(only.text()),
        _ => shown(own),
    }
}

/// A text as a finding shows it.
fn shown(text: &str) -> String {
    let text = trim(text);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
