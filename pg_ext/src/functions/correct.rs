//! `correct`: the credit note or corrective invoice for an invoice.

use einvoice::entry;
use einvoice::gobl::{Correction, CorrectionType};
use pgrx::datum::Date;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgSqlErrorCode, pg_extern};

use super::work;
use crate::jsonb::{Jsonb, RawJsonb};
use crate::{argument, error};

/// Not STRICT, since code, series and reason may be NULL; a NULL document has a NULL correction.
#[pg_extern]
fn correct(
    doc: Option<RawJsonb<'_>>,
    r#type: Option<&str>,
    issue_date: Option<Date>,
    code: Option<&str>,
    series: Option<&str>,
    reason: Option<&str>,
    copy_tax: Option<bool>,
) -> Result<Option<Jsonb>, ErrorReport> {
    let Some(doc) = doc else { return Ok(None) };
    let kind = required(r#type, "type", "Use 'credit-note' or 'corrective'.")?;
    let issue_date = required(
        issue_date,
        "issue_date",
        "Give the day of issue, for example current_date: the function reads no clock.",
    )?;
    let correction = Correction {
        kind: CorrectionType::parse(kind)
            .ok_or_else(|| error::unknown_word("type", kind, "'credit-note' or 'corrective'"))?,
        issue_date: argument::day(issue_date)?,
        code: code.unwrap_or_default().into(),
        series: series.unwrap_or_default().into(),
        reason: reason.unwrap_or_default().into(),
        copy_tax: copy_tax.unwrap_or_default(),
    };
    // The correction lends from the document, which is gone after the work.
    work(doc, |source, poll| {
        entry::correct(source, correction, poll).map(|invoice| Jsonb::of(&invoice))
    })?
    .map(Some)
}

fn required<T>(value: Option<T>, parameter: &str, hint: &str) -> Result<T, ErrorReport> {
    value.ok_or_else(|| {
        error::new(
            PgSqlErrorCode::ERRCODE_NULL_VALUE_NOT_ALLOWED,
            format!("{parameter} must not be NULL"),
        )
        .set_hint(hint)
    })
}
