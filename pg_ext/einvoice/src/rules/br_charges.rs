//! BR: what allowances and charges must say, on the document (BG-20, BG-21) and on a line (BG-27, BG-28).
//!
//! The tests apply where CII spells the indicator `false` or `true`; one written `0` or `1` they miss.

use super::Check::{Invoice, Line};
use super::Failures;
use super::parts::Parts;
use super::row::Row;
use crate::en16931::{AllowanceCharge, Indicator};
use crate::finding::Term::{self, Bt};

pub(super) static ROWS: &[Row] = &[
    Row::cen(
        "BR-31",
        &[Bt(92)],
        Invoice(|invoice, out| {
            each(&invoice.allowances, has_amount, |at| {
                out.fail_at(Bt(92), at, |f| f)
            })
        }),
    )
    .about(Parts::ALLOWANCES)
    .says(
        "An allowance on the document has no amount (BT-92).",
        "Une remise sur le document n’a pas de montant (BT-92).",
    )
    .hint(AMOUNT[0], AMOUNT[1]),
    Row::cen(
        "BR-32",
        &[Bt(95)],
        Invoice(|invoice, out| {
            each(&invoice.allowances, has_category, |at| {
                out.fail_at(Bt(95), at, |f| f)
            })
        }),
    )
    .about(Parts::ALLOWANCES)
    .says(
        "An allowance on the document has no VAT category (BT-95).",
        "Une remise sur le document n’a pas de catégorie de TVA (BT-95).",
    )
    .hint(CATEGORY[0], CATEGORY[1])
    .same_as(&["GOBL-EU-EN16931-BILL-DISCOUNT-01"]),
    Row::cen(
        "BR-33",
        &[Bt(97), Bt(98)],
        Invoice(|invoice, out| {
            each(&invoice.allowances, has_reason, |at| {
                out.fail_at(Bt(97), at, |f| f)
            })
        }),
    )
    .about(Parts::ALLOWANCES)
    .says(
        "An allowance on the document has neither reason (BT-97) nor reason code (BT-98).",
        "Une remise sur le document n’a ni motif (BT-97) ni code motif (BT-98).",
    )
    .hint(REASON[0], REASON[1])
    .same_as(&["BR-CO-21", "GOBL-EU-EN16931-BILL-DISCOUNT-02"]),
    Row::cen(
        "BR-36",
        &[Bt(99)],
        Invoice(|invoice, out| {
            each(&invoice.charges, has_amount, |at| {
                out.fail_at(Bt(99), at, |f| f)
            })
        }),
    )
    .about(Parts::CHARGES)
    .says(
        "A charge on the document has no amount (BT-99).",
        "Des frais sur le document n’ont pas de montant (BT-99).",
    )
    .hint(AMOUNT[0], AMOUNT[1]),
    Row::cen(
        "BR-37",
        &[Bt(102)],
        Invoice(|invoice, out| {
            each(&invoice.charges, has_category, |at| {
                out.fail_at(Bt(102), at, |f| f)
            })
        }),
    )
    .about(Parts::CHARGES)
    .says(
        "A charge on the document has no VAT category (BT-102).",
        "Des frais sur le document n’ont pas de catégorie de TVA (BT-102).",
    )
    .hint(CATEGORY[0], CATEGORY[1]),
    Row::cen(
        "BR-38",
        &[Bt(104), Bt(105)],
        Invoice(|invoice, out| {
            each(&invoice.charges, has_reason, |at| {
                out.fail_at(Bt(104), at, |f| f)
            })
        }),
    )
    .about(Parts::CHARGES)
    .says(
        "A charge on the document has neither reason (BT-104) nor reason code (BT-105).",
        "Des frais sur le document n’ont ni motif (BT-104) ni code motif (BT-105).",
    )
    .hint(REASON[0], REASON[1])
    .same_as(&["BR-CO-22", "GOBL-EU-EN16931-BILL-CHARGE-01"]),
    Row::cen(
        "BR-41",
        &[Bt(136)],
        Line(|line, out| of_line(out, &line.allowances, has_amount, Bt(136))),
    )
    .about(Parts::LINE_ALLOWANCES)
    .says(
        "An allowance on the line has no amount (BT-136).",
        "Une remise sur la ligne n’a pas de montant (BT-136).",
    )
    .hint(AMOUNT[0], AMOUNT[1]),
    Row::cen(
        "BR-42",
        &[Bt(139), Bt(140)],
        Line(|line, out| of_line(out, &line.allowances, has_reason, Bt(139))),
    )
    .about(Parts::LINE_ALLOWANCES)
    .says(
        "An allowance on the line has neither reason (BT-139) nor reason code (BT-140).",
        "Une remise sur la ligne n’a ni motif (BT-139) ni code motif (BT-140).",
    )
    .hint(REASON[0], REASON[1])
    .same_as(&["BR-CO-23", "GOBL-EU-EN16931-BILL-LINEDISCOUNT-01"]),
    Row::cen(
        "BR-43",
        &[Bt(141)],
        Line(|line, out| of_line(out, &line.charges, has_amount, Bt(141))),
    )
    .about(Parts::LINE_CHARGES)
    .says(
        "A charge on the line has no amount (BT-141).",
        "Des frais sur la ligne n’ont pas de montant (BT-141).",
    )
    .hint(AMOUNT[0], AMOUNT[1]),
    Row::cen(
        "BR-44",
        &[Bt(144), Bt(145)],
        Line(|line, out| of_line(out, &line.charges, has_reason, Bt(144))),
    )
    .about(Parts::LINE_CHARGES)
    .says(
        "A charge on the line has neither reason (BT-144) nor reason code (BT-145).",
        "Des frais sur la ligne n’ont ni motif (BT-144) ni code motif (BT-145).",
    )
    .hint(REASON[0], REASON[1])
    .same_as(&["BR-CO-24", "GOBL-EU-EN16931-BILL-LINECHARGE-01"]),
];

/// Reasons once more, and what can only be said by a person: the artefact's tests of BR-CO-05 to BR-CO-08 always hold.
pub(super) static REASONS: &[Row] = &[
    Row::cen("BR-CO-05", &[Bt(98), Bt(97)], super::Check::Never)
        .says(
            "Reason code (BT-98) and reason (BT-97) of an allowance on the document shall mean the same.",
            "Le code motif (BT-98) et le motif (BT-97) d’une remise sur le document doivent dire la même chose.",
        )
        .hint(BY_EYE[0], BY_EYE[1]),
    Row::cen("BR-CO-06", &[Bt(105), Bt(104)], super::Check::Never)
        .says(
            "Reason code (BT-105) and reason (BT-104) of a charge on the document shall mean the same.",
            "Le code motif (BT-105) et le motif (BT-104) de frais sur le document doivent dire la même chose.",
        )
        .hint(BY_EYE[0], BY_EYE[1]),
    Row::cen("BR-CO-07", &[Bt(140), Bt(139)], super::Check::Never)
        .says(
            "Reason code (BT-140) and reason (BT-139) of an allowance on a line shall mean the same.",
            "Le code motif (BT-140) et le motif (BT-139) d’une remise sur une ligne doivent dire la même chose.",
        )
        .hint(BY_EYE[0], BY_EYE[1]),
    Row::cen("BR-CO-08", &[Bt(145), Bt(144)], super::Check::Never)
        .says(
            "Reason code (BT-145) and reason (BT-144) of a charge on a line shall mean the same.",
            "Le code motif (BT-145) et le motif (BT-144) de frais sur une ligne doivent dire la même chose.",
        )
        .hint(BY_EYE[0], BY_EYE[1]),
    Row::cen(
        "BR-CO-21",
        &[Bt(97), Bt(98)],
        Invoice(|invoice, out| each(&invoice.allowances, has_reason, |at| out.fail_at(Bt(97), at, |f| f))),
    )
    .says(
        "An allowance on the document needs a reason (BT-97), a reason code (BT-98), or both.",
        "Une remise sur le document demande un motif (BT-97), un code motif (BT-98), ou les deux.",
    )
    .hint(REASON[0], REASON[1]),
    Row::cen(
        "BR-CO-22",
        &[Bt(104), Bt(105)],
        Invoice(|invoice, out| each(&invoice.charges, has_reason, |at| out.fail_at(Bt(104), at, |f| f))),
    )
    .says(
        "A charge on the document needs a reason (BT-104), a reason code (BT-105), or both.",
        "Des frais sur le document demandent un motif (BT-104), un code motif (BT-105), ou les deux.",
    )
    .hint(REASON[0], REASON[1]),
    Row::cen("BR-CO-23", &[Bt(139), Bt(140)], Line(|line, out| of_line(out, &line.allowances, has_reason, Bt(139))))
        .says(
            "An allowance on the line needs a reason (BT-139), a reason code (BT-140), or both.",
            "Une remise sur la ligne demande un motif (BT-139), un code motif (BT-140), ou les deux.",
        )
        .hint(REASON[0], REASON[1]),
    Row::cen("BR-CO-24", &[Bt(144), Bt(145)], Line(|line, out| of_line(out, &line.charges, has_reason, Bt(144))))
        .says(
            "A charge on the line needs a reason (BT-144), a reason code (BT-145), or both.",
            "Des frais sur la ligne demandent un motif (BT-144), un code motif (BT-145), ou les deux.",
        )
        .hint(REASON[0], REASON[1]),
];

const AMOUNT: [&str; 2] = [
    "Give the amount in {path}, without VAT.",
    "Indiquez le montant dans {path}, hors taxe.",
];

const CATEGORY: [&str; 2] = [
    "Give the VAT of what it applies to in {path}: category S with its rate, or another category. In GOBL, add taxes as for a line, and build the document again.",
    "Indiquez dans {path} la TVA de ce à quoi elle s’applique : catégorie S avec son taux, ou une autre catégorie. En GOBL, ajoutez « taxes » comme pour une ligne, et recalculez le document.",
];

const REASON: [&str; 2] = [
    "Give the reason in words in {path}, or its code.",
    "Indiquez le motif en toutes lettres dans {path}, ou son code.",
];

const BY_EYE: [&str; 2] = [
    "No program can tell: the rule never fails here. Compare code and text yourself.",
    "Aucun programme ne peut en juger : la règle n’échoue jamais ici. Comparez vous-même le code et le texte.",
];

fn has_amount(of: &AllowanceCharge<'_>) -> bool {
    of.amount.is_some()
}

fn has_category(of: &AllowanceCharge<'_>) -> bool {
    of.taxes().any(|tax| tax.is_vat() && tax.category.is_some())
}

fn has_reason(of: &AllowanceCharge<'_>) -> bool {
    of.reason.is_some() || of.reason_code.is_some()
}

/// Positions of those that the tests apply to and that lack something.
fn each(
    list: &[AllowanceCharge<'_>],
    has: fn(&AllowanceCharge<'_>) -> bool,
    mut fail: impl FnMut(usize),
) {
    for (at, of) in list.iter().enumerate() {
        if of.indicator == Indicator::Word && !has(of) {
            fail(at);
        }
    }
}

fn of_line(
    out: &mut Failures<'_>,
    list: &[AllowanceCharge<'_>],
    has: fn(&AllowanceCharge<'_>) -> bool,
    term: Term,
) {
    each(list, has, |at| {
        out.fail_in(term, [out.at, at], |finding| finding)
    });
}
