//! The life cycle of a deposited flux.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cii::Cii;
use crate::text;

/// States that every flux goes through before its outcome.
pub(crate) const PATH: [&str; 5] = [
    "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP",
    "IN_RECU",
    "IN_TRAITE_SE_CPP",
    "IN_EN_ATTENTE_TRAITEMENT_CPP",
    "IN_EN_COURS_TRAITEMENT_CPP",
];

/// Outcome of a flux whose invoice is integrated.
pub(crate) const INTEGRATED: &str = "IN_INTEGRE";
/// Outcome that integrates the invoices without errors and reports the others.
pub(crate) const PARTIAL: &str = "IN_INTEGRE_PARTIEL";
/// Outcome of a flux with errors; nothing is integrated and the number stays free.
pub(crate) const REJECTED: &str = "IN_REJETE";

/// Interface of structured CII D16B: the only syntax the simulator reads.
const INTERFACE: &str = "1106";

/// Ends the next flux of an invoice number in a chosen state.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForcedOutcome {
    /// Invoice number (BT-1).
    pub number: String,
    /// State to end in, known or not. `IN_INTEGRE` integrates whatever the checks say, `IN_INTEGRE_PARTIEL` what
    /// they accept, any other state nothing.
    pub state: String,
    /// Message for the report, in place of the checks' own.
    #[serde(default)]
    pub message: Option<String>,
    /// How many fluxes; 1 by default.
    #[serde(default = "once")]
    pub count: u32,
}

fn once() -> u32 {
    1
}

/// An entry of `listeErreurTechnique`.
#[derive(Debug)]
pub(crate) struct TechnicalError {
    pub(crate) code: &'static str,
    pub(crate) label: String,
}

/// A flux that was given a number.
#[derive(Debug)]
pub(crate) struct Flux {
    pub(crate) number: String,
    pub(crate) file_name: String,
    /// Length of the file in bytes.
    pub(crate) size: usize,
    /// Technical account that deposited it.
    pub(crate) login: String,
    pub(crate) deposited_at: Timestamp,
    /// What was read, or why it could not be.
    pub(crate) content: Result<Cii, String>,
    /// Current state and its time; `None` while the exchange system does not know the flux yet.
    pub(crate) state: Option<(String, Timestamp)>,
    /// Errors of the invoice.
    pub(crate) invoice_errors: Vec<String>,
    /// Error of the file.
    pub(crate) technical_error: Option<TechnicalError>,
    /// Index of the integrated invoice.
    pub(crate) invoice: Option<usize>,
}

impl Flux {
    /// Partner code in flux numbers: the portal itself.
    pub(crate) const PARTNER: &'static str = "CPP001";

    /// Number of the n-th flux: partner, interface, 15 digits.
    pub(crate) fn number(sequence: u64) -> String {
        format!("{}{INTERFACE}{sequence:015}", Self::PARTNER)
    }

    /// `codeInterfaceDepotFlux`.
    pub(crate) fn interface() -> String {
        format!("FSO{INTERFACE}A")
    }

    /// The name that the exchange system gives to the file.
    pub(crate) fn exchange_name(&self) -> String {
        format!("{}_{}_{}", Self::interface(), Self::PARTNER, self.number)
    }

    pub(crate) fn cii(&self) -> Option<&Cii> {
        self.content.as_ref().ok()
    }

    /// `libelleErreurDP`.
    pub(crate) fn error_label(&self) -> String {
        text::report(&self.invoice_errors)
    }
}
