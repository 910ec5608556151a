use super::kinds::{self, Member};
use super::path::Path;
use super::row::{Facts, Kind};
use crate::finding::Finding;
use crate::gobl::list::List;
use crate::gobl::model::{
    Charge, Combo, Delivery, Discount, DocumentRef, Identity, Invoice, Item, Line, LineCharge,
    LineDiscount, Note, Ordering, Party, Payment, Period, Person, SubLine,
};
use crate::gobl::scalar::Text;

/// A walk through the document: every object is shown to the rules of its kind.
pub(super) struct Walk {
    pub facts: Facts,
    pub findings: Vec<Finding>,
}

impl Walk {
    fn check<K: Kind>(&mut self, node: K::Of<'_>, path: &Path<'_>) {
        for table in K::TABLES
            .iter()
            .filter(|table| self.facts.admit(table.when))
        {
            for row in table.rows {
                let Some(failure) = (row.fails)(node, &self.facts) else {
                    continue;
                };
                let path = if row.at.is_empty() {
                    path.to_string()
                } else {
                    format!("{path}.{}", row.at)
                };
                let mut finding = Finding::new(&row.rule, path)
                    .value(failure.value)
                    .wanted(failure.wanted);
                finding.severity = failure.severity.unwrap_or(finding.severity);
                self.findings.push(finding);
            }
        }
    }

    fn each<T>(
        &mut self,
        items: &[T],
        path: &Path<'_>,
        mut visit: impl FnMut(&mut Self, &T, &Path<'_>),
    ) {
        for (at, item) in items.iter().enumerate() {
            visit(self, item, &path.index(at));
        }
    }

    fn code(&mut self, code: &Text<'_>, path: &Path<'_>) {
        if !code.is_empty() {
            self.check::<kinds::Codes>(code, path);
        }
    }

    pub(super) fn invoice(&mut self, invoice: &Invoice<'_>, path: &Path<'_>) {
        self.check::<kinds::Invoices>(invoice, path);
        self.each(
            &invoice.addons,
            &path.key("$addons"),
            |walk, addon, path| walk.check::<kinds::Addons>(addon, path),
        );
        self.code(&invoice.series, &path.key("series"));
        self.code(&invoice.code, &path.key("code"));
        self.each(
            &invoice.exchange_rates,
            &path.key("exchange_rates"),
            |walk, rate, path| {
                walk.check::<kinds::ExchangeRates>(rate, path);
            },
        );
        self.references(&invoice.preceding, &path.key("preceding"));
        if let Some(tax) = &invoice.tax {
            let path = path.key("tax");
            self.check::<kinds::Settings>(tax, &path);
            self.each(&tax.notes, &path.key("notes"), |walk, note, path| {
                walk.check::<kinds::TaxNotes>(note, path)
            });
        }
        self.party(invoice.supplier.as_ref(), true, &path.key("supplier"));
        self.party(invoice.customer.as_ref(), true, &path.key("customer"));
        self.each(&invoice.lines, &path.key("lines"), Self::line);
        self.each(&invoice.discounts, &path.key("discounts"), Self::discount);
        self.each(&invoice.charges, &path.key("charges"), Self::charge);
        if let Some(ordering) = &invoice.ordering {
            self.ordering(ordering, &path.key("ordering"));
        }
        if let Some(payment) = &invoice.payment {
            self.payment(payment, &path.key("payment"));
        }
        if let Some(delivery) = &invoice.delivery {
            self.delivery(delivery, &path.key("delivery"));
        }
        self.notes(&invoice.notes, &path.key("notes"));
        self.each(
            &invoice.attachments,
            &path.key("attachments"),
            |walk, attachment, path| {
                walk.check::<kinds::Attachments>(attachment, path);
            },
        );
    }

    fn line(&mut self, line: &Line<'_>, path: &Path<'_>) {
        self.check::<kinds::Lines>(line, path);
        if let Some(identifier) = &line.identifier {
            self.identity(identifier, &path.key("identifier"));
        }
        self.period(line.period.as_ref(), &path.key("period"));
        self.item(line.item.as_ref(), &path.key("item"));
        self.each(&line.breakdown, &path.key("breakdown"), Self::sub_line);
        self.each(&line.substituted, &path.key("substituted"), Self::sub_line);
        self.line_discounts(&line.discounts, &path.key("discounts"));
        self.line_charges(&line.charges, &path.key("charges"));
        self.taxes(&line.taxes, &path.key("taxes"));
        self.party(line.seller.as_deref(), false, &path.key("seller"));
        self.notes(&line.notes, &path.key("notes"));
    }

    fn sub_line(&mut self, part: &SubLine<'_>, path: &Path<'_>) {
        self.check::<kinds::SubLines>(part, path);
        if let Some(identifier) = &part.identifier {
            self.identity(identifier, &path.key("identifier"));
        }
        self.period(part.period.as_ref(), &path.key("period"));
        self.item(part.item.as_ref(), &path.key("item"));
        self.line_discounts(&part.discounts, &path.key("discounts"));
        self.line_charges(&part.charges, &path.key("charges"));
        self.notes(&part.notes, &path.key("notes"));
    }

    fn item(&mut self, item: Option<&Item<'_>>, path: &Path<'_>) {
        let Some(item) = item else { return };
        self.check::<kinds::Items>(item, path);
        self.identities(&item.identities, &path.key("identities"));
    }

    fn line_discounts(&mut self, discounts: &[LineDiscount<'_>], path: &Path<'_>) {
        self.each(discounts, path, |walk, discount, path| {
            walk.check::<kinds::LineDiscounts>(discount, path)
        });
    }

    fn line_charges(&mut self, charges: &[LineCharge<'_>], path: &Path<'_>) {
        self.each(charges, path, |walk, charge, path| {
            walk.check::<kinds::LineCharges>(charge, path)
        });
    }

    fn discount(&mut self, discount: &Discount<'_>, path: &Path<'_>) {
        self.check::<kinds::Discounts>(discount, path);
        self.taxes(&discount.taxes, &path.key("taxes"));
    }

    fn charge(&mut self, charge: &Charge<'_>, path: &Path<'_>) {
        self.check::<kinds::Charges>(charge, path);
        self.taxes(&charge.taxes, &path.key("taxes"));
    }

    fn taxes(&mut self, taxes: &List<Combo<'_>>, path: &Path<'_>) {
        self.check::<kinds::Sets>(taxes, path);
        self.each(taxes, path, |walk, combo, path| {
            walk.check::<kinds::Combos>(combo, path)
        });
    }

    fn ordering(&mut self, ordering: &Ordering<'_>, path: &Path<'_>) {
        self.code(&ordering.code, &path.key("code"));
        self.identities(&ordering.identities, &path.key("identities"));
        self.code(&ordering.cost, &path.key("cost"));
        self.period(ordering.period.as_ref(), &path.key("period"));
        self.party(ordering.buyer.as_ref(), false, &path.key("buyer"));
        self.party(ordering.seller.as_ref(), false, &path.key("seller"));
        self.party(ordering.issuer.as_ref(), false, &path.key("issuer"));
        self.references(&ordering.projects, &path.key("projects"));
        self.references(&ordering.contracts, &path.key("contracts"));
        self.references(&ordering.purchases, &path.key("purchases"));
        self.references(&ordering.sales, &path.key("sales"));
        self.references(&ordering.receiving, &path.key("receiving"));
        self.references(&ordering.despatch, &path.key("despatch"));
        self.references(&ordering.tender, &path.key("tender"));
    }

    fn payment(&mut self, payment: &Payment<'_>, path: &Path<'_>) {
        self.party(payment.payee.as_ref(), false, &path.key("payee"));
        self.party(payment.payer.as_ref(), false, &path.key("payer"));
        if let Some(terms) = &payment.terms {
            let path = path.key("terms");
            self.check::<kinds::Terms>(terms, &path);
            self.each(
                &terms.due_dates,
                &path.key("due_dates"),
                |walk, due, path| walk.check::<kinds::DueDates>(due, path),
            );
        }
        self.each(
            &payment.advances,
            &path.key("advances"),
            |walk, advance, path| {
                walk.check::<kinds::Advances>(advance, path);
                walk.each(
                    &advance.online,
                    &path.key("online"),
                    |walk, online, path| walk.check::<kinds::Online>(online, path),
                );
            },
        );
        if let Some(instructions) = &payment.instructions {
            let path = path.key("instructions");
            self.check::<kinds::Instructions>(instructions, &path);
            self.each(
                &instructions.online,
                &path.key("online"),
                |walk, online, path| walk.check::<kinds::Online>(online, path),
            );
        }
    }

    fn delivery(&mut self, delivery: &Delivery<'_>, path: &Path<'_>) {
        self.party(delivery.receiver.as_ref(), false, &path.key("receiver"));
        self.identities(&delivery.identities, &path.key("identities"));
        self.period(delivery.period.as_ref(), &path.key("period"));
    }

    fn references(&mut self, references: &[DocumentRef<'_>], path: &Path<'_>) {
        self.each(references, path, |walk, reference, path| {
            walk.check::<kinds::DocumentRefs>(reference, path);
            walk.code(&reference.series, &path.key("series"));
            walk.code(&reference.code, &path.key("code"));
            walk.identities(&reference.identities, &path.key("identities"));
            walk.period(reference.period.as_ref(), &path.key("period"));
        });
    }

    fn notes(&mut self, notes: &[Note<'_>], path: &Path<'_>) {
        self.each(notes, path, |walk, note, path| {
            walk.check::<kinds::Notes>(note, path)
        });
    }

    fn period(&mut self, period: Option<&Period<'_>>, path: &Path<'_>) {
        if let Some(period) = period {
            self.check::<kinds::Periods>(period, path);
        }
    }

    fn party(&mut self, party: Option<&Party<'_>>, is_main: bool, path: &Path<'_>) {
        let Some(party) = party else { return };
        self.check::<kinds::Parties>(Member { party, is_main }, path);
        if let Some(tax_id) = &party.tax_id {
            self.check::<kinds::TaxIdentities>(tax_id, &path.key("tax_id"));
        }
        self.identities(&party.identities, &path.key("identities"));
        self.each(&party.people, &path.key("people"), Self::person);
        self.each(
            &party.endpoints,
            &path.key("endpoints"),
            |walk, item, path| walk.check::<kinds::Endpoints>(item, path),
        );
        self.each(&party.inboxes, &path.key("inboxes"), |walk, item, path| {
            walk.check::<kinds::Inboxes>(item, path)
        });
        self.each(
            &party.addresses,
            &path.key("addresses"),
            |walk, item, path| walk.check::<kinds::Addresses>(item, path),
        );
        self.each(&party.emails, &path.key("emails"), |walk, item, path| {
            walk.check::<kinds::Emails>(item, path)
        });
        self.each(
            &party.websites,
            &path.key("websites"),
            |walk, item, path| walk.check::<kinds::Websites>(item, path),
        );
        self.each(
            &party.telephones,
            &path.key("telephones"),
            |walk, item, path| walk.check::<kinds::Telephones>(item, path),
        );
    }

    fn person(&mut self, person: &Person<'_>, path: &Path<'_>) {
        self.check::<kinds::People>(person, path);
        self.identities(&person.identities, &path.key("identities"));
        self.each(
            &person.addresses,
            &path.key("addresses"),
            |walk, item, path| walk.check::<kinds::Addresses>(item, path),
        );
        self.each(&person.emails, &path.key("emails"), |walk, item, path| {
            walk.check::<kinds::Emails>(item, path)
        });
        self.each(
            &person.telephones,
            &path.key("telephones"),
            |walk, item, path| walk.check::<kinds::Telephones>(item, path),
        );
    }

    fn identities(&mut self, identities: &[Identity<'_>], path: &Path<'_>) {
        self.each(identities, path, Self::identity);
    }

    fn identity(&mut self, identity: &Identity<'_>, path: &Path<'_>) {
        self.check::<kinds::Identities>(identity, path);
        self.code(&identity.code, &path.key("code"));
    }
}
