//! BR: what payment instructions (BG-16) must say.

use super::Check::Invoice;
use super::{CEN, Row};
use crate::en16931::{self, CreditTransfer, is_blank};
use crate::finding::Term::Bt;
use crate::finding::{Rule, Text};

pub(super) static ROWS: &[Row] = &[
    Row {
        rule: Rule {
            id: "BR-49",
            terms: &[Bt(81)],
            message: Text {
                en: "The payment instructions do not say by what means to pay (BT-81).",
                fr: "Les instructions de paiement n’indiquent pas le moyen de paiement (BT-81).",
            },
            hint: Text {
                en: "Give a key in payment.instructions, for instance credit-transfer, and build the document again.",
                fr: "Renseignez la clé de payment.instructions, par exemple credit-transfer, et recalculez le document.",
            },
            same_as: &[
                "PGC-CPRO-PAYMENT-MEANS",
                "GOBL-EU-EN16931-PAY-INSTRUCTIONS-01",
            ],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            if let Some(payment) = &invoice.payment {
                out.require_some(payment.means.as_ref(), Bt(81));
            }
        }),
    },
    Row {
        rule: Rule {
            id: "BR-50",
            terms: &[Bt(84)],
            message: Text {
                en: "The account to pay into has neither IBAN nor number (BT-84).",
                fr: "Le compte à créditer n’a ni IBAN ni numéro (BT-84).",
            },
            hint: Text {
                en: "Give the IBAN in {path}.",
                fr: "Indiquez l’IBAN dans {path}.",
            },
            same_as: &["BR-61", "CII-SR-470"],
            ..CEN
        },
        check: Invoice(|invoice, out| {
            for at in nameless_accounts(invoice) {
                out.fail_at(Bt(84), at, |finding| finding);
            }
        }),
    },
    Row {
        rule: Rule {
            id: "BR-61",
            terms: &[Bt(84)],
            message: Text {
                en: "A credit transfer needs the account to pay into (BT-84).",
                fr: "Un virement demande le compte à créditer (BT-84).",
            },
            hint: Text {
                en: "Give the IBAN in {path}.",
                fr: "Indiquez l’IBAN dans {path}.",
            },
            ..CEN
        },
        check: Invoice(|invoice, out| {
            for at in nameless_accounts(invoice) {
                out.fail_at(Bt(84), at, |finding| finding);
            }
        }),
    },
];

/// Accounts of a credit transfer (BG-17) that neither IBAN nor number names.
pub(super) fn nameless_accounts(invoice: &en16931::Invoice<'_>) -> impl Iterator<Item = usize> {
    let payment = invoice
        .payment
        .as_ref()
        .filter(|p| is_transfer(p.means.as_deref()));
    let accounts = payment.map_or(&[][..], |p| p.credit_transfers.as_slice());
    let nameless =
        |a: &CreditTransfer<'_>| is_blank(a.iban.as_ref()) && is_blank(a.number.as_ref());
    accounts
        .iter()
        .enumerate()
        .filter(move |(_, account)| nameless(account))
        .map(|(at, _)| at)
}

/// Whether means of payment (BT-81) are a credit transfer, which needs an account.
pub(super) fn is_transfer(means: Option<&str>) -> bool {
    matches!(means, Some("30" | "58"))
}
