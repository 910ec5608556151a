//! What an error means: one table from (HTTP status, `codeRetour`, operation) to kind, retry policy and hint.

use std::time::Duration;

mod table;

pub use table::{Rule, rule};

/// The calls that the agent makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// PISTE's token service.
    Token,
    /// Is the API up, and is the technical account good?
    HealthCheck,
    /// Deposit a flux.
    DeposerFlux,
    /// Report on a flux.
    ConsulterCrDetaille,
    /// Invoices of a supplier.
    RechercherFournisseur,
    /// Statuses of an invoice.
    ConsulterHistorique,
    /// Structures that an account may invoice for.
    StructuresActives,
    /// A structure by its identifier.
    RechercherStructure,
    /// What a structure requires and reports.
    ConsulterStructure,
    /// Services of a structure.
    RechercherServices,
    /// What a service requires and reports.
    ConsulterService,
    /// Store a file that is to complete an invoice.
    AjouterFichier,
    /// Complete a suspended invoice.
    Completer,
    /// Send a returned invoice elsewhere.
    Recycler,
    /// Mark rejected invoices as treated.
    TraiterRejet,
    /// Name another validator.
    CorrigerValideur,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 16] = [
        Self::Token,
        Self::HealthCheck,
        Self::DeposerFlux,
        Self::ConsulterCrDetaille,
        Self::RechercherFournisseur,
        Self::ConsulterHistorique,
        Self::StructuresActives,
        Self::RechercherStructure,
        Self::ConsulterStructure,
        Self::RechercherServices,
        Self::ConsulterService,
        Self::AjouterFichier,
        Self::Completer,
        Self::Recycler,
        Self::TraiterRejet,
        Self::CorrigerValideur,
    ];

    /// Whether it answers a buyer: done once, and only while the status allows it.
    pub fn answers_a_buyer(self) -> bool {
        matches!(
            self,
            Self::AjouterFichier
                | Self::Completer
                | Self::Recycler
                | Self::TraiterRejet
                | Self::CorrigerValideur
        )
    }

    /// The API of Chorus Pro that it belongs to, as PISTE's catalogue names it; `None`: PISTE itself.
    pub fn api(self) -> Option<Api> {
        match self.path().split('/').nth(2) {
            Some("factures") => Some(Api::Factures),
            Some("structures") => Some(Api::Structures),
            Some("transverses") => Some(Api::Transverses),
            Some("utilisateurs") => Some(Api::Utilisateurs),
            _ => None,
        }
    }

    /// Path below the host, which also names the operation in messages.
    pub fn path(self) -> &'static str {
        match self {
            Self::Token => "/api/oauth/token",
            Self::HealthCheck => "/cpro/transverses/v1/health-check",
            Self::DeposerFlux => "/cpro/factures/v1/deposer/flux",
            Self::ConsulterCrDetaille => "/cpro/transverses/v1/consulterCRDetaille",
            Self::RechercherFournisseur => "/cpro/factures/v1/rechercher/fournisseur",
            Self::ConsulterHistorique => "/cpro/factures/v1/consulter/historique",
            Self::StructuresActives => {
                "/cpro/transverses/v1/recuperer/structures/actives/fournisseur"
            }
            Self::RechercherStructure => "/cpro/structures/v1/rechercher",
            Self::ConsulterStructure => "/cpro/structures/v1/consulter",
            Self::RechercherServices => "/cpro/structures/v1/rechercher/services",
            Self::ConsulterService => "/cpro/structures/v1/consulter/service",
            Self::AjouterFichier => "/cpro/transverses/v1/ajouter/fichier",
            Self::Completer => "/cpro/factures/v1/completer",
            Self::Recycler => "/cpro/factures/v1/recycler",
            Self::TraiterRejet => "/cpro/factures/v1/traiterRejet",
            Self::CorrigerValideur => "/cpro/factures/v1/corriger/valideur/facture",
        }
    }
}

/// An API of Chorus Pro: an application subscribes to each by itself, and each fails by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Deposits, searches, histories, answers to buyers.
    Factures,
    /// The directory.
    Structures,
    /// Reports on fluxes, files, the account's structures.
    Transverses,
    /// Users.
    Utilisateurs,
}

impl Api {
    /// Every API.
    pub const ALL: [Self; 4] = [
        Self::Factures,
        Self::Structures,
        Self::Transverses,
        Self::Utilisateurs,
    ];

    /// Its name in PISTE's catalogue and in `chorus.api_breaker`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Factures => "Factures",
            Self::Structures => "Structures",
            Self::Transverses => "Transverses",
            Self::Utilisateurs => "Utilisateurs",
        }
    }
}

/// What was seen of a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symptom {
    /// The connection was never established.
    NotConnected,
    /// The request may have arrived, no whole answer came back.
    NoAnswer,
    /// An HTTP status without a readable outcome in the body.
    Http(u16),
    /// An outcome other than 0, whatever the HTTP status.
    Outcome(i64),
}

/// Kinds of errors, as an operator would sort them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Network, name, or TLS: nothing was sent.
    Unreachable,
    /// Sent, but what became of it is not known.
    NoAnswer,
    /// The request is not what the gateway wants.
    BadRequest,
    /// The PISTE application's credentials are wrong.
    Application,
    /// The supplier's technical account is wrong or expired.
    Account,
    /// The application may not use this API.
    NotEntitled,
    /// The file is too large.
    TooLarge,
    /// Too many calls.
    Throttled,
    /// Maintenance or a fault over there.
    Down,
    /// An answer that makes no sense.
    Unreadable,
    /// The flux is not (yet) known.
    FluxUnknown,
    /// Chorus Pro says no.
    Functional,
}

impl Kind {
    /// Its word in `chorus.api_breaker` and `chorus.api_call`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::NoAnswer => "no_answer",
            Self::BadRequest => "bad_request",
            Self::Application => "application",
            Self::Account => "account",
            Self::NotEntitled => "not_entitled",
            Self::TooLarge => "too_large",
            Self::Throttled => "throttled",
            Self::Down => "down",
            Self::Unreadable => "unreadable",
            Self::FluxUnknown => "flux_unknown",
            Self::Functional => "functional",
        }
    }
}

/// What else an error concerns, besides the task that met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Nothing: the task's own error. Whoever answered so is well.
    Task,
    /// All calls with the supplier's account.
    Supplier,
    /// All calls to the same API of Chorus Pro; of PISTE's token service, all calls.
    Api,
    /// All calls of the PISTE application.
    Application,
}

/// When to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// After `first`, doubled each time up to `cap`.
    BackOff {
        /// First wait.
        first: Duration,
        /// Longest wait.
        cap: Duration,
    },
    /// Not by itself: a person changes the document or says `chorus.retry(task)`.
    Aside,
}

/// Whether a deposit that failed like this may have been processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// Certainly not: the same invoice may be sent again.
    No,
    /// Nobody knows: look before sending again.
    Unknown,
}

/// What a failure that concerns others has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concern {
    /// Nobody calls for so long; `None`: it has not failed often enough yet.
    pub held: Option<Duration>,
    /// Calls have succeeded since the failure before: it may be the task's own error after all.
    pub alone: bool,
}

/// A call that failed.
#[derive(Debug, thiserror::Error)]
pub struct ApiError {
    /// Which call.
    pub operation: Operation,
    /// What was seen of it.
    pub symptom: Symptom,
    /// HTTP status, where there was one.
    pub http: Option<u16>,
    /// `libelle`, verbatim, or the cause in other words.
    pub text: Option<String>,
    /// What `Retry-After` asks for.
    pub retry_after: Option<Duration>,
    /// What it has come to, where it concerns others and they have been told.
    pub concern: Option<Concern>,
}

impl ApiError {
    /// The row of the table for this error.
    pub fn rule(&self) -> &'static Rule {
        rule(self.symptom, self.operation)
    }

    /// Whether what was asked for may have been done. Where there was no token it was not asked for.
    pub fn processed(&self) -> Processed {
        match self.operation {
            Operation::Token => Processed::No,
            _ => self.rule().processed,
        }
    }

    /// What else is concerned. Without a token no API is called.
    pub fn scope(&self) -> Scope {
        match (self.rule().scope, self.operation.api()) {
            (Scope::Api, None) => Scope::Application,
            (scope, _) => scope,
        }
    }

    /// What is kept of the answer: numbers and `libelle`, no body.
    pub fn evidence(&self) -> serde_json::Value {
        let code = match self.symptom {
            Symptom::Outcome(code) => Some(code),
            _ => None,
        };
        serde_json::json!({ "http": self.http, "codeRetour": code, "libelle": self.text })
    }
}

impl ApiError {
    /// What was seen: call and cause, without the remedy.
    pub fn seen(&self) -> String {
        let path = self.operation.path();
        let seen = match self.symptom {
            Symptom::NotConnected => format!("{path}: no connection"),
            Symptom::NoAnswer => format!("{path}: no answer"),
            Symptom::Http(status) => format!("{path}: HTTP {status}"),
            Symptom::Outcome(code) => format!("{path}: codeRetour {code}"),
        };
        match &self.text {
            Some(text) => format!("{seen} ({text})"),
            None => seen,
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.seen(), self.rule().hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_call_cause_and_remedy() {
        let error = ApiError {
            operation: Operation::DeposerFlux,
            symptom: Symptom::Outcome(20001),
            http: Some(200),
            text: Some("GDP_MSG_11.022".into()),
            retry_after: None,
            concern: None,
        };
        let text = error.to_string();
        assert!(
            text.starts_with(
                "/cpro/factures/v1/deposer/flux: codeRetour 20001 (GDP_MSG_11.022); correct the"
            ),
            "{text}"
        );
        assert_eq!(
            error.evidence(),
            serde_json::json!({"http": 200, "codeRetour": 20001, "libelle": "GDP_MSG_11.022"})
        );
    }
}
