//! Lines and items.

use std::borrow::Cow;

use super::amounts::{rounded, vat};
use super::party::iso_scheme;
use super::{object, period, text};
use crate::en16931::{
    AllowanceCharge, Attribute, Classification, Identifier, Item, Line, LineId, Price, Text,
};
use crate::{codes, gobl};

pub(super) fn line<'m>(line: &'m gobl::Line<'_>, at: usize) -> Line<'m> {
    let item = line.item.as_ref();
    Line {
        id: LineId::Number(
            usize::try_from(line.index)
                .ok()
                .filter(|i| *i > 0)
                .unwrap_or(at + 1),
        ),
        note: note(&line.notes),
        object: line.identifier.as_deref().and_then(object),
        quantity: Some(line.quantity),
        unit: item.and_then(|i| text(&i.unit)).map(|unit| match unit {
            Cow::Borrowed(unit) => Cow::Borrowed(codes::unit(unit)),
            owned => owned,
        }),
        net: line.total.map(rounded),
        order_line: text(&line.order),
        accounting_reference: text(&line.cost),
        period: line.period.as_deref().map(period),
        allowances: line
            .discounts
            .iter()
            .map(|d| AllowanceCharge {
                amount: Some(rounded(d.amount)),
                base: d.base.map(rounded),
                percent: d.percent,
                reason: text(&d.reason),
                reason_code: text(d.ext.get(gobl::ALLOWANCE)),
                ..AllowanceCharge::default()
            })
            .collect(),
        charges: line
            .charges
            .iter()
            .map(|c| AllowanceCharge {
                amount: Some(rounded(c.amount)),
                base: c.base.map(rounded),
                percent: c.percent,
                reason: text(&c.reason),
                reason_code: text(c.ext.get(gobl::CHARGE)),
                ..AllowanceCharge::default()
            })
            .collect(),
        price: Price {
            net: item.and_then(|i| i.price),
            ..Price::default()
        },
        vat: vat(&line.taxes),
        neither: Vec::new(),
        further_taxes: Vec::new(),
        item: item.map(self::item).unwrap_or_default(),
    }
}

/// BT-127 has one occurrence: several notes become the lines of one.
fn note<'m>(notes: &'m [gobl::Note<'_>]) -> Option<Text<'m>> {
    match notes {
        [] => None,
        [only] => text(&only.text),
        several => text_of(
            several
                .iter()
                .map(|n| n.text.as_str())
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join("\n"),
        ),
    }
}

fn text_of(text: String) -> Option<Text<'static>> {
    (!text.is_empty()).then_some(Cow::Owned(text))
}

fn item<'m>(item: &'m gobl::Item<'_>) -> Item<'m> {
    let plain = |i: &&gobl::Identity<'_>| iso_scheme(i).is_none() && i.label.is_empty();
    Item {
        name: text(&item.name),
        description: text(&item.description),
        seller_id: text(&item.reference),
        buyer_id: item
            .identities
            .iter()
            .find(plain)
            .and_then(|i| text(&i.code)),
        standard_id: item.identities.iter().rev().find_map(|i| {
            let scheme = iso_scheme(i)?;
            Some(Identifier::of(text(&i.code)?, Some(scheme.into())))
        }),
        classifications: item
            .identities
            .iter()
            .filter(|i| iso_scheme(i).is_none() && !i.label.is_empty())
            .filter_map(|i| {
                Some(Classification {
                    code: text(&i.code)?,
                    list: text(&i.label),
                    version: None,
                })
            })
            .collect(),
        origin: text(&item.origin),
        attributes: item
            .meta
            .iter()
            .map(|(name, value)| Attribute {
                name: Some(Cow::Borrowed(name)),
                value: Some(Cow::Borrowed(value)),
            })
            .collect(),
    }
}
