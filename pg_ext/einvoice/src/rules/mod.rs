//! The rules of EN 16931 and of Chorus Pro: one row each, with its texts and its check.
//!
//! A row that holds costs one call and a few comparisons; texts and paths are made only for one that fails.

mod beyond;
mod binary;
mod br;
mod br_charges;
mod br_cl;
mod br_co;
mod br_co_terms;
mod br_dec;
mod br_line;
mod br_parties;
mod br_payment;
mod br_totals;
mod characters;
mod chorus;
mod chorus_amounts;
mod chorus_parties;
mod chorus_payment;
mod chorus_texts;
mod cii_sr;
mod deposit;
pub mod document;
mod exact;
mod fold;
mod implied;
mod numbers;
mod parts;
mod plan;
mod row;
mod sums;
mod vat;

use std::collections::HashMap;

use crate::chorus::directory;
use crate::cii::structure;
use crate::en16931::{Invoice, Locate, OddNumber, Site, Text, is_blank};
use crate::entry::Profile;
use crate::finding::{Finding, Rule, Severity, Term};
use crate::{Cancelled, Poll, gobl};

pub use crate::cii::structure::MAX_FINDINGS_OF_A_RULE;
pub use fold::fold;
pub use implied::add_implied;
use parts::Parts;
use plan::{OfDocument, Planned};
use row::{CEN, Check, Row};
use sums::Sums;

/// Lines that are checked together: each row goes through all of them, while they are at hand.
const LINES_AT_ONCE: usize = 32;
/// Rows between two interrupt checks: each may go through all lines.
const ROWS_AT_ONCE: usize = 16;

/// Adds what fails of the rules of a profile, in the order of the table, of one rule up to [`MAX_FINDINGS_OF_A_RULE`] of each
/// severity.
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
    let plan = plan::of(profile, locate.file().is_some());
    let parts = Parts::of(invoice);
    let sums = Sums::of(invoice);
    let mut out = Failures {
        rule: &CEN,
        at: 0,
        locate,
        odd_numbers: &invoice.odd_numbers,
        counts: HashMap::new(),
        findings,
    };
    for rows in plan.document.chunks(ROWS_AT_ONCE) {
        poll()?;
        for row in rows {
            out.made(row, parts, |out| match row.check {
                OfDocument::Invoice(check) => check(invoice, out),
                OfDocument::Sums(check) => check(invoice, &sums, out),
            });
        }
    }
    vat::check(invoice, poll, &mut out)?;
    match locate.file() {
        Some(tree) => {
            br_cl::check_file(tree, profile, poll, &mut out)?;
            beyond::check(tree, poll, &mut out)?;
        }
        None => br_cl::check(invoice, profile, poll, &mut out)?,
    }
    for (chunk, lines) in invoice.lines.chunks(LINES_AT_ONCE).enumerate() {
        poll()?;
        for row in &plan.line {
            out.at = chunk * LINES_AT_ONCE;
            out.made(row, parts, |out| {
                for line in lines {
                    (row.check)(line, out);
                    out.at += 1;
                }
            });
        }
    }
    Ok(())
}

/// Every rule there is, those of GOBL included, ordered by id.
#[must_use]
pub fn catalogue() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = plan::rows().map(|row| &row.rule).collect();
    rules.extend(vat::rules());
    rules.extend(br_cl::rules());
    rules.extend(document::ALL);
    rules.extend(directory::ALL);
    rules.extend(deposit::ALL);
    rules.extend(gobl::rules());
    rules.extend(crate::cii::rules());
    // A structure rule that GOBL input can break too has a row above.
    rules.extend(structure::rules());
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    rules
}

/// Where a check reports.
struct Failures<'r> {
    rule: &'static Rule,
    /// The line being checked.
    at: usize,
    locate: &'r dyn Locate,
    odd_numbers: &'r [OddNumber<'r>],
    /// How many findings there are of a rule: one that fails only as a warning here must not hide that it is fatal there.
    counts: HashMap<(&'static str, Severity), usize>,
    findings: &'r mut Vec<Finding>,
}

impl<'r> Failures<'r> {
    /// Makes the check of a row, unless it is about nothing that the invoice has. Where assertions are on it is made all the same, and
    /// must hold then.
    #[inline]
    fn made<C>(&mut self, row: &Planned<C>, parts: Parts, check: impl FnOnce(&mut Self)) {
        let is_there = parts.concern(row.about);
        if !is_there && !cfg!(debug_assertions) {
            return;
        }
        self.rule = row.rule;
        let earlier = self.findings.len();
        check(self);
        debug_assert!(
            is_there || self.findings.len() == earlier,
            "{} fails where nothing is there of what it is about",
            row.rule.id
        );
    }

    /// What is odd about the number at a place.
    fn odd(&self, site: Site) -> Option<&'r OddNumber<'r>> {
        let at = self.odd_numbers.binary_search_by_key(&site, |odd| odd.site);
        self.odd_numbers.get(at.ok()?)
    }

    /// Whether the number at a place, which is zero, was written with a minus.
    fn is_minus_zero(&self, term: Term, at: [usize; 2]) -> bool {
        self.odd(Site { term, at })
            .is_some_and(OddNumber::is_minus_zero)
    }

    /// Whether the invoice was read from a CII file.
    fn is_file(&self) -> bool {
        self.locate.file().is_some()
    }

    /// Reports a failure at a term, of the line being checked or of the document.
    fn fail(&mut self, term: Term, say: impl FnOnce(Finding) -> Finding) {
        self.fail_at(term, self.at, say);
    }

    /// Reports a failure at an occurrence of a repeated group.
    fn fail_at(&mut self, term: Term, at: usize, say: impl FnOnce(Finding) -> Finding) {
        self.fail_in(term, [at, 0], say);
    }

    /// Reports a failure at an occurrence of a group that is repeated inside of a repeated group.
    #[cold]
    fn fail_in(&mut self, term: Term, at: [usize; 2], say: impl FnOnce(Finding) -> Finding) {
        let site = Site { term, at };
        if self.is_unknown(site) {
            return;
        }
        self.report(site, say);
    }

    /// Whether the model lacks a number of the file that the check looked at: then its verdict is none.
    fn is_unknown(&self, site: Site) -> bool {
        if self.odd_numbers.is_empty() {
            return false;
        }
        let terms = self.rule.terms;
        let is_missing = |odd: &OddNumber<'_>| odd.held.is_missing();
        self.odd(site).is_some_and(is_missing)
            || site.at == [0, 0]
                && self
                    .odd_numbers
                    .iter()
                    .any(|odd| is_missing(odd) && terms.contains(&odd.site.term))
    }

    #[cold]
    fn report(&mut self, site: Site, say: impl FnOnce(Finding) -> Finding) {
        let finding = say(Finding::new(self.rule, String::new()).about(site.term));
        if !self.admits(self.rule, finding.severity) {
            return;
        }
        self.findings.push(Finding {
            path: self.locate.path(site),
            position: self.locate.position(site),
            ..finding
        });
    }

    /// Counts a finding; false where there are enough of its rule.
    fn admits(&mut self, rule: &'static Rule, severity: Severity) -> bool {
        let count = self.counts.entry((rule.id, severity)).or_default();
        *count += 1;
        *count <= MAX_FINDINGS_OF_A_RULE
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
