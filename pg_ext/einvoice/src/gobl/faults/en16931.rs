//! GOBL-EU-EN16931: the addon `eu-en16931-v2017`.

pub(super) mod amounts;

use super::kinds::{
    Addresses, Attachments, Inboxes, Instructions, Invoices, Member, Parties, Terms,
};
use super::row::{Row, found, when};
use crate::finding::Term::{Bg, Bt};
use crate::gobl::addon::{DOCUMENT_TYPE, PAYMENT_MEANS, TAX_CATEGORY, VATEX};
use crate::gobl::model::{Invoice, Party};

pub(super) static INVOICE: [Row<Invoices>; 8] = [
    Row::<Invoices>::new(
        "",
        "GOBL-EU-EN16931-BILL-INVOICE-08",
        &[Bt(121), Bt(120)],
        [
            "VAT of category {value} needs a reason of exemption (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10).",
            "La TVA de catégorie {value} demande un motif d’exonération (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10).",
        ],
        [
            "Add a \"cef-vatex\" code to the \"ext\" of the taxes, or a note with the same key to \"tax.notes\".",
            "Ajoutez un code « cef-vatex » dans « ext » des taxes, ou une note de même clé dans « tax.notes ».",
        ],
        |invoice, _| without_reason(invoice).and_then(|category| found(true, category)),
    ),
    Row::<Invoices>::new(
        "tax",
        "GOBL-EU-EN16931-BILL-INVOICE-01",
        &[Bt(3)],
        [
            "The invoice has no tax settings.",
            "La facture n’a pas de paramètres de taxe.",
        ],
        [
            "Add \"tax\"; the calculation fills it in.",
            "Ajoutez « tax » ; le calcul le complète.",
        ],
        |invoice, _| when(invoice.tax.is_none()),
    ),
    Row::<Invoices>::new(
        "tax.ext",
        "GOBL-EU-EN16931-BILL-INVOICE-02",
        &[Bt(3)],
        [
            "The invoice has no document type code.",
            "La facture n’a pas de code de type de document.",
        ],
        [
            "Use a \"type\" other than \"other\", or set \"untdid-document-type\" in \"tax.ext\".",
            "Utilisez un « type » autre que « other », ou renseignez « untdid-document-type » dans « tax.ext ».",
        ],
        |invoice, _| {
            when(
                invoice
                    .tax
                    .as_ref()
                    .is_some_and(|tax| !tax.ext.has(DOCUMENT_TYPE)),
            )
        },
    ),
    Row::<Invoices>::new(
        "lines",
        "GOBL-EU-EN16931-BILL-INVOICE-03",
        &[Bg(25)],
        [
            "The invoice has no line (BR-16).",
            "La facture n’a aucune ligne (BR-16).",
        ],
        ["Add a line.", "Ajoutez une ligne."],
        |invoice, _| when(invoice.lines.is_empty()),
    ),
    Row::<Invoices>::new(
        "supplier.addresses",
        "GOBL-EU-EN16931-BILL-INVOICE-04",
        &[Bg(5)],
        [
            "The supplier has no address (BR-8).",
            "Le fournisseur n’a pas d’adresse (BR-8).",
        ],
        [
            "Add an address with its country.",
            "Ajoutez une adresse avec son pays.",
        ],
        |invoice, _| when(is_without_address(invoice.supplier.as_deref())),
    ),
    Row::<Invoices>::new(
        "customer.addresses",
        "GOBL-EU-EN16931-BILL-INVOICE-05",
        &[Bg(8)],
        [
            "The customer has no address (BR-10).",
            "Le client n’a pas d’adresse (BR-10).",
        ],
        [
            "Add an address with its country.",
            "Ajoutez une adresse avec son pays.",
        ],
        |invoice, _| when(is_without_address(invoice.customer.as_deref())),
    ),
    Row::<Invoices>::new(
        "payment",
        "GOBL-EU-EN16931-BILL-INVOICE-06",
        &[Bt(20), Bt(9)],
        [
            "An amount is due, but nothing says how and when to pay (BR-CO-25).",
            "Un montant est dû, mais rien n’indique comment et quand payer (BR-CO-25).",
        ],
        [
            "Add \"payment.terms\" with a due date or notes.",
            "Ajoutez « payment.terms » avec une échéance ou des notes.",
        ],
        |invoice, _| when(is_due(invoice) && invoice.payment.is_none()),
    )
    .warning(),
    Row::<Invoices>::new(
        "payment.terms",
        "GOBL-EU-EN16931-BILL-INVOICE-07",
        &[Bt(20), Bt(9)],
        [
            "An amount is due, but nothing says when to pay (BR-CO-25).",
            "Un montant est dû, mais rien n’indique quand payer (BR-CO-25).",
        ],
        [
            "Add \"terms\" with a due date or notes.",
            "Ajoutez « terms » avec une échéance ou des notes.",
        ],
        |invoice, _| {
            when(
                is_due(invoice)
                    && invoice
                        .payment
                        .as_ref()
                        .is_some_and(|payment| payment.terms.is_none()),
            )
        },
    )
    .warning(),
];

/// The first VAT category of the breakdown that needs a reason of exemption and has none.
fn without_reason<'i>(invoice: &'i Invoice<'_>) -> Option<&'i str> {
    let taxes = invoice.totals.as_ref()?.taxes.as_ref()?;
    let notes = invoice
        .tax
        .as_ref()
        .map(|tax| tax.notes.as_slice())
        .unwrap_or_default();
    let rates = taxes
        .categories
        .iter()
        .filter(|category| category.code == "VAT")
        .flat_map(|category| &category.rates);
    rates
        .filter(|rate| !rate.ext.has(VATEX))
        .map(|rate| rate.ext.get(TAX_CATEGORY))
        .filter(|category| matches!(*category, "E" | "AE" | "K" | "G" | "O"))
        .find(|category| {
            !notes
                .iter()
                .any(|note| note.cat == "VAT" && note.ext.get(TAX_CATEGORY) == *category)
        })
}

fn is_without_address(party: Option<&Party<'_>>) -> bool {
    party.is_some_and(|party| party.addresses.is_empty())
}

fn is_due(invoice: &Invoice<'_>) -> bool {
    invoice.kind == "standard"
        && invoice
            .totals
            .as_ref()
            .is_some_and(|totals| !totals.due.unwrap_or(totals.payable).is_zero())
}

pub(super) static INSTRUCTIONS: [Row<Instructions>; 1] = [Row::new(
    "ext",
    "GOBL-EU-EN16931-PAY-INSTRUCTIONS-01",
    &[Bt(81)],
    [
        "The means of payment has no code (BR-49).",
        "Le moyen de paiement n’a pas de code (BR-49).",
    ],
    [
        "Use a known \"key\", such as \"credit-transfer\", or set \"untdid-payment-means\" in \"ext\".",
        "Utilisez une « key » connue, comme « credit-transfer », ou renseignez « untdid-payment-means » dans « ext ».",
    ],
    |instructions, _| when(!instructions.ext.has(PAYMENT_MEANS)),
)];

pub(super) static TERMS: [Row<Terms>; 1] = [Row::<Terms>::new(
    "",
    "GOBL-EU-EN16931-PAY-TERMS-01",
    &[Bt(20), Bt(9)],
    [
        "The payment terms have neither due dates nor notes (BR-CO-25).",
        "Les conditions de paiement n’ont ni échéances ni notes (BR-CO-25).",
    ],
    [
        "Add \"due_dates\" or \"notes\".",
        "Ajoutez « due_dates » ou « notes ».",
    ],
    |terms, _| when(terms.due_dates.is_empty() && terms.notes.is_empty()),
)
.warning()];

pub(super) static ATTACHMENT: [Row<Attachments>; 1] = [Row::new(
    "code",
    "GOBL-EU-EN16931-ORG-ATTACHMENT-01",
    &[Bt(122)],
    [
        "The attachment has no reference (BR-52).",
        "La pièce jointe n’a pas de référence (BR-52).",
    ],
    ["Set \"code\".", "Renseignez « code »."],
    |attachment, _| when(attachment.code.is_empty()),
)];

pub(super) static PARTY: [Row<Parties>; 1] = [Row::new(
    "inboxes",
    "GOBL-EU-EN16931-ORG-PARTY-01",
    &[Bt(34), Bt(49)],
    [
        "There are {value} inboxes, one is allowed.",
        "Il y a {value} boîtes, une seule est permise.",
    ],
    ["Keep one.", "Gardez-en une."],
    |Member { party, .. }, _| found(party.inboxes.len() > 1, party.inboxes.len()),
)];

pub(super) static INBOX: [Row<Inboxes>; 2] = [
    Row::new(
        "",
        "GOBL-EU-EN16931-ORG-INBOX-01",
        &[Bt(34), Bt(49)],
        [
            "The electronic address \"{value}\" has no scheme (BR-62, BR-63).",
            "L’adresse électronique « {value} » n’a pas de schéma (BR-62, BR-63).",
        ],
        [
            "Set \"scheme\", for instance \"0009\" for a SIRET.",
            "Renseignez « scheme », par exemple « 0009 » pour un SIRET.",
        ],
        |inbox, _| {
            found(
                !inbox.code.is_empty() && inbox.scheme.is_empty(),
                &inbox.code,
            )
        },
    ),
    Row::new(
        "",
        "GOBL-EU-EN16931-ORG-INBOX-02",
        &[Bt(34), Bt(49)],
        [
            "The inbox has the scheme \"{value}\" but no code.",
            "La boîte a le schéma « {value} » mais pas de code.",
        ],
        [
            "Set \"code\", or remove \"scheme\".",
            "Renseignez « code », ou retirez « scheme ».",
        ],
        |inbox, _| {
            found(
                inbox.code.is_empty() && !inbox.scheme.is_empty(),
                &inbox.scheme,
            )
        },
    ),
];

pub(super) static ADDRESS: [Row<Addresses>; 1] = [Row::new(
    "country",
    "GOBL-EU-EN16931-ORG-ADDRESS-01",
    &[Bt(40), Bt(55)],
    [
        "The address has no country (BR-9, BR-11, BR-20, BR-57).",
        "L’adresse n’a pas de pays (BR-9, BR-11, BR-20, BR-57).",
    ],
    [
        "Set \"country\", for instance \"FR\".",
        "Renseignez « country », par exemple « FR ».",
    ],
    |address, _| when(address.country.is_empty()),
)];
