use super::super::kinds;
use super::super::path::Path;
use super::Walk;
use crate::gobl::list::List;
use crate::gobl::model::{
    Advance, CreditTransfer, Delivery, Instructions, Online, Ordering, Payment, Terms,
};

impl Walk {
    pub(super) fn ordering(&mut self, ordering: &Ordering<'_>, path: &Path<'_>) {
        self.code(&ordering.code, path, "code");
        self.identities(&ordering.identities, &path.key("identities"));
        self.code(&ordering.cost, path, "cost");
        self.period(ordering.period.as_deref(), &path.key("period"));
        self.party(ordering.buyer.as_deref(), false, &path.key("buyer"));
        self.party(ordering.seller.as_deref(), false, &path.key("seller"));
        self.party(ordering.issuer.as_deref(), false, &path.key("issuer"));
        self.references(&ordering.projects, &path.key("projects"));
        self.references(&ordering.contracts, &path.key("contracts"));
        self.references(&ordering.purchases, &path.key("purchases"));
        self.references(&ordering.sales, &path.key("sales"));
        self.references(&ordering.receiving, &path.key("receiving"));
        self.references(&ordering.despatch, &path.key("despatch"));
        self.references(&ordering.tender, &path.key("tender"));
    }

    pub(super) fn delivery(&mut self, delivery: &Delivery<'_>, path: &Path<'_>) {
        self.party(delivery.receiver.as_deref(), false, &path.key("receiver"));
        self.identities(&delivery.identities, &path.key("identities"));
        self.period(delivery.period.as_deref(), &path.key("period"));
    }

    pub(super) fn payment(&mut self, payment: &Payment<'_>, path: &Path<'_>) {
        self.party(payment.payee.as_deref(), false, &path.key("payee"));
        self.party(payment.payer.as_deref(), false, &path.key("payer"));
        if let Some(terms) = &payment.terms {
            self.terms(terms, &path.key("terms"));
        }
        self.each(&payment.advances, &path.key("advances"), Self::advance);
        if let Some(instructions) = &payment.instructions {
            self.instructions(instructions, &path.key("instructions"));
        }
    }

    fn terms(&mut self, terms: &Terms<'_>, path: &Path<'_>) {
        self.check::<kinds::Terms>(terms, path);
        self.key(&terms.key, path, "key");
        self.each(
            &terms.due_dates,
            &path.key("due_dates"),
            |walk, due, path| {
                walk.check::<kinds::DueDates>(due, path);
                walk.currency(&due.currency, path, "currency");
            },
        );
        self.ext(&terms.ext, path);
    }

    fn advance(&mut self, advance: &Advance<'_>, path: &Path<'_>) {
        self.check::<kinds::Advances>(advance, path);
        self.key(&advance.key, path, "key");
        self.currency(&advance.currency, path, "currency");
        if let Some(account) = &advance.credit_transfer {
            self.account(account, &path.key("credit_transfer"));
        }
        self.online(&advance.online, path);
        self.ext(&advance.ext, path);
    }

    fn instructions(&mut self, instructions: &Instructions<'_>, path: &Path<'_>) {
        self.check::<kinds::Instructions>(instructions, path);
        self.key(&instructions.key, path, "key");
        self.code(&instructions.reference, path, "ref");
        self.each(
            &instructions.credit_transfer,
            &path.key("credit_transfer"),
            Self::account,
        );
        self.online(&instructions.online, path);
        self.ext(&instructions.ext, path);
    }

    fn account(&mut self, account: &CreditTransfer<'_>, path: &Path<'_>) {
        if let Some(branch) = &account.branch {
            self.address(branch, &path.key("branch"));
        }
    }

    fn online(&mut self, online: &List<Online<'_>>, path: &Path<'_>) {
        self.each(online, &path.key("online"), |walk, online, path| {
            walk.check::<kinds::Online>(online, path);
            walk.key(&online.key, path, "key");
        });
    }
}
