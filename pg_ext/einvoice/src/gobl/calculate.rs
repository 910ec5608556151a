//! The calculation, in the order of the reference: what comes out depends on it.

mod adjustments;
mod lines;
mod overflow;
mod payments;
mod scenarios;
mod taxes;
mod totals;

pub(super) use scenarios::document_type;

use jiff::civil::Date;

use super::addon;
use super::canonical;
use super::currency;
use super::model::{Digest, Envelope, Header, Invoice};
use super::normalise::{self, Addons};
use super::read::Document;
use super::regime::Regime;
use super::scalar::Text;
use crate::Poll;
use crate::amount::Amount;
use crate::input::{Error, Refusal, RefusalKind};

/// Tags that an invoice may have.
const TAGS: [&str; 8] = [
    "simplified",
    "reverse-charge",
    "self-billed",
    "customer-rates",
    "partial",
    "bypass",
    "prepayment",
    "factoring",
];

/// What the whole calculation goes by.
pub(super) struct Rules {
    /// Country of the regime; empty without one.
    country: &'static str,
    /// Whether the regime is the French one, the only one with rates by name.
    is_french: bool,
    /// Decimals of the document currency.
    decimals: u32,
    /// Whether every step is rounded to the currency (`tax.rounding`).
    rounds_to_currency: bool,
    /// The day whose rates apply.
    tax_date: Option<Date>,
    /// The addons that take part.
    addons: Addons,
}

impl Rules {
    /// An amount as the rounding rule has it: exact to the currency, or at least as fine.
    fn round(&self, amount: Amount) -> Amount {
        if self.rounds_to_currency {
            amount.rescale(self.decimals)
        } else {
            amount.rescale_up(self.decimals)
        }
    }

    /// An accumulator, ready for one more amount under the rounding rule.
    fn ready(&self, sum: Amount, next: Amount) -> Amount {
        if self.rounds_to_currency {
            sum
        } else {
            sum.match_exp(next)
        }
    }

    /// Zero in the currency.
    fn zero(&self) -> Amount {
        Amount::new(0, self.decimals)
    }
}

/// Normalises and calculates an invoice in place, as `gobl build` does, but without clock and without new ids.
///
/// ```
/// let text = r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "issue_date": "2025-06-18",
///     "supplier": {"tax_id": {"country": "FR", "code": "732829320"}},
///     "lines": [{"quantity": "3", "item": {"name": "x", "price": "10.00"}, "taxes": [{"cat": "VAT", "rate": "general"}]}]}"#;
/// let mut invoice = einvoice::gobl::read(text).unwrap().document.into_invoice().unwrap();
/// einvoice::gobl::calculate(&mut invoice, &mut || Ok(())).unwrap();
/// assert_eq!(invoice.totals.unwrap().payable.to_string(), "36.00");
/// ```
///
/// # Errors
/// [`RefusalKind::Calculation`] where the reference stops too: no issue date, an undefined tag, tax category or rate, no exchange
/// rate, no currency; where an amount is larger than 64 bits hold; and where more rates than [`super::limits`] allows turn up. [`Error::Cancelled`] when `poll` says so.
pub fn calculate(invoice: &mut Invoice<'_>, poll: Poll<'_>) -> Result<(), Error> {
    if invoice.regime.is_empty() {
        let country = invoice
            .supplier
            .as_ref()
            .and_then(|supplier| supplier.tax_id.as_ref())
            .map(|id| id.country.as_str());
        if let Some(regime) = country.and_then(Regime::of) {
            invoice.regime = regime.country.into();
        }
    }
    addon::expand(&mut invoice.addons);
    let addons = Addons::of(invoice);
    normalise::invoice(invoice, addons, poll)?;
    let rules = prepare(invoice, addons)?;
    if !invoice.tags.iter().any(|tag| *tag == "bypass") {
        for taxes in invoice
            .preceding
            .iter_mut()
            .filter_map(|reference| reference.tax.as_mut())
        {
            taxes::recalculate(taxes, &rules);
        }
        let sum = lines::calculate(invoice, &rules, poll)?;
        totals::calculate(invoice, &rules, sum, poll)?;
        payments::calculate(invoice, &rules);
        overflow::check(invoice)?;
    }
    scenarios::apply(invoice, &rules);
    Ok(())
}

/// Calculates a document: the invoice, and in an envelope the head's addresses and digest too.
///
/// # Errors
/// As [`calculate`].
pub fn calculate_document(document: &mut Document<'_>, poll: Poll<'_>) -> Result<(), Error> {
    match document {
        Document::Invoice(invoice) => calculate(invoice, poll),
        Document::Envelope(envelope) => {
            if let Some(doc) = &mut envelope.doc {
                calculate(doc, poll).map_err(in_envelope)?;
            }
            seal(envelope);
            Ok(())
        }
    }
}

/// The same error, its place seen from the envelope.
pub(super) fn in_envelope(error: Error) -> Error {
    match error {
        Error::Refused(mut refusal) => {
            refusal.path = refusal.path.replacen('$', "$.doc", 1);
            Error::Refused(refusal)
        }
        cancelled @ Error::Cancelled(_) => cancelled,
    }
}

/// Fills in what the head of an envelope says about its document.
fn seal(envelope: &mut Envelope<'_>) {
    let Some(doc) = envelope.doc.as_deref() else {
        return;
    };
    let uri = |party: &Option<Box<super::model::Party<'_>>>| {
        party
            .as_ref()
            .and_then(|party| party.endpoints.first())
            .map(|endpoint| endpoint.uri.as_str().to_owned())
    };
    let (mut from, mut to) = (uri(&doc.supplier), uri(&doc.customer));
    if doc.tags.iter().any(|tag| *tag == "self-billed") {
        std::mem::swap(&mut from, &mut to);
    }
    let digest = canonical::digest(doc);
    let head = envelope.head.get_or_insert_with(Header::default);
    if let (true, Some(from)) = (head.from.is_empty(), from) {
        head.from = from.into();
    }
    if let (true, Some(to)) = (head.to.is_empty(), to) {
        head.to = to.into();
    }
    head.dig = Some(Digest {
        alg: "sha256".into(),
        val: digest.into(),
    });
}

/// Everything up to the sums: tags, dates, currency, rounding rule.
fn prepare(invoice: &mut Invoice<'_>, addons: Addons) -> Result<Rules, Refusal> {
    let regime = Regime::of(&invoice.regime);
    if let Some((at, tag)) = invoice
        .tags
        .iter()
        .enumerate()
        .find(|(_, tag)| !TAGS.contains(&tag.as_str()))
    {
        return Err(refusal(
            format!("$.$tags[{}]", invoice.tags.place(at)),
            format!("the tag \"{tag}\" is not defined"),
            format!("Remove it, or use one of: {}.", TAGS.join(", ")),
        ));
    }
    if invoice.issue_date.is_none() {
        return Err(refusal(
            "$.issue_date".to_owned(),
            "the invoice has no issue date".to_owned(),
            "Set \"issue_date\" to the date of issue, \"YYYY-MM-DD\": the calculation reads no clock.".to_owned(),
        ));
    }
    if invoice.currency.is_empty()
        && let Some(regime) = regime
    {
        invoice.currency = regime.currency.into();
    }
    let Some(decimals) = currency::decimals(&invoice.currency) else {
        return Err(refusal(
            "$.currency".to_owned(),
            match invoice.currency.as_str() {
                "" => "the invoice has no currency".to_owned(),
                other => format!("\"{other}\" is no currency"),
            },
            "Set \"currency\" to a code of ISO 4217, such as \"EUR\".".to_owned(),
        ));
    };
    let rounding = invoice.tax.as_ref().map_or("", |tax| tax.rounding.as_str());
    Ok(Rules {
        country: regime.map_or("", |regime| regime.country),
        is_french: regime.is_some_and(|regime| regime.country == "FR"),
        decimals,
        rounds_to_currency: match rounding {
            "" => regime.is_some_and(|regime| regime.rounds_to_currency),
            given => given == "currency",
        },
        tax_date: invoice.value_date.or(invoice.issue_date),
        addons,
    })
}

/// A calculation that cannot be done.
fn refusal(path: String, message: String, hint: String) -> Refusal {
    Refusal {
        kind: RefusalKind::Calculation,
        path,
        message,
        hint,
    }
}

/// The customer's country, for the tag `customer-rates`.
fn customer_country<'a>(invoice: &Invoice<'a>) -> Option<Text<'a>> {
    if !invoice.tags.iter().any(|tag| *tag == "customer-rates") {
        return None;
    }
    Some(invoice.customer.as_ref()?.tax_id.as_ref()?.country.clone())
}
