//! What a simulator is started with, and the part of it that may change while it runs.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::ClockSource;
use crate::directory::{IdType, Role, ServiceSpec, StructureSpec};
use crate::operation::Api;

/// SIRET of the supplier that always exists.
const SUPPLIER_SIRET: &str = "73282932000074";
/// SIRET of the public buyer that always exists.
const BUYER_SIRET: &str = "35600000000048";
/// The one service of that buyer, which it requires.
const BUYER_SERVICE: &str = "FACTURES-DSI";

/// How to start a simulator. [`Config::default`] listens on a free port, keeps system time and moves every
/// flux and invoice to its last automatic state at once.
#[derive(Debug, Clone)]
pub struct Config {
    /// Loopback port; 0 takes a free one.
    pub port: u16,
    /// Source of time.
    pub clock: ClockSource,
    /// Credentials of the PISTE application and of the default technical account.
    pub credentials: Credentials,
    /// Structures beside the default supplier and the default buyer.
    pub structures: Vec<StructureSpec>,
    /// Largest request body read, in bytes; more is answered 413.
    pub max_body_bytes: usize,
    /// Seed of the generator that draws faults with a probability below 1.
    pub seed: u64,
    /// What may also be changed later.
    pub settings: Settings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            clock: ClockSource::default(),
            credentials: Credentials::default(),
            structures: Vec::new(),
            max_body_bytes: 48 * 1024 * 1024,
            seed: 1,
            settings: Settings::default(),
        }
    }
}

impl Config {
    /// SIRET of the supplier that every simulator knows, attached to the default technical account.
    #[must_use]
    pub fn supplier_siret(&self) -> &'static str {
        SUPPLIER_SIRET
    }

    /// SIRET of the public buyer that every simulator knows; it requires the service code `FACTURES-DSI`.
    #[must_use]
    pub fn buyer_siret(&self) -> &'static str {
        BUYER_SIRET
    }

    /// Adds the fictitious structures that the qualification platform hands out. Some of their SIRETs fail the
    /// check digit, as do some of qualification.
    #[must_use]
    pub fn with_qualification_structures(mut self) -> Self {
        self.structures.extend(crate::qualification::structures());
        self
    }

    /// Default structures first, then the configured ones.
    pub(crate) fn all_structures(&self) -> Vec<StructureSpec> {
        let supplier = StructureSpec::new(
            Role::Supplier,
            IdType::Siret,
            SUPPLIER_SIRET,
            "FOURNISSEUR EXEMPLE",
        );
        let mut buyer = StructureSpec::new(
            Role::Buyer,
            IdType::Siret,
            BUYER_SIRET,
            "DESTINATAIRE EXEMPLE",
        );
        buyer.service_required = true;
        buyer.services = vec![ServiceSpec::new(
            BUYER_SERVICE,
            "Direction des systemes d'information",
        )];
        let mut all = vec![supplier, buyer];
        all.extend(self.structures.iter().cloned());
        all
    }
}

/// Technical account of Chorus Pro: what the header `cpro-account` carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// `TECH_<n>_<identifier>@cpro.fr`.
    pub login: String,
    /// Its password.
    pub password: String,
}

/// The two pairs of credentials a client needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// PISTE application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Technical account attached to every supplier that has no account of its own.
    pub account: Account,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            client_id: "5d5b2a3e-5f0e-4c5e-9a37-0c6f3d1b7a10".into(),
            client_secret: "simulator-secret".into(),
            account: Account {
                login: format!("TECH_1_{SUPPLIER_SIRET}@cpro.fr"),
                password: "simulator-password".into(),
            },
        }
    }
}

/// What may be changed while the simulator runs, by [`crate::Handle::configure`] or `PATCH /_simulator/settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Time spent before each automatic step.
    pub delays: Delays,
    /// Statuses that an automatic buyer sets, in this order, once the invoice is at its disposal; empty: no buyer.
    /// `STATUS=reason` gives a reason. After SUSPENDUE and A_RECYCLER the buyer waits for the supplier's answer,
    /// then goes on. A buyer with a script of its own ([`StructureSpec::buyer_script`]) follows that.
    pub buyer_script: Vec<String>,
    /// Statuses that automatic validators set, one each time an invoice of framework A9 or A12 waits for them;
    /// empty: no validator, the invoice stays A_VALIDER_1.
    pub validator_script: Vec<String>,
    /// Whether such invoices need a second validation after VALIDEE_1.
    pub second_validator: bool,
    /// APIs that the PISTE application is not subscribed to: 403 with an empty body.
    pub unsubscribed: Vec<Api>,
    /// APIs whose conditions of use are not accepted: 403 with an empty body.
    pub conditions_not_accepted: Vec<Api>,
    /// HTTP status of functional errors (`codeRetour` other than 0): 200, or 400 as some clients expect.
    pub functional_error_status: u16,
    /// What `ajouter/fichier` does with a name of more than 50 characters.
    pub long_attachment_name: LongAttachmentName,
    /// Whether (SIREN, year, number) must be unique. Off, a second sending is integrated and shows in the ledger.
    pub duplicate_rule: bool,
    /// Lifetime of a token, in seconds.
    pub token_ttl_s: u32,
    /// Largest deposited file, in bytes after base64; more is refused with `GDP_MSG_11.022`.
    pub max_file_bytes: usize,
    /// Largest attachment, in bytes after base64; more is refused with 20003.
    pub max_attachment_bytes: usize,
    /// What the flux report says in `nomFichier`.
    pub reported_file_name: ReportedFileName,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            delays: Delays::default(),
            buyer_script: Vec::new(),
            validator_script: Vec::new(),
            second_validator: false,
            unsubscribed: Vec::new(),
            conditions_not_accepted: Vec::new(),
            functional_error_status: 200,
            long_attachment_name: LongAttachmentName::default(),
            duplicate_rule: true,
            token_ttl_s: 3600,
            max_file_bytes: 10 * 1024 * 1024,
            max_attachment_bytes: 10 * 1024 * 1024,
            reported_file_name: ReportedFileName::default(),
        }
    }
}

/// `nomFichier` of a flux report. Both names have been seen in reports, and the field may be absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedFileName {
    /// The name that was deposited.
    #[default]
    Deposited,
    /// The exchange system's own name, `<interface>_<partner>_<flux number>`.
    Exchange,
    /// No name.
    Absent,
}

/// What becomes of an attachment whose name is too long. Both have been reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LongAttachmentName {
    /// HTTP 400.
    #[default]
    Refuse,
    /// Cut to 50 characters, the extension kept.
    Truncate,
}

/// Milliseconds before each automatic step. All zero by default: everything has happened when the answer arrives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delays {
    /// Before each flux state after the first, and before the outcome.
    pub flux_ms: u64,
    /// Before `EN_COURS_ACHEMINEMENT` and before `MISE_A_DISPOSITION`.
    pub invoice_ms: u64,
    /// Before each status of the automatic buyer.
    pub buyer_ms: u64,
    /// Before each status of the automatic validator.
    pub validator_ms: u64,
    /// Before entering the named state or status, instead of the above. A delay on the first flux state makes a
    /// new flux unknown to `consulterCRDetaille` for that time; `IN_INTEGRE` stands for every outcome. A delay on
    /// `ABSENCE_VALIDATION_1_HORS_DELAI` (or `_2_`) lets a validation lapse; without one it never does.
    pub states: BTreeMap<String, u64>,
}

impl Delays {
    /// The same delay before every step.
    #[must_use]
    pub fn all(delay: Duration) -> Self {
        let ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        Self {
            flux_ms: ms,
            invoice_ms: ms,
            buyer_ms: ms,
            validator_ms: ms,
            states: BTreeMap::new(),
        }
    }
}
