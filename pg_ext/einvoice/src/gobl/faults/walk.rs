mod envelope;
mod lines;
mod party;
mod settlement;

use super::kinds;
use super::lists::{Country, Extension};
use super::path::Path;
use super::row::{Facts, Failure, Kind};
use crate::finding::{Finding, Rule};
use crate::gobl::Ext;
use crate::gobl::list::List;
use crate::gobl::model::{
    Attachment, DocumentRef, ExchangeRate, Identity, Invoice, Note, Period, Stamp, Tax,
};
use crate::gobl::scalar::Text;

/// A walk through the document: every object is shown to the rules of its kind.
pub(super) struct Walk {
    pub facts: Facts,
    pub findings: Vec<Finding>,
}

impl Walk {
    fn check<K: Kind>(&mut self, node: K::Of<'_>, path: &Path<'_>) {
        let Self { facts, findings } = self;
        for table in K::TABLES.iter().filter(|table| facts.admit(table.when)) {
            for (at, fails) in table.checks.iter().enumerate() {
                if let (Some(failure), Some(row)) = (fails(node, facts), table.rows.get(at)) {
                    findings.push(finding(&row.rule, row.at, failure, path));
                }
            }
        }
    }

    /// Shows every element of a list, at the place that it had in the user's own document.
    fn each<T>(
        &mut self,
        items: &List<T>,
        path: &Path<'_>,
        mut visit: impl FnMut(&mut Self, &T, &Path<'_>),
    ) {
        for (at, item) in items.iter().enumerate() {
            visit(self, item, &path.index(items.place(at)));
        }
    }

    fn code(&mut self, code: &Text<'_>, path: &Path<'_>, name: &'static str) {
        if !code.is_empty() {
            self.check::<kinds::Codes>(code, &path.key(name));
        }
    }

    fn key(&mut self, key: &Text<'_>, path: &Path<'_>, name: &'static str) {
        if !key.is_empty() {
            self.check::<kinds::Keys>(key, &path.key(name));
        }
    }

    fn currency(&mut self, code: &Text<'_>, path: &Path<'_>, name: &'static str) {
        if !code.is_empty() {
            self.check::<kinds::Currencies>(code, &path.key(name));
        }
    }

    fn country(&mut self, code: &Text<'_>, path: &Path<'_>) {
        let country = Country {
            code,
            of_tax: false,
        };
        self.check::<kinds::Countries>(country, &path.key("country"));
    }

    fn tax_country(&mut self, code: &Text<'_>, path: &Path<'_>) {
        let country = Country { code, of_tax: true };
        self.check::<kinds::Countries>(country, &path.key("country"));
    }

    /// The extensions of the object at `path`.
    fn ext(&mut self, ext: &Ext<'_>, path: &Path<'_>) {
        for (key, value) in ext.iter() {
            let path = path.key("ext");
            self.check::<kinds::Extensions>(Extension { key, value }, &path.name(key));
        }
    }

    pub(super) fn invoice(&mut self, invoice: &Invoice<'_>, path: &Path<'_>) {
        self.check::<kinds::Invoices>(invoice, path);
        self.each(
            &invoice.addons,
            &path.key("$addons"),
            |walk, addon, path| walk.check::<kinds::Addons>(addon, path),
        );
        self.key(&invoice.kind, path, "type");
        self.code(&invoice.series, path, "series");
        self.code(&invoice.code, path, "code");
        self.currency(&invoice.currency, path, "currency");
        self.each(
            &invoice.exchange_rates,
            &path.key("exchange_rates"),
            Self::exchange_rate,
        );
        self.references(&invoice.preceding, &path.key("preceding"));
        if let Some(tax) = &invoice.tax {
            self.tax(tax, &path.key("tax"));
        }
        self.party(invoice.supplier.as_deref(), true, &path.key("supplier"));
        self.party(invoice.customer.as_deref(), true, &path.key("customer"));
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
            Self::attachment,
        );
    }

    fn exchange_rate(&mut self, rate: &ExchangeRate<'_>, path: &Path<'_>) {
        self.check::<kinds::ExchangeRates>(rate, path);
        self.currency(&rate.from, path, "from");
        self.currency(&rate.to, path, "to");
        self.key(&rate.source, path, "source");
    }

    fn tax(&mut self, tax: &Tax<'_>, path: &Path<'_>) {
        self.check::<kinds::Settings>(tax, path);
        self.code(&tax.prices_include, path, "prices_include");
        self.key(&tax.rounding, path, "rounding");
        self.key(&tax.point, path, "point");
        self.ext(&tax.ext, path);
        self.each(&tax.notes, &path.key("notes"), |walk, note, path| {
            walk.check::<kinds::TaxNotes>(note, path);
            walk.code(&note.cat, path, "cat");
            walk.key(&note.key, path, "key");
            walk.ext(&note.ext, path);
        });
    }

    fn attachment(&mut self, attachment: &Attachment<'_>, path: &Path<'_>) {
        self.check::<kinds::Attachments>(attachment, path);
        self.key(&attachment.key, path, "key");
        self.code(&attachment.code, path, "code");
        if let Some(digest) = &attachment.digest {
            self.check::<kinds::Digests>(digest, &path.key("digest"));
        }
    }

    fn references(&mut self, references: &List<DocumentRef<'_>>, path: &Path<'_>) {
        self.each(references, path, |walk, reference, path| {
            walk.check::<kinds::DocumentRefs>(reference, path);
            walk.key(&reference.kind, path, "type");
            walk.code(&reference.series, path, "series");
            walk.code(&reference.code, path, "code");
            walk.currency(&reference.currency, path, "currency");
            walk.identities(&reference.identities, &path.key("identities"));
            walk.period(reference.period.as_ref(), &path.key("period"));
            walk.stamps(&reference.stamps, &path.key("stamps"));
            walk.ext(&reference.ext, path);
        });
    }

    fn stamps(&mut self, stamps: &List<Stamp<'_>>, path: &Path<'_>) {
        self.each(stamps, path, |walk, stamp, path| {
            walk.check::<kinds::Stamps>(stamp, path);
            walk.key(&stamp.provider, path, "prv");
        });
    }

    fn notes(&mut self, notes: &List<Note<'_>>, path: &Path<'_>) {
        self.each(notes, path, |walk, note, path| {
            walk.check::<kinds::Notes>(note, path);
            walk.key(&note.key, path, "key");
            walk.code(&note.code, path, "code");
            walk.key(&note.src, path, "src");
            walk.ext(&note.ext, path);
        });
    }

    fn period(&mut self, period: Option<&Period<'_>>, path: &Path<'_>) {
        if let Some(period) = period {
            self.check::<kinds::Periods>(period, path);
        }
    }

    fn identities(&mut self, identities: &List<Identity<'_>>, path: &Path<'_>) {
        self.each(identities, path, Self::identity);
    }

    fn identity(&mut self, identity: &Identity<'_>, path: &Path<'_>) {
        self.check::<kinds::Identities>(identity, path);
        self.key(&identity.scope, path, "scope");
        self.country(&identity.country, path);
        self.key(&identity.key, path, "key");
        self.code(&identity.kind, path, "type");
        self.code(&identity.code, path, "code");
        self.ext(&identity.ext, path);
    }
}

/// What a failed check of the object at `path` says; `at` is where under it.
#[cold]
fn finding(rule: &'static Rule, at: &str, failure: Failure, path: &Path<'_>) -> Finding {
    let path = if at.is_empty() {
        path.to_string()
    } else {
        format!("{path}.{at}")
    };
    let mut finding = Finding::new(rule, path)
        .value(failure.value)
        .wanted(failure.wanted);
    finding.severity = failure.severity.unwrap_or(finding.severity);
    finding.term = failure.term.or(finding.term);
    finding
}
