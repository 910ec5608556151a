//! What is to be paid and how: means, VAT, allowances, terms, totals.

use super::xml::Xml;
use super::{parts, party};
use crate::en16931::{Invoice, Payment, VatBreakdown};

pub(super) fn settlement(xml: &mut Xml, invoice: &Invoice<'_>) {
    let payment = invoice.payment.as_ref();
    let debit = payment.and_then(|p| p.direct_debit.as_ref());
    let creditor = debit.and_then(|d| d.creditor.as_ref());
    xml.optional("ram:CreditorReferenceID", creditor);
    let remittance = payment.and_then(|p| p.remittance.as_ref());
    xml.optional("ram:PaymentReference", remittance);
    xml.optional("ram:TaxCurrencyCode", invoice.tax_currency.as_ref());
    xml.optional("ram:InvoiceCurrencyCode", invoice.currency.as_ref());
    if let Some(payee) = &invoice.payee {
        xml.group("ram:PayeeTradeParty", |xml| party::payee(xml, payee));
    }
    for payment in invoice.payments().filter(|payment| !payment.is_implied) {
        payment_means(xml, payment);
    }
    for (at, vat) in invoice.vat.iter().enumerate() {
        xml.group("ram:ApplicableTradeTax", |xml| {
            breakdown(xml, vat, invoice, at == 0);
        });
    }
    parts::period(xml, invoice.period.as_ref());
    parts::allowances_and_charges(xml, &invoice.allowances, &invoice.charges, &invoice.neither);
    terms(xml, invoice);
    xml.group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        |xml| totals(xml, invoice),
    );
    if let Some(preceding) = invoice.preceding.first() {
        xml.group("ram:InvoiceReferencedDocument", |xml| {
            xml.optional("ram:IssuerAssignedID", preceding.number.as_ref());
            let (name, data_type) = ("ram:FormattedIssueDateTime", "qdt:DateTimeString");
            parts::date(xml, name, data_type, preceding.issue_date.as_ref());
        });
    }
    parts::accounting_reference(xml, invoice.accounting_reference.as_ref());
}

/// One element per account (BG-17), each with the same means; card and debited account stand in the first.
fn payment_means(xml: &mut Xml, payment: &Payment<'_>) {
    for at in 0..payment.credit_transfers.len().max(1) {
        xml.group("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
            xml.optional("ram:TypeCode", payment.means.as_ref());
            xml.optional("ram:Information", payment.means_text.as_ref());
            if at == 0 {
                paid_from(xml, payment);
            }
            let Some(transfer) = payment.credit_transfers.get(at) else {
                return;
            };
            xml.group("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.optional("ram:IBANID", transfer.iban.as_ref());
                xml.optional("ram:AccountName", transfer.name.as_ref());
                xml.optional("ram:ProprietaryID", transfer.number.as_ref());
            });
            if let Some(bic) = &transfer.bic {
                xml.group("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                    xml.text("ram:BICID", bic);
                });
            }
        });
    }
}

fn paid_from(xml: &mut Xml, payment: &Payment<'_>) {
    if let Some(card) = &payment.card {
        xml.group("ram:ApplicableTradeSettlementFinancialCard", |xml| {
            xml.optional("ram:ID", card.number.as_ref());
            xml.optional("ram:CardholderName", card.holder.as_ref());
        });
    }
    let debit = payment.direct_debit.as_ref();
    if let Some(account) = debit.and_then(|d| d.account.as_ref()) {
        xml.group("ram:PayerPartyDebtorFinancialAccount", |xml| {
            xml.text("ram:IBANID", account);
        });
    }
}

/// The date when VAT becomes due stands once in a file (CII-SR-461), the code of the event in every breakdown.
fn breakdown(xml: &mut Xml, vat: &VatBreakdown<'_>, invoice: &Invoice<'_>, is_first: bool) {
    xml.number("ram:CalculatedAmount", vat.tax);
    parts::tax_type(xml, &vat.vat);
    xml.optional("ram:ExemptionReason", vat.exemption_reason.as_ref());
    xml.number("ram:BasisAmount", vat.taxable);
    xml.optional("ram:CategoryCode", vat.vat.category.as_ref());
    xml.optional("ram:ExemptionReasonCode", vat.exemption_code.as_ref());
    if is_first {
        let (name, data_type) = ("ram:TaxPointDate", "udt:DateString");
        parts::date(xml, name, data_type, invoice.tax_point_date.as_ref());
    }
    xml.optional("ram:DueDateTypeCode", invoice.tax_point_code.as_ref());
    let rate = vat.vat.rate.map(|r| r.number());
    xml.number("ram:RateApplicablePercent", rate);
}

fn terms(xml: &mut Xml, invoice: &Invoice<'_>) {
    let debit = invoice
        .payment
        .as_ref()
        .and_then(|p| p.direct_debit.as_ref());
    let mandate = debit.and_then(|d| d.mandate.as_ref());
    if invoice.payment_terms.is_none() && invoice.due_date.is_none() && mandate.is_none() {
        return;
    }
    xml.group("ram:SpecifiedTradePaymentTerms", |xml| {
        xml.optional("ram:Description", invoice.payment_terms.as_ref());
        let (name, data_type) = ("ram:DueDateDateTime", "udt:DateTimeString");
        parts::date(xml, name, data_type, invoice.due_date.as_ref());
        xml.optional("ram:DirectDebitMandateID", mandate);
    });
}

fn totals(xml: &mut Xml, invoice: &Invoice<'_>) {
    let totals = &invoice.totals;
    xml.number("ram:LineTotalAmount", totals.lines);
    xml.number("ram:ChargeTotalAmount", totals.charges);
    xml.number("ram:AllowanceTotalAmount", totals.allowances);
    xml.number("ram:TaxBasisTotalAmount", totals.without_vat);
    let named = [
        (totals.vat, &invoice.currency),
        (totals.vat_in_tax_currency, &invoice.tax_currency),
    ];
    let others = totals.other_vat.iter().map(|o| (o.amount, &o.currency));
    for (vat, currency) in named.into_iter().chain(others) {
        if let Some(vat) = vat {
            let currency = [("currencyID", currency.as_deref())];
            xml.amount("ram:TaxTotalAmount", &currency, vat);
        }
    }
    xml.number("ram:RoundingAmount", totals.rounding);
    xml.number("ram:GrandTotalAmount", totals.with_vat);
    xml.number("ram:TotalPrepaidAmount", totals.prepaid);
    xml.number("ram:DuePayableAmount", totals.due);
}
