//! Rows on lines, allowances and charges: identifiers and rates (x-02 to x-07).

use super::category::{Category, Rate};
use super::facts::Facts;
use super::ids::Ids;
use crate::amount::Percentage;
use crate::en16931::{AllowanceCharge, Invoice, Line, LineVat};
use crate::finding::Rule;
use crate::finding::Term::{self, Bg, Bt};
use crate::rules::Failures;
use crate::{Cancelled, Poll};

/// Lines between two interrupt checks.
const LINES_AT_ONCE: usize = 32;

/// What uses a category.
#[derive(Clone, Copy)]
enum Use {
    Line,
    Allowance,
    Charge,
}

impl Use {
    fn of(self, rules: &'static [Rule; 3]) -> &'static Rule {
        let [line, allowance, charge] = rules;
        match self {
            Self::Line => line,
            Self::Allowance => allowance,
            Self::Charge => charge,
        }
    }
}

/// Where a tax stands: the terms of its category and of its rate, and their occurrence.
#[derive(Clone, Copy)]
struct Place {
    what: Use,
    category: Term,
    rate: Term,
    at: [usize; 2],
}

/// Checks each tax of lines, allowances and charges, and gathers counts and sums.
pub(super) fn check<'m>(
    invoice: &'m Invoice<'_>,
    facts: &mut Facts<'m>,
    poll: Poll<'_>,
    out: &mut Failures<'_>,
) -> Result<(), Cancelled> {
    let mut uses = Uses {
        ids: Ids::of(invoice),
        facts,
        out,
    };
    for (chunk, lines) in invoice.lines.chunks(LINES_AT_ONCE).enumerate() {
        poll()?;
        for (at, line) in lines.iter().enumerate() {
            uses.line(line, chunk * LINES_AT_ONCE + at);
        }
    }
    for (at, allowance) in invoice.allowances.iter().enumerate() {
        uses.facts
            .add(allowance.vat.as_ref(), &allowance.further_taxes, |sums| {
                if let Some(amount) = allowance.amount {
                    sums.allowances = sums.allowances.plus(amount.into());
                }
            });
        uses.taxes(
            allowance,
            Place {
                what: Use::Allowance,
                category: Bt(95),
                rate: Bt(96),
                at: [at, 0],
            },
        );
    }
    for (at, charge) in invoice.charges.iter().enumerate() {
        uses.facts
            .add(charge.vat.as_ref(), &charge.further_taxes, |sums| {
                if let Some(amount) = charge.amount {
                    sums.charges = sums.charges.plus(amount.into());
                }
            });
        uses.taxes(
            charge,
            Place {
                what: Use::Charge,
                category: Bt(102),
                rate: Bt(103),
                at: [at, 0],
            },
        );
    }
    uses.neither(&invoice.neither);
    Ok(())
}

struct Uses<'u, 'm, 'r> {
    ids: Ids<'m>,
    facts: &'u mut Facts<'m>,
    out: &'u mut Failures<'r>,
}

impl<'m> Uses<'_, 'm, '_> {
    fn line(&mut self, line: &'m Line<'_>, at: usize) {
        self.facts
            .add(line.vat.as_ref(), &line.further_taxes, |sums| {
                if let Some(net) = line.net {
                    sums.lines = sums.lines.plus(net.into());
                }
            });
        for (nth, tax) in line.taxes().enumerate() {
            self.facts.line(tax);
            self.tax(
                tax,
                Place {
                    what: Use::Line,
                    category: Bt(151),
                    rate: Bt(152),
                    at: [at, nth],
                },
            );
        }
        for (what, term, list) in [
            (Use::Allowance, Bg(27), &line.allowances),
            (Use::Charge, Bg(28), &line.charges),
        ] {
            for (nth, each) in list.iter().enumerate() {
                self.taxes(
                    each,
                    Place {
                        what,
                        category: term,
                        rate: term,
                        at: [at, nth],
                    },
                );
            }
        }
        self.neither(&line.neither);
    }

    /// Taxes of an allowance or charge.
    fn taxes(&mut self, each: &'m AllowanceCharge<'_>, place: Place) {
        for tax in each.taxes() {
            self.facts.adjustment(tax);
            self.tax(tax, place);
        }
    }

    /// Taxes of what is neither an allowance nor a charge: they count, but no row is about them.
    fn neither(&mut self, list: &'m [AllowanceCharge<'_>]) {
        for tax in list.iter().flat_map(AllowanceCharge::taxes) {
            self.facts.adjustment(tax);
        }
    }

    fn tax(&mut self, tax: &LineVat<'_>, place: Place) {
        if !tax.is_vat() {
            return;
        }
        let category = tax.category.as_deref().and_then(Category::of);
        let Some(demands) = category.and_then(Category::demands) else {
            return;
        };
        if let Some((unwanted, missing)) = self.ids.fail(demands.ids) {
            self.out.rule = place.what.of(&demands.rows.ids);
            self.out.fail_in(place.category, place.at, |finding| {
                finding.value(unwanted).wanted(missing)
            });
        }
        let is_minus_zero = || self.out.is_minus_zero(place.rate, place.at);
        if let Some(wanted) = wrong_rate(demands.rate, tax.rate, is_minus_zero) {
            self.out.rule = place.what.of(&demands.rows.rates);
            self.out.fail_in(place.rate, place.at, |finding| {
                let finding = match tax.rate {
                    Some(rate) => finding.value(rate),
                    None => finding.value("–"),
                };
                finding.wanted(wanted)
            });
        }
    }
}

/// What a rate must be, where it is not. Minus zero counts as negative.
fn wrong_rate(
    asked: Rate,
    rate: Option<Percentage>,
    is_minus_zero: impl Fn() -> bool,
) -> Option<&'static str> {
    let sign = |rate: Percentage| match rate.amount().decimal().mantissa().signum() {
        0 if is_minus_zero() => -1,
        sign => sign,
    };
    let (holds, wanted) = match asked {
        Rate::Positive => (rate.is_some_and(|rate| sign(rate) > 0), "> 0"),
        Rate::NotNegative => (rate.is_some_and(|rate| sign(rate) >= 0), "≥ 0"),
        Rate::Zero => (rate.is_some_and(|rate| sign(rate) == 0), "0"),
        Rate::None => (rate.is_none(), ""),
    };
    (!holds).then_some(wanted)
}
