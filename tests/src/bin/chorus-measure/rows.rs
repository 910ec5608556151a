//! What is printed, in the shape of `cargo xtask bench --json`.

use std::time::Duration;

use serde::Serialize;

/// One measurement.
#[derive(Debug, Serialize)]
pub struct Row {
    name: &'static str,
    variant: String,
    value: f64,
    unit: &'static str,
    baseline: String,
    ratio: f64,
}

impl Row {
    /// `value`, and `ratio` to what `baseline` names.
    pub fn new(
        name: &'static str,
        variant: impl Into<String>,
        value: f64,
        unit: &'static str,
        baseline: impl Into<String>,
        ratio: f64,
    ) -> Self {
        Self {
            name,
            variant: variant.into(),
            value,
            unit,
            baseline: baseline.into(),
            ratio,
        }
    }
}

/// The time that a share of all calls stays within, in milliseconds.
pub fn percentile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index among some thousand"
    )]
    let place = (last as f64 * share).round() as usize;
    times
        .get(place)
        .map_or(f64::NAN, |time| 1000.0 * time.as_secs_f64())
}
