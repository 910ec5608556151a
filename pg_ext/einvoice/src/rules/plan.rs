//! Which rows are checked for which document, in tables of nothing but rules and checks.
//!
//! A row with its texts fills four cache lines, of which a check that holds needs a few bytes: so each kind of document has a
//! plan, made at its first use, that a check reads from front to back.

use std::sync::LazyLock;

use super::parts::Parts;
use super::row::{Check, DocumentCheck, LineCheck, Row, SumsCheck};
use super::{
    br, br_charges, br_co, br_co_terms, br_dec, br_line, br_parties, br_payment, br_totals,
    characters, chorus, chorus_amounts, chorus_parties, chorus_payment, chorus_texts, cii_sr,
    numbers,
};
use crate::entry::Profile;
use crate::finding::Rule;

/// Rows that are checked together.
struct Group {
    rows: &'static [Row],
    /// The profile they belong to; all where none is named.
    profile: Option<Profile>,
    /// Whether they are for documents that are no file yet: a file's structure is checked as such.
    only_before_writing: bool,
}

/// Rows of every profile.
const fn all(rows: &'static [Row]) -> Group {
    Group {
        rows,
        profile: None,
        only_before_writing: false,
    }
}

/// Rows on what a file could not hold.
const fn before_writing(rows: &'static [Row]) -> Group {
    Group {
        only_before_writing: true,
        ..all(rows)
    }
}

/// Rows of Chorus Pro.
const fn of_chorus(rows: &'static [Row]) -> Group {
    Group {
        profile: Some(Profile::ChorusPro),
        ..all(rows)
    }
}

static GROUPS: [Group; 18] = [
    all(br::ROWS),
    all(br_parties::ROWS),
    all(br_totals::ROWS),
    all(br_payment::ROWS),
    all(br_charges::ROWS),
    all(br_line::ROWS),
    all(br_co::ROWS),
    all(br_co_terms::ROWS),
    all(br_charges::REASONS),
    all(br_dec::ROWS),
    before_writing(cii_sr::ROWS),
    before_writing(characters::ROWS),
    all(numbers::ROWS),
    of_chorus(chorus::ROWS),
    of_chorus(chorus_parties::ROWS),
    of_chorus(chorus_payment::ROWS),
    of_chorus(chorus_amounts::ROWS),
    of_chorus(chorus_texts::ROWS),
];

/// All rows, in the order of the table.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|group| group.rows)
}

/// What is checked of a document.
pub(super) struct Plan {
    /// Once.
    pub(super) document: Vec<Planned<OfDocument>>,
    /// Per line.
    pub(super) line: Vec<Planned<LineCheck>>,
}

/// A row without its texts.
pub(super) struct Planned<C> {
    /// Left out where the invoice has nothing of that.
    pub(super) about: Parts,
    pub(super) rule: &'static Rule,
    pub(super) check: C,
}

/// A check that is made once.
pub(super) enum OfDocument {
    /// Of the invoice alone.
    Invoice(DocumentCheck),
    /// With what its amounts add up to.
    Sums(SumsCheck),
}

/// The plan for documents of a profile that were read from a file, or were not.
pub(super) fn of(profile: Profile, is_file: bool) -> &'static Plan {
    static EN16931: LazyLock<Plan> = LazyLock::new(|| Plan::new(Profile::En16931, false));
    static EN16931_FILE: LazyLock<Plan> = LazyLock::new(|| Plan::new(Profile::En16931, true));
    static CHORUS_PRO: LazyLock<Plan> = LazyLock::new(|| Plan::new(Profile::ChorusPro, false));
    static CHORUS_PRO_FILE: LazyLock<Plan> = LazyLock::new(|| Plan::new(Profile::ChorusPro, true));
    match (profile, is_file) {
        (Profile::En16931, false) => &EN16931,
        (Profile::En16931, true) => &EN16931_FILE,
        (Profile::ChorusPro, false) => &CHORUS_PRO,
        (Profile::ChorusPro, true) => &CHORUS_PRO_FILE,
    }
}

impl Plan {
    fn new(profile: Profile, is_file: bool) -> Self {
        let applies = |group: &&Group| {
            group.profile.is_none_or(|of| of == profile) && !(is_file && group.only_before_writing)
        };
        let mut plan = Self {
            document: Vec::new(),
            line: Vec::new(),
        };
        for row in GROUPS.iter().filter(applies).flat_map(|group| group.rows) {
            match row.check {
                Check::Invoice(check) => plan.document.push(row.with(OfDocument::Invoice(check))),
                Check::Sums(check) => plan.document.push(row.with(OfDocument::Sums(check))),
                Check::Line(check) => plan.line.push(row.with(check)),
                Check::Never => {}
            }
        }
        plan
    }
}

impl Row {
    fn with<C>(&'static self, check: C) -> Planned<C> {
        Planned {
            about: self.about,
            rule: &self.rule,
            check,
        }
    }
}
