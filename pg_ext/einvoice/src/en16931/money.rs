//! Allowances, charges, VAT and totals.

use super::Text;
use crate::amount::{Amount, Percentage};

/// BG-20, BG-21 on the document; BG-27, BG-28 on a line: an allowance or a charge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowanceCharge<'a> {
    /// BT-92, BT-99, BT-136, BT-141: amount.
    pub amount: Option<Amount>,
    /// BT-93, BT-100, BT-137, BT-142: base amount.
    pub base: Option<Amount>,
    /// BT-94, BT-101, BT-138, BT-143: percentage.
    pub percent: Option<Percentage>,
    /// BT-95 and BT-96, BT-102 and BT-103: VAT (on the document only).
    pub vat: Option<LineVat<'a>>,
    /// Further taxes: EN 16931 has one here, CII holds several.
    pub further_taxes: Vec<LineVat<'a>>,
    /// BT-97, BT-104, BT-139, BT-144: reason.
    pub reason: Option<Text<'a>>,
    /// BT-98, BT-105, BT-140, BT-145: reason code, UNTDID 5189 for allowances and 7161 for charges.
    pub reason_code: Option<Text<'a>>,
    /// How CII says whether it is an allowance or a charge.
    pub indicator: Indicator,
}

impl<'a> AllowanceCharge<'a> {
    /// The VAT and the further taxes.
    pub fn taxes(&self) -> impl Iterator<Item = &LineVat<'a>> {
        self.vat.iter().chain(&self.further_taxes)
    }
}

/// How CII says whether something is an allowance or a charge: some tests of the artefact know `true` and `false` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Indicator {
    /// `false` or `true`.
    #[default]
    Word,
    /// `0` or `1`, or a word with white space around it: the same for the XSD.
    Other,
}

/// BG-30 on a line, BT-95 and BT-96 on an allowance, BT-102 and BT-103 on a charge: VAT category and rate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineVat<'a> {
    /// The kind of tax.
    pub tax: TaxType,
    /// BT-151, BT-95, BT-102: category, UNTDID 5305.
    pub category: Option<Text<'a>>,
    /// BT-152, BT-96, BT-103: rate; none outside the scope of VAT.
    pub rate: Option<Percentage>,
}

impl LineVat<'_> {
    /// Whether the tax is VAT, as most tests of the artefact ask: in any case, but without white space.
    #[must_use]
    pub const fn is_vat(&self) -> bool {
        matches!(self.tax, TaxType::Vat)
    }
}

/// The kind of tax that CII names beside each category, which has no term: all of EN 16931 is VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TaxType {
    /// VAT.
    #[default]
    Vat,
    /// VAT with white space around it.
    PaddedVat,
    /// Another tax, or none named.
    Other,
}

/// BG-23: VAT of one category and rate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VatBreakdown<'a> {
    /// BT-116: taxable amount.
    pub taxable: Option<Amount>,
    /// BT-117: tax amount.
    pub tax: Option<Amount>,
    /// BT-118 and BT-119: category and rate.
    pub vat: LineVat<'a>,
    /// BT-120: reason of the exemption.
    pub exemption_reason: Option<Text<'a>>,
    /// BT-121: code of the reason, CEF VATEX.
    pub exemption_code: Option<Text<'a>>,
}

/// BG-22: totals of the document, in its currency unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals<'a> {
    /// BT-106: sum of the lines' net amounts.
    pub lines: Option<Amount>,
    /// BT-107: sum of the allowances on the document.
    pub allowances: Option<Amount>,
    /// BT-108: sum of the charges on the document.
    pub charges: Option<Amount>,
    /// BT-109: total without VAT.
    pub without_vat: Option<Amount>,
    /// BT-110: total VAT, in the currency of the document (BT-5).
    pub vat: Option<Amount>,
    /// BT-111: total VAT in the accounting currency (BT-6), where that is another.
    pub vat_in_tax_currency: Option<Amount>,
    /// Totals of VAT in no currency, in a third one, or a second time in the same.
    pub other_vat: Vec<VatTotal<'a>>,
    /// BT-112: total with VAT.
    pub with_vat: Option<Amount>,
    /// BT-113: paid already.
    pub prepaid: Option<Amount>,
    /// BT-114: rounding of the amount due.
    pub rounding: Option<Amount>,
    /// BT-115: amount due.
    pub due: Option<Amount>,
    /// Whether CII leaves out the whole group: the artefact then asks for none of its terms.
    pub is_absent: bool,
}

/// A total of VAT that is neither BT-110 nor BT-111.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VatTotal<'a> {
    /// The amount.
    pub amount: Option<Amount>,
    /// Its currency, if one is named.
    pub currency: Option<Text<'a>>,
}
