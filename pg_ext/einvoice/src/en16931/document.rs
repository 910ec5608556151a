//! Notes, references and supporting documents.

use std::borrow::Cow;

use super::{Day, Text};

/// An identifier with the scheme it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier<'a> {
    /// The identifier itself.
    pub value: Text<'a>,
    /// Its scheme: ISO 6523, UNTDID 1153, or Chorus Pro's digit, as the term says.
    pub scheme: Option<Text<'a>>,
    /// Whether CII has it in `GlobalID`, as it should have identifiers of parties, places and items that come with a scheme.
    pub is_global: bool,
}

impl<'a> Identifier<'a> {
    /// BT-29, BT-46, BT-60, BT-71, BT-157: in `GlobalID` where it has a scheme, else in `ID`.
    #[must_use]
    pub const fn of(value: Text<'a>, scheme: Option<Text<'a>>) -> Self {
        let is_global = scheme.is_some();
        Self {
            value,
            scheme,
            is_global,
        }
    }

    /// The others, which CII has in places of their own: BT-18, BT-30, BT-34, BT-47, BT-49, BT-61, BT-128.
    #[must_use]
    pub const fn local(value: Text<'a>, scheme: Option<Text<'a>>) -> Self {
        Self {
            value,
            scheme,
            is_global: false,
        }
    }
}

/// BG-1: a note on the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    /// BT-21: subject code, UNTDID 4451.
    pub subject: Option<Text<'a>>,
    /// BT-22: the text; empty where the note has none.
    pub text: Text<'a>,
}

/// BG-3: a preceding invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrecedingInvoice<'a> {
    /// BT-25: its number.
    pub number: Option<Text<'a>>,
    /// BT-26: its issue date.
    pub issue_date: Option<Day<'a>>,
}

/// BT-11: the project, which CII wants with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project<'a> {
    /// BT-11: its reference.
    pub reference: Text<'a>,
    /// What it is called; the reference where the source has no name.
    pub name: Text<'a>,
}

/// BG-24: a supporting document, by link or embedded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachment<'a> {
    /// BT-122: its reference.
    pub reference: Option<Text<'a>>,
    /// BT-123: what it is.
    pub description: Option<Text<'a>>,
    /// BT-124: where it lies.
    pub location: Option<Text<'a>>,
    /// BT-125: the bytes; empty for a link.
    pub content: Cow<'a, [u8]>,
    /// BT-125-1: MIME type of the bytes.
    pub mime: Option<Text<'a>>,
    /// BT-125-2: file name of the bytes.
    pub file_name: Option<Text<'a>>,
}
