//! How fast the agent goes: every waiting time it chooses by itself, multiplied by one factor.
//!
//! Leases and HTTP time-outs are promises about the outside world and are never scaled.

use std::time::Duration;

use rand::RngExt as _;

/// Below this, a loop would only burn processor time.
const FLOOR: Duration = Duration::from_millis(20);

/// The factor that scales intervals, windows and back-off (`agent.time_scale`; 1 in real life).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    scale: f64,
}

impl Pace {
    /// A pace that multiplies every interval by `scale` (positive and finite; the configuration checks it).
    pub fn new(scale: f64) -> Self {
        Self { scale }
    }

    /// `interval` at this pace, never shorter than 20 ms.
    pub fn interval(self, interval: Duration) -> Duration {
        interval.mul_f64(self.scale).max(FLOOR)
    }

    /// The time that `lived` stands for: what [`Self::interval`] made of it, undone.
    pub fn unscaled(self, lived: Duration) -> Duration {
        Duration::try_from_secs_f64(lived.as_secs_f64() / self.scale).unwrap_or(Duration::MAX)
    }

    /// A rate per second at this pace: half the intervals, twice the rate.
    pub fn rate(self, per_second: f64) -> f64 {
        per_second / self.scale
    }

    /// `interval` at this pace, lengthened at random by up to a tenth so that agents do not march in step.
    pub fn jittered(self, interval: Duration) -> Duration {
        self.interval(interval)
            .mul_f64(rand::rng().random_range(1.0..1.1))
    }

    /// Exponential back-off with full jitter above one half: `first` doubled per earlier attempt, at most `cap`.
    pub fn back_off(self, first: Duration, cap: Duration, attempts: u32) -> Duration {
        let doubled = first.saturating_mul(1_u32 << attempts.min(20));
        self.interval(doubled.min(cap))
            .mul_f64(rand::rng().random_range(0.5..1.0))
    }
}

/// The wait before the next look at something Chorus Pro is still working on, `age` after it was sent: 1 minute, then
/// 5 minutes during the first hour, then 15.
///
/// A flux is usually integrated within the hour (polling practice of clients in the field).
pub fn patience(age: Duration) -> Duration {
    const MINUTE: u64 = 60;
    Duration::from_secs(match age.as_secs() {
        0..MINUTE => MINUTE,
        seconds if seconds < 61 * MINUTE => 5 * MINUTE,
        _ => 15 * MINUTE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_factor_scales_every_interval_down_to_a_floor() {
        let fast = Pace::new(0.01);
        assert_eq!(
            fast.interval(Duration::from_secs(300)),
            Duration::from_secs(3)
        );
        assert_eq!(fast.interval(Duration::from_millis(1)), FLOOR);
    }

    #[test]
    fn back_off_doubles_up_to_its_cap_and_stays_within_its_jitter() {
        let pace = Pace::new(1.0);
        let (first, cap) = (Duration::from_secs(10), Duration::from_secs(60));
        for (attempts, whole) in [(0, 10), (1, 20), (2, 40), (3, 60), (40, 60)] {
            let wait = pace.back_off(first, cap, attempts);
            assert!(
                wait >= Duration::from_secs(whole) / 2 && wait <= Duration::from_secs(whole),
                "{attempts}: {wait:?}"
            );
        }
    }

    #[test]
    fn a_flux_is_looked_at_after_one_minute_then_twelve_times_every_five_then_every_fifteen() {
        let (mut age, mut waits) = (Duration::ZERO, Vec::new());
        for _ in 0..15 {
            let wait = patience(age);
            waits.push(wait.as_secs());
            age += wait;
        }
        assert_eq!(waits.first(), Some(&60));
        assert_eq!(waits.iter().filter(|wait| **wait == 300).count(), 12);
        assert_eq!(waits.iter().filter(|wait| **wait == 900).count(), 2);
    }

    #[test]
    fn an_age_is_read_at_the_pace_it_was_lived() {
        assert_eq!(
            Pace::new(0.01).unscaled(Duration::from_secs(1)),
            Duration::from_secs(100)
        );
    }
}
