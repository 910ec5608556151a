//! Normalisation: the document as GOBL would have it written, before anything is calculated.
//!
//! Inner objects come before the ones that hold them, each first by the rules of its own type, then by those of the
//! tax regime, then by the addons', EN 16931 before Chorus Pro.

mod charges;
mod line;
mod party;
mod payment;
mod tax;

pub(super) use charges::says_nothing;
pub(super) use tax::note as tax_note;

use super::addon::{CHORUS_PRO, EN16931, FRAMEWORK, TEXT_SUBJECT, text_subject};
use super::clean;
use super::model::{Attachment, Delivery, DocumentRef, Invoice, Note, Ordering, Period};
use crate::{Cancelled, Poll};

/// Which addons take part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addons {
    /// `eu-en16931-v2017`.
    pub en16931: bool,
    /// `fr-choruspro-v1`.
    pub chorus_pro: bool,
}

impl Addons {
    pub(super) fn of(invoice: &Invoice<'_>) -> Self {
        let has = |key: &str| invoice.addons.iter().any(|addon| *addon == key);
        Self {
            en16931: has(EN16931),
            chorus_pro: has(CHORUS_PRO),
        }
    }
}

pub(super) fn invoice(
    invoice: &mut Invoice<'_>,
    addons: Addons,
    poll: Poll<'_>,
) -> Result<(), Cancelled> {
    clean::code(&mut invoice.series);
    clean::code(&mut invoice.code);
    invoice
        .preceding
        .iter_mut()
        .for_each(|reference| document_ref(reference, addons));
    if let Some(tax) = &mut invoice.tax {
        self::tax::settings(tax, addons);
    }
    for party in [&mut invoice.supplier, &mut invoice.customer]
        .into_iter()
        .flatten()
    {
        party::party(party, addons);
    }
    for line in &mut invoice.lines {
        poll()?;
        line::line(line, addons);
    }
    invoice
        .discounts
        .iter_mut()
        .for_each(|discount| charges::discount(discount, addons));
    invoice
        .charges
        .iter_mut()
        .for_each(|charge| charges::charge(charge, addons));
    if let Some(ordering) = &mut invoice.ordering {
        self::ordering(ordering, addons);
    }
    if let Some(payment) = &mut invoice.payment {
        payment::payment(payment, addons);
    }
    if let Some(delivery) = &mut invoice.delivery {
        self::delivery(delivery, addons);
    }
    invoice
        .notes
        .iter_mut()
        .for_each(|note| self::note(note, addons));
    invoice.attachments.iter_mut().for_each(attachment);
    if invoice.kind.is_empty() {
        invoice.kind = "standard".into();
    }
    if addons.en16931 || addons.chorus_pro {
        let tax = invoice.tax.get_or_insert_default();
        if addons.chorus_pro && !tax.ext.has(FRAMEWORK) {
            tax.ext.set(FRAMEWORK, "A1");
        }
    }
    Ok(())
}

fn ordering(ordering: &mut Ordering<'_>, addons: Addons) {
    clean::code(&mut ordering.code);
    ordering
        .identities
        .iter_mut()
        .for_each(|identity| party::identity(identity, addons));
    clean::code(&mut ordering.cost);
    period(ordering.period.as_deref_mut());
    for party in [
        &mut ordering.buyer,
        &mut ordering.seller,
        &mut ordering.issuer,
    ]
    .into_iter()
    .flatten()
    {
        party::party(party, addons);
    }
    for references in [
        &mut ordering.projects,
        &mut ordering.contracts,
        &mut ordering.purchases,
        &mut ordering.sales,
        &mut ordering.receiving,
        &mut ordering.despatch,
        &mut ordering.tender,
    ] {
        references
            .iter_mut()
            .for_each(|reference| document_ref(reference, addons));
    }
}

fn delivery(delivery: &mut Delivery<'_>, addons: Addons) {
    if let Some(receiver) = &mut delivery.receiver {
        party::party(receiver, addons);
    }
    delivery
        .identities
        .iter_mut()
        .for_each(|identity| party::identity(identity, addons));
    period(delivery.period.as_deref_mut());
}

fn document_ref(reference: &mut DocumentRef<'_>, addons: Addons) {
    clean::code(&mut reference.series);
    clean::code(&mut reference.code);
    reference
        .identities
        .iter_mut()
        .for_each(|identity| party::identity(identity, addons));
    period(reference.period.as_mut());
    for text in [
        &mut reference.reason,
        &mut reference.description,
        &mut reference.url,
    ] {
        clean::text(text);
    }
    clean::ext(&mut reference.ext);
}

fn period(period: Option<&mut Period<'_>>) {
    if let Some(period) = period {
        clean::text(&mut period.label);
    }
}

fn note(note: &mut Note<'_>, addons: Addons) {
    clean::code(&mut note.code);
    clean::text(&mut note.text);
    clean::ext(&mut note.ext);
    if let (true, Some(code)) = (addons.en16931, text_subject(&note.key)) {
        note.ext.set(TEXT_SUBJECT, code);
    }
}

fn attachment(attachment: &mut Attachment<'_>) {
    clean::code(&mut attachment.code);
    for text in [
        &mut attachment.name,
        &mut attachment.description,
        &mut attachment.url,
    ] {
        clean::text(text);
    }
}
