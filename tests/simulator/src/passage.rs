//! How an invoice moves by itself: past its validators, to its buyer, along the scripts of both.

use jiff::Timestamp;

use crate::agenda::{Event, Move};
use crate::invoice::{Author, Invoice, TO_VALIDATE, VALIDATED_FRAMEWORKS, WITH_REASON};
use crate::state::World;

/// Reason of a scripted status that needs one and names none.
const SOME_REASON: &str = "Justificatif absent ou insuffisant";
/// What becomes of an invoice that nobody validates in time.
const LAPSED: [&str; 2] = [
    "ABSENCE_VALIDATION_1_HORS_DELAI",
    "ABSENCE_VALIDATION_2_HORS_DELAI",
];

impl World {
    /// Gives an integrated invoice its first status.
    pub(crate) fn set_out(&mut self, at: Timestamp, index: usize) {
        let flux = self.invoices.get(index).map(|invoice| invoice.flux);
        let cii = flux.and_then(|flux| self.fluxes.get(flux)?.cii());
        let framework = cii.and_then(|cii| cii.framework.as_deref());
        let validated = framework.is_some_and(|code| VALIDATED_FRAMEWORKS.contains(&code));
        let first = if validated { TO_VALIDATE[0] } else { "DEPOSEE" };
        self.enter(at, index, first, None);
    }

    /// Applies a planned move, unless somebody acted after passage `after`.
    pub(crate) fn move_on(&mut self, at: Timestamp, index: usize, after: i64, then: Move) {
        let invoice = self.invoices.get(index);
        if invoice.map(Invoice::last_id) != Some(after) {
            return;
        }
        match then {
            Move::Enter(status) => self.enter(at, index, status, None),
            Move::Validator => self.validator_acts(at, index),
            Move::Buyer => self.buyer_acts(at, index),
        }
    }

    /// Chorus Pro moves the invoice and plans what follows.
    pub(crate) fn enter(
        &mut self,
        at: Timestamp,
        index: usize,
        status: &str,
        comment: Option<String>,
    ) {
        let Some(invoice) = self.invoices.get_mut(index) else {
            return;
        };
        invoice.pass(status, at, comment, Author::System);
        match status {
            "DEPOSEE" => self.plan_status(at, index, "EN_COURS_ACHEMINEMENT"),
            "EN_COURS_ACHEMINEMENT" => self.plan_status(at, index, "MISE_A_DISPOSITION"),
            "MISE_A_DISPOSITION" => self.plan_buyer(at, index),
            _ => self.follow(at, index),
        }
    }

    /// Plans what follows the current status whoever set it. A buyer's statuses are followed by nothing.
    pub(crate) fn follow(&mut self, at: Timestamp, index: usize) {
        match self.invoices.get(index).map_or("", Invoice::status) {
            "A_VALIDER_1" => self.plan_validator(at, index, LAPSED[0]),
            "A_VALIDER_2" => self.plan_validator(at, index, LAPSED[1]),
            "VALIDEE_1" if self.settings.second_validator => {
                self.plan_status(at, index, TO_VALIDATE[1]);
            }
            "VALIDEE_1" | "VALIDEE_2" => self.plan_status(at, index, "DEPOSEE"),
            "COMPLETEE" => self.plan_buyer(at, index),
            _ => {}
        }
    }

    fn plan_move(&mut self, at: Timestamp, index: usize, ms: u64, status: &str, then: Move) {
        let after = self.invoices.get(index).map_or(0, Invoice::last_id);
        let invoice = index;
        self.plan(
            at,
            ms,
            status,
            Event::Invoice {
                invoice,
                after,
                then,
            },
        );
    }

    fn plan_status(&mut self, at: Timestamp, index: usize, status: &'static str) {
        let ms = self.settings.delays.invoice_ms;
        self.plan_move(at, index, ms, status, Move::Enter(status));
    }

    fn plan_validator(&mut self, at: Timestamp, index: usize, lapsed: &'static str) {
        if let Some((status, _)) = self.next_of_validator(index) {
            let ms = self.settings.delays.validator_ms;
            self.plan_move(at, index, ms, &status, Move::Validator);
        }
        if let Some(ms) = self.settings.delays.states.get(lapsed).copied() {
            self.plan_move(at, index, ms, lapsed, Move::Enter(lapsed));
        }
    }

    fn plan_buyer(&mut self, at: Timestamp, index: usize) {
        if let Some((status, _)) = self.next_of_buyer(index) {
            let ms = self.settings.delays.buyer_ms;
            self.plan_move(at, index, ms, &status, Move::Buyer);
        }
    }

    fn next_of_validator(&self, index: usize) -> Option<(String, Option<String>)> {
        let step = self.invoices.get(index)?.scripted.validator;
        self.settings
            .validator_script
            .get(step)
            .map(|entry| scripted(entry))
    }

    fn next_of_buyer(&self, index: usize) -> Option<(String, Option<String>)> {
        let invoice = self.invoices.get(index)?;
        let buyer = invoice.buyer.and_then(|id| self.directory.by_id(id));
        let own = buyer.and_then(|buyer| buyer.spec.buyer_script.as_ref());
        let script = own.unwrap_or(&self.settings.buyer_script);
        script
            .get(invoice.scripted.buyer)
            .map(|entry| scripted(entry))
    }

    fn validator_acts(&mut self, at: Timestamp, index: usize) {
        let next = self.next_of_validator(index);
        let (Some((status, reason)), Some(invoice)) = (next, self.invoices.get_mut(index)) else {
            return;
        };
        invoice.scripted.validator += 1;
        invoice.pass(&status, at, reason, Author::System);
        self.follow(at, index);
    }

    /// Sets the next status of the script; a status that returns the invoice to the supplier is waited upon.
    fn buyer_acts(&mut self, at: Timestamp, index: usize) {
        let next = self.next_of_buyer(index);
        let (Some((status, reason)), Some(invoice)) = (next, self.invoices.get_mut(index)) else {
            return;
        };
        let buyer = invoice.buyer.and_then(|id| self.directory.by_id(id));
        let unreported = buyer.is_some_and(|buyer| {
            let code = invoice.routing.service_code.as_deref();
            let service = code.and_then(|code| buyer.service(code));
            buyer.spec.payment_not_reported || service.is_some_and(|one| one.payment_not_reported)
        });
        if unreported && status == "MISE_EN_PAIEMENT" {
            return;
        }
        let needs_reason = WITH_REASON.contains(&status.as_str());
        let reason = reason.or_else(|| needs_reason.then(|| SOME_REASON.into()));
        invoice.scripted.buyer += 1;
        invoice.pass(&status, at, reason, Author::Buyer);
        if !matches!(status.as_str(), "SUSPENDUE" | "A_RECYCLER") {
            self.plan_buyer(at, index);
        }
    }
}

/// `STATUS` or `STATUS=reason`.
fn scripted(entry: &str) -> (String, Option<String>) {
    match entry.split_once('=') {
        Some((status, reason)) => (status.into(), Some(reason.into())),
        None => (entry.into(), None),
    }
}
