//! What the rules look for in the whole file, found in what was passed over.

use super::super::tree::{Element, name};
use crate::en16931::{Day, Invoice};

/// Adds the codes within an element to those beyond the terms. The date and the event that make VAT due count wherever they
/// stand, if they stand nowhere else.
pub(super) fn collect<'x>(element: Element<'_, 'x>, invoice: &mut Invoice<'x>) {
    match element.name() {
        name::COUNTRY_ID => invoice.beyond.countries.push(element.text_cow()),
        name::CATEGORY_CODE => {
            let beyond = &mut invoice.beyond;
            let list = match element.parent().map(Element::name) {
                Some(name::APPLICABLE_TRADE_TAX) => &mut beyond.tax_categories,
                Some(name::CATEGORY_TRADE_TAX) => &mut beyond.adjustment_categories,
                _ => &mut beyond.other_categories,
            };
            list.push(element.text_cow());
        }
        name::TAX_POINT_DATE => {
            invoice.tax_point_date.get_or_insert_with(|| Day::Other {
                text: element.text_cow(),
                is_102: false,
            });
        }
        name::DUE_DATE_TYPE_CODE => {
            invoice
                .tax_point_code
                .get_or_insert_with(|| element.text_cow());
        }
        _ => {}
    }
    for child in element.children() {
        collect(child, invoice);
    }
}
