//! Lines.

use super::super::tree::{Element, name};
use super::agreement::document_type;
use super::parts::{Kind, kind};
use super::{Reader, site};
use crate::en16931::{Attribute, Classification, Item, Line, LineId, Price, Text};

impl<'t, 'x> Reader<'t, 'x> {
    /// BG-25. Its position among the lines is `at`.
    pub(super) fn line(&mut self, element: Element<'t, 'x>, at: usize) -> Line<'x> {
        let mut line = Line::default();
        for part in element.children() {
            match part.name() {
                name::ASSOCIATED_DOCUMENT_LINE_DOCUMENT => self.line_document(part, &mut line),
                name::SPECIFIED_TRADE_PRODUCT => self.product(part, &mut line.item),
                name::SPECIFIED_LINE_TRADE_AGREEMENT => self.line_agreement(part, at, &mut line),
                name::SPECIFIED_LINE_TRADE_DELIVERY => {
                    for child in part.children() {
                        match child.name() {
                            name::BILLED_QUANTITY => {
                                self.amount(child, site(129, [at, 0]), &mut line.quantity);
                                line.unit = child.attribute_cow("unitCode");
                            }
                            _ => self.pass(child),
                        }
                    }
                }
                name::SPECIFIED_LINE_TRADE_SETTLEMENT => self.line_settlement(part, at, &mut line),
                _ => self.pass(part),
            }
        }
        line
    }

    fn line_document(&mut self, element: Element<'t, 'x>, line: &mut Line<'x>) {
        let mut id: Option<Text<'x>> = None;
        for child in element.children() {
            match child.name() {
                name::LINE_ID => self.text(child, &mut id),
                name::INCLUDED_NOTE if line.note.is_none() => {
                    for child in child.children() {
                        match child.name() {
                            name::CONTENT => self.text(child, &mut line.note),
                            _ => self.pass(child),
                        }
                    }
                }
                _ => self.pass(child),
            }
        }
        line.id = id.map_or(LineId::None, LineId::Text);
    }

    /// BG-31.
    fn product(&mut self, element: Element<'t, 'x>, item: &mut Item<'x>) {
        for child in element.children() {
            match child.name() {
                name::GLOBAL_ID => self.identifier(child, &mut item.standard_id),
                name::SELLER_ASSIGNED_ID => self.text(child, &mut item.seller_id),
                name::BUYER_ASSIGNED_ID => self.text(child, &mut item.buyer_id),
                name::NAME => self.text(child, &mut item.name),
                name::DESCRIPTION => self.text(child, &mut item.description),
                name::APPLICABLE_PRODUCT_CHARACTERISTIC => {
                    let attribute = self.attribute(child);
                    item.attributes.push(attribute);
                }
                name::DESIGNATED_PRODUCT_CLASSIFICATION => {
                    let class = self.classification(child);
                    item.classifications.extend(class);
                }
                name::ORIGIN_TRADE_COUNTRY => self.within(child, name::ID, &mut item.origin),
                _ => self.pass(child),
            }
        }
    }

    fn attribute(&mut self, element: Element<'t, 'x>) -> Attribute<'x> {
        let mut attribute = Attribute {
            name: None,
            value: None,
        };
        for child in element.children() {
            match child.name() {
                name::DESCRIPTION => self.text(child, &mut attribute.name),
                name::VALUE => self.text(child, &mut attribute.value),
                _ => self.pass(child),
            }
        }
        attribute
    }

    fn classification(&mut self, element: Element<'t, 'x>) -> Option<Classification<'x>> {
        let mut class = None;
        for child in element.children() {
            match child.name() {
                name::CLASS_CODE if class.is_none() => {
                    class = Some(Classification {
                        code: child.text_cow(),
                        list: child.attribute_cow("listID"),
                        version: child.attribute_cow("listVersionID"),
                    });
                }
                _ => self.pass(child),
            }
        }
        class
    }

    fn line_agreement(&mut self, element: Element<'t, 'x>, at: usize, line: &mut Line<'x>) {
        for child in element.children() {
            match child.name() {
                name::BUYER_ORDER_REFERENCED_DOCUMENT => {
                    self.within(child, name::LINE_ID, &mut line.order_line);
                }
                name::GROSS_PRICE_PRODUCT_TRADE_PRICE => {
                    self.gross_price(child, at, &mut line.price);
                }
                name::NET_PRICE_PRODUCT_TRADE_PRICE => {
                    self.net_price(child, at, &mut line.price);
                }
                _ => self.pass(child),
            }
        }
    }

    fn net_price(&mut self, element: Element<'t, 'x>, at: usize, price: &mut Price<'x>) {
        for child in element.children() {
            match child.name() {
                name::CHARGE_AMOUNT => self.amount(child, site(146, [at, 0]), &mut price.net),
                name::BASIS_QUANTITY => {
                    self.amount(child, site(149, [at, 0]), &mut price.base_quantity);
                    price.base_unit = child.attribute_cow("unitCode");
                }
                _ => self.pass(child),
            }
        }
    }

    fn gross_price(&mut self, element: Element<'t, 'x>, at: usize, price: &mut Price<'x>) {
        for child in element.children() {
            match child.name() {
                name::CHARGE_AMOUNT => self.amount(child, site(148, [at, 0]), &mut price.gross),
                name::BASIS_QUANTITY => {
                    // The second of two places for the same term: 1.
                    self.amount(child, site(149, [at, 1]), &mut price.gross_base_quantity);
                    price.gross_base_unit = child.attribute_cow("unitCode");
                }
                name::APPLIED_TRADE_ALLOWANCE_CHARGE if kind(child).0 != Kind::Charge => {
                    for child in child.children() {
                        match child.name() {
                            name::CHARGE_INDICATOR => {}
                            name::ACTUAL_AMOUNT => {
                                self.amount(child, site(147, [at, 0]), &mut price.discount);
                            }
                            _ => self.pass(child),
                        }
                    }
                }
                _ => self.pass(child),
            }
        }
    }

    fn line_settlement(&mut self, element: Element<'t, 'x>, at: usize, line: &mut Line<'x>) {
        for child in element.children() {
            match child.name() {
                name::APPLICABLE_TRADE_TAX => {
                    let before = line.taxes().count();
                    let vat = self.tax(child, site(152, [at, before]));
                    match line.vat {
                        None => line.vat = Some(vat),
                        Some(_) => line.further_taxes.push(vat),
                    }
                }
                name::BILLING_SPECIFIED_PERIOD => self.period(child, &mut line.period),
                name::SPECIFIED_TRADE_ALLOWANCE_CHARGE => {
                    let (kind, indicator) = kind(child);
                    let (list, term) = match kind {
                        Kind::Allowance => (&mut line.allowances, 136),
                        Kind::Charge => (&mut line.charges, 141),
                        Kind::Neither => (&mut line.neither, 0),
                    };
                    let of = self.allowance_or_charge(child, indicator, term, [at, list.len()]);
                    list.push(of);
                }
                name::SPECIFIED_TRADE_SETTLEMENT_LINE_MONETARY_SUMMATION => {
                    for child in child.children() {
                        match child.name() {
                            name::LINE_TOTAL_AMOUNT => {
                                self.amount(child, site(131, [at, 0]), &mut line.net);
                            }
                            _ => self.pass(child),
                        }
                    }
                }
                name::ADDITIONAL_REFERENCED_DOCUMENT if document_type(child) == "130" => {
                    self.object(child, &mut line.object);
                }
                name::RECEIVABLE_SPECIFIED_TRADE_ACCOUNTING_ACCOUNT => {
                    self.within(child, name::ID, &mut line.accounting_reference);
                }
                _ => self.pass(child),
            }
        }
    }
}
