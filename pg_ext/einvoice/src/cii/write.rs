//! The file: context, document, transaction.

mod agreement;
mod line;
mod parts;
mod party;
mod settlement;
mod xml;

use crate::en16931::{Day, Invoice, Locate, Site, Text};
use crate::finding::Term;
use crate::input::{Error, Refusal, RefusalKind};
use crate::{Cancelled, Poll};

use self::xml::Xml;
pub(crate) use self::xml::is_legal;

const NAME_SPACES: [(&str, Option<&str>); 4] = [
    (
        "xmlns:rsm",
        Some("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
    ),
    (
        "xmlns:ram",
        Some("urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"),
    ),
    (
        "xmlns:qdt",
        Some("urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
    ),
    (
        "xmlns:udt",
        Some("urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
    ),
];

/// Bytes of a file without lines and of one line: how much room to ask for.
const HEAD_BYTES: usize = 8 * 1024;
const LINE_BYTES: usize = 2048;

/// The invoice as a CII D16B file: UTF-8, in the order of the XSD, the same bytes for the same invoice.
///
/// Invalid invoices are written too; what they lack is left out. A character that XML 1.0 does not have becomes U+FFFD.
/// The format holds one preceding invoice (BG-3): further ones are left out.
///
/// # Errors
/// The invoice has no number (BT-1) or no issue date (BT-2), which the XSD demands; or the work was cancelled.
pub fn write(invoice: &Invoice<'_>, locate: &impl Locate, poll: Poll<'_>) -> Result<String, Error> {
    let required = Required {
        number: invoice
            .number
            .as_ref()
            .ok_or_else(|| incomplete(locate, 1, "number"))?,
        issue_date: invoice
            .issue_date
            .as_ref()
            .ok_or_else(|| incomplete(locate, 2, "issue date"))?,
    };
    let embedded: usize = invoice
        .attachments
        .iter()
        .map(|a| a.content.len().div_ceil(3) * 4)
        .sum();
    let mut xml = Xml::new(HEAD_BYTES + LINE_BYTES * invoice.lines.len() + embedded);
    xml.group_with("rsm:CrossIndustryInvoice", &NAME_SPACES, |xml| {
        xml.group("rsm:ExchangedDocumentContext", |xml| context(xml, invoice));
        xml.group("rsm:ExchangedDocument", |xml| {
            document(xml, invoice, &required);
        });
        xml.group("rsm:SupplyChainTradeTransaction", |xml| {
            transaction(xml, invoice, poll)
        })
    })?;
    Ok(xml.finish())
}

/// What CII cannot do without.
struct Required<'i> {
    number: &'i Text<'i>,
    issue_date: &'i Day<'i>,
}

fn context(xml: &mut Xml, invoice: &Invoice<'_>) {
    for (name, id) in [
        (
            "ram:BusinessProcessSpecifiedDocumentContextParameter",
            &invoice.process,
        ),
        (
            "ram:GuidelineSpecifiedDocumentContextParameter",
            &invoice.specification,
        ),
    ] {
        if let Some(id) = id {
            xml.group(name, |xml| xml.text("ram:ID", id));
        }
    }
}

fn document(xml: &mut Xml, invoice: &Invoice<'_>, required: &Required<'_>) {
    xml.text("ram:ID", required.number);
    xml.optional("ram:TypeCode", invoice.type_code.as_ref());
    let (name, data_type) = ("ram:IssueDateTime", "udt:DateTimeString");
    parts::date(xml, name, data_type, Some(required.issue_date));
    for note in &invoice.notes {
        xml.group("ram:IncludedNote", |xml| {
            xml.text("ram:Content", &note.text);
            xml.optional("ram:SubjectCode", note.subject.as_ref());
        });
    }
}

fn transaction(xml: &mut Xml, invoice: &Invoice<'_>, poll: Poll<'_>) -> Result<(), Cancelled> {
    for line in &invoice.lines {
        poll()?;
        xml.group("ram:IncludedSupplyChainTradeLineItem", |xml| {
            line::line(xml, line);
        });
    }
    xml.group("ram:ApplicableHeaderTradeAgreement", |xml| {
        agreement::agreement(xml, invoice);
    });
    xml.group("ram:ApplicableHeaderTradeDelivery", |xml| {
        agreement::delivery(xml, invoice);
    });
    xml.group("ram:ApplicableHeaderTradeSettlement", |xml| {
        settlement::settlement(xml, invoice);
    });
    Ok(())
}

/// A value that CII demands is missing.
fn incomplete(locate: &impl Locate, term: u16, name: &str) -> Refusal {
    let path = locate.path(Site::of(Term::Bt(term)));
    Refusal {
        kind: RefusalKind::Incomplete,
        message: format!(
            "the invoice has no {name} (BT-{term}) at {path}, which a CII file cannot do without"
        ),
        hint: format!("Fill in the {name} at {path}."),
        path,
    }
}
