//! From the semantic model to a GOBL invoice, for files that others wrote.
//!
//! [`build`] calculates the invoice; where that does not come to the amounts of the file, these stay, and [`totals_findings`]
//! says so. Amounts, codes, parties and dates are kept as they are. GOBL has no place for the gross price (BT-147,
//! BT-148), which is left out, nor for the quantity that a price is for (BT-149), by which the price is divided; it numbers
//! lines itself (BT-126), keeps of supporting documents (BG-24) the links alone, and knows no period with an open end (BG-14,
//! BG-26).

mod adjustments;
mod compare;
mod line;
mod party;
mod payment;
mod refused;
mod sums;

pub use compare::{Difference, totals_findings};

use super::{Day, Identifier, Invoice, Text, from_gobl};
use crate::amount::Amount;
use crate::chorus::{Framework, Scheme};
use crate::gobl::{self, List};
use crate::input::Error;
use crate::{Cancelled, Poll};

/// How GOBL rounds: `tax.rounding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounding {
    /// Line by line to the currency, as EN 16931 has it.
    Currency,
    /// Only what is shown.
    Precise,
}

/// A GOBL invoice made of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Built<'x> {
    /// The invoice, calculated. Where that does not come to the amounts of the file, the file's stand: it has been issued with
    /// them.
    pub invoice: gobl::Invoice<'x>,
    /// The totals that GOBL comes to otherwise.
    pub differences: Vec<Difference>,
}

/// What is to come out of GOBL's calculation.
#[derive(Debug, Clone, Copy)]
struct Rules {
    rounding: Rounding,
    /// Decimals of the currency.
    decimals: u32,
}

/// The invoice as GOBL has it, calculated.
///
/// Rounded line by line, as EN 16931 wants it; where that does not come to the totals of the file and rounding at the end
/// does, then at the end.
///
/// # Errors
/// GOBL cannot calculate the invoice: it has no issue date, no known currency, or a tax or VAT category that GOBL does not know;
/// it comes to amounts that GOBL does not hold, or has more lines than a document may. Or the work was cancelled.
pub fn build<'x>(invoice: &Invoice<'x>, poll: Poll<'_>) -> Result<Built<'x>, Error> {
    refused::categories(invoice)?;
    let mut built = calculated(invoice, Rounding::Currency, poll)?;
    if built.is_exact(invoice) {
        return Ok(built);
    }
    let precise = calculated(invoice, Rounding::Precise, poll)?;
    if precise.is_exact(invoice) || built.differences.len() > precise.differences.len() {
        built = precise;
    }
    compare::keep_amounts(invoice, &mut built.invoice);
    Ok(built)
}

impl Built<'_> {
    /// Whether nothing of the file is calculated otherwise, with all its percentages.
    fn is_exact(&self, invoice: &Invoice<'_>) -> bool {
        self.differences.is_empty()
            && compare::agrees_in_detail(invoice, &self.invoice)
            && compare::keeps_percentages(invoice, &self.invoice)
    }
}

/// The totals of the file that GOBL comes to otherwise.
///
/// # Errors
/// As [`build`], which is what it takes where the totals do not add up at first sight.
pub fn differences(invoice: &Invoice<'_>, poll: Poll<'_>) -> Result<Vec<Difference>, Error> {
    if sums::adds_up(invoice) {
        return Ok(Vec::new());
    }
    build(invoice, poll).map(|built| built.differences)
}

fn calculated<'x>(
    invoice: &Invoice<'x>,
    rounding: Rounding,
    poll: Poll<'_>,
) -> Result<Built<'x>, Error> {
    let mut mapped = map(invoice, rounding, poll)?;
    gobl::limits::check(&mapped, "$")?;
    gobl::calculate(&mut mapped, poll)?;
    refused::amounts(&mapped)?;
    Ok(Built {
        differences: compare::differences(invoice, &mapped),
        invoice: mapped,
    })
}

/// The invoice as GOBL has it, without totals but for the rounding of the amount due (BT-114).
fn map<'x>(
    invoice: &Invoice<'x>,
    rounding: Rounding,
    poll: Poll<'_>,
) -> Result<gobl::Invoice<'x>, Cancelled> {
    let currency = invoice.currency.as_deref().unwrap_or_default();
    let rules = Rules {
        rounding,
        decimals: gobl::decimals(currency).unwrap_or(2),
    };
    let is_chorus = is_for_chorus_pro(invoice);
    let (kind, tags) = kind(invoice.type_code.as_deref().unwrap_or_default());
    let representative = invoice.tax_representative.as_ref();
    let seller = invoice.seller.as_ref().map(|p| party::party(p, is_chorus));
    let (supplier, represented) = match representative {
        Some(representative) => (Some(party::representative(representative)), seller),
        None => (seller, None),
    };
    Ok(gobl::Invoice {
        schema: gobl::INVOICE_SCHEMA.into(),
        regime: regime(invoice).into(),
        addons: if is_chorus {
            vec![gobl::EN16931.into(), gobl::CHORUS_PRO.into()].into()
        } else {
            vec![gobl::EN16931.into()].into()
        },
        tags: tags.iter().map(|tag| (*tag).into()).collect(),
        kind: kind.into(),
        code: own(invoice.number.as_ref()),
        issue_date: invoice.issue_date.as_ref().and_then(Day::date),
        value_date: invoice.tax_point_date.as_ref().and_then(Day::date),
        currency: own(invoice.currency.as_ref()),
        exchange_rates: exchange_rate(invoice).into_iter().collect(),
        preceding: invoice.preceding.iter().map(preceding).collect(),
        tax: Some(Box::new(tax(invoice, rounding))),
        supplier: supplier.map(Box::new),
        customer: invoice
            .buyer
            .as_ref()
            .map(|p| Box::new(party::party(p, is_chorus))),
        lines: invoice
            .lines
            .iter()
            .map(|line| poll().map(|()| line::line(line, invoice, rules)))
            .collect::<Result<_, _>>()?,
        discounts: invoice
            .allowances
            .iter()
            .map(|allowance| adjustments::discount(allowance, invoice, rules))
            .collect(),
        charges: invoice
            .charges
            .iter()
            .map(|charge| adjustments::charge(charge, invoice, rules))
            .collect(),
        ordering: ordering(invoice, represented).map(Box::new),
        payment: payment::payment(invoice, is_chorus).map(Box::new),
        delivery: invoice.delivery.as_ref().map(|d| Box::new(delivery(d))),
        totals: invoice.totals.rounding.map(|rounding| {
            Box::new(gobl::Totals {
                rounding: Some(rounding),
                ..gobl::Totals::default()
            })
        }),
        notes: invoice.notes.iter().filter_map(note).collect(),
        meta: meta(invoice),
        attachments: invoice.attachments.iter().filter_map(attachment).collect(),
        ..gobl::Invoice::default()
    })
}

/// Whether the file is made for Chorus Pro: its business process is a framework, or its seller has a scheme of Chorus Pro's.
fn is_for_chorus_pro(invoice: &Invoice<'_>) -> bool {
    let legal_id = invoice.seller.as_ref().and_then(|s| s.legal_id.as_ref());
    framework(invoice).is_some()
        || legal_id
            .and_then(|id| Scheme::from_digit(id.scheme.as_deref()?))
            .is_some()
}

/// BT-23, where it is a framework.
fn framework<'i, 'x>(invoice: &'i Invoice<'x>) -> Option<&'i Text<'x>> {
    let process = invoice.process.as_ref()?;
    Framework::parse(process.trim()).map(|_| process)
}

/// GOBL's type and tags for a document type (BT-3). Type `other` keeps any code.
fn kind(code: &str) -> (&'static str, &'static [&'static str]) {
    match code.trim() {
        "380" | "" => ("standard", &[]),
        "326" => ("standard", &["partial"]),
        "386" => ("standard", &["prepayment"]),
        "389" => ("standard", &["self-billed"]),
        "393" => ("standard", &["factoring"]),
        "381" => ("credit-note", &[]),
        "261" => ("credit-note", &["self-billed"]),
        "396" => ("credit-note", &["factoring"]),
        "383" => ("debit-note", &[]),
        "384" => ("corrective", &[]),
        "325" => ("proforma", &[]),
        _ => ("other", &[]),
    }
}

/// The country whose taxes these are: that of the supplier's VAT number, else of its address.
fn regime(invoice: &Invoice<'_>) -> &'static str {
    let representative = invoice.tax_representative.as_ref();
    let seller = invoice.seller.as_ref();
    let vat_id = representative
        .and_then(|r| r.vat_id.as_ref())
        .or_else(|| seller.and_then(|s| s.vat_id.as_ref()));
    let address = seller.and_then(|s| s.address.as_ref());
    let country = vat_id
        .and_then(|id| party::country_of(id))
        .or_else(|| address.and_then(|a| a.country.as_deref()));
    country.map_or("", gobl::regime_of)
}

/// A rate that takes the VAT (BT-110) to the VAT in the accounting currency (BT-111), to the cent.
fn exchange_rate<'x>(invoice: &Invoice<'x>) -> Option<gobl::ExchangeRate<'x>> {
    let to = invoice.tax_currency.as_ref()?;
    let from = invoice.currency.as_ref().filter(|from| *from != to)?;
    let (vat, wanted) = (invoice.totals.vat?, invoice.totals.vat_in_tax_currency?);
    let gives = |rate: &Amount| vat.rescale_up(2).times(*rate).rescale(2) == wanted;
    let rate = (4..=12)
        .map(|exp| wanted.rescale(exp).over(vat))
        .find(gives)
        .filter(|rate| !rate.is_zero())?;
    Some(gobl::ExchangeRate {
        from: from.clone().into(),
        to: to.clone().into(),
        amount: rate,
        ..gobl::ExchangeRate::default()
    })
}

fn preceding<'x>(preceding: &super::PrecedingInvoice<'x>) -> gobl::DocumentRef<'x> {
    gobl::DocumentRef {
        code: own(preceding.number.as_ref()),
        issue_date: preceding.issue_date.as_ref().and_then(Day::date),
        ..gobl::DocumentRef::default()
    }
}

fn tax<'x>(invoice: &Invoice<'x>, rounding: Rounding) -> gobl::Tax<'x> {
    let mut ext = gobl::Ext::default();
    if let Some(code) = &invoice.type_code {
        ext.set(gobl::DOCUMENT_TYPE, code.clone());
    }
    if let Some(framework) = framework(invoice) {
        ext.set(gobl::FRAMEWORK, framework.clone());
    }
    // A date and an event exclude each other (BR-CO-3).
    let event = invoice.tax_point_code.as_deref().map(str::trim);
    let point = match event.filter(|_| invoice.tax_point_date.is_none()) {
        Some("5") => "issue",
        Some("29") => "delivery",
        Some("72") => "payment",
        _ => "",
    };
    gobl::Tax {
        rounding: match rounding {
            Rounding::Currency => "currency",
            Rounding::Precise => "precise",
        }
        .into(),
        point: point.into(),
        ext,
        notes: adjustments::tax_notes(invoice),
        ..gobl::Tax::default()
    }
}

fn ordering<'x>(
    invoice: &Invoice<'x>,
    seller: Option<gobl::Party<'x>>,
) -> Option<gobl::Ordering<'x>> {
    let ordering = gobl::Ordering {
        code: own(invoice.buyer_reference.as_ref()),
        identities: object(invoice.object.as_ref()).into_iter().collect(),
        cost: own(invoice.accounting_reference.as_ref()),
        period: closed_period(invoice.period.as_ref()).map(Box::new),
        seller: seller.map(Box::new),
        projects: invoice.project.iter().filter_map(project).collect(),
        contracts: reference(invoice.contract.as_ref()),
        purchases: reference(invoice.purchase_order.as_ref()),
        sales: reference(invoice.sales_order.as_ref()),
        receiving: reference(invoice.receiving_advice.as_ref()),
        despatch: reference(invoice.despatch_advice.as_ref()),
        tender: reference(invoice.tender.as_ref()),
        ..gobl::Ordering::default()
    };
    (ordering != gobl::Ordering::default()).then_some(ordering)
}

fn reference<'x>(code: Option<&Text<'x>>) -> List<gobl::DocumentRef<'x>> {
    let reference = |code: &Text<'x>| gobl::DocumentRef {
        code: code.clone().into(),
        ..gobl::DocumentRef::default()
    };
    said(code).map(reference).into_iter().collect()
}

fn project<'x>(project: &super::Project<'x>) -> Option<gobl::DocumentRef<'x>> {
    Some(gobl::DocumentRef {
        code: said(Some(&project.reference))?.clone().into(),
        description: own(Some(&project.name).filter(|name| **name != project.reference)),
        ..gobl::DocumentRef::default()
    })
}

/// BT-18, BT-128.
fn object<'x>(object: Option<&Identifier<'x>>) -> Option<gobl::Identity<'x>> {
    let object = object.filter(|object| said(Some(&object.value)).is_some())?;
    let mut identity = gobl::Identity {
        code: object.value.clone().into(),
        ..gobl::Identity::default()
    };
    if let Some(scheme) = &object.scheme {
        identity.ext.set(gobl::REFERENCE, scheme.clone());
    }
    Some(identity)
}

fn period<'x>(period: &super::Period<'_>) -> gobl::Period<'x> {
    gobl::Period {
        start: period.start.as_ref().and_then(Day::date),
        end: period.end.as_ref().and_then(Day::date),
        ..gobl::Period::default()
    }
}

fn delivery<'x>(delivery: &super::Delivery<'x>) -> gobl::Delivery<'x> {
    let has_receiver = delivery.name.is_some() || delivery.address.is_some();
    gobl::Delivery {
        receiver: has_receiver.then(|| {
            Box::new(gobl::Party {
                name: own(delivery.name.as_ref()),
                addresses: delivery.address.iter().map(party::address).collect(),
                ..gobl::Party::default()
            })
        }),
        identities: delivery
            .location
            .iter()
            .filter_map(party::identifier)
            .collect(),
        date: delivery.date.as_ref().and_then(Day::date),
        ..gobl::Delivery::default()
    }
}

fn note<'x>(note: &super::Note<'x>) -> Option<gobl::Note<'x>> {
    let mut mapped = gobl::Note {
        text: said(Some(&note.text))?.clone().into(),
        ..gobl::Note::default()
    };
    if let Some(subject) = &note.subject {
        mapped.ext.set(gobl::TEXT_SUBJECT, subject.clone());
    }
    Some(mapped)
}

fn meta<'x>(invoice: &Invoice<'x>) -> gobl::Ext<'x> {
    let mut meta = gobl::Ext::default();
    if let (None, Some(process)) = (framework(invoice), &invoice.process) {
        meta.set(from_gobl::PROCESS, process.clone());
    }
    meta
}

/// A link. GOBL has no place for content, for a reference alone, or for a location that is no URL.
fn attachment<'x>(attachment: &super::Attachment<'x>) -> Option<gobl::Attachment<'x>> {
    let location = attachment.location.as_ref();
    let location = location.filter(|location| gobl::is_url(location))?;
    Some(gobl::Attachment {
        code: own(attachment.reference.as_ref()),
        description: own(attachment.description.as_ref()),
        url: location.clone().into(),
        ..gobl::Attachment::default()
    })
}

/// A text of the model as one of the document; none is empty there.
fn own<'x>(text: Option<&Text<'x>>) -> gobl::Text<'x> {
    said(text).cloned().map(Into::into).unwrap_or_default()
}

/// A text, unless it is blank: GOBL refuses what has nothing to say.
fn said<'i, 'x>(text: Option<&'i Text<'x>>) -> Option<&'i Text<'x>> {
    text.filter(|text| !text.trim().is_empty())
}

/// A period, unless one end is open, which GOBL has no word for.
fn closed_period<'x>(period: Option<&super::Period<'_>>) -> Option<gobl::Period<'x>> {
    let period = self::period(period?);
    (period.start.is_some() && period.end.is_some()).then_some(period)
}
