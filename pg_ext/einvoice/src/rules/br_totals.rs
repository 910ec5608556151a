//! BR: totals (BG-22) and the VAT breakdown (BG-23).

use super::Check::Invoice;
use super::parts::Parts;
use super::row::Row;
use crate::en16931::{self, VatBreakdown};
use crate::finding::Term::Bt;
use crate::finding::Text;

pub(super) static ROWS: &[Row] = &[
    Row::cen(
        "BR-12",
        &[Bt(106)],
        Invoice(|invoice, out| {
            if !invoice.totals.is_absent {
                out.require_some(invoice.totals.lines, Bt(106));
            }
        }),
    )
    .says(
        "The sum of the lines' net amounts (BT-106) is missing.",
        "La somme des montants nets des lignes (BT-106) manque.",
    )
    .hinted(NO_TOTALS)
    .same_as(&[
        "BR-13",
        "BR-14",
        "BR-15",
        "BR-CO-10",
        "BR-CO-13",
        "BR-CO-15",
        "BR-CO-16",
        "GOBL-BILL-INVOICE-09",
    ]),
    Row::cen(
        "BR-13",
        &[Bt(109)],
        Invoice(|invoice, out| {
            if !invoice.totals.is_absent {
                out.require_some(invoice.totals.without_vat, Bt(109));
            }
        }),
    )
    .says("The total without VAT (BT-109) is missing.", "Le total hors TVA (BT-109) manque.")
    .hinted(NO_TOTALS)
    .same_as(&["BR-CO-13"]),
    Row::cen(
        "BR-14",
        &[Bt(112)],
        Invoice(|invoice, out| {
            if !invoice.totals.is_absent {
                out.require_some(invoice.totals.with_vat, Bt(112));
            }
        }),
    )
    .says("The total with VAT (BT-112) is missing.", "Le total TTC (BT-112) manque.")
    .hinted(NO_TOTALS)
    .same_as(&["BR-CO-15"]),
    Row::cen(
        "BR-15",
        &[Bt(115)],
        Invoice(|invoice, out| {
            if !invoice.totals.is_absent {
                out.require_some(invoice.totals.due, Bt(115));
            }
        }),
    )
    .says("The amount due (BT-115) is missing.", "Le montant à payer (BT-115) manque.")
    .hinted(NO_TOTALS)
    .same_as(&["BR-CO-16"]),
    Row::cen(
        "BR-45",
        &[Bt(116)],
        Invoice(|invoice, out| {
            for (at, vat) in entries(invoice) {
                if vat.taxable.is_none() {
                    out.fail_at(Bt(116), at, |finding| finding);
                }
            }
        }),
    )
    .says(
        "An entry of the VAT breakdown (BG-23) has no taxable amount (BT-116).",
        "Une entrée de la ventilation de la TVA (BG-23) n’a pas de base d’imposition (BT-116).",
    )
    .hinted(BREAKDOWN),
    Row::cen(
        "BR-46",
        &[Bt(117)],
        Invoice(|invoice, out| {
            for (at, vat) in entries(invoice) {
                if vat.tax.is_none() {
                    out.fail_at(Bt(117), at, |finding| finding);
                }
            }
        }),
    )
    .says(
        "An entry of the VAT breakdown (BG-23) has no tax amount (BT-117).",
        "Une entrée de la ventilation de la TVA (BG-23) n’a pas de montant de taxe (BT-117).",
    )
    .hinted(BREAKDOWN)
    .same_as(&["BR-CO-17"]),
    Row::cen(
        "BR-47",
        &[Bt(118)],
        Invoice(|invoice, out| {
            for (at, vat) in entries(invoice) {
                if !vat.vat.is_vat() || vat.vat.category.is_none() {
                    out.fail_at(Bt(118), at, |finding| finding);
                }
            }
        }),
    )
    .says(
        "An entry of the VAT breakdown (BG-23) has no VAT category (BT-118), or is about another tax.",
        "Une entrée de la ventilation de la TVA (BG-23) n’a pas de catégorie de TVA (BT-118), ou concerne une autre taxe.",
    )
    .hinted(BREAKDOWN),
    Row::cen(
        "BR-48",
        &[Bt(119)],
        Invoice(|invoice, out| {
            for (at, entry) in entries(invoice) {
                let vat = &entry.vat;
                let holds = vat.is_vat() && (vat.rate.is_some() || vat.category.as_deref() == Some("O"));
                if !holds {
                    out.fail_at(Bt(119), at, |finding| finding);
                }
            }
        }),
    )
    .says(
        "An entry of the VAT breakdown (BG-23) has no rate (BT-119); only VAT of category O, outside of its scope, has none.",
        "Une entrée de la ventilation de la TVA (BG-23) n’a pas de taux (BT-119) ; seule la catégorie O, hors du champ de la TVA, n’en a pas.",
    )
    .hinted(BREAKDOWN),
    Row::cen(
        "BR-53",
        &[Bt(111), Bt(6)],
        Invoice(|invoice, out| {
            let totals = &invoice.totals;
            if invoice.tax_currency.is_none() || totals.is_absent || totals.vat_in_tax_currency.is_some() {
                return;
            }
            let currency = invoice.tax_currency.as_deref().unwrap_or_default();
            out.fail(Bt(111), |finding| finding.value(currency));
        }),
    )
    .about(Parts::TAX_CURRENCY)
    .says(
        "VAT is accounted for in {value} (BT-6), but the total VAT is not given in that currency (BT-111), or it is the currency of the invoice (BT-5).",
        "La TVA est comptabilisée en {value} (BT-6), mais le total de la TVA n’est pas donné dans cette devise (BT-111), ou c’est la devise de la facture (BT-5).",
    )
    .hint(
        "Give the total VAT in that currency in {path}; where VAT is accounted for in the currency of the invoice, give no BT-6.",
        "Indiquez le total de la TVA dans cette devise dans {path} ; si la TVA est comptabilisée dans la devise de la facture, n’indiquez pas de BT-6.",
    )
    .same_as(&["BR-DEC-15"]),
];

/// GOBL computes totals from lines, discounts and charges: without any of them there are none.
const NO_TOTALS: Text = Text {
    en: "Give the total in {path}. In GOBL, give lines with prices and taxes, and build the document again.",
    fr: "Indiquez le total dans {path}. En GOBL, indiquez des lignes avec leurs prix et leurs taxes, puis recalculez le document.",
};

const BREAKDOWN: Text = Text {
    en: "Correct {path}: each entry has a taxable amount, the tax on it, a category and a rate, and is about VAT. In GOBL, remove the totals and build the document again.",
    fr: "Corrigez {path} : chaque entrée a une base, la taxe correspondante, une catégorie et un taux, et concerne la TVA. En GOBL, retirez les totaux et recalculez le document.",
};

/// The entries of the VAT breakdown that the general tests look at. The artefact has tests of its own for VAT of the
/// categories L, M and O, which keep these entries from the general ones.
pub(super) fn entries<'i, 'a>(
    invoice: &'i en16931::Invoice<'a>,
) -> impl Iterator<Item = (usize, &'i VatBreakdown<'a>)> {
    invoice.vat.iter().enumerate().filter(|(_, entry)| {
        let category = entry.vat.category.as_deref();
        !(entry.vat.is_vat() && matches!(category, Some("L" | "M" | "O")))
    })
}
