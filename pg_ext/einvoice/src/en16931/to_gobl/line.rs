//! Lines, items and prices.

use std::collections::{HashMap, HashSet};

use super::{Rules, adjustments, closed_period, object, own, party, said};
use crate::amount::Amount;
use crate::en16931::{Attribute, Invoice, Item, Line, Price};
use crate::{codes, gobl};

/// Most decimals that a price gets when it is divided by the quantity that it is for.
const MAX_DECIMALS: u32 = 12;

pub(super) fn line<'x>(line: &Line<'x>, invoice: &Invoice<'x>, rules: Rules) -> gobl::Line<'x> {
    let quantity = line.quantity.unwrap_or_default();
    let price = price(&line.price, quantity, rules);
    let sum = price.map(|price| exact(price, quantity).rescale(rules.decimals));
    gobl::Line {
        quantity,
        identifier: object(line.object.as_ref()).map(Box::new),
        period: closed_period(line.period.as_ref()).map(Box::new),
        order: own(line.order_line.as_ref()),
        cost: own(line.accounting_reference.as_ref()),
        item: Some(gobl::Item {
            price,
            unit: own(line.unit.as_ref().map(|unit| unit_of(unit)).as_ref()),
            ..item(&line.item)
        }),
        discounts: line
            .allowances
            .iter()
            .map(|allowance| adjustments::line_discount(allowance, sum, rules))
            .collect(),
        charges: line
            .charges
            .iter()
            .map(|charge| adjustments::line_charge(charge, sum, rules))
            .collect(),
        taxes: adjustments::taxes(line.vat.as_ref(), invoice),
        notes: said(line.note.as_ref())
            .map(|note| gobl::Note {
                text: note.clone().into(),
                ..gobl::Note::default()
            })
            .into_iter()
            .collect(),
        ..gobl::Line::default()
    }
}

/// The product with all its decimals.
fn exact(price: Amount, quantity: Amount) -> Amount {
    price
        .rescale_up(price.exp() + quantity.exp())
        .times(quantity)
}

/// BT-146 for a quantity of one, with as many decimals as the line's sum needs to come out to the cent.
fn price(price: &Price<'_>, quantity: Amount, rules: Rules) -> Option<Amount> {
    let net = price.net?;
    let base = price
        .base_quantity
        .filter(|base| !base.is_zero() && *base != Amount::new(1, 0));
    let sum = match base {
        None => exact(net, quantity),
        Some(base) => {
            let whole = exact(net, quantity);
            whole.rescale_up(whole.exp() + MAX_DECIMALS).over(base)
        }
    };
    // GOBL rounds the product to the decimals of the price before it rounds it to the currency.
    let round = |amount: Amount| amount.rescale(rules.decimals);
    let gives =
        |price: &Amount| round(price.rescale_up(rules.decimals).times(quantity)) == round(sum);
    let of_one = |exp| {
        let fine = net.rescale_up(exp);
        base.map_or(fine, |base| fine.over(base))
    };
    (net.exp()..=MAX_DECIMALS.max(net.exp()))
        .map(of_one)
        .find(gives)
        .or_else(|| Some(of_one(MAX_DECIMALS)))
}

/// The GOBL name of a unit, or its code where GOBL has none.
fn unit_of<'x>(code: &crate::en16931::Text<'x>) -> crate::en16931::Text<'x> {
    let is_unit = |name: &&str| codes::unit(name) == code.trim();
    match codes::UNITS.keys().find(is_unit) {
        Some(name) if *code != "ZZ" => name.into(),
        _ => code.clone(),
    }
}

fn item<'x>(item: &Item<'x>) -> gobl::Item<'x> {
    let buyer_id = said(item.buyer_id.as_ref()).map(|code| gobl::Identity {
        code: code.clone().into(),
        ..gobl::Identity::default()
    });
    let standard_id = item.standard_id.iter().filter_map(party::identifier);
    let classes = item.classifications.iter();
    let classes = classes.filter(|class| said(Some(&class.code)).is_some());
    let classes = classes.map(|class| gobl::Identity {
        label: own(class.list.as_ref()),
        code: class.code.clone().into(),
        ..gobl::Identity::default()
    });
    gobl::Item {
        reference: own(item.seller_id.as_ref()),
        name: own(item.name.as_ref()),
        identities: buyer_id
            .into_iter()
            .chain(standard_id)
            .chain(classes)
            .collect(),
        description: own(item.description.as_ref()),
        origin: own(item.origin.as_ref()),
        meta: meta(&item.attributes),
        ..gobl::Item::default()
    }
}

/// BG-32: values by names, of which there may be any number, all of them the same.
fn meta<'x>(attributes: &[Attribute<'x>]) -> gobl::Ext<'x> {
    let mut keys = Keys::default();
    let entry = |attribute: &Attribute<'x>| {
        let (name, value) = (attribute.name.as_ref()?, said(attribute.value.as_ref())?);
        Some((keys.make(name).into(), value.clone().into()))
    };
    attributes.iter().filter_map(entry).collect()
}

/// The keys of an item.
#[derive(Default)]
struct Keys {
    taken: HashSet<String>,
    /// The number that the next key of a name gets, unless another name has taken that.
    numbers: HashMap<String, u32>,
}

impl Keys {
    /// A name as a GOBL key that is not there yet, numbered from the second of its name on.
    fn make(&mut self, name: &str) -> String {
        let key = key(name);
        if self.taken.insert(key.clone()) {
            return key;
        }
        let number = self.numbers.entry(key.clone()).or_insert(2);
        loop {
            let numbered = format!("{key}-{number}");
            *number += 1;
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

/// A name as a GOBL key: small letters and digits, joined by hyphens.
fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            key.push(character.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    match key.trim_end_matches('-') {
        "" => "attribute".to_owned(),
        key => key.to_owned(),
    }
}
