//! Payment: payee, terms, sums already paid, means.

use jiff::civil::Date;

use super::{own, party, said};
use crate::amount::{Amount, Percentage};
use crate::en16931::{CreditTransfer, Day, Invoice, Payment, Text};
use crate::gobl::{self, List};

pub(super) fn payment<'x>(invoice: &Invoice<'x>, is_chorus: bool) -> Option<gobl::Payment<'x>> {
    let prepaid = invoice.totals.prepaid.filter(|prepaid| !prepaid.is_zero());
    let payment = gobl::Payment {
        payee: invoice
            .payee
            .as_ref()
            .map(|p| Box::new(party::payee(p, is_chorus))),
        terms: terms(invoice).map(Box::new),
        advances: prepaid
            .map(|amount| gobl::Advance {
                amount,
                ..gobl::Advance::default()
            })
            .into_iter()
            .collect(),
        instructions: instructions(invoice).map(Box::new),
        ..gobl::Payment::default()
    };
    (payment != gobl::Payment::default()).then_some(payment)
}

/// BT-9 and BT-20. A due date means all that is due.
fn terms<'x>(invoice: &Invoice<'x>) -> Option<gobl::Terms<'x>> {
    let date = invoice.due_date.as_ref().and_then(Day::date);
    let terms = said(invoice.payment_terms.as_ref());
    if let (Some(terms), Some(date)) = (terms, date)
        && let Some(instalments) = instalments(terms)
        && are_due(&instalments, date, invoice)
    {
        return Some(instalments);
    }
    let is_some = |amount: &Amount| !amount.is_zero();
    let due = invoice.totals.due.filter(is_some);
    let payable = invoice.totals.with_vat.filter(is_some).or(due);
    // Nothing is due on any day where nothing is to be paid.
    let date = date.filter(|_| payable.is_some());
    if date.is_none() && terms.is_none() {
        return None;
    }
    let amount = due.filter(|_| invoice.totals.prepaid.as_ref().is_some_and(is_some));
    let due_dates = date.map(|date| gobl::DueDate {
        date: Some(date),
        amount: amount.unwrap_or_default(),
        percent: match amount {
            Some(_) => None,
            None => Some(Percentage::from_percent(Amount::new(100, 0))),
        },
        ..gobl::DueDate::default()
    });
    Some(gobl::Terms {
        notes: own(invoice.payment_terms.as_ref()),
        due_dates: due_dates.into_iter().collect(),
        ..gobl::Terms::default()
    })
}

/// Whether instalments begin on the due date (BT-9) and add up to what is to be paid, before or after what has been paid. If
/// not, the text is somebody's own, and the due date stands.
fn are_due(terms: &gobl::Terms<'_>, date: Date, invoice: &Invoice<'_>) -> bool {
    let currency = invoice.currency.as_deref().unwrap_or_default().trim();
    let due_dates = &terms.due_dates;
    let sum = due_dates.iter().fold(Amount::ZERO, |sum, due| {
        sum.match_exp(due.amount).plus(due.amount)
    });
    let totals = &invoice.totals;
    let rounding = totals.rounding.unwrap_or_default();
    let payable = totals
        .with_vat
        .map(|with_vat| with_vat.match_exp(rounding).plus(rounding));
    due_dates.first().and_then(|first| first.date) == Some(date)
        && due_dates.iter().all(|due| due.currency == *currency)
        && (Some(sum) == totals.due || Some(sum) == payable)
}

/// Several instalments, as the writer tells them at the end of the terms: `2026-04-01: 100.00 EUR (notes)`, more than one, with
/// `. ` between them.
fn instalments<'x>(terms: &Text<'x>) -> Option<gobl::Terms<'x>> {
    let mut due_dates = Vec::new();
    let mut notes = "";
    for sentence in terms.split(". ") {
        match instalment(sentence) {
            Some(due) => due_dates.push(due),
            None if due_dates.is_empty() => {
                notes = terms
                    .get(..notes.len() + sentence.len() + if notes.is_empty() { 0 } else { 2 })?;
            }
            None => return None,
        }
    }
    if due_dates.len() < 2 {
        return None;
    }
    Some(gobl::Terms {
        notes: notes.to_owned().into(),
        due_dates: due_dates.into(),
        ..gobl::Terms::default()
    })
}

fn instalment<'x>(sentence: &str) -> Option<gobl::DueDate<'x>> {
    let (date, rest) = sentence.split_once(": ")?;
    let (sum, notes) = match rest.split_once(" (") {
        Some((sum, notes)) => (sum, notes.strip_suffix(')')?),
        None => (rest, ""),
    };
    let (amount, currency) = sum.split_once(' ')?;
    if currency.len() != 3 {
        return None;
    }
    Some(gobl::DueDate {
        date: Some(date.parse().ok()?),
        notes: notes.to_owned().into(),
        amount: Amount::parse(amount).ok()?,
        currency: currency.to_owned().into(),
        ..gobl::DueDate::default()
    })
}

/// BG-16. GOBL has one means: those after the first add their accounts, and what the first has none of.
fn instructions<'x>(invoice: &Invoice<'x>) -> Option<gobl::Instructions<'x>> {
    let mut whole = self::means(invoice.payment.as_ref()?);
    for further in &invoice.further_payments {
        let mut further = self::means(further);
        whole.credit_transfer.append(&mut further.credit_transfer);
        whole.card = whole.card.or(further.card);
        whole.direct_debit = match (whole.direct_debit, further.direct_debit) {
            (Some(debit), Some(further)) if debit.account.is_empty() => Some(gobl::DirectDebit {
                account: further.account,
                ..debit
            }),
            (debit, further) => debit.or(further),
        };
        if whole.detail.is_empty() {
            whole.detail = further.detail;
        }
    }
    Some(whole)
}

fn means<'x>(payment: &Payment<'x>) -> gobl::Instructions<'x> {
    let mut ext = gobl::Ext::default();
    if let Some(means) = &payment.means {
        ext.set(gobl::PAYMENT_MEANS, means.clone());
    }
    let code = payment.means.as_deref().unwrap_or_default().trim();
    gobl::Instructions {
        // What has no key of its own keeps its code as `other`.
        key: gobl::key_of_payment_means(code).unwrap_or("other").into(),
        detail: own(payment.means_text.as_ref()),
        reference: own(payment.remittance.as_ref()),
        credit_transfer: accounts(&payment.credit_transfers),
        card: payment.card.as_ref().map(|card| gobl::Card {
            last4: own(card.number.as_ref()),
            holder: own(card.holder.as_ref()),
            ..gobl::Card::default()
        }),
        direct_debit: payment
            .direct_debit
            .as_ref()
            .map(|debit| gobl::DirectDebit {
                reference: own(debit.mandate.as_ref()),
                creditor: own(debit.creditor.as_ref()),
                account: own(debit.account.as_ref()),
            }),
        ext,
        ..gobl::Instructions::default()
    }
}

/// BG-17.
fn accounts<'x>(accounts: &[CreditTransfer<'x>]) -> List<gobl::CreditTransfer<'x>> {
    let account = |account: &CreditTransfer<'x>| gobl::CreditTransfer {
        iban: own(account.iban.as_ref()),
        number: own(account.number.as_ref()),
        name: own(account.name.as_ref()),
        bic: own(account.bic.as_ref()),
        ..gobl::CreditTransfer::default()
    };
    accounts.iter().map(account).collect()
}
