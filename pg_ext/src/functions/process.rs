//! `process`: all that the insert trigger needs, in one pass.

use einvoice::entry::{self, Processed};
use einvoice::finding::{Finding, Lang, Severity};
use pgrx::datum::{Date, Uuid};
use pgrx::iter::TableIterator;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{AnyNumeric, name, pg_extern};
use serde::Serialize;

use super::{some_text, work};
use crate::jsonb::{Jsonb, RawJsonb};
use crate::{argument, error};

#[pg_extern]
fn process(
    doc: RawJsonb<'_>,
    today: Date,
    id: Uuid,
) -> Result<
    TableIterator<
        'static,
        (
            name!(doc, Jsonb),
            name!(findings, Jsonb),
            name!(fatal_count, i32),
            name!(number, Option<String>),
            name!(r#type, Option<String>),
            name!(document_type, Option<String>),
            name!(framework, Option<String>),
            name!(issue_date, Option<Date>),
            name!(currency, Option<String>),
            name!(total_without_tax, Option<AnyNumeric>),
            name!(total_tax, Option<AnyNumeric>),
            name!(total_with_tax, Option<AnyNumeric>),
            name!(amount_due, Option<AnyNumeric>),
            name!(supplier_id_type, Option<String>),
            name!(supplier_identifier, Option<String>),
            name!(supplier_name, Option<String>),
            name!(buyer_id_type, Option<String>),
            name!(buyer_identifier, Option<String>),
            name!(buyer_name, Option<String>),
            name!(service_code, Option<String>),
            name!(commitment_number, Option<String>),
            name!(contract_number, Option<String>),
        ),
    >,
    ErrorReport,
> {
    let today = argument::day(today)?;
    let id = id.to_string();
    let columns = |row: Processed<'_>| {
        let fatal = row
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Fatal)
            .count();
        let findings: Vec<Found<'_>> = row.findings.iter().map(Found::from).collect();
        Ok(TableIterator::once((
            Jsonb::of(&row.doc)?,
            Jsonb::of(&findings)?,
            i32::try_from(fatal).unwrap_or(i32::MAX),
            some_text(row.number),
            some_text(row.kind),
            some_text(row.document_type),
            some_text(row.framework),
            row.issue_date.map(argument::sql_date).transpose()?,
            some_text(row.currency),
            amount(&row.total_without_tax)?,
            amount(&row.total_tax)?,
            amount(&row.total_with_tax)?,
            amount(&row.amount_due)?,
            some_text(row.supplier_id_type),
            some_text(row.supplier_identifier),
            some_text(row.supplier_name),
            some_text(row.buyer_id_type),
            some_text(row.buyer_identifier),
            some_text(row.buyer_name),
            some_text(row.service_code),
            some_text(row.commitment_number),
            some_text(row.contract_number),
        )))
    };
    // The row lends from the document, which is gone after the work.
    work(doc, |source, poll| {
        entry::process(source, today, &id, poll).map(columns)
    })?
}

fn amount(text: &str) -> Result<Option<AnyNumeric>, ErrorReport> {
    if text.is_empty() {
        return Ok(None);
    }
    AnyNumeric::try_from(text)
        .map(Some)
        .map_err(|cause| error::internal(format!("amount \"{text}\" is no number: {cause}")))
}

/// A finding as the trigger stores it: both languages, since the reader is not known yet.
#[derive(Serialize)]
struct Found<'a> {
    rule: &'static str,
    severity: &'static str,
    path: &'a str,
    term: Option<String>,
    value: Option<&'a str>,
    message_en: String,
    message_fr: String,
    hint_en: Option<String>,
    hint_fr: Option<String>,
    same_as: &'a [&'static str],
}

impl<'a> From<&'a Finding> for Found<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            rule: finding.rule.id,
            severity: finding.severity.as_str(),
            path: &finding.path,
            term: some_text(finding.term()),
            value: (!finding.value.is_empty()).then_some(finding.value.as_str()),
            message_en: finding.message(Lang::En),
            message_fr: finding.message(Lang::Fr),
            hint_en: some_text(finding.hint(Lang::En)),
            hint_fr: some_text(finding.hint(Lang::Fr)),
            same_as: &finding.same_as,
        }
    }
}
