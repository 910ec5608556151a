//! Parties: names, identifiers, addresses, contacts.

use std::borrow::Cow;

use super::{joined, text};
use crate::chorus::{Scheme, limits, scheme::is_eu_member};
use crate::en16931::{Address, Contact, Identifier, Party, Payee, Text};
use crate::entry::Profile;
use crate::gobl;

pub(super) fn party<'m>(party: &'m gobl::Party<'_>, profile: Profile) -> Party<'m> {
    let legal = legal_identity(party, profile);
    Party {
        name: text(&party.name),
        trading_name: text(&party.alias),
        identifiers: party
            .identities
            .iter()
            .filter(|i| !legal.is_some_and(|l| std::ptr::eq(l, *i)) && i.scope.is_empty())
            .filter_map(|i| identifier(i, profile))
            .collect(),
        legal_id: legal_id(party, profile),
        vat_id: vat_id(party),
        tax_number: party
            .identities
            .iter()
            .find(|i| i.scope == "tax")
            .and_then(|i| text(&i.code)),
        legal_information: party.registration.as_ref().and_then(registration),
        endpoint: endpoint(party),
        address: address(party),
        contact: contact(party),
    }
}

/// BT-46 has one occurrence: the last identifier with a scheme, else the first.
pub(super) fn keep_one_identifier(identifiers: &mut Vec<Identifier<'_>>) {
    let at = identifiers
        .iter()
        .rposition(|i| i.scheme.is_some())
        .unwrap_or(0);
    if at < identifiers.len() {
        let kept = identifiers.swap_remove(at);
        identifiers.clear();
        identifiers.push(kept);
    }
}

pub(super) fn payee<'m>(payee: &'m gobl::Party<'_>, profile: Profile) -> Payee<'m> {
    let mut mapped = party(payee, profile);
    keep_one_identifier(&mut mapped.identifiers);
    Payee {
        name: mapped.name,
        identifier: mapped.identifiers.pop(),
        legal_id: mapped.legal_id,
    }
}

/// An identity's ISO 6523 scheme: its extension, or that of its French type.
pub(super) fn iso_scheme<'m>(identity: &'m gobl::Identity<'_>) -> Option<&'m str> {
    match identity.ext.get(gobl::ISO_SCHEME) {
        "" => match identity.kind.as_str() {
            "SIREN" => Some("0002"),
            "SIRET" => Some("0009"),
            _ => None,
        },
        scheme => Some(scheme),
    }
}

/// BT-29, BT-46, BT-60. Chorus Pro reads one identifier, the legal one, so ISO schemes stay out there.
fn identifier<'m>(identity: &'m gobl::Identity<'_>, profile: Profile) -> Option<Identifier<'m>> {
    let scheme = iso_scheme(identity).map(Cow::Borrowed);
    if profile == Profile::ChorusPro && scheme.is_some() {
        return None;
    }
    Some(Identifier::of(text(&identity.code)?, scheme))
}

/// The identity that is the legal registration in profile `en16931`; also that of Chorus Pro's schemes 1, 4 and 5, and of the
/// others where an identity says by its own extension `fr-choruspro-scheme` that it is the identifier.
pub(super) fn legal_identity<'m, 'a>(
    party: &'m gobl::Party<'a>,
    profile: Profile,
) -> Option<&'m gobl::Identity<'a>> {
    let scoped = || party.identities.iter().find(|i| i.scope == "legal");
    match profile {
        Profile::En16931 => scoped().or_else(|| {
            party
                .identities
                .iter()
                .find(|i| i.kind == "SIREN" && i.scope.is_empty())
        }),
        Profile::ChorusPro => match scheme(party)? {
            Scheme::Siret => siret(party),
            Scheme::Ridet | Scheme::Tahiti => scoped(),
            Scheme::EuOutsideFrance | Scheme::OutsideEu | Scheme::Other => {
                party.identities.iter().find(|i| i.ext.has(gobl::SCHEME))
            }
        },
    }
}

/// The identity that holds the SIRET.
fn siret<'m, 'a>(party: &'m gobl::Party<'a>) -> Option<&'m gobl::Identity<'a>> {
    let is_typed = |i: &&gobl::Identity<'_>| i.kind == "SIRET";
    let has_scheme = |i: &&gobl::Identity<'_>| i.ext.get(gobl::ISO_SCHEME) == "0009";
    party
        .identities
        .iter()
        .find(is_typed)
        .or_else(|| party.identities.iter().find(has_scheme))
}

/// BT-30, BT-47, BT-61.
fn legal_id<'m>(party: &'m gobl::Party<'_>, profile: Profile) -> Option<Identifier<'m>> {
    if profile == Profile::En16931 {
        let identity = legal_identity(party, profile)?;
        return Some(Identifier::local(
            text(&identity.code)?,
            iso_scheme(identity).map(Cow::Borrowed),
        ));
    }
    let scheme = scheme(party)?;
    let value = match legal_identity(party, profile) {
        Some(identity) => text(&identity.code)?,
        None => derived_id(party, scheme)?,
    };
    Some(Identifier::local(value, Some(scheme.digit().into())))
}

/// Chorus Pro's identifier of a structure abroad, made of its VAT number, or of its country and name.
pub(in crate::en16931) fn derived_id<'m>(
    party: &'m gobl::Party<'_>,
    scheme: Scheme,
) -> Option<Text<'m>> {
    match scheme {
        Scheme::Siret | Scheme::Ridet | Scheme::Tahiti => None,
        Scheme::EuOutsideFrance => vat_id(party),
        Scheme::OutsideEu | Scheme::Other => {
            let end = party
                .name
                .char_indices()
                .nth(limits::OUTSIDE_EU_NAME)
                .map_or(party.name.len(), |(at, _)| at);
            let name = party.name.get(..end).unwrap_or_default();
            let country = party.tax_id.as_ref().map_or("", |t| t.country.as_str());
            joined(&[country, name], "")
        }
    }
}

/// The extension, else what the addon would fill in: the country of the tax id settles it, then a SIRET.
pub(super) fn scheme(party: &gobl::Party<'_>) -> Option<Scheme> {
    match party.ext.get(gobl::SCHEME) {
        "" => match party.tax_id.as_ref().map(|t| t.country.as_str()) {
            Some(country) if country != "FR" && is_eu_member(country) => {
                Some(Scheme::EuOutsideFrance)
            }
            Some(country) if country != "FR" => Some(Scheme::OutsideEu),
            _ => siret(party).map(|_| Scheme::Siret),
        },
        digit => Scheme::from_digit(digit),
    }
}

/// BT-31, BT-48, BT-63: country and number, for tax ids of VAT.
pub(super) fn vat_id<'m>(party: &'m gobl::Party<'_>) -> Option<Text<'m>> {
    let id = party.tax_id.as_ref()?;
    if id.code.is_empty() || !(id.scheme.is_empty() || id.scheme == "VAT") {
        return None;
    }
    joined(&[&id.country, &id.code], "")
}

/// BT-33: the entry in the register, and the capital.
fn registration<'m>(entry: &'m gobl::Registration<'_>) -> Option<Text<'m>> {
    let place = joined(
        &[
            &entry.office,
            &entry.book,
            &entry.volume,
            &entry.sheet,
            &entry.section,
            &entry.page,
            &entry.entry,
            &entry.other,
        ],
        ", ",
    );
    let Some(capital) = entry.capital else {
        return place;
    };
    let capital = format!("{capital} {}", entry.currency);
    let capital = capital.trim_end();
    Some(match place {
        Some(place) => format!("{place}, {capital}").into(),
        None => capital.to_owned().into(),
    })
}

/// BT-34, BT-49: the first inbox, else the first endpoint of Peppol's form `iso6523-actorid-upis::SCHEME:CODE`.
fn endpoint<'m>(party: &'m gobl::Party<'_>) -> Option<Identifier<'m>> {
    if let Some(inbox) = party.inboxes.first() {
        if let Some(email) = text(&inbox.email) {
            return Some(Identifier::local(email, Some("EM".into())));
        }
        return Some(Identifier::local(text(&inbox.code)?, text(&inbox.scheme)));
    }
    let (_, participant) = party.endpoints.first()?.uri.split_once("::")?;
    let (scheme, code) = participant.split_once(':')?;
    Some(Identifier::local(text(code)?, text(scheme)))
}

/// BG-5, BG-8, BG-12, BG-15: the first address. Its country is the address's own; only where that is missing, the tax id's.
pub(super) fn address<'m>(party: &'m gobl::Party<'_>) -> Option<Address<'m>> {
    let address = party.addresses.first()?;
    let country = match (
        address.country.as_str(),
        party.tax_id.as_ref().map(|t| t.country.as_str()),
    ) {
        ("", Some("EL")) => Some("GR".into()),
        ("", Some("XI")) => Some("GB".into()),
        ("", Some(country)) => text(country),
        (country, _) => text(country),
    };
    let number = joined(
        &[&address.num, &address.block, &address.floor, &address.door],
        ", ",
    );
    let street = address.street.as_str();
    let line_one = match &number {
        None => text(street),
        Some(_) if street.is_empty() => number,
        Some(number) if matches!(country.as_deref(), Some("FR" | "GB" | "US" | "CA")) => {
            Some([number, " ", street].concat().into())
        }
        Some(number) => Some([street, " ", number].concat().into()),
    };
    let (line_one, line_three) = match (line_one, text(&address.po_box)) {
        (None, po_box) => (po_box, None),
        both => both,
    };
    Some(Address {
        line_one,
        line_two: text(&address.street_extra),
        line_three,
        city: text(&address.locality),
        post_code: text(&address.code),
        subdivision: text(&address.region),
        country,
    })
}

/// BG-6, BG-9: the first person, with the party's own telephone and e-mail where the person has none.
fn contact<'m>(party: &'m gobl::Party<'_>) -> Option<Contact<'m>> {
    let person = party.people.first();
    let name = person.and_then(|p| p.name.as_ref()).and_then(|n| {
        joined(
            &[
                &n.prefix,
                &n.given,
                &n.middle,
                &n.surname,
                &n.surname2,
                &n.suffix,
            ],
            " ",
        )
        .or_else(|| text(&n.alias))
    });
    let contact = Contact {
        department: if name.is_none() {
            person.and_then(|p| text(&p.role))
        } else {
            None
        },
        person: name,
        telephone: person
            .and_then(|p| p.telephones.first())
            .or(party.telephones.first())
            .and_then(|t| text(&t.num)),
        email: person
            .and_then(|p| p.emails.first())
            .or(party.emails.first())
            .and_then(|e| text(&e.addr)),
    };
    (contact != Contact::default()).then_some(contact)
}
