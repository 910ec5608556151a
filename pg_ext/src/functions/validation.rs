//! Functions that judge a document: `validate`, `is_valid`, `assert_valid`.

use einvoice::entry;
use einvoice::finding::{Finding, Lang, Severity};
use pgrx::iter::TableIterator;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgSqlErrorCode, name, pg_extern};

use super::{attempt, some_text, work};
use crate::jsonb::RawJsonb;
use crate::{argument, error};

/// Fatal findings that the DETAIL of `assert_valid` lists.
const LISTED: usize = 20;

/// Findings as rows.
pub(super) type Findings = TableIterator<
    'static,
    (
        name!(rule, &'static str),
        name!(severity, &'static str),
        name!(path, String),
        name!(term, Option<String>),
        name!(value, Option<String>),
        name!(message, String),
        name!(hint, Option<String>),
        name!(same_as, Vec<&'static str>),
    ),
>;

/// Not STRICT, since `profile` may be NULL; a NULL document has no findings.
#[pg_extern]
fn validate(
    doc: Option<RawJsonb<'_>>,
    lang: Option<&str>,
    profile: Option<&str>,
) -> Result<Findings, ErrorReport> {
    let lang = lang.ok_or_else(|| {
        error::new(
            PgSqlErrorCode::ERRCODE_NULL_VALUE_NOT_ALLOWED,
            "lang must not be NULL",
        )
        .set_hint("Use 'en' or 'fr'.")
    })?;
    let lang = argument::lang(lang)?;
    let profile = profile.map(argument::profile).transpose()?;
    let findings = match doc {
        Some(doc) => work(doc, |source, poll| entry::validate(source, profile, poll))?,
        None => Vec::new(),
    };
    Ok(rows(findings, lang))
}

/// The rows, in the order of the findings.
pub(super) fn rows(findings: Vec<Finding>, lang: Lang) -> Findings {
    TableIterator::new(findings.into_iter().map(move |finding| {
        (
            finding.rule.id,
            finding.severity.as_str(),
            finding.path.clone(),
            some_text(finding.term()),
            some_text(finding.value.clone()),
            finding.message(lang),
            some_text(finding.hint(lang)),
            finding.same_as,
        )
    }))
}

/// What is no GOBL invoice, cannot be read as one or cannot be calculated is not valid. Limits, damage and
/// cancellation say nothing about the document, and stay errors.
#[pg_extern]
fn is_valid(doc: RawJsonb<'_>) -> Result<bool, ErrorReport> {
    let findings = attempt(doc, |source, poll| entry::validate(source, None, poll))?;
    Ok(findings.is_ok_and(|findings| !findings.iter().any(is_fatal)))
}

#[pg_extern]
fn assert_valid(doc: RawJsonb<'_>) -> Result<RawJsonb<'_>, ErrorReport> {
    let findings = work(doc, |source, poll| entry::validate(source, None, poll))?;
    let fatal: Vec<&Finding> = findings
        .iter()
        .filter(|finding| is_fatal(finding))
        .collect();
    match fatal.first() {
        None => Ok(doc),
        Some(first) => Err(error::new(
            PgSqlErrorCode::ERRCODE_CHECK_VIOLATION,
            format!(
                "invoice is not valid: {} fatal finding{}",
                fatal.len(),
                if fatal.len() == 1 { "" } else { "s" }
            ),
        )
        .set_detail(listing(&fatal))
        .set_hint(remedy(first, fatal.len()))),
    }
}

fn is_fatal(finding: &Finding) -> bool {
    finding.severity == Severity::Fatal
}

/// One line for each finding, as far as a person will read.
fn listing(fatal: &[&Finding]) -> String {
    let mut lines: Vec<String> = fatal
        .iter()
        .take(LISTED)
        .map(|finding| {
            format!(
                "{} at {}: {}",
                finding.rule.id,
                finding.path,
                finding.message(Lang::En)
            )
        })
        .collect();
    if fatal.len() > LISTED {
        lines.push(format!("and {} more", fatal.len() - LISTED));
    }
    lines.join("\n")
}

fn remedy(first: &Finding, count: usize) -> String {
    let hint = first.hint(Lang::En);
    if count == 1 && !hint.is_empty() {
        return hint;
    }
    let all = "SELECT * FROM chorus.validate(doc) lists every finding with its remedy.";
    if hint.is_empty() {
        all.to_owned()
    } else {
        format!("First finding: {hint}\n{all}")
    }
}
