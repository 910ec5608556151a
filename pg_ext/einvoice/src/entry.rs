//! The operations that SQL calls, one function each.

mod check;
mod correct;
mod directory;
mod locate;
mod parse;
mod process;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::en16931::{self, from_gobl};
use crate::finding::{Finding, Lang, Rule};
use crate::input::{Error, Refusal, RefusalKind, Source};
use crate::{Poll, cii, gobl, rules as rule_table};

pub use check::check_cii;
pub use correct::correct;
pub use directory::check_directory;
pub use locate::{Located, locate};
pub use parse::{File, decode_cii, parse_cii};
pub use process::process;

/// The CII profile to write or to judge by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Chorus Pro, CII D16B: BT-23 is the framework, legal ids carry Chorus Pro's scheme digits 1…6.
    ChorusPro,
    /// Plain EN 16931: ISO 6523 scheme ids.
    En16931,
}

/// A supporting document to embed (BG-24).
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// File name (BT-125-2), at most 50 characters at Chorus Pro.
    pub name: &'a str,
    /// MIME code (BT-125-1).
    pub mime: &'a str,
    /// The bytes (BT-125).
    pub content: &'a [u8],
}

/// All that a row of `chorus.invoice` needs, from one reading of the document.
///
/// Texts are empty where the document has no such value. Amounts are in the document currency, as decimal text
/// with that currency's decimals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Processed<'de> {
    /// The calculated bare invoice. The input itself, unwrapped, where the calculation failed.
    pub doc: gobl::Invoice<'de>,
    /// Everything wrong with it, calculation errors included.
    pub findings: Vec<Finding>,
    /// Invoice number (BT-1): series and code joined.
    pub number: String,
    /// GOBL type: `standard`, `credit-note`, ….
    pub kind: String,
    /// UNTDID 1001 code (BT-3).
    pub document_type: String,
    /// Chorus Pro's cadre de facturation (BT-23), `A1`…`A25`.
    pub framework: String,
    /// Issue date (BT-2).
    pub issue_date: Option<Date>,
    /// Currency (BT-5), ISO 4217.
    pub currency: String,
    /// Total without VAT (BT-109).
    pub total_without_tax: String,
    /// Total VAT (BT-110).
    pub total_tax: String,
    /// Total with VAT (BT-112).
    pub total_with_tax: String,
    /// Amount due for payment (BT-115).
    pub amount_due: String,
    /// `SIRET`, `UE_HORS_FRANCE`, `HORS_UE`, `RIDET`, `TAHITI`, `AUTRE`.
    pub supplier_id_type: String,
    /// The identifier of that type (BT-30 in profile `choruspro`).
    pub supplier_identifier: String,
    /// Name (BT-27).
    pub supplier_name: String,
    /// As for the supplier.
    pub buyer_id_type: String,
    /// As for the supplier (BT-47).
    pub buyer_identifier: String,
    /// Name (BT-44).
    pub buyer_name: String,
    /// Service code (BT-10).
    pub service_code: String,
    /// Commitment number, "numéro d'engagement" (BT-13).
    pub commitment_number: String,
    /// Contract number, "numéro de marché" (BT-12).
    pub contract_number: String,
}

/// The calculated document: a bare invoice for a bare invoice, an envelope for an envelope.
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn build<'de>(source: impl Source<'de>, poll: Poll<'_>) -> Result<gobl::Document<'de>, Error> {
    let mut document = gobl::read(source)?.document;
    gobl::calculate_document(&mut document, poll)?;
    Ok(document)
}

/// Everything wrong with the document, ordered by path. `profile` `None`: from the document's addons.
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn validate<'de>(
    source: impl Source<'de>,
    profile: Option<Profile>,
    poll: Poll<'_>,
) -> Result<Vec<Finding>, Error> {
    let Calculated {
        document,
        mut findings,
        is_as_given,
    } = calculated(source, poll)?;
    let invoice = document.invoice().ok_or_else(no_invoice)?;
    let profile = profile.unwrap_or_else(|| profile_of(invoice));
    findings.append(&mut gobl::document_faults(&document, is_as_given));
    judge(invoice, profile, document.root(), poll, &mut findings)?;
    Ok(rule_table::fold(findings, poll)?)
}

/// The document as UN/CEFACT CII D16B, UTF-8.
///
/// # Errors
/// The document is refused, cannot be calculated, lacks the value of an element that the XSD demands, or the work was cancelled.
pub fn render_cii<'de>(
    source: impl Source<'de>,
    profile: Profile,
    attachments: &[Attachment<'_>],
    poll: Poll<'_>,
) -> Result<String, Error> {
    let document = calculated(source, poll)?.document;
    let invoice = document.invoice().ok_or_else(no_invoice)?;
    let net = gobl::net(invoice, poll)?;
    let mut mapped = from_gobl::map(&net, profile, poll)?;
    mapped
        .attachments
        .extend(attachments.iter().map(|attachment| en16931::Attachment {
            reference: Some(attachment.name.into()),
            content: Cow::Borrowed(attachment.content),
            mime: Some(attachment.mime.into()),
            file_name: Some(attachment.name.into()),
            ..en16931::Attachment::default()
        }));
    cii::write(
        &mapped,
        &from_gobl::Locator::new(&net, profile, document.root()),
        poll,
    )
}

/// SHA-256 (hex) of the document's canonical JSON.
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn digest<'de>(source: impl Source<'de>, poll: Poll<'_>) -> Result<String, Error> {
    calculated(source, poll)?
        .document
        .invoice()
        .map(gobl::digest)
        .ok_or_else(no_invoice)
}

/// The catalogue, ordered by id.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    rule_table::catalogue()
}

/// `en` or `fr`; nothing else.
#[must_use]
pub fn lang(code: &str) -> Option<Lang> {
    match code {
        "en" => Some(Lang::En),
        "fr" => Some(Lang::Fr),
        _ => None,
    }
}

/// A calculated document, and what was noticed on the way to it.
struct Calculated<'de> {
    document: gobl::Document<'de>,
    findings: Vec<Finding>,
    /// Whether it came with its totals, which are taken as they are.
    is_as_given: bool,
}

/// Reads a document, and calculates it unless it has totals.
fn calculated<'de, S: Source<'de>>(source: S, poll: Poll<'_>) -> Result<Calculated<'de>, Error> {
    let gobl::Read {
        mut document,
        unknown,
    } = gobl::read(source)?;
    let mut findings = gobl::unknown_properties(&unknown);
    let given = document.invoice().ok_or_else(no_invoice)?;
    let is_as_given = given.totals.is_some();
    if !is_as_given {
        findings.append(&mut gobl::remarks(given, document.root()));
        gobl::calculate_document(&mut document, poll)?;
    }
    Ok(Calculated {
        document,
        findings,
        is_as_given,
    })
}

/// The profile that a document's addons ask for.
fn profile_of(invoice: &gobl::Invoice<'_>) -> Profile {
    let is_chorus = invoice
        .addons
        .iter()
        .any(|addon| *addon == gobl::CHORUS_PRO);
    if is_chorus {
        Profile::ChorusPro
    } else {
        Profile::En16931
    }
}

/// Adds what fails of the rules of EN 16931 and of the profile, which know net prices only.
fn judge(
    invoice: &gobl::Invoice<'_>,
    profile: Profile,
    root: &str,
    poll: Poll<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let net = gobl::net(invoice, poll)?;
    let mapped = from_gobl::map(&net, profile, poll)?;
    let locator = from_gobl::Locator::new(&net, profile, root);
    rule_table::check(&mapped, profile, &locator, poll, findings)?;
    rule_table::add_implied(findings);
    from_gobl::left_out(&net, profile, root, findings);
    gobl::drop_repeated(findings);
    Ok(())
}

/// An envelope without document, which [`gobl::read`] refuses already.
fn no_invoice() -> Error {
    Error::Refused(Refusal {
        kind: RefusalKind::NotGobl,
        path: "$.doc".to_owned(),
        message: "the envelope has no doc".to_owned(),
        hint: "Give the invoice itself, or an envelope around it.".to_owned(),
    })
}
