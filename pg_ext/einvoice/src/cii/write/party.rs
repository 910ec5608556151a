//! Parties: the seller and the buyer whole, the others with the little that EN 16931 knows of them.

use super::xml::Xml;
use crate::en16931::{
    Address, Contact, Delivery, Identifier, Party, Payee, TaxRepresentative, Text,
};

pub(super) fn party(xml: &mut Xml, party: &Party<'_>) {
    identifiers(xml, &party.identifiers);
    xml.optional("ram:Name", party.name.as_ref());
    xml.optional("ram:Description", party.legal_information.as_ref());
    legal_organization(xml, party.legal_id.as_ref(), party.trading_name.as_ref());
    if let Some(contact) = &party.contact {
        xml.group("ram:DefinedTradeContact", |xml| self::contact(xml, contact));
    }
    address(xml, party.address.as_ref());
    if let Some(endpoint) = &party.endpoint {
        let scheme = [("schemeID", endpoint.scheme.as_deref())];
        xml.group("ram:URIUniversalCommunication", |xml| {
            xml.qualified("ram:URIID", &scheme, &endpoint.value);
        });
    }
    tax_registration(xml, "VA", party.vat_id.as_ref());
    tax_registration(xml, "FC", party.tax_number.as_ref());
}

pub(super) fn payee(xml: &mut Xml, payee: &Payee<'_>) {
    identifiers(xml, payee.identifier.as_slice());
    xml.optional("ram:Name", payee.name.as_ref());
    legal_organization(xml, payee.legal_id.as_ref(), None);
}

pub(super) fn representative(xml: &mut Xml, representative: &TaxRepresentative<'_>) {
    xml.optional("ram:Name", representative.name.as_ref());
    address(xml, representative.address.as_ref());
    tax_registration(xml, "VA", representative.vat_id.as_ref());
}

pub(super) fn recipient(xml: &mut Xml, delivery: &Delivery<'_>) {
    if delivery.name.is_none() && delivery.location.is_none() && delivery.address.is_none() {
        return;
    }
    xml.group("ram:ShipToTradeParty", |xml| {
        identifiers(xml, delivery.location.as_slice());
        xml.optional("ram:Name", delivery.name.as_ref());
        address(xml, delivery.address.as_ref());
    });
}

/// Identifiers, those in `GlobalID` last.
fn identifiers(xml: &mut Xml, identifiers: &[Identifier<'_>]) {
    for (name, is_global) in [("ram:ID", false), ("ram:GlobalID", true)] {
        for id in identifiers.iter().filter(|id| id.is_global == is_global) {
            xml.qualified(name, &[("schemeID", id.scheme.as_deref())], &id.value);
        }
    }
}

fn legal_organization(xml: &mut Xml, id: Option<&Identifier<'_>>, trading_name: Option<&Text<'_>>) {
    if id.is_none() && trading_name.is_none() {
        return;
    }
    xml.group("ram:SpecifiedLegalOrganization", |xml| {
        if let Some(id) = id {
            xml.qualified("ram:ID", &[("schemeID", id.scheme.as_deref())], &id.value);
        }
        xml.optional("ram:TradingBusinessName", trading_name);
    });
}

fn contact(xml: &mut Xml, contact: &Contact<'_>) {
    xml.optional("ram:PersonName", contact.person.as_ref());
    xml.optional("ram:DepartmentName", contact.department.as_ref());
    if let Some(telephone) = &contact.telephone {
        xml.group("ram:TelephoneUniversalCommunication", |xml| {
            xml.text("ram:CompleteNumber", telephone);
        });
    }
    if let Some(email) = &contact.email {
        xml.group("ram:EmailURIUniversalCommunication", |xml| {
            xml.text("ram:URIID", email);
        });
    }
}

fn address(xml: &mut Xml, address: Option<&Address<'_>>) {
    let Some(address) = address else { return };
    xml.group("ram:PostalTradeAddress", |xml| {
        xml.optional("ram:PostcodeCode", address.post_code.as_ref());
        xml.optional("ram:LineOne", address.line_one.as_ref());
        xml.optional("ram:LineTwo", address.line_two.as_ref());
        xml.optional("ram:LineThree", address.line_three.as_ref());
        xml.optional("ram:CityName", address.city.as_ref());
        xml.optional("ram:CountryID", address.country.as_ref());
        xml.optional("ram:CountrySubDivisionName", address.subdivision.as_ref());
    });
}

fn tax_registration(xml: &mut Xml, scheme: &str, id: Option<&Text<'_>>) {
    if let Some(id) = id {
        xml.group("ram:SpecifiedTaxRegistration", |xml| {
            xml.qualified("ram:ID", &[("schemeID", Some(scheme))], id);
        });
    }
}
