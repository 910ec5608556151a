//! The parties.

use super::super::tree::{Element, name};
use super::Reader;
use super::parts::identifier;
use crate::en16931::{Contact, Delivery, Identifier, Party, Payee, TaxRepresentative, Text};

impl<'t, 'x> Reader<'t, 'x> {
    /// BG-4, BG-7.
    pub(super) fn party(&mut self, element: Element<'t, 'x>, field: &mut Option<Party<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let mut party = Party::default();
        for child in element.children() {
            match child.name() {
                name::ID | name::GLOBAL_ID => party.identifiers.push(identifier(child)),
                name::NAME => self.text(child, &mut party.name),
                name::DESCRIPTION => self.text(child, &mut party.legal_information),
                name::SPECIFIED_LEGAL_ORGANIZATION => {
                    self.legal_organization(
                        child,
                        &mut party.legal_id,
                        Some(&mut party.trading_name),
                    );
                }
                name::DEFINED_TRADE_CONTACT => self.contact(child, &mut party.contact),
                name::POSTAL_TRADE_ADDRESS => self.address(child, &mut party.address),
                name::URI_UNIVERSAL_COMMUNICATION => self.endpoint(child, &mut party.endpoint),
                name::SPECIFIED_TAX_REGISTRATION => {
                    self.tax_registration(child, &mut party.vat_id, Some(&mut party.tax_number));
                }
                _ => self.pass(child),
            }
        }
        *field = Some(party);
    }

    /// BG-10.
    pub(super) fn payee(&mut self, element: Element<'t, 'x>, field: &mut Option<Payee<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let mut payee = Payee::default();
        for child in element.children() {
            match child.name() {
                name::ID | name::GLOBAL_ID => self.identifier(child, &mut payee.identifier),
                name::NAME => self.text(child, &mut payee.name),
                name::SPECIFIED_LEGAL_ORGANIZATION => {
                    self.legal_organization(child, &mut payee.legal_id, None);
                }
                _ => self.pass(child),
            }
        }
        *field = Some(payee);
    }

    /// BG-11.
    pub(super) fn tax_representative(
        &mut self,
        element: Element<'t, 'x>,
        field: &mut Option<TaxRepresentative<'x>>,
    ) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let mut representative = TaxRepresentative::default();
        for child in element.children() {
            match child.name() {
                name::NAME => self.text(child, &mut representative.name),
                name::POSTAL_TRADE_ADDRESS => self.address(child, &mut representative.address),
                name::SPECIFIED_TAX_REGISTRATION => {
                    self.tax_registration(child, &mut representative.vat_id, None);
                }
                _ => self.pass(child),
            }
        }
        *field = Some(representative);
    }

    /// BT-70, BT-71, BG-15.
    pub(super) fn recipient(&mut self, element: Element<'t, 'x>, delivery: &mut Delivery<'x>) {
        for child in element.children() {
            match child.name() {
                name::ID | name::GLOBAL_ID => self.identifier(child, &mut delivery.location),
                name::NAME => self.text(child, &mut delivery.name),
                name::POSTAL_TRADE_ADDRESS => self.address(child, &mut delivery.address),
                _ => self.pass(child),
            }
        }
    }

    fn legal_organization(
        &mut self,
        element: Element<'t, 'x>,
        id: &mut Option<Identifier<'x>>,
        mut trading_name: Option<&mut Option<Text<'x>>>,
    ) {
        for child in element.children() {
            match (child.name(), &mut trading_name) {
                (name::ID, _) => self.identifier(child, id),
                (name::TRADING_BUSINESS_NAME, Some(field)) => self.text(child, field),
                _ => self.pass(child),
            }
        }
    }

    fn contact(&mut self, element: Element<'t, 'x>, field: &mut Option<Contact<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let mut contact = Contact::default();
        for child in element.children() {
            match child.name() {
                name::PERSON_NAME => self.text(child, &mut contact.person),
                name::DEPARTMENT_NAME => self.text(child, &mut contact.department),
                name::TELEPHONE_UNIVERSAL_COMMUNICATION => {
                    self.within(child, name::COMPLETE_NUMBER, &mut contact.telephone);
                }
                name::EMAIL_URI_UNIVERSAL_COMMUNICATION => {
                    self.within(child, name::URIID, &mut contact.email);
                }
                _ => self.pass(child),
            }
        }
        *field = Some(contact);
    }

    /// BT-34, BT-49: there as soon as its element is.
    fn endpoint(&mut self, element: Element<'t, 'x>, field: &mut Option<Identifier<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let mut endpoint = None;
        for child in element.children() {
            match child.name() {
                name::URIID => self.identifier(child, &mut endpoint),
                _ => self.pass(child),
            }
        }
        *field = Some(endpoint.unwrap_or_else(|| Identifier::local("".into(), None)));
    }

    /// BT-31 and its likes (`VA`), BT-32 (`FC`).
    fn tax_registration(
        &mut self,
        element: Element<'t, 'x>,
        vat_id: &mut Option<Text<'x>>,
        mut tax_number: Option<&mut Option<Text<'x>>>,
    ) {
        for child in element.children() {
            match (child.name(), child.attribute("schemeID"), &mut tax_number) {
                (name::ID, Some("VA"), _) => self.text(child, vat_id),
                (name::ID, Some("FC"), Some(field)) => self.text(child, field),
                _ => self.pass(child),
            }
        }
    }
}
