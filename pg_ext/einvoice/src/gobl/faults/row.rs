//! How a fault is written down: one row with its code, its texts and its check.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;

use crate::finding::{Rule, Severity, Term, Text};
use crate::gobl::addon::{CHORUS_PRO, EN16931};
use crate::gobl::currency;
use crate::gobl::model::Invoice;

/// A kind of object that rules speak of.
pub(super) trait Kind: Sized + 'static {
    /// The object itself.
    type Of<'n>: Copy;

    /// All rules about it, in the order in which GOBL walks its namespaces.
    const TABLES: &'static [Table<Self>];
}

/// The rules of one namespace about one kind of object.
pub(super) struct Table<K: Kind> {
    /// When they apply.
    pub when: Guard,
    /// The rules.
    pub rows: &'static [Row<K>],
    /// Their checks alone: a row with its texts fills four cache lines, of which a check that holds needs eight bytes.
    pub checks: &'static [Fails<K>],
}

/// The checks of rows, in their order.
#[expect(
    clippy::indexing_slicing,
    reason = "done by the compiler, which does not go on where it fails"
)]
pub(super) const fn checks<K: Kind, const N: usize>(rows: &[Row<K>; N]) -> [Fails<K>; N] {
    let mut checks = [rows[0].fails; N];
    let mut at = 0;
    while at < N {
        checks[at] = rows[at].fails;
        at += 1;
    }
    checks
}

/// A check: nothing, or how it failed.
pub(super) type Fails<K> = for<'n> fn(<K as Kind>::Of<'n>, &Facts) -> Option<Failure>;

/// A rule, where under its object it speaks, and its check.
pub(super) struct Row<K: Kind> {
    /// Path of the field below the object; empty for the object itself.
    pub at: &'static str,
    /// The rule as the catalogue shows it.
    pub rule: Rule,
    /// The check.
    pub fails: Fails<K>,
}

impl<K: Kind> Row<K> {
    /// A fatal rule of GOBL; texts in English and French.
    pub(super) const fn new(
        at: &'static str,
        id: &'static str,
        terms: &'static [Term],
        message: [&'static str; 2],
        hint: [&'static str; 2],
        fails: Fails<K>,
    ) -> Self {
        let [en, fr] = message;
        let [hint_en, hint_fr] = hint;
        let rule = Rule {
            id,
            severity: Severity::Fatal,
            terms,
            message: Text { en, fr },
            hint: Text {
                en: hint_en,
                fr: hint_fr,
            },
            source: "GOBL v0.502.1",
            same_as: &[],
        };
        Self { at, rule, fails }
    }

    /// The same as a warning.
    pub(super) const fn warning(mut self) -> Self {
        self.rule.severity = Severity::Warning;
        self
    }

    /// The same as a rule of our own, which stands for others.
    pub(super) const fn ours(mut self, same_as: &'static [&'static str]) -> Self {
        self.rule.source = "pg_chorus";
        self.rule.same_as = same_as;
        self
    }
}

/// What a failed check says.
pub(super) struct Failure {
    /// The value found.
    pub value: String,
    /// The value wanted.
    pub wanted: Cow<'static, str>,
    /// In place of the rule's own severity.
    pub severity: Option<Severity>,
    /// In place of the rule's first term.
    pub term: Option<Term>,
}

impl Failure {
    /// With the value wanted.
    pub(super) fn wanted(mut self, wanted: impl Into<Cow<'static, str>>) -> Self {
        self.wanted = wanted.into();
        self
    }

    /// As a warning, whatever the rule is.
    pub(super) const fn warning(mut self) -> Self {
        self.severity = Some(Severity::Warning);
        self
    }
}

/// Fails without a value to show.
#[inline]
pub(super) fn when(failed: bool) -> Option<Failure> {
    found(failed, "")
}

/// Fails with the value found.
#[inline]
pub(super) fn found(failed: bool, value: impl fmt::Display) -> Option<Failure> {
    failed.then(|| said(&value))
}

/// Apart from the checks: of several hundred, most hold, and what they do not need should not lie between them.
#[cold]
#[inline(never)]
fn said(value: &dyn fmt::Display) -> Failure {
    Failure {
        value: value.to_string(),
        wanted: Cow::Borrowed(""),
        severity: None,
        term: None,
    }
}

/// When the rules of a table apply.
#[derive(Debug, Clone, Copy)]
pub(super) enum Guard {
    /// Always.
    Always,
    /// Regime FR.
    France,
    /// Addon `eu-en16931-v2017`.
    En16931,
    /// Addon `fr-choruspro-v1`.
    ChorusPro,
}

/// What guards and checks go by beyond their object.
pub(super) struct Facts {
    is_french: bool,
    en16931: bool,
    chorus_pro: bool,
    /// The day whose tax rates apply.
    pub tax_date: Option<Date>,
    /// Decimals of the document currency.
    pub decimals: u32,
}

impl Facts {
    pub(super) fn of(invoice: &Invoice<'_>) -> Self {
        let has = |key: &str| invoice.addons.iter().any(|addon| *addon == key);
        let chorus_pro = has(CHORUS_PRO);
        Self {
            is_french: invoice.regime == "FR",
            en16931: chorus_pro || has(EN16931),
            chorus_pro,
            tax_date: invoice.value_date.or(invoice.issue_date),
            decimals: currency::decimals(&invoice.currency).unwrap_or(2),
        }
    }

    /// Whether the document is under the French regime.
    pub(super) const fn is_french(&self) -> bool {
        self.is_french
    }

    /// Whether the rules of EN 16931 apply.
    pub(super) const fn is_en16931(&self) -> bool {
        self.en16931
    }

    pub(super) const fn admit(&self, guard: Guard) -> bool {
        match guard {
            Guard::Always => true,
            Guard::France => self.is_french,
            Guard::En16931 => self.en16931,
            Guard::ChorusPro => self.chorus_pro,
        }
    }
}
