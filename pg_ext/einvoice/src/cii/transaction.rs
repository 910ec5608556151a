//! The transaction: agreement, delivery, settlement.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::line;
use super::parts;
use super::write::Failure;
use super::xml::Xml;
use crate::Poll;
use crate::en16931::{Attachment, Invoice, Payment, Text};

pub(super) fn transaction(
    xml: &mut Xml,
    invoice: &Invoice<'_>,
    poll: Poll<'_>,
) -> Result<(), Failure> {
    xml.group("rsm:SupplyChainTradeTransaction", |xml| {
        for line in &invoice.lines {
            poll()?;
            xml.group("ram:IncludedSupplyChainTradeLineItem", |xml| {
                line::line(xml, line)
            })?;
        }
        xml.group("ram:ApplicableHeaderTradeAgreement", |xml| {
            agreement(xml, invoice)
        })?;
        let is_delivered = invoice.delivery.is_some()
            || invoice.despatch_advice.is_some()
            || invoice.receiving_advice.is_some();
        if is_delivered {
            xml.group("ram:ApplicableHeaderTradeDelivery", |xml| {
                delivery(xml, invoice)
            })?;
        } else {
            xml.empty("ram:ApplicableHeaderTradeDelivery")?;
        }
        xml.group("ram:ApplicableHeaderTradeSettlement", |xml| {
            settlement(xml, invoice)
        })?;
        Ok(())
    })
}

fn agreement(xml: &mut Xml, invoice: &Invoice<'_>) -> io::Result<()> {
    xml.optional("ram:BuyerReference", invoice.buyer_reference.as_ref())?;
    if let Some(seller) = &invoice.seller {
        xml.group("ram:SellerTradeParty", |xml| parts::party(xml, seller))?;
    }
    if let Some(buyer) = &invoice.buyer {
        xml.group("ram:BuyerTradeParty", |xml| parts::party(xml, buyer))?;
    }
    if let Some(representative) = &invoice.tax_representative {
        xml.group("ram:SellerTaxRepresentativeTradeParty", |xml| {
            xml.optional("ram:Name", representative.name.as_ref())?;
            parts::address(xml, representative.address.as_ref())?;
            parts::tax_registration(xml, "VA", representative.vat_id.as_ref())
        })?;
    }
    referenced(
        xml,
        "ram:SellerOrderReferencedDocument",
        invoice.sales_order.as_ref(),
    )?;
    referenced(
        xml,
        "ram:BuyerOrderReferencedDocument",
        invoice.purchase_order.as_ref(),
    )?;
    referenced(
        xml,
        "ram:ContractReferencedDocument",
        invoice.contract.as_ref(),
    )?;
    if let Some(tender) = &invoice.tender {
        xml.group("ram:AdditionalReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", tender)?;
            xml.text("ram:TypeCode", "50")
        })?;
    }
    if let Some(object) = &invoice.object {
        parts::object(xml, object)?;
    }
    for attachment in &invoice.attachments {
        xml.group("ram:AdditionalReferencedDocument", |xml| {
            self::attachment(xml, attachment)
        })?;
    }
    match &invoice.project {
        Some(project) => xml.group("ram:SpecifiedProcuringProject", |xml| {
            xml.text("ram:ID", &project.reference)?;
            xml.text("ram:Name", &project.name)
        }),
        None => Ok(()),
    }
}

fn referenced(xml: &mut Xml, name: &str, number: Option<&Text<'_>>) -> io::Result<()> {
    number.map_or(Ok(()), |number| {
        xml.group(name, |xml| xml.text("ram:IssuerAssignedID", number))
    })
}

fn attachment(xml: &mut Xml, attachment: &Attachment<'_>) -> io::Result<()> {
    xml.optional("ram:IssuerAssignedID", attachment.reference.as_ref())?;
    xml.optional("ram:URIID", attachment.location.as_ref())?;
    xml.text("ram:TypeCode", "916")?;
    xml.optional("ram:Name", attachment.description.as_ref())?;
    if attachment.content.is_empty() {
        return Ok(());
    }
    let attributes = [
        ("mimeCode", attachment.mime.as_deref()),
        ("filename", attachment.file_name.as_deref()),
    ];
    xml.qualified(
        "ram:AttachmentBinaryObject",
        &attributes,
        &STANDARD.encode(&attachment.content),
    )
}

fn delivery(xml: &mut Xml, invoice: &Invoice<'_>) -> io::Result<()> {
    if let Some(delivery) = &invoice.delivery {
        if delivery.name.is_some() || delivery.location.is_some() || delivery.address.is_some() {
            xml.group("ram:ShipToTradeParty", |xml| {
                parts::identifiers(xml, delivery.location.as_slice())?;
                xml.optional("ram:Name", delivery.name.as_ref())?;
                parts::address(xml, delivery.address.as_ref())
            })?;
        }
        if delivery.date.is_some() {
            xml.group("ram:ActualDeliverySupplyChainEvent", |xml| {
                xml.date(
                    "ram:OccurrenceDateTime",
                    "udt:DateTimeString",
                    delivery.date,
                )
            })?;
        }
    }
    referenced(
        xml,
        "ram:DespatchAdviceReferencedDocument",
        invoice.despatch_advice.as_ref(),
    )?;
    referenced(
        xml,
        "ram:ReceivingAdviceReferencedDocument",
        invoice.receiving_advice.as_ref(),
    )
}

fn settlement(xml: &mut Xml, invoice: &Invoice<'_>) -> io::Result<()> {
    let payment = invoice.payment.as_ref();
    let debit = payment.and_then(|p| p.direct_debit.as_ref());
    xml.optional(
        "ram:CreditorReferenceID",
        debit.and_then(|d| d.creditor.as_ref()),
    )?;
    xml.optional(
        "ram:PaymentReference",
        payment.and_then(|p| p.remittance.as_ref()),
    )?;
    xml.optional("ram:TaxCurrencyCode", invoice.tax_currency.as_ref())?;
    xml.optional("ram:InvoiceCurrencyCode", invoice.currency.as_ref())?;
    if let Some(payee) = &invoice.payee {
        xml.group("ram:PayeeTradeParty", |xml| {
            parts::identifiers(xml, payee.identifier.as_slice())?;
            xml.optional("ram:Name", payee.name.as_ref())?;
            parts::legal_organization(xml, payee.legal_id.as_ref(), None)
        })?;
    }
    if let Some(payment) = payment {
        payment_means(xml, payment)?;
    }
    for (at, vat) in invoice.vat.iter().enumerate() {
        // The date stands once in a file (CII-SR-461), the code in every breakdown.
        let tax_point = invoice.tax_point_date.filter(|_| at == 0);
        parts::breakdown(xml, vat, tax_point, invoice.tax_point_code.as_ref())?;
    }
    parts::period(xml, invoice.period)?;
    parts::allowances_and_charges(xml, &invoice.allowances, &invoice.charges)?;
    let mandate = debit.and_then(|d| d.mandate.as_ref());
    if invoice.payment_terms.is_some() || invoice.due_date.is_some() || mandate.is_some() {
        xml.group("ram:SpecifiedTradePaymentTerms", |xml| -> io::Result<()> {
            xml.optional("ram:Description", invoice.payment_terms.as_ref())?;
            xml.date(
                "ram:DueDateDateTime",
                "udt:DateTimeString",
                invoice.due_date,
            )?;
            xml.optional("ram:DirectDebitMandateID", mandate)
        })?;
    }
    parts::totals(xml, invoice)?;
    if let Some(preceding) = invoice.preceding.first() {
        xml.group("ram:InvoiceReferencedDocument", |xml| -> io::Result<()> {
            xml.optional("ram:IssuerAssignedID", preceding.number.as_ref())?;
            xml.date(
                "ram:FormattedIssueDateTime",
                "qdt:DateTimeString",
                preceding.issue_date,
            )
        })?;
    }
    parts::accounting_reference(xml, invoice.accounting_reference.as_ref())
}

/// One element per account (BG-17), each with the same means; card and debited account stand in the first.
fn payment_means(xml: &mut Xml, payment: &Payment<'_>) -> io::Result<()> {
    for at in 0..payment.credit_transfers.len().max(1) {
        xml.group("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
            xml.optional("ram:TypeCode", payment.means.as_ref())?;
            xml.optional("ram:Information", payment.means_text.as_ref())?;
            if let Some(card) = payment.card.as_ref().filter(|_| at == 0) {
                xml.group("ram:ApplicableTradeSettlementFinancialCard", |xml| {
                    xml.optional("ram:ID", card.number.as_ref())?;
                    xml.optional("ram:CardholderName", card.holder.as_ref())
                })?;
            }
            if let Some(account) = payment
                .direct_debit
                .as_ref()
                .filter(|_| at == 0)
                .and_then(|d| d.account.as_ref())
            {
                xml.group("ram:PayerPartyDebtorFinancialAccount", |xml| {
                    xml.text("ram:IBANID", account)
                })?;
            }
            let Some(transfer) = payment.credit_transfers.get(at) else {
                return Ok(());
            };
            xml.group("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.optional("ram:IBANID", transfer.iban.as_ref())?;
                xml.optional("ram:AccountName", transfer.name.as_ref())?;
                xml.optional("ram:ProprietaryID", transfer.number.as_ref())
            })?;
            match &transfer.bic {
                Some(bic) => xml.group("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                    xml.text("ram:BICID", bic)
                }),
                None => Ok(()),
            }
        })?;
    }
    Ok(())
}
