//! Who agreed on what: parties, orders, documents; and the delivery.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::tree::{Element, name};
use super::Reader;
use crate::en16931::{Attachment, Delivery, Invoice, Project, Text};

impl<'t, 'x> Reader<'t, 'x> {
    pub(super) fn agreement(&mut self, agreement: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        for child in agreement.children() {
            match child.name() {
                name::BUYER_REFERENCE => self.text(child, &mut invoice.buyer_reference),
                name::SELLER_TRADE_PARTY => self.party(child, &mut invoice.seller),
                name::BUYER_TRADE_PARTY => self.party(child, &mut invoice.buyer),
                name::SELLER_TAX_REPRESENTATIVE_TRADE_PARTY => {
                    self.tax_representative(child, &mut invoice.tax_representative);
                }
                name::SELLER_ORDER_REFERENCED_DOCUMENT => {
                    self.within(child, name::ISSUER_ASSIGNED_ID, &mut invoice.sales_order);
                }
                name::BUYER_ORDER_REFERENCED_DOCUMENT => {
                    self.within(child, name::ISSUER_ASSIGNED_ID, &mut invoice.purchase_order);
                }
                name::CONTRACT_REFERENCED_DOCUMENT => {
                    self.within(child, name::ISSUER_ASSIGNED_ID, &mut invoice.contract);
                }
                name::ADDITIONAL_REFERENCED_DOCUMENT => self.document_of_type(child, invoice),
                name::SPECIFIED_PROCURING_PROJECT => self.project(child, &mut invoice.project),
                _ => self.pass(child),
            }
        }
    }

    /// BT-17 (type 50), BT-18 (130), BG-24 (916).
    fn document_of_type(&mut self, element: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        match document_type(element) {
            "50" if invoice.tender.is_none() => {
                let mut tender = None;
                for child in element.children() {
                    match child.name() {
                        name::ISSUER_ASSIGNED_ID => self.text(child, &mut tender),
                        name::TYPE_CODE => {}
                        _ => self.pass(child),
                    }
                }
                invoice.tender = Some(tender.unwrap_or_default());
            }
            "130" => self.object(element, &mut invoice.object),
            "916" => {
                let attachment = self.attachment(element);
                invoice.attachments.push(attachment);
            }
            _ => self.pass(element),
        }
    }

    fn attachment(&mut self, element: Element<'t, 'x>) -> Attachment<'x> {
        let mut attachment = Attachment::default();
        for child in element.children() {
            match child.name() {
                name::ISSUER_ASSIGNED_ID => self.text(child, &mut attachment.reference),
                name::URIID => self.text(child, &mut attachment.location),
                name::NAME => self.text(child, &mut attachment.description),
                name::ATTACHMENT_BINARY_OBJECT if attachment.mime.is_none() => {
                    attachment.mime = child.attribute_cow("mimeCode");
                    attachment.file_name = child.attribute_cow("filename");
                    match decode(child.text()) {
                        Some(content) => attachment.content = Cow::Owned(content),
                        None => self.pass(child),
                    }
                }
                name::TYPE_CODE => {}
                _ => self.pass(child),
            }
        }
        attachment
    }

    /// BT-11. A project without name is called by its reference.
    fn project(&mut self, element: Element<'t, 'x>, field: &mut Option<Project<'x>>) {
        let (mut reference, mut name): (Option<Text<'x>>, Option<Text<'x>>) = (None, None);
        for child in element.children() {
            match child.name() {
                name::ID => self.text(child, &mut reference),
                name::NAME => self.text(child, &mut name),
                _ => self.pass(child),
            }
        }
        let reference = reference.unwrap_or_default();
        *field = Some(Project {
            name: name.unwrap_or_else(|| reference.clone()),
            reference,
        });
    }

    pub(super) fn delivery(&mut self, element: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        let mut delivery: Option<Delivery<'x>> = None;
        for child in element.children() {
            match child.name() {
                name::SHIP_TO_TRADE_PARTY => {
                    self.recipient(child, delivery.get_or_insert_default());
                }
                name::ACTUAL_DELIVERY_SUPPLY_CHAIN_EVENT => {
                    let date = &mut delivery.get_or_insert_default().date;
                    for child in child.children() {
                        match child.name() {
                            name::OCCURRENCE_DATE_TIME => self.day(child, date),
                            _ => self.pass(child),
                        }
                    }
                }
                name::DESPATCH_ADVICE_REFERENCED_DOCUMENT => {
                    self.within(
                        child,
                        name::ISSUER_ASSIGNED_ID,
                        &mut invoice.despatch_advice,
                    );
                }
                name::RECEIVING_ADVICE_REFERENCED_DOCUMENT => {
                    self.within(
                        child,
                        name::ISSUER_ASSIGNED_ID,
                        &mut invoice.receiving_advice,
                    );
                }
                _ => self.pass(child),
            }
        }
        invoice.delivery = delivery;
    }
}

/// The type of a document that is referred to, UNTDID 1001.
pub(in crate::cii) fn document_type<'t>(element: Element<'t, '_>) -> &'t str {
    element
        .child(name::TYPE_CODE)
        .map(|code| code.text().trim())
        .unwrap_or_default()
}

/// Base64, broken into lines or not.
fn decode(text: &str) -> Option<Vec<u8>> {
    if let Ok(content) = STANDARD.decode(text) {
        return Some(content);
    }
    let text: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(text).ok()
}
