//! Where codes stand in the model.

use super::rows::{self, Coded};
use crate::chorus::Scheme;
use crate::en16931::{AllowanceCharge, Identifier, Invoice, Line, Text};
use crate::entry::Profile;
use crate::finding::Term::{self, Bg, Bt, BtPart};
use crate::{Cancelled, Poll};

/// Lines between two interrupt checks.
const LINES_AT_ONCE: usize = 32;

/// Shows every code with its row, its term and the occurrence of its groups.
pub(super) fn each(
    invoice: &Invoice<'_>,
    profile: Profile,
    poll: Poll<'_>,
    see: &mut impl FnMut(&'static Coded, Term, [usize; 2], &str),
) -> Result<(), Cancelled> {
    let mut codes = Codes { see };
    codes.header(invoice);
    codes.parties(invoice, profile);
    codes.settlement(invoice);
    for (chunk, lines) in invoice.lines.chunks(LINES_AT_ONCE).enumerate() {
        poll()?;
        for (at, line) in lines.iter().enumerate() {
            codes.line(line, chunk * LINES_AT_ONCE + at);
        }
    }
    Ok(())
}

struct Codes<'s, S> {
    see: &'s mut S,
}

impl<S: FnMut(&'static Coded, Term, [usize; 2], &str)> Codes<'_, S> {
    fn text(&mut self, row: &'static Coded, term: Term, at: [usize; 2], code: Option<&Text<'_>>) {
        if let Some(code) = code {
            (self.see)(row, term, at, code);
        }
    }

    fn scheme(
        &mut self,
        row: &'static Coded,
        term: Term,
        at: [usize; 2],
        id: Option<&Identifier<'_>>,
    ) {
        self.text(row, term, at, id.and_then(|id| id.scheme.as_ref()));
    }

    fn header(&mut self, invoice: &Invoice<'_>) {
        let once = [0, 0];
        self.text(
            &rows::DOCUMENT_TYPE,
            Bt(3),
            once,
            invoice.type_code.as_ref(),
        );
        self.text(
            &rows::INVOICE_CURRENCY,
            Bt(5),
            once,
            invoice.currency.as_ref(),
        );
        self.text(
            &rows::TAX_CURRENCY,
            Bt(6),
            once,
            invoice.tax_currency.as_ref(),
        );
        self.text(
            &rows::TAX_POINT,
            Bt(8),
            once,
            invoice.tax_point_code.as_ref(),
        );
        self.scheme(
            &rows::OBJECT_SCHEME,
            BtPart(18, 1),
            once,
            invoice.object.as_ref(),
        );
        for (at, note) in invoice.notes.iter().enumerate() {
            self.text(&rows::NOTE_SUBJECT, Bt(21), [at, 0], note.subject.as_ref());
        }
        for (at, attachment) in invoice.attachments.iter().enumerate() {
            self.text(
                &rows::MEDIA_TYPE,
                BtPart(125, 1),
                [at, 0],
                attachment.mime.as_ref(),
            );
        }
        for (term, country) in invoice.countries() {
            (self.see)(&rows::COUNTRY, term, once, country);
        }
        let place = invoice.delivery.as_ref().and_then(|d| d.location.as_ref());
        self.scheme(&rows::PLACE_SCHEME, BtPart(71, 1), once, place);
    }

    fn parties(&mut self, invoice: &Invoice<'_>, profile: Profile) {
        for (party, identifier, legal, address) in
            [(&invoice.seller, 29, 30, 34), (&invoice.buyer, 46, 47, 49)]
        {
            let Some(party) = party else { continue };
            for (at, id) in party.identifiers.iter().enumerate() {
                self.identifier(BtPart(identifier, 1), at, id);
            }
            self.legal(BtPart(legal, 1), party.legal_id.as_ref(), profile);
            self.scheme(
                &rows::ADDRESS_SCHEME,
                BtPart(address, 1),
                [0, 0],
                party.endpoint.as_ref(),
            );
        }
        if let Some(payee) = &invoice.payee {
            if let Some(id) = &payee.identifier {
                self.identifier(BtPart(60, 1), 0, id);
            }
            self.legal(BtPart(61, 1), payee.legal_id.as_ref(), profile);
        }
    }

    fn identifier(&mut self, term: Term, at: usize, id: &Identifier<'_>) {
        let row = if id.is_global {
            &rows::PARTY_SCHEME
        } else {
            &rows::LEGAL_SCHEME
        };
        self.scheme(row, term, [at, 0], Some(id));
    }

    /// Chorus Pro has schemes of its own.
    fn legal(&mut self, term: Term, id: Option<&Identifier<'_>>, profile: Profile) {
        let scheme = id.and_then(|id| id.scheme.as_ref());
        let is_own = scheme.is_some_and(|scheme| Scheme::from_digit(scheme).is_some());
        if !(is_own && profile == Profile::ChorusPro) {
            self.text(&rows::LEGAL_SCHEME, term, [0, 0], scheme);
        }
    }

    fn settlement(&mut self, invoice: &Invoice<'_>) {
        for (at, payment) in invoice.payments().enumerate() {
            self.text(
                &rows::PAYMENT_MEANS,
                Bt(81),
                [at, 0],
                payment.means.as_ref(),
            );
        }
        // Totals of VAT are written in the currencies of the document, and in further ones.
        let totals = &invoice.totals;
        let currencies = [
            (totals.vat.is_some(), Bt(5), &invoice.currency),
            (
                totals.vat_in_tax_currency.is_some(),
                Bt(6),
                &invoice.tax_currency,
            ),
        ];
        for (is_used, term, currency) in currencies {
            let used = currency.as_ref().filter(|_| is_used);
            self.text(&rows::TOTAL_CURRENCY, term, [0, 0], used);
        }
        for total in &totals.other_vat {
            self.text(
                &rows::TOTAL_CURRENCY,
                Bt(110),
                [0, 0],
                total.currency.as_ref(),
            );
        }
        for (at, entry) in invoice.vat.iter().enumerate() {
            self.text(
                &rows::TAX_CATEGORY,
                Bt(118),
                [at, 0],
                entry.vat.category.as_ref(),
            );
            self.text(
                &rows::EXEMPTION,
                Bt(121),
                [at, 0],
                entry.exemption_code.as_ref(),
            );
        }
        for (at, allowance) in invoice.allowances.iter().enumerate() {
            self.adjustment(allowance, Bt(95), [at, 0]);
            self.text(
                &rows::ALLOWANCE_REASON,
                Bt(98),
                [at, 0],
                allowance.reason_code.as_ref(),
            );
        }
        for (at, charge) in invoice.charges.iter().enumerate() {
            self.adjustment(charge, Bt(102), [at, 0]);
            self.text(
                &rows::CHARGE_REASON,
                Bt(105),
                [at, 0],
                charge.reason_code.as_ref(),
            );
        }
    }

    fn adjustment(&mut self, each: &AllowanceCharge<'_>, term: Term, at: [usize; 2]) {
        for tax in each.taxes() {
            self.text(&rows::ADJUSTMENT_CATEGORY, term, at, tax.category.as_ref());
        }
    }

    fn line(&mut self, line: &Line<'_>, at: usize) {
        let here = [at, 0];
        for (nth, tax) in line.taxes().enumerate() {
            self.text(
                &rows::TAX_CATEGORY,
                Bt(151),
                [at, nth],
                tax.category.as_ref(),
            );
        }
        self.text(&rows::UNIT, Bt(130), here, line.unit.as_ref());
        let price = &line.price;
        for unit in [&price.base_unit, &price.gross_base_unit] {
            self.text(&rows::UNIT, Bt(150), here, unit.as_ref());
        }
        self.scheme(
            &rows::OBJECT_SCHEME,
            BtPart(128, 1),
            here,
            line.object.as_ref(),
        );
        let item = &line.item;
        self.scheme(
            &rows::ITEM_SCHEME,
            BtPart(157, 1),
            here,
            item.standard_id.as_ref(),
        );
        for (nth, class) in item.classifications.iter().enumerate() {
            self.text(
                &rows::CLASSIFICATION,
                BtPart(158, 1),
                [at, nth],
                class.list.as_ref(),
            );
        }
        self.text(&rows::ORIGIN, Bt(159), here, item.origin.as_ref());
        for (nth, allowance) in line.allowances.iter().enumerate() {
            self.adjustment(allowance, Bg(27), [at, nth]);
            self.text(
                &rows::ALLOWANCE_REASON,
                Bt(140),
                [at, nth],
                allowance.reason_code.as_ref(),
            );
        }
        for (nth, charge) in line.charges.iter().enumerate() {
            self.adjustment(charge, Bg(28), [at, nth]);
            self.text(
                &rows::CHARGE_REASON,
                Bt(145),
                [at, nth],
                charge.reason_code.as_ref(),
            );
        }
    }
}
