//! Credit notes and corrective invoices.

use crate::Poll;
use crate::gobl::{self, Correction};
use crate::input::{Error, Source};

/// The correction of a document, calculated: a bare invoice, also for an envelope, whose head speaks of the other document.
///
/// # Errors
/// The document is refused, has no number, cannot be calculated, or the work was cancelled.
pub fn correct<'de>(
    source: impl Source<'de>,
    correction: Correction<'de>,
    poll: Poll<'_>,
) -> Result<gobl::Invoice<'de>, Error> {
    let document = gobl::read(source)?.document;
    gobl::correct(document, correction, poll)
}
