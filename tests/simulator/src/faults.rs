//! Faults: what goes wrong between a client and Chorus Pro, before or after the request was processed.

use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// What the client sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The ordinary answer, late.
    #[default]
    Delay,
    /// The connection is closed without an answer.
    Close,
    /// No answer, and the connection stays open: a half-open peer.
    Hang,
    /// The given HTTP status instead of the answer.
    Status,
}

/// A fault; also the JSON shape of `/_simulator/faults`, where every field but `effect` may be left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Operation it strikes; all when absent.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// What the client sees.
    pub effect: Effect,
    /// Whether the request is processed nevertheless, so that only the answer is lost.
    #[serde(default)]
    pub processed: bool,
    /// Milliseconds before anything happens, processing included: a request may thus be processed after the
    /// client gave up, as behind a real gateway.
    #[serde(default)]
    pub latency_ms: u64,
    /// HTTP status, needed by the effect `status`.
    #[serde(default)]
    pub status: Option<u16>,
    /// Value of `Retry-After`, in seconds.
    #[serde(default)]
    pub retry_after_s: Option<u32>,
    /// Body of that answer; empty when absent.
    #[serde(default)]
    pub body: String,
    /// Its content type.
    #[serde(default)]
    pub content_type: Option<String>,
    /// Chance that a request is struck, 0 to 1; 1 when absent.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many requests it strikes before it is spent; no limit when absent.
    #[serde(default)]
    pub count: Option<u64>,
}

fn always() -> f64 {
    1.0
}

impl Fault {
    fn new(effect: Effect, processed: bool) -> Self {
        Self {
            operation: None,
            effect,
            processed,
            latency_ms: 0,
            status: None,
            retry_after_s: None,
            body: String::new(),
            content_type: None,
            probability: always(),
            count: None,
        }
    }

    /// Closes the connection; the request is not processed.
    #[must_use]
    pub fn refuse() -> Self {
        Self::new(Effect::Close, false)
    }

    /// Processes the request, then closes the connection without an answer.
    #[must_use]
    pub fn drop_after() -> Self {
        Self::new(Effect::Close, true)
    }

    /// Never answers; the request is not processed.
    #[must_use]
    pub fn hang() -> Self {
        Self::new(Effect::Hang, false)
    }

    /// Processes the request, then never answers.
    #[must_use]
    pub fn hang_after() -> Self {
        Self::new(Effect::Hang, true)
    }

    /// Answers with a bare HTTP status; the request is not processed.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            ..Self::new(Effect::Status, false)
        }
    }

    /// Answers with an HTML page, as gateways and maintenance pages do; the request is not processed.
    #[must_use]
    pub fn html(status: u16) -> Self {
        let body = format!(
            "<!DOCTYPE html><html><head><title>{status}</title></head><body>Maintenance</body></html>"
        );
        Self {
            body,
            content_type: Some("text/html; charset=utf-8".into()),
            ..Self::status(status)
        }
    }

    /// The ordinary answer, this late.
    #[must_use]
    pub fn latency_ms(latency_ms: u64) -> Self {
        Self {
            latency_ms,
            ..Self::new(Effect::Delay, true)
        }
    }

    /// Strikes that operation alone.
    #[must_use]
    pub fn on(self, operation: Operation) -> Self {
        Self {
            operation: Some(operation),
            ..self
        }
    }

    /// Strikes so many requests.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// Strikes with that chance, 0 to 1.
    #[must_use]
    pub fn with_probability(self, probability: f64) -> Self {
        Self {
            probability,
            ..self
        }
    }

    /// Processes the request although the answer is this fault's.
    #[must_use]
    pub fn but_processed(self) -> Self {
        Self {
            processed: true,
            ..self
        }
    }

    /// Adds `Retry-After`.
    #[must_use]
    pub fn retry_after_s(self, seconds: u32) -> Self {
        Self {
            retry_after_s: Some(seconds),
            ..self
        }
    }

    /// Why the fault makes no sense, if it does not.
    fn problem(&self) -> Option<&'static str> {
        let status_fits = self
            .status
            .is_some_and(|status| (200..=599).contains(&status));
        match self.effect {
            Effect::Status if !status_fits => {
                Some("effect \"status\" needs a \"status\" from 200 to 599")
            }
            _ if !(0.0..=1.0).contains(&self.probability) => {
                Some("\"probability\" must lie between 0 and 1")
            }
            _ => None,
        }
    }
}

/// The faults set, and the generator that draws them.
#[derive(Debug)]
pub(crate) struct Faults {
    set: Vec<Fault>,
    generator: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            set: Vec::new(),
            generator: seed,
        }
    }

    /// The faults that are not spent.
    pub(crate) fn set(&self) -> &[Fault] {
        &self.set
    }

    /// Replaces all faults.
    pub(crate) fn replace(&mut self, faults: Vec<Fault>) -> Result<(), &'static str> {
        match faults.iter().find_map(Fault::problem) {
            Some(problem) => Err(problem),
            None => {
                self.set = faults;
                Ok(())
            }
        }
    }

    /// Adds a fault behind the others.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), &'static str> {
        match fault.problem() {
            Some(problem) => Err(problem),
            None => {
                self.set.push(fault);
                Ok(())
            }
        }
    }

    /// The fault that strikes this request: the first that matches and is drawn.
    pub(crate) fn strike(&mut self, operation: Operation) -> Option<Fault> {
        for index in 0..self.set.len() {
            let drawn = self.draw();
            let Some(fault) = self.set.get_mut(index) else {
                break;
            };
            let spent = fault.count == Some(0);
            if spent
                || fault.operation.is_some_and(|only| only != operation)
                || drawn >= fault.probability
            {
                continue;
            }
            let struck = fault.clone();
            if let Some(left) = &mut fault.count {
                *left = left.saturating_sub(1);
            }
            self.set.retain(|fault| fault.count != Some(0));
            return Some(struck);
        }
        None
    }

    /// A number in [0, 1): SplitMix64, so that a seed repeats a run.
    fn draw(&mut self) -> f64 {
        self.generator = self.generator.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.generator;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let top = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(u32::MAX);
        f64::from(top) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_its_operation_until_it_is_spent() {
        let mut faults = Faults::new(1);
        faults
            .replace(vec![Fault::refuse().on(Operation::DeposerFlux).times(2)])
            .unwrap();
        assert!(faults.strike(Operation::Token).is_none());
        assert!(faults.strike(Operation::DeposerFlux).is_some());
        assert!(faults.strike(Operation::DeposerFlux).is_some());
        assert!(faults.strike(Operation::DeposerFlux).is_none());
        assert!(faults.set().is_empty());
    }

    #[test]
    fn probability_is_drawn_and_a_seed_repeats_it() {
        let run = |seed| {
            let mut faults = Faults::new(seed);
            faults
                .replace(vec![Fault::status(503).with_probability(0.25)])
                .unwrap();
            (0..1000)
                .map(|_| faults.strike(Operation::Token).is_some())
                .collect::<Vec<_>>()
        };
        let struck = run(7).into_iter().filter(|struck| *struck).count();
        assert!((200..300).contains(&struck), "{struck}");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn senseless_faults_are_refused() {
        let mut faults = Faults::new(1);
        let no_status = Fault {
            status: None,
            ..Fault::status(503)
        };
        assert!(faults.add(no_status).is_err());
        assert!(
            faults
                .replace(vec![Fault::refuse().with_probability(1.5)])
                .is_err()
        );
    }
}
