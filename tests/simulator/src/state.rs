//! The simulated world: everything that is known, moved forward in the order of time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use crate::checks;
use crate::clock::{Clock, later};
use crate::config::{Config, Settings};
use crate::directory::{Directory, IdType};
use crate::faults::Faults;
use crate::flux::{self, Flux, ForcedOutcome, TechnicalError};
use crate::invoice::{AUTOMATIC, Invoice};
use crate::ledger::{OperationCount, Receipt};
use crate::operation::Operation;
use crate::tokens::Tokens;

/// What happens at a time. Ordered so that equal times keep the order in which they were planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The flux enters the step-th state of its path, or its outcome after the last.
    Flux { flux: usize, step: usize },
    /// The invoice enters the step-th automatic status, unless somebody acted on it before.
    Invoice { invoice: usize, step: usize },
    /// The automatic buyer sets the step-th status of its script, unless somebody acted after passage `after`.
    Buyer {
        invoice: usize,
        step: usize,
        after: i64,
    },
}

/// SIREN or foreign identifier, year of issue, number.
pub(crate) type Key = (String, i16, String);

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
    pub(crate) fluxes: Vec<Flux>,
    pub(crate) invoices: Vec<Invoice>,
    pub(crate) outcomes: Vec<ForcedOutcome>,
    by_flux_number: HashMap<String, usize>,
    by_invoice_id: HashMap<i64, usize>,
    numbers_in_use: HashSet<Key>,
    events: BinaryHeap<Reverse<(Timestamp, u64, Event)>>,
    planned: u64,
    flux_sequence: u64,
    invoice_sequence: i64,
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
            fluxes: Vec::new(),
            invoices: Vec::new(),
            outcomes: Vec::new(),
            by_flux_number: HashMap::new(),
            by_invoice_id: HashMap::new(),
            numbers_in_use: HashSet::new(),
            events: BinaryHeap::new(),
            planned: 0,
            flux_sequence: 0,
            invoice_sequence: 8_000_000,
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
        self.fluxes.clear();
        self.invoices.clear();
        self.outcomes.clear();
        self.by_flux_number.clear();
        self.by_invoice_id.clear();
        self.numbers_in_use.clear();
        self.events.clear();
    }

    /// Applies everything due, oldest first; says whether anything was.
    pub(crate) fn settle(&mut self) -> bool {
        let now = self.clock.now();
        let mut moved = false;
        while let Some(Reverse((at, _, event))) = self.events.peek().copied() {
            if at > now {
                break;
            }
            self.events.pop();
            self.apply(at, event);
            moved = true;
        }
        moved
    }

    /// When the next automatic step is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.events.peek().map(|Reverse((at, ..))| *at)
    }

    /// Takes a readable deposit into the exchange system; returns its index.
    pub(crate) fn accept(&mut self, login: &str, file_name: String, bytes: &[u8]) -> usize {
        self.flux_sequence += 1;
        let now = self.clock.now();
        let index = self.fluxes.len();
        let number = Flux::number(self.flux_sequence);
        self.by_flux_number.insert(number.clone(), index);
        self.fluxes.push(Flux {
            number,
            file_name,
            login: login.into(),
            deposited_at: now,
            content: crate::cii::read(bytes),
            state: None,
            invoice_errors: Vec::new(),
            technical_error: None,
            invoice: None,
        });
        self.plan_flux(now, index, 0);
        index
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
        let is_it = |invoice: &&Invoice| {
            let cii = self.fluxes.get(invoice.flux).and_then(Flux::cii);
            cii.and_then(|cii| cii.number.as_deref()) == Some(number)
        };
        self.invoices
            .iter()
            .rev()
            .find(is_it)
            .map(|invoice| invoice.id)
    }

    /// Somebody sets a status now. False when there is no such invoice.
    pub(crate) fn set_status(&mut self, id: i64, status: &str, comment: Option<String>) -> bool {
        let now = self.clock.now();
        let invoice = self
            .by_invoice_id
            .get(&id)
            .and_then(|index| self.invoices.get_mut(*index));
        invoice
            .map(|invoice| invoice.pass(status, now, comment))
            .is_some()
    }

    fn plan(&mut self, at: Timestamp, default_ms: u64, entering: &str, event: Event) {
        let ms = self
            .settings
            .delays
            .states
            .get(entering)
            .copied()
            .unwrap_or(default_ms);
        let delay = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
        self.planned += 1;
        self.events
            .push(Reverse((later(at, delay), self.planned, event)));
    }

    fn plan_flux(&mut self, at: Timestamp, flux: usize, step: usize) {
        let entering = flux::PATH.get(step).copied().unwrap_or(flux::INTEGRATED);
        let default_ms = if step == 0 {
            0
        } else {
            self.settings.delays.flux_ms
        };
        self.plan(at, default_ms, entering, Event::Flux { flux, step });
    }

    fn apply(&mut self, at: Timestamp, event: Event) {
        match event {
            Event::Flux { flux, step } => match flux::PATH.get(step) {
                Some(state) => {
                    if let Some(flux) = self.fluxes.get_mut(flux) {
                        flux.state = Some(((*state).into(), at));
                    }
                    self.plan_flux(at, flux, step + 1);
                }
                None => self.conclude(at, flux),
            },
            Event::Invoice { invoice, step } => self.carry_on(at, invoice, step),
            Event::Buyer {
                invoice,
                step,
                after,
            } => self.buyer_acts(at, invoice, step, after),
        }
    }

    /// Ends a flux: technical errors, then the checks, unless an outcome was forced.
    fn conclude(&mut self, at: Timestamp, index: usize) {
        let Some(flux) = self.fluxes.get(index) else {
            return;
        };
        let (mut errors, mut technical, key) = match &flux.content {
            Err(sentence) => (
                Vec::new(),
                Some(format!("IRRECEVABILITE: {sentence}")),
                None,
            ),
            Ok(cii) => {
                let key = Self::key(flux);
                let used = key
                    .as_ref()
                    .is_some_and(|key| self.numbers_in_use.contains(key));
                let duplicate = used && self.settings.duplicate_rule;
                (
                    checks::check(cii, &self.directory, &flux.login, duplicate),
                    None,
                    key,
                )
            }
        };
        let readable = technical.is_none();
        let clean = readable && errors.is_empty();
        let forced = flux
            .cii()
            .and_then(|cii| cii.number.clone())
            .and_then(|number| self.take_outcome(&number));
        let state = match &forced {
            Some(outcome) => outcome.state.clone(),
            None if clean => flux::INTEGRATED.into(),
            None => flux::REJECTED.into(),
        };
        let integrated = match state.as_str() {
            flux::INTEGRATED => readable,
            flux::PARTIAL => clean,
            _ => false,
        };
        match forced.and_then(|outcome| outcome.message) {
            Some(message) if state.starts_with("QP_") => technical = Some(message),
            Some(message) => errors = vec![message],
            None if integrated => errors.clear(),
            None => {}
        }
        let invoice = integrated.then(|| self.integrate(at, index));
        if let (Some(key), true) = (key, integrated) {
            self.numbers_in_use.insert(key);
        }
        if let Some(flux) = self.fluxes.get_mut(index) {
            flux.state = Some((state, at));
            flux.invoice_errors = errors;
            flux.technical_error = technical.map(|label| TechnicalError {
                code: "ERR_XSD_001",
                label,
            });
            flux.invoice = invoice;
        }
    }

    fn take_outcome(&mut self, number: &str) -> Option<ForcedOutcome> {
        let position = self
            .outcomes
            .iter()
            .position(|outcome| outcome.number == number)?;
        let outcome = self.outcomes.get_mut(position)?;
        let taken = outcome.clone();
        outcome.count = outcome.count.saturating_sub(1);
        if outcome.count == 0 {
            self.outcomes.remove(position);
        }
        Some(taken)
    }

    /// The uniqueness key of a flux, when its invoice has all three parts.
    pub(crate) fn key(flux: &Flux) -> Option<Key> {
        let cii = flux.cii()?;
        Some((cii.supplier_key()?.into(), cii.year()?, cii.number.clone()?))
    }

    fn integrate(&mut self, at: Timestamp, flux: usize) -> usize {
        self.invoice_sequence += 1;
        let (id, index) = (self.invoice_sequence, self.invoices.len());
        let cii = self.fluxes.get(flux).and_then(Flux::cii);
        let find = |identifier: Option<&(IdType, String)>| {
            identifier
                .and_then(|(id_type, code)| self.directory.find(*id_type, code))
                .map(|structure| structure.id)
        };
        let supplier = find(cii.and_then(|cii| cii.seller.identifier.as_ref()));
        let buyer = find(cii.and_then(|cii| cii.buyer.identifier.as_ref()));
        self.by_invoice_id.insert(id, index);
        self.invoices.push(Invoice::new(id, flux, supplier, buyer));
        self.carry_on(at, index, 0);
        index
    }

    /// Enters the step-th automatic status and plans what follows it.
    fn carry_on(&mut self, at: Timestamp, index: usize, step: usize) {
        let Some(invoice) = self.invoices.get_mut(index) else {
            return;
        };
        let Some(status) = AUTOMATIC
            .get(step)
            .filter(|_| invoice.history().len() == step)
        else {
            return;
        };
        invoice.pass(status, at, None);
        let after = invoice.current().map_or(0, |passage| passage.id);
        match AUTOMATIC.get(step + 1) {
            Some(next) => {
                let ms = self.settings.delays.invoice_ms;
                self.plan(
                    at,
                    ms,
                    next,
                    Event::Invoice {
                        invoice: index,
                        step: step + 1,
                    },
                );
            }
            None => self.plan_buyer(at, index, 0, after),
        }
    }

    fn plan_buyer(&mut self, at: Timestamp, invoice: usize, step: usize, after: i64) {
        if let Some(status) = self.settings.buyer_script.get(step).cloned() {
            let ms = self.settings.delays.buyer_ms;
            self.plan(
                at,
                ms,
                &status,
                Event::Buyer {
                    invoice,
                    step,
                    after,
                },
            );
        }
    }

    fn buyer_acts(&mut self, at: Timestamp, index: usize, step: usize, after: i64) {
        let Some(status) = self.settings.buyer_script.get(step).cloned() else {
            return;
        };
        let Some(invoice) = self.invoices.get_mut(index) else {
            return;
        };
        let buyer = invoice.buyer.and_then(|id| self.directory.by_id(id));
        let unreported = status == "MISE_EN_PAIEMENT"
            && buyer.is_some_and(|buyer| buyer.spec.payment_not_reported);
        if unreported || invoice.current().is_none_or(|passage| passage.id != after) {
            return;
        }
        invoice.pass(&status, at, None);
        let after = invoice.current().map_or(0, |passage| passage.id);
        self.plan_buyer(at, index, step + 1, after);
    }
}
