//! Functions that give a document: `build`, `render_cii`, `digest`.

use einvoice::entry;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{Array, pg_extern};

use super::work;
use crate::argument;
use crate::jsonb::{Jsonb, RawJsonb};
use crate::shim::XmlText;

#[pg_extern]
fn build(doc: RawJsonb<'_>) -> Result<Jsonb, ErrorReport> {
    // What was built lends from the document, which is gone after the work.
    work(doc, |source, poll| {
        entry::build(source, poll).map(|built| Jsonb::of(&built))
    })?
}

#[pg_extern]
fn render_cii<'a>(
    doc: RawJsonb<'a>,
    profile: &'a str,
    attachment_names: Array<'a, &'a str>,
    attachment_mimes: Array<'a, &'a str>,
    attachment_contents: Array<'a, &'a [u8]>,
) -> Result<XmlText, ErrorReport> {
    let profile = argument::profile(profile)?;
    let attachments =
        argument::attachments(&attachment_names, &attachment_mimes, &attachment_contents)?;
    work(doc, |source, poll| {
        entry::render_cii(source, profile, &attachments, poll)
    })
    .map(XmlText)
}

#[pg_extern]
fn digest(doc: RawJsonb<'_>) -> Result<String, ErrorReport> {
    work(doc, |source, poll| entry::digest(source, poll))
}
