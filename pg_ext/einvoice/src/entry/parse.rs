use std::borrow::Cow;

use crate::cii::tree::Error as Unreadable;
use crate::cii::tree::{Tree, name};
use crate::cii::{decode, read};
use crate::en16931::to_gobl;
use crate::finding::Lang;
use crate::gobl;
use crate::input::{Error, Refusal, RefusalKind};
use crate::{Cancelled, Poll};

/// A CII file as it comes.
#[derive(Debug, Clone, Copy)]
pub enum File<'a> {
    /// Its bytes, in the encoding that they declare.
    Bytes(&'a [u8]),
    /// Its characters, whatever encoding they declare.
    Text(&'a str),
}

/// The characters of a file, borrowed where they are UTF-8.
pub(super) fn characters(file: File<'_>) -> Result<Cow<'_, str>, Unreadable> {
    match file {
        File::Bytes(bytes) => decode::decode(bytes),
        File::Text(text) => Ok(Cow::Borrowed(text)),
    }
}

/// The characters of a CII file, for [`parse_cii`]: borrowed from the file where they are UTF-8.
///
/// # Errors
/// The file is empty, too large, in an encoding that is not known, or not in the encoding that it declares.
pub fn decode_cii(file: File<'_>) -> Result<Cow<'_, str>, Error> {
    characters(file).map_err(refused)
}

/// A CII file as a calculated GOBL invoice.
///
/// Any profile will do; what EN 16931 or GOBL has no place for is passed over. Where the file's own totals are not those of
/// its lines, they stay as they are, since the invoice has been issued with them; `check_cii` tells them apart.
///
/// # Errors
/// The text is no CII file, GOBL cannot calculate the invoice, or the work was cancelled.
pub fn parse_cii<'x>(text: &'x str, poll: Poll<'_>) -> Result<gobl::Invoice<'x>, Error> {
    let tree = Tree::read(text, poll).map_err(refused)?;
    let root = tree.root();
    if root.name() != name::CROSS_INDUSTRY_INVOICE {
        return Err(no_cii(format!(
            "the file is no UN/CEFACT Cross Industry Invoice: its root element is {}",
            root.shown_name()
        )));
    }
    let reading = read::read(&tree, poll)?;
    Ok(to_gobl::build(&reading.invoice, poll)?.invoice)
}

fn refused(error: Unreadable) -> Error {
    match error {
        Unreadable::Cancelled(Cancelled) => Cancelled.into(),
        Unreadable::Unreadable(finding) => Error::Refused(Refusal {
            kind: RefusalKind::NotCii,
            message: sentence(&finding.message(Lang::En)),
            hint: finding.hint(Lang::En),
            path: finding.path,
        }),
    }
}

/// Without its full stop, as PostgreSQL writes its messages.
fn sentence(message: &str) -> String {
    message.trim_end_matches('.').to_owned()
}

fn no_cii(message: String) -> Error {
    Error::Refused(Refusal {
        kind: RefusalKind::NotCii,
        path: "/".to_owned(),
        message,
        hint: "Give a CII file: the XML itself, or the one embedded in a Factur-X PDF.".to_owned(),
    })
}
