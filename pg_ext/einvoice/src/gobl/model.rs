//! The document model: GOBL's `bill/invoice`, the envelope around it and every object under it.
//!
//! Fields are in the order in which GOBL writes them. Absent, `null` and empty are one thing; a field is written
//! when it says something, and a few that GOBL's schema requires are written always.

mod charges;
mod envelope;
mod invoice;
mod item;
mod line;
mod party;
mod payment;
mod reference;
mod tax;
mod totals;

pub use charges::{Charge, Discount, LineCharge, LineDiscount};
pub use envelope::{Digest, Envelope, Header, Link, Stamp};
pub use invoice::{Attachment, Delivery, ExchangeRate, Invoice, Note, Ordering, Period};
pub use item::{CurrencyAmount, Item};
pub use line::{Line, SubLine};
pub use party::{
    Address, Coordinates, Email, Endpoint, Identity, Image, Inbox, Party, Person, PersonName,
    Registration, TaxIdentity, Telephone, Website,
};
pub use payment::{
    Advance, Card, CreditTransfer, DirectDebit, DueDate, Instructions, Online, Payment, Terms,
};
pub use reference::DocumentRef;
pub use tax::{Combo, Tax, TaxNote};
pub use totals::{CategoryTotal, RateTotal, Surcharge, TaxTotal, Totals};

/// Declares objects of the document: each a struct that reads and writes GOBL's JSON.
///
/// A field is `name: type`, preceded by its JSON key in quotes where that differs (`"key" | "older key"` reads both), and
/// followed by `as Form` where it is read in another form, and by `= required` where GOBL writes it even when it is empty.
///
/// Members are read straight into their fields ([`Fill`](super::fill::Fill)): serde's own derive would hold each twice and copy it once more.
macro_rules! objects {
    ($( $(#[$about:meta])* pub struct $object:ident {
        $( $(#[$field_about:meta])* $($key:literal $(| $older:literal)*)? $field:ident : $type:ty $(as $form:ty)? $(= $required:ident)? ),* $(,)?
    } )*) => { $(
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $object<'a> {
            $( $(#[$field_about])* pub $field: $type, )*
        }

        impl<'de: 'a, 'a> crate::gobl::fill::Fill<'de> for $object<'a> {
            fn fill<D: serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                #[allow(non_camel_case_types, reason = "named after the fields")]
                enum Member { $($field,)* Unknown }

                fn member(key: &str) -> Member {
                    match key {
                        $( crate::gobl::model::key!($($key)? $field) $($(| $older)*)? => Member::$field, )*
                        _ => Member::Unknown,
                    }
                }

                struct Members<'o, 'a>(&'o mut $object<'a>);

                impl<'de: 'a, 'a> serde::de::Visitor<'de> for Members<'_, 'a> {
                    type Value = ();

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
                        let Self(object) = self;
                        while let Some(member) = map.next_key_seed(crate::gobl::scalar::Named(member))? {
                            match member {
                                $( Member::$field => crate::gobl::model::read!(map, object.$field: $type $(as $form)?), )*
                                Member::Unknown => drop(map.next_value::<serde::de::IgnoredAny>()?),
                            }
                        }
                        Ok(())
                    }
                }

                deserializer.deserialize_map(Members(self))
            }
        }

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $object<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut object = Self::default();
                crate::gobl::fill::Fill::fill(&mut object, deserializer)?;
                Ok(object)
            }
        }

        impl serde::Serialize for $object<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                use crate::gobl::scalar::Absent as _;
                let mut object = serializer.serialize_map(None)?;
                $( if !self.$field.is_absent() $(|| crate::gobl::model::written::$required)? {
                    object.serialize_entry(crate::gobl::model::key!($($key)? $field), &self.$field)?;
                } )*
                object.end()
            }
        }
    )* };
}

/// Reads the value of a member into its field, as its type or in the form given.
macro_rules! read {
    ($map:ident, $object:ident.$field:ident: $type:ty) => {
        $map.next_value_seed(crate::gobl::fill::Place(&mut $object.$field))?
    };
    ($map:ident, $object:ident.$field:ident: $type:ty as $form:ty) => {
        $object.$field = <$type>::from($map.next_value::<$form>()?)
    };
}

/// The JSON key of a field: the one given, else its name.
macro_rules! key {
    ($key:literal $field:ident) => {
        $key
    };
    ($field:ident) => {
        stringify!($field)
    };
}

/// When a field is written although it is empty.
mod written {
    #![allow(
        non_upper_case_globals,
        reason = "reads as a word of the `objects!` notation"
    )]

    /// GOBL's schema requires it.
    pub const required: bool = true;
}

use {key, objects, read};
