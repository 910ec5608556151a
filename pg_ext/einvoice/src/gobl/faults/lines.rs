//! GOBL-BILL: lines, allowances and charges.

use super::kinds::{Charges, Discounts, LineCharges, LineDiscounts, Lines, SubLines};
use super::row::{Row, found, when};
use crate::finding::Term::{Bg, Bt};

const NO_INDEX: [&str; 2] = ["The line has no number.", "La ligne n’a pas de numéro."];
const AGAIN: [&str; 2] = [
    "Calculate the document again, without \"totals\".",
    "Recalculez le document, sans « totals ».",
];

pub(super) static LINE: [Row<Lines>; 5] = [
    Row::new(
        "i",
        "GOBL-BILL-LINE-01",
        &[Bt(126)],
        NO_INDEX,
        AGAIN,
        |line, _| when(line.index == 0),
    ),
    Row::new(
        "item",
        "GOBL-BILL-LINE-03",
        &[Bg(31)],
        ["The line has no item.", "La ligne n’a pas d’article."],
        [
            "Add \"item\" with name and price.",
            "Ajoutez « item » avec un nom et un prix.",
        ],
        |line, _| when(line.item.is_none()),
    ),
    Row::new(
        "item.price",
        "GOBL-BILL-INVOICE-08",
        &[Bt(146)],
        ["The item has no price.", "L’article n’a pas de prix."],
        [
            "Set the price; \"0.00\" where it is free.",
            "Renseignez le prix ; « 0.00 » s’il est gratuit.",
        ],
        |line, _| when(line.item.as_ref().is_some_and(|item| item.price.is_none())),
    ),
    Row::new(
        "sum",
        "GOBL-BILL-LINE-04",
        &[Bg(25)],
        [
            "The line has a price but no sum.",
            "La ligne a un prix mais pas de somme.",
        ],
        AGAIN,
        |line, _| {
            when(line.sum.is_none() && line.item.as_ref().is_some_and(|item| item.price.is_some()))
        },
    ),
    Row::new(
        "total",
        "GOBL-BILL-LINE-05",
        &[Bt(131)],
        [
            "The line has a price but no total.",
            "La ligne a un prix mais pas de total.",
        ],
        AGAIN,
        |line, _| {
            when(
                line.total.is_none() && line.item.as_ref().is_some_and(|item| item.price.is_some()),
            )
        },
    ),
];

pub(super) static SUB_LINE: [Row<SubLines>; 4] = [
    Row::new(
        "i",
        "GOBL-BILL-SUBLINE-01",
        &[],
        NO_INDEX,
        AGAIN,
        |part, _| when(part.index == 0),
    ),
    Row::new(
        "item",
        "GOBL-BILL-SUBLINE-03",
        &[],
        [
            "The part of the line has no item.",
            "La sous-ligne n’a pas d’article.",
        ],
        [
            "Add \"item\" with name and price.",
            "Ajoutez « item » avec un nom et un prix.",
        ],
        |part, _| when(part.item.is_none()),
    ),
    Row::new(
        "sum",
        "GOBL-BILL-SUBLINE-04",
        &[],
        [
            "The part of the line has a price but no sum.",
            "La sous-ligne a un prix mais pas de somme.",
        ],
        AGAIN,
        |part, _| {
            when(part.sum.is_none() && part.item.as_ref().is_some_and(|item| item.price.is_some()))
        },
    ),
    Row::new(
        "total",
        "GOBL-BILL-SUBLINE-05",
        &[],
        [
            "The part of the line has a price but no total.",
            "La sous-ligne a un prix mais pas de total.",
        ],
        AGAIN,
        |part, _| {
            when(
                part.total.is_none() && part.item.as_ref().is_some_and(|item| item.price.is_some()),
            )
        },
    ),
];

const BASE: [&str; 2] = [
    "There is a base, {value}, but no percentage.",
    "Il y a une base, {value}, mais pas de pourcentage.",
];
const BASE_HINT: [&str; 2] = [
    "Set \"percent\", or remove \"base\".",
    "Renseignez « percent », ou retirez « base ».",
];

pub(super) static LINE_DISCOUNT: [Row<LineDiscounts>; 1] = [Row::new(
    "percent",
    "GOBL-BILL-LINEDISCOUNT-01",
    &[Bt(138), Bt(137)],
    BASE,
    BASE_HINT,
    |discount, _| {
        discount
            .base
            .filter(|_| discount.percent.is_none())
            .and_then(|base| found(true, base))
    },
)];

pub(super) static LINE_CHARGE: [Row<LineCharges>; 5] = [
    Row::new(
        "percent",
        "GOBL-BILL-LINECHARGE-01",
        &[Bt(143), Bt(142)],
        BASE,
        BASE_HINT,
        |charge, _| {
            charge
                .base
                .filter(|_| charge.percent.is_none())
                .and_then(|base| found(true, base))
        },
    ),
    Row::new(
        "quantity",
        "GOBL-BILL-LINECHARGE-02",
        &[Bg(28)],
        [
            "A charge by percentage has no quantity; {value} found.",
            "Un frais en pourcentage n’a pas de quantité ; {value} trouvé.",
        ],
        [
            "Remove \"quantity\", or \"base\" and \"percent\".",
            "Retirez « quantity », ou « base » et « percent ».",
        ],
        |charge, _| {
            let by_percent = charge.base.is_some() || charge.percent.is_some();
            charge
                .quantity
                .filter(|_| by_percent)
                .and_then(|quantity| found(true, quantity))
        },
    ),
    Row::new(
        "rate",
        "GOBL-BILL-LINECHARGE-03",
        &[Bg(28)],
        [
            "A charge by percentage has no amount per unit; {value} found.",
            "Un frais en pourcentage n’a pas de montant unitaire ; {value} trouvé.",
        ],
        [
            "Remove \"rate\", or \"base\" and \"percent\".",
            "Retirez « rate », ou « base » et « percent ».",
        ],
        |charge, _| {
            let by_percent = charge.base.is_some() || charge.percent.is_some();
            charge
                .rate
                .filter(|_| by_percent)
                .and_then(|rate| found(true, rate))
        },
    ),
    Row::new(
        "unit",
        "GOBL-BILL-LINECHARGE-04",
        &[Bg(28)],
        [
            "The charge has the unit \"{value}\" but no quantity.",
            "Le frais a l’unité « {value} » mais pas de quantité.",
        ],
        [
            "Set \"quantity\", or remove \"unit\".",
            "Renseignez « quantity », ou retirez « unit ».",
        ],
        |charge, _| {
            found(
                charge.quantity.is_none() && !charge.unit.is_empty(),
                &charge.unit,
            )
        },
    ),
    Row::new(
        "rate",
        "GOBL-BILL-LINECHARGE-05",
        &[Bg(28)],
        [
            "The charge has a quantity, {value}, but no amount per unit.",
            "Le frais a une quantité, {value}, mais pas de montant unitaire.",
        ],
        [
            "Set \"rate\", or remove \"quantity\".",
            "Renseignez « rate », ou retirez « quantity ».",
        ],
        |charge, _| {
            charge
                .quantity
                .filter(|_| charge.rate.is_none())
                .and_then(|quantity| found(true, quantity))
        },
    ),
];

pub(super) static DISCOUNT: [Row<Discounts>; 1] = [Row::new(
    "percent",
    "GOBL-BILL-DISCOUNT-01",
    &[Bt(94), Bt(93)],
    BASE,
    BASE_HINT,
    |discount, _| {
        discount
            .base
            .filter(|_| discount.percent.is_none())
            .and_then(|base| found(true, base))
    },
)];

pub(super) static CHARGE: [Row<Charges>; 1] = [Row::new(
    "percent",
    "GOBL-BILL-CHARGE-01",
    &[Bt(101), Bt(100)],
    BASE,
    BASE_HINT,
    |charge, _| {
        charge
            .base
            .filter(|_| charge.percent.is_none())
            .and_then(|base| found(true, base))
    },
)];
