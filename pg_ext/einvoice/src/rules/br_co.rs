//! BR-CO: totals that agree.
//!
//! The tests are those of the CEN artefact: sums are rounded to two decimals, half towards positive infinity, and compared
//! exactly.

use super::Check::{Invoice, Sums};
use super::Failures;
use super::br_totals::entries;
use super::exact::Exact;
use super::parts::Parts;
use super::row::Row;
use crate::amount::Amount;
use crate::en16931::{self, TaxType, VatBreakdown};
use crate::finding::Term::{self, Bt};
use crate::finding::{Finding, Text};

pub(super) static ROWS: &[Row] = &[
    Row::cen(
        "BR-CO-10",
        &[Bt(106), Bt(131)],
        Sums(|invoice, sums, out| {
            if !invoice.totals.is_absent {
                compare(out, Bt(106), invoice.totals.lines, Some(sums.lines));
            }
        }),
    )
    .says(
        "The sum of the lines is {value} (BT-106), but the net amounts of the lines (BT-131) add up to {wanted}.",
        "La somme des lignes vaut {value} (BT-106), mais les montants nets des lignes (BT-131) font {wanted}.",
    )
    .hinted(ROUNDING),
    Row::cen(
        "BR-CO-11",
        &[Bt(107), Bt(92)],
        Sums(|invoice, sums, out| {
            let totals = &invoice.totals;
            if !totals.is_absent && (!invoice.allowances.is_empty() || totals.allowances.is_some()) {
                compare_binary(out, (Bt(107), totals.allowances), (Bt(92), invoice.allowances.len()), sums.allowances);
            }
        }),
    )
    .about(Parts::ALLOWANCES)
    .says(
        "The sum of the discounts is {value} (BT-107), but the discounts of the document (BT-92) add up to {wanted}.",
        "La somme des remises vaut {value} (BT-107), mais les remises du document (BT-92) font {wanted}.",
    )
    .hinted(ROUNDING),
    Row::cen(
        "BR-CO-12",
        &[Bt(108), Bt(99)],
        Sums(|invoice, sums, out| {
            let totals = &invoice.totals;
            if !totals.is_absent && (!invoice.charges.is_empty() || totals.charges.is_some()) {
                compare_binary(out, (Bt(108), totals.charges), (Bt(99), invoice.charges.len()), sums.charges);
            }
        }),
    )
    .about(Parts::CHARGES)
    .says(
        "The sum of the charges is {value} (BT-108), but the charges of the document (BT-99) add up to {wanted}.",
        "La somme des frais vaut {value} (BT-108), mais les frais du document (BT-99) font {wanted}.",
    )
    .hinted(ROUNDING),
    Row::cen(
        "BR-CO-13",
        &[Bt(109), Bt(106), Bt(107), Bt(108)],
        Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let wanted = totals
                .lines
                .map(|lines| Exact::from(lines).minus(or_zero(totals.allowances)).plus(or_zero(totals.charges)).round(2));
            if !totals.is_absent {
                compare(out, Bt(109), totals.without_vat, wanted);
            }
        }),
    )
    .says(
        "The total without VAT is {value} (BT-109), but lines less discounts plus charges make {wanted}.",
        "Le total hors TVA vaut {value} (BT-109), mais les lignes moins les remises plus les frais font {wanted}.",
    )
    .hint(
        "Correct {path} or what it is made of. In GOBL: where prices include VAT, give net prices and no tax.prices_include; otherwise set tax.rounding to \"currency\"; then remove the totals, and build the document again.",
        "Corrigez {path} ou ce qui le compose. En GOBL : si les prix incluent la TVA, donnez des prix hors taxe, sans tax.prices_include ; sinon, mettez tax.rounding à « currency » ; puis retirez les totaux et recalculez le document.",
    ),
    Row::cen(
        "BR-CO-14",
        &[Bt(110), Bt(117)],
        Sums(|invoice, sums, out| {
            for vat in invoice_currency_totals(invoice) {
                compare_binary(out, (Bt(110), Some(vat)), (Bt(117), invoice.vat.len()), sums.taxes);
            }
        }),
    )
    .says(
        "The total VAT is {value} (BT-110), but the taxes of the VAT breakdown (BT-117) add up to {wanted}.",
        "Le total de la TVA vaut {value} (BT-110), mais les taxes de la ventilation (BT-117) font {wanted}.",
    )
    .hinted(ROUNDING),
    Row::cen("BR-CO-15", &[Bt(112), Bt(109), Bt(110)], Invoice(total_with_vat))
        .says(
            "The total with VAT is {value} (BT-112), but the total without VAT (BT-109) plus the one total of VAT in the currency of the invoice (BT-110) make {wanted}.",
            "Le total TTC vaut {value} (BT-112), mais le total hors TVA (BT-109) plus l’unique total de la TVA dans la devise de la facture (BT-110) font {wanted}.",
        )
        .hinted(ROUNDING),
    Row::dropped(
        "PGC-BR-CO-15",
        &[Bt(112), Bt(109), Bt(110)],
        Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let has_vat = totals.vat.is_some_and(|vat| !vat.is_zero());
            if has_vat && totals.with_vat.is_some() && totals.with_vat == totals.without_vat {
                let wanted = or_zero(totals.without_vat).plus(or_zero(totals.vat));
                out.fail(Bt(112), |finding| {
                    said(finding, totals.with_vat, Some(wanted.round(2)))
                });
            }
        }),
    )
    .says(
        "The total with VAT is {value} (BT-112), the same as the total without VAT (BT-109), although there is VAT (BT-110): {wanted} is wanted.",
        "Le total TTC vaut {value} (BT-112), comme le total hors TVA (BT-109), alors qu’il y a de la TVA (BT-110) : {wanted} est attendu.",
    )
    .hinted(ROUNDING),
    Row::cen(
        "BR-CO-16",
        &[Bt(115), Bt(112), Bt(113), Bt(114)],
        Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let wanted = totals
                .with_vat
                .map(|total| Exact::from(total).minus(or_zero(totals.prepaid)).plus(or_zero(totals.rounding)));
            if !totals.is_absent {
                compare(out, Bt(115), totals.due, wanted);
            }
        }),
    )
    .says(
        "The amount due is {value} (BT-115), but the total with VAT less what was paid plus the rounding make {wanted}.",
        "Le montant à payer vaut {value} (BT-115), mais le total TTC moins ce qui a été payé plus l’arrondi font {wanted}.",
    )
    .hint(
        "Correct {path} or what it is made of; in GOBL, remove the totals and build the document again. Taxes retained by the buyer cannot be expressed: give them as an advance.",
        "Corrigez {path} ou ce qui le compose ; en GOBL, retirez les totaux et recalculez le document. Une taxe retenue par l’acheteur ne peut être exprimée : indiquez-la comme acompte.",
    ),
    Row::cen(
        "BR-CO-17",
        &[Bt(117), Bt(116), Bt(119)],
        Invoice(|invoice, out| {
            for (at, entry) in entries(invoice) {
                if let Err(wanted) = tax_of(entry) {
                    out.fail_at(Bt(117), at, |finding| said(finding, entry.tax, wanted));
                }
            }
        }),
    )
    .says(
        "The tax of an entry in the VAT breakdown is {value} (BT-117), but its taxable amount (BT-116) at its rate (BT-119) makes {wanted}.",
        "La taxe d’une entrée de la ventilation vaut {value} (BT-117), mais sa base (BT-116) à son taux (BT-119) donne {wanted}.",
    )
    .hint(
        "Correct {path}, the taxable amount or the rate: one unit of the currency is tolerated, and a rate below 0.5 % counts as zero. In GOBL, remove the totals and build the document again.",
        "Corrigez {path}, la base ou le taux : une unité de la devise est tolérée, et un taux inférieur à 0,5 % compte pour zéro. En GOBL, retirez les totaux et recalculez le document.",
    ),
];

/// GOBL's own rounding keeps more decimals than it shows, so that what is shown need not add up.
const ROUNDING: Text = Text {
    en: "Correct {path} or what it is made of. In GOBL, set tax.rounding to \"currency\", remove the totals, and build the document again; where the amount payable was issued already, put the difference into totals.rounding.",
    fr: "Corrigez {path} ou ce qui le compose. En GOBL, mettez tax.rounding à « currency », retirez les totaux et recalculez le document ; si le montant à payer a déjà été émis, portez l’écart dans totals.rounding.",
};

fn or_zero(amount: Option<Amount>) -> Exact {
    amount.map(Exact::from).unwrap_or_default()
}

/// Fails where a total is missing or not the one wanted, or the wanted one is unknown.
fn compare(out: &mut Failures<'_>, term: Term, found: Option<Amount>, wanted: Option<Exact>) {
    if found.is_some() && found.map(Exact::from) == wanted {
        return;
    }
    out.fail(term, |finding| said(finding, found, wanted));
}

/// The same for tests that compute in binary floating point, where minus zero is not zero: a total, by its term, and how many
/// amounts of which term add up to it.
fn compare_binary(
    out: &mut Failures<'_>,
    (term, found): (Term, Option<Amount>),
    (of, count): (Term, usize),
    sum: Exact,
) {
    let is_zero = sum.is_zero() && found.is_some_and(Amount::is_zero);
    let is_minus_zero = is_zero && out.is_minus_zero(term, [0, 0]);
    let wants_minus_zero =
        is_zero && count > 0 && (0..count).all(|at| out.is_minus_zero(of, [at, 0]));
    let same_sign = is_minus_zero == wants_minus_zero;
    compare(out, term, found, Some(sum).filter(|_| same_sign));
}

/// With the value found and the one wanted, as far as there are any.
fn said(finding: Finding, found: Option<Amount>, wanted: Option<Exact>) -> Finding {
    let finding = match found {
        Some(found) => finding.value(found),
        None => finding,
    };
    match wanted {
        Some(wanted) => finding.wanted(wanted.shown()),
        None => finding,
    }
}

/// Totals of VAT in the currency of the invoice; one is allowed.
fn invoice_currency_totals(invoice: &en16931::Invoice<'_>) -> impl Iterator<Item = Amount> {
    let others = invoice.totals.other_vat.iter();
    let same =
        others.filter(|other| other.currency.is_some() && other.currency == invoice.currency);
    invoice
        .totals
        .vat
        .into_iter()
        .chain(same.filter_map(|other| other.amount))
}

/// BR-CO-15. A total with VAT that equals the one without passes whatever the VAT is, as in the artefact.
fn total_with_vat(invoice: &en16931::Invoice<'_>, out: &mut Failures<'_>) {
    if invoice.currency.is_none() {
        return;
    }
    let totals = &invoice.totals;
    let (found, net) = (
        totals.with_vat.map(Exact::from),
        totals.without_vat.map(Exact::from),
    );
    let mut of_currency = invoice_currency_totals(invoice);
    let vat = of_currency.next().map(Exact::from);
    let is_only = of_currency.next().is_none();
    let wanted = net.zip(vat).map(|(net, vat)| net.plus(vat).round(2));
    let holds = found.is_some() && (is_only && found == wanted || found == net);
    if !holds {
        out.fail(Bt(112), |finding| {
            said(finding, totals.with_vat, wanted.or(net))
        });
    }
}

/// Whether an entry's tax is what its base and rate make, within one unit of the currency; else the tax wanted, if any
/// can be named.
fn tax_of(entry: &VatBreakdown<'_>) -> Result<(), Option<Exact>> {
    let rate = entry.vat.rate.filter(|_| entry.vat.tax != TaxType::Other);
    let factor = rate.map(|rate| Exact::from(rate.amount()));
    let percent = factor.map(|factor| factor.times(Exact::whole(100)).round(0));
    let tax = entry.tax.map(Exact::from);
    if percent.is_none_or(Exact::is_zero) {
        let is_zero = tax.is_some_and(|tax| tax.round(0).is_zero());
        return if is_zero {
            Ok(())
        } else {
            Err(Some(Exact::default()))
        };
    }
    let wanted = entry
        .taxable
        .map(Exact::from)
        .zip(factor)
        .map(|(base, factor)| base.abs().times(factor).round(2));
    let near = tax.zip(wanted).is_some_and(|(tax, wanted)| {
        let unit = Exact::whole(1);
        tax.abs().minus(unit) <= wanted && tax.abs().plus(unit) >= wanted
    });
    if near { Ok(()) } else { Err(wanted) }
}
