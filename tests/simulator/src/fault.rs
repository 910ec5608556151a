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
    pub(crate) fn problem(&self) -> Option<&'static str> {
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
