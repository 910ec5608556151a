//! The operations that SQL calls, one function each.

use jiff::civil::Date;

use crate::Poll;
use crate::finding::{Finding, Lang, Rule};
use crate::input::{Error, Refusal, RefusalKind, Source};

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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Processed {
    /// The calculated bare invoice, JSON text. The input itself, unwrapped, where the calculation failed.
    pub doc: String,
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

fn not_yet() -> Error {
    Error::Refused(Refusal {
        kind: RefusalKind::NotGobl,
        path: "$".into(),
        message: "not there yet".into(),
        hint: String::new(),
    })
}

/// The calculated document as JSON text: a bare invoice for a bare invoice, an envelope for an envelope.
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn build<'de>(_source: impl Source<'de>, _poll: Poll<'_>) -> Result<String, Error> {
    Err(not_yet())
}

/// Everything wrong with the document, ordered by path. `profile` `None`: from the document's addons.
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn validate<'de>(_source: impl Source<'de>, _profile: Option<Profile>, _poll: Poll<'_>) -> Result<Vec<Finding>, Error> {
    Err(not_yet())
}

/// All that the insert trigger needs. `today` and `id` fill in a missing issue date and uuid.
///
/// # Errors
/// The document is no GOBL invoice at all, or the work was cancelled. Calculation errors are findings.
pub fn process<'de>(_source: impl Source<'de>, _today: Date, _id: &str, _poll: Poll<'_>) -> Result<Processed, Error> {
    Err(not_yet())
}

/// The document as UN/CEFACT CII D16B, UTF-8.
///
/// # Errors
/// The document is refused, cannot be calculated, lacks the value of an element that the XSD demands, or the work was cancelled.
pub fn render_cii<'de>(_source: impl Source<'de>, _profile: Profile, _attachments: &[Attachment<'_>], _poll: Poll<'_>) -> Result<String, Error> {
    Err(not_yet())
}

/// SHA-256 (hex) of the document's canonical JSON.
///
/// # Errors
/// The document is refused, cannot be calculated, or the work was cancelled.
pub fn digest<'de>(_source: impl Source<'de>, _poll: Poll<'_>) -> Result<String, Error> {
    Err(not_yet())
}

/// The catalogue, ordered by id.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    Vec::new()
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
