//! Functions about pg_chorus itself: `rules`, `explain`, `library_version`.

use einvoice::entry;
use pgrx::iter::TableIterator;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgSqlErrorCode, name, pg_extern};

use super::some_text;
use crate::{error, shim};

#[pg_extern]
fn rules() -> Result<
    TableIterator<
        'static,
        (
            name!(rule, &'static str),
            name!(severity, &'static str),
            name!(terms, Vec<String>),
            name!(en, &'static str),
            name!(fr, &'static str),
            name!(source, &'static str),
        ),
    >,
    ErrorReport,
> {
    shim::require_utf8()?;
    Ok(TableIterator::new(entry::rules().into_iter().map(|rule| {
        let terms = rule.terms.iter().map(ToString::to_string).collect();
        (
            rule.id,
            rule.severity.as_str(),
            terms,
            rule.message.en,
            rule.message.fr,
            rule.source,
        )
    })))
}

/// One row for the rule, which a person names as it was shown to them.
#[pg_extern]
fn explain(
    id: &str,
) -> Result<
    TableIterator<
        'static,
        (
            name!(rule, &'static str),
            name!(severity, &'static str),
            name!(terms, Vec<String>),
            name!(en, &'static str),
            name!(fr, &'static str),
            name!(source, &'static str),
            name!(hint_en, Option<String>),
            name!(hint_fr, Option<String>),
            name!(same_as, Vec<&'static str>),
        ),
    >,
    ErrorReport,
> {
    shim::require_utf8()?;
    let asked = id.trim();
    let found = entry::rules()
        .into_iter()
        .find(|known| known.id.eq_ignore_ascii_case(asked))
        .ok_or_else(|| {
            error::new(
                PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
                format!("unknown rule \"{asked}\""),
            )
            .set_hint("SELECT rule FROM chorus.rules() lists them all.")
        })?;
    Ok(TableIterator::once((
        found.id,
        found.severity.as_str(),
        found.terms.iter().map(ToString::to_string).collect(),
        found.message.en,
        found.message.fr,
        found.source,
        some_text(found.hint.en.to_owned()),
        some_text(found.hint.fr.to_owned()),
        found.same_as.to_vec(),
    )))
}

#[pg_extern]
fn library_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
