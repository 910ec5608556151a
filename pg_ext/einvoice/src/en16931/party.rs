//! The parties of an invoice.

use super::{Identifier, Text};

/// BG-4 the seller, BG-7 the buyer: the same fields, with other numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party<'a> {
    /// BT-27, BT-44: name.
    pub name: Option<Text<'a>>,
    /// BT-28, BT-45: trading name.
    pub trading_name: Option<Text<'a>>,
    /// BT-29, BT-46: identifiers; BT-29-1, BT-46-1: their schemes, ISO 6523, or none. A buyer has at most one.
    pub identifiers: Vec<Identifier<'a>>,
    /// BT-30, BT-47: legal registration; BT-30-1, BT-47-1: its scheme, in profile `choruspro` the digit 1…6.
    pub legal_id: Option<Identifier<'a>>,
    /// BT-31, BT-48: VAT number, with its country (CII: tax registration of scheme `VA`).
    pub vat_id: Option<Text<'a>>,
    /// BT-32: local tax number (seller only; CII: tax registration of scheme `FC`).
    pub tax_number: Option<Text<'a>>,
    /// BT-33: additional legal information (seller only).
    pub legal_information: Option<Text<'a>>,
    /// BT-34, BT-49: electronic address; BT-34-1, BT-49-1: its scheme.
    pub endpoint: Option<Identifier<'a>>,
    /// BG-5, BG-8: postal address.
    pub address: Option<Address<'a>>,
    /// BG-6, BG-9: contact.
    pub contact: Option<Contact<'a>>,
}

/// BG-10: who is paid, where it is not the seller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payee<'a> {
    /// BT-59: name.
    pub name: Option<Text<'a>>,
    /// BT-60: identifier; BT-60-1: its scheme, ISO 6523.
    pub identifier: Option<Identifier<'a>>,
    /// BT-61: legal registration; BT-61-1: its scheme, ISO 6523.
    pub legal_id: Option<Identifier<'a>>,
}

/// BG-11: the seller's tax representative.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaxRepresentative<'a> {
    /// BT-62: name.
    pub name: Option<Text<'a>>,
    /// BT-63: VAT number.
    pub vat_id: Option<Text<'a>>,
    /// BG-12: postal address.
    pub address: Option<Address<'a>>,
}

/// BG-5, BG-8, BG-12, BG-15: a postal address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address<'a> {
    /// BT-35, BT-50, BT-64, BT-75: first line, usually street and number.
    pub line_one: Option<Text<'a>>,
    /// BT-36, BT-51, BT-65, BT-76: second line.
    pub line_two: Option<Text<'a>>,
    /// BT-162, BT-163, BT-164, BT-165: third line.
    pub line_three: Option<Text<'a>>,
    /// BT-37, BT-52, BT-66, BT-77: city.
    pub city: Option<Text<'a>>,
    /// BT-38, BT-53, BT-67, BT-78: post code.
    pub post_code: Option<Text<'a>>,
    /// BT-39, BT-54, BT-68, BT-79: region.
    pub subdivision: Option<Text<'a>>,
    /// BT-40, BT-55, BT-69, BT-80: country, ISO 3166-1 alpha-2.
    pub country: Option<Text<'a>>,
}

/// BG-6, BG-9: a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact<'a> {
    /// BT-41, BT-56: person.
    pub person: Option<Text<'a>>,
    /// BT-41, BT-56: department, where no person is named.
    pub department: Option<Text<'a>>,
    /// BT-42, BT-57: telephone.
    pub telephone: Option<Text<'a>>,
    /// BT-43, BT-58: e-mail.
    pub email: Option<Text<'a>>,
}
