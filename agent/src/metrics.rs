//! What this process has done since it started, for Prometheus. No invoice, supplier or person is ever a label.
//!
//! One set per process, as a process has one `/metrics`: counting needs no way to whoever counts.

use std::{sync::LazyLock, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode_registry},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::chorus::error::{ApiError, Operation};

/// Bounds of the histograms of durations, in seconds: from an answer out of memory to the time-out of a deposit.
const BOUNDS: [f64; 12] = [
    0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0,
];

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

type Words = [(&'static str, &'static str); 1];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    kind: &'static str,
    result: &'static str,
}

struct Metrics {
    registry: Registry,
    tasks: Family<Ended, Counter>,
    task_seconds: Family<Words, Histogram>,
    deposits: Family<Words, Counter>,
    call_seconds: Family<Words, Histogram>,
    errors: Family<Words, Counter>,
    taken_back: Counter,
    listening: Gauge,
}

impl Metrics {
    fn new() -> Self {
        let mut registry = Registry::with_prefix("chorus_agent");
        let durations =
            || Family::new_with_constructor((|| Histogram::new(BOUNDS)) as fn() -> Histogram);
        let metrics = Self {
            tasks: Family::default(),
            task_seconds: durations(),
            deposits: Family::default(),
            call_seconds: durations(),
            errors: Family::default(),
            taken_back: Counter::default(),
            listening: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register(
            "tasks",
            "Tasks that ended, by kind and result (done, failed, waiting: for a permit)",
            metrics.tasks.clone(),
        );
        registry.register_with_unit(
            "task_duration",
            "From the claim of a task to its end, by kind",
            Unit::Seconds,
            metrics.task_seconds.clone(),
        );
        registry.register(
            "deposits",
            "Deposits, by result (deposited, refused, unknown, abandoned)",
            metrics.deposits.clone(),
        );
        registry.register_with_unit(
            "call_duration",
            "Calls to PISTE and Chorus Pro, by operation",
            Unit::Seconds,
            metrics.call_seconds.clone(),
        );
        registry.register(
            "call_errors",
            "Calls that failed, by kind of error",
            metrics.errors.clone(),
        );
        registry.register(
            "leases_taken_back",
            "Tasks taken back because their lease had ended",
            metrics.taken_back.clone(),
        );
        registry.register(
            "listening",
            "1 while the connection that listens for new tasks is up",
            metrics.listening.clone(),
        );
        Self {
            registry,
            ..metrics
        }
    }
}

/// A task of `kind` has ended after `duration` with `result`.
pub fn task_ended(kind: &'static str, result: &'static str, duration: Duration) {
    METRICS.tasks.get_or_create(&Ended { kind, result }).inc();
    let seconds = METRICS.task_seconds.get_or_create(&[("kind", kind)]);
    seconds.observe(duration.as_secs_f64());
}

/// A deposit has come to `result`.
pub fn deposited(result: &'static str) {
    METRICS.deposits.get_or_create(&[("result", result)]).inc();
}

/// A call has ended after `duration`.
pub fn called<T>(operation: Operation, duration: Duration, result: &Result<T, ApiError>) {
    let seconds = METRICS
        .call_seconds
        .get_or_create(&[("operation", operation.path())]);
    seconds.observe(duration.as_secs_f64());
    if let Err(error) = result {
        let kind = error.rule().kind.word();
        METRICS.errors.get_or_create(&[("kind", kind)]).inc();
    }
}

/// Leases of `count` tasks had ended.
pub fn taken_back(count: u64) {
    METRICS.taken_back.inc_by(count);
}

/// The connection that listens is up, or not.
pub fn listening(up: bool) {
    METRICS.listening.set(up.into());
}

/// Appends everything in Prometheus' text format, without its end.
///
/// # Errors
/// None that is known: a `String` takes everything.
pub fn encode(text: &mut String) -> std::fmt::Result {
    encode_registry(text, &METRICS.registry)
}
