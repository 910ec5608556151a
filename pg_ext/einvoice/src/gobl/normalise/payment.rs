use super::{Addons, party};
use crate::gobl::addon::{PAYMENT_MEANS, payment_means};
use crate::gobl::clean;
use crate::gobl::model::{Advance, CreditTransfer, Instructions, Online, Payment, Terms};

pub(super) fn payment(payment: &mut Payment<'_>, addons: Addons) {
    for party in [&mut payment.payee, &mut payment.payer]
        .into_iter()
        .flatten()
    {
        party::party(party, addons);
    }
    if let Some(terms) = &mut payment.terms {
        self::terms(terms);
    }
    payment.advances.iter_mut().for_each(advance);
    if let Some(instructions) = &mut payment.instructions {
        self::instructions(instructions, addons);
    }
}

fn terms(terms: &mut Terms<'_>) {
    terms
        .due_dates
        .iter_mut()
        .for_each(|due| clean::text(&mut due.notes));
    clean::text(&mut terms.notes);
    clean::ext(&mut terms.ext);
}

fn advance(advance: &mut Advance<'_>) {
    clean::text(&mut advance.reference);
    clean::text(&mut advance.description);
    if let Some(account) = &mut advance.credit_transfer {
        credit_transfer(account);
    }
    advance.online.iter_mut().for_each(online);
    clean::ext(&mut advance.ext);
}

fn instructions(instructions: &mut Instructions<'_>, addons: Addons) {
    clean::text(&mut instructions.detail);
    clean::code(&mut instructions.reference);
    instructions
        .credit_transfer
        .iter_mut()
        .for_each(credit_transfer);
    instructions.online.iter_mut().for_each(online);
    clean::text(&mut instructions.notes);
    clean::ext(&mut instructions.ext);
    if let (true, Some(code)) = (addons.en16931, payment_means(&instructions.key)) {
        instructions.ext.set(PAYMENT_MEANS, code);
    }
}

fn credit_transfer(account: &mut CreditTransfer<'_>) {
    for text in [
        &mut account.iban,
        &mut account.bic,
        &mut account.number,
        &mut account.name,
    ] {
        clean::text(text);
    }
    if let Some(branch) = &mut account.branch {
        party::address(branch);
    }
}

fn online(online: &mut Online<'_>) {
    clean::text(&mut online.label);
    clean::text(&mut online.url);
}
