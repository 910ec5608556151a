//! What is to be paid: currencies, VAT, allowances and charges, terms, totals.

use super::super::tree::{Element, name};
use super::parts::{Kind, kind, tax_type};
use super::payment::{References, complete};
use super::{Reader, site};
use crate::en16931::{Invoice, LineVat, PrecedingInvoice, TaxType, Totals, VatBreakdown, VatTotal};

impl<'t, 'x> Reader<'t, 'x> {
    pub(super) fn settlement(&mut self, settlement: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        let mut references = References::default();
        let mut means = None;
        let mut summation = None;
        for child in settlement.children() {
            match child.name() {
                name::CREDITOR_REFERENCE_ID => self.text(child, &mut references.creditor),
                name::PAYMENT_REFERENCE => self.text(child, &mut references.remittance),
                name::TAX_CURRENCY_CODE => self.text(child, &mut invoice.tax_currency),
                name::INVOICE_CURRENCY_CODE => self.text(child, &mut invoice.currency),
                name::PAYEE_TRADE_PARTY => self.payee(child, &mut invoice.payee),
                name::SPECIFIED_TRADE_SETTLEMENT_PAYMENT_MEANS => {
                    self.payment_means(child, means, invoice);
                    means = Some(child);
                }
                name::APPLICABLE_TRADE_TAX => self.breakdown(child, invoice),
                name::BILLING_SPECIFIED_PERIOD => self.period(child, &mut invoice.period),
                name::SPECIFIED_TRADE_ALLOWANCE_CHARGE => {
                    let (kind, indicator) = kind(child);
                    let (list, term) = match kind {
                        Kind::Allowance => (&mut invoice.allowances, 92),
                        Kind::Charge => (&mut invoice.charges, 99),
                        Kind::Neither => (&mut invoice.neither, 0),
                    };
                    let of = self.allowance_or_charge(child, indicator, term, [list.len(), 0]);
                    list.push(of);
                }
                name::SPECIFIED_TRADE_PAYMENT_TERMS => {
                    for child in child.children() {
                        match child.name() {
                            name::DESCRIPTION => self.text(child, &mut invoice.payment_terms),
                            name::DUE_DATE_DATE_TIME => self.day(child, &mut invoice.due_date),
                            name::DIRECT_DEBIT_MANDATE_ID => {
                                self.text(child, &mut references.mandate);
                            }
                            _ => self.pass(child),
                        }
                    }
                }
                name::SPECIFIED_TRADE_SETTLEMENT_HEADER_MONETARY_SUMMATION
                    if summation.is_none() =>
                {
                    summation = Some(child);
                }
                name::INVOICE_REFERENCED_DOCUMENT => {
                    let preceding = self.preceding(child);
                    invoice.preceding.push(preceding);
                }
                name::RECEIVABLE_SPECIFIED_TRADE_ACCOUNTING_ACCOUNT => {
                    self.within(child, name::ID, &mut invoice.accounting_reference);
                }
                _ => self.pass(child),
            }
        }
        complete(invoice, references);
        // The currencies say which total of VAT is which.
        if let Some(summation) = summation {
            self.totals(summation, invoice);
        }
    }

    /// BG-23. The date and the event that make VAT due are the document's.
    fn breakdown(&mut self, element: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        let at = [invoice.vat.len(), 0];
        let mut entry = VatBreakdown {
            vat: LineVat {
                tax: TaxType::Other,
                ..LineVat::default()
            },
            ..VatBreakdown::default()
        };
        for child in element.children() {
            match child.name() {
                name::CALCULATED_AMOUNT => self.amount(child, site(117, at), &mut entry.tax),
                name::TYPE_CODE => entry.vat.tax = tax_type(child.text()),
                name::EXEMPTION_REASON => self.text(child, &mut entry.exemption_reason),
                name::BASIS_AMOUNT => self.amount(child, site(116, at), &mut entry.taxable),
                name::CATEGORY_CODE => self.text(child, &mut entry.vat.category),
                name::EXEMPTION_REASON_CODE => self.text(child, &mut entry.exemption_code),
                name::TAX_POINT_DATE => self.day(child, &mut invoice.tax_point_date),
                // It stands in every entry.
                name::DUE_DATE_TYPE_CODE
                    if invoice.tax_point_code.as_deref() == Some(child.text()) => {}
                name::DUE_DATE_TYPE_CODE => self.text(child, &mut invoice.tax_point_code),
                name::RATE_APPLICABLE_PERCENT => {
                    self.percent(child, site(119, at), &mut entry.vat.rate);
                }
                _ => self.pass(child),
            }
        }
        invoice.vat.push(entry);
    }

    fn preceding(&mut self, element: Element<'t, 'x>) -> PrecedingInvoice<'x> {
        let mut preceding = PrecedingInvoice {
            number: None,
            issue_date: None,
        };
        for child in element.children() {
            match child.name() {
                name::ISSUER_ASSIGNED_ID => self.text(child, &mut preceding.number),
                name::FORMATTED_ISSUE_DATE_TIME => self.day(child, &mut preceding.issue_date),
                _ => self.pass(child),
            }
        }
        preceding
    }

    /// BG-22.
    fn totals(&mut self, element: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        let at = [0, 0];
        let mut totals = Totals::default();
        for child in element.children() {
            match child.name() {
                name::LINE_TOTAL_AMOUNT => self.amount(child, site(106, at), &mut totals.lines),
                name::ALLOWANCE_TOTAL_AMOUNT => {
                    self.amount(child, site(107, at), &mut totals.allowances);
                }
                name::CHARGE_TOTAL_AMOUNT => {
                    self.amount(child, site(108, at), &mut totals.charges);
                }
                name::TAX_BASIS_TOTAL_AMOUNT => {
                    self.amount(child, site(109, at), &mut totals.without_vat);
                }
                name::TAX_TOTAL_AMOUNT => self.vat_total(child, invoice, &mut totals),
                name::GRAND_TOTAL_AMOUNT => self.amount(child, site(112, at), &mut totals.with_vat),
                name::TOTAL_PREPAID_AMOUNT => {
                    self.amount(child, site(113, at), &mut totals.prepaid);
                }
                name::ROUNDING_AMOUNT => self.amount(child, site(114, at), &mut totals.rounding),
                name::DUE_PAYABLE_AMOUNT => self.amount(child, site(115, at), &mut totals.due),
                _ => self.pass(child),
            }
        }
        invoice.totals = totals;
    }

    /// BT-110, BT-111, or neither: by the currency.
    fn vat_total(
        &mut self,
        element: Element<'t, 'x>,
        invoice: &Invoice<'x>,
        totals: &mut Totals<'x>,
    ) {
        let currency = element.attribute_cow("currencyID");
        let odd = |reader: &Self, term| {
            let site = site(term, [0, 0]);
            reader.odd_numbers.iter().any(|odd| odd.site == site)
        };
        if currency.is_some() && currency == invoice.currency {
            if totals.vat.is_none() && !odd(self, 110) {
                self.amount(element, site(110, [0, 0]), &mut totals.vat);
                return;
            }
        } else if currency.is_some()
            && currency == invoice.tax_currency
            && totals.vat_in_tax_currency.is_none()
            && !odd(self, 111)
        {
            self.amount(element, site(111, [0, 0]), &mut totals.vat_in_tax_currency);
            return;
        }
        let mut amount = None;
        let at = [0, totals.other_vat.len() + 1];
        self.amount(element, site(110, at), &mut amount);
        totals.other_vat.push(VatTotal { amount, currency });
    }
}
