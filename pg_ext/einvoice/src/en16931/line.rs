//! Invoice lines.

use std::fmt;

use super::{AllowanceCharge, Identifier, LineVat, Period, Text};
use crate::amount::Amount;

/// BG-25: an invoice line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line<'a> {
    /// BT-126: identifier.
    pub id: LineId<'a>,
    /// BT-127: note.
    pub note: Option<Text<'a>>,
    /// BT-128: object identifier; BT-128-1: its scheme, UNTDID 1153.
    pub object: Option<Identifier<'a>>,
    /// BT-129: quantity.
    pub quantity: Option<Amount>,
    /// BT-130: unit, UN/ECE Recommendation 20 or 21.
    pub unit: Option<Text<'a>>,
    /// BT-131: net amount.
    pub net: Option<Amount>,
    /// BT-132: line of the purchase order.
    pub order_line: Option<Text<'a>>,
    /// BT-133: buyer's accounting reference.
    pub accounting_reference: Option<Text<'a>>,
    /// BG-26: period.
    pub period: Option<Period<'a>>,
    /// BG-27: allowances.
    pub allowances: Vec<AllowanceCharge<'a>>,
    /// BG-28: charges.
    pub charges: Vec<AllowanceCharge<'a>>,
    /// BG-29: price.
    pub price: Price<'a>,
    /// What CII has among the line's allowances and charges without saying which of the two it is.
    pub neither: Vec<AllowanceCharge<'a>>,
    /// BG-30: VAT.
    pub vat: Option<LineVat<'a>>,
    /// Further taxes: EN 16931 has one on a line, CII holds several.
    pub further_taxes: Vec<LineVat<'a>>,
    /// BG-31: item.
    pub item: Item<'a>,
}

impl<'a> Line<'a> {
    /// BG-30 and the further taxes.
    pub fn taxes(&self) -> impl Iterator<Item = &LineVat<'a>> {
        self.vat.iter().chain(&self.further_taxes)
    }
}

/// BT-126: identifier of a line; GOBL counts them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LineId<'a> {
    /// None given.
    #[default]
    None,
    /// The line's position, from 1.
    Number(usize),
    /// Any text.
    Text(Text<'a>),
}

impl fmt::Display for LineId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Number(n) => write!(f, "{n}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// BG-29: price of one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Price<'a> {
    /// BT-146: net price.
    pub net: Option<Amount>,
    /// BT-147: discount on the gross price.
    pub discount: Option<Amount>,
    /// BT-148: gross price.
    pub gross: Option<Amount>,
    /// BT-149: quantity that the price is for.
    pub base_quantity: Option<Amount>,
    /// BT-150: unit of that quantity.
    pub base_unit: Option<Text<'a>>,
    /// BT-149 where CII repeats it beside the gross price.
    pub gross_base_quantity: Option<Amount>,
    /// BT-150 where CII repeats it beside the gross price.
    pub gross_base_unit: Option<Text<'a>>,
}

/// BG-31: what was sold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item<'a> {
    /// BT-153: name.
    pub name: Option<Text<'a>>,
    /// BT-154: description.
    pub description: Option<Text<'a>>,
    /// BT-155: seller's identifier.
    pub seller_id: Option<Text<'a>>,
    /// BT-156: buyer's identifier.
    pub buyer_id: Option<Text<'a>>,
    /// BT-157: standard identifier; BT-157-1: its scheme, ISO 6523.
    pub standard_id: Option<Identifier<'a>>,
    /// BT-158: classifications.
    pub classifications: Vec<Classification<'a>>,
    /// BT-159: country of origin.
    pub origin: Option<Text<'a>>,
    /// BG-32: attributes.
    pub attributes: Vec<Attribute<'a>>,
}

/// BT-158: a classification of the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification<'a> {
    /// BT-158: the code.
    pub code: Text<'a>,
    /// BT-158-1: its list, UNTDID 7143.
    pub list: Option<Text<'a>>,
    /// BT-158-2: version of the list.
    pub version: Option<Text<'a>>,
}

/// BG-32: an attribute of the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// BT-160: its name.
    pub name: Option<Text<'a>>,
    /// BT-161: its value.
    pub value: Option<Text<'a>>,
}
