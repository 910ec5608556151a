//! How the invoice is to be paid.

use super::super::tree::{Element, name};
use super::Reader;
use crate::en16931::{Card, CreditTransfer, DirectDebit, Invoice, Payment, Text};

/// What CII keeps outside of the payment means.
#[derive(Default)]
pub(super) struct References<'x> {
    /// BT-83.
    pub(super) remittance: Option<Text<'x>>,
    /// BT-90.
    pub(super) creditor: Option<Text<'x>>,
    /// BT-89.
    pub(super) mandate: Option<Text<'x>>,
}

/// Whether an element of payment means only adds an account (BG-17) to those of the one before: the same means, nothing else.
pub(in crate::cii) fn adds_account(
    element: Element<'_, '_>,
    before: Option<Element<'_, '_>>,
) -> bool {
    let text = |of: Element<'_, '_>, name| of.child(name).map(|child| child.text().to_owned());
    let is_bare = element
        .child(name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT)
        .is_some()
        && element
            .child(name::APPLICABLE_TRADE_SETTLEMENT_FINANCIAL_CARD)
            .is_none()
        && element
            .child(name::PAYER_PARTY_DEBTOR_FINANCIAL_ACCOUNT)
            .is_none();
    is_bare
        && before.is_some_and(|before| {
            [name::TYPE_CODE, name::INFORMATION]
                .into_iter()
                .all(|name| text(element, name) == text(before, name))
        })
}

impl<'t, 'x> Reader<'t, 'x> {
    /// BG-16: one element for each account, which the model has under one means.
    pub(super) fn payment_means(
        &mut self,
        element: Element<'t, 'x>,
        before: Option<Element<'t, 'x>>,
        invoice: &mut Invoice<'x>,
    ) {
        let mut payment = Payment::default();
        let (mut debited, mut transfer) = (None, None::<CreditTransfer<'x>>);
        for child in element.children() {
            match child.name() {
                name::TYPE_CODE => self.text(child, &mut payment.means),
                name::INFORMATION => self.text(child, &mut payment.means_text),
                name::APPLICABLE_TRADE_SETTLEMENT_FINANCIAL_CARD => {
                    let card = payment.card.get_or_insert_default();
                    self.card(child, card);
                }
                name::PAYER_PARTY_DEBTOR_FINANCIAL_ACCOUNT => {
                    self.within(child, name::IBANID, &mut debited);
                }
                name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT => {
                    let transfer = transfer.get_or_insert_default();
                    for child in child.children() {
                        match child.name() {
                            name::IBANID => self.text(child, &mut transfer.iban),
                            name::ACCOUNT_NAME => self.text(child, &mut transfer.name),
                            name::PROPRIETARY_ID => self.text(child, &mut transfer.number),
                            _ => self.pass(child),
                        }
                    }
                }
                name::PAYEE_SPECIFIED_CREDITOR_FINANCIAL_INSTITUTION => match &mut transfer {
                    Some(transfer) => self.within(child, name::BICID, &mut transfer.bic),
                    None => self.pass(child),
                },
                _ => self.pass(child),
            }
        }
        payment.credit_transfers.extend(transfer);
        payment.direct_debit = debited.map(|account| DirectDebit {
            account: Some(account),
            ..DirectDebit::default()
        });
        let last = invoice
            .further_payments
            .last_mut()
            .or(invoice.payment.as_mut());
        match last {
            Some(last) if adds_account(element, before) => {
                last.credit_transfers.append(&mut payment.credit_transfers);
            }
            Some(_) => invoice.further_payments.push(payment),
            None => invoice.payment = Some(payment),
        }
    }

    fn card(&mut self, element: Element<'t, 'x>, card: &mut Card<'x>) {
        for child in element.children() {
            match child.name() {
                name::ID => self.text(child, &mut card.number),
                name::CARDHOLDER_NAME => self.text(child, &mut card.holder),
                _ => self.pass(child),
            }
        }
    }
}

/// Adds to the payment instructions what stands outside of the means.
pub(super) fn complete<'x>(invoice: &mut Invoice<'x>, references: References<'x>) {
    let References {
        remittance,
        creditor,
        mandate,
    } = references;
    if remittance.is_none() && creditor.is_none() && mandate.is_none() {
        return;
    }
    let payment = invoice.payment.get_or_insert_with(|| Payment {
        is_implied: true,
        ..Payment::default()
    });
    payment.remittance = remittance;
    if creditor.is_some() || mandate.is_some() {
        let debit = payment.direct_debit.get_or_insert_default();
        debit.creditor = creditor;
        debit.mandate = mandate;
    }
}
