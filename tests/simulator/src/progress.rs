//! How the world moves by itself: fluxes to their outcome. What follows for their invoices is in `passage`.

use jiff::{SignedDuration, Timestamp};

use crate::agenda::Event;
use crate::checks;
use crate::clock::later;
use crate::flux::{self, ForcedOutcome, TechnicalError};
use crate::state::World;

impl World {
    /// Applies everything due, oldest first; says whether anything was.
    pub(crate) fn settle(&mut self) -> bool {
        let now = self.clock.now();
        let mut moved = false;
        while let Some((at, event)) = self.agenda.take_due(now) {
            self.apply(at, event);
            moved = true;
        }
        moved
    }

    pub(crate) fn plan(&mut self, at: Timestamp, default_ms: u64, entering: &str, event: Event) {
        let ms = self
            .settings
            .delays
            .states
            .get(entering)
            .copied()
            .unwrap_or(default_ms);
        let delay = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
        self.agenda.plan(later(at, delay), event);
    }

    pub(crate) fn plan_flux(&mut self, at: Timestamp, flux: usize, step: usize) {
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
            Event::Invoice {
                invoice,
                after,
                then,
            } => self.move_on(at, invoice, after, then),
        }
    }

    /// Ends a flux: technical errors, then the checks, unless an outcome was forced.
    fn conclude(&mut self, at: Timestamp, index: usize) {
        let Some(flux) = self.fluxes.get(index) else {
            return;
        };
        let (mut errors, mut technical) = match &flux.content {
            Err(sentence) => (Vec::new(), Some(format!("IRRECEVABILITE: {sentence}"))),
            Ok(cii) => {
                let duplicate = self.settings.duplicate_rule && self.number_in_use(flux);
                (
                    checks::check(cii, &self.directory, &flux.login, duplicate),
                    None,
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
        let invoice = integrated.then(|| self.integrate(index));
        if let Some(invoice) = invoice {
            self.set_out(at, invoice);
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
}
