//! The semantic model of EN 16931-1: every business term by its number, independent of any syntax.
//!
//! Texts are borrowed from the document where they stand in it as they are, and owned only where they are put together
//! (series and code, street and number). Nothing here is checked: an [`Invoice`] may lack anything, [`crate::rules`] says
//! what it lacks, and a [`Site`] leads from a term back to the user's own field. A field that is there but says nothing is
//! `Some("")`: many rules ask for the one, some for the other.

mod beyond;
mod date;
mod document;
pub mod from_gobl;
mod invoice;
mod line;
mod money;
mod odd;
mod party;
mod payment;
mod site;
pub mod to_gobl;

use std::borrow::Cow;

pub use beyond::Beyond;
pub use date::{Day, date_102};
pub use document::{Attachment, Identifier, Note, PrecedingInvoice, Project};
pub use invoice::{Delivery, Invoice};
pub use line::{Attribute, Classification, Item, Line, LineId, Price};
pub use money::{AllowanceCharge, Indicator, LineVat, TaxType, Totals, VatBreakdown, VatTotal};
pub use odd::{Held, OddNumber};
pub use party::{Address, Contact, Party, Payee, TaxRepresentative};
pub use payment::{Card, CreditTransfer, DirectDebit, Payment};
pub use site::{Locate, Site};

/// A text of the model.
pub type Text<'a> = Cow<'a, str>;

/// A period (BG-14, BG-26): first and last day, both included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Period<'a> {
    /// BT-73, BT-134: first day.
    pub start: Option<Day<'a>>,
    /// BT-74, BT-135: last day.
    pub end: Option<Day<'a>>,
}

/// Whether a text says nothing: absent, empty or white space. White space is that of XML: a no-break space says something.
#[must_use]
pub fn is_blank(text: Option<&Text<'_>>) -> bool {
    text.is_none_or(|t| is_blank_text(t))
}

/// Whether a text says nothing: empty or white space of XML.
#[must_use]
pub fn is_blank_text(text: &str) -> bool {
    text.bytes().all(is_space)
}

/// White space of XML.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
