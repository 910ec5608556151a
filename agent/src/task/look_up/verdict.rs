//! The decision, apart from all reading and writing: is what was found ours?

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::evidence::{Deposit, Evidence, Totals};
use crate::chorus::{
    instant::{day, paris_day},
    wire::Facture,
};

/// After so many sendings that left no trace, sending once more is no answer.
const MOST_LOST: usize = 3;

/// After so many refusals of bytes that may have arrived before, neither.
const MOST_REFUSED: usize = 3;

/// An invoice found under our number.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// The file name in the report on its flux; `None` where the report names no file of anybody's.
    pub file_name: Option<String>,
    /// The invoice.
    pub invoice: Facture,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is ours and integrated.
    Adopt {
        deposit: Uuid,
        flux_number: String,
        chorus_id: i64,
        /// Whether only the original of this restored database knows that deposit.
        unknown_here: bool,
    },
    /// Something else is there: a person decides.
    Block(String),
    /// Nothing yet: look again.
    Wait,
    /// Nothing, and nothing is expected any more: send the same bytes again.
    Resend,
}

/// Decides. `supplier` is the identifier under which Chorus Pro knows the supplier.
pub(super) fn decide(evidence: &Evidence, supplier: &str, hits: &[Hit]) -> Verdict {
    for hit in hits {
        let known = named(evidence, hit).or_else(|| agreeing(evidence, supplier, hit));
        let (deposit, unknown_here) = match known {
            Some(deposit) => (Some(deposit.id), false),
            None => (of_the_original(evidence, supplier, hit), true),
        };
        if let Some(deposit) = deposit
            && let (Some(flux_number), Some(chorus_id)) = (
                hit.invoice.numero_flux_depot.clone(),
                hit.invoice.identifiant_facture_cpp,
            )
        {
            return Verdict::Adopt {
                deposit,
                flux_number,
                chorus_id,
                unknown_here,
            };
        }
    }
    // Chorus Pro keeps numbers per year of issue: the same one of another year is another invoice.
    let year = evidence.issue_date.year();
    let others: Vec<&Hit> = hits
        .iter()
        .filter(|hit| issued(&hit.invoice).is_none_or(|date| date.year() == year))
        .collect();
    if !others.is_empty() {
        return Verdict::Block(conflict(evidence, &others));
    }
    if !evidence.window_left.is_zero() {
        return Verdict::Wait;
    }
    after_a_vain_search(&evidence.deposits)
}

/// Nothing was found: may the same bytes go out again? `deposits` are ordered newest first.
fn after_a_vain_search(deposits: &[Deposit]) -> Verdict {
    let processed = deposits
        .iter()
        .find(|deposit| !matches!(deposit.state.as_str(), "abandoned" | "refused"));
    if processed.is_some_and(|deposit| deposit.state == "rejected") {
        return Verdict::Block(
            "Chorus Pro rejected the last deposit (see chorus.finding), perhaps as a duplicate of an earlier one, which has not \
             been found. If it is not in Chorus Pro's list of fluxes either: SELECT chorus.resolve(id, 'not_deposited', \
             reason), then correct doc where that has not been done"
                .to_owned(),
        );
    }
    let lost = |deposit: &&Deposit| matches!(deposit.state.as_str(), "unknown" | "lost");
    let refused = deposits
        .iter()
        .take_while(|deposit| !lost(deposit))
        .filter(|deposit| deposit.state == "refused")
        .count();
    if refused >= MOST_REFUSED {
        return Verdict::Block(format!(
            "not found at Chorus Pro, and refused {refused} times when it was sent again (see chorus.deposit.answer): remove \
             the cause, then SELECT chorus.resolve(id, outcome, reason)"
        ));
    }
    let sent = deposits.iter().filter(lost).count();
    if sent > MOST_LOST {
        return Verdict::Block(format!(
            "sent {sent} times without ever being found at Chorus Pro: ask its support, then SELECT chorus.resolve(id, outcome, reason)"
        ));
    }
    Verdict::Resend
}

/// The deposit whose file name the report gives.
fn named<'a>(evidence: &'a Evidence, hit: &Hit) -> Option<&'a Deposit> {
    let name = hit.file_name.as_deref()?;
    evidence
        .deposits
        .iter()
        .find(|deposit| deposit.file_name == name)
}

/// Where the report names no file: the newest unresolved deposit that agrees with what was found in every respect.
fn agreeing<'a>(evidence: &'a Evidence, supplier: &str, hit: &Hit) -> Option<&'a Deposit> {
    if hit.file_name.is_some() {
        return None;
    }
    if !agrees(evidence, supplier, &hit.invoice) {
        return None;
    }
    evidence
        .deposits
        .iter()
        .filter(|deposit| matches!(deposit.state.as_str(), "unknown" | "lost" | "disowned"))
        .find(|deposit| {
            totals(&hit.invoice) == deposit.totals
                && deposited_since(&hit.invoice, deposit.prepared_at)
        })
}

/// In a restored database: the deposit that its original made after the copy was taken. Its id is in the name that agents give
/// to their files; where the report names no file, any id will do. Everything else must agree with the invoice as it stands.
fn of_the_original(evidence: &Evidence, supplier: &str, hit: &Hit) -> Option<Uuid> {
    let unknown = evidence.unknown_here.as_ref()?;
    let id = match hit.file_name.as_deref() {
        Some(name) => name.strip_suffix(".xml")?.parse().ok()?,
        None => Uuid::new_v4(),
    };
    let agrees = agrees(evidence, supplier, &hit.invoice)
        && totals(&hit.invoice) == unknown.totals
        && deposited_since(&hit.invoice, unknown.created_at);
    agrees.then_some(id)
}

/// Whether supplier, recipient, type and issue date are those of the invoice.
fn agrees(evidence: &Evidence, supplier: &str, found: &Facture) -> bool {
    found.code_fournisseur.as_deref() == Some(supplier)
        && found.code_destinataire.as_deref() == Some(&evidence.buyer)
        && found.type_facture.as_deref() == Some(type_word(&evidence.document_type))
        && issued(found) == Some(evidence.issue_date)
}

/// Whether it was deposited on the day of `time`, as Paris counts, or later.
fn deposited_since(found: &Facture, time: Timestamp) -> bool {
    let deposited = found.date_depot.as_deref().and_then(day);
    paris_day(time).is_some_and(|since| deposited.is_some_and(|deposited| deposited >= since))
}

fn issued(invoice: &Facture) -> Option<Date> {
    invoice.date_facture.as_deref().and_then(day)
}

fn totals(invoice: &Facture) -> Totals {
    Totals {
        without_tax: invoice.montant_ht.map(|amount| amount.0),
        with_tax: invoice.montant_ttc.map(|amount| amount.0),
        due: invoice.montant_a_payer.map(|amount| amount.0),
    }
}

/// `typeFacture` of an UNTDID 1001 code (BT-3).
fn type_word(document_type: &str) -> &'static str {
    match document_type {
        "381" | "261" | "396" | "502" | "503" => "AVOIR",
        "386" | "500" => "ACOMPTE",
        _ => "FACTURE",
    }
}

/// Both versions, side by side, for the person who decides.
fn conflict(evidence: &Evidence, hits: &[&Hit]) -> String {
    let unknown = evidence.unknown_here.as_ref();
    let ours = evidence.deposits.first().map(|deposit| deposit.totals);
    let ours = ours.or(unknown.map(|unknown| unknown.totals));
    let shown = |amount: Option<rust_decimal::Decimal>| {
        amount.map_or_else(|| "?".to_owned(), |amount| amount.to_string())
    };
    let totals_shown = |totals: Totals| {
        format!(
            "{} without tax, {} with tax, {} due",
            shown(totals.without_tax),
            shown(totals.with_tax),
            shown(totals.due)
        )
    };
    let mut text = format!(
        "Chorus Pro has another invoice under this number. Ours: {}, to {}, {}.",
        evidence.issue_date,
        evidence.buyer,
        ours.map_or_else(|| "no deposit".to_owned(), totals_shown)
    );
    for hit in hits {
        let invoice = &hit.invoice;
        let field = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
        text.push_str(&format!(
            " Theirs: id {}, flux {}, file {}, {} of {}, to {}, {}, deposited {}.",
            invoice
                .identifiant_facture_cpp
                .map_or_else(|| "?".to_owned(), |id| id.to_string()),
            field(&invoice.numero_flux_depot),
            field(&hit.file_name),
            field(&invoice.type_facture),
            field(&invoice.date_facture),
            field(&invoice.code_destinataire),
            totals_shown(totals(invoice)),
            field(&invoice.date_depot),
        ));
    }
    text.push_str(" Decide with SELECT chorus.resolve(id, outcome, reason).");
    text
}

#[cfg(test)]
mod tests;
