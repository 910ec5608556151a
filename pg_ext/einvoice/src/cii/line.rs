//! Lines: product, agreement, delivery, settlement.

use std::io;

use super::parts;
use super::xml::Xml;
use crate::en16931::{Item, Line, Price};

pub(super) fn line(xml: &mut Xml, line: &Line<'_>) -> io::Result<()> {
    xml.group("ram:AssociatedDocumentLineDocument", |xml| {
        xml.number("ram:LineID", &[], &line.id)?;
        match &line.note {
            Some(note) => xml.group("ram:IncludedNote", |xml| xml.text("ram:Content", note)),
            None => Ok(()),
        }
    })?;
    xml.group("ram:SpecifiedTradeProduct", |xml| product(xml, &line.item))?;
    xml.group("ram:SpecifiedLineTradeAgreement", |xml| {
        if let Some(order_line) = &line.order_line {
            xml.group("ram:BuyerOrderReferencedDocument", |xml| {
                xml.text("ram:LineID", order_line)
            })?;
        }
        price(xml, &line.price)
    })?;
    xml.group("ram:SpecifiedLineTradeDelivery", |xml| {
        match line.quantity {
            Some(quantity) => xml.number(
                "ram:BilledQuantity",
                &[("unitCode", line.unit.as_deref())],
                quantity,
            ),
            None => Ok(()),
        }
    })?;
    xml.group("ram:SpecifiedLineTradeSettlement", |xml| {
        if let Some(vat) = &line.vat {
            xml.group("ram:ApplicableTradeTax", |xml| parts::vat(xml, vat))?;
        }
        parts::period(xml, line.period)?;
        parts::allowances_and_charges(xml, &line.allowances, &line.charges)?;
        if let Some(net) = line.net {
            xml.group("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
                xml.number("ram:LineTotalAmount", &[], net)
            })?;
        }
        if let Some(object) = &line.object {
            parts::object(xml, object)?;
        }
        parts::accounting_reference(xml, line.accounting_reference.as_ref())
    })
}

fn product(xml: &mut Xml, item: &Item<'_>) -> io::Result<()> {
    if let Some(id) = &item.standard_id {
        xml.qualified(
            "ram:GlobalID",
            &[("schemeID", id.scheme.as_deref())],
            &id.value,
        )?;
    }
    xml.optional("ram:SellerAssignedID", item.seller_id.as_ref())?;
    xml.optional("ram:BuyerAssignedID", item.buyer_id.as_ref())?;
    xml.optional("ram:Name", item.name.as_ref())?;
    xml.optional("ram:Description", item.description.as_ref())?;
    for attribute in &item.attributes {
        xml.group("ram:ApplicableProductCharacteristic", |xml| {
            xml.text("ram:Description", &attribute.name)?;
            xml.text("ram:Value", &attribute.value)
        })?;
    }
    for class in &item.classifications {
        let attributes = [
            ("listID", class.list.as_deref()),
            ("listVersionID", class.version.as_deref()),
        ];
        xml.group("ram:DesignatedProductClassification", |xml| {
            xml.qualified("ram:ClassCode", &attributes, &class.code)
        })?;
    }
    match &item.origin {
        Some(origin) => xml.group("ram:OriginTradeCountry", |xml| xml.text("ram:ID", origin)),
        None => Ok(()),
    }
}

/// Chorus Pro refuses a gross price (BT-148) without its discount (BT-147), so the one is written with the other alone.
fn price(xml: &mut Xml, price: &Price<'_>) -> io::Result<()> {
    let unit = [("unitCode", price.base_unit.as_deref())];
    let base_quantity = |xml: &mut Xml| {
        price.base_quantity.map_or(Ok(()), |quantity| {
            xml.number("ram:BasisQuantity", &unit, quantity)
        })
    };
    if let (Some(gross), Some(discount)) = (price.gross, price.discount) {
        xml.group("ram:GrossPriceProductTradePrice", |xml| {
            xml.number("ram:ChargeAmount", &[], gross)?;
            base_quantity(xml)?;
            xml.group("ram:AppliedTradeAllowanceCharge", |xml| {
                parts::indicator(xml, false)?;
                xml.number("ram:ActualAmount", &[], discount)
            })
        })?;
    }
    let Some(net) = price.net else { return Ok(()) };
    xml.group("ram:NetPriceProductTradePrice", |xml| {
        xml.number("ram:ChargeAmount", &[], net)?;
        base_quantity(xml)
    })
}
