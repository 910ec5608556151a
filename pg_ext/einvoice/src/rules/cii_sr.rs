//! CII-SR: what the CII binding of EN 16931 asks of the file's structure.

use super::Check::Invoice;
use super::br_payment::{is_transfer, nameless_accounts};
use super::parts::Parts;
use super::{CEN, Row};
use crate::finding::Term::{Bg, Bt};
use crate::finding::{Rule, Text};

pub(super) static ROWS: &[Row] = &[Row {
    about: Parts::NONE,
    rule: Rule {
        id: "CII-SR-470",
        terms: &[Bg(17), Bt(84)],
        message: Text {
            en: "The invoice is to be paid by credit transfer, but names no account to pay into (BT-84).",
            fr: "La facture est à payer par virement, mais n’indique aucun compte à créditer (BT-84).",
        },
        hint: Text {
            en: "Give the account's IBAN in payment.instructions.credit_transfer, or another key in payment.instructions.",
            fr: "Indiquez l’IBAN du compte dans payment.instructions.credit_transfer, ou une autre clé dans payment.instructions.",
        },
        source: "CEN/TS 16931-3-3, CII binding; CEN/TC 434 CII artefact 1.3.16",
        ..CEN
    },
    check: Invoice(|invoice, out| {
        let transfer = invoice
            .payment
            .as_ref()
            .filter(|p| is_transfer(p.means.as_deref()));
        if transfer.is_some_and(|p| p.credit_transfers.is_empty()) {
            out.fail(Bg(17), |finding| finding);
        }
        if let Some(at) = nameless_accounts(invoice).next() {
            out.fail_at(Bt(84), at, |finding| finding);
        }
    }),
}];
