//! BR-CO: conditions between terms.

use super::Check::{Invoice, Line};
use super::Failures;
use super::br_totals::entries;
use super::parts::Parts;
use super::row::Row;
use crate::codes;
use crate::en16931::{Period, is_blank};
use crate::finding::Term::{self, Bg, Bt};

pub(super) static ROWS: &[Row] = &[
    Row::cen(
        "BR-CO-03",
        &[Bt(7), Bt(8)],
        Invoice(|invoice, out| {
            let both = invoice.tax_point_date.as_ref().filter(|_| invoice.tax_point_code.is_some());
            if let Some(date) = both.filter(|_| entries(invoice).next().is_some()) {
                out.fail(Bt(7), |finding| finding.value(date));
            }
        }),
    )
    .about(Parts::TAX_POINT_DATE)
    .says(
        "The invoice gives both the date when VAT becomes due, {value} (BT-7), and the event that makes it due (BT-8).",
        "La facture indique à la fois la date d’exigibilité de la TVA, {value} (BT-7), et l’événement qui la rend exigible (BT-8).",
    )
    .hint(
        "Keep one of the two: the date in {path}, or the code (in GOBL tax.point).",
        "Gardez l’une des deux indications : la date dans {path}, ou le code (en GOBL tax.point).",
    )
    .same_as(&["GOBL-BILL-INVOICE-11"]),
    Row::cen(
        "BR-CO-04",
        &[Bt(151)],
        Line(|line, out| {
            if !line.taxes().any(|tax| tax.is_vat() && tax.category.is_some()) {
                out.fail(Bt(151), |finding| finding);
            }
        }),
    )
    .says(
        "The line has no VAT category (BT-151).",
        "La ligne n’a pas de catégorie de TVA (BT-151).",
    )
    .hint(
        "Give the category of the line's VAT in {path}, for instance S; exempt lines need one too. In GOBL: {\"cat\": \"VAT\", \"rate\": \"general\"}.",
        "Indiquez la catégorie de TVA de la ligne dans {path}, par exemple S ; une ligne exonérée en a besoin aussi. En GOBL : {\"cat\": \"VAT\", \"rate\": \"general\"}.",
    ),
    Row::cen(
        "BR-CO-09",
        &[Bt(31), Bt(48), Bt(63)],
        Invoice(|invoice, out| {
            if out.is_file() {
                return;
            }
            vat_id(out, invoice.seller.as_ref().and_then(|s| s.vat_id.as_deref()), Bt(31));
            vat_id(out, invoice.buyer.as_ref().and_then(|b| b.vat_id.as_deref()), Bt(48));
            let representative = invoice.tax_representative.as_ref();
            vat_id(out, representative.and_then(|r| r.vat_id.as_deref()), Bt(63));
        }),
    )
    .says(
        "The VAT number {value} (BT-31, BT-48, BT-63) does not begin with the two letters of a country.",
        "Le numéro de TVA {value} (BT-31, BT-48, BT-63) ne commence pas par les deux lettres d’un pays.",
    )
    .hint(
        "Write the VAT number in {path} with its country before it, for instance FR; Greece is EL or GR, Northern Ireland XI.",
        "Écrivez le numéro de TVA dans {path} précédé de son pays, par exemple FR ; la Grèce est EL ou GR, l’Irlande du Nord XI.",
    ),
    Row::cen(
        "BR-CO-18",
        &[Bg(23)],
        Invoice(|invoice, out| {
            if invoice.vat.is_empty() && !invoice.lines.is_empty() {
                out.fail(Bg(23), |finding| finding);
            }
        }),
    )
    .says(
        "The invoice has no VAT breakdown (BG-23).",
        "La facture n’a pas de ventilation de la TVA (BG-23).",
    )
    .hint(
        "Give one entry for each category and rate in {path}. In GOBL, give the lines their taxes, and build the document again.",
        "Indiquez une entrée par catégorie et taux dans {path}. En GOBL, indiquez les taxes des lignes, et recalculez le document.",
    ),
    Row::cen(
        "BR-CO-19",
        &[Bg(14), Bt(73), Bt(74)],
        Invoice(|invoice, out| empty_period(out, invoice.period.as_ref(), Bg(14))),
    )
    .about(Parts::PERIOD)
    .says(
        "The invoicing period (BG-14) has neither a first day (BT-73) nor a last one (BT-74).",
        "La période de facturation (BG-14) n’a ni premier jour (BT-73) ni dernier jour (BT-74).",
    )
    .hint(PERIOD[0], PERIOD[1])
    .same_as(&["GOBL-CAL-PERIOD-01", "GOBL-CAL-PERIOD-02"]),
    Row::cen(
        "BR-CO-20",
        &[Bg(26), Bt(134), Bt(135)],
        Line(|line, out| empty_period(out, line.period.as_ref(), Bg(26))),
    )
    .about(Parts::LINE_PERIOD)
    .says(
        "The period of the line (BG-26) has neither a first day (BT-134) nor a last one (BT-135).",
        "La période de la ligne (BG-26) n’a ni premier jour (BT-134) ni dernier jour (BT-135).",
    )
    .hint(PERIOD[0], PERIOD[1])
    .same_as(&["GOBL-CAL-PERIOD-01", "GOBL-CAL-PERIOD-02"]),
    Row::cen(
        "BR-CO-26",
        &[Bt(30), Bt(29), Bt(31)],
        Invoice(|invoice, out| {
            let Some(seller) = &invoice.seller else { return };
            if seller.identifiers.is_empty() && seller.legal_id.is_none() && seller.vat_id.is_none() {
                out.fail(Bt(30), |finding| finding);
            }
        }),
    )
    .says(
        "The seller has no identifier: neither of its own (BT-29), nor a legal registration (BT-30), nor a VAT number (BT-31).",
        "Le fournisseur n’a pas d’identifiant : ni identifiant propre (BT-29), ni immatriculation (BT-30), ni numéro de TVA (BT-31).",
    )
    .hint(
        "Give one of them, for instance the SIRET or SIREN in {path}.",
        "Indiquez l’un d’eux, par exemple le SIRET ou le SIREN dans {path}.",
    )
    .same_as(&["PGC-CPRO-IDENTIFIER"]),
    Row::dropped(
        "PGC-BR-CO-25",
        &[Bt(20), Bt(9), Bt(115)],
        Invoice(|invoice, out| {
            let is_due = invoice
                .totals
                .due
                .is_some_and(|due| !due.is_negative() && !due.is_zero());
            // Nobody pays a credit note, though its amounts are positive.
            let is_credit = invoice.type_code.as_deref().is_some_and(codes::is_credit);
            let says_when =
                invoice.due_date.is_some() || !is_blank(invoice.payment_terms.as_ref());
            if is_due && !is_credit && !says_when {
                let due = invoice.totals.due;
                out.fail(Bt(20), |finding| finding.value(due.unwrap_or_default()));
            }
        }),
    )
    .says(
        "An amount of {value} is due (BT-115), but nothing says when to pay: neither a date (BT-9) nor payment terms (BT-20).",
        "Un montant de {value} est dû (BT-115), mais rien n’indique quand payer : ni échéance (BT-9) ni conditions de paiement (BT-20).",
    )
    .hint(
        "Give the date when the payment is due, or the terms, in {path}.",
        "Indiquez l’échéance, ou les conditions de paiement, dans {path}.",
    )
    .same_as(&[
        "GOBL-EU-EN16931-BILL-INVOICE-06",
        "GOBL-EU-EN16931-BILL-INVOICE-07",
        "GOBL-EU-EN16931-PAY-TERMS-01",
    ]),
];

const PERIOD: [&str; 2] = [
    "Give the first and the last day in {path}, or remove the period.",
    "Indiquez le premier et le dernier jour dans {path}, ou retirez la période.",
];

/// The artefact looks at the first two characters alone. Greece has a prefix of its own.
fn vat_id(out: &mut Failures<'_>, id: Option<&str>, term: Term) {
    if let Some(id) = id.filter(|id| !begins_with_country(id)) {
        out.fail(term, |finding| finding.value(id));
    }
}

pub(super) fn begins_with_country(id: &str) -> bool {
    let prefix = id.get(..2).unwrap_or_default();
    prefix == "EL" || codes::COUNTRIES.contains(prefix)
}

fn empty_period(out: &mut Failures<'_>, period: Option<&Period<'_>>, term: Term) {
    if period.is_some_and(|period| period.start.is_none() && period.end.is_none()) {
        out.fail(term, |finding| finding);
    }
}
