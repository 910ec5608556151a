use jiff::civil::Date;

use super::{Identity, Period, Stamp, TaxTotal, objects};
use crate::amount::Amount;
use crate::gobl::scalar::{Day, Uuid};
use crate::gobl::{Ext, List, Text};

objects! {
    /// Reference to another document (BG-3, BT-11…BT-17).
    pub struct DocumentRef {
        /// Identifier of the other document.
        uuid: Text<'a> as Uuid<'a>,
        /// Its schema.
        schema: Text<'a>,
        /// Its type.
        "type" kind: Text<'a>,
        /// Its date (BT-26).
        issue_date: Option<Date> as Day,
        /// First part of its number.
        series: Text<'a>,
        /// Its number (BT-25).
        code: Text<'a> = required,
        /// Its currency.
        currency: Text<'a>,
        /// Lines of it that are meant, from 1.
        lines: List<i64>,
        /// Further identifiers.
        identities: List<Identity<'a>>,
        /// Period that it covers.
        period: Option<Period<'a>>,
        /// Why it is referred to.
        reason: Text<'a>,
        /// Description.
        description: Text<'a>,
        /// Stamps of it.
        stamps: List<Stamp<'a>>,
        /// Where it is.
        url: Text<'a>,
        /// Its taxes.
        tax: Option<TaxTotal<'a>>,
        /// Its amount payable.
        payable: Option<Amount>,
        /// Extensions.
        ext: Ext<'a>,
        /// Metadata.
        meta: Ext<'a>,
    }
}
