//! BR: what must be there.

use super::Check::Invoice;
use super::{CEN, Row};
use crate::finding::Term::{Bg, Bt};
use crate::finding::{Rule, Text};

pub(super) static ROWS: &[Row] = &[
    Row {
        rule: Rule {
            id: "BR-01",
            terms: &[Bt(24)],
            message: Text {
                en: "The invoice does not say which specification it follows (BT-24).",
                fr: "La facture n’indique pas la spécification qu’elle suit (BT-24).",
            },
            hint: Text {
                en: "Give urn:cen.eu:en16931:2017.",
                fr: "Indiquez urn:cen.eu:en16931:2017.",
            },
            ..CEN
        },
        check: Invoice(|invoice, out| out.require(invoice.specification.as_ref(), Bt(24))),
    },
    Row {
        rule: Rule {
            id: "BR-02",
            terms: &[Bt(1)],
            message: Text {
                en: "The invoice has no number (BT-1).",
                fr: "La facture n’a pas de numéro (BT-1).",
            },
            hint: Text {
                en: "Give the invoice its number in {path}.",
                fr: "Donnez son numéro à la facture dans {path}.",
            },
            ..CEN
        },
        check: Invoice(|invoice, out| out.require(invoice.number.as_ref(), Bt(1))),
    },
    Row {
        rule: Rule {
            id: "BR-03",
            terms: &[Bt(2)],
            message: Text {
                en: "The invoice has no issue date (BT-2).",
                fr: "La facture n’a pas de date d’émission (BT-2).",
            },
            hint: Text {
                en: "Give the date in {path}, as YYYY-MM-DD.",
                fr: "Indiquez la date dans {path}, sous la forme AAAA-MM-JJ.",
            },
            same_as: &["GOBL-BILL-INVOICE-03"],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require_some(invoice.issue_date.as_ref(), Bt(2))),
    },
    Row {
        rule: Rule {
            id: "BR-04",
            terms: &[Bt(3)],
            message: Text {
                en: "The document has no type code (BT-3), so nobody knows whether it is an invoice or a credit note.",
                fr: "Le document n’a pas de code de type (BT-3) : on ne sait pas s’il s’agit d’une facture ou d’un avoir.",
            },
            hint: Text {
                en: "Set \"type\" and build the document again; for type \"other\" give the code in {path}, for instance 380.",
                fr: "Renseignez « type » et recalculez le document ; pour le type « other », indiquez le code dans {path}, par exemple 380.",
            },
            same_as: &[
                "GOBL-EU-EN16931-BILL-INVOICE-01",
                "GOBL-EU-EN16931-BILL-INVOICE-02",
            ],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require(invoice.type_code.as_ref(), Bt(3))),
    },
    Row {
        rule: Rule {
            id: "BR-05",
            terms: &[Bt(5)],
            message: Text {
                en: "The invoice has no currency (BT-5).",
                fr: "La facture n’a pas de devise (BT-5).",
            },
            hint: Text {
                en: "Give the currency in {path}, for instance EUR.",
                fr: "Indiquez la devise dans {path}, par exemple EUR.",
            },
            same_as: &["GOBL-BILL-INVOICE-04"],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require(invoice.currency.as_ref(), Bt(5))),
    },
    Row {
        rule: Rule {
            id: "BR-06",
            terms: &[Bt(27)],
            message: Text {
                en: "The seller has no name (BT-27).",
                fr: "Le fournisseur n’a pas de nom (BT-27).",
            },
            hint: Text {
                en: "Give the seller and its registered name in {path}.",
                fr: "Indiquez le fournisseur et sa raison sociale dans {path}.",
            },
            same_as: &[
                "BR-08",
                "BR-09",
                "PGC-CPRO-IDENTIFIER",
                "GOBL-BILL-INVOICE-05",
                "GOBL-BILL-INVOICE-06",
            ],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            out.require(
                invoice.seller.as_ref().and_then(|s| s.name.as_ref()),
                Bt(27),
            )
        }),
    },
    Row {
        rule: Rule {
            id: "BR-07",
            terms: &[Bt(44)],
            message: Text {
                en: "The buyer has no name (BT-44).",
                fr: "L’acheteur n’a pas de nom (BT-44).",
            },
            hint: Text {
                en: "Give the buyer and its name in {path}.",
                fr: "Indiquez l’acheteur et son nom dans {path}.",
            },
            same_as: &[
                "BR-10",
                "BR-11",
                "PGC-CPRO-IDENTIFIER",
                "GOBL-BILL-INVOICE-07",
            ],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            out.require(invoice.buyer.as_ref().and_then(|b| b.name.as_ref()), Bt(44))
        }),
    },
    Row {
        rule: Rule {
            id: "BR-08",
            terms: &[Bg(5)],
            message: Text {
                en: "The seller has no postal address (BG-5).",
                fr: "Le fournisseur n’a pas d’adresse postale (BG-5).",
            },
            hint: Text {
                en: "Give the seller's address with its country in {path}.",
                fr: "Indiquez l’adresse du fournisseur, avec son pays, dans {path}.",
            },
            same_as: &["BR-09", "GOBL-EU-EN16931-BILL-INVOICE-04"],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            out.require_some(
                invoice.seller.as_ref().and_then(|s| s.address.as_ref()),
                Bg(5),
            )
        }),
    },
    Row {
        rule: Rule {
            id: "BR-09",
            terms: &[Bt(40)],
            message: Text {
                en: "The seller's address has no country (BT-40).",
                fr: "L’adresse du fournisseur n’indique pas de pays (BT-40).",
            },
            hint: Text {
                en: "Give the country in {path} by its two letters, for instance FR.",
                fr: "Indiquez le pays dans {path} par ses deux lettres, par exemple FR.",
            },
            same_as: &["GOBL-EU-EN16931-ORG-ADDRESS-01"],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            let address = invoice.seller.as_ref().and_then(|s| s.address.as_ref());
            out.require(address.and_then(|a| a.country.as_ref()), Bt(40));
        }),
    },
    Row {
        rule: Rule {
            id: "BR-10",
            terms: &[Bg(8)],
            message: Text {
                en: "The buyer has no postal address (BG-8).",
                fr: "L’acheteur n’a pas d’adresse postale (BG-8).",
            },
            hint: Text {
                en: "Give the buyer's address with its country in {path}.",
                fr: "Indiquez l’adresse de l’acheteur, avec son pays, dans {path}.",
            },
            same_as: &["BR-11", "GOBL-EU-EN16931-BILL-INVOICE-05"],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            out.require_some(
                invoice.buyer.as_ref().and_then(|b| b.address.as_ref()),
                Bg(8),
            )
        }),
    },
    Row {
        rule: Rule {
            id: "BR-11",
            terms: &[Bt(55)],
            message: Text {
                en: "The buyer's address has no country (BT-55).",
                fr: "L’adresse de l’acheteur n’indique pas de pays (BT-55).",
            },
            hint: Text {
                en: "Give the country in {path} by its two letters, for instance FR.",
                fr: "Indiquez le pays dans {path} par ses deux lettres, par exemple FR.",
            },
            same_as: &["GOBL-EU-EN16931-ORG-ADDRESS-01"],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            let address = invoice.buyer.as_ref().and_then(|b| b.address.as_ref());
            out.require(address.and_then(|a| a.country.as_ref()), Bt(55));
        }),
    },
    Row {
        rule: Rule {
            id: "BR-12",
            terms: &[Bt(106)],
            message: Text {
                en: "The sum of the lines' net amounts (BT-106) is missing.",
                fr: "La somme des montants nets des lignes (BT-106) manque.",
            },
            hint: NO_TOTALS,
            same_as: &[
                "BR-13",
                "BR-14",
                "BR-15",
                "BR-CO-10",
                "BR-CO-13",
                "BR-CO-15",
                "BR-CO-16",
                "GOBL-BILL-INVOICE-09",
            ],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require_some(invoice.totals.lines, Bt(106))),
    },
    Row {
        rule: Rule {
            id: "BR-13",
            terms: &[Bt(109)],
            message: Text {
                en: "The total without VAT (BT-109) is missing.",
                fr: "Le total hors TVA (BT-109) manque.",
            },
            hint: NO_TOTALS,
            same_as: &["BR-CO-13"],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require_some(invoice.totals.without_vat, Bt(109))),
    },
    Row {
        rule: Rule {
            id: "BR-14",
            terms: &[Bt(112)],
            message: Text {
                en: "The total with VAT (BT-112) is missing.",
                fr: "Le total TTC (BT-112) manque.",
            },
            hint: NO_TOTALS,
            same_as: &["BR-CO-15"],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require_some(invoice.totals.with_vat, Bt(112))),
    },
    Row {
        rule: Rule {
            id: "BR-15",
            terms: &[Bt(115)],
            message: Text {
                en: "The amount due (BT-115) is missing.",
                fr: "Le montant à payer (BT-115) manque.",
            },
            hint: NO_TOTALS,
            same_as: &["BR-CO-16"],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require_some(invoice.totals.due, Bt(115))),
    },
    Row {
        rule: Rule {
            id: "BR-16",
            terms: &[Bg(25)],
            message: Text {
                en: "The invoice has no line (BG-25).",
                fr: "La facture n’a aucune ligne (BG-25).",
            },
            hint: Text {
                en: "Give at least one line in {path}.",
                fr: "Indiquez au moins une ligne dans {path}.",
            },
            same_as: &["GOBL-EU-EN16931-BILL-INVOICE-03", "GOBL-BILL-INVOICE-10"],
            ..CEN
        },
        check: Invoice(|invoice, out| out.require_some(invoice.lines.first(), Bg(25))),
    },
];

/// GOBL computes totals from lines, discounts and charges: without any of them there are none.
const NO_TOTALS: Text = Text {
    en: "Give lines with prices and taxes, and build the document again.",
    fr: "Indiquez des lignes avec leurs prix et leurs taxes, puis recalculez le document.",
};
