//! Rows on the VAT breakdown and on the invoice as a whole (x-01, x-08 to x-14, BR-B).

use super::category::{Category, Demands, Entries, Tax, Taxable};
use super::facts::Facts;
use super::more;
use crate::en16931::{Invoice, VatBreakdown};
use crate::finding::Rule;
use crate::finding::Term::{Bg, Bt};
use crate::rules::Failures;
use crate::rules::binary;
use crate::rules::exact::Exact;
use crate::{Cancelled, Poll};

/// Entries between two interrupt checks.
const ENTRIES_AT_ONCE: usize = 32;

pub(super) fn check(
    invoice: &Invoice<'_>,
    facts: &mut Facts<'_>,
    poll: Poll<'_>,
    out: &mut Failures<'_>,
) -> Result<(), Cancelled> {
    for demands in Category::ALL.into_iter().filter_map(Category::demands) {
        entries(demands, facts, out);
    }
    split_payment(invoice, facts, out);
    // What is said of the whole invoice is said once, however many entries of the category there are.
    let (mut is_delivery_checked, mut is_scope_checked) = (false, false);
    for (at, entry) in invoice.vat.iter().enumerate() {
        if at % ENTRIES_AT_ONCE == 0 {
            poll()?;
        }
        let category = entry.vat.category.as_deref().and_then(Category::of);
        let Some(demands) = category.and_then(Category::demands) else {
            continue;
        };
        if !demands.of_any_tax && !entry.vat.is_vat() {
            continue;
        }
        taxable(demands, entry, at, facts, out);
        tax(demands, entry, at, out);
        reason(demands, entry, at, out);
        match demands.category {
            Category::IntraCommunity if !is_delivery_checked => {
                is_delivery_checked = true;
                delivery(invoice, out);
            }
            Category::OutsideScope if !is_scope_checked => {
                is_scope_checked = true;
                scope(at, facts, out);
            }
            _ => {}
        }
    }
    Ok(())
}

/// x-01.
fn entries(demands: &'static Demands, facts: &Facts<'_>, out: &mut Failures<'_>) {
    let of = facts.of(demands.category);
    let used = of.lines + of.adjustments > 0;
    let holds = match demands.entries {
        Entries::TwoTogether => {
            let suffices = |uses: usize| uses == 0 || uses + of.entries >= 2;
            suffices(of.lines) && suffices(of.adjustments)
        }
        Entries::One => of.entries == usize::from(used),
        Entries::OneAtMost => of.entries == 0 || of.entries == 1 && used,
    };
    if !holds {
        out.rule = &demands.rows.entries;
        out.fail(Bg(23), |finding| {
            finding.value(of.entries).wanted(usize::from(used))
        });
    }
}

/// x-08.
fn taxable(
    demands: &'static Demands,
    entry: &VatBreakdown<'_>,
    at: usize,
    facts: &mut Facts<'_>,
    out: &mut Failures<'_>,
) {
    let wanted = match demands.taxable {
        Taxable::OfRate => {
            // Without rate there is nothing to compare.
            let Some(rate) = entry.vat.rate else { return };
            facts.by_rate.of(demands.category, rate).taxable()
        }
        Taxable::Exact | Taxable::Near => facts.of(demands.category).sums.taxable(),
    };
    let holds = entry.taxable.is_some_and(|found| {
        let difference = wanted.minus(found.into()).abs();
        match demands.taxable {
            Taxable::OfRate | Taxable::Exact => difference.is_zero(),
            // Exactly one unit apart, the artefact's binary numbers decide.
            Taxable::Near if difference == Exact::whole(1) => {
                binary::is_within_one(found, wanted.shown()).unwrap_or(false)
            }
            Taxable::Near => difference < Exact::whole(1),
        }
    });
    if !holds {
        out.rule = match ours(demands) {
            Some([taxable, _]) => taxable,
            None => &demands.rows.taxable,
        };
        out.fail_at(Bt(116), at, |finding| {
            let finding = match entry.taxable {
                Some(found) => finding.value(found),
                None => finding.value("–"),
            };
            finding.wanted(wanted.shown())
        });
    }
}

/// x-09.
fn tax(demands: &'static Demands, entry: &VatBreakdown<'_>, at: usize, out: &mut Failures<'_>) {
    let wanted = match demands.tax {
        Tax::Zero => Some(Exact::default()),
        Tax::OfRate => entry.taxable.zip(entry.vat.rate).map(|(taxable, rate)| {
            Exact::from(taxable)
                .abs()
                .times(rate.amount().into())
                .round(2)
        }),
    };
    let holds = entry.tax.zip(wanted).is_some_and(|(found, wanted)| {
        let found = Exact::from(found);
        match demands.tax {
            Tax::Zero => found.is_zero() && !out.is_minus_zero(Bt(117), [at, 0]),
            Tax::OfRate => found.abs().minus(wanted).abs() < Exact::whole(1),
        }
    });
    if !holds {
        out.rule = match ours(demands) {
            Some([_, tax]) => tax,
            None => &demands.rows.tax,
        };
        out.fail_at(Bt(117), at, |finding| {
            let finding = match entry.tax {
                Some(found) => finding.value(found),
                None => finding.value("–"),
            };
            match wanted {
                Some(wanted) => finding.wanted(wanted.shown()),
                None => finding.wanted("–"),
            }
        });
    }
}

/// Rows of our own, where those of the artefact always hold.
fn ours(demands: &Demands) -> Option<&'static [Rule; 2]> {
    match demands.category {
        Category::Igic => Some(&more::IGIC),
        Category::Ipsi => Some(&more::IPSI),
        _ => None,
    }
}

/// x-10.
fn reason(demands: &'static Demands, entry: &VatBreakdown<'_>, at: usize, out: &mut Failures<'_>) {
    let reason = entry
        .exemption_code
        .as_deref()
        .or(entry.exemption_reason.as_deref());
    if reason.is_some() != demands.is_exempt {
        out.rule = &demands.rows.reason;
        out.fail_at(Bt(121), at, |finding| {
            finding.value(reason.unwrap_or_default())
        });
    }
}

/// BR-IC-11, BR-IC-12.
fn delivery(invoice: &Invoice<'_>, out: &mut Failures<'_>) {
    let delivery = invoice.delivery.as_ref();
    let is_dated = delivery.is_some_and(|d| d.date.is_some());
    let period = invoice.period.as_ref();
    if !is_dated && !period.is_some_and(|p| p.start.is_some() || p.end.is_some()) {
        out.rule = &more::DELIVERED;
        out.fail(Bt(72), |finding| finding);
    }
    let address = delivery.and_then(|d| d.address.as_ref());
    if address.is_none_or(|a| a.country.is_none()) {
        out.rule = &more::DELIVERED_TO;
        out.fail(Bt(80), |finding| finding);
    }
}

/// BR-O-11 to BR-O-14.
fn scope(at: usize, facts: &Facts<'_>, out: &mut Failures<'_>) {
    if let Some(other) = facts.other_tax {
        for rule in [&more::NO_OTHER_ENTRY, &more::NO_OTHER_LINE] {
            out.rule = rule;
            out.fail_at(Bt(118), at, |finding| finding.value(other));
        }
    }
    if let Some(other) = facts.other_adjustment {
        for rule in [&more::NO_OTHER_ALLOWANCE, &more::NO_OTHER_CHARGE] {
            out.rule = rule;
            out.fail_at(Bt(118), at, |finding| finding.value(other));
        }
    }
}

/// BR-B-01, BR-B-02.
fn split_payment(invoice: &Invoice<'_>, facts: &Facts<'_>, out: &mut Failures<'_>) {
    if !facts.is_anywhere(Category::SplitPayment) {
        return;
    }
    let of_places = invoice.countries();
    let beyond = invoice
        .beyond
        .countries
        .iter()
        .map(|country| (Bg(23), country.as_ref()));
    if let Some((term, country)) = of_places
        .chain(beyond)
        .find(|(_, country)| *country != "IT")
    {
        out.rule = &more::SPLIT_IS_ITALIAN;
        out.fail(term, |finding| finding.value(country));
    }
    if facts.is_anywhere(Category::Standard) {
        out.rule = &more::SPLIT_IS_ALONE;
        out.fail(Bg(23), |finding| finding);
    }
}
