//! GOBL-BILL: the invoice as a whole.

use super::kinds::{Invoices, Settings};
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
