//! PGC-XML-CHARACTER: texts with characters that no XML file can have.

use super::Failures;
use super::row::{Check, Row};
use crate::cii::is_legal;
use crate::en16931::{Address, AllowanceCharge, Identifier, Invoice, Line, Party, Text};
use crate::finding::Term::{self, Bt};
use crate::finding::{Rule, Severity};

pub(super) static ROWS: &[Row] = &[ROW];

const ROW: Row = {
    let row = Row::cen("PGC-XML-CHARACTER", &[], Check::Invoice(document))
        .says(
            "The text has the character {value}, which no XML file can hold: the invoice file has U+FFFD (�) in its place.",
            "Le texte contient le caractère {value}, qu’aucun fichier XML ne peut contenir : le fichier de facture porte U+FFFD (�) à sa place.",
        )
        .hint(
            "Remove the character; it usually comes along when text is pasted.",
            "Retirez ce caractère ; il accompagne souvent un texte collé.",
        );
    Row {
        rule: Rule {
            severity: Severity::Warning,
            source: "XML 1.0, section 2.2",
            ..row.rule
        },
        ..row
    }
};

/// The first character of a text that XML does not have.
fn illegal(text: &str) -> Option<char> {
    let bytes = text.as_bytes();
    let is_suspect = match bytes.last_chunk::<8>() {
        // The last eight may be looked at twice.
        Some(last) => {
            let eights = bytes.as_chunks::<8>().0;
            eights.iter().any(are_suspect) || are_suspect(last)
        }
        None => bytes.iter().any(|byte| *byte < 0x20 || *byte == 0xEF),
    };
    if is_suspect {
        text.chars().find(|character| !is_legal(*character))
    } else {
        None
    }
}

/// Whether there may be a byte below 0x20 or 0xEF among eight bytes. 0xEF begins U+FFFE and U+FFFF, among others; no other byte
/// from 0x20 on can be part of a character that XML does not have.
#[inline]
fn are_suspect(eight: &[u8; 8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let eight = u64::from_ne_bytes(*eight);
    // A byte that borrows from the one above it shows in its own highest bit.
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES * limit) & !bytes & (ONES << 7);
    below(eight, 0x20) | below(eight ^ (ONES * 0xEF), 1) != 0
}

/// Reports a text at an occurrence of its term.
fn check(out: &mut Failures<'_>, term: Term, at: [usize; 2], text: Option<&Text<'_>>) {
    if let Some(character) = text.and_then(|text| illegal(text)) {
        let code = format!("U+{:04X}", u32::from(character));
        out.fail_in(term, at, |finding| finding.value(code));
    }
}

fn document(invoice: &Invoice<'_>, out: &mut Failures<'_>) {
    let payment = invoice.payment.as_ref();
    let delivery = invoice.delivery.as_ref();
    let card = payment.and_then(|p| p.card.as_ref());
    let debit = payment.and_then(|p| p.direct_debit.as_ref());
    let once = [
        (1, invoice.number.as_ref()),
        (10, invoice.buyer_reference.as_ref()),
        (11, invoice.project.as_ref().map(|p| &p.name)),
        (12, invoice.contract.as_ref()),
        (13, invoice.purchase_order.as_ref()),
        (14, invoice.sales_order.as_ref()),
        (15, invoice.receiving_advice.as_ref()),
        (16, invoice.despatch_advice.as_ref()),
        (17, invoice.tender.as_ref()),
        (18, invoice.object.as_ref().map(|o| &o.value)),
        (19, invoice.accounting_reference.as_ref()),
        (20, invoice.payment_terms.as_ref()),
        (59, invoice.payee.as_ref().and_then(|p| p.name.as_ref())),
        (
            62,
            invoice
                .tax_representative
                .as_ref()
                .and_then(|p| p.name.as_ref()),
        ),
        (70, delivery.and_then(|d| d.name.as_ref())),
        (82, payment.and_then(|p| p.means_text.as_ref())),
        (83, payment.and_then(|p| p.remittance.as_ref())),
        (88, card.and_then(|c| c.holder.as_ref())),
        (89, debit.and_then(|d| d.mandate.as_ref())),
        (90, debit.and_then(|d| d.creditor.as_ref())),
    ];
    for (term, text) in once {
        check(out, Bt(term), [0, 0], text);
    }
    for (at, note) in invoice.notes.iter().enumerate() {
        check(out, Bt(22), [at, 0], Some(&note.text));
    }
    for (at, preceding) in invoice.preceding.iter().enumerate() {
        check(out, Bt(25), [at, 0], preceding.number.as_ref());
    }
    for (at, attachment) in invoice.attachments.iter().enumerate() {
        check(out, Bt(122), [at, 0], attachment.reference.as_ref());
        check(out, Bt(123), [at, 0], attachment.description.as_ref());
        check(out, Bt(124), [at, 0], attachment.location.as_ref());
    }
    let accounts = payment.map_or(&[][..], |p| &p.credit_transfers);
    for (at, account) in accounts.iter().enumerate() {
        check(out, Bt(85), [at, 0], account.name.as_ref());
    }
    for (at, vat) in invoice.vat.iter().enumerate() {
        check(out, Bt(120), [at, 0], vat.exemption_reason.as_ref());
    }
    reasons(&invoice.allowances, 97, out);
    reasons(&invoice.charges, 104, out);
    parties(invoice, out);
    for (at, line) in invoice.lines.iter().enumerate() {
        self::line(line, at, out);
    }
}

fn reasons(all: &[AllowanceCharge<'_>], term: u16, out: &mut Failures<'_>) {
    for (at, one) in all.iter().enumerate() {
        check(out, Bt(term), [at, 0], one.reason.as_ref());
    }
}

fn parties(invoice: &Invoice<'_>, out: &mut Failures<'_>) {
    if let Some(seller) = &invoice.seller {
        party(seller, [27, 28, 29, 30, 41, 35], out);
        check(out, Bt(33), [0, 0], seller.legal_information.as_ref());
    }
    if let Some(buyer) = &invoice.buyer {
        party(buyer, [44, 45, 46, 47, 56, 50], out);
    }
    let representative = invoice.tax_representative.as_ref();
    let delivery = invoice.delivery.as_ref();
    for (of, term) in [
        (representative.and_then(|r| r.address.as_ref()), 64),
        (delivery.and_then(|d| d.address.as_ref()), 75),
    ] {
        address(of, term, out);
    }
}

/// `terms` are those of name, trading name, identifiers, legal registration, contact and first line of the address.
fn party(party: &Party<'_>, terms: [u16; 6], out: &mut Failures<'_>) {
    let [name, trading_name, identifier, legal_id, contact, line_one] = terms;
    check(out, Bt(name), [0, 0], party.name.as_ref());
    check(out, Bt(trading_name), [0, 0], party.trading_name.as_ref());
    for (at, id) in party.identifiers.iter().enumerate() {
        check(out, Bt(identifier), [at, 0], Some(&id.value));
    }
    let legal: Option<&Identifier<'_>> = party.legal_id.as_ref();
    check(out, Bt(legal_id), [0, 0], legal.map(|id| &id.value));
    if let Some(of) = &party.contact {
        let person = of.person.as_ref().or(of.department.as_ref());
        for (term, text) in (contact..).zip([person, of.telephone.as_ref(), of.email.as_ref()]) {
            check(out, Bt(term), [0, 0], text);
        }
    }
    address(party.address.as_ref(), line_one, out);
}

/// The terms of an address follow each other: first line, second line, city, post code, region.
fn address(address: Option<&Address<'_>>, line_one: u16, out: &mut Failures<'_>) {
    let Some(address) = address else { return };
    let texts = [
        &address.line_one,
        &address.line_two,
        &address.city,
        &address.post_code,
        &address.subdivision,
    ];
    for (term, text) in (line_one..).zip(texts) {
        check(out, Bt(term), [0, 0], text.as_ref());
    }
    check(out, Bt(line_one), [0, 0], address.line_three.as_ref());
}

fn line(line: &Line<'_>, at: usize, out: &mut Failures<'_>) {
    let item = &line.item;
    let texts = [
        (127, line.note.as_ref()),
        (128, line.object.as_ref().map(|o| &o.value)),
        (132, line.order_line.as_ref()),
        (133, line.accounting_reference.as_ref()),
        (153, item.name.as_ref()),
        (154, item.description.as_ref()),
        (155, item.seller_id.as_ref()),
        (156, item.buyer_id.as_ref()),
        (157, item.standard_id.as_ref().map(|id| &id.value)),
        (159, item.origin.as_ref()),
    ];
    for (term, text) in texts {
        check(out, Bt(term), [at, 0], text);
    }
    for (inner, class) in item.classifications.iter().enumerate() {
        check(out, Bt(158), [at, inner], Some(&class.code));
    }
    for (inner, attribute) in item.attributes.iter().enumerate() {
        check(out, Bt(160), [at, inner], attribute.name.as_ref());
        check(out, Bt(161), [at, inner], attribute.value.as_ref());
    }
    for (inner, allowance) in line.allowances.iter().enumerate() {
        check(out, Bt(139), [at, inner], allowance.reason.as_ref());
    }
    for (inner, charge) in line.charges.iter().enumerate() {
        check(out, Bt(144), [at, inner], charge.reason.as_ref());
    }
}
