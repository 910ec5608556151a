//! From an element of the file back to the field of the document.

use super::{calculated, no_invoice};
use crate::cii::binding::site_named;
use crate::cii::tree::{Error as Unreadable, Tree};
use crate::en16931::{Locate as _, from_gobl};
use crate::entry::Profile;
use crate::finding::Term;
use crate::input::{Error, Source};
use crate::{Poll, cii, gobl};

/// A field of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Its JSON path; where the user did not write it the path where it would stand.
    pub path: String,
    /// Its term.
    pub term: Term,
}

/// The field that an element of the rendered file comes from: `cii_path` is the path of the element, or a message of Chorus Pro
/// that names it. `None` where it names no element that a term of EN 16931 is for.
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn locate<'de>(
    source: impl Source<'de>,
    cii_path: &str,
    poll: Poll<'_>,
) -> Result<Option<Located>, Error> {
    let document = calculated(source, poll)?.document;
    let invoice = document.invoice().ok_or_else(no_invoice)?;
    let net = gobl::net(invoice, poll)?;
    let mapped = from_gobl::map(&net, Profile::ChorusPro, poll)?;
    let locator = from_gobl::Locator::new(&net, Profile::ChorusPro, document.root());
    // Even what cannot be rendered has its terms where they would stand.
    let file = match cii::write(&mapped, &locator, poll) {
        Ok(file) => Some(file),
        Err(Error::Refused(_)) => None,
        Err(cancelled) => return Err(cancelled),
    };
    let tree = match file.as_deref().map(|file| Tree::read(file, poll)) {
        Some(Ok(tree)) => Some(tree),
        Some(Err(Unreadable::Cancelled(cancelled))) => return Err(cancelled.into()),
        Some(Err(Unreadable::Unreadable(_))) | None => None,
    };
    let site = site_named(tree.as_ref(), cii_path);
    Ok(site.map(|site| Located {
        path: locator.path(site),
        term: site.term,
    }))
}
