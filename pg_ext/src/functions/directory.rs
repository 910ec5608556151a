//! Functions about what Chorus Pro says: `check_directory` of a buyer, `locate` of an element.

use einvoice::chorus::directory::Directory;
use einvoice::entry;
use einvoice::input::Source as _;
use pgrx::iter::TableIterator;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgSqlErrorCode, name, pg_extern};
use serde::de::DeserializeOwned;

use super::validation::{self, Findings};
use super::work;
use crate::jsonb::{Document, RawJsonb};
use crate::{argument, error};

/// Not STRICT: what the directory was not asked about is NULL, which is an answer too. A NULL document has no findings.
#[pg_extern]
fn check_directory(
    doc: Option<RawJsonb<'_>>,
    structure: Option<RawJsonb<'_>>,
    services: Option<RawJsonb<'_>>,
    lang: &str,
) -> Result<Findings, ErrorReport> {
    let lang = argument::lang(lang)?;
    let directory = Directory {
        structure: answer(structure, "structure")?,
        services: answer(services, "services")?,
    };
    let findings = match doc {
        Some(doc) => work(doc, |source, poll| {
            entry::check_directory(source, &directory, poll)
        })?,
        None => Vec::new(),
    };
    Ok(validation::rows(findings, lang))
}

#[pg_extern]
fn locate(
    doc: RawJsonb<'_>,
    cii_path: &str,
) -> Result<TableIterator<'static, (name!(path, String), name!(term, String))>, ErrorReport> {
    let found = work(doc, |source, poll| entry::locate(source, cii_path, poll))?;
    Ok(TableIterator::new(
        found
            .into_iter()
            .map(|found| (found.path, found.term.to_string())),
    ))
}

/// An answer of Chorus Pro; JSON's null is none.
fn answer<T: DeserializeOwned>(
    raw: Option<RawJsonb<'_>>,
    parameter: &str,
) -> Result<Option<T>, ErrorReport> {
    let Some(raw) = raw else { return Ok(None) };
    let document = Document::open(raw)?;
    let read = document
        .source()
        .read(std::marker::PhantomData::<Option<T>>);
    read.map_err(|cause| match document.fault() {
        Some(fault) => error::unreadable(fault, "$"),
        None => error::new(
            PgSqlErrorCode::ERRCODE_INVALID_TEXT_REPRESENTATION,
            format!("{parameter} is no answer of the directory of Chorus Pro"),
        )
        .set_detail(format!("{cause}."))
        .set_hint("structure: the answers of structures/v1/rechercher and structures/v1/consulter in one object; services: that of structures/v1/rechercher/services. What is not known is NULL."),
    })
}
