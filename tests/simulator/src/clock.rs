//! The simulator's clock, and the three ways in which Chorus Pro writes a time.

use std::time::Duration;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};

/// Where the time comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClockSource {
    /// The system's clock, plus whatever was advanced.
    #[default]
    System,
    /// Starts at this instant and moves only when advanced.
    Manual(Timestamp),
}

/// A clock that can be moved forward, in Chorus Pro's own time zone.
#[derive(Debug)]
pub(crate) struct Clock {
    source: ClockSource,
    advanced: SignedDuration,
    paris: TimeZone,
}

impl Clock {
    pub(crate) fn new(source: ClockSource) -> anyhow::Result<Self> {
        let paris = TimeZone::get("Europe/Paris")
            .context("time zone Europe/Paris is not in the bundled database")?;
        Ok(Self {
            source,
            advanced: SignedDuration::ZERO,
            paris,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        let base = match self.source {
            ClockSource::System => Timestamp::now(),
            ClockSource::Manual(start) => start,
        };
        later(base, self.advanced)
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.advanced = self.advanced.saturating_add(by);
    }

    /// How long to sleep until `at`; `None` when only an advance can bring it.
    pub(crate) fn until(&self, at: Timestamp) -> Option<Duration> {
        match self.source {
            ClockSource::System => Some(
                at.duration_since(self.now())
                    .try_into()
                    .unwrap_or(Duration::ZERO),
            ),
            ClockSource::Manual(_) => None,
        }
    }

    /// `2026-09-14`: deposit, invoice and processing dates.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        at.to_zoned(self.paris.clone())
            .strftime("%Y-%m-%d")
            .to_string()
    }

    /// `2026-09-14 18:40`: passage of an invoice status.
    pub(crate) fn minute(&self, at: Timestamp) -> String {
        at.to_zoned(self.paris.clone())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }

    /// `2026-09-14T18:40:00.000+02:00`: flux times and time of an invoice's current state.
    pub(crate) fn instant(&self, at: Timestamp) -> String {
        at.to_zoned(self.paris.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%.3f%:z")
            .to_string()
    }

    /// First instant of a day in Paris; `None` outside the years that timestamps can hold.
    pub(crate) fn start_of(&self, day: civil::Date) -> Option<Timestamp> {
        self.paris
            .to_zoned(day.to_datetime(civil::Time::midnight()))
            .ok()
            .map(|zoned| zoned.timestamp())
    }
}

/// `at` plus `by`, held at the end of time instead of overflowing.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_paris_with_the_season_s_offset() {
        let clock = Clock::new(ClockSource::System).unwrap();
        let summer: Timestamp = "2026-09-14T16:40:00.5Z".parse().unwrap();
        let winter: Timestamp = "2026-12-31T23:30:00Z".parse().unwrap();
        assert_eq!(clock.instant(summer), "2026-09-14T18:40:00.500+02:00");
        assert_eq!(clock.minute(summer), "2026-09-14 18:40");
        assert_eq!(clock.day(winter), "2027-01-01");
        assert_eq!(clock.instant(winter), "2027-01-01T00:30:00.000+01:00");
    }

    #[test]
    fn a_manual_clock_moves_only_when_advanced() {
        let start: Timestamp = "2026-09-14T16:40:00Z".parse().unwrap();
        let mut clock = Clock::new(ClockSource::Manual(start)).unwrap();
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now().to_string(), "2026-09-14T16:41:30Z");
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
