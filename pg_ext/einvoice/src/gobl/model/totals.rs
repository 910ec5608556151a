use super::objects;
use crate::amount::{Amount, Percentage};
use crate::gobl::scalar::Flag;
use crate::gobl::{Ext, List, Text};

objects! {
    /// Totals of the document (BG-22), in its currency.
    pub struct Totals {
        /// Sum of the lines (BT-106).
        sum: Amount,
        /// Sum of document allowances (BT-107).
        discount: Option<Amount>,
        /// Sum of document charges (BT-108).
        charge: Option<Amount>,
        /// Tax included in the prices.
        tax_included: Option<Amount>,
        /// Total without VAT (BT-109).
        total: Amount,
        /// Breakdown (BG-23).
        taxes: Option<TaxTotal<'a>>,
        /// Total VAT (BT-110).
        tax: Amount,
        /// Total with VAT (BT-112).
        total_with_tax: Amount,
        /// Sum of retained taxes.
        retained_tax: Option<Amount>,
        /// Rounding, given by the issuer (BT-114).
        rounding: Option<Amount>,
        /// Amount payable, advances not deducted.
        payable: Amount,
        /// Sum of advances (BT-113).
        advance: Option<Amount>,
        /// Amount due for payment (BT-115); with advances only.
        due: Option<Amount>,
    }

    /// Taxes by category.
    pub struct TaxTotal {
        /// Categories in order of first appearance.
        categories: List<CategoryTotal<'a>>,
        /// Sum of taxes not retained.
        sum: Amount,
        /// Sum of retained taxes.
        retained: Option<Amount>,
    }

    /// Total of a tax category.
    pub struct CategoryTotal {
        /// Category, e.g. `VAT`.
        code: Text<'a> = required,
        /// Whether the tax is retained by the customer.
        retained: bool as Flag,
        /// Whether the tax is shown but not added.
        informative: bool as Flag,
        /// Its rates (BG-23).
        rates: List<RateTotal<'a>> = required,
        /// Sum of its rates.
        amount: Amount,
        /// Sum of its surcharges.
        surcharge: Option<Amount>,
    }

    /// VAT breakdown (BG-23): one rate.
    pub struct RateTotal {
        /// Country, where it is not the regime's.
        country: Text<'a>,
        /// Key of the first combo with this rate.
        key: Text<'a>,
        /// Extensions: UNTDID 5305 category (BT-118), VATEX code (BT-121).
        ext: Ext<'a>,
        /// Taxable amount (BT-116).
        base: Amount,
        /// Rate (BT-119).
        percent: Option<Percentage>,
        /// Surcharge.
        surcharge: Option<Surcharge>,
        /// Tax amount (BT-117).
        amount: Amount,
    }
}

/// Surcharge of a rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Surcharge {
    /// Its rate.
    pub percent: Percentage,
    /// Its amount.
    pub amount: Amount,
}
