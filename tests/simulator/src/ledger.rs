//! The ledger: every processed deposit and action, accepted or not, and how often each operation was called.
//!
//! It is the auditor of reliability tests: whatever a client believes, this is what Chorus Pro received.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::operation::Operation;
use crate::state::World;

/// A processed deposit as it was answered.
#[derive(Debug)]
pub(crate) struct Receipt {
    pub(crate) at: Timestamp,
    pub(crate) login: String,
    pub(crate) file_name: String,
    pub(crate) syntax: String,
    pub(crate) size: usize,
    pub(crate) sha256: String,
    pub(crate) return_code: i32,
    pub(crate) label: String,
    /// Index of the flux, when a number was given.
    pub(crate) flux: Option<usize>,
}

/// A processed request that acts on an invoice or uploads a file, as it was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// 1, 2, 3… in the order of arrival.
    pub sequence: usize,
    /// Time of processing, ISO 8601 in Paris.
    pub at: String,
    /// Technical account.
    pub login: String,
    /// What was asked for.
    pub operation: Operation,
    /// The request, without the content of a file.
    pub request: Value,
    /// `codeRetour` of the answer, delivered or not.
    pub return_code: i32,
    /// `libelle` of the answer.
    pub label: String,
}

/// Everything received, at one moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ledger {
    /// The simulator's time, ISO 8601 in Paris.
    pub now: String,
    /// Every processed `deposer/flux`, in the order of arrival.
    pub posts: Vec<Post>,
    /// Every processed request that acts on an invoice or uploads a file, in the order of arrival.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// Requests per operation, by its name; operations never called are absent.
    pub operations: BTreeMap<String, OperationCount>,
}

impl Ledger {
    /// Posts of an invoice number.
    pub fn of_number<'a>(&'a self, number: &'a str) -> impl Iterator<Item = &'a Post> {
        self.posts
            .iter()
            .filter(move |post| post.number.as_deref() == Some(number))
    }

    /// Posts whose invoice is integrated.
    pub fn accepted(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(|post| post.invoice_id.is_some())
    }

    /// Processed requests of an operation that acts on invoices or uploads.
    pub fn actions_of(&self, operation: Operation) -> impl Iterator<Item = &Action> {
        self.actions
            .iter()
            .filter(move |action| action.operation == operation)
    }

    /// Keys (SIREN or foreign identifier, year, number) under which more than one invoice is integrated.
    #[must_use]
    pub fn accepted_twice(&self) -> Vec<(String, i16, String)> {
        let mut counts: BTreeMap<(String, i16, String), u64> = BTreeMap::new();
        for post in self.accepted() {
            if let (Some(siren), Some(year), Some(number)) = (&post.siren, post.year, &post.number)
            {
                *counts
                    .entry((siren.clone(), year, number.clone()))
                    .or_default() += 1;
            }
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|(key, _)| key)
            .collect()
    }

    /// Requests received for an operation.
    #[must_use]
    pub fn requests(&self, operation: Operation) -> u64 {
        self.operations
            .get(operation.name())
            .map_or(0, |count| count.received)
    }
}

/// Requests for one operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCount {
    /// Requests whose body arrived whole, faulted ones included.
    pub received: u64,
    /// Of these, how many met a fault.
    pub faulted: u64,
}

/// One processed deposit and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Post {
    /// 1, 2, 3… in the order of arrival.
    pub sequence: usize,
    /// Time of processing, ISO 8601 in Paris.
    pub at: String,
    /// Technical account.
    pub login: String,
    /// `nomFichier`.
    pub file_name: String,
    /// `syntaxeFlux`.
    pub syntax: String,
    /// Length of the decoded file in bytes.
    pub size: usize,
    /// SHA-256 of the decoded file, lower-case hexadecimal.
    pub sha256: String,
    /// `codeRetour` of the answer, delivered or not.
    pub return_code: i32,
    /// `libelle` of the answer.
    pub label: String,
    /// `numeroFluxDepot`, when one was given.
    pub flux_number: Option<String>,
    /// BT-1.
    pub number: Option<String>,
    /// Supplier's identifier.
    pub supplier: Option<String>,
    /// SIREN, or the whole identifier of a foreign supplier.
    pub siren: Option<String>,
    /// Buyer's identifier.
    pub buyer: Option<String>,
    /// Year of BT-2.
    pub year: Option<i16>,
    /// BT-3.
    pub type_code: Option<String>,
    /// BT-5.
    pub currency: Option<String>,
    /// Amounts in that currency.
    pub totals: Option<PostTotals>,
    /// Flux state; absent while the exchange system does not know the flux.
    pub state: Option<String>,
    /// `identifiantFactureCPP`, when integrated: the invoice was accepted.
    pub invoice_id: Option<i64>,
    /// Current status of that invoice.
    pub status: Option<String>,
    /// Messages of the flux report.
    pub errors: Vec<String>,
}

/// Amounts of a deposited invoice, in its currency; decimal strings in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostTotals {
    /// BT-109.
    pub net: Option<Decimal>,
    /// BT-110.
    pub tax: Option<Decimal>,
    /// BT-112.
    pub gross: Option<Decimal>,
    /// BT-115.
    pub due: Option<Decimal>,
}

impl World {
    /// The ledger now.
    pub(crate) fn ledger(&self) -> Ledger {
        Ledger {
            now: self.clock.instant(self.clock.now()),
            posts: (1..)
                .zip(&self.receipts)
                .map(|(sequence, receipt)| self.post(sequence, receipt))
                .collect(),
            actions: self.actions.clone(),
            operations: self
                .counts
                .iter()
                .map(|(operation, count)| (operation.name().into(), *count))
                .collect(),
        }
    }

    fn post(&self, sequence: usize, receipt: &Receipt) -> Post {
        let flux = receipt.flux.and_then(|index| self.fluxes.get(index));
        let cii = flux.and_then(|flux| flux.cii());
        let invoice = flux
            .and_then(|flux| flux.invoice)
            .and_then(|index| self.invoices.get(index));
        let technical = flux
            .and_then(|flux| flux.technical_error.as_ref())
            .map(|error| error.label.clone());
        Post {
            sequence,
            at: self.clock.instant(receipt.at),
            login: receipt.login.clone(),
            file_name: receipt.file_name.clone(),
            syntax: receipt.syntax.clone(),
            size: receipt.size,
            sha256: receipt.sha256.clone(),
            return_code: receipt.return_code,
            label: receipt.label.clone(),
            flux_number: flux.map(|flux| flux.number.clone()),
            number: cii.and_then(|cii| cii.number.clone()),
            supplier: cii.and_then(|cii| cii.seller.code().map(str::to_owned)),
            siren: cii.and_then(|cii| cii.supplier_key().map(str::to_owned)),
            buyer: cii.and_then(|cii| cii.buyer.code().map(str::to_owned)),
            year: cii.and_then(|cii| cii.year()),
            type_code: cii.and_then(|cii| cii.type_code.clone()),
            currency: cii.and_then(|cii| cii.currency.clone()),
            totals: cii.map(|cii| PostTotals {
                net: cii.totals.net,
                tax: cii.totals.tax,
                gross: cii.totals.gross,
                due: cii.totals.due,
            }),
            state: flux
                .and_then(|flux| flux.state.as_ref())
                .map(|(state, _)| state.clone()),
            invoice_id: invoice.map(|invoice| invoice.id),
            status: invoice.map(|invoice| invoice.status().to_owned()),
            errors: technical
                .into_iter()
                .chain(
                    flux.into_iter()
                        .flat_map(|flux| flux.invoice_errors.clone()),
                )
                .collect(),
        }
    }
}
