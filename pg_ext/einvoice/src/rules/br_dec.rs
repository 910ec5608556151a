//! BR-DEC: amounts with at most two decimals.
//!
//! All but two of the tests count the characters after the point, so that `1.000` and `1.00 ` fail. BR-DEC-13 and BR-DEC-15
//! compare values, and hold where any total of VAT is in another currency.

use super::Check::{Invoice, Line};
use super::Failures;
use super::br_totals::entries;
use super::parts::Parts;
use super::row::Row;
use crate::amount::Amount;
use crate::en16931::{AllowanceCharge, Held, Indicator, Site};
use crate::finding::Term::{self, Bt};

/// A row: number, term, its name in English and in French, what it is about, and the check.
macro_rules! row {
    ($id:literal, $term:literal, $en:literal, $fr:literal, $about:ident, $check:expr) => {
        Row::cen($id, &[Bt($term)], $check)
            .about(Parts::$about)
            .says(
                concat!($en, " is {value} (BT-", stringify!($term), "), with more than two decimals."),
                concat!($fr, " vaut {value} (BT-", stringify!($term), "), avec plus de deux décimales."),
            )
            .hint(
                "Round the amount in {path} to two decimals, and write no further zeros or spaces after them.",
                "Arrondissez à deux décimales le montant dans {path}, sans autres zéros ni espaces à la suite.",
            )
    };
}

/// A row about a total.
macro_rules! total {
    ($id:literal, $term:literal, $field:ident, $en:literal, $fr:literal) => {
        row!(
            $id,
            $term,
            $en,
            $fr,
            LONG_AMOUNTS,
            Invoice(|invoice, out| check(out, Bt($term), [0, 0], invoice.totals.$field))
        )
    };
}

/// A row about an allowance or charge on the document.
macro_rules! charge {
    ($id:literal, $term:literal, $list:ident, $field:ident, $en:literal, $fr:literal) => {
        row!(
            $id,
            $term,
            $en,
            $fr,
            LONG_AMOUNTS,
            Invoice(|invoice, out| {
                each(&invoice.$list, |at, of| {
                    check(out, Bt($term), [at, 0], of.$field)
                });
            })
        )
    };
}

/// A row about an allowance or charge on a line.
macro_rules! line_charge {
    ($id:literal, $term:literal, $list:ident, $field:ident, $en:literal, $fr:literal) => {
        row!(
            $id,
            $term,
            $en,
            $fr,
            LONG_LINE_AMOUNTS,
            Line(|line, out| {
                each(&line.$list, |at, of| {
                    check(out, Bt($term), [out.at, at], of.$field)
                });
            })
        )
    };
}

pub(super) static ROWS: &[Row] = &[
    charge!(
        "BR-DEC-01",
        92,
        allowances,
        amount,
        "The amount of an allowance on the document",
        "Le montant d’une remise sur le document"
    ),
    charge!(
        "BR-DEC-02",
        93,
        allowances,
        base,
        "The base of an allowance on the document",
        "La base d’une remise sur le document"
    ),
    charge!(
        "BR-DEC-05",
        99,
        charges,
        amount,
        "The amount of a charge on the document",
        "Le montant de frais sur le document"
    ),
    charge!(
        "BR-DEC-06",
        100,
        charges,
        base,
        "The base of a charge on the document",
        "La base de frais sur le document"
    ),
    total!(
        "BR-DEC-09",
        106,
        lines,
        "The sum of the lines",
        "La somme des lignes"
    ),
    total!(
        "BR-DEC-10",
        107,
        allowances,
        "The sum of the allowances",
        "La somme des remises"
    ),
    total!(
        "BR-DEC-11",
        108,
        charges,
        "The sum of the charges",
        "La somme des frais"
    ),
    total!(
        "BR-DEC-12",
        109,
        without_vat,
        "The total without VAT",
        "Le total hors TVA"
    ),
    row!(
        "BR-DEC-13",
        110,
        "The total VAT",
        "Le total de la TVA",
        LONG_AMOUNTS,
        Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let in_other = totals
                .other_vat
                .iter()
                .any(|vat| vat.currency.is_none() || vat.currency != invoice.currency);
            let second = totals.other_vat.iter().filter_map(|vat| vat.amount);
            let mut amounts = totals.vat.into_iter().chain(second);
            if let Some(vat) = totals
                .vat
                .filter(|_| totals.vat_in_tax_currency.is_none() && !in_other)
                && !amounts.any(has_two_decimals)
            {
                out.fail(Bt(110), |finding| finding.value(vat));
            }
        })
    ),
    total!(
        "BR-DEC-14",
        112,
        with_vat,
        "The total with VAT",
        "Le total TTC"
    ),
    row!(
        "BR-DEC-15",
        111,
        "The total VAT in the accounting currency",
        "Le total de la TVA en devise de comptabilisation",
        TAX_CURRENCY,
        Invoice(|invoice, out| {
            let totals = &invoice.totals;
            let is_given = totals.vat.is_some()
                || totals.vat_in_tax_currency.is_some()
                || !totals.other_vat.is_empty();
            if invoice.tax_currency.is_none() || !is_given {
                return;
            }
            let is_same = invoice.tax_currency == invoice.currency;
            let own = if is_same {
                totals.vat
            } else {
                totals.vat_in_tax_currency
            };
            let others = totals
                .other_vat
                .iter()
                .filter(|vat| vat.currency == invoice.tax_currency);
            let mut amounts = own.into_iter().chain(others.filter_map(|vat| vat.amount));
            if !amounts.any(has_two_decimals) {
                out.fail(Bt(111), |finding| match own {
                    Some(own) => finding.value(own),
                    None => finding,
                });
            }
        })
    ),
    total!(
        "BR-DEC-16",
        113,
        prepaid,
        "The amount paid already",
        "Le montant déjà payé"
    ),
    total!("BR-DEC-17", 114, rounding, "The rounding", "L’arrondi"),
    total!(
        "BR-DEC-18",
        115,
        due,
        "The amount due",
        "Le montant à payer"
    ),
    row!(
        "BR-DEC-19",
        116,
        "The taxable amount of an entry in the VAT breakdown",
        "La base d’une entrée de la ventilation de la TVA",
        LONG_AMOUNTS,
        Invoice(|invoice, out| {
            for (at, vat) in entries(invoice) {
                check(out, Bt(116), [at, 0], vat.taxable);
            }
        })
    ),
    row!(
        "BR-DEC-20",
        117,
        "The tax of an entry in the VAT breakdown",
        "La taxe d’une entrée de la ventilation de la TVA",
        LONG_AMOUNTS,
        Invoice(|invoice, out| {
            for (at, vat) in entries(invoice) {
                check(out, Bt(117), [at, 0], vat.tax);
            }
        })
    ),
    row!(
        "BR-DEC-23",
        131,
        "The net amount of the line",
        "Le montant net de la ligne",
        LONG_LINE_AMOUNTS,
        Line(|line, out| {
            check(out, Bt(131), [out.at, 0], line.net);
        })
    ),
    line_charge!(
        "BR-DEC-24",
        136,
        allowances,
        amount,
        "The amount of an allowance on the line",
        "Le montant d’une remise sur la ligne"
    ),
    line_charge!(
        "BR-DEC-25",
        137,
        allowances,
        base,
        "The base of an allowance on the line",
        "La base d’une remise sur la ligne"
    ),
    line_charge!(
        "BR-DEC-27",
        141,
        charges,
        amount,
        "The amount of a charge on the line",
        "Le montant de frais sur la ligne"
    ),
    line_charge!(
        "BR-DEC-28",
        142,
        charges,
        base,
        "The base of a charge on the line",
        "La base de frais sur la ligne"
    ),
];

/// Most decimals.
pub(super) const DECIMALS: u32 = 2;

/// Fails where more than two characters follow the point of a number.
fn check(out: &mut Failures<'_>, term: Term, at: [usize; 2], amount: Option<Amount>) {
    let site = Site { term, at };
    if let Some(odd) = out.odd(site) {
        if odd.decimals > DECIMALS && odd.held != Held::NoNumber {
            out.report(site, |finding| finding.value(&odd.text));
        }
    } else if let Some(amount) = amount.filter(|amount| amount.exp() > DECIMALS) {
        out.report(site, |finding| finding.value(amount));
    }
}

/// Those that the tests apply to: CII spells their indicator `false` or `true`.
fn each(list: &[AllowanceCharge<'_>], mut check: impl FnMut(usize, &AllowanceCharge<'_>)) {
    for (at, of) in list.iter().enumerate() {
        if of.indicator == Indicator::Word {
            check(at, of);
        }
    }
}

fn has_two_decimals(amount: Amount) -> bool {
    amount == amount.rescale_down(DECIMALS)
}
