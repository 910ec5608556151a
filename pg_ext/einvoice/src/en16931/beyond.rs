//! What CII can say where EN 16931 has no term.

use super::Text;

/// Codes that stand in places of a CII file for which EN 16931 has no term (sub-lines, prices, carriers, delivery terms), kept
/// because some rules search the whole file for them. Empty for most files, and for other sources always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beyond<'a> {
    /// Countries (`CountryID`) that are none of BT-40, BT-55, BT-69, BT-80.
    pub countries: Vec<Text<'a>>,
    /// VAT categories in `ApplicableTradeTax` that are neither of a line nor of the breakdown.
    pub tax_categories: Vec<Text<'a>>,
    /// VAT categories in `CategoryTradeTax` that are neither of the document's nor of a line's allowances and charges.
    pub adjustment_categories: Vec<Text<'a>>,
    /// What else is called `CategoryCode`.
    pub other_categories: Vec<Text<'a>>,
}

impl<'a> Beyond<'a> {
    /// Everything that is called `CategoryCode`.
    pub fn categories(&self) -> impl Iterator<Item = &Text<'a>> {
        self.tax_categories
            .iter()
            .chain(&self.adjustment_categories)
            .chain(&self.other_categories)
    }
}
