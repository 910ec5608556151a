//! GOBL-BILL: the invoice, its lines, allowances and charges.

use super::kinds::{
    Charges, Discounts, Invoices, LineCharges, LineDiscounts, Lines, Settings, SubLines,
};
use super::row::{Row, found, when};
use crate::finding::Term::{Bg, Bt};

const TYPES: &str = "standard, proforma, corrective, credit-note, debit-note, other";

pub(super) static INVOICE: [Row<Invoices>; 10] = [
    Row::new(
        "type",
        "GOBL-BILL-INVOICE-01",
        &[Bt(3)],
        ["The invoice has no type.", "La facture n’a pas de type."],
        [
            "Set \"type\", usually to \"standard\" or \"credit-note\".",
            "Renseignez « type », en général « standard » ou « credit-note ».",
        ],
        |invoice, _| when(invoice.kind.is_empty()),
    ),
    Row::new(
        "type",
        "GOBL-BILL-INVOICE-02",
        &[Bt(3)],
        [
            "\"{value}\" is not a type of invoice.",
            "« {value} » n’est pas un type de facture.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |invoice, _| {
            let is_known = TYPES.split(", ").any(|kind| invoice.kind == kind);
            found(!invoice.kind.is_empty() && !is_known, &invoice.kind)
                .map(|failure| failure.wanted(TYPES))
        },
    ),
    Row::new(
        "issue_date",
        "GOBL-BILL-INVOICE-03",
        &[Bt(2)],
        [
            "The invoice has no issue date.",
            "La facture n’a pas de date d’émission.",
        ],
        [
            "Set \"issue_date\", for instance \"2025-06-18\".",
            "Renseignez « issue_date », par exemple « 2025-06-18 ».",
        ],
        |invoice, _| when(invoice.issue_date.is_none()),
    ),
    Row::new(
        "currency",
        "GOBL-BILL-INVOICE-04",
        &[Bt(5)],
        [
            "The invoice has no currency.",
            "La facture n’a pas de devise.",
        ],
        [
            "Set \"currency\", for instance \"EUR\".",
            "Renseignez « currency », par exemple « EUR ».",
        ],
        |invoice, _| when(invoice.currency.is_empty()),
    ),
    Row::new(
        "supplier",
        "GOBL-BILL-INVOICE-05",
        &[Bg(4)],
        [
            "The invoice has no supplier.",
            "La facture n’a pas de fournisseur.",
        ],
        ["Add \"supplier\".", "Ajoutez « supplier »."],
        |invoice, _| when(invoice.supplier.is_none()),
    ),
    Row::new(
        "supplier.name",
        "GOBL-BILL-INVOICE-06",
        &[Bt(27)],
        [
            "The supplier has no name.",
            "Le fournisseur n’a pas de nom.",
        ],
        [
            "Set the name of the supplier.",
            "Renseignez le nom du fournisseur.",
        ],
        |invoice, _| {
            when(
                invoice
                    .supplier
                    .as_ref()
                    .is_some_and(|supplier| supplier.name.is_empty()),
            )
        },
    ),
    Row::new(
        "value_date",
        "GOBL-BILL-INVOICE-11",
        &[Bt(7), Bt(8)],
        [
            "The invoice has both a tax point date, {value}, and a rule for the tax point.",
            "La facture a à la fois une date d’exigibilité de la TVA, {value}, et une règle d’exigibilité.",
        ],
        [
            "Keep one of \"value_date\" and \"tax.point\".",
            "Gardez soit « value_date », soit « tax.point ».",
        ],
        |invoice, _| {
            let has_point = invoice
                .tax
                .as_ref()
                .is_some_and(|tax| !tax.point.is_empty());
            invoice
                .value_date
                .filter(|_| has_point)
                .and_then(|date| found(true, date))
        },
    ),
    Row::new(
        "customer.name",
        "GOBL-BILL-INVOICE-07",
        &[Bt(44)],
        [
            "The customer has a VAT number but no name.",
            "Le client a un numéro de TVA mais pas de nom.",
        ],
        [
            "Set the name of the customer.",
            "Renseignez le nom du client.",
        ],
        |invoice, _| {
            when(invoice.customer.as_ref().is_some_and(|customer| {
                customer.name.is_empty()
                    && customer
                        .tax_id
                        .as_ref()
                        .is_some_and(|tax_id| !tax_id.code.is_empty())
            }))
        },
    ),
    Row::new(
        "totals",
        "GOBL-BILL-INVOICE-09",
        &[Bg(22)],
        [
            "The invoice has no totals: there is nothing to add up.",
            "La facture n’a pas de totaux : il n’y a rien à additionner.",
        ],
        [
            "Add a line with a price.",
            "Ajoutez une ligne avec un prix.",
        ],
        |invoice, _| when(invoice.totals.is_none()),
    ),
    Row::new(
        "lines",
        "GOBL-BILL-INVOICE-10",
        &[Bg(25)],
        [
            "The invoice has neither lines, nor allowances, nor charges.",
            "La facture n’a ni lignes, ni remises, ni frais.",
        ],
        ["Add a line.", "Ajoutez une ligne."],
        |invoice, _| {
            when(
                invoice.lines.is_empty()
                    && invoice.discounts.is_empty()
                    && invoice.charges.is_empty(),
            )
        },
    ),
];

pub(super) static TAX: [Row<Settings>; 2] = [
    Row::new(
        "rounding",
        "GOBL-BILL-TAX-01",
        &[],
        [
            "\"{value}\" is not a rounding rule.",
            "« {value} » n’est pas une règle d’arrondi.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |tax, _| {
            let is_known = matches!(tax.rounding.as_str(), "" | "precise" | "currency");
            found(!is_known, &tax.rounding).map(|failure| failure.wanted("precise, currency"))
        },
    ),
    Row::new(
        "point",
        "GOBL-BILL-TAX-02",
        &[Bt(8)],
        [
            "\"{value}\" is not a tax point.",
            "« {value} » n’est pas un fait d’exigibilité de la TVA.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |tax, _| {
            let is_known = matches!(tax.point.as_str(), "" | "issue" | "delivery" | "payment");
            found(!is_known, &tax.point).map(|failure| failure.wanted("issue, delivery, payment"))
        },
    ),
];

pub(super) static LINE: [Row<Lines>; 4] = [
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
        [
            "Calculate the document again, without \"totals\".",
            "Recalculez le document, sans « totals ».",
        ],
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
        [
            "Calculate the document again, without \"totals\".",
            "Recalculez le document, sans « totals ».",
        ],
        |line, _| {
            when(
                line.total.is_none() && line.item.as_ref().is_some_and(|item| item.price.is_some()),
            )
        },
    ),
];

pub(super) static SUB_LINE: [Row<SubLines>; 3] = [
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
        [
            "Calculate the document again, without \"totals\".",
            "Recalculez le document, sans « totals ».",
        ],
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
        [
            "Calculate the document again, without \"totals\".",
            "Recalculez le document, sans « totals ».",
        ],
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
