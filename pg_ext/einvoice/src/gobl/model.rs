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
/// A field is `name: type`, preceded by its JSON key in quotes where that differs, and followed by `= required`
/// where GOBL writes it even when it is empty.
macro_rules! objects {
    ($( $(#[$about:meta])* pub struct $object:ident {
        $( $(#[$field_about:meta])* $($key:literal)? $field:ident : $type:ty $(= $required:ident)? ),* $(,)?
    } )*) => { $(
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
        #[serde(default, bound(deserialize = "'de: 'a"))]
        pub struct $object<'a> {
            $( $(#[$field_about])* $(#[serde(rename = $key)])? pub $field: $type, )*
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

use {key, objects};
