//! What the calculation changes without a word, in a document that it has not seen yet (`PGC-`).

use super::kinds::{GivenAmounts, GivenCharges, GivenInvoices};
use super::row::{Row, found};
use crate::amount::Amount;
use crate::finding::Term::{Bg, Bt};
use crate::gobl::addon::{DOCUMENT_TYPE, PAYMENT_MEANS, payment_means};
use crate::gobl::calculate::document_type;
use crate::gobl::normalise::says_nothing;

pub(super) static LINE_CHARGE: [Row<GivenCharges>; 1] = [Row::<GivenCharges>::new(
    "",
    "PGC-CHARGE-DROPPED",
    &[Bg(28)],
    [
        "The charge of {value} per unit has neither reason, key nor code: GOBL drops it, and it is not invoiced.",
        "Le frais de {value} par unité n’a ni motif, ni clé, ni code : GOBL l’écarte, et il n’est pas facturé.",
    ],
    [
        "Give the charge a \"reason\", or remove it.",
        "Donnez au frais un motif (« reason »), ou retirez-le.",
    ],
    |charge, _| {
        let is_dropped = says_nothing(
            [&charge.key, &charge.code, &charge.reason],
            &charge.ext,
            charge.percent,
            charge.amount,
        );
        charge.rate.filter(|rate| is_dropped && !rate.is_zero()).and_then(|rate| found(true, rate))
    },
)
.ours(&[])];

/// An amount given at a line, and the decimals with which it will be shown.
#[derive(Clone, Copy)]
pub(in crate::gobl::faults) struct Shown {
    pub amount: Amount,
    pub decimals: u32,
}

pub(super) static AMOUNT: [Row<GivenAmounts>; 1] = [Row::<GivenAmounts>::new(
    "amount",
    "PGC-DECIMALS",
    &[Bt(136), Bt(141)],
    [
        "The amount {value} is finer than the price: it is counted as it is but shown as {wanted}, and a second calculation counts that.",
        "Le montant {value} est plus fin que le prix : il est compté tel quel mais affiché {wanted}, et un second calcul compterait ce dernier.",
    ],
    [
        "Give the amount with the decimals of the currency.",
        "Donnez le montant avec les décimales de la devise.",
    ],
    |given, _| {
        let shown = given.amount.rescale_down(given.decimals);
        found(shown != given.amount, given.amount).map(|failure| failure.wanted(shown.to_string()))
    },
)
.ours(&[])
.warning()];

const ID: &str = "PGC-CODE-REPLACED";
const MESSAGE: [&str; 2] = [
    "The code {value} is replaced with {wanted}, which stands for the document's own type or key.",
    "Le code {value} est remplacé par {wanted}, qui correspond au type ou à la clé du document.",
];

pub(super) static INVOICE: [Row<GivenInvoices>; 2] = [
    Row::<GivenInvoices>::new(
        "tax.ext.untdid-document-type",
        ID,
        &[Bt(3)],
        MESSAGE,
        [
            "Set \"type\" to \"other\" to keep the code, or remove it.",
            "Mettez « type » à « other » pour garder le code, ou retirez-le.",
        ],
        |invoice, _| {
            let given = invoice.tax.as_ref()?.ext.get(DOCUMENT_TYPE);
            let own = document_type(invoice)?;
            found(!given.is_empty() && given != own, given).map(|failure| failure.wanted(own))
        },
    )
    .ours(&[])
    .warning(),
    Row::<GivenInvoices>::new(
        "payment.instructions.ext.untdid-payment-means",
        ID,
        &[Bt(81)],
        MESSAGE,
        [
            "Set \"key\" to \"other\" to keep the code, or remove it.",
            "Mettez « key » à « other » pour garder le code, ou retirez-le.",
        ],
        |invoice, _| {
            let instructions = invoice.payment.as_ref()?.instructions.as_ref()?;
            let given = instructions.ext.get(PAYMENT_MEANS);
            let own = payment_means(&instructions.key)?;
            found(!given.is_empty() && given != own, given).map(|failure| failure.wanted(own))
        },
    )
    .ours(&[])
    .warning(),
];
