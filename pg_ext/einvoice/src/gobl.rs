//! GOBL invoices: the document model, its calculation, faults, canonical JSON and digest.
//!
//! The version followed is GOBL v0.502.1; amounts, order, defaults and digest are the reference's. What differs, on purpose:
//!
//! * no clock and no new ids: a missing issue date is refused, a missing uuid stays missing;
//! * regimes other than the French one have a currency and a rounding rule, but no rates by name, no categories besides
//!   VAT and GST, and no rules for tax identifiers beyond letters and digits;
//! * an unknown currency is refused, and an unknown addon stays in `$addons`, so that it can be reported;
//! * `null` is never written.

mod addon;
mod calculate;
mod canonical;
mod clean;
mod correct;
mod currency;
mod ext;
mod faults;
mod fill;
mod formats;
mod json;
pub mod limits;
mod list;
mod model;
mod net;
mod normalise;
mod read;
mod regime;
mod scalar;
mod tax_id;

pub use addon::{
    ALLOWANCE, CHARGE, CHORUS_PRO, DOCUMENT_TYPE, EN16931, FRAMEWORK, ISO_SCHEME, PAYMENT_MEANS,
    REFERENCE, SCHEME, TAX_CATEGORY, TEXT_SUBJECT, VATEX, key_of_category, key_of_payment_means,
};
pub use calculate::{calculate, calculate_document};
pub use canonical::{canonical, digest};
pub use clean::is_strict;
pub use correct::{Correction, CorrectionType, correct};
pub use currency::decimals;
pub use ext::Ext;
pub use faults::{
    document_faults, drop_repeated, faults, faults_at, remarks, rules, unknown_properties,
};
pub use formats::{is_email, is_url};
pub use json::{Json, NUMBER};
pub use list::List;
pub use model::*;
pub use net::net;
pub use read::{Document, ENVELOPE_SCHEMA, INVOICE_SCHEMA, Read, read};
pub use regime::regime_of;
pub use scalar::{Degrees, Text};
pub(crate) use tax_id::is_tax_code;
