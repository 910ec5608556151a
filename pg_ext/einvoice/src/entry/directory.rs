//! The buyer's requirements.

use super::{calculated, no_invoice};
use crate::chorus::directory::{self, Directory};
use crate::en16931::from_gobl;
use crate::entry::Profile;
use crate::finding::Finding;
use crate::input::{Error, Source};
use crate::{Poll, rules};

/// What the invoice lacks of that which its buyer asks for in the directory of Chorus Pro, and what the directory does not say;
/// ordered by path.
///
/// ```
/// use einvoice::chorus::directory::Directory;
/// let doc = r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "$regime": "FR", "issue_date": "2026-02-03", "currency": "EUR"}"#;
/// let findings = einvoice::entry::check_directory(doc, &Directory::default(), &mut || Ok(())).unwrap();
/// assert_eq!(findings[0].rule.id, "PGC-CPRO-DIRECTORY");
/// ```
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn check_directory<'de>(
    source: impl Source<'de>,
    directory: &Directory,
    poll: Poll<'_>,
) -> Result<Vec<Finding>, Error> {
    let document = calculated(source, poll)?.document;
    let invoice = document.invoice().ok_or_else(no_invoice)?;
    let mapped = from_gobl::map(invoice, Profile::ChorusPro, poll)?;
    let locator = from_gobl::Locator::new(invoice, Profile::ChorusPro, document.root());
    let mut findings = Vec::new();
    directory::check(&mapped, directory, &locator, &mut findings);
    Ok(rules::fold(findings, poll)?)
}
