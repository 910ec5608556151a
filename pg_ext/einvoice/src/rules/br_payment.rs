//! BR: what payment instructions (BG-16) must say.

use super::Check::Invoice;
use super::row::Row;
use crate::en16931::{self, CreditTransfer, is_blank};
use crate::finding::Term::Bt;

pub(super) static ROWS: &[Row] = &[
    Row::cen(
        "BR-49",
        &[Bt(81)],
        Invoice(|invoice, out| {
            for (at, payment) in invoice.payments().enumerate() {
                if payment.means.is_none() && !payment.is_implied {
                    out.fail_at(Bt(81), at, |finding| finding);
                }
            }
        }),
    )
    .says(
        "The payment instructions do not say by what means to pay (BT-81).",
        "Les instructions de paiement n’indiquent pas le moyen de paiement (BT-81).",
    )
    .hint(
        "Give the code of the means in {path}, for instance 30 for a credit transfer. In GOBL, give a key in payment.instructions, for instance credit-transfer, and build the document again.",
        "Indiquez le code du moyen de paiement dans {path}, par exemple 30 pour un virement. En GOBL, renseignez la clé de payment.instructions, par exemple credit-transfer, et recalculez le document.",
    )
    .same_as(&["PGC-CPRO-PAYMENT-MEANS", "GOBL-EU-EN16931-PAY-INSTRUCTIONS-01"]),
    Row::cen(
        "BR-50",
        &[Bt(84)],
        Invoice(|invoice, out| {

            for at in nameless_accounts(invoice) {
                out.fail_at(Bt(84), at, |finding| finding);
            }
        }),
    )
    .says(
        "The account to pay into has neither IBAN nor number (BT-84).",
        "Le compte à créditer n’a ni IBAN ni numéro (BT-84).",
    )
    .hint("Give the IBAN in {path}.", "Indiquez l’IBAN dans {path}.")
    .same_as(&["BR-61", "CII-SR-470"]),
    Row::cen(
        "BR-51",
        &[Bt(87)],
        Invoice(|invoice, out| {
            for (at, payment) in invoice.payments().enumerate() {
                let number = payment.card.as_ref().and_then(|card| card.number.as_deref());
                if let Some(number) = number.filter(|number| length(number) > CARD_DIGITS) {
                    // The number itself is not for logs.
                    out.fail_at(Bt(87), at, |finding| finding.value(length(number)).wanted(CARD_DIGITS));
                }
            }
        }),
    )
    .says(
        "The number of the payment card has {value} characters (BT-87): of a card only the last digits may be shown, {wanted} characters at most.",
        "Le numéro de la carte de paiement a {value} caractères (BT-87) : seuls les derniers chiffres d’une carte peuvent être indiqués, {wanted} caractères au plus.",
    )
    .hint(
        "Give the last 4 to 6 digits of the card in {path}.",
        "Indiquez les 4 à 6 derniers chiffres de la carte dans {path}.",
    ),
    Row::cen(
        "BR-61",
        &[Bt(84)],
        Invoice(|invoice, out| {
            let absent = |a: &CreditTransfer<'_>| a.iban.is_none() && a.number.is_none();
            for at in accounts(invoice, absent) {
                out.fail_at(Bt(84), at, |finding| finding);
            }
        }),
    )
    .says(
        "A credit transfer needs the account to pay into (BT-84).",
        "Un virement demande le compte à créditer (BT-84).",
    )
    .hint("Give the IBAN in {path}.", "Indiquez l’IBAN dans {path}."),
];

/// Most characters of a card's number.
const CARD_DIGITS: usize = 10;

/// Characters, white space counting as one between words and as none around them.
fn length(text: &str) -> usize {
    let words = || {
        text.split([' ', '\t', '\n', '\r'])
            .filter(|word| !word.is_empty())
    };
    words().map(|word| word.chars().count()).sum::<usize>() + words().count().saturating_sub(1)
}

/// Positions of the accounts of credit transfers (BG-17) that lack something.
fn accounts(
    invoice: &en16931::Invoice<'_>,
    lacks: impl Fn(&CreditTransfer<'_>) -> bool,
) -> impl Iterator<Item = usize> {
    let accounts = invoice.payments().flat_map(|payment| {
        let is_transfer = is_transfer(payment.means.as_deref());
        payment
            .credit_transfers
            .iter()
            .map(move |account| (is_transfer, account))
    });
    accounts
        .enumerate()
        .filter(move |(_, (is_transfer, account))| *is_transfer && lacks(account))
        .map(|(at, _)| at)
}

/// Accounts of a credit transfer (BG-17) that neither IBAN nor number names.
pub(super) fn nameless_accounts(invoice: &en16931::Invoice<'_>) -> impl Iterator<Item = usize> {
    accounts(invoice, |a| {
        is_blank(a.iban.as_ref()) && is_blank(a.number.as_ref())
    })
}

/// Whether means of payment (BT-81) are a credit transfer, which needs an account.
pub(super) fn is_transfer(means: Option<&str>) -> bool {
    matches!(means, Some("30" | "58"))
}
