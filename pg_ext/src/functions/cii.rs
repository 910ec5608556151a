//! Functions on CII files: `check_cii`, `parse_cii`.
//!
//! A file comes as `bytea`, in the encoding it declares, or as `text`, whose encoding is the database's whatever it declares.

use einvoice::Poll;
use einvoice::entry::{self, File};
use einvoice::input::Error;
use pgrx::pg_extern;
use pgrx::pg_sys::panic::ErrorReport;

use super::validation::{self, Findings};
use crate::jsonb::Jsonb;
use crate::{argument, error, shim};

#[pg_extern]
fn check_cii_bytes(cii: &[u8], profile: &str, lang: &str) -> Result<Findings, ErrorReport> {
    check(File::Bytes(cii), profile, lang)
}

#[pg_extern]
fn check_cii_text(cii: &str, profile: &str, lang: &str) -> Result<Findings, ErrorReport> {
    check(File::Text(cii), profile, lang)
}

#[pg_extern]
fn parse_cii_bytes(cii: &[u8]) -> Result<Jsonb, ErrorReport> {
    parse(File::Bytes(cii))
}

#[pg_extern]
fn parse_cii_text(cii: &str) -> Result<Jsonb, ErrorReport> {
    parse(File::Text(cii))
}

fn check(file: File<'_>, profile: &str, lang: &str) -> Result<Findings, ErrorReport> {
    let (profile, lang) = (argument::profile(profile)?, argument::lang(lang)?);
    let findings = work(|poll| entry::check_cii(file, profile, poll))?;
    Ok(validation::rows(findings, lang))
}

fn parse(file: File<'_>) -> Result<Jsonb, ErrorReport> {
    // What was read lends from the file's characters, which are gone after the work.
    work(|poll| {
        let text = entry::decode_cii(file)?;
        entry::parse_cii(&text, poll).map(|invoice| Jsonb::of(&invoice))
    })?
}

/// Has the domain work on the file.
fn work<T>(operation: impl FnOnce(Poll<'_>) -> Result<T, Error>) -> Result<T, ErrorReport> {
    shim::require_utf8()?;
    let mut poll = || {
        shim::check_interrupts();
        Ok(())
    };
    operation(&mut poll).map_err(|cause| match cause {
        Error::Cancelled(_) => error::cancelled(),
        Error::Refused(refusal) => error::refused(refusal),
    })
}
