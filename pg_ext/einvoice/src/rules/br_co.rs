//! BR-CO: totals that agree, and conditions between terms.
//!
//! The tests are those of the CEN artefact: sums are rounded to two decimals and compared exactly.

use super::Check::{Invoice, Line};
use super::{CEN, Failures, Row};
use crate::amount::Amount;
use crate::finding::Term::{self, Bt};
use crate::finding::{Rule, Text};

pub(super) static ROWS: &[Row] = &[
    Row {
        rule: Rule {
            id: "BR-CO-04",
            terms: &[Bt(151)],
            message: Text {
                en: "The line has no VAT category (BT-151).",
                fr: "La ligne n’a pas de catégorie de TVA (BT-151).",
            },
            hint: Text {
                en: "Give the line its VAT in {path}, for instance {\"cat\": \"VAT\", \"rate\": \"general\"}; exempt lines need one too.",
                fr: "Indiquez la TVA de la ligne dans {path}, par exemple {\"cat\": \"VAT\", \"rate\": \"general\"} ; une ligne exonérée en a besoin aussi.",
            },
            ..CEN
        },
        check: Line(|line, out| {
            out.require(line.vat.as_ref().and_then(|v| v.category.as_ref()), Bt(151))
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CO-10",
            terms: &[Bt(106), Bt(131)],
            message: Text {
                en: "The sum of the lines is {value} (BT-106), but the net amounts of the lines (BT-131) add up to {wanted}.",
                fr: "La somme des lignes vaut {value} (BT-106), mais les montants nets des lignes (BT-131) font {wanted}.",
            },
            hint: ROUNDING,
            ..CEN
        },
        check: Invoice(|invoice, out| {
            let lines = round(sum(invoice.lines.iter().map(|l| l.net)));
            compare(out, Bt(106), invoice.totals.lines, lines);
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CO-11",
            terms: &[Bt(107), Bt(92)],
            message: Text {
                en: "The sum of the discounts is {value} (BT-107), but the discounts of the document (BT-92) add up to {wanted}.",
                fr: "La somme des remises vaut {value} (BT-107), mais les remises du document (BT-92) font {wanted}.",
            },
            hint: ROUNDING,
            ..CEN
        },
        check: Invoice(|invoice, out| {
            if !invoice.allowances.is_empty() || invoice.totals.allowances.is_some() {
                let allowances = round(sum(invoice.allowances.iter().map(|a| a.amount)));
                compare(out, Bt(107), invoice.totals.allowances, allowances);
            }
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CO-12",
            terms: &[Bt(108), Bt(99)],
            message: Text {
                en: "The sum of the charges is {value} (BT-108), but the charges of the document (BT-99) add up to {wanted}.",
                fr: "La somme des frais vaut {value} (BT-108), mais les frais du document (BT-99) font {wanted}.",
            },
            hint: ROUNDING,
            ..CEN
        },
        check: Invoice(|invoice, out| {
            if !invoice.charges.is_empty() || invoice.totals.charges.is_some() {
                let charges = round(sum(invoice.charges.iter().map(|c| c.amount)));
                compare(out, Bt(108), invoice.totals.charges, charges);
            }
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CO-13",
            terms: &[Bt(109), Bt(106), Bt(107), Bt(108)],
            message: Text {
                en: "The total without VAT is {value} (BT-109), but lines less discounts plus charges make {wanted}.",
                fr: "Le total hors TVA vaut {value} (BT-109), mais les lignes moins les remises plus les frais font {wanted}.",
            },
            hint: Text {
                en: "Where prices include VAT, give net prices and no tax.prices_include. Otherwise set tax.rounding to \"currency\", remove the totals, and build the document again.",
                fr: "Si les prix incluent la TVA, donnez des prix hors taxe, sans tax.prices_include. Sinon, mettez tax.rounding à « currency », retirez les totaux et recalculez le document.",
            },
            ..CEN
        },
        check: Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let wanted = totals
                .lines
                .map(|lines| round(plus(minus(lines, totals.allowances), totals.charges)));
            compare_to(out, Bt(109), totals.without_vat, wanted);
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CO-14",
            terms: &[Bt(110), Bt(117)],
            message: Text {
                en: "The total VAT is {value} (BT-110), but the taxes of the VAT breakdown (BT-117) add up to {wanted}.",
                fr: "Le total de la TVA vaut {value} (BT-110), mais les taxes de la ventilation (BT-117) font {wanted}.",
            },
            hint: ROUNDING,
            ..CEN
        },
        check: Invoice(|invoice, out| {
            if let Some(vat) = invoice.totals.vat {
                let taxes = round(sum(invoice.vat.iter().map(|v| v.tax)));
                compare(out, Bt(110), Some(vat), taxes);
            }
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CO-15",
            terms: &[Bt(112), Bt(109), Bt(110)],
            message: Text {
                en: "The total with VAT is {value} (BT-112), but the total without VAT plus the VAT make {wanted}.",
                fr: "Le total TTC vaut {value} (BT-112), mais le total hors TVA plus la TVA font {wanted}.",
            },
            hint: ROUNDING,
            ..CEN
        },
        check: Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let wanted = totals
                .without_vat
                .zip(totals.vat)
                .map(|(net, vat)| round(plus(net, Some(vat))));
            compare_to(out, Bt(112), totals.with_vat, wanted);
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CO-16",
            terms: &[Bt(115), Bt(112), Bt(113), Bt(114)],
            message: Text {
                en: "The amount due is {value} (BT-115), but the total with VAT less what was paid plus the rounding make {wanted}.",
                fr: "Le montant à payer vaut {value} (BT-115), mais le total TTC moins ce qui a été payé plus l’arrondi font {wanted}.",
            },
            hint: Text {
                en: "Remove the totals and build the document again. Taxes retained by the buyer cannot be expressed: give them as an advance.",
                fr: "Retirez les totaux et recalculez le document. Une taxe retenue par l’acheteur ne peut être exprimée : indiquez-la comme acompte.",
            },
            ..CEN
        },
        check: Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let wanted = totals
                .with_vat
                .map(|total| plus(minus(total, totals.prepaid), totals.rounding));
            compare_to(out, Bt(115), totals.due, wanted);
        }),
    },
];

/// GOBL's own rounding keeps more decimals than it shows, so that what is shown need not add up.
const ROUNDING: Text = Text {
    en: "Set tax.rounding to \"currency\", remove the totals, and build the document again; where the amount payable was issued already, put the difference into totals.rounding.",
    fr: "Mettez tax.rounding à « currency », retirez les totaux et recalculez le document ; si le montant à payer a déjà été émis, portez l’écart dans totals.rounding.",
};

/// Fails where a total is missing or not the one wanted.
fn compare(out: &mut Failures<'_>, term: Term, found: Option<Amount>, wanted: Amount) {
    compare_to(out, term, found, Some(wanted));
}

/// The same where the wanted total itself may be unknown, which is a failure in the artefact.
fn compare_to(out: &mut Failures<'_>, term: Term, found: Option<Amount>, wanted: Option<Amount>) {
    if found.is_some() && found == wanted {
        return;
    }
    out.fail(term, |mut finding| {
        if let Some(found) = found {
            finding = finding.value(found);
        }
        match wanted {
            Some(wanted) => finding.wanted(wanted),
            None => finding,
        }
    });
}

fn sum(amounts: impl Iterator<Item = Option<Amount>>) -> Amount {
    amounts
        .flatten()
        .fold(Amount::new(0, 2), |sum, amount| plus(sum, Some(amount)))
}

fn plus(amount: Amount, other: Option<Amount>) -> Amount {
    other.map_or(amount, |other| amount.match_exp(other).plus(other))
}

fn minus(amount: Amount, other: Option<Amount>) -> Amount {
    other.map_or(amount, |other| amount.match_exp(other).minus(other))
}

fn round(amount: Amount) -> Amount {
    amount.rescale_down(2)
}
