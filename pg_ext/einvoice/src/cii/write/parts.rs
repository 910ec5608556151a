//! Groups of elements that stand in several places.

use super::xml::Xml;
use crate::en16931::{AllowanceCharge, Day, Identifier, LineVat, Period, TaxType, Text};

/// A document that is referred to by its number.
pub(super) fn referenced(xml: &mut Xml, name: &str, number: Option<&Text<'_>>) {
    if let Some(number) = number {
        xml.group(name, |xml| xml.text("ram:IssuerAssignedID", number));
    }
}

/// BT-18, BT-128: an invoiced object, which CII tells apart by document type 130.
pub(super) fn object(xml: &mut Xml, object: &Identifier<'_>) {
    xml.group("ram:AdditionalReferencedDocument", |xml| {
        xml.text("ram:IssuerAssignedID", &object.value);
        xml.text("ram:TypeCode", "130");
        xml.optional("ram:ReferenceTypeCode", object.scheme.as_ref());
    });
}

/// BT-19, BT-133.
pub(super) fn accounting_reference(xml: &mut Xml, reference: Option<&Text<'_>>) {
    if let Some(reference) = reference {
        xml.group("ram:ReceivableSpecifiedTradeAccountingAccount", |xml| {
            xml.text("ram:ID", reference);
        });
    }
}

/// A date in format 102, in an element of its data type inside of the one named; left out where there is none.
pub(super) fn date(xml: &mut Xml, name: &str, data_type: &str, day: Option<&Day<'_>>) {
    let Some(day) = day else { return };
    xml.group(name, |xml| match day {
        Day::Date(date) => {
            let day = format_args!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
            xml.plain(data_type, &[("format", Some("102"))], day);
        }
        Day::Other { text, is_102 } => {
            xml.qualified(data_type, &[("format", is_102.then_some("102"))], text);
        }
    });
}

pub(super) fn period(xml: &mut Xml, period: Option<&Period<'_>>) {
    let Some(period) = period else { return };
    xml.group("ram:BillingSpecifiedPeriod", |xml| {
        date(
            xml,
            "ram:StartDateTime",
            "udt:DateTimeString",
            period.start.as_ref(),
        );
        date(
            xml,
            "ram:EndDateTime",
            "udt:DateTimeString",
            period.end.as_ref(),
        );
    });
}

pub(super) fn indicator(xml: &mut Xml, is_charge: bool) {
    xml.group("ram:ChargeIndicator", |xml| {
        xml.text("udt:Indicator", if is_charge { "true" } else { "false" });
    });
}

/// Charges, allowances, and what does not say which of the two it is.
pub(super) fn allowances_and_charges(
    xml: &mut Xml,
    allowances: &[AllowanceCharge<'_>],
    charges: &[AllowanceCharge<'_>],
    neither: &[AllowanceCharge<'_>],
) {
    for (ones, is_charge) in [
        (charges, Some(true)),
        (allowances, Some(false)),
        (neither, None),
    ] {
        for one in ones {
            xml.group("ram:SpecifiedTradeAllowanceCharge", |xml| {
                allowance_or_charge(xml, one, is_charge);
            });
        }
    }
}

fn allowance_or_charge(xml: &mut Xml, one: &AllowanceCharge<'_>, is_charge: Option<bool>) {
    if let Some(is_charge) = is_charge {
        indicator(xml, is_charge);
    }
    xml.number("ram:CalculationPercent", one.percent.map(|p| p.number()));
    xml.number("ram:BasisAmount", one.base);
    xml.number("ram:ActualAmount", one.amount);
    xml.optional("ram:ReasonCode", one.reason_code.as_ref());
    xml.optional("ram:Reason", one.reason.as_ref());
    for vat in one.taxes() {
        xml.group("ram:CategoryTradeTax", |xml| self::vat(xml, vat));
    }
}

/// Category and rate.
pub(super) fn vat(xml: &mut Xml, vat: &LineVat<'_>) {
    tax_type(xml, vat);
    xml.optional("ram:CategoryCode", vat.category.as_ref());
    xml.number("ram:RateApplicablePercent", vat.rate.map(|r| r.number()));
}

/// The tax is VAT in all of EN 16931; the model does not hold the name of any other.
pub(super) fn tax_type(xml: &mut Xml, vat: &LineVat<'_>) {
    if vat.tax != TaxType::Other {
        xml.text("ram:TypeCode", "VAT");
    }
}
