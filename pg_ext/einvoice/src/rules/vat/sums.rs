//! What lines, allowances and charges of a category add up to.

use std::collections::BTreeMap;

use super::category::Category;
use crate::amount::Percentage;
use crate::rules::exact::Exact;

/// What lines, allowances and charges of a category, or of a category and a rate, add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub lines: Exact,
    pub allowances: Exact,
    pub charges: Exact,
}

impl Sums {
    /// Lines less allowances plus charges, each rounded to hundredths.
    pub(super) fn taxable(&self) -> Exact {
        self.lines
            .round(2)
            .plus(self.charges.round(2))
            .minus(self.allowances.round(2))
    }
}

/// Sums by rate. Invoices have one or two rates, which need no memory of their own.
#[derive(Debug, Default)]
pub(super) struct ByRate {
    few: [Option<((Category, Percentage), Sums)>; 4],
    more: BTreeMap<(Category, Percentage), Sums>,
}

impl ByRate {
    pub(super) fn of(&mut self, category: Category, rate: Percentage) -> &mut Sums {
        let key = (category, rate);
        let at = self
            .few
            .iter()
            .position(|place| place.as_ref().is_none_or(|(taken, _)| *taken == key));
        match at.and_then(|at| self.few.get_mut(at)) {
            Some(place) => &mut place.get_or_insert((key, Sums::default())).1,
            None => self.more.entry(key).or_default(),
        }
    }
}
