//! What stands in several places: dates, periods, addresses, identifiers, taxes, allowances and charges.

use super::super::tree::{Element, name, trim};
use super::{Reader, site};
use crate::en16931::{
    Address, AllowanceCharge, Day, Identifier, Indicator, LineVat, Period, Site, TaxType, date_102,
};

/// Whether something is an allowance or a charge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::cii) enum Kind {
    Allowance,
    Charge,
    /// The indicator is missing, or says neither.
    Neither,
}

/// What the indicator of an allowance or charge says, and how.
pub(in crate::cii) fn kind(element: Element<'_, '_>) -> (Kind, Indicator) {
    let indicator = element
        .child(name::CHARGE_INDICATOR)
        .and_then(|charge| charge.child(name::INDICATOR))
        .map(Element::text)
        .unwrap_or_default();
    match indicator {
        "false" => return (Kind::Allowance, Indicator::Word),
        "true" => return (Kind::Charge, Indicator::Word),
        _ => {}
    }
    let kind = match trim(indicator) {
        "false" | "0" => Kind::Allowance,
        "true" | "1" => Kind::Charge,
        _ => Kind::Neither,
    };
    (kind, Indicator::Other)
}

impl<'t, 'x> Reader<'t, 'x> {
    /// Takes a date for a field, the first time.
    pub(super) fn day(&mut self, element: Element<'t, 'x>, field: &mut Option<Day<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let is_text = |child: &Element<'_, '_>| {
            matches!(child.name(), name::DATE_TIME_STRING | name::DATE_STRING)
        };
        let Some(text) = element.children().find(is_text) else {
            self.pass(element);
            *field = Some(Day::Other {
                text: "".into(),
                is_102: false,
            });
            return;
        };
        let is_102 = text.attribute("format") == Some("102");
        let date = date_102(text.text()).filter(|_| is_102);
        let day = date.map_or_else(
            || Day::Other {
                text: text.text_cow(),
                is_102,
            },
            Day::Date,
        );
        if day.date().is_none() {
            self.pass(element);
        }
        *field = Some(day);
    }

    /// BG-14, BG-26.
    pub(super) fn period(&mut self, element: Element<'t, 'x>, field: &mut Option<Period<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let mut period = Period::default();
        for child in element.children() {
            match child.name() {
                name::START_DATE_TIME => self.day(child, &mut period.start),
                name::END_DATE_TIME => self.day(child, &mut period.end),
                _ => self.pass(child),
            }
        }
        *field = Some(period);
    }

    /// BG-5, BG-8, BG-12, BG-15.
    pub(super) fn address(&mut self, element: Element<'t, 'x>, field: &mut Option<Address<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let mut address = Address::default();
        for child in element.children() {
            match child.name() {
                name::POSTCODE_CODE => self.text(child, &mut address.post_code),
                name::LINE_ONE => self.text(child, &mut address.line_one),
                name::LINE_TWO => self.text(child, &mut address.line_two),
                name::LINE_THREE => self.text(child, &mut address.line_three),
                name::CITY_NAME => self.text(child, &mut address.city),
                name::COUNTRY_ID => self.text(child, &mut address.country),
                name::COUNTRY_SUB_DIVISION_NAME => self.text(child, &mut address.subdivision),
                _ => self.pass(child),
            }
        }
        *field = Some(address);
    }

    /// Takes an identifier with its scheme for a field, the first time.
    pub(super) fn identifier(
        &mut self,
        element: Element<'t, 'x>,
        field: &mut Option<Identifier<'x>>,
    ) {
        if field.is_none() {
            *field = Some(identifier(element));
        } else {
            self.pass(element);
        }
    }

    /// BT-18, BT-128: document type 130.
    pub(super) fn object(&mut self, element: Element<'t, 'x>, field: &mut Option<Identifier<'x>>) {
        if field.is_some() {
            self.pass(element);
            return;
        }
        let (mut value, mut scheme) = (None, None);
        for child in element.children() {
            match child.name() {
                name::ISSUER_ASSIGNED_ID => self.text(child, &mut value),
                name::REFERENCE_TYPE_CODE => self.text(child, &mut scheme),
                name::TYPE_CODE => {}
                _ => self.pass(child),
            }
        }
        *field = Some(Identifier::local(value.unwrap_or_default(), scheme));
    }

    /// BG-30 and its likes; the term of the rate.
    pub(super) fn tax(&mut self, element: Element<'t, 'x>, rate: Site) -> LineVat<'x> {
        let mut vat = LineVat {
            tax: TaxType::Other,
            ..LineVat::default()
        };
        for child in element.children() {
            match child.name() {
                name::TYPE_CODE => vat.tax = tax_type(child.text()),
                name::CATEGORY_CODE => self.text(child, &mut vat.category),
                name::RATE_APPLICABLE_PERCENT => self.percent(child, rate, &mut vat.rate),
                _ => self.pass(child),
            }
        }
        vat
    }

    /// BG-20, BG-21, BG-27, BG-28: the term of the amount, after which those of base, percentage, category and rate follow.
    pub(super) fn allowance_or_charge(
        &mut self,
        element: Element<'t, 'x>,
        indicator: Indicator,
        term: u16,
        at: [usize; 2],
    ) -> AllowanceCharge<'x> {
        let mut of = AllowanceCharge {
            indicator,
            ..AllowanceCharge::default()
        };
        for child in element.children() {
            match child.name() {
                name::CHARGE_INDICATOR => {}
                name::ACTUAL_AMOUNT => self.amount(child, site(term, at), &mut of.amount),
                name::BASIS_AMOUNT => self.amount(child, site(term + 1, at), &mut of.base),
                name::CALCULATION_PERCENT => {
                    self.percent(child, site(term + 2, at), &mut of.percent);
                }
                name::REASON => self.text(child, &mut of.reason),
                name::REASON_CODE => self.text(child, &mut of.reason_code),
                name::CATEGORY_TRADE_TAX => {
                    let vat = self.tax(child, site(term + 4, at));
                    match of.vat {
                        None => of.vat = Some(vat),
                        Some(_) => of.further_taxes.push(vat),
                    }
                }
                _ => self.pass(child),
            }
        }
        of
    }
}

/// An identifier with the scheme that its element names.
pub(super) fn identifier<'x>(element: Element<'_, 'x>) -> Identifier<'x> {
    Identifier {
        value: element.text_cow(),
        scheme: element.attribute_cow("schemeID"),
        is_global: element.name() == name::GLOBAL_ID,
    }
}

/// The tests of the artefact take any case, but most of them no white space.
pub(super) fn tax_type(text: &str) -> TaxType {
    if text.eq_ignore_ascii_case("VAT") {
        TaxType::Vat
    } else if trim(text).eq_ignore_ascii_case("VAT") {
        TaxType::PaddedVat
    } else {
        TaxType::Other
    }
}
