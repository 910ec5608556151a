//! The simulated world: everything that is known.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use crate::agenda::Agenda;
use crate::attachment::{self, Upload};
use crate::cii::Cii;
use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::directory::{Directory, IdType};
use crate::faults::Faults;
use crate::flux::{Flux, ForcedOutcome};
use crate::invoice::{Author, BY_BUYER, Invoice};
use crate::ledger::{Action, OperationCount, Receipt};
use crate::operation::Operation;
use crate::routing::Routing;
use crate::tokens::Tokens;

/// What must be unique: SIREN or foreign identifier, year of issue, number.
type Key = (String, i16, String);

/// Everything the simulator knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) directory: Directory,
    pub(crate) tokens: Tokens,
    pub(crate) faults: Faults,
    pub(crate) counts: BTreeMap<Operation, OperationCount>,
    /// Every processed deposit, in the order of arrival.
    pub(crate) receipts: Vec<Receipt>,
    /// Every processed request that acts on an invoice or uploads, in the order of arrival.
    pub(crate) actions: Vec<Action>,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) fluxes: Vec<Flux>,
    pub(crate) invoices: Vec<Invoice>,
    pub(crate) outcomes: Vec<ForcedOutcome>,
    by_flux_number: HashMap<String, usize>,
    by_invoice_id: HashMap<i64, usize>,
    /// Invoice of a number that was integrated last.
    last_of_number: HashMap<String, i64>,
    numbers_in_use: HashSet<Key>,
    pub(crate) agenda: Agenda,
    flux_sequence: u64,
    invoice_sequence: i64,
    upload_sequence: i64,
}

impl World {
    pub(crate) fn new(config: Config) -> anyhow::Result<Self> {
        Ok(Self {
            clock: Clock::new(config.clock)?,
            settings: config.settings.clone(),
            directory: Directory::new(config.credentials.account.clone(), config.all_structures()),
            tokens: Tokens::default(),
            faults: Faults::new(config.seed),
            counts: BTreeMap::new(),
            receipts: Vec::new(),
            actions: Vec::new(),
            uploads: Vec::new(),
            fluxes: Vec::new(),
            invoices: Vec::new(),
            outcomes: Vec::new(),
            by_flux_number: HashMap::new(),
            by_invoice_id: HashMap::new(),
            last_of_number: HashMap::new(),
            numbers_in_use: HashSet::new(),
            agenda: Agenda::default(),
            flux_sequence: 0,
            invoice_sequence: 8_000_000,
            upload_sequence: attachment::FIRST_ID,
            config,
        })
    }

    /// Forgets deposits, invoices, counters, faults and changed settings. Tokens, clock and sequences go on, so
    /// that nothing a client still holds comes to mean something else.
    pub(crate) fn reset(&mut self) {
        self.settings = self.config.settings.clone();
        self.directory = Directory::new(
            self.config.credentials.account.clone(),
            self.config.all_structures(),
        );
        self.faults = Faults::new(self.config.seed);
        self.counts.clear();
        self.receipts.clear();
        self.actions.clear();
        self.uploads.clear();
        self.fluxes.clear();
        self.invoices.clear();
        self.outcomes.clear();
        self.by_flux_number.clear();
        self.by_invoice_id.clear();
        self.last_of_number.clear();
        self.numbers_in_use.clear();
        self.agenda.clear();
    }

    /// Takes a readable deposit into the exchange system; returns its index.
    pub(crate) fn accept(&mut self, login: &str, file_name: String, bytes: &[u8]) -> usize {
        let index = self.keep_flux(login, file_name, bytes.len(), crate::cii::read(bytes));
        self.plan_flux(self.clock.now(), index, 0);
        index
    }

    /// Gives a flux its number; returns its index.
    pub(crate) fn keep_flux(
        &mut self,
        login: &str,
        file_name: String,
        size: usize,
        content: Result<Cii, String>,
    ) -> usize {
        self.flux_sequence += 1;
        let index = self.fluxes.len();
        let number = Flux::number(self.flux_sequence);
        self.by_flux_number.insert(number.clone(), index);
        self.fluxes.push(Flux {
            number,
            file_name,
            size,
            login: login.into(),
            deposited_at: self.clock.now(),
            content,
            state: None,
            invoice_errors: Vec::new(),
            technical_error: None,
            invoice: None,
        });
        index
    }

    /// Keeps an uploaded file; returns its number.
    pub(crate) fn keep_upload(&mut self, make: impl FnOnce(i64) -> Upload) -> i64 {
        let id = self.upload_sequence;
        self.upload_sequence += 1;
        self.uploads.push(make(id));
        id
    }

    pub(crate) fn flux_numbered(&self, number: &str) -> Option<&Flux> {
        self.by_flux_number
            .get(number)
            .and_then(|index| self.fluxes.get(*index))
    }

    pub(crate) fn invoice_by_id(&self, id: i64) -> Option<&Invoice> {
        self.by_invoice_id
            .get(&id)
            .and_then(|index| self.invoices.get(*index))
    }

    /// The invoice of that number that was integrated last.
    pub(crate) fn last_integrated(&self, number: &str) -> Option<i64> {
        self.last_of_number.get(number).copied()
    }

    pub(crate) fn invoice_mut(&mut self, id: i64) -> Option<&mut Invoice> {
        let index = *self.by_invoice_id.get(&id)?;
        self.invoices.get_mut(index)
    }

    /// Somebody sets a status, now or at another time. False when there is no such invoice.
    pub(crate) fn set_status(
        &mut self,
        id: i64,
        status: &str,
        comment: Option<String>,
        at: Option<Timestamp>,
    ) -> bool {
        let now = self.clock.now();
        let Some(index) = self.by_invoice_id.get(&id).copied() else {
            return false;
        };
        let by = match BY_BUYER.contains(&status) {
            true => Author::Buyer,
            false => Author::System,
        };
        if let Some(invoice) = self.invoices.get_mut(index) {
            invoice.pass(status, at.unwrap_or(now), comment, by);
        }
        self.follow(now, index);
        true
    }

    /// The invoice goes to its buyer anew: as deposited, with a new routing.
    pub(crate) fn send_again(&mut self, id: i64, comment: Option<String>) {
        let now = self.clock.now();
        if let Some(index) = self.by_invoice_id.get(&id).copied() {
            self.enter(now, index, "DEPOSEE", comment);
        }
    }

    /// Whether an integrated invoice has the number of this flux's.
    pub(crate) fn number_in_use(&self, flux: &Flux) -> bool {
        key(flux).is_some_and(|key| self.numbers_in_use.contains(&key))
    }

    /// Makes the invoice of a flux, still without a status; returns its index.
    pub(crate) fn integrate(&mut self, flux_index: usize) -> usize {
        self.invoice_sequence += 1;
        let (id, index) = (self.invoice_sequence, self.invoices.len());
        let flux = self.fluxes.get(flux_index);
        let find = |identifier: Option<&(IdType, String)>| {
            let (id_type, code) = identifier?;
            self.directory
                .find(*id_type, code)
                .map(|structure| structure.id)
        };
        let cii = flux.and_then(Flux::cii);
        let routing = cii.map(Routing::of).unwrap_or_default();
        let mut invoice = Invoice::new(id, flux_index, routing);
        invoice.supplier = find(cii.and_then(|cii| cii.seller.identifier.as_ref()));
        invoice.buyer = find(cii.and_then(|cii| cii.buyer.identifier.as_ref()));
        let number = cii.and_then(|cii| cii.number.clone());
        self.last_of_number
            .extend(number.map(|number| (number, id)));
        self.numbers_in_use.extend(flux.and_then(key));
        self.by_invoice_id.insert(id, index);
        self.invoices.push(invoice);
        index
    }
}

/// The uniqueness key of a flux, when its invoice has all three parts.
fn key(flux: &Flux) -> Option<Key> {
    let cii = flux.cii()?;
    Some((cii.supplier_key()?.into(), cii.year()?, cii.number.clone()?))
}
