//! The scalar types of GOBL's JSON and what counts as absent.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::fill::Fill;
use super::json::NUMBER;
use crate::amount::{Amount, Percentage};

/// A text of the document, borrowed from the input where it could be.
///
/// Absent, `null` and `""` are the same thing in GOBL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the white space around the text away, without copying where it can.
    pub(crate) fn trim_in_place(&mut self) {
        match &mut self.0 {
            Cow::Borrowed(text) => *text = text.trim(),
            Cow::Owned(text) => {
                let trimmed = text.trim();
                if trimmed.len() != text.len() {
                    *text = trimmed.to_owned();
                }
            }
        }
    }

    /// The text itself, borrowed or owned.
    #[must_use]
    pub fn into_cow(self) -> Cow<'a, str> {
        self.0
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'a> From<Cow<'a, str>> for Text<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self(text)
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de: 'a, 'a> Fill<'de> for Text<'a> {
    fn fill<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        // As an option, since `null` is no text; as a text and not as anything, since a number is none.
        deserializer.deserialize_option(TextVisitor(self))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = Self::default();
        text.fill(deserializer)?;
        Ok(text)
    }
}

/// Reads a key of an object: a text that is never `null`.
pub(crate) struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Text<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text<'de>, D::Error> {
        let mut key = Text::default();
        deserializer.deserialize_str(TextVisitor(&mut key))?;
        Ok(key)
    }
}

/// Reads a key of an object as what the function makes of it.
pub(crate) struct Named<M>(pub fn(&str) -> M);

impl<'de, M> DeserializeSeed<'de> for Named<M> {
    type Value = M;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<M, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<M> Visitor<'_> for Named<M> {
    type Value = M;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<M, E> {
        Ok((self.0)(key))
    }
}

struct TextVisitor<'t, 'a>(&'t mut Text<'a>);

impl<'de: 'a, 'a> Visitor<'de> for TextVisitor<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        *self.0 = Text::from(text);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        *self.0 = Text::from(text.to_owned());
        Ok(())
    }

    fn visit_string<E>(self, text: String) -> Result<(), E> {
        *self.0 = Text::from(text);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        *self.0 = Text::default();
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        *self.0 = Text::default();
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

/// What is left out of the output.
pub(crate) trait Absent {
    /// Whether the value says nothing.
    fn is_absent(&self) -> bool;
}

impl Absent for Text<'_> {
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl Absent for bool {
    fn is_absent(&self) -> bool {
        !self
    }
}

/// A number is always written: zero is a value.
impl Absent for Amount {
    fn is_absent(&self) -> bool {
        false
    }
}

/// A percentage is always written: 0 % is a value.
impl Absent for Percentage {
    fn is_absent(&self) -> bool {
        false
    }
}

/// An index is always written.
impl Absent for i64 {
    fn is_absent(&self) -> bool {
        false
    }
}

/// A whole number; `null` leaves zero.
pub(crate) struct Whole(i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|number| Self(number.unwrap_or_default()))
    }
}

impl From<Whole> for i64 {
    fn from(Whole(number): Whole) -> Self {
        number
    }
}

/// A truth value; `null` leaves false.
pub(crate) struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|flag| Self(flag.unwrap_or_default()))
    }
}

impl From<Flag> for bool {
    fn from(Flag(flag): Flag) -> Self {
        flag
    }
}

/// Degrees of latitude or longitude: the one decimal that GOBL writes as a JSON number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Degrees(pub Amount);

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let decimal = self.0.decimal();
        match decimal.to_i64() {
            Some(whole) if decimal.is_integer() => serializer.serialize_i64(whole),
            _ if !serializer.is_human_readable() => {
                serializer.serialize_newtype_struct(NUMBER, &self.0)
            }
            _ => serializer.serialize_f64(decimal.to_f64().unwrap_or_default()),
        }
    }
}

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Amount::deserialize(deserializer).map(Self)
    }
}

/// A UUID in its hyphenated form.
pub(crate) struct Uuid<'a>(Text<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Uuid<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        let is_uuid = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if is_uuid || text.is_empty() {
            return Ok(Self(text));
        }
        Err(serde::de::Error::invalid_value(
            serde::de::Unexpected::Str(&text),
            &"a UUID with hyphens",
        ))
    }
}

impl<'a> From<Uuid<'a>> for Text<'a> {
    fn from(Uuid(text): Uuid<'a>) -> Self {
        text
    }
}

/// A date, `YYYY-MM-DD`; an empty text and the zero date are no date.
pub(crate) struct Day(Option<Date>);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        if text.is_empty() || text == "0000-00-00" {
            return Ok(Self(None));
        }
        match parse_date(&text) {
            Some(date) => Ok(Self(Some(date))),
            None => Err(serde::de::Error::invalid_value(
                serde::de::Unexpected::Str(&text),
                &"a date such as \"2025-06-18\"",
            )),
        }
    }
}

impl From<Day> for Option<Date> {
    fn from(Day(date): Day) -> Self {
        date
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + i16::from(digit - b'0'))
        })
    };
    let month = i8::try_from(number(&[e, f])?).ok()?;
    let day = i8::try_from(number(&[g, h])?).ok()?;
    Date::new(number(&[a, b, c, d])?, month, day).ok()
}
