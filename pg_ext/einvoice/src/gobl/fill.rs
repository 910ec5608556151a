//! Reading a value into the place where it stays.
//!
//! serde makes a value first and moves it then: a line goes from hand to hand three times before it is in the list of lines. Here
//! an object is read member by member into the field, the box or the list that it belongs to.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Visitor};

use super::model::Surcharge;
use super::scalar::Degrees;
use crate::amount::{Amount, Percentage};

/// What can be read into a place.
pub(crate) trait Fill<'de> {
    /// Reads the value into `self`. An object is its default before; any other value is replaced, whatever it was.
    ///
    /// # Errors
    /// Whatever the deserializer refuses; `self` is then neither the old value nor the new one.
    fn fill<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

/// Reads into a place.
pub(crate) struct Place<'p, T>(pub &'p mut T);

impl<'de, T: Fill<'de>> DeserializeSeed<'de> for Place<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.fill(deserializer)
    }
}

/// Values as small as these are made first and moved then.
macro_rules! by_value {
    ($($type:ty),*) => { $(
        impl<'de> Fill<'de> for $type {
            fn fill<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                *self = Self::deserialize(deserializer)?;
                Ok(())
            }
        }
    )* };
}

by_value!(Amount, Percentage, Surcharge, Degrees, i64);

impl<'de, T: Fill<'de>> Fill<'de> for Box<T> {
    fn fill<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        (**self).fill(deserializer)
    }
}

impl<'de, T: Default + Fill<'de>> Fill<'de> for Option<T> {
    fn fill<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = None;
        deserializer.deserialize_option(Optional(self))
    }
}

/// Makes room for a value, unless it is `null`.
struct Optional<'p, T>(&'p mut Option<T>);

impl<'de, T: Default + Fill<'de>> Visitor<'de> for Optional<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.insert(T::default()).fill(deserializer)
    }
}
