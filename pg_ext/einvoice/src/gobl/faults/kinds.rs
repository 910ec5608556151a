//! The kinds of objects, each with the tables of its rules.

use super::en16931::amounts;
use super::given::Shown;
use super::lists::{Country, Extension};
use super::row::{Guard, Kind, Table, checks};
use super::{
    bill, choruspro, content, en16931, france, given, head, lines, lists, media, org, ours, pay,
    sums, tax, tax_ids,
};
use crate::gobl::list::List;
use crate::gobl::model;
use crate::gobl::scalar::Text;

/// Declares kinds of objects with their tables.
macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident: $of:ty = [$($guard:ident $table:path),* $(,)?];)*) => {
        $(
            $(#[$about])*
            pub(super) struct $kind;

            impl Kind for $kind {
                type Of<'n> = $of;
                const TABLES: &'static [Table<Self>] = &[$(Table {
                    when: Guard::$guard,
                    rows: &$table,
                    checks: &checks(&$table),
                }),*];
            }
        )*

        /// Every rule of every kind.
        pub(super) fn every_rule() -> Vec<&'static crate::finding::Rule> {
            let mut rules = Vec::new();
            $(rules.extend($kind::TABLES.iter().flat_map(|table| table.rows).map(|row| &row.rule));)*
            rules
        }
    };
}

kinds! {
    Invoices: &'n model::Invoice<'n> = [
        Always bill::INVOICE, France france::INVOICE, En16931 en16931::INVOICE, ChorusPro choruspro::INVOICE, Always ours::INVOICE,
        Always sums::INVOICE,
    ];
    Addons: &'n Text<'n> = [Always ours::ADDON];
    Settings: &'n model::Tax<'n> = [Always bill::TAX];
    TaxNotes: &'n model::TaxNote<'n> = [Always tax::NOTE];
    ExchangeRates: &'n model::ExchangeRate<'n> = [Always pay::EXCHANGE_RATE];
    Lines: &'n model::Line<'n> = [Always lines::LINE, Always ours::LINE];
    SubLines: &'n model::SubLine<'n> = [Always lines::SUB_LINE];
    LineDiscounts: &'n model::LineDiscount<'n> = [Always lines::LINE_DISCOUNT, En16931 amounts::LINE_DISCOUNT, Always ours::LINE_DISCOUNT];
    LineCharges: &'n model::LineCharge<'n> = [Always lines::LINE_CHARGE, En16931 amounts::LINE_CHARGE, Always ours::LINE_CHARGE];
    Discounts: &'n model::Discount<'n> = [Always lines::DISCOUNT, En16931 amounts::DISCOUNT, Always ours::DISCOUNT, Always sums::DISCOUNT];
    Charges: &'n model::Charge<'n> = [Always lines::CHARGE, En16931 amounts::CHARGE_ROWS, Always ours::CHARGE, Always sums::CHARGE];
    Combos: &'n model::Combo<'n> = [Always tax::COMBO, En16931 amounts::COMBO, Always ours::COMBO];
    Sets: &'n List<model::Combo<'n>> = [Always tax::SET];
    Items: &'n model::Item<'n> = [Always content::ITEM, En16931 amounts::ITEM];
    Parties: Member<'n> = [En16931 en16931::PARTY, ChorusPro choruspro::PARTY];
    TaxIdentities: &'n model::TaxIdentity<'n> = [
        Always tax::IDENTITY, Always france::TAX_IDENTITY, Always tax_ids::FOREIGN, Always tax_ids::BRITISH_ROWS,
        Always ours::TAX_IDENTITY,
    ];
    Identities: &'n model::Identity<'n> = [Always org::IDENTITY, France france::IDENTITY];
    Inboxes: &'n model::Inbox<'n> = [Always org::INBOX, En16931 en16931::INBOX];
    Addresses: &'n model::Address<'n> = [En16931 en16931::ADDRESS];
    People: &'n model::Person<'n> = [Always org::PERSON];
    Emails: &'n model::Email<'n> = [Always org::EMAIL];
    Telephones: &'n model::Telephone<'n> = [Always org::TELEPHONE];
    Websites: &'n model::Website<'n> = [Always org::WEBSITE];
    Endpoints: &'n model::Endpoint<'n> = [Always org::ENDPOINT];
    Notes: &'n model::Note<'n> = [Always content::NOTE];
    DocumentRefs: &'n model::DocumentRef<'n> = [Always content::DOCUMENT_REF];
    Attachments: &'n model::Attachment<'n> = [Always content::ATTACHMENT, En16931 en16931::ATTACHMENT];
    Periods: &'n model::Period<'n> = [Always pay::PERIOD];
    Instructions: &'n model::Instructions<'n> = [Always pay::INSTRUCTIONS, En16931 en16931::INSTRUCTIONS];
    Online: &'n model::Online<'n> = [Always pay::ONLINE];
    Terms: &'n model::Terms<'n> = [Always pay::TERMS, En16931 en16931::TERMS];
    DueDates: &'n model::DueDate<'n> = [Always pay::DUE_DATE, Always ours::DUE_DATE];
    Advances: &'n model::Advance<'n> = [Always pay::ADVANCE, Always ours::ADVANCE];
    Codes: &'n Text<'n> = [Always content::CODE];
    Keys: &'n Text<'n> = [Always content::KEY];
    Uris: &'n Text<'n> = [Always content::URI];
    Currencies: &'n Text<'n> = [Always pay::CURRENCY];
    CurrencyAmounts: &'n model::CurrencyAmount<'n> = [Always pay::AMOUNT];
    Countries: Country<'n> = [Always lists::COUNTRY];
    Extensions: Extension<'n> = [Always lists::EXTENSION];
    Images: &'n model::Image<'n> = [Always media::IMAGE];
    Coordinates: &'n model::Coordinates<'n> = [Always media::COORDINATES];
    Registrations: &'n model::Registration<'n> = [Always media::REGISTRATION];
    Digests: &'n model::Digest<'n> = [Always head::DIGEST];
    Envelopes: &'n model::Envelope<'n> = [Always head::ENVELOPE];
    Headers: &'n model::Header<'n> = [Always head::HEADER];
    Stamps: &'n model::Stamp<'n> = [Always head::STAMP];
    Links: &'n model::Link<'n> = [Always head::LINK];
    GivenInvoices: &'n model::Invoice<'n> = [En16931 given::INVOICE];
    GivenCharges: &'n model::LineCharge<'n> = [Always given::LINE_CHARGE];
    GivenAmounts: Shown = [Always given::AMOUNT];
}

/// A party and its place in the document.
#[derive(Clone, Copy)]
pub(super) struct Member<'n> {
    /// The party.
    pub party: &'n model::Party<'n>,
    /// Whether it is the supplier or the customer.
    pub is_main: bool,
}
