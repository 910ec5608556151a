//! Whether GOBL's calculation comes to the amounts of the file, and what is done where it does not.

use super::adjustments::{category, country, tax, tax_ext};
use crate::amount::Amount;
use crate::en16931::{AllowanceCharge, Invoice, Locate, Site, VatBreakdown};
use crate::finding::{Finding, Term};
use crate::gobl::{self, CategoryTotal, RateTotal, TaxTotal, Totals};
use crate::rules::document;

/// A total of the file that is calculated otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Which one: BT-106 to BT-110, BT-112 or BT-115.
    pub term: Term,
    /// What the file says.
    pub given: Amount,
    /// What its lines come to.
    pub calculated: Amount,
}

/// Where the totals are not those of the file. None and zero are the same.
pub(super) fn differences(invoice: &Invoice<'_>, built: &gobl::Invoice<'_>) -> Vec<Difference> {
    let given = &invoice.totals;
    let found = built.totals.as_ref();
    let sums = [
        (106, given.lines, found.map(|t| t.sum)),
        (107, given.allowances, found.and_then(|t| t.discount)),
        (108, given.charges, found.and_then(|t| t.charge)),
        (109, given.without_vat, found.map(|t| t.total)),
        (110, given.vat, found.map(|t| t.tax)),
        (112, given.with_vat, found.map(|t| t.total_with_tax)),
        (115, given.due, found.map(|t| t.due.unwrap_or(t.payable))),
    ];
    sums.into_iter()
        .map(|(term, given, calculated)| Difference {
            term: Term::Bt(term),
            given: given.unwrap_or_default(),
            calculated: calculated.unwrap_or_default(),
        })
        .filter(|difference| difference.given != difference.calculated)
        .collect()
}

/// The totals of a file that GOBL comes to otherwise, as findings on the file.
#[must_use]
pub fn totals_findings(differences: &[Difference], locate: &dyn Locate) -> Vec<Finding> {
    let finding = |difference: &Difference| {
        let site = Site::of(difference.term);
        Finding::new(&document::TOTALS_RECALCULATED, locate.path(site))
            .about(difference.term)
            .at(locate.position(site))
            .value(difference.given)
            .wanted(difference.calculated)
    };
    differences.iter().map(finding).collect()
}

/// Whether lines, allowances, charges and breakdown are those of the file, too.
pub(super) fn agrees_in_detail(invoice: &Invoice<'_>, built: &gobl::Invoice<'_>) -> bool {
    let line = |line: &gobl::Line<'_>| {
        let discounts = line.discounts.iter().map(|d| d.amount);
        let charges = line.charges.iter().map(|c| c.amount);
        (line.total, discounts.chain(charges).collect::<Vec<_>>())
    };
    let given = invoice.lines.iter().map(|line| {
        let adjustments = line.allowances.iter().chain(&line.charges);
        (
            line.net,
            adjustments.filter_map(|a| a.amount).collect::<Vec<_>>(),
        )
    });
    let discounts = built.discounts.iter().map(|d| d.amount);
    let charges = built.charges.iter().map(|c| c.amount);
    let rates = built.totals.iter().filter_map(|t| t.taxes.as_ref());
    let rates = rates.flat_map(|t| &t.categories).flat_map(|c| &c.rates);
    let adjustments = invoice.allowances.iter().chain(&invoice.charges);
    given.eq(built.lines.iter().map(line))
        && adjustments
            .filter_map(|a| a.amount)
            .eq(discounts.chain(charges))
        && invoice
            .vat
            .iter()
            .map(|vat| (vat.taxable, vat.tax))
            .eq(rates.map(|rate| (Some(rate.base), Some(rate.amount))))
}

/// Whether the percentages of allowances and charges come to their amounts, and so are there still.
pub(super) fn keeps_percentages(invoice: &Invoice<'_>, built: &gobl::Invoice<'_>) -> bool {
    let of_lines = invoice
        .lines
        .iter()
        .flat_map(|l| l.allowances.iter().chain(&l.charges));
    let of_document = invoice.allowances.iter().chain(&invoice.charges);
    let given = of_lines.chain(of_document).filter(|a| a.percent.is_some());
    let lines = built.lines.iter().flat_map(|line| {
        let discounts = line.discounts.iter().map(|d| d.percent);
        discounts.chain(line.charges.iter().map(|c| c.percent))
    });
    let discounts = built.discounts.iter().map(|d| d.percent);
    let charges = built.charges.iter().map(|c| c.percent);
    given.count() == lines.chain(discounts).chain(charges).flatten().count()
}

/// Gives a calculated invoice the amounts of the file, which has been issued with them.
pub(super) fn keep_amounts<'x>(invoice: &Invoice<'x>, built: &mut gobl::Invoice<'x>) {
    for (line, given) in built.lines.iter_mut().zip(&invoice.lines) {
        line.total = given.net.or(line.total);
        let discounts = line.discounts.iter_mut().map(|d| &mut d.amount);
        keep(discounts, &given.allowances);
        keep(
            line.charges.iter_mut().map(|c| &mut c.amount),
            &given.charges,
        );
    }
    let discounts = built.discounts.iter_mut().map(|d| &mut d.amount);
    keep(discounts, &invoice.allowances);
    keep(
        built.charges.iter_mut().map(|c| &mut c.amount),
        &invoice.charges,
    );
    let Some(totals) = &mut built.totals else {
        return;
    };
    keep_totals(invoice, totals);
    let terms = built
        .payment
        .as_mut()
        .and_then(|payment| payment.terms.as_mut());
    for due in terms.into_iter().flat_map(|terms| &mut terms.due_dates) {
        if let Some(percent) = due.percent {
            due.amount = percent.of(totals.payable);
        }
    }
}

/// Allowances and charges that say nothing are dropped on the way: then it is not known which is which.
fn keep<'a>(amounts: impl ExactSizeIterator<Item = &'a mut Amount>, given: &[AllowanceCharge<'_>]) {
    if amounts.len() != given.len() {
        return;
    }
    for (amount, given) in amounts.zip(given) {
        *amount = given.amount.unwrap_or(*amount);
    }
}

fn keep_totals<'x>(invoice: &Invoice<'x>, totals: &mut Totals<'x>) {
    let given = &invoice.totals;
    totals.sum = given.lines.unwrap_or(totals.sum);
    totals.discount = given.allowances.or(totals.discount);
    totals.charge = given.charges.or(totals.charge);
    totals.total = given.without_vat.unwrap_or(totals.total);
    totals.tax = given.vat.unwrap_or(totals.tax);
    totals.total_with_tax = given.with_vat.unwrap_or(totals.total_with_tax);
    match (&mut totals.due, given.due) {
        (Some(due), Some(given)) => *due = given,
        (None, Some(given)) => totals.payable = given,
        (_, None) => {}
    }
    if let Some(taxes) = &mut totals.taxes {
        keep_breakdown(invoice, taxes);
    }
}

/// BG-23, rate by rate in the order of the file.
fn keep_breakdown<'x>(invoice: &Invoice<'x>, taxes: &mut TaxTotal<'x>) {
    let mut categories: Vec<CategoryTotal<'x>> = Vec::new();
    for vat in &invoice.vat {
        let code = tax(category(vat.vat.category.as_ref()));
        let at = categories.iter().position(|c| c.code == code);
        let at = at.unwrap_or_else(|| {
            categories.push(CategoryTotal {
                code: code.into(),
                ..CategoryTotal::default()
            });
            categories.len() - 1
        });
        if let Some(category) = categories.get_mut(at) {
            let rate = rate(vat);
            category.amount = category.amount.match_exp(rate.amount).plus(rate.amount);
            category.rates.push(rate);
        }
    }
    taxes.categories = categories.into();
    taxes.sum = invoice.totals.vat.unwrap_or(taxes.sum);
}

fn rate<'x>(vat: &VatBreakdown<'x>) -> RateTotal<'x> {
    let category = category(vat.vat.category.as_ref());
    let key = gobl::key_of_category(category).unwrap_or_default();
    RateTotal {
        country: country(category).into(),
        key: key.into(),
        ext: tax_ext(category, vat.exemption_code.as_ref()),
        base: vat.taxable.unwrap_or_default(),
        percent: vat
            .vat
            .rate
            .filter(|_| matches!(key, "" | "standard" | "zero")),
        amount: vat.tax.unwrap_or_default(),
        ..RateTotal::default()
    }
}
