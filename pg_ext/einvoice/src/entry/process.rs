//! The one pass of the insert trigger.

use jiff::civil::Date;

use super::{Processed, Profile, judge, no_invoice};
use crate::amount::Amount;
use crate::chorus::Scheme;
use crate::en16931::{self, Day, Text, from_gobl};
use crate::finding::{Finding, Severity};
use crate::input::{Error, Refusal, RefusalKind, Source};
use crate::rules::document::{ADDON_ADDED, CALCULATION, TOTALS_DIFFER};
use crate::{Poll, codes, gobl, rules};

/// All that the insert trigger needs. `today` and `id` fill in a missing issue date and uuid.
///
/// A missing addon `fr-choruspro-v1` is added, with a finding. A document with totals may have been issued already: it is
/// kept as it is, and a calculation that comes to other totals is a finding.
///
/// # Errors
/// The document is no GOBL invoice at all, or the work was cancelled. Calculation errors are findings.
pub fn process<'de>(
    source: impl Source<'de>,
    today: Date,
    id: &str,
    poll: Poll<'_>,
) -> Result<Processed<'de>, Error> {
    let read = gobl::read(source)?;
    let root = read.document.root();
    let mut findings = gobl::unknown_properties(&read.unknown);
    let mut invoice = read.document.into_invoice().ok_or_else(no_invoice)?;
    let given = invoice.totals.take();
    if given.is_none() {
        findings.append(&mut gobl::remarks(&invoice, root));
    }
    if invoice.issue_date.is_none() {
        invoice.issue_date = Some(today);
    }
    if invoice.uuid.is_empty() {
        invoice.uuid = id.to_owned().into();
    }
    let lacks_addon = add_addon(&mut invoice, root, &mut findings);
    let mut built = invoice.clone();
    built.totals = given.as_ref().map(|totals| {
        Box::new(gobl::Totals {
            rounding: totals.rounding,
            ..gobl::Totals::default()
        })
    });
    let outcome = match gobl::calculate(&mut built, poll) {
        Err(Error::Refused(refusal)) if refusal.kind == RefusalKind::Calculation => Err(refusal),
        Err(error) => return Err(error),
        Ok(()) => Ok(built),
    };
    let judged = match (outcome, given) {
        (Ok(built), None) => built,
        (Ok(built), Some(given)) => {
            let difference = built
                .totals
                .as_ref()
                .and_then(|built| difference(&given, built));
            invoice.totals = Some(given);
            match difference {
                // What the addon fills in is wanted, as long as no amount changes.
                None if lacks_addon => built,
                None => invoice,
                Some((field, given, built)) => {
                    let path = format!("{root}.totals.{field}");
                    findings.push(
                        Finding::new(&TOTALS_DIFFER, path)
                            .value(given)
                            .wanted(built),
                    );
                    invoice
                }
            }
        }
        (Err(refusal), Some(given)) => {
            let mut finding = uncalculated(refusal, root);
            finding.severity = Severity::Warning;
            findings.push(finding);
            invoice.totals = Some(given);
            invoice
        }
        (Err(refusal), None) => {
            findings.push(uncalculated(refusal, root));
            return columns(invoice, findings, poll);
        }
    };
    findings.append(&mut gobl::faults_at(&judged, root));
    judge(&judged, Profile::ChorusPro, root, poll, &mut findings)?;
    columns(judged, findings, poll)
}

/// Adds the addon of Chorus Pro where it is missing, and says so.
fn add_addon(invoice: &mut gobl::Invoice<'_>, root: &str, findings: &mut Vec<Finding>) -> bool {
    if invoice
        .addons
        .iter()
        .any(|addon| *addon == gobl::CHORUS_PRO)
    {
        return false;
    }
    invoice.addons.push(gobl::CHORUS_PRO.into());
    findings.push(Finding::new(&ADDON_ADDED, format!("{root}.$addons")).value(gobl::CHORUS_PRO));
    true
}

/// A calculation error as a finding, with its path as the source has it.
fn uncalculated(refusal: Refusal, root: &str) -> Finding {
    let path = refusal.path.replacen('$', root, 1);
    Finding::new(&CALCULATION, path)
        .value(refusal.message)
        .wanted(refusal.hint)
}

/// The first total that was not calculated as it was given: its field, and both amounts.
fn difference(
    given: &gobl::Totals<'_>,
    built: &gobl::Totals<'_>,
) -> Option<(&'static str, Amount, Amount)> {
    let or_zero = |amount: Option<Amount>| amount.unwrap_or(Amount::ZERO);
    let taxes = |totals: &gobl::Totals<'_>| {
        totals
            .taxes
            .as_ref()
            .map_or(Amount::ZERO, |taxes| taxes.sum)
    };
    [
        ("sum", given.sum, built.sum),
        ("discount", or_zero(given.discount), or_zero(built.discount)),
        ("charge", or_zero(given.charge), or_zero(built.charge)),
        ("total", given.total, built.total),
        ("taxes", taxes(given), taxes(built)),
        ("tax", given.tax, built.tax),
        ("total_with_tax", given.total_with_tax, built.total_with_tax),
        ("payable", given.payable, built.payable),
        ("advance", or_zero(given.advance), or_zero(built.advance)),
        (
            "due",
            given.due.unwrap_or(given.payable),
            built.due.unwrap_or(built.payable),
        ),
    ]
    .into_iter()
    .find(|(_, given, built)| given != built)
}

/// The row: the document, its findings, and the columns from its terms.
fn columns<'de>(
    invoice: gobl::Invoice<'de>,
    findings: Vec<Finding>,
    poll: Poll<'_>,
) -> Result<Processed<'de>, Error> {
    let mapped = from_gobl::map(&invoice, Profile::ChorusPro, poll)?;
    let decimals = codes::CURRENCIES
        .get(&invoice.currency)
        .map_or(2, |decimals| u32::from(*decimals));
    let amount = |amount: Option<Amount>| {
        amount
            .map(|a| a.rescale(decimals).to_string())
            .unwrap_or_default()
    };
    let seller = Identified::of(mapped.seller.as_ref());
    let buyer = Identified::of(mapped.buyer.as_ref());
    Ok(Processed {
        findings: rules::fold(findings, poll)?,
        kind: invoice.kind.to_string(),
        issue_date: mapped.issue_date.as_ref().and_then(Day::date),
        total_without_tax: amount(mapped.totals.without_vat),
        total_tax: amount(mapped.totals.vat),
        total_with_tax: amount(mapped.totals.with_vat),
        amount_due: amount(mapped.totals.due),
        supplier_id_type: seller.id_type,
        supplier_identifier: seller.identifier,
        supplier_name: seller.name,
        buyer_id_type: buyer.id_type,
        buyer_identifier: buyer.identifier,
        buyer_name: buyer.name,
        number: owned(mapped.number),
        document_type: owned(mapped.type_code),
        framework: owned(mapped.process),
        currency: owned(mapped.currency),
        service_code: owned(mapped.buyer_reference),
        commitment_number: owned(mapped.purchase_order),
        contract_number: owned(mapped.contract),
        doc: invoice,
    })
}

/// How Chorus Pro knows a party.
#[derive(Default)]
struct Identified {
    id_type: String,
    identifier: String,
    name: String,
}

impl Identified {
    fn of(party: Option<&en16931::Party<'_>>) -> Self {
        let Some(party) = party else {
            return Self::default();
        };
        let id = party.legal_id.as_ref();
        let scheme = id.and_then(|id| Scheme::from_digit(id.scheme.as_deref()?));
        Self {
            id_type: scheme
                .map(|scheme| scheme.word().to_owned())
                .unwrap_or_default(),
            identifier: id.map(|id| id.value.to_string()).unwrap_or_default(),
            name: party.name.as_deref().unwrap_or_default().to_owned(),
        }
    }
}

fn owned(text: Option<Text<'_>>) -> String {
    text.map(Text::into_owned).unwrap_or_default()
}
