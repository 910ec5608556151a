//! The file: context, document, transaction.

use std::io;

use super::{transaction, xml::Xml};
use crate::en16931::{Invoice, Locate, Site};
use crate::finding::Term;
use crate::input::{Error, Refusal, RefusalKind};
use crate::{Cancelled, Poll};

const NAME_SPACES: [(&str, &str); 4] = [
    (
        "xmlns:rsm",
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    ),
    (
        "xmlns:ram",
        "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    ),
    (
        "xmlns:qdt",
        "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    ),
    (
        "xmlns:udt",
        "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    ),
];

/// Bytes of a file without lines and of one line: how much room to ask for.
const HEAD_BYTES: usize = 8 * 1024;
const LINE_BYTES: usize = 2048;

/// Why a file could not be written.
pub(super) enum Failure {
    Io(io::Error),
    Stopped(Cancelled),
    Refused(Refusal),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Cancelled> for Failure {
    fn from(cancelled: Cancelled) -> Self {
        Self::Stopped(cancelled)
    }
}

/// The invoice as a CII D16B file: UTF-8, in the order of the XSD, the same bytes for the same invoice.
///
/// Invalid invoices are written too; what they lack is left out. A character that XML 1.0 does not have becomes U+FFFD.
/// The format holds one preceding invoice (BG-3): further ones are left out.
///
/// # Errors
/// The invoice has no number (BT-1) or no issue date (BT-2), which the XSD demands; or the work was cancelled.
pub fn write(invoice: &Invoice<'_>, locate: &impl Locate, poll: Poll<'_>) -> Result<String, Error> {
    match file(invoice, locate, poll) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| unwritten(&error)),
        Err(Failure::Io(error)) => Err(unwritten(&error)),
        Err(Failure::Stopped(cancelled)) => Err(cancelled.into()),
        Err(Failure::Refused(refusal)) => Err(refusal.into()),
    }
}

fn file(invoice: &Invoice<'_>, locate: &impl Locate, poll: Poll<'_>) -> Result<Vec<u8>, Failure> {
    let embedded: usize = invoice
        .attachments
        .iter()
        .map(|a| a.content.len() / 3 * 4)
        .sum();
    let mut xml = Xml::new(HEAD_BYTES + LINE_BYTES * invoice.lines.len() + embedded)?;
    xml.root(
        "rsm:CrossIndustryInvoice",
        &NAME_SPACES,
        |xml| -> Result<(), Failure> {
            context(xml, invoice)?;
            document(xml, invoice, locate)?;
            transaction::transaction(xml, invoice, poll)
        },
    )?;
    Ok(xml.into_bytes())
}

fn context(xml: &mut Xml, invoice: &Invoice<'_>) -> io::Result<()> {
    xml.group("rsm:ExchangedDocumentContext", |xml| {
        if let Some(process) = &invoice.process {
            xml.group(
                "ram:BusinessProcessSpecifiedDocumentContextParameter",
                |xml| xml.text("ram:ID", process),
            )?;
        }
        if let Some(specification) = &invoice.specification {
            xml.group("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
                xml.text("ram:ID", specification)
            })?;
        }
        Ok(())
    })
}

fn document(xml: &mut Xml, invoice: &Invoice<'_>, locate: &impl Locate) -> Result<(), Failure> {
    let number = invoice
        .number
        .as_ref()
        .ok_or_else(|| incomplete(locate, 1, "number"))?;
    let issued = invoice
        .issue_date
        .ok_or_else(|| incomplete(locate, 2, "issue date"))?;
    xml.group("rsm:ExchangedDocument", |xml| {
        xml.text("ram:ID", number)?;
        xml.optional("ram:TypeCode", invoice.type_code.as_ref())?;
        xml.date("ram:IssueDateTime", "udt:DateTimeString", Some(issued))?;
        for note in &invoice.notes {
            xml.group("ram:IncludedNote", |xml| -> io::Result<()> {
                xml.text("ram:Content", &note.text)?;
                xml.optional("ram:SubjectCode", note.subject.as_ref())
            })?;
        }
        Ok(())
    })
}

/// What CII cannot do without is missing.
fn incomplete(locate: &impl Locate, term: u16, name: &str) -> Failure {
    let path = locate.path(Site::of(Term::Bt(term)));
    Failure::Refused(Refusal {
        kind: RefusalKind::Incomplete,
        message: format!(
            "the invoice has no {name} (BT-{term}) at {path}, which a CII file cannot do without"
        ),
        hint: format!("Fill in the {name} at {path}."),
        path,
    })
}

/// Writing to memory does not fail; were it to, this says so instead of a panic.
fn unwritten(error: &dyn std::error::Error) -> Error {
    Error::Refused(Refusal {
        kind: RefusalKind::Limit,
        path: "$".to_owned(),
        message: format!("the CII file could not be written: {error}"),
        hint: "Report this with the document that caused it.".to_owned(),
    })
}
