//! Findings: what is wrong with a document, where, and what to do.

use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The invoice cannot be sent.
    Fatal,
    /// The invoice can be sent; a person should look.
    Warning,
    /// Worth knowing.
    Information,
}

impl Severity {
    /// The word used in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fatal => "fatal",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

/// Language of messages and hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

/// A text in both languages. `{value}`, `{wanted}` and `{path}` are replaced by those of the finding; a value that is empty or
/// blank is a dash in the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// French.
    pub fr: &'static str,
}

impl Text {
    /// The text in one language.
    #[must_use]
    pub const fn in_lang(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Fr => self.fr,
        }
    }
}

/// A business term or group of EN 16931-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// Business term, e.g. `BT-1` invoice number.
    Bt(u16),
    /// Part of a business term, e.g. `BT-30-1` scheme of the seller's legal registration.
    BtPart(u16, u8),
    /// Business group, e.g. `BG-25` invoice line.
    Bg(u16),
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bt(n) => write!(f, "BT-{n}"),
            Self::BtPart(n, part) => write!(f, "BT-{n}-{part}"),
            Self::Bg(n) => write!(f, "BG-{n}"),
        }
    }
}

/// One rule as the catalogue shows it: the same row serves the check, `chorus.rules()` and the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `BR-CO-10` (CEN), `PGC-CPRO-NUMBER` (ours), `GOBL-BILL-INVOICE-01` (GOBL's own).
    pub id: &'static str,
    /// How bad a failure is, unless the finding says otherwise.
    pub severity: Severity,
    /// The terms it speaks of; the first is the one shown.
    pub terms: &'static [Term],
    /// What is wrong, one sentence, for a bookkeeper: names the field, the value found, the value wanted.
    pub message: Text,
    /// What to do.
    pub hint: Text,
    /// Standard and section, or reference of the rule's author.
    pub source: &'static str,
    /// Other ids of the same problem. Where one of them fails too, its row is folded into this one.
    pub same_as: &'static [&'static str],
}

/// One failed rule at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that failed.
    pub rule: &'static Rule,
    /// The rule's severity, unless the place changes it.
    pub severity: Severity,
    /// The user's own field: JSON path on GOBL input, element path on XML input.
    pub path: String,
    /// The value found, as the user wrote it; empty when there is none.
    pub value: String,
    /// The value wanted, or the list of acceptable ones; empty when there is none to name.
    pub wanted: String,
    /// The term at this place: the rule's first, unless the place has another; none where the standard has no term for it.
    pub term: Option<Term>,
    /// Ids of other rules that failed for the same reason.
    pub same_as: Vec<&'static str>,
    /// On XML input the place of the element in document order, by which the findings of a file are ordered; else 0.
    pub position: usize,
}

impl Finding {
    /// A finding of `rule` at `path`, nothing more known.
    #[must_use]
    pub fn new(rule: &'static Rule, path: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            path: path.into(),
            value: String::new(),
            wanted: String::new(),
            term: rule.terms.first().copied(),
            same_as: Vec::new(),
            position: 0,
        }
    }

    /// At the element of this position in document order.
    #[must_use]
    pub const fn at(mut self, position: usize) -> Self {
        self.position = position;
        self
    }

    /// With the value found.
    #[must_use]
    pub fn value(mut self, value: impl fmt::Display) -> Self {
        self.value = value.to_string();
        self
    }

    /// With the value wanted.
    #[must_use]
    pub fn wanted(mut self, wanted: impl fmt::Display) -> Self {
        self.wanted = wanted.to_string();
        self
    }

    /// About `term`, not the rule's first: a rule on both parties speaks of the seller's or of the buyer's term.
    #[must_use]
    pub fn about(mut self, term: Term) -> Self {
        self.term = Some(term);
        self
    }

    /// The sentence for a person.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        self.fill(self.rule.message.in_lang(lang))
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> String {
        self.fill(self.rule.hint.in_lang(lang))
    }

    /// The business term shown; empty for a rule or a place without any.
    #[must_use]
    pub fn term(&self) -> String {
        self.term.map(|term| term.to_string()).unwrap_or_default()
    }

    fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + self.value.len() + self.wanted.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match name {
                "value" => out.push_str(or_dash(&self.value)),
                "wanted" => out.push_str(or_dash(&self.wanted)),
                "path" => out.push_str(&self.path),
                other => {
                    out.push('{');
                    out.push_str(other);
                    out.push('}');
                }
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// What a sentence says of a value: a dash where there is none, or white space alone, so that no sentence has a hole.
fn or_dash(value: &str) -> &str {
    match value.trim() {
        "" => "–",
        said => said,
    }
}
