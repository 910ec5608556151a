//! Groups of elements that stand in several places.

use std::io;

use jiff::civil::Date;

use super::xml::Xml;
use crate::en16931::{
    Address, AllowanceCharge, Identifier, Invoice, LineVat, Party, Period, Text, VatBreakdown,
};

/// Identifiers: those with a scheme as `GlobalID`, after those without as `ID`.
pub(super) fn identifiers(xml: &mut Xml, identifiers: &[Identifier<'_>]) -> io::Result<()> {
    for id in identifiers.iter().filter(|id| id.scheme.is_none()) {
        xml.text("ram:ID", &id.value)?;
    }
    for id in identifiers.iter().filter(|id| id.scheme.is_some()) {
        xml.qualified(
            "ram:GlobalID",
            &[("schemeID", id.scheme.as_deref())],
            &id.value,
        )?;
    }
    Ok(())
}

pub(super) fn party(xml: &mut Xml, party: &Party<'_>) -> io::Result<()> {
    identifiers(xml, &party.identifiers)?;
    xml.optional("ram:Name", party.name.as_ref())?;
    xml.optional("ram:Description", party.legal_information.as_ref())?;
    legal_organization(xml, party.legal_id.as_ref(), party.trading_name.as_ref())?;
    if let Some(contact) = &party.contact {
        xml.group("ram:DefinedTradeContact", |xml| -> io::Result<()> {
            xml.optional("ram:PersonName", contact.person.as_ref())?;
            xml.optional("ram:DepartmentName", contact.department.as_ref())?;
            if let Some(telephone) = &contact.telephone {
                xml.group("ram:TelephoneUniversalCommunication", |xml| {
                    xml.text("ram:CompleteNumber", telephone)
                })?;
            }
            match &contact.email {
                Some(email) => xml.group("ram:EmailURIUniversalCommunication", |xml| {
                    xml.text("ram:URIID", email)
                }),
                None => Ok(()),
            }
        })?;
    }
    address(xml, party.address.as_ref())?;
    if let Some(endpoint) = &party.endpoint {
        let scheme = [("schemeID", endpoint.scheme.as_deref())];
        xml.group("ram:URIUniversalCommunication", |xml| {
            xml.qualified("ram:URIID", &scheme, &endpoint.value)
        })?;
    }
    tax_registration(xml, "VA", party.vat_id.as_ref())?;
    tax_registration(xml, "FC", party.tax_number.as_ref())
}

pub(super) fn legal_organization(
    xml: &mut Xml,
    id: Option<&Identifier<'_>>,
    trading_name: Option<&Text<'_>>,
) -> io::Result<()> {
    if id.is_none() && trading_name.is_none() {
        return Ok(());
    }
    xml.group("ram:SpecifiedLegalOrganization", |xml| -> io::Result<()> {
        if let Some(id) = id {
            xml.qualified("ram:ID", &[("schemeID", id.scheme.as_deref())], &id.value)?;
        }
        xml.optional("ram:TradingBusinessName", trading_name)
    })
}

pub(super) fn address(xml: &mut Xml, address: Option<&Address<'_>>) -> io::Result<()> {
    let Some(address) = address else {
        return Ok(());
    };
    xml.group("ram:PostalTradeAddress", |xml| {
        xml.optional("ram:PostcodeCode", address.post_code.as_ref())?;
        xml.optional("ram:LineOne", address.line_one.as_ref())?;
        xml.optional("ram:LineTwo", address.line_two.as_ref())?;
        xml.optional("ram:LineThree", address.line_three.as_ref())?;
        xml.optional("ram:CityName", address.city.as_ref())?;
        xml.optional("ram:CountryID", address.country.as_ref())?;
        xml.optional("ram:CountrySubDivisionName", address.subdivision.as_ref())
    })
}

pub(super) fn tax_registration(
    xml: &mut Xml,
    scheme: &str,
    id: Option<&Text<'_>>,
) -> io::Result<()> {
    let Some(id) = id else { return Ok(()) };
    xml.group("ram:SpecifiedTaxRegistration", |xml| {
        xml.qualified("ram:ID", &[("schemeID", Some(scheme))], id)
    })
}

/// BT-18, BT-128: an invoiced object, which CII tells apart by document type 130.
pub(super) fn object(xml: &mut Xml, object: &Identifier<'_>) -> io::Result<()> {
    xml.group("ram:AdditionalReferencedDocument", |xml| {
        xml.text("ram:IssuerAssignedID", &object.value)?;
        xml.text("ram:TypeCode", "130")?;
        xml.optional("ram:ReferenceTypeCode", object.scheme.as_ref())
    })
}

pub(super) fn accounting_reference(xml: &mut Xml, reference: Option<&Text<'_>>) -> io::Result<()> {
    reference.map_or(Ok(()), |reference| {
        xml.group("ram:ReceivableSpecifiedTradeAccountingAccount", |xml| {
            xml.text("ram:ID", reference)
        })
    })
}

pub(super) fn period(xml: &mut Xml, period: Option<Period>) -> io::Result<()> {
    let Some(period) = period else { return Ok(()) };
    xml.group("ram:BillingSpecifiedPeriod", |xml| {
        xml.date("ram:StartDateTime", "udt:DateTimeString", period.start)?;
        xml.date("ram:EndDateTime", "udt:DateTimeString", period.end)
    })
}

pub(super) fn indicator(xml: &mut Xml, is_charge: bool) -> io::Result<()> {
    xml.group("ram:ChargeIndicator", |xml| {
        xml.text("udt:Indicator", if is_charge { "true" } else { "false" })
    })
}

pub(super) fn allowances_and_charges(
    xml: &mut Xml,
    allowances: &[AllowanceCharge<'_>],
    charges: &[AllowanceCharge<'_>],
) -> io::Result<()> {
    let charges = charges.iter().map(|c| (true, c));
    for (is_charge, one) in charges.chain(allowances.iter().map(|a| (false, a))) {
        xml.group(
            "ram:SpecifiedTradeAllowanceCharge",
            |xml| -> io::Result<()> {
                indicator(xml, is_charge)?;
                xml.optional_number("ram:CalculationPercent", one.percent.map(|p| p.number()))?;
                xml.optional_number("ram:BasisAmount", one.base)?;
                xml.optional_number("ram:ActualAmount", one.amount)?;
                xml.optional("ram:ReasonCode", one.reason_code.as_ref())?;
                xml.optional("ram:Reason", one.reason.as_ref())?;
                match &one.vat {
                    Some(vat) => xml.group("ram:CategoryTradeTax", |xml| self::vat(xml, vat)),
                    None => Ok(()),
                }
            },
        )?;
    }
    Ok(())
}

/// Category and rate; the tax itself is VAT in all of EN 16931.
pub(super) fn vat(xml: &mut Xml, vat: &LineVat<'_>) -> io::Result<()> {
    xml.text("ram:TypeCode", "VAT")?;
    xml.optional("ram:CategoryCode", vat.category.as_ref())?;
    xml.optional_number("ram:RateApplicablePercent", vat.rate.map(|r| r.number()))
}

pub(super) fn breakdown(
    xml: &mut Xml,
    vat: &VatBreakdown<'_>,
    tax_point: Option<Date>,
    tax_point_code: Option<&Text<'_>>,
) -> io::Result<()> {
    xml.group("ram:ApplicableTradeTax", |xml| -> io::Result<()> {
        xml.optional_number("ram:CalculatedAmount", vat.tax)?;
        xml.text("ram:TypeCode", "VAT")?;
        xml.optional("ram:ExemptionReason", vat.exemption_reason.as_ref())?;
        xml.optional_number("ram:BasisAmount", vat.taxable)?;
        xml.optional("ram:CategoryCode", vat.vat.category.as_ref())?;
        xml.optional("ram:ExemptionReasonCode", vat.exemption_code.as_ref())?;
        xml.date("ram:TaxPointDate", "udt:DateString", tax_point)?;
        xml.optional("ram:DueDateTypeCode", tax_point_code)?;
        xml.optional_number(
            "ram:RateApplicablePercent",
            vat.vat.rate.map(|r| r.number()),
        )
    })
}

pub(super) fn totals(xml: &mut Xml, invoice: &Invoice<'_>) -> io::Result<()> {
    let totals = &invoice.totals;
    xml.group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        |xml| -> io::Result<()> {
            xml.optional_number("ram:LineTotalAmount", totals.lines)?;
            xml.optional_number("ram:ChargeTotalAmount", totals.charges)?;
            xml.optional_number("ram:AllowanceTotalAmount", totals.allowances)?;
            xml.optional_number("ram:TaxBasisTotalAmount", totals.without_vat)?;
            if let Some(vat) = totals.vat {
                xml.number(
                    "ram:TaxTotalAmount",
                    &[("currencyID", invoice.currency.as_deref())],
                    vat,
                )?;
            }
            if let Some(vat) = totals.vat_in_tax_currency {
                xml.number(
                    "ram:TaxTotalAmount",
                    &[("currencyID", invoice.tax_currency.as_deref())],
                    vat,
                )?;
            }
            xml.optional_number("ram:RoundingAmount", totals.rounding)?;
            xml.optional_number("ram:GrandTotalAmount", totals.with_vat)?;
            xml.optional_number("ram:TotalPrepaidAmount", totals.prepaid)?;
            xml.optional_number("ram:DuePayableAmount", totals.due)
        },
    )
}
