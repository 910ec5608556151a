//! The three ways in which Chorus Pro writes dates and times.
//!
//! `YYYY-MM-DD` (deposit, issue), `YYYY-MM-DD HH:MM` (history) and ISO 8601 with offset (current state). What has no
//! offset is Paris time.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// Chorus Pro's time zone.
fn paris() -> Option<TimeZone> {
    TimeZone::get("Europe/Paris").ok()
}

/// The day written at the beginning of `text`, whatever time follows.
pub fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// The instant written as `text`; a date alone is its midnight in Paris.
///
/// An hour that occurs twice (end of summer time) is taken as the first, one that never was as the hour after.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    // "+0200": the colon that ISO 8601's extended form wants is missing.
    if let Some((head, tail)) = text.split_at_checked(text.len().saturating_sub(2))
        && let Ok(instant) = format!("{head}:{tail}").parse::<Timestamp>()
    {
        return Some(instant);
    }
    let civil: DateTime = text.parse().ok()?;
    civil.to_zoned(paris()?).ok().map(|zoned| zoned.timestamp())
}

/// The day in Paris at `instant`.
pub fn paris_day(instant: Timestamp) -> Option<Date> {
    Some(instant.to_zoned(paris()?).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn history_times_are_paris_time_in_summer_and_winter() {
        assert_eq!(
            instant("2026-09-16 10:12"),
            Some(utc("2026-09-16T08:12:00Z"))
        );
        assert_eq!(
            instant("2026-12-16 10:12"),
            Some(utc("2026-12-16T09:12:00Z"))
        );
        assert_eq!(
            instant("2026-12-16 10:12:30"),
            Some(utc("2026-12-16T09:12:30Z"))
        );
    }

    #[test]
    fn the_hour_that_occurs_twice_is_the_first_one() {
        assert_eq!(
            instant("2026-10-25 02:30"),
            Some(utc("2026-10-25T00:30:00Z"))
        );
        assert_eq!(
            instant("2026-03-29 02:30"),
            Some(utc("2026-03-29T01:30:00Z"))
        );
    }

    #[test]
    fn offsets_are_honoured_with_and_without_colon() {
        for text in [
            "2026-09-14T18:40:00.000+02:00",
            "2026-09-14T18:40:00.000+0200",
            "2026-09-14T16:40:00Z",
        ] {
            assert_eq!(instant(text), Some(utc("2026-09-14T16:40:00Z")), "{text}");
        }
    }

    #[test]
    fn dates_stand_alone_or_before_a_time() {
        let expected = Some(jiff::civil::date(2026, 9, 14));
        for text in [
            "2026-09-14",
            "2026-09-14T18:40:00.000+02:00",
            " 2026-09-14 10:00",
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(instant("2026-09-14"), Some(utc("2026-09-13T22:00:00Z")));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "14/09/2026", "2026-13-01", "demain", "é"] {
            assert_eq!((day(text), instant(text)), (None, None), "{text}");
        }
    }

    #[test]
    fn the_day_changes_at_midnight_in_paris() {
        assert_eq!(
            paris_day(utc("2026-09-13T22:00:00Z")),
            Some(jiff::civil::date(2026, 9, 14))
        );
        assert_eq!(
            paris_day(utc("2026-09-13T21:59:59Z")),
            Some(jiff::civil::date(2026, 9, 13))
        );
    }
}
