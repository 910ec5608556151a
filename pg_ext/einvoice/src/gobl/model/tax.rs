use super::objects;
use crate::amount::Percentage;
use crate::gobl::{Ext, List, Text};

objects! {
    /// Tax settings of the document (GOBL `bill/tax`).
    pub struct Tax {
        /// Category whose tax the prices include, e.g. `VAT`.
        prices_include: Text<'a>,
        /// `precise` (default) or `currency`.
        rounding: Text<'a>,
        /// When the tax falls due (BT-8): `issue`, `delivery`, `payment`.
        point: Text<'a>,
        /// Extensions: UNTDID 1001 type (BT-3), Chorus Pro framework (BT-23).
        ext: Ext<'a>,
        /// Reasons of exemption (BT-120).
        notes: List<TaxNote<'a>>,
        /// Metadata.
        meta: Ext<'a>,
        /// Where older documents keep `$tags`; moved there on reading.
        tags: List<Text<'a>>,
    }

    /// A note about a tax category (BT-120).
    pub struct TaxNote {
        /// Category, e.g. `VAT`.
        cat: Text<'a>,
        /// Key: `exempt`, `reverse-charge`, ….
        key: Text<'a>,
        /// The note.
        text: Text<'a> = required,
        /// Extensions.
        ext: Ext<'a>,
    }

    /// One tax of a line, discount or charge (BG-30).
    pub struct Combo {
        /// Category, e.g. `VAT`.
        cat: Text<'a> = required,
        /// Country, where it is not the regime's.
        country: Text<'a>,
        /// `standard`, `zero`, `exempt`, `reverse-charge`, `export`, `intra-community`, `outside-scope`.
        key: Text<'a>,
        /// Name of a rate of the regime: `general`, `reduced`, ….
        rate: Text<'a>,
        /// Rate (BT-152).
        percent: Option<Percentage>,
        /// Rate of the surcharge.
        surcharge: Option<Percentage>,
        /// Extensions: UNTDID 5305 category (BT-151), VATEX code (BT-121).
        ext: Ext<'a>,
        /// Where older documents keep the rate; moved there on reading.
        tags: List<Text<'a>>,
    }
}
