//! Functions about pg_chorus itself: `rules`, `library_version`.

use einvoice::entry;
use pgrx::iter::TableIterator;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{name, pg_extern};

use crate::shim;

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

#[pg_extern]
fn library_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
