//! The invoice as a whole.

use crate::finding::Term::{self, Bt};

use super::{
    Address, AllowanceCharge, Attachment, Beyond, Day, Identifier, Line, Note, OddNumber, Party,
    Payee, Payment, Period, PrecedingInvoice, Project, TaxRepresentative, Text, Totals,
    VatBreakdown,
};

/// An invoice or credit note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invoice<'a> {
    /// BT-1: number.
    pub number: Option<Text<'a>>,
    /// BT-2: issue date.
    pub issue_date: Option<Day<'a>>,
    /// BT-3: type, UNTDID 1001.
    pub type_code: Option<Text<'a>>,
    /// BT-5: currency, ISO 4217.
    pub currency: Option<Text<'a>>,
    /// BT-6: currency of VAT accounting.
    pub tax_currency: Option<Text<'a>>,
    /// BT-7: date when VAT becomes due.
    pub tax_point_date: Option<Day<'a>>,
    /// BT-8: event that makes VAT due, UNTDID 2475 (5 issue, 29 delivery, 72 payment).
    pub tax_point_code: Option<Text<'a>>,
    /// BT-9: date when the payment is due.
    pub due_date: Option<Day<'a>>,
    /// BT-10: buyer reference; at Chorus Pro the service code.
    pub buyer_reference: Option<Text<'a>>,
    /// BT-11: project.
    pub project: Option<Project<'a>>,
    /// BT-12: contract; at Chorus Pro the contract number.
    pub contract: Option<Text<'a>>,
    /// BT-13: purchase order; at Chorus Pro the commitment number.
    pub purchase_order: Option<Text<'a>>,
    /// BT-14: sales order.
    pub sales_order: Option<Text<'a>>,
    /// BT-15: receiving advice.
    pub receiving_advice: Option<Text<'a>>,
    /// BT-16: despatch advice.
    pub despatch_advice: Option<Text<'a>>,
    /// BT-17: tender or lot.
    pub tender: Option<Text<'a>>,
    /// BT-18: invoiced object; BT-18-1: its scheme, UNTDID 1153.
    pub object: Option<Identifier<'a>>,
    /// BT-19: buyer's accounting reference.
    pub accounting_reference: Option<Text<'a>>,
    /// BT-20: payment terms.
    pub payment_terms: Option<Text<'a>>,
    /// BG-1: notes.
    pub notes: Vec<Note<'a>>,
    /// BT-23 (BG-2): business process; at Chorus Pro the framework.
    pub process: Option<Text<'a>>,
    /// BT-24 (BG-2): specification.
    pub specification: Option<Text<'a>>,
    /// BG-3: preceding invoices.
    pub preceding: Vec<PrecedingInvoice<'a>>,
    /// BG-4: seller.
    pub seller: Option<Party<'a>>,
    /// BG-7: buyer.
    pub buyer: Option<Party<'a>>,
    /// BG-10: payee.
    pub payee: Option<Payee<'a>>,
    /// BG-11: the seller's tax representative.
    pub tax_representative: Option<TaxRepresentative<'a>>,
    /// BG-13: delivery.
    pub delivery: Option<Delivery<'a>>,
    /// BG-14: invoicing period.
    pub period: Option<Period<'a>>,
    /// BG-16: payment instructions.
    pub payment: Option<Payment<'a>>,
    /// Payment instructions by further means: EN 16931 has one, CII holds several.
    pub further_payments: Vec<Payment<'a>>,
    /// BG-20: allowances on the document.
    pub allowances: Vec<AllowanceCharge<'a>>,
    /// BG-21: charges on the document.
    pub charges: Vec<AllowanceCharge<'a>>,
    /// What CII has among allowances and charges without saying which of the two it is.
    pub neither: Vec<AllowanceCharge<'a>>,
    /// BG-22: totals.
    pub totals: Totals<'a>,
    /// BG-23: VAT breakdown.
    pub vat: Vec<VatBreakdown<'a>>,
    /// BG-24: supporting documents.
    pub attachments: Vec<Attachment<'a>>,
    /// BG-25: lines.
    pub lines: Vec<Line<'a>>,
    /// Numbers whose text says more than the fields above hold, ordered by their places; hardly ever any.
    pub odd_numbers: Vec<OddNumber<'a>>,
    /// Codes in places that have no term.
    pub beyond: Beyond<'a>,
}

impl<'a> Invoice<'a> {
    /// BT-40, BT-55, BT-69, BT-80: the countries of the addresses.
    pub fn countries(&self) -> impl Iterator<Item = (Term, &str)> {
        let places = [
            (
                Bt(40),
                self.seller.as_ref().and_then(|p| p.address.as_ref()),
            ),
            (Bt(55), self.buyer.as_ref().and_then(|p| p.address.as_ref())),
            (
                Bt(69),
                self.tax_representative
                    .as_ref()
                    .and_then(|p| p.address.as_ref()),
            ),
            (
                Bt(80),
                self.delivery.as_ref().and_then(|d| d.address.as_ref()),
            ),
        ];
        places
            .into_iter()
            .filter_map(|(term, address)| Some((term, address?.country.as_deref()?)))
    }

    /// BG-16: the payment instructions, those by further means included.
    pub fn payments(&self) -> impl Iterator<Item = &Payment<'a>> {
        self.payment.iter().chain(&self.further_payments)
    }
}

/// BG-13: delivery.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery<'a> {
    /// BT-70: name of the recipient.
    pub name: Option<Text<'a>>,
    /// BT-71: location; BT-71-1: its scheme, ISO 6523.
    pub location: Option<Identifier<'a>>,
    /// BT-72: date.
    pub date: Option<Day<'a>>,
    /// BG-15: address.
    pub address: Option<Address<'a>>,
}
