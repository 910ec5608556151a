//! How a rule is written down: one row with its texts and its check.

use super::parts::Parts;
use super::{Failures, Sums};
use crate::en16931::{Invoice, Line};
use crate::finding::{Rule, Severity, Term, Text};

/// A rule with its check.
pub(super) struct Row {
    pub(super) rule: Rule,
    pub(super) check: Check,
    /// What it is about: it holds where nothing of that is there.
    pub(super) about: Parts,
}

/// How often a check is made.
pub(super) enum Check {
    /// Once.
    Invoice(DocumentCheck),
    /// Once, with what amounts of the invoice add up to.
    Sums(SumsCheck),
    /// Per line (BG-25).
    Line(LineCheck),
    /// Never: the artefact has the rule, but its test always holds.
    Never,
}

/// A check of an invoice as a whole.
pub(super) type DocumentCheck = fn(&Invoice<'_>, &mut Failures<'_>);
/// The same, with the sums that several rows compare with.
pub(super) type SumsCheck = fn(&Invoice<'_>, &Sums, &mut Failures<'_>);
/// A check of a line.
pub(super) type LineCheck = fn(&Line<'_>, &mut Failures<'_>);

/// What rows of CEN have in common.
pub(super) const CEN: Rule = Rule {
    id: "",
    severity: Severity::Fatal,
    terms: &[],
    message: Text { en: "", fr: "" },
    hint: Text { en: "", fr: "" },
    source: "EN 16931-1:2017, business rules; CEN/TC 434 CII artefact 1.3.16",
    same_as: &[],
};

/// What rules of EN 16931 have in common that the artefact dropped.
const DROPPED: Rule = Rule {
    severity: Severity::Warning,
    source: "EN 16931-1:2017, business rules; not tested by the CEN/TC 434 CII artefact 1.3.16",
    ..CEN
};

impl Row {
    /// A rule of CEN: its number, and the terms it speaks of. The texts follow.
    pub(super) const fn cen(id: &'static str, terms: &'static [Term], check: Check) -> Self {
        Self {
            rule: Rule { id, terms, ..CEN },
            check,
            about: Parts::NONE,
        }
    }

    /// A rule of EN 16931 that the artefact does not test (any more): a warning of our own.
    pub(super) const fn dropped(id: &'static str, terms: &'static [Term], check: Check) -> Self {
        Self {
            rule: Rule {
                id,
                terms,
                ..DROPPED
            },
            check,
            about: Parts::NONE,
        }
    }

    /// Holds where the invoice has nothing of `parts`.
    pub(super) const fn about(mut self, parts: Parts) -> Self {
        self.about = parts;
        self
    }

    /// What is wrong, in English and in French.
    pub(super) const fn says(mut self, en: &'static str, fr: &'static str) -> Self {
        self.rule.message = Text { en, fr };
        self
    }

    /// What to do, in English and in French.
    pub(super) const fn hint(mut self, en: &'static str, fr: &'static str) -> Self {
        self.rule.hint = Text { en, fr };
        self
    }

    /// What to do, in words that several rules share.
    pub(super) const fn hinted(mut self, hint: Text) -> Self {
        self.rule.hint = hint;
        self
    }

    /// Other rules of the same problem.
    pub(super) const fn same_as(mut self, ids: &'static [&'static str]) -> Self {
        self.rule.same_as = ids;
        self
    }
}
