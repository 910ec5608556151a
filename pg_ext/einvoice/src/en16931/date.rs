//! Dates as documents write them.

use std::fmt;

use jiff::civil::Date;

use super::Text;

/// A date of the model: BT-2, BT-7, BT-9, BT-26, BT-72 to BT-74, BT-134, BT-135.
///
/// ```
/// use einvoice::en16931::Day;
/// let day = Day::Other { text: " 20260131 ".into(), is_102: true };
/// assert_eq!(day.to_string(), " 20260131 ");
/// assert_eq!(day.date(), Some(jiff::civil::date(2026, 1, 31)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day<'a> {
    /// A day of the calendar.
    Date(Date),
    /// What CII says where a date is wanted, but is not eight digits in format 102 that the calendar has: `20260231`,
    /// `2026-01-31`, nothing at all. The XSD lets all of them pass.
    Other {
        /// The text as it stands.
        text: Text<'a>,
        /// Whether it claims to be in format 102, YYYYMMDD.
        is_102: bool,
    },
}

impl Day<'_> {
    /// The day of the calendar that is meant: white space around the digits of format 102 is nobody's intention.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Other { text, is_102: true } => date_102(text.trim()),
            Self::Other { .. } => None,
        }
    }
}

/// YYYYMMDD.
#[must_use]
pub fn date_102(text: &str) -> Option<Date> {
    let number = |from: usize, to: usize| -> Option<i16> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
        digits.parse().ok()
    };
    if text.len() != 8 {
        return None;
    }
    let month = i8::try_from(number(4, 6)?).ok()?;
    let day = i8::try_from(number(6, 8)?).ok()?;
    Date::new(number(0, 4)?, month, day).ok()
}

impl From<Date> for Day<'_> {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl fmt::Display for Day<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Other { text, .. } => f.write_str(text),
        }
    }
}
