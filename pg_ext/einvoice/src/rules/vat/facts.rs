//! What the rows on the breakdown and on the whole invoice need to know of the rest.

use super::category::{COUNT, Category, Taxable};
use super::sums::{ByRate, Sums};
use crate::en16931::{Beyond, LineVat};

/// Counts and sums of a category.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OfCategory {
    /// Taxes of lines.
    pub lines: usize,
    /// Taxes of allowances and charges, wherever they are.
    pub adjustments: usize,
    /// Entries in the breakdown.
    pub entries: usize,
    /// Amounts, where they are compared whatever the rate.
    pub sums: Sums,
}

/// Gathered in one pass.
#[derive(Debug, Default)]
pub(super) struct Facts<'m> {
    of: [OfCategory; COUNT],
    /// Amounts, where they are compared by rate.
    pub by_rate: ByRate,
    /// A category of a line or entry that is not "outside the scope".
    pub other_tax: Option<&'m str>,
    /// A category of an allowance or charge that is not "outside the scope".
    pub other_adjustment: Option<&'m str>,
    /// Whether split payment or the standard rate stands where no term is.
    is_split_beyond: bool,
    is_standard_beyond: bool,
}

impl<'m> Facts<'m> {
    pub(super) fn of(&self, category: Category) -> OfCategory {
        self.of.get(category as usize).copied().unwrap_or_default()
    }

    /// Whether any `CategoryCode` of the invoice is split payment, or the standard rate.
    pub(super) fn is_anywhere(&self, category: Category) -> bool {
        let of = self.of(category);
        let is_beyond = match category {
            Category::SplitPayment => self.is_split_beyond,
            Category::Standard => self.is_standard_beyond,
            _ => false,
        };
        of.lines + of.adjustments + of.entries > 0 || is_beyond
    }

    /// A tax of a line.
    pub(super) fn line(&mut self, tax: &'m LineVat<'_>) {
        if let Some(of) = self.tax(tax) {
            of.lines += 1;
        }
    }

    /// An entry of the breakdown.
    pub(super) fn entry(&mut self, tax: &'m LineVat<'_>) {
        if let Some(of) = self.tax(tax) {
            of.entries += 1;
        }
    }

    fn tax(&mut self, tax: &'m LineVat<'_>) -> Option<&mut OfCategory> {
        let code = tax.category.as_deref()?;
        let category = Category::of(code);
        if category != Some(Category::OutsideScope) {
            self.other_tax.get_or_insert(code);
        }
        self.of.get_mut(category? as usize)
    }

    /// A tax of an allowance or charge.
    pub(super) fn adjustment(&mut self, tax: &'m LineVat<'_>) {
        if let Some(code) = tax.category.as_deref() {
            self.adjustment_code(code);
        }
    }

    fn adjustment_code(&mut self, code: &'m str) {
        let category = Category::of(code);
        if category != Some(Category::OutsideScope) {
            self.other_adjustment.get_or_insert(code);
        }
        if let Some(of) = category.and_then(|c| self.of.get_mut(c as usize)) {
            of.adjustments += 1;
        }
    }

    /// Codes where no term is.
    pub(super) fn beyond(&mut self, beyond: &'m Beyond<'_>) {
        for code in &beyond.adjustment_categories {
            self.adjustment_code(code);
        }
        if let Some(code) = beyond.tax_categories.iter().find(|code| *code != "O") {
            self.other_tax.get_or_insert(code);
        }
        for code in beyond.categories() {
            self.is_split_beyond |= code == "B";
            self.is_standard_beyond |= code == "S";
        }
    }

    /// Adds an amount to the sums of each category, or of each category and rate, that its taxes name.
    pub(super) fn add(
        &mut self,
        first: Option<&LineVat<'_>>,
        further: &[LineVat<'_>],
        add: impl Fn(&mut Sums),
    ) {
        if further.is_empty() {
            if let Some(tax) = first {
                self.add_one(tax, tax.rate.as_slice(), &add);
            }
            return;
        }
        let taxes = || first.into_iter().chain(further);
        let mut rates: Vec<_> = taxes().filter_map(|tax| tax.rate).collect();
        rates.sort_unstable();
        rates.dedup();
        let mut counted = [false; COUNT];
        for tax in taxes() {
            let category = tax.category.as_deref().and_then(Category::of);
            let is_counted = category.and_then(|c| counted.get_mut(c as usize));
            if is_counted.is_some_and(|is_counted| !std::mem::replace(is_counted, true)) {
                self.add_one(tax, &rates, &add);
            }
        }
    }

    fn add_one(
        &mut self,
        tax: &LineVat<'_>,
        rates: &[crate::amount::Percentage],
        add: &impl Fn(&mut Sums),
    ) {
        let category = tax.category.as_deref().and_then(Category::of);
        let Some(demands) = category.and_then(Category::demands) else {
            return;
        };
        if demands.taxable == Taxable::OfRate {
            for rate in rates {
                add(self.by_rate.of(demands.category, *rate));
            }
        } else if let Some(of) = self.of.get_mut(demands.category as usize) {
            add(&mut of.sums);
        }
    }
}
