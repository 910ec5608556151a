//! What a file does not hold of the parties that it knows.

use super::LeftOut;
use crate::en16931::from_gobl::party::{iso_scheme, legal_identity};
use crate::entry::Profile;
use crate::finding::Term;
use crate::gobl::{Identity, List, Party};

/// Addresses, contacts and electronic addresses after the first.
pub(super) fn of_party(party: &Party<'_>, path: &str, terms: [Term; 3], out: &mut LeftOut<'_>) {
    let [address, contact, endpoint] = terms;
    let is_several = |count: usize| count > 1;
    if is_several(party.addresses.len()) {
        let list = format!("{path}.addresses");
        out.further(&list, address, &party.addresses, |a| &a.street);
    }
    if is_several(party.people.len()) {
        let list = format!("{path}.people");
        out.further(&list, contact, &party.people, |person| {
            person.name.as_ref().map_or("", |name| &name.surname)
        });
    }
    if is_several(party.inboxes.len()) {
        let list = format!("{path}.inboxes");
        out.further(&list, endpoint, &party.inboxes, |inbox| {
            if inbox.code.is_empty() {
                &inbox.email
            } else {
                &inbox.code
            }
        });
    }
    ways_to_reach(party, path, contact, out);
}

/// BG-6 and BG-9 hold one telephone and one e-mail address: the first of the first person, else of the party.
fn ways_to_reach(party: &Party<'_>, path: &str, term: Term, out: &mut LeftOut<'_>) {
    let person = party.people.first();
    let telephones = [person.map(|p| &p.telephones), Some(&party.telephones)];
    further_ways(
        party,
        path,
        "telephones",
        telephones,
        |way| &way.num,
        term,
        out,
    );
    let emails = [person.map(|p| &p.emails), Some(&party.emails)];
    further_ways(party, path, "emails", emails, |way| &way.addr, term, out);
}

/// All but the first that both lists hold together; what is the electronic address (BT-34, BT-49) as well is not left out.
fn further_ways<T>(
    party: &Party<'_>,
    path: &str,
    list: &str,
    ways: [Option<&List<T>>; 2],
    value: impl Fn(&T) -> &str,
    term: Term,
    out: &mut LeftOut<'_>,
) {
    let inbox = party.inboxes.first().map_or("", |inbox| &inbox.email);
    let mut sent = None;
    for (ways, is_of_person) in ways.into_iter().zip([true, false]) {
        for (at, way) in ways.into_iter().flatten().enumerate() {
            let value = value(way);
            if *sent.get_or_insert(value) != value && value != inbox {
                let place = ways.map_or(at, |ways| ways.place(at));
                let person = party.people.place(0);
                let path = if is_of_person {
                    format!("{path}.people[{person}].{list}[{place}]")
                } else {
                    format!("{path}.{list}[{place}]")
                };
                out.text(&path, term, value);
            }
        }
    }
}

/// BG-13 has a name and an address.
pub(super) fn of_receiver(receiver: &Party<'_>, out: &mut LeftOut<'_>) {
    let (addresses, telephones) = (&receiver.addresses, &receiver.telephones);
    out.further(
        "delivery.receiver.addresses",
        Term::Bg(15),
        addresses,
        |a| &a.street,
    );
    out.all(
        "delivery.receiver.telephones",
        Term::Bg(13),
        telephones,
        |t| &t.num,
    );
}

/// Chorus Pro reads the legal registration (BT-30, BT-47, BT-61) and no other registration or ISO 6523 identifier. A SIREN is
/// part of the SIRET.
pub(super) fn legal_only(
    party: &Party<'_>,
    path: &str,
    term: Term,
    profile: Profile,
    out: &mut LeftOut<'_>,
) {
    if profile != Profile::ChorusPro {
        return;
    }
    let legal = legal_identity(party, profile);
    for (at, identity) in party.identities.iter().enumerate() {
        let is_registration = identity.scope == "legal"
            || identity.scope.is_empty() && iso_scheme(identity).is_some();
        let is_sent = legal.is_some_and(|legal| legal.code.starts_with(identity.code.as_str()));
        if is_registration && !is_sent {
            let place = party.identities.place(at);
            out.text(&format!("{path}.identities[{place}]"), term, &identity.code);
        }
    }
}

/// BT-46 and BT-60 occur once: the last identifier with a scheme, else the first.
pub(super) fn one_identifier(
    party: &Party<'_>,
    path: &str,
    term: Term,
    profile: Profile,
    out: &mut LeftOut<'_>,
) {
    let legal = legal_identity(party, profile);
    let is_candidate = |identity: &Identity<'_>| {
        identity.scope.is_empty()
            && !identity.code.is_empty()
            && !legal.is_some_and(|legal| std::ptr::eq(legal, identity))
            && (profile == Profile::En16931 || iso_scheme(identity).is_none())
    };
    let candidates = || {
        let all = party.identities.iter().enumerate();
        all.filter(|(_, identity)| is_candidate(identity))
    };
    let mut schemed = candidates().filter(|(_, identity)| iso_scheme(identity).is_some());
    let kept = schemed.next_back().or_else(|| candidates().next());
    for (at, identity) in candidates() {
        if kept.is_some_and(|(kept, _)| kept != at) {
            let place = party.identities.place(at);
            out.text(&format!("{path}.identities[{place}]"), term, &identity.code);
        }
    }
}
