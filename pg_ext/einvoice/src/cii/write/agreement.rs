//! What was agreed on and what was delivered: parties, references, supporting documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::xml::Xml;
use super::{parts, party};
use crate::en16931::{Attachment, Invoice};

pub(super) fn agreement(xml: &mut Xml, invoice: &Invoice<'_>) {
    xml.optional("ram:BuyerReference", invoice.buyer_reference.as_ref());
    if let Some(seller) = &invoice.seller {
        xml.group("ram:SellerTradeParty", |xml| party::party(xml, seller));
    }
    if let Some(buyer) = &invoice.buyer {
        xml.group("ram:BuyerTradeParty", |xml| party::party(xml, buyer));
    }
    if let Some(representative) = &invoice.tax_representative {
        xml.group("ram:SellerTaxRepresentativeTradeParty", |xml| {
            party::representative(xml, representative);
        });
    }
    for (name, number) in [
        ("ram:SellerOrderReferencedDocument", &invoice.sales_order),
        ("ram:BuyerOrderReferencedDocument", &invoice.purchase_order),
        ("ram:ContractReferencedDocument", &invoice.contract),
    ] {
        parts::referenced(xml, name, number.as_ref());
    }
    if let Some(tender) = &invoice.tender {
        xml.group("ram:AdditionalReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", tender);
            xml.text("ram:TypeCode", "50");
        });
    }
    if let Some(object) = &invoice.object {
        parts::object(xml, object);
    }
    for attachment in &invoice.attachments {
        xml.group("ram:AdditionalReferencedDocument", |xml| {
            self::attachment(xml, attachment);
        });
    }
    if let Some(project) = &invoice.project {
        xml.group("ram:SpecifiedProcuringProject", |xml| {
            xml.text("ram:ID", &project.reference);
            xml.text("ram:Name", &project.name);
        });
    }
}

fn attachment(xml: &mut Xml, attachment: &Attachment<'_>) {
    xml.optional("ram:IssuerAssignedID", attachment.reference.as_ref());
    xml.optional("ram:URIID", attachment.location.as_ref());
    xml.text("ram:TypeCode", "916");
    xml.optional("ram:Name", attachment.description.as_ref());
    if attachment.content.is_empty() {
        return;
    }
    let attributes = [
        ("mimeCode", attachment.mime.as_deref()),
        ("filename", attachment.file_name.as_deref()),
    ];
    let content = STANDARD.encode(&attachment.content);
    xml.qualified("ram:AttachmentBinaryObject", &attributes, &content);
}

pub(super) fn delivery(xml: &mut Xml, invoice: &Invoice<'_>) {
    if let Some(delivery) = &invoice.delivery {
        party::recipient(xml, delivery);
        if delivery.date.is_some() {
            xml.group("ram:ActualDeliverySupplyChainEvent", |xml| {
                let data_type = "udt:DateTimeString";
                parts::date(
                    xml,
                    "ram:OccurrenceDateTime",
                    data_type,
                    delivery.date.as_ref(),
                );
            });
        }
    }
    for (name, number) in [
        (
            "ram:DespatchAdviceReferencedDocument",
            &invoice.despatch_advice,
        ),
        (
            "ram:ReceivingAdviceReferencedDocument",
            &invoice.receiving_advice,
        ),
    ] {
        parts::referenced(xml, name, number.as_ref());
    }
}
