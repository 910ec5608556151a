//! Notes, references and supporting documents.

use std::borrow::Cow;

use jiff::civil::Date;

use super::Text;

/// An identifier with the scheme it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier<'a> {
    /// The identifier itself.
    pub value: Text<'a>,
    /// Its scheme: ISO 6523, UNTDID 1153, or Chorus Pro's digit, as the term says.
    pub scheme: Option<Text<'a>>,
}

/// BG-1: a note on the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    /// BT-21: subject code, UNTDID 4451.
    pub subject: Option<Text<'a>>,
    /// BT-22: the text.
    pub text: Text<'a>,
}

/// BG-3: a preceding invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrecedingInvoice<'a> {
    /// BT-25: its number.
    pub number: Option<Text<'a>>,
    /// BT-26: its issue date.
    pub issue_date: Option<Date>,
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
