use super::Addons;
use crate::chorus::scheme::is_eu_member;
use crate::gobl::addon::{ISO_SCHEME, SCHEME, iso_scheme};
use crate::gobl::clean;
use crate::gobl::formats::{is_email, is_url};
use crate::gobl::model::{Address, Endpoint, Identity, Image, Inbox, Party, Person, Registration};
use crate::gobl::scalar::Text;
use crate::gobl::tax_id;

/// URI scheme of Peppol participants.
const PEPPOL: &str = "iso6523-actorid-upis::";

pub(super) fn party(party: &mut Party<'_>, addons: Addons) {
    for text in [&mut party.label, &mut party.name, &mut party.alias] {
        clean::text(text);
    }
    if let Some(tax_id) = &mut party.tax_id {
        tax_id::normalise(tax_id);
    }
    party
        .identities
        .iter_mut()
        .for_each(|item| identity(item, addons));
    party
        .people
        .iter_mut()
        .for_each(|item| person(item, addons));
    for endpoint in &mut party.endpoints {
        clean::text(&mut endpoint.label);
        clean::text(&mut endpoint.uri);
    }
    party
        .inboxes
        .iter_mut()
        .for_each(|item| inbox(item, addons));
    party.addresses.iter_mut().for_each(address);
    party
        .emails
        .iter_mut()
        .for_each(|email| email.addr.trim_in_place());
    for website in &mut party.websites {
        for text in [&mut website.label, &mut website.title, &mut website.url] {
            clean::text(text);
        }
    }
    party
        .telephones
        .iter_mut()
        .for_each(|telephone| telephone.num.trim_in_place());
    if let Some(registration) = &mut party.registration {
        self::registration(registration);
    }
    party.logos.iter_mut().for_each(image);
    clean::ext(&mut party.ext);
    if addons.en16931 {
        peppol_endpoint(party);
    }
    if addons.chorus_pro && !party.ext.has(SCHEME) {
        chorus_pro_scheme(party);
    }
}

/// An electronic address of Peppol is an endpoint as well.
fn peppol_endpoint(party: &mut Party<'_>) {
    if party
        .endpoints
        .iter()
        .any(|endpoint| endpoint.uri.starts_with(PEPPOL))
    {
        return;
    }
    let participant = party
        .inboxes
        .iter()
        .find(|inbox| inbox.key == "peppol" && !inbox.scheme.is_empty() && !inbox.code.is_empty());
    if let Some(inbox) = participant {
        let uri = Text::from(format!("{PEPPOL}{}:{}", inbox.scheme, inbox.code));
        party.endpoints.push(Endpoint {
            uri,
            ..Endpoint::default()
        });
    }
}

/// How Chorus Pro identifies the party: by its VAT number abroad, by its SIRET in France.
fn chorus_pro_scheme(party: &mut Party<'_>) {
    let abroad = party
        .tax_id
        .as_ref()
        .map(|tax_id| tax_id.country.as_str())
        .filter(|country| *country != "FR");
    if let Some(country) = abroad {
        let scheme = if is_eu_member(country) { "2" } else { "3" };
        party.ext.set(SCHEME, scheme);
    } else if party
        .identities
        .iter()
        .any(|identity| identity.kind == "SIRET")
    {
        party.ext.set(SCHEME, "1");
    }
}

pub(super) fn identity(identity: &mut Identity<'_>, addons: Addons) {
    clean::text(&mut identity.label);
    clean::code(&mut identity.kind);
    clean::code(&mut identity.code);
    clean::text(&mut identity.description);
    clean::ext(&mut identity.ext);
    if let (true, Some(scheme)) = (addons.en16931, iso_scheme(&identity.key, &identity.kind)) {
        identity.ext.set(ISO_SCHEME, scheme);
    }
}

fn person(person: &mut Person<'_>, addons: Addons) {
    clean::text(&mut person.label);
    if let Some(name) = &mut person.name {
        for text in [
            &mut name.alias,
            &mut name.prefix,
            &mut name.given,
            &mut name.middle,
            &mut name.surname,
            &mut name.surname2,
            &mut name.suffix,
        ] {
            clean::text(text);
        }
    }
    clean::text(&mut person.role);
    person
        .identities
        .iter_mut()
        .for_each(|item| identity(item, addons));
    person.addresses.iter_mut().for_each(address);
    person
        .emails
        .iter_mut()
        .for_each(|email| email.addr.trim_in_place());
    person
        .telephones
        .iter_mut()
        .for_each(|telephone| telephone.num.trim_in_place());
    person.avatars.iter_mut().for_each(image);
}

pub(super) fn address(address: &mut Address<'_>) {
    for text in [
        &mut address.label,
        &mut address.po_box,
        &mut address.num,
        &mut address.floor,
        &mut address.block,
        &mut address.door,
        &mut address.street,
        &mut address.street_extra,
        &mut address.locality,
        &mut address.region,
    ] {
        clean::text(text);
    }
    clean::code(&mut address.state);
    if !address
        .state
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        let state = address
            .state
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase());
        address.state = state.collect::<String>().into();
    }
    clean::code(&mut address.code);
}

fn registration(registration: &mut Registration<'_>) {
    for text in [
        &mut registration.label,
        &mut registration.office,
        &mut registration.book,
        &mut registration.volume,
        &mut registration.sheet,
        &mut registration.section,
        &mut registration.page,
        &mut registration.entry,
        &mut registration.other,
    ] {
        clean::text(text);
    }
    clean::ext(&mut registration.ext);
}

fn image(image: &mut Image<'_>) {
    for text in [
        &mut image.label,
        &mut image.url,
        &mut image.description,
        &mut image.alt,
    ] {
        clean::text(text);
    }
}

/// Sorts out what kind of address the code of an inbox is.
fn inbox(inbox: &mut Inbox<'_>, addons: Addons) {
    clean::text(&mut inbox.label);
    clean::code(&mut inbox.scheme);
    clean::code(&mut inbox.code);
    clean::text(&mut inbox.url);
    inbox.email.trim_in_place();
    if is_email(&inbox.code) {
        inbox.email = std::mem::take(&mut inbox.code);
    } else if is_url(&inbox.code) {
        inbox.url = std::mem::take(&mut inbox.code);
    }
    if inbox.scheme.bytes().any(|byte| byte.is_ascii_lowercase()) {
        inbox.scheme = inbox.scheme.to_uppercase().into();
    }
    clean::strict(&mut inbox.scheme);
    clean::strict(&mut inbox.code);
    let is_participant = |code: &str| {
        code.split_once(':').is_some_and(|(scheme, _)| {
            scheme.len() == 4 && scheme.bytes().all(|b| b.is_ascii_digit())
        })
    };
    if (inbox.key == "peppol" && is_participant(&inbox.code))
        || (addons.en16931 && has_scheme_inside(&inbox.code))
    {
        split_scheme(inbox);
    }
}

/// Four digits and a colon anywhere in the code: as loose as the reference.
fn has_scheme_inside(code: &str) -> bool {
    code.as_bytes().windows(5).any(|part| matches!(part, [a, b, c, d, b':'] if [a, b, c, d].iter().all(|x| x.is_ascii_digit())))
}

/// The first four characters become the scheme, what follows the fifth the code.
fn split_scheme(inbox: &mut Inbox<'_>) {
    let parts = (inbox.code.get(..4), inbox.code.get(5..));
    if let (Some(scheme), Some(code)) = parts {
        let (scheme, code) = (scheme.to_owned(), code.to_owned());
        inbox.scheme = scheme.into();
        inbox.code = code.into();
    }
}
