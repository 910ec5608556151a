//! Section `[agent]`: how the agent works.

use std::time::Duration;

use serde::Deserialize;

use super::{ConfigError, LEASE_MARGIN};
use crate::pace::Pace;

/// Section `[agent]`. Times are in seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentSection {
    /// Tasks worked on at once.
    pub workers: usize,
    /// How long a claimed task belongs to its worker; longer than `deposit_timeout_seconds` + 10 and `timeout_seconds` + 10.
    pub lease_seconds: f64,
    /// How often the queue is read when nothing wakes the agent.
    pub poll_interval_seconds: f64,
    /// How often leases that ran out are dealt with and the heartbeat is written.
    pub reap_interval_seconds: f64,
    /// How long after lease and POST time-out a deposit is looked for before it is sent again.
    pub uncertain_window_seconds: f64,
    /// How often Chorus Pro is asked for changed statuses of a supplier.
    pub follow_interval_seconds: f64,
    /// One factor on every interval above but the lease, and on back-off; below 1 only for tests.
    pub time_scale: f64,
    /// Time to establish a connection; for what must not be done late four seconds at most.
    pub connect_timeout_seconds: f64,
    /// Time for a whole call.
    pub timeout_seconds: f64,
    /// Time for the call that deposits.
    pub deposit_timeout_seconds: f64,
    /// Results asked for per page of a search.
    pub page_size: u32,
    /// Calls per second that all agents of one PISTE application may make together.
    pub requests_per_second: f64,
    /// Calls that may be made at once after a quiet time.
    pub burst: f64,
    /// How long running calls may still finish after the first SIGTERM.
    pub shutdown_seconds: f64,
}

impl Default for AgentSection {
    fn default() -> Self {
        Self {
            workers: 4,
            lease_seconds: 360.0,
            poll_interval_seconds: 1.0,
            reap_interval_seconds: 10.0,
            uncertain_window_seconds: 7200.0,
            follow_interval_seconds: 3600.0,
            time_scale: 1.0,
            connect_timeout_seconds: 10.0,
            timeout_seconds: 60.0,
            deposit_timeout_seconds: 300.0,
            page_size: 100,
            requests_per_second: 2.0,
            burst: 10.0,
            shutdown_seconds: 30.0,
        }
    }
}

impl AgentSection {
    /// Checks that the values make sense together.
    ///
    /// # Errors
    /// A time is not positive, or the lease could run out while a call is on its way.
    pub fn checked(self) -> Result<Self, ConfigError> {
        let positive = [
            ("agent.lease_seconds", self.lease_seconds),
            ("agent.poll_interval_seconds", self.poll_interval_seconds),
            ("agent.reap_interval_seconds", self.reap_interval_seconds),
            (
                "agent.uncertain_window_seconds",
                self.uncertain_window_seconds,
            ),
            (
                "agent.follow_interval_seconds",
                self.follow_interval_seconds,
            ),
            ("agent.time_scale", self.time_scale),
            (
                "agent.connect_timeout_seconds",
                self.connect_timeout_seconds,
            ),
            ("agent.timeout_seconds", self.timeout_seconds),
            (
                "agent.deposit_timeout_seconds",
                self.deposit_timeout_seconds,
            ),
            ("agent.requests_per_second", self.requests_per_second),
            ("agent.burst", self.burst),
            ("agent.shutdown_seconds", self.shutdown_seconds),
        ];
        for (key, value) in positive {
            // A year, in seconds: far beyond any sense, far below what Duration and timestamptz hold.
            if !(value > 0.0 && value <= 31_536_000.0) {
                return Err(ConfigError::Setting {
                    key,
                    reason: format!("is {value}: give a positive number"),
                });
            }
        }
        if self.workers == 0 || self.workers > 256 {
            return Err(ConfigError::Setting {
                key: "agent.workers",
                reason: "should be 1 to 256".into(),
            });
        }
        if self.page_size == 0 || self.page_size > 1000 {
            return Err(ConfigError::Setting {
                key: "agent.page_size",
                reason: "should be 1 to 1000".into(),
            });
        }
        if self.burst < 1.0 {
            return Err(ConfigError::Setting {
                key: "agent.burst",
                reason: "should be 1 or more".into(),
            });
        }
        let calls = [
            (
                "agent.deposit_timeout_seconds",
                self.deposit_timeout_seconds,
            ),
            ("agent.timeout_seconds", self.timeout_seconds),
        ];
        for (key, seconds) in calls {
            let least = seconds + LEASE_MARGIN.as_secs_f64();
            if self.lease_seconds <= least {
                return Err(ConfigError::Setting {
                    key: "agent.lease_seconds",
                    reason: format!(
                        "is {}: it must exceed {key} + {} = {least}, else a lease could run out while its call is on the way",
                        self.lease_seconds,
                        LEASE_MARGIN.as_secs(),
                    ),
                });
            }
        }
        Ok(self)
    }

    /// The pace of intervals and back-off.
    pub fn pace(&self) -> Pace {
        Pace::new(self.time_scale)
    }

    /// How often the queue is read without being woken, scaled.
    pub fn poll_interval(&self) -> Duration {
        let seconds = Duration::from_secs_f64(self.poll_interval_seconds);
        self.pace().interval(seconds)
    }

    /// How long a claim lasts.
    pub fn lease(&self) -> Duration {
        Duration::from_secs_f64(self.lease_seconds)
    }

    /// Time limit of the call that deposits.
    pub fn deposit_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.deposit_timeout_seconds)
    }

    /// Time limit of a call that answers a buyer: two of them, with a fresh token between, fit into a lease.
    pub fn action_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.timeout_seconds).min(self.lease() / 3)
    }

    /// From the commit of a deposit until nobody expects it at Chorus Pro any more.
    pub fn lost_after(&self) -> Duration {
        self.lease()
            + self.deposit_timeout()
            + self
                .pace()
                .interval(Duration::from_secs_f64(self.uncertain_window_seconds))
    }
}
