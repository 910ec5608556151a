//! Lines: product, agreement, delivery, settlement.

use super::parts;
use super::xml::Xml;
use crate::amount::Amount;
use crate::en16931::{Item, Line, LineId, Price, Text};

pub(super) fn line(xml: &mut Xml, line: &Line<'_>) {
    xml.group("ram:AssociatedDocumentLineDocument", |xml| {
        match &line.id {
            LineId::None => {}
            LineId::Number(number) => xml.plain("ram:LineID", &[], number),
            LineId::Text(text) => xml.text("ram:LineID", text),
        }
        if let Some(note) = &line.note {
            xml.group("ram:IncludedNote", |xml| xml.text("ram:Content", note));
        }
    });
    xml.group("ram:SpecifiedTradeProduct", |xml| product(xml, &line.item));
    xml.group("ram:SpecifiedLineTradeAgreement", |xml| {
        if let Some(order_line) = &line.order_line {
            xml.group("ram:BuyerOrderReferencedDocument", |xml| {
                xml.text("ram:LineID", order_line);
            });
        }
        price(xml, &line.price);
    });
    xml.group("ram:SpecifiedLineTradeDelivery", |xml| {
        if let Some(quantity) = line.quantity {
            let unit = [("unitCode", line.unit.as_deref())];
            xml.amount("ram:BilledQuantity", &unit, quantity);
        }
    });
    xml.group("ram:SpecifiedLineTradeSettlement", |xml| {
        for vat in line.taxes() {
            xml.group("ram:ApplicableTradeTax", |xml| parts::vat(xml, vat));
        }
        parts::period(xml, line.period.as_ref());
        parts::allowances_and_charges(xml, &line.allowances, &line.charges, &line.neither);
        if let Some(net) = line.net {
            xml.group("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
                xml.amount("ram:LineTotalAmount", &[], net);
            });
        }
        if let Some(object) = &line.object {
            parts::object(xml, object);
        }
        parts::accounting_reference(xml, line.accounting_reference.as_ref());
    });
}

fn product(xml: &mut Xml, item: &Item<'_>) {
    if let Some(id) = &item.standard_id {
        let scheme = [("schemeID", id.scheme.as_deref())];
        xml.qualified("ram:GlobalID", &scheme, &id.value);
    }
    xml.optional("ram:SellerAssignedID", item.seller_id.as_ref());
    xml.optional("ram:BuyerAssignedID", item.buyer_id.as_ref());
    xml.optional("ram:Name", item.name.as_ref());
    xml.optional("ram:Description", item.description.as_ref());
    for attribute in &item.attributes {
        xml.group("ram:ApplicableProductCharacteristic", |xml| {
            xml.optional("ram:Description", attribute.name.as_ref());
            xml.optional("ram:Value", attribute.value.as_ref());
        });
    }
    for class in &item.classifications {
        let list = [
            ("listID", class.list.as_deref()),
            ("listVersionID", class.version.as_deref()),
        ];
        xml.group("ram:DesignatedProductClassification", |xml| {
            xml.qualified("ram:ClassCode", &list, &class.code);
        });
    }
    if let Some(origin) = &item.origin {
        xml.group("ram:OriginTradeCountry", |xml| xml.text("ram:ID", origin));
    }
}

fn price(xml: &mut Xml, price: &Price<'_>) {
    if price.gross.is_some() || price.discount.is_some() {
        xml.group("ram:GrossPriceProductTradePrice", |xml| {
            xml.number("ram:ChargeAmount", price.gross);
            base_quantity(
                xml,
                price.gross_base_quantity,
                price.gross_base_unit.as_ref(),
            );
            if let Some(discount) = price.discount {
                xml.group("ram:AppliedTradeAllowanceCharge", |xml| {
                    parts::indicator(xml, false);
                    xml.amount("ram:ActualAmount", &[], discount);
                });
            }
        });
    }
    if let Some(net) = price.net {
        xml.group("ram:NetPriceProductTradePrice", |xml| {
            xml.amount("ram:ChargeAmount", &[], net);
            base_quantity(xml, price.base_quantity, price.base_unit.as_ref());
        });
    }
}

fn base_quantity(xml: &mut Xml, quantity: Option<Amount>, unit: Option<&Text<'_>>) {
    if let Some(quantity) = quantity {
        let unit = [("unitCode", unit.map(|unit| &**unit))];
        xml.amount("ram:BasisQuantity", &unit, quantity);
    }
}
