//! From a calculated GOBL invoice to the semantic model.
//!
//! Nothing is computed here: amounts are those of the document. Texts are borrowed; only those that GOBL keeps in parts
//! (series and code, country and VAT number, street and number) are put together.

mod amounts;
mod left_out;
mod line;
mod locate;
mod party;
mod payment;
mod role;

use std::borrow::Cow;
use std::iter;

pub use left_out::left_out;
pub use locate::Locator;
pub(super) use party::derived_id;

use super::{
    Attachment, Beyond, Day, Delivery, Identifier, Invoice, Note, Period, PrecedingInvoice,
    Project, TaxRepresentative, Text,
};
use crate::entry::Profile;
use crate::{Cancelled, Poll, gobl};

/// BT-24 of both profiles: EN 16931 without extension.
pub const SPECIFICATION: &str = "urn:cen.eu:en16931:2017";

/// Key of `meta` that holds a business process (BT-23) which is no framework of Chorus Pro.
pub const PROCESS: &str = "business-process";

/// The document in terms of EN 16931.
///
/// # Errors
/// The interrupt check said stop.
pub fn map<'m>(
    doc: &'m gobl::Invoice<'_>,
    profile: Profile,
    poll: Poll<'_>,
) -> Result<Invoice<'m>, Cancelled> {
    let currency = doc.currency.as_str();
    let rate = amounts::accounting_rate(doc);
    let mut lines = Vec::with_capacity(doc.lines.len());
    for (at, line) in doc.lines.iter().enumerate() {
        poll()?;
        lines.push(line::line(line, at));
    }
    let ordering = doc.ordering.as_ref();
    let terms = doc.payment.as_ref().and_then(|p| p.terms.as_ref());
    let tax = doc.tax.as_ref();
    let seller = ordering.and_then(|o| o.seller.as_ref());
    Ok(Invoice {
        number: number(&doc.series, &doc.code),
        issue_date: doc.issue_date.map(Day::Date),
        type_code: tax.and_then(|t| text(t.ext.get(gobl::DOCUMENT_TYPE))),
        currency: text(currency),
        tax_currency: rate.and_then(|rate| text(&rate.to)),
        tax_point_date: doc.value_date.map(Day::Date),
        tax_point_code: tax.and_then(|t| tax_point(&t.point)),
        due_date: terms
            .and_then(|t| t.due_dates.first())
            .and_then(|d| d.date)
            .map(Day::Date),
        buyer_reference: ordering.and_then(|o| text(&o.code)),
        project: ordering.and_then(|o| o.projects.first()).and_then(project),
        contract: ordering.and_then(|o| reference(&o.contracts)),
        purchase_order: ordering.and_then(|o| reference(&o.purchases)),
        sales_order: ordering.and_then(|o| reference(&o.sales)),
        receiving_advice: ordering.and_then(|o| reference(&o.receiving)),
        despatch_advice: ordering.and_then(|o| reference(&o.despatch)),
        tender: ordering.and_then(|o| reference(&o.tender)),
        object: ordering.and_then(|o| o.identities.first()).and_then(object),
        accounting_reference: ordering.and_then(|o| text(&o.cost)),
        payment_terms: terms.and_then(|t| payment::terms(t, currency)),
        notes: doc.notes.iter().filter_map(note).collect(),
        process: process(doc, profile),
        specification: Some(SPECIFICATION.into()),
        preceding: doc
            .preceding
            .iter()
            .map(|p| PrecedingInvoice {
                number: number(&p.series, &p.code),
                issue_date: p.issue_date.map(Day::Date),
            })
            .collect(),
        seller: seller
            .or(doc.supplier.as_ref())
            .map(|p| party::party(p, profile)),
        buyer: doc.customer.as_ref().map(|p| {
            let mut buyer = party::party(p, profile);
            party::keep_one_identifier(&mut buyer.identifiers);
            buyer
        }),
        payee: doc
            .payment
            .as_ref()
            .and_then(|p| p.payee.as_ref())
            .map(|p| party::payee(p, profile)),
        tax_representative: seller
            .and(doc.supplier.as_ref())
            .map(|p| TaxRepresentative {
                name: text(&p.name),
                vat_id: party::vat_id(p),
                address: party::address(p),
            }),
        delivery: doc.delivery.as_deref().and_then(delivery),
        period: doc
            .delivery
            .as_ref()
            .and_then(|d| d.period.as_deref())
            .or_else(|| ordering.and_then(|o| o.period.as_deref()))
            .map(period),
        payment: doc
            .payment
            .as_ref()
            .and_then(|p| p.instructions.as_deref())
            .map(payment::payment),
        further_payments: Vec::new(),
        allowances: doc.discounts.iter().map(amounts::discount).collect(),
        charges: doc.charges.iter().map(amounts::charge).collect(),
        neither: Vec::new(),
        totals: doc
            .totals
            .as_ref()
            .map(|totals| amounts::totals(totals, rate))
            .unwrap_or_default(),
        vat: amounts::breakdown(doc),
        attachments: doc.attachments.iter().map(attachment).collect(),
        lines,
        odd_numbers: Vec::new(),
        beyond: Beyond::default(),
    })
}

/// BT-23: the framework of the document, which is `A1` at Chorus Pro where it names none; in plain EN 16931 another business
/// process that the document was read with, too.
fn process<'m>(doc: &'m gobl::Invoice<'_>, profile: Profile) -> Option<Text<'m>> {
    let framework = doc
        .tax
        .as_ref()
        .and_then(|t| text(t.ext.get(gobl::FRAMEWORK)));
    match profile {
        Profile::ChorusPro => framework.or_else(|| Some("A1".into())),
        Profile::En16931 => framework.or_else(|| text(doc.meta.get(PROCESS))),
    }
}

/// A text, unless it is empty.
fn text(text: &str) -> Option<Text<'_>> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// The parts that are not empty, with a separator between them; borrowed where there is only one.
fn joined<'m>(parts: &[&'m str], separator: &str) -> Option<Text<'m>> {
    let mut filled = parts.iter().copied().filter(|part| !part.is_empty());
    let first = filled.next()?;
    let Some(second) = filled.next() else {
        return Some(Cow::Borrowed(first));
    };
    let mut whole = String::with_capacity(first.len() + separator.len() + second.len());
    whole.push_str(first);
    for part in iter::once(second).chain(filled) {
        whole.push_str(separator);
        whole.push_str(part);
    }
    Some(Cow::Owned(whole))
}

/// A number in two parts, as GOBL writes it: `SERIES-CODE`. A series alone is no number.
fn number<'m>(series: &'m str, code: &'m str) -> Option<Text<'m>> {
    if code.is_empty() {
        None
    } else {
        joined(&[series, code], "-")
    }
}

/// EN 16931 has one reference of each kind: the first.
fn reference<'m>(list: &'m [gobl::DocumentRef<'_>]) -> Option<Text<'m>> {
    list.first().and_then(|r| number(&r.series, &r.code))
}

fn project<'m>(reference: &'m gobl::DocumentRef<'_>) -> Option<Project<'m>> {
    let code = number(&reference.series, &reference.code)?;
    Some(Project {
        name: text(&reference.description).unwrap_or_else(|| code.clone()),
        reference: code,
    })
}

/// BT-18, BT-128: an object that is invoiced for.
fn object<'m>(identity: &'m gobl::Identity<'_>) -> Option<Identifier<'m>> {
    Some(Identifier::local(
        text(&identity.code)?,
        text(identity.ext.get(gobl::REFERENCE)),
    ))
}

/// BT-8, UNTDID 2475.
fn tax_point(point: &str) -> Option<Text<'static>> {
    match point {
        "issue" => Some("5".into()),
        "delivery" => Some("29".into()),
        "payment" => Some("72".into()),
        _ => None,
    }
}

fn note<'m>(note: &'m gobl::Note<'_>) -> Option<Note<'m>> {
    Some(Note {
        subject: text(note.ext.get(gobl::TEXT_SUBJECT)),
        text: text(&note.text)?,
    })
}

fn period(period: &gobl::Period<'_>) -> Period<'static> {
    Period {
        start: period.start.map(Day::Date),
        end: period.end.map(Day::Date),
    }
}

fn delivery<'m>(delivery: &'m gobl::Delivery<'_>) -> Option<Delivery<'m>> {
    let receiver = delivery.receiver.as_deref();
    let mapped = Delivery {
        name: receiver.and_then(|r| text(&r.name)),
        location: delivery.identities.first().and_then(|i| {
            let scheme = party::iso_scheme(i).or_else(|| scheme_of_label(&i.label));
            Some(Identifier::of(text(&i.code)?, scheme.map(Cow::Borrowed)))
        }),
        date: delivery.date.map(Day::Date),
        address: receiver.and_then(party::address),
    };
    (mapped != Delivery::default()).then_some(mapped)
}

/// Users of GOBL write the ISO 6523 scheme of a place into its label, where the reference looks for it.
fn scheme_of_label(label: &str) -> Option<&str> {
    (label.len() == 4 && label.bytes().all(|b| b.is_ascii_digit())).then_some(label)
}

fn attachment<'m>(attachment: &'m gobl::Attachment<'_>) -> Attachment<'m> {
    Attachment {
        reference: text(&attachment.code),
        description: text(&attachment.description).or_else(|| text(&attachment.name)),
        location: text(&attachment.url),
        ..Attachment::default()
    }
}
