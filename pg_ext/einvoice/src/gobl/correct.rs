//! Corrections: from an invoice to the credit note or corrective invoice about it (GOBL `bill/invoice_correct.go`).

use jiff::civil::Date;

use super::addon::FRAMEWORK;
use super::calculate::{calculate, in_envelope};
use super::list::List;
use super::model::{DocumentRef, Invoice, Payment};
use super::read::Document;
use super::scalar::Text;
use crate::Poll;
use crate::input::{Error, Refusal, RefusalKind};

/// What a correction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionType {
    /// Gives back what the invoice asks for; its amounts are positive.
    CreditNote,
    /// Takes the place of the invoice.
    Corrective,
}

impl CorrectionType {
    /// From GOBL's word, the `type` of the new document.
    ///
    /// ```
    /// use einvoice::gobl::CorrectionType;
    /// assert_eq!(CorrectionType::parse("credit-note"), Some(CorrectionType::CreditNote));
    /// assert_eq!(CorrectionType::parse("standard"), None);
    /// ```
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::CreditNote, Self::Corrective]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// GOBL's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreditNote => "credit-note",
            Self::Corrective => "corrective",
        }
    }
}

/// What the new document says that the invoice cannot know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction<'a> {
    /// What it is.
    pub kind: CorrectionType,
    /// Its date of issue (BT-2).
    pub issue_date: Date,
    /// Its number (BT-1), or what follows the series in it; empty when it is to be numbered later.
    pub code: Text<'a>,
    /// First part of its number; empty for none. That of the invoice is not taken over.
    pub series: Text<'a>,
    /// Why the invoice is corrected.
    pub reason: Text<'a>,
    /// Whether the reference to the invoice shows its taxes.
    pub copy_tax: bool,
}

/// The correction of a document, calculated, with that document as the preceding one (BG-3). It is a bare invoice also for
/// an envelope, whose head and signatures speak of the other document.
///
/// It departs from the reference in what would be false of the new document: advances are left out, as are due dates before
/// its date of issue, and the framework of paid invoices (A2) becomes that of others (A1), since nothing has been paid.
///
/// # Errors
/// The invoice has no number; otherwise as [`calculate`].
pub fn correct<'a>(
    document: Document<'a>,
    correction: Correction<'a>,
    poll: Poll<'_>,
) -> Result<Invoice<'a>, Error> {
    match document {
        Document::Invoice(mut invoice) => {
            turn(&mut invoice, correction, poll)?;
            Ok(*invoice)
        }
        Document::Envelope(envelope) => {
            let mut invoice = envelope.doc.unwrap_or_default();
            turn(&mut invoice, correction, poll).map_err(in_envelope)?;
            Ok(*invoice)
        }
    }
}

/// Turns an invoice into its correction.
fn turn<'a>(
    invoice: &mut Invoice<'a>,
    correction: Correction<'a>,
    poll: Poll<'_>,
) -> Result<(), Error> {
    if invoice.code.is_empty() {
        return Err(Error::Refused(Refusal {
            kind: RefusalKind::Incomplete,
            path: "$.code".to_owned(),
            message: "the invoice to correct has no number".to_owned(),
            hint: "Set \"code\" to its number: only an issued invoice can be corrected.".to_owned(),
        }));
    }
    if correction.copy_tax && invoice.totals.is_none() {
        calculate(invoice, poll)?;
    }
    let taxes = invoice
        .totals
        .as_ref()
        .and_then(|totals| totals.taxes.clone());
    let corrected = DocumentRef {
        uuid: std::mem::take(&mut invoice.uuid),
        kind: std::mem::replace(&mut invoice.kind, correction.kind.as_str().into()),
        series: std::mem::replace(&mut invoice.series, correction.series),
        code: std::mem::replace(&mut invoice.code, correction.code),
        issue_date: invoice.issue_date.replace(correction.issue_date),
        reason: correction.reason,
        tax: taxes.filter(|_| correction.copy_tax),
        ..DocumentRef::default()
    };
    invoice.preceding = List::from(vec![corrected]);
    if let Some(payment) = &mut invoice.payment {
        forget(payment, correction.issue_date);
    }
    invoice.payment = invoice
        .payment
        .take()
        .filter(|payment| **payment != Payment::default());
    if let Some(tax) = invoice
        .tax
        .as_mut()
        .filter(|tax| tax.ext.get(FRAMEWORK) == "A2")
    {
        tax.ext.set(FRAMEWORK, "A1");
    }
    calculate(invoice, poll)
}

/// Leaves out what is past on a day: advances, and due dates with the terms that consist of them.
fn forget(payment: &mut Payment<'_>, day: Date) {
    payment.advances = List::default();
    if let Some(terms) = &mut payment.terms {
        let before = terms.due_dates.len();
        terms
            .due_dates
            .retain(|due| due.date.is_none_or(|date| date >= day));
        let is_spent =
            terms.due_dates.len() < before && terms.due_dates.is_empty() && terms.notes.is_empty();
        payment.terms = payment.terms.take().filter(|_| !is_spent);
    }
}
