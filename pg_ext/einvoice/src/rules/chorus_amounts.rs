//! PGC-CPRO: currency, rates, dates, prices and totals as Chorus Pro takes them.

use super::chorus::{SOCLE, row};
use super::parts::Parts;
use super::row::Check::{Invoice, Line};
use super::row::Row;
use crate::amount::{Amount, Percentage};
use crate::chorus::limits;
use crate::codes;
use crate::en16931::{self, Day};
use crate::finding::Severity::{Fatal, Warning};
use crate::finding::Term::{self, Bg, Bt};

pub(super) static ROWS: &[Row] = &[
    row(
        "PGC-CPRO-CREDIT-SIGN",
        Warning,
        &[Bt(112)],
        SOCLE,
        Invoice(|invoice, out| {
            let is_credit = invoice.type_code.as_deref().is_some_and(codes::is_credit);
            let total = invoice.totals.with_vat.filter(|total| total.is_negative());
            if let Some(total) = total.filter(|_| is_credit) {
                out.fail(Bt(112), |finding| finding.value(total).wanted("> 0"));
            }
        }),
    )
    .says(
        "The credit note has a negative total, {value} (BT-112); Chorus Pro wants the amounts of credit notes positive.",
        "L’avoir a un total négatif, {value} (BT-112) ; Chorus Pro demande des montants positifs dans les avoirs.",
    )
    .hint(
        "Write quantities and amounts without minus; the type of the document says that it gives money back.",
        "Écrivez quantités et montants sans signe moins ; le type du document dit qu’il s’agit d’un avoir.",
    ),
    row(
        "PGC-CPRO-CURRENCY",
        Warning,
        &[Bt(5)],
        SOCLE,
        Invoice(|invoice, out| {
            if let Some(currency) = invoice.currency.as_deref().filter(|c| *c != "EUR") {
                out.fail(Bt(5), |finding| finding.value(currency).wanted("EUR"));
            }
        }),
    )
    .says(
        "The invoice is in {value} (BT-5), but Chorus Pro expects EUR.",
        "La facture est en {value} (BT-5), mais Chorus Pro attend l’EUR.",
    )
    .hint(
        "Invoice in EUR, or ask the buyer whether another currency is taken.",
        "Facturez en EUR, ou demandez à l’acheteur s’il accepte une autre devise.",
    )
    .same_as(&["GOBL-FR-CHORUSPRO-BILL-INVOICE-07"]),
    row(
        "PGC-CPRO-DATE",
        Warning,
        &[Bt(2), Bt(7), Bt(9), Bt(26), Bt(72), Bt(73), Bt(74)],
        "Chorus Pro, rule G1.36",
        Invoice(|invoice, out| {
            for (term, at, day) in days(invoice) {
                let year = day.date().map(jiff::civil::Date::year);
                if year.is_some_and(|year| !YEARS.contains(&year)) {
                    out.fail_at(term, at, |finding| finding.value(day));
                }
            }
        }),
    )
    .says(
        "The date {value} is not of this century; Chorus Pro takes dates from 2000 to 2099.",
        "La date {value} n’est pas de ce siècle ; Chorus Pro accepte les dates de 2000 à 2099.",
    )
    .hint(
        "Correct the year in {path}.",
        "Corrigez l’année dans {path}.",
    ),
    row(
        "PGC-CPRO-GROSS-PRICE",
        Fatal,
        &[Bt(148), Bt(147)],
        SOCLE,
        Line(|line, out| {
            let price = &line.price;
            if let Some(gross) = price.gross.filter(|_| price.discount.is_none()) {
                out.fail(Bt(148), |finding| finding.value(gross));
            }
        }),
    )
    .about(Parts::GROSS_PRICE)
    .says(
        "The line has a gross price, {value} (BT-148), without its discount (BT-147); Chorus Pro rejects it.",
        "La ligne a un prix brut, {value} (BT-148), sans sa remise (BT-147) ; Chorus Pro la rejette.",
    )
    .hint(
        "Give the discount as well, 0 included, or leave the gross price out.",
        "Indiquez aussi la remise, même nulle, ou omettez le prix brut.",
    ),
    row(
        "PGC-CPRO-LINES",
        Fatal,
        &[Bg(25)],
        "AFNOR XP Z12-012, BR-FR-CPRO-19",
        Invoice(|invoice, out| {
            if invoice.lines.len() > limits::LINES {
                out.fail(Bg(25), |finding| {
                    finding.value(invoice.lines.len()).wanted(limits::LINES)
                });
            }
        }),
    )
    .says(
        "The invoice has {value} lines (BG-25); Chorus Pro takes {wanted} at most.",
        "La facture a {value} lignes (BG-25) ; Chorus Pro en accepte {wanted} au plus.",
    )
    .hint(
        "Write several invoices.",
        "Établissez plusieurs factures.",
    ),
    row(
        "PGC-CPRO-PAID",
        Fatal,
        &[Bt(115), Bt(113)],
        SOCLE,
        Invoice(|invoice, out| {
            let due = invoice.totals.due.filter(|due| !due.is_zero());
            if let Some(due) = due.filter(|_| invoice.process.as_deref() == Some("A2")) {
                out.fail(Bt(115), |finding| {
                    finding.value(due).wanted(Amount::new(0, 2))
                });
            }
        }),
    )
    .says(
        "The framework A2 (BT-23) is for invoices that are paid, but {value} is still due (BT-115).",
        "Le cadre A2 (BT-23) est réservé aux factures acquittées, mais il reste {value} à payer (BT-115).",
    )
    .hint(
        "Give what was paid as an advance (BT-113), or take the framework A1.",
        "Indiquez ce qui a été payé comme acompte (BT-113), ou prenez le cadre A1.",
    )
    .same_as(&["GOBL-FR-CHORUSPRO-BILL-INVOICE-06"]),
    row(
        "PGC-CPRO-TYPE",
        Warning,
        &[Bt(3)],
        SOCLE,
        Invoice(|invoice, out| {
            let code = invoice.type_code.as_deref().map(str::trim);
            if let Some(code) = code.filter(|code| !TYPES.contains(code)) {
                out.fail(Bt(3), |finding| finding.value(code).wanted(TYPES.join(", ")));
            }
        }),
    )
    .says(
        "Chorus Pro knows the document types {wanted}; {value} (BT-3) may be taken for another.",
        "Chorus Pro connaît les types de document {wanted} ; {value} (BT-3) risque d’être pris pour un autre.",
    )
    .hint(
        "Give 380 for an invoice, 381 for a credit note, 384 for a corrected invoice, 386 for a prepayment invoice.",
        "Indiquez 380 pour une facture, 381 pour un avoir, 384 pour une facture rectificative, 386 pour une facture d’acompte.",
    ),
    row(
        "PGC-CPRO-VAT-RATE",
        Warning,
        &[Bt(119)],
        "Chorus Pro, list of VAT rates, rule G1.24",
        Invoice(|invoice, out| {
            for (at, entry) in invoice.vat.iter().enumerate() {
                if let Some(rate) = entry.vat.rate.filter(|rate| !is_french(*rate)) {
                    out.fail_at(Bt(119), at, |finding| finding.value(rate));
                }
            }
        }),
    )
    .says(
        "{value} (BT-119) is none of the VAT rates that Chorus Pro lists: 0, 0.9, 1.05, 1.75, 2.1, 5.5, 7, 8.5, 9.2, 9.6, 10, 13, 19.6, 20 and 20.6 %.",
        "{value} (BT-119) ne figure pas parmi les taux de TVA de Chorus Pro : 0, 0,9, 1,05, 1,75, 2,1, 5,5, 7, 8,5, 9,2, 9,6, 10, 13, 19,6, 20 et 20,6 %.",
    )
    .hint(
        "Check the rate of the lines behind {path}.",
        "Vérifiez le taux des lignes dont vient {path}.",
    ),
];

/// Years that dates may have.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;

/// Types of document that Chorus Pro tells apart: invoice, credit note, corrected invoice, prepayment invoice.
const TYPES: [&str; 4] = ["380", "381", "384", "386"];

/// VAT rates of the French regions, past ones included, in hundredths of a percent.
const RATES: [i64; 15] = [
    0, 90, 105, 175, 210, 550, 700, 850, 920, 960, 1000, 1300, 1960, 2000, 2060,
];

fn is_french(rate: Percentage) -> bool {
    RATES.iter().any(|of| rate.amount() == Amount::new(*of, 4))
}

/// The dates of the document.
fn days<'i, 'a>(
    invoice: &'i en16931::Invoice<'a>,
) -> impl Iterator<Item = (Term, usize, &'i Day<'a>)> {
    let period = invoice.period.as_ref();
    let delivery = invoice.delivery.as_ref();
    let once = [
        (Bt(2), invoice.issue_date.as_ref()),
        (Bt(7), invoice.tax_point_date.as_ref()),
        (Bt(9), invoice.due_date.as_ref()),
        (Bt(72), delivery.and_then(|d| d.date.as_ref())),
        (Bt(73), period.and_then(|p| p.start.as_ref())),
        (Bt(74), period.and_then(|p| p.end.as_ref())),
    ];
    let preceding = invoice.preceding.iter().enumerate();
    once.into_iter()
        .filter_map(|(term, day)| Some((term, 0, day?)))
        .chain(preceding.filter_map(|(at, p)| Some((Bt(26), at, p.issue_date.as_ref()?))))
}
