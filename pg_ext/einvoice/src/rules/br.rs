//! BR: what the document as a whole must say.

use super::Check::{Invoice, Line};
use super::parts::Parts;
use super::row::Row;
use crate::en16931::{self, Day, Period, is_blank};
use crate::finding::Term::{Bg, Bt};

pub(super) static ROWS: &[Row] = &[
    Row::cen("BR-01", &[Bt(24)], Invoice(|invoice, out| out.require(invoice.specification.as_ref(), Bt(24))))
        .says(
            "The invoice does not say which specification it follows (BT-24).",
            "La facture n’indique pas la spécification qu’elle suit (BT-24).",
        )
        .hint("Give urn:cen.eu:en16931:2017.", "Indiquez urn:cen.eu:en16931:2017."),
    Row::cen("BR-02", &[Bt(1)], Invoice(|invoice, out| out.require(invoice.number.as_ref(), Bt(1))))
        .says("The invoice has no number (BT-1).", "La facture n’a pas de numéro (BT-1).")
        .hint(
            "Give the invoice its number in {path}.",
            "Donnez son numéro à la facture dans {path}.",
        ),
    Row::cen(
        "BR-03",
        &[Bt(2)],
        Invoice(|invoice, out| match &invoice.issue_date {
            Some(Day::Date(_)) => {}
            Some(Day::Other { text, is_102 }) if *is_102 && !is_blank(Some(text)) => {}
            Some(day) => out.fail(Bt(2), |finding| finding.value(day)),
            None => out.fail(Bt(2), |finding| finding),
        }),
    )
    .says(
        "The invoice has no issue date (BT-2).",
        "La facture n’a pas de date d’émission (BT-2).",
    )
    .hint(
        "Give the date in {path}, as YYYY-MM-DD; in a CII file as YYYYMMDD, with format=\"102\".",
        "Indiquez la date dans {path}, sous la forme AAAA-MM-JJ ; dans un fichier CII sous la forme AAAAMMJJ, avec format=\"102\".",
    )
    .same_as(&["GOBL-BILL-INVOICE-03"]),
    Row::cen("BR-04", &[Bt(3)], Invoice(|invoice, out| out.require(invoice.type_code.as_ref(), Bt(3))))
        .says(
            "The document has no type code (BT-3), so nobody knows whether it is an invoice or a credit note.",
            "Le document n’a pas de code de type (BT-3) : on ne sait pas s’il s’agit d’une facture ou d’un avoir.",
        )
        .hint(
            "Give the code in {path}, for instance 380 for an invoice, 381 for a credit note. In GOBL, set \"type\" and build the document again; the code itself is for type \"other\".",
            "Indiquez le code dans {path}, par exemple 380 pour une facture, 381 pour un avoir. En GOBL, renseignez « type » et recalculez le document ; le code lui-même sert au type « other ».",
        )
        .same_as(&["GOBL-EU-EN16931-BILL-INVOICE-01", "GOBL-EU-EN16931-BILL-INVOICE-02"]),
    Row::cen("BR-05", &[Bt(5)], Invoice(|invoice, out| out.require(invoice.currency.as_ref(), Bt(5))))
        .says("The invoice has no currency (BT-5).", "La facture n’a pas de devise (BT-5).")
        .hint(
            "Give the currency in {path}, for instance EUR.",
            "Indiquez la devise dans {path}, par exemple EUR.",
        )
        .same_as(&["GOBL-BILL-INVOICE-04"]),
    Row::cen("BR-16", &[Bg(25)], Invoice(|invoice, out| out.require_some(invoice.lines.first(), Bg(25))))
        .says("The invoice has no line (BG-25).", "La facture n’a aucune ligne (BG-25).")
        .hint("Give at least one line in {path}.", "Indiquez au moins une ligne dans {path}.")
        .same_as(&["GOBL-EU-EN16931-BILL-INVOICE-03", "GOBL-BILL-INVOICE-10"]),
    Row::cen(
        "BR-29",
        &[Bt(74), Bt(73)],
        Invoice(|invoice, out| {
            if let Some(end) = invoice.period.as_ref().and_then(out_of_order) {
                out.fail(Bt(74), |finding| finding.value(end));
            }
        }),
    )
    .about(Parts::PERIOD)
    .says(
        "The invoicing period ends on {value} (BT-74), before it starts (BT-73), or one of its dates is not in format 102.",
        "La période de facturation se termine le {value} (BT-74), avant son début (BT-73), ou l’une de ses dates n’est pas au format 102.",
    )
    .hint(DATES[0], DATES[1])
    .same_as(&["GOBL-CAL-PERIOD-10"]),
    Row::cen(
        "BR-30",
        &[Bt(135), Bt(134)],
        Line(|line, out| {
            if let Some(end) = line.period.as_ref().and_then(out_of_order) {
                out.fail(Bt(135), |finding| finding.value(end));
            }
        }),
    )
    .about(Parts::LINE_PERIOD)
    .says(
        "The period of the line ends on {value} (BT-135), before it starts (BT-134), or one of its dates is not in format 102.",
        "La période de la ligne se termine le {value} (BT-135), avant son début (BT-134), ou l’une de ses dates n’est pas au format 102.",
    )
    .hint(DATES[0], DATES[1])
    .same_as(&["GOBL-CAL-PERIOD-10"]),
    Row::cen(
        "BR-52",
        &[Bt(122)],
        Invoice(|invoice, out| {
            if out.is_file() {
                return;
            }
            for (at, attachment) in invoice.attachments.iter().enumerate() {
                if is_blank(attachment.reference.as_ref()) {
                    out.fail_at(Bt(122), at, |finding| finding);
                }
            }
            unnamed_documents(invoice, |term, at| out.fail_at(term, at, |finding| finding));
        }),
    )
    .says(
        "A document that the invoice refers to has no reference (BT-122; BT-17, BT-18, BT-128 for tenders and invoiced objects).",
        "Un document cité par la facture n’a pas de référence (BT-122 ; BT-17, BT-18, BT-128 pour les appels d’offres et objets facturés).",
    )
    .hint(
        "Give the document a reference in {path}, for instance its file name.",
        "Donnez une référence au document dans {path}, par exemple son nom de fichier.",
    )
    .same_as(&["GOBL-EU-EN16931-ORG-ATTACHMENT-01"]),
    Row::cen(
        "BR-55",
        &[Bt(25)],
        Invoice(|invoice, out| {
            for (at, preceding) in invoice.preceding.iter().enumerate() {
                if is_blank(preceding.number.as_ref()) {
                    out.fail_at(Bt(25), at, |finding| finding);
                }
            }
        }),
    )
    .about(Parts::PRECEDING)
    .says(
        "The reference to a preceding invoice has no number (BT-25).",
        "La référence à une facture antérieure n’a pas de numéro (BT-25).",
    )
    .hint(
        "Give the number of the preceding invoice in {path}, or remove the reference.",
        "Indiquez le numéro de la facture antérieure dans {path}, ou retirez la référence.",
    )
    .same_as(&["GOBL-ORG-DOCUMENTREF-01"]),
];

const DATES: [&str; 2] = [
    "Correct the dates of the period at {path}; in a CII file both are YYYYMMDD, with format=\"102\".",
    "Corrigez les dates de la période dans {path} ; dans un fichier CII, les deux sont au format AAAAMMJJ, avec format=\"102\".",
];

/// The end of a period whose dates are out of order. Dates are compared as the texts that CII has, in format 102 alone.
fn out_of_order<'p, 'a>(period: &'p Period<'a>) -> Option<&'p Day<'a>> {
    let (start, end) = period.start.as_ref().zip(period.end.as_ref())?;
    let in_order = match (start, end) {
        (Day::Date(start), Day::Date(end)) => start <= end,
        _ => text_102(start)
            .zip(text_102(end))
            .is_some_and(|(start, end)| start <= end),
    };
    (!in_order).then_some(end)
}

fn text_102(day: &Day<'_>) -> Option<String> {
    match day {
        Day::Date(date) => Some(date.strftime("%Y%m%d").to_string()),
        Day::Other { text, is_102 } => is_102.then(|| text.to_string()),
    }
}

/// Tenders and invoiced objects without reference: CII has them in the same elements as supporting documents.
fn unnamed_documents(
    invoice: &en16931::Invoice<'_>,
    mut fail: impl FnMut(crate::finding::Term, usize),
) {
    let says_nothing = |text: Option<&en16931::Text<'_>>| text.is_some() && is_blank(text);
    if says_nothing(invoice.tender.as_ref()) {
        fail(Bt(17), 0);
    }
    if says_nothing(invoice.object.as_ref().map(|object| &object.value)) {
        fail(Bt(18), 0);
    }
    for (at, line) in invoice.lines.iter().enumerate() {
        if says_nothing(line.object.as_ref().map(|object| &object.value)) {
            fail(Bt(128), at);
        }
    }
}
