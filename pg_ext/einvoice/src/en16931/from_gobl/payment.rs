//! Payment instructions and terms.

use std::fmt::Write as _;

use super::text;
use crate::en16931::{Card, CreditTransfer, DirectDebit, Payment, Text};
use crate::gobl;

pub(super) fn payment<'m>(instructions: &'m gobl::Instructions<'_>) -> Payment<'m> {
    Payment {
        means: means(instructions.ext.get(gobl::PAYMENT_MEANS)),
        means_text: text(&instructions.detail),
        remittance: text(&instructions.reference),
        credit_transfers: instructions
            .credit_transfer
            .iter()
            .map(|account| CreditTransfer {
                iban: text(&account.iban),
                number: text(&account.number),
                name: text(&account.name),
                bic: text(&account.bic),
            })
            .collect(),
        card: instructions.card.as_ref().map(|card| Card {
            number: text(&card.last4),
            holder: text(&card.holder),
        }),
        direct_debit: instructions.direct_debit.as_ref().map(|debit| DirectDebit {
            mandate: text(&debit.reference),
            creditor: text(&debit.creditor),
            account: text(&debit.account),
        }),
        is_implied: false,
    }
}

/// BT-81. Chorus Pro's own documents write the first of UNTDID 4461 with a zero before it.
fn means(code: &str) -> Option<Text<'_>> {
    text(if code == "01" { "1" } else { code })
}

/// BT-20. EN 16931 has one due date (BT-9); where there are several, all of them are told in the terms.
pub(super) fn terms<'m>(terms: &'m gobl::Terms<'_>, currency: &str) -> Option<Text<'m>> {
    match terms.due_dates.as_slice() {
        [] => text(&terms.notes),
        [only] => super::joined(&[&terms.notes, &only.notes], ". "),
        several => {
            let mut whole = terms.notes.to_string();
            for due in several {
                if !whole.is_empty() {
                    whole.push_str(". ");
                }
                let due_currency = if due.currency.is_empty() {
                    currency
                } else {
                    &due.currency
                };
                if let Some(date) = due.date {
                    // Writing to a String cannot fail.
                    let _ = write!(whole, "{date}: ");
                }
                let _ = write!(whole, "{} {due_currency}", due.amount);
                if !due.notes.is_empty() {
                    let _ = write!(whole, " ({})", due.notes);
                }
            }
            Some(whole.into())
        }
    }
}
