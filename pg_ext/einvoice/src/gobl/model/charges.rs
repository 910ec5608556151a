use super::{Combo, objects};
use crate::amount::{Amount, Percentage};
use crate::gobl::scalar::{Uuid, Whole};
use crate::gobl::{Ext, List, Text};

objects! {
    /// Allowance of a line (BG-27).
    pub struct LineDiscount {
        /// Key that stands for a reason code.
        key: Text<'a>,
        /// Code.
        code: Text<'a>,
        /// Reason (BT-139).
        reason: Text<'a>,
        /// Base (BT-137), where it is not the line's sum.
        base: Option<Amount>,
        /// Percentage (BT-138).
        percent: Option<Percentage>,
        /// Amount (BT-136).
        amount: Amount,
        /// Extensions: UNTDID 5189 reason code (BT-140).
        ext: Ext<'a>,
    }

    /// Charge of a line (BG-28).
    pub struct LineCharge {
        /// Key that stands for a reason code.
        key: Text<'a>,
        /// Code.
        code: Text<'a>,
        /// Reason (BT-144).
        reason: Text<'a>,
        /// Base (BT-142), where it is not the line's sum.
        base: Option<Amount>,
        /// Percentage (BT-143).
        percent: Option<Percentage>,
        /// Quantity that `rate` applies to, where it is not the line's.
        quantity: Option<Amount>,
        /// Unit of `quantity`.
        unit: Text<'a>,
        /// Amount per unit.
        rate: Option<Amount>,
        /// Amount (BT-141).
        amount: Amount,
        /// Extensions: UNTDID 7161 reason code (BT-145).
        ext: Ext<'a>,
    }

    /// Allowance of the document (BG-20).
    pub struct Discount {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Number, from 1.
        "i" index: i64 as Whole,
        /// Key that stands for a reason code.
        key: Text<'a>,
        /// Code.
        code: Text<'a>,
        /// Reason (BT-97).
        reason: Text<'a>,
        /// Base (BT-93), where it is not the sum of the lines.
        base: Option<Amount>,
        /// Percentage (BT-94).
        percent: Option<Percentage>,
        /// Amount (BT-92).
        amount: Amount,
        /// Taxes (BT-95, BT-96).
        taxes: List<Combo<'a>>,
        /// Extensions: UNTDID 5189 reason code (BT-98).
        ext: Ext<'a>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// Charge of the document (BG-21).
    pub struct Charge {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Number, from 1.
        "i" index: i64 as Whole,
        /// Key that stands for a reason code.
        key: Text<'a>,
        /// Code.
        code: Text<'a>,
        /// Reason (BT-104).
        reason: Text<'a>,
        /// Base (BT-100), where it is not the sum of the lines.
        base: Option<Amount>,
        /// Percentage (BT-101).
        percent: Option<Percentage>,
        /// Amount (BT-99).
        amount: Amount,
        /// Taxes (BT-102, BT-103).
        taxes: List<Combo<'a>>,
        /// Extensions: UNTDID 7161 reason code (BT-105).
        ext: Ext<'a>,
        /// Metadata.
        meta: Ext<'a>,
    }
}
