//! Steps down a tree, and back up.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use crate::cii::read::{Kind, adds_account, document_type, kind};
use crate::cii::tree::{Element, Name, name};

/// A place in the tree: the one that it is within, and the steps from there.
#[derive(Clone, Copy)]
pub(super) struct Path {
    pub(super) within: Option<&'static Self>,
    pub(super) steps: &'static [Step],
}

/// One step down.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// To the first element of a name.
    To(Name),
    /// To the first element of a name that something marks.
    Marked(Name, Mark),
    /// To an occurrence of a repeated element, counted at this position of the site.
    Each(Name, Mark, usize),
    /// To an occurrence of `ID` or `GlobalID`.
    Identifier,
    /// To an attribute, which stands at its element.
    Attribute(&'static str),
}

/// What tells elements of one name apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    /// Nothing.
    Any,
    /// The indicator says allowance.
    Allowance,
    /// The indicator says charge.
    Charge,
    /// The type of a document.
    Document(&'static str),
    /// A child with an attribute `schemeID`.
    Scheme(&'static str),
    /// A child; the first element of the name where none has it.
    With(Name),
    /// Payment means that do not only add an account to those before.
    Means,
    /// A total of VAT in the currency that this element of the settlement names.
    Currency(Name),
}

/// What was asked for, by the element that it is within: a file has as many failures as it likes, beside as many elements.
#[derive(Debug, Default)]
pub(super) struct Occurrences<'t, 'x> {
    /// The first element of a name and mark.
    first: RefCell<HashMap<(usize, Name, Mark), Option<Element<'t, 'x>>>>,
    /// All elements of a name and mark.
    repeated: RefCell<HashMap<(usize, Name, Mark), Vec<Element<'t, 'x>>>>,
    /// All `ID` and `GlobalID`.
    identifiers: RefCell<HashMap<usize, Vec<Element<'t, 'x>>>>,
}

impl<'t, 'x> Occurrences<'t, 'x> {
    fn first(&self, within: Element<'t, 'x>, name: Name, mark: Mark) -> Option<Element<'t, 'x>> {
        let mut known = self.first.borrow_mut();
        let first = || within.all(name).find(|element| mark.is_on(*element));
        *known
            .entry((within.index(), name, mark))
            .or_insert_with(first)
    }

    fn nth(
        &self,
        within: Element<'t, 'x>,
        name: Name,
        mark: Mark,
        at: usize,
    ) -> Option<Element<'t, 'x>> {
        let mut known = self.repeated.borrow_mut();
        let all = known
            .entry((within.index(), name, mark))
            .or_insert_with(|| occurrences(within, name, mark).collect());
        all.get(at).copied()
    }

    fn identifier(&self, within: Element<'t, 'x>, at: usize) -> Option<Element<'t, 'x>> {
        let mut known = self.identifiers.borrow_mut();
        let all = known
            .entry(within.index())
            .or_insert_with(|| identifiers(within).collect());
        all.get(at).copied()
    }
}

impl Path {
    /// The element at an occurrence; where there is none the last one on the way, and the step that led nowhere.
    pub(super) fn walk<'t, 'x>(
        &self,
        root: Element<'t, 'x>,
        at: [usize; 2],
        known: &Occurrences<'t, 'x>,
    ) -> (Element<'t, 'x>, Option<Step>) {
        let start = match self.within {
            Some(within) => within.walk(root, at, known),
            None => (root, None),
        };
        let (mut element, None) = start else {
            return start;
        };
        for step in self.steps {
            match step.down(element, at, known) {
                Some(next) => element = next,
                None => return (element, Some(*step)),
            }
        }
        (element, None)
    }

    /// Which occurrence of this place an element is, if it is one.
    pub(super) fn occurrence(&self, element: Element<'_, '_>) -> Option<[usize; 2]> {
        let mut at = [0, 0];
        self.climb(element, &mut at)?
            .parent()
            .is_none()
            .then_some(at)
    }

    /// Whether local names lead here from the root's children on. Nothing is known of marks.
    pub(super) fn is_named(&self, names: &[&str]) -> bool {
        let mut rest = names;
        for step in self.steps.iter().rev() {
            match rest.split_last() {
                Some((name, before)) if step.is_named(name) => rest = before,
                _ => return false,
            }
        }
        match self.within {
            Some(within) => within.is_named(rest),
            None => rest.is_empty(),
        }
    }

    /// Goes up from an element at this place to the root.
    fn climb<'t, 'x>(
        &self,
        mut element: Element<'t, 'x>,
        at: &mut [usize; 2],
    ) -> Option<Element<'t, 'x>> {
        for step in self.steps.iter().rev() {
            element = step.up(element, at)?;
        }
        match self.within {
            Some(within) => within.climb(element, at),
            None => Some(element),
        }
    }
}

impl Step {
    fn down<'t, 'x>(
        self,
        from: Element<'t, 'x>,
        at: [usize; 2],
        known: &Occurrences<'t, 'x>,
    ) -> Option<Element<'t, 'x>> {
        match self {
            Self::To(name) => known.first(from, name, Mark::Any),
            Self::Marked(name, mark) => {
                let found = known.first(from, name, mark);
                match mark {
                    Mark::With(_) => found.or_else(|| known.first(from, name, Mark::Any)),
                    _ => found,
                }
            }
            Self::Each(name, mark, slot) => {
                known.nth(from, name, mark, at.get(slot).copied().unwrap_or_default())
            }
            Self::Identifier => {
                let [at, _] = at;
                known.identifier(from, at)
            }
            Self::Attribute(_) => Some(from),
        }
    }

    fn up<'t, 'x>(self, from: Element<'t, 'x>, at: &mut [usize; 2]) -> Option<Element<'t, 'x>> {
        let parent = from.parent();
        match self {
            Self::To(name) => parent.filter(|_| from.name() == name),
            Self::Marked(name, mark) => parent.filter(|_| from.name() == name && mark.is_on(from)),
            Self::Each(name, mark, slot) => {
                let parent = parent.filter(|_| from.name() == name)?;
                let mut all = occurrences(parent, name, mark);
                *at.get_mut(slot)? = all.position(|element| element.index() == from.index())?;
                Some(parent)
            }
            Self::Identifier => {
                let parent = parent.filter(|_| is_identifier(from.name()))?;
                let [first, _] = at;
                *first = identifiers(parent).position(|element| element.index() == from.index())?;
                Some(parent)
            }
            // Attributes have no elements of their own.
            Self::Attribute(_) => None,
        }
    }

    fn is_named(self, local: &str) -> bool {
        match self {
            Self::To(name) | Self::Marked(name, _) | Self::Each(name, _, _) => {
                name.as_str() == local
            }
            Self::Identifier => [name::ID, name::GLOBAL_ID]
                .map(Name::as_str)
                .contains(&local),
            Self::Attribute(_) => false,
        }
    }

    /// How paths show it.
    pub(super) fn shown(self) -> Cow<'static, str> {
        match self {
            Self::To(name) | Self::Marked(name, _) | Self::Each(name, _, _) => {
                format!("{}:{}", prefix(name), name.as_str()).into()
            }
            Self::Identifier => "ram:ID".into(),
            Self::Attribute(attribute) => format!("@{attribute}").into(),
        }
    }
}

impl Mark {
    fn is_on(self, element: Element<'_, '_>) -> bool {
        match self {
            Self::Any => true,
            Self::Allowance => kind(element).0 == Kind::Allowance,
            Self::Charge => kind(element).0 == Kind::Charge,
            Self::Document(of) => document_type(element) == of,
            Self::Scheme(scheme) => element
                .child(name::ID)
                .is_some_and(|id| id.attribute("schemeID") == Some(scheme)),
            Self::With(name) => element.child(name).is_some(),
            // That depends on those before.
            Self::Means => true,
            Self::Currency(code) => {
                let settlement = element.parent().and_then(Element::parent);
                let code = settlement.and_then(|settlement| settlement.child(code));
                code.is_some_and(|code| element.attribute("currencyID") == Some(code.text()))
            }
        }
    }
}

/// Elements of a name and mark within one, in their order.
fn occurrences<'t, 'x>(
    parent: Element<'t, 'x>,
    name: Name,
    mark: Mark,
) -> impl Iterator<Item = Element<'t, 'x>> {
    let mut before = None;
    parent.all(name).filter(move |element| match mark {
        Mark::Means => !adds_account(*element, before.replace(*element)),
        mark => mark.is_on(*element),
    })
}

/// Each `ID` and `GlobalID` within one, in their order.
fn identifiers<'t, 'x>(parent: Element<'t, 'x>) -> impl Iterator<Item = Element<'t, 'x>> {
    parent
        .children()
        .filter(|child| is_identifier(child.name()))
}

fn is_identifier(of: Name) -> bool {
    matches!(of, name::ID | name::GLOBAL_ID)
}

/// The prefix that everybody writes.
fn prefix(of: Name) -> &'static str {
    match of {
        name::EXCHANGED_DOCUMENT_CONTEXT
        | name::EXCHANGED_DOCUMENT
        | name::SUPPLY_CHAIN_TRADE_TRANSACTION => "rsm",
        _ => "ram",
    }
}
