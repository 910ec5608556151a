//! The rules of EN 16931 and of Chorus Pro: one row each, with its texts and its check.
//!
//! A row that holds costs one call and a few comparisons; texts and paths are made only for one that fails.

mod br;
mod br_cl;
mod br_co;
mod br_payment;
mod chorus;
mod chorus_parties;
mod chorus_payment;
mod cii_sr;
pub mod document;
mod fold;

use crate::en16931::{Invoice, Line, Locate, Site, Text, is_blank};
use crate::entry::Profile;
use crate::finding::{Finding, Rule, Severity, Term};
use crate::{Cancelled, Poll, gobl};

pub use fold::fold;

/// A rule with its check.
struct Row {
    rule: Rule,
    check: Check,
}

/// How often a check is made.
enum Check {
    /// Once.
    Invoice(fn(&Invoice<'_>, &mut Failures<'_>)),
    /// Per line (BG-25).
    Line(fn(&Line<'_>, &mut Failures<'_>)),
}

/// Rows that are checked together.
struct Group {
    rows: &'static [Row],
    /// The profile they belong to; all where none is named.
    profile: Option<Profile>,
}

static GROUPS: [Group; 8] = [
    Group {
        rows: br::ROWS,
        profile: None,
    },
    Group {
        rows: br_payment::ROWS,
        profile: None,
    },
    Group {
        rows: br_cl::ROWS,
        profile: None,
    },
    Group {
        rows: br_co::ROWS,
        profile: None,
    },
    Group {
        rows: cii_sr::ROWS,
        profile: None,
    },
    Group {
        rows: chorus::ROWS,
        profile: Some(Profile::ChorusPro),
    },
    Group {
        rows: chorus_parties::ROWS,
        profile: Some(Profile::ChorusPro),
    },
    Group {
        rows: chorus_payment::ROWS,
        profile: Some(Profile::ChorusPro),
    },
];

/// What rows of CEN have in common.
const CEN: Rule = Rule {
    id: "",
    severity: Severity::Fatal,
    terms: &[],
    message: crate::finding::Text { en: "", fr: "" },
    hint: crate::finding::Text { en: "", fr: "" },
    source: "EN 16931-1:2017, business rules; CEN/TC 434 CII artefact 1.3.16",
    same_as: &[],
};

/// Adds what fails of the rules of a profile, in the order of the table.
///
/// # Errors
/// The interrupt check said stop.
pub fn check(
    invoice: &Invoice<'_>,
    profile: Profile,
    locate: &dyn Locate,
    poll: Poll<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), Cancelled> {
    let applies = |group: &&Group| group.profile.is_none_or(|of| of == profile);
    let rows = || GROUPS.iter().filter(applies).flat_map(|group| group.rows);
    for row in rows() {
        if let Check::Invoice(check) = row.check {
            check(
                invoice,
                &mut Failures {
                    rule: &row.rule,
                    at: 0,
                    locate,
                    findings,
                },
            );
        }
    }
    for (at, line) in invoice.lines.iter().enumerate() {
        poll()?;
        for row in rows() {
            if let Check::Line(check) = row.check {
                check(
                    line,
                    &mut Failures {
                        rule: &row.rule,
                        at,
                        locate,
                        findings,
                    },
                );
            }
        }
    }
    Ok(())
}

/// Every rule there is, those of GOBL included, ordered by id.
#[must_use]
pub fn catalogue() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = GROUPS
        .iter()
        .flat_map(|group| group.rows)
        .map(|row| &row.rule)
        .collect();
    rules.extend(document::ALL);
    rules.extend(gobl::rules());
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// Where a check reports.
struct Failures<'r> {
    rule: &'static Rule,
    /// The line being checked.
    at: usize,
    locate: &'r dyn Locate,
    findings: &'r mut Vec<Finding>,
}

impl Failures<'_> {
    /// Reports a failure at a term, of the line being checked or of the document.
    fn fail(&mut self, term: Term, say: impl FnOnce(Finding) -> Finding) {
        self.fail_at(term, self.at, say);
    }

    /// Reports a failure at an occurrence of a repeated group.
    fn fail_at(&mut self, term: Term, at: usize, say: impl FnOnce(Finding) -> Finding) {
        self.fail_in(term, [at, 0], say);
    }

    /// Reports a failure at an occurrence of a group that is repeated inside of a repeated group.
    fn fail_in(&mut self, term: Term, at: [usize; 2], say: impl FnOnce(Finding) -> Finding) {
        let site = Site { term, at };
        let finding = Finding::new(self.rule, self.locate.path(site))
            .about(term)
            .at(self.locate.position(site));
        self.findings.push(say(finding));
    }

    /// Reports a text that says nothing.
    fn require(&mut self, text: Option<&Text<'_>>, term: Term) {
        if is_blank(text) {
            self.fail(term, |finding| finding);
        }
    }

    /// Reports what is not there.
    fn require_some<T>(&mut self, value: Option<T>, term: Term) {
        if value.is_none() {
            self.fail(term, |finding| finding);
        }
    }
}
