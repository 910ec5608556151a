use super::{Combo, Identity, Item, LineCharge, LineDiscount, Note, Party, Period, objects};
use crate::amount::Amount;
use crate::gobl::scalar::{Uuid, Whole};
use crate::gobl::{Ext, List, Text};

objects! {
    /// Invoice line (BG-25).
    pub struct Line {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Line number (BT-126), from 1.
        "i" index: i64 as Whole,
        /// Quantity (BT-129).
        quantity: Amount,
        /// Object that the line is about (BT-128).
        identifier: Option<Box<Identity<'a>>>,
        /// Period (BG-26).
        period: Option<Box<Period<'a>>>,
        /// Line of the order (BT-132).
        order: Text<'a>,
        /// Buyer accounting reference (BT-133).
        cost: Text<'a>,
        /// What is sold (BG-31) and its price (BG-29).
        item: Option<Item<'a>>,
        /// What the price is made of.
        breakdown: List<SubLine<'a>>,
        /// Quantity × price.
        sum: Option<Amount>,
        /// Allowances (BG-27).
        discounts: List<LineDiscount<'a>>,
        /// Charges (BG-28).
        charges: List<LineCharge<'a>>,
        /// Taxes (BG-30).
        taxes: List<Combo<'a>>,
        /// Net amount (BT-131).
        total: Option<Amount>,
        /// What the line stands in for.
        substituted: List<SubLine<'a>>,
        /// Who sold it.
        seller: Option<Box<Party<'a>>>,
        /// Notes (BT-127).
        notes: List<Note<'a>>,
        /// Extensions.
        ext: Ext<'a>,
    }

    /// Part of a line.
    pub struct SubLine {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Number, from 1.
        "i" index: i64 as Whole,
        /// Quantity.
        quantity: Amount,
        /// Object that the part is about.
        identifier: Option<Box<Identity<'a>>>,
        /// Period.
        period: Option<Box<Period<'a>>>,
        /// Line of the order.
        order: Text<'a>,
        /// Accounting reference.
        cost: Text<'a>,
        /// What is sold.
        item: Option<Item<'a>>,
        /// Quantity × price.
        sum: Option<Amount>,
        /// Allowances.
        discounts: List<LineDiscount<'a>>,
        /// Charges.
        charges: List<LineCharge<'a>>,
        /// Net amount.
        total: Option<Amount>,
        /// Notes.
        notes: List<Note<'a>>,
    }
}
