//! Parties: names, identifiers, addresses, contacts.

use super::{own, said};
use crate::chorus::Scheme;
use crate::en16931::{self, Identifier, TaxRepresentative, Text, from_gobl};
use crate::gobl;

/// Scheme of e-mail addresses (BT-34-1, BT-49-1).
const EMAIL: &str = "EM";

/// What endpoints of Peppol begin with.
const PEPPOL: &str = "iso6523-actorid-upis::";

pub(super) fn party<'x>(party: &en16931::Party<'x>, is_chorus: bool) -> gobl::Party<'x> {
    let mut mapped = gobl::Party {
        name: own(party.name.as_ref()),
        alias: own(party.trading_name.as_ref()),
        tax_id: said(party.vat_id.as_ref()).map(|id| tax_id(id, party.address.as_ref())),
        addresses: party.address.iter().map(address).collect(),
        registration: said(party.legal_information.as_ref()).map(registration),
        ..gobl::Party::default()
    };
    if let Some(id) = given(party.legal_id.as_ref()) {
        let country = party.address.as_ref().and_then(|a| a.country.as_ref());
        legal_id(&mut mapped, id, country, is_chorus);
    }
    mapped
        .identities
        .extend(party.identifiers.iter().filter_map(identifier));
    mapped
        .identities
        .extend(said(party.tax_number.as_ref()).map(|code| gobl::Identity {
            scope: "tax".into(),
            code: code.clone().into(),
            ..gobl::Identity::default()
        }));
    if let Some(endpoint) = given(party.endpoint.as_ref()) {
        electronic_address(&mut mapped, endpoint);
    }
    if let Some(contact) = &party.contact {
        self::contact(&mut mapped, contact);
    }
    mapped
}

pub(super) fn payee<'x>(payee: &en16931::Payee<'x>, is_chorus: bool) -> gobl::Party<'x> {
    let mut mapped = gobl::Party {
        name: own(payee.name.as_ref()),
        ..gobl::Party::default()
    };
    if let Some(id) = given(payee.legal_id.as_ref()) {
        legal_id(&mut mapped, id, None, is_chorus);
    }
    mapped
        .identities
        .extend(payee.identifier.iter().filter_map(identifier));
    mapped
}

pub(super) fn representative<'x>(representative: &TaxRepresentative<'x>) -> gobl::Party<'x> {
    let address = representative.address.as_ref();
    gobl::Party {
        name: own(representative.name.as_ref()),
        tax_id: said(representative.vat_id.as_ref()).map(|id| tax_id(id, address)),
        addresses: address.into_iter().map(self::address).collect(),
        ..gobl::Party::default()
    }
}

/// An identifier, unless it is blank.
fn given<'i, 'x>(id: Option<&'i Identifier<'x>>) -> Option<&'i Identifier<'x>> {
    id.filter(|id| said(Some(&id.value)).is_some())
}

/// The country that a VAT number begins with.
pub(super) fn country_of(vat_id: &str) -> Option<&str> {
    let country = vat_id.trim().get(..2)?;
    country
        .bytes()
        .all(|byte| byte.is_ascii_uppercase())
        .then_some(country)
}

/// BT-31, BT-48, BT-63. A number without country is one of the address's country.
fn tax_id<'x>(id: &Text<'x>, address: Option<&en16931::Address<'x>>) -> gobl::TaxIdentity<'x> {
    if let Some(country) = country_of(id) {
        let number = id.trim().get(country.len()..).unwrap_or_default();
        return gobl::TaxIdentity {
            country: country.to_owned().into(),
            code: number.to_owned().into(),
            ..gobl::TaxIdentity::default()
        };
    }
    gobl::TaxIdentity {
        country: own(address.and_then(|a| a.country.as_ref())),
        code: id.clone().into(),
        ..gobl::TaxIdentity::default()
    }
}

/// BT-30, BT-47, BT-61. `country` is that of the address.
fn legal_id<'x>(
    party: &mut gobl::Party<'x>,
    id: &Identifier<'x>,
    country: Option<&Text<'x>>,
    is_chorus: bool,
) {
    let digit = id.scheme.as_deref().and_then(Scheme::from_digit);
    if let Some(scheme) = digit {
        party.ext.set(gobl::SCHEME, scheme.digit());
    }
    let identity = match (digit, id.scheme.as_deref()) {
        (Some(Scheme::Siret), _) => Some(typed("SIRET", id)),
        (Some(scheme @ (Scheme::EuOutsideFrance | Scheme::OutsideEu | Scheme::Other)), _) => {
            abroad(party, id, scheme, country)
        }
        (None, Some("0002")) if is_number(&id.value, 9) => Some(typed("SIREN", id)),
        (None, Some("0002")) if is_chorus && is_number(&id.value, 14) => Some(typed("SIRET", id)),
        (None, Some("0009")) => Some(gobl::Identity {
            scope: "legal".into(),
            ..typed("SIRET", id)
        }),
        _ => Some(gobl::Identity {
            scope: "legal".into(),
            ext: schemed(id),
            ..plain(id)
        }),
    };
    party.identities.extend(identity);
}

/// Chorus Pro's identifier of a structure abroad, which is made of VAT number, country and name again: an identity of its own
/// where that would not come to the same.
fn abroad<'x>(
    party: &mut gobl::Party<'x>,
    id: &Identifier<'x>,
    scheme: Scheme,
    country: Option<&Text<'x>>,
) -> Option<gobl::Identity<'x>> {
    if party.tax_id.is_none() {
        party.tax_id = match scheme {
            Scheme::EuOutsideFrance => Some(tax_id(&id.value, None)),
            Scheme::OutsideEu => {
                let begins = |country: &&str| id.value.trim().starts_with(country);
                let country = said(country).map(|country| country.trim());
                country.filter(begins).map(|country| gobl::TaxIdentity {
                    country: country.to_owned().into(),
                    ..gobl::TaxIdentity::default()
                })
            }
            _ => None,
        };
    }
    if from_gobl::derived_id(party, scheme).is_some_and(|derived| *derived == *id.value.trim()) {
        return None;
    }
    let mut identity = gobl::Identity {
        scope: "legal".into(),
        ..plain(id)
    };
    identity.ext.set(gobl::SCHEME, scheme.digit());
    Some(identity)
}

/// BT-29, BT-46, BT-60, BT-71, BT-157.
pub(super) fn identifier<'x>(id: &Identifier<'x>) -> Option<gobl::Identity<'x>> {
    said(Some(&id.value))?;
    let (key, kind) = match id.scheme.as_deref() {
        Some("0088") => ("gln", ""),
        Some("0160") => ("gtin", ""),
        Some("0009") if is_number(&id.value, 14) => ("", "SIRET"),
        _ => ("", ""),
    };
    Some(gobl::Identity {
        key: key.into(),
        kind: kind.into(),
        ext: schemed(id),
        ..plain(id)
    })
}

fn plain<'x>(id: &Identifier<'x>) -> gobl::Identity<'x> {
    gobl::Identity {
        code: id.value.clone().into(),
        ..gobl::Identity::default()
    }
}

fn typed<'x>(kind: &'static str, id: &Identifier<'x>) -> gobl::Identity<'x> {
    gobl::Identity {
        kind: kind.into(),
        ..plain(id)
    }
}

fn schemed<'x>(id: &Identifier<'x>) -> gobl::Ext<'x> {
    let mut ext = gobl::Ext::default();
    if let Some(scheme) = &id.scheme {
        ext.set(gobl::ISO_SCHEME, scheme.clone());
    }
    ext
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn registration<'x>(text: &Text<'x>) -> gobl::Registration<'x> {
    gobl::Registration {
        other: text.clone().into(),
        ..gobl::Registration::default()
    }
}

/// BT-34, BT-49. An inbox keeps letters, digits and single separators alone: any other code goes to an endpoint.
fn electronic_address<'x>(party: &mut gobl::Party<'x>, id: &Identifier<'x>) {
    let scheme = id.scheme.as_deref().unwrap_or_default();
    if scheme == EMAIL && gobl::is_email(&id.value) {
        party.inboxes.push(gobl::Inbox {
            email: id.value.clone().into(),
            ..gobl::Inbox::default()
        });
    } else if scheme.is_empty() || gobl::is_strict(&id.value) {
        party.inboxes.push(gobl::Inbox {
            scheme: own(id.scheme.as_ref()),
            code: id.value.clone().into(),
            ..gobl::Inbox::default()
        });
    } else {
        party.endpoints.push(gobl::Endpoint {
            uri: format!("{}{scheme}:{}", PEPPOL, id.value).into(),
            ..gobl::Endpoint::default()
        });
    }
}

/// BG-6, BG-9. A department stands for a person that is not named.
fn contact<'x>(party: &mut gobl::Party<'x>, contact: &en16931::Contact<'x>) {
    let (person, department) = (
        said(contact.person.as_ref()),
        said(contact.department.as_ref()),
    );
    let name = person.or(department);
    let role = department.filter(|_| person.is_some());
    party.people = name
        .map(|name| self::person(name, role))
        .into_iter()
        .collect();
    let number = said(contact.telephone.as_ref());
    party.telephones = number.map(telephone).into_iter().collect();
    let address = contact
        .email
        .as_ref()
        .filter(|address| gobl::is_email(address));
    party.emails = address.map(email).into_iter().collect();
}

fn person<'x>(name: &Text<'x>, role: Option<&Text<'x>>) -> gobl::Person<'x> {
    gobl::Person {
        name: Some(gobl::PersonName {
            given: name.clone().into(),
            ..gobl::PersonName::default()
        }),
        role: own(role),
        ..gobl::Person::default()
    }
}

fn telephone<'x>(number: &Text<'x>) -> gobl::Telephone<'x> {
    gobl::Telephone {
        num: number.clone().into(),
        ..gobl::Telephone::default()
    }
}

fn email<'x>(address: &Text<'x>) -> gobl::Email<'x> {
    gobl::Email {
        addr: address.clone().into(),
        ..gobl::Email::default()
    }
}

/// BG-5, BG-8, BG-12, BG-15. The third line is where the writer puts post office boxes, beside a first one.
pub(super) fn address<'x>(address: &en16931::Address<'x>) -> gobl::Address<'x> {
    gobl::Address {
        street: own(address.line_one.as_ref()),
        street_extra: own(address.line_two.as_ref()),
        po_box: own(address.line_three.as_ref()),
        locality: own(address.city.as_ref()),
        region: own(address.subdivision.as_ref()),
        code: own(address.post_code.as_ref()),
        country: own(address.country.as_ref()),
        ..gobl::Address::default()
    }
}
