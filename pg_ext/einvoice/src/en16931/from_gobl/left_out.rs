//! What the document says and a CII file of EN 16931 has no place for: nothing is left out in silence.

mod item;
mod party;

use crate::entry::Profile;
use crate::finding::{Finding, Term};
use crate::gobl::{DocumentRef, Invoice, List, Party};
use crate::rules::document::LEFT_OUT;

/// Adds a finding for each value that a file in `profile` does not hold, most of them the second and further ones of a
/// term that occurs once. `root` is the document's own path, `$`, or `$.doc` in an envelope.
///
/// Due dates after the first are told in the terms (BT-20), and several notes of a line in one (BT-127): they are not
/// among these.
pub fn left_out(doc: &Invoice<'_>, profile: Profile, root: &str, findings: &mut Vec<Finding>) {
    let mut out = LeftOut { root, findings };
    out.further("preceding", Term::Bg(3), &doc.preceding, |p| &p.code);
    ordering(doc, &mut out);
    parties(doc, profile, &mut out);
    if let Some(delivery) = &doc.delivery {
        let identities = &delivery.identities;
        out.further("delivery.identities", Term::Bt(71), identities, |i| &i.code);
        if let Some(receiver) = &delivery.receiver {
            party::of_receiver(receiver, &mut out);
        }
    }
    if let Some(instructions) = doc.payment.as_ref().and_then(|p| p.instructions.as_ref()) {
        let (notes, online) = (&instructions.notes, &instructions.online);
        out.text("payment.instructions.notes", Term::Bt(82), notes);
        out.all("payment.instructions.online", Term::Bg(16), online, |o| {
            &o.url
        });
    }
    for (at, attachment) in doc.attachments.iter().enumerate() {
        if !attachment.description.is_empty() && attachment.description != attachment.name {
            let path = format!("attachments[{}].name", doc.attachments.place(at));
            out.text(&path, Term::Bt(123), &attachment.name);
        }
    }
    for (at, line) in doc.lines.iter().enumerate() {
        if let Some(item) = &line.item {
            item::further_ids(item, doc.lines.place(at), &mut out);
        }
        if let Some(seller) = &line.seller {
            let place = doc.lines.place(at);
            out.text(
                &format!("lines[{place}].seller"),
                Term::Bg(25),
                &seller.name,
            );
        }
    }
}

fn ordering(doc: &Invoice<'_>, out: &mut LeftOut<'_>) {
    let Some(ordering) = &doc.ordering else {
        return;
    };
    let identities = &ordering.identities;
    out.further("ordering.identities", Term::Bt(18), identities, |i| &i.code);
    let references: [(&str, u16, &List<DocumentRef<'_>>); 7] = [
        ("ordering.projects", 11, &ordering.projects),
        ("ordering.contracts", 12, &ordering.contracts),
        ("ordering.purchases", 13, &ordering.purchases),
        ("ordering.sales", 14, &ordering.sales),
        ("ordering.receiving", 15, &ordering.receiving),
        ("ordering.despatch", 16, &ordering.despatch),
        ("ordering.tender", 17, &ordering.tender),
    ];
    for (path, term, list) in references {
        out.further(path, Term::Bt(term), list, |reference| &reference.code);
    }
    let delivered = doc.delivery.as_ref().and_then(|d| d.period.as_ref());
    if let (Some(delivered), Some(ordered)) = (delivered, &ordering.period)
        && (delivered.start, delivered.end) != (ordered.start, ordered.end)
    {
        let start = ordered.start.map(|day| day.to_string());
        out.text("ordering.period", Term::Bg(14), &start.unwrap_or_default());
    }
}

/// Parties that the file does not know at all, and what it does not hold of those it knows.
fn parties(doc: &Invoice<'_>, profile: Profile, out: &mut LeftOut<'_>) {
    let ordering = doc.ordering.as_ref();
    let payment = doc.payment.as_ref();
    let unknown = [
        (
            "ordering.buyer",
            Term::Bg(7),
            ordering.and_then(|o| o.buyer.as_ref()),
        ),
        (
            "ordering.issuer",
            Term::Bg(4),
            ordering.and_then(|o| o.issuer.as_ref()),
        ),
        (
            "payment.payer",
            Term::Bg(7),
            payment.and_then(|p| p.payer.as_ref()),
        ),
    ];
    for (path, term, party) in unknown {
        if let Some(party) = party {
            out.text(path, term, &party.name);
        }
    }
    let seller = ordering.and_then(|o| o.seller.as_ref());
    let terms = [Term::Bg(5), Term::Bg(6), Term::Bt(34)];
    let (path, sells) = match seller {
        Some(seller) => ("ordering.seller", Some(seller)),
        None => ("supplier", doc.supplier.as_ref()),
    };
    if let Some(sells) = sells {
        party::legal_only(sells, path, Term::Bt(29), profile, out);
    }
    match (seller, &doc.supplier) {
        (Some(seller), supplier) => {
            party::of_party(seller, "ordering.seller", terms, out);
            if let Some(representative) = supplier {
                of_representative(representative, out);
            }
        }
        (None, Some(supplier)) => party::of_party(supplier, "supplier", terms, out),
        (None, None) => {}
    }
    if let Some(customer) = &doc.customer {
        party::of_party(
            customer,
            "customer",
            [Term::Bg(8), Term::Bg(9), Term::Bt(49)],
            out,
        );
        party::legal_only(customer, "customer", Term::Bt(46), profile, out);
        party::one_identifier(customer, "customer", Term::Bt(46), profile, out);
    }
    if let Some(payee) = payment.and_then(|p| p.payee.as_ref()) {
        let addresses = &payee.addresses;
        out.all("payment.payee.addresses", Term::Bg(10), addresses, |a| {
            &a.street
        });
        party::legal_only(payee, "payment.payee", Term::Bt(60), profile, out);
        party::one_identifier(payee, "payment.payee", Term::Bt(60), profile, out);
    }
}

/// A tax representative has a name, a VAT number and an address.
fn of_representative(representative: &Party<'_>, out: &mut LeftOut<'_>) {
    out.text("supplier.alias", Term::Bg(11), &representative.alias);
    let identities = &representative.identities;
    out.all(
        "supplier.identities",
        Term::Bg(11),
        identities,
        |identity| &identity.code,
    );
}

/// Where findings go.
struct LeftOut<'o> {
    root: &'o str,
    findings: &'o mut Vec<Finding>,
}

impl LeftOut<'_> {
    /// All of a list but the first.
    fn further<T>(&mut self, path: &str, term: Term, list: &List<T>, value: impl Fn(&T) -> &str) {
        for (at, item) in list.iter().enumerate().skip(1) {
            self.text(&format!("{path}[{}]", list.place(at)), term, value(item));
        }
    }

    /// All of a list.
    fn all<T>(&mut self, path: &str, term: Term, list: &List<T>, value: impl Fn(&T) -> &str) {
        for (at, item) in list.iter().enumerate() {
            self.text(&format!("{path}[{}]", list.place(at)), term, value(item));
        }
    }

    /// One value, unless it says nothing.
    fn text(&mut self, path: &str, term: Term, value: &str) {
        if !value.is_empty() {
            let path = format!("{}.{path}", self.root);
            let finding = Finding::new(&LEFT_OUT, path).about(term).value(value);
            self.findings.push(finding);
        }
    }
}
