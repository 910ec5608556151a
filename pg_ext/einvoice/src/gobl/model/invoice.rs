use jiff::civil::Date;

use super::{Charge, Discount, DocumentRef, Identity, Line, Party, Payment, Tax, Totals, objects};
use crate::amount::Amount;
use crate::gobl::scalar::{Day, Uuid};
use crate::gobl::{Ext, Json, List, Text};

objects! {
    /// An invoice, credit note or other bill (GOBL `bill/invoice`).
    pub struct Invoice {
        /// `https://gobl.org/draft-0/bill/invoice`.
        "$schema" schema: Text<'a>,
        /// Tax regime, a country code; from the supplier's tax id when absent.
        "$regime" regime: Text<'a>,
        /// Addons, in the order in which their rules apply.
        "$addons" addons: List<Text<'a>>,
        /// Tags that choose scenarios: `reverse-charge`, `self-billed`, ….
        "$tags" tags: List<Text<'a>>,
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// `standard`, `proforma`, `corrective`, `credit-note`, `debit-note`, `other`.
        "type" kind: Text<'a> = required,
        /// First part of the number (BT-1).
        series: Text<'a>,
        /// Number (BT-1), or what follows the series in it.
        code: Text<'a>,
        /// Issue date (BT-2).
        issue_date: Option<Date> as Day,
        /// Time of issue, `HH:MM:SS`.
        issue_time: Text<'a>,
        /// Date of the operation.
        op_date: Option<Date> as Day,
        /// Tax point date (BT-7).
        value_date: Option<Date> as Day,
        /// Document currency (BT-5).
        currency: Text<'a> = required,
        /// Rates to convert foreign prices with.
        exchange_rates: List<ExchangeRate<'a>>,
        /// Preceding invoices (BG-3).
        preceding: List<DocumentRef<'a>>,
        /// Tax settings, extensions (BT-3, BT-23) and notes (BT-120).
        tax: Option<Box<Tax<'a>>>,
        /// Seller (BG-4).
        supplier: Option<Box<Party<'a>>>,
        /// Buyer (BG-7).
        customer: Option<Box<Party<'a>>>,
        /// Lines (BG-25).
        lines: List<Line<'a>>,
        /// Document level allowances (BG-20).
        discounts: List<Discount<'a>>,
        /// Document level charges (BG-21).
        charges: List<Charge<'a>>,
        /// Order references.
        ordering: Option<Box<Ordering<'a>>>,
        /// How and when to pay (BG-16).
        payment: Option<Box<Payment<'a>>>,
        /// Delivery (BG-13).
        delivery: Option<Box<Delivery<'a>>>,
        /// Totals (BG-22) and VAT breakdown (BG-23); present once calculated.
        totals: Option<Box<Totals<'a>>>,
        /// Notes (BG-1).
        notes: List<Note<'a>>,
        /// Objects of other schemas, kept as they are.
        complements: List<Json<'a>>,
        /// Metadata.
        meta: Ext<'a>,
        /// References to supporting documents (BG-24).
        attachments: List<Attachment<'a>>,
    }

    /// A rate of exchange.
    pub struct ExchangeRate {
        /// Currency converted from.
        from: Text<'a> = required,
        /// Currency converted to.
        to: Text<'a> = required,
        /// Time of the rate.
        at: Text<'a>,
        /// Who published it.
        source: Text<'a>,
        /// Units of `to` for one of `from`.
        amount: Amount,
    }

    /// References of the order (BG-3 excepted).
    pub struct Ordering {
        /// Buyer reference (BT-10): the service code at Chorus Pro.
        code: Text<'a>,
        /// Invoiced objects (BT-18).
        identities: List<Identity<'a>>,
        /// Buyer accounting reference (BT-19).
        cost: Text<'a>,
        /// Invoicing period (BG-14).
        period: Option<Box<Period<'a>>>,
        /// Who ordered, where it is not the customer.
        buyer: Option<Box<Party<'a>>>,
        /// Seller (BG-4), where the supplier is its tax representative (BG-11).
        seller: Option<Box<Party<'a>>>,
        /// Who issues the document on behalf of the supplier.
        issuer: Option<Box<Party<'a>>>,
        /// Projects (BT-11).
        projects: List<DocumentRef<'a>>,
        /// Contracts (BT-12): numéro de marché.
        contracts: List<DocumentRef<'a>>,
        /// Purchase orders (BT-13): numéro d'engagement.
        purchases: List<DocumentRef<'a>>,
        /// Sales orders (BT-14).
        sales: List<DocumentRef<'a>>,
        /// Receiving advices (BT-15).
        receiving: List<DocumentRef<'a>>,
        /// Despatch advices (BT-16).
        despatch: List<DocumentRef<'a>>,
        /// Tenders or lots (BT-17).
        tender: List<DocumentRef<'a>>,
    }

    /// Delivery (BG-13).
    pub struct Delivery {
        /// Who receives (BT-70, BG-15).
        receiver: Option<Box<Party<'a>>>,
        /// Location identifiers (BT-71).
        identities: List<Identity<'a>>,
        /// Date of delivery (BT-72).
        date: Option<Date> as Day,
        /// Period of delivery.
        period: Option<Box<Period<'a>>>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// A period, both days included.
    pub struct Period {
        /// Label.
        label: Text<'a>,
        /// First day (BT-73, BT-134).
        start: Option<Date> as Day,
        /// Last day (BT-74, BT-135).
        end: Option<Date> as Day,
    }

    /// A note (BG-1, BT-127).
    pub struct Note {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Subject (BT-21 through its UNTDID code).
        key: Text<'a>,
        /// Code of the note.
        code: Text<'a>,
        /// Source of the note.
        src: Text<'a>,
        /// The note (BT-22).
        text: Text<'a> = required,
        /// Metadata.
        meta: Ext<'a>,
        /// Extensions.
        ext: Ext<'a>,
    }

    /// A supporting document elsewhere (BG-24).
    pub struct Attachment {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Key.
        key: Text<'a>,
        /// Reference (BT-122).
        code: Text<'a>,
        /// File name.
        name: Text<'a>,
        /// Description (BT-123).
        description: Text<'a>,
        /// Location (BT-124).
        url: Text<'a> = required,
        /// Digest of the content.
        digest: Option<super::Digest<'a>>,
        /// MIME type.
        mime: Text<'a>,
    }
}
