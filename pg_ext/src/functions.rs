//! The SQL functions. Names, defaults, costs and comments are in `sql/extension`.

mod catalogue;
mod cii;
mod correct;
mod directory;
mod document;
mod identifiers;
mod process;
mod validation;

use einvoice::Poll;
use einvoice::input::{Error, Refusal};
use pgrx::pg_sys::panic::ErrorReport;

use crate::jsonb::{Document, RawJsonb, Source};
use crate::{error, shim};

/// Has the domain work on the document.
fn work<T>(
    doc: RawJsonb<'_>,
    operation: impl FnOnce(Source<'_>, Poll<'_>) -> Result<T, Error>,
) -> Result<T, ErrorReport> {
    attempt(doc, operation)?.map_err(error::refused)
}

/// As [`work`], but a refusal for what the document says is an answer. Limits, damage and cancellation are not.
fn attempt<T>(
    doc: RawJsonb<'_>,
    operation: impl FnOnce(Source<'_>, Poll<'_>) -> Result<T, Error>,
) -> Result<Result<T, Refusal>, ErrorReport> {
    shim::require_utf8()?;
    let document = Document::open(doc)?;
    let mut poll = || {
        shim::check_interrupts();
        Ok(())
    };
    match operation(document.source(), &mut poll) {
        Ok(result) => Ok(Ok(result)),
        Err(Error::Cancelled(_)) => Err(error::cancelled()),
        Err(Error::Refused(refusal)) => match document.fault() {
            Some(fault) => Err(error::unreadable(fault, &refusal.path)),
            None if error::is_limit(&refusal) => Err(error::refused(refusal)),
            None => Ok(Err(refusal)),
        },
    }
}

/// SQL says nothing with NULL, where the domain says it with an empty text.
fn some_text(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
