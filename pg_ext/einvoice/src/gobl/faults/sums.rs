//! Amounts that do not add up although each is calculated as GOBL calculates it (`PGC-`).

use super::kinds::{Charges, Discounts, Invoices};
use super::row::{Facts, Failure, Row, found};
use crate::amount::Amount;
use crate::finding::Term::Bt;
use crate::gobl::model::Invoice;
use crate::gobl::net;

pub(super) static INVOICE: [Row<Invoices>; 3] = [
    Row::<Invoices>::new(
        "totals.total_with_tax",
        "PGC-PRICES-INCLUDE",
        &[Bt(112), Bt(116), Bt(117)],
        [
            "The prices include VAT, and the bases and VAT of the rates add up to {value}, not to the total with VAT, {wanted}.",
            "Les prix incluent la TVA, et les bases et la TVA des taux totalisent {value}, et non le total TTC, {wanted}.",
        ],
        [
            "Give net prices and remove \"tax.prices_include\": the tax is then reckoned from the sum of each rate.",
            "Donnez des prix hors taxe et retirez « tax.prices_include » : la TVA est alors calculée sur la somme de chaque taux.",
        ],
        |invoice, _| gross_sums(invoice),
    )
    .ours(&[])
    .warning(),
    Row::<Invoices>::new(
        "tax.prices_include",
        "PGC-NET-PRICES",
        &[Bt(114)],
        [
            "Without the VAT that the prices include, the invoice comes to another total: {value} would be left as rounding (BT-114), at most {wanted} is.",
            "Sans la TVA incluse dans les prix, la facture aboutit à un autre total : {value} resterait en arrondi (BT-114), au plus {wanted} est admis.",
        ],
        [
            "Give net prices and remove \"tax.prices_include\".",
            "Donnez des prix hors taxe et retirez « tax.prices_include ».",
        ],
        drift,
    )
    .ours(&[]),
    Row::<Invoices>::new(
        "payment.terms.due_dates",
        "PGC-INSTALMENTS",
        &[Bt(9)],
        [
            "The instalments are shares of the whole, each rounded by itself: they add up to {value}, but {wanted} is payable.",
            "Les échéances sont des parts du tout, chacune arrondie à part : elles totalisent {value}, mais {wanted} est à payer.",
        ],
        [
            "Give the last instalment by \"amount\", without \"percent\".",
            "Donnez la dernière échéance par « amount », sans « percent ».",
        ],
        |invoice, _| instalments(invoice),
    )
    .ours(&[])
    .warning(),
];

fn gross_sums(invoice: &Invoice<'_>) -> Option<Failure> {
    invoice
        .tax
        .as_ref()
        .filter(|tax| !tax.prices_include.is_empty())?;
    let totals = invoice.totals.as_ref()?;
    let mut rates = totals
        .taxes
        .as_ref()?
        .categories
        .iter()
        .filter(|category| !category.retained && !category.informative)
        .flat_map(|category| &category.rates);
    let sum = rates.try_fold(Amount::ZERO, |sum, rate| {
        // What a surcharge adds is no part of what the prices include.
        rate.surcharge
            .is_none()
            .then(|| add(add(sum, rate.base), rate.amount))
    })?;
    let is_all_taxed = invoice.lines.iter().all(|line| line.taxes.len() == 1)
        && invoice.discounts.iter().all(|row| row.taxes.len() == 1)
        && invoice.charges.iter().all(|row| row.taxes.len() == 1);
    found(is_all_taxed && sum != totals.total_with_tax, sum)
        .map(|failure| failure.wanted(totals.total_with_tax.to_string()))
}

fn add(sum: Amount, amount: Amount) -> Amount {
    sum.match_exp(amount).plus(amount)
}

/// A cent for each line is what rounding can explain.
fn drift(invoice: &Invoice<'_>, facts: &Facts) -> Option<Failure> {
    invoice
        .tax
        .as_ref()
        .filter(|tax| !tax.prices_include.is_empty())?;
    let given = invoice.totals.as_ref()?.rounding.unwrap_or_default();
    // What cannot be calculated is refused where the net prices are needed.
    let net = net(invoice, &mut || Ok(())).ok()?;
    let drift = net.totals.as_ref()?.rounding.unwrap_or_default();
    let drift = drift.match_exp(given).minus(given);
    let rows = invoice.lines.len() + invoice.discounts.len() + invoice.charges.len();
    let most = Amount::new(i64::try_from(rows).ok()?, facts.decimals.min(2));
    let size = if drift.is_negative() {
        drift.negate()
    } else {
        drift
    };
    found(size > most, drift).map(|failure| failure.wanted(most.to_string()))
}

fn instalments(invoice: &Invoice<'_>) -> Option<Failure> {
    let due_dates = &invoice.payment.as_ref()?.terms.as_ref()?.due_dates;
    let totals = invoice.totals.as_ref()?;
    let shares = due_dates.iter().try_fold(Amount::ZERO, |sum, due| {
        due.percent.map(|percent| add(sum, percent.amount()))
    })?;
    let is_whole = shares == Amount::new(1, 0);
    let are_shares = due_dates.iter().all(|due| {
        let share = due.percent.map(|percent| percent.of(totals.payable));
        share.is_some_and(|share| share.rescale(due.amount.exp()) == due.amount)
    });
    let sum = due_dates
        .iter()
        .fold(Amount::ZERO, |sum, due| add(sum, due.amount));
    found(is_whole && are_shares && sum != totals.payable, sum)
        .map(|failure| failure.wanted(totals.payable.to_string()))
}

const ID: &str = "PGC-PRECISION";
const MESSAGE: [&str; 2] = [
    "The amount {value} is finer than the currency, because its base is: amounts have {wanted} decimals.",
    "Le montant {value} est plus fin que la devise, parce que sa base l’est : les montants ont {wanted} décimales.",
];
const HINT: [&str; 2] = [
    "Give \"base\" with the decimals of the currency.",
    "Donnez « base » avec les décimales de la devise.",
];

fn too_fine(amount: Amount, facts: &Facts) -> Option<Failure> {
    let is_finer = amount != amount.rescale_down(facts.decimals);
    found(is_finer, amount).map(|failure| failure.wanted(facts.decimals.to_string()))
}

pub(super) static DISCOUNT: [Row<Discounts>; 1] =
    [
        Row::<Discounts>::new("amount", ID, &[Bt(92)], MESSAGE, HINT, |discount, facts| {
            too_fine(discount.amount, facts)
        })
        .ours(&[])
        .warning(),
    ];

pub(super) static CHARGE: [Row<Charges>; 1] =
    [
        Row::<Charges>::new("amount", ID, &[Bt(99)], MESSAGE, HINT, |charge, facts| {
            too_fine(charge.amount, facts)
        })
        .ours(&[])
        .warning(),
    ];
