//! Checks of rules on structure that no path says.

use super::walk::{Walk, find};
use crate::cii::tree::{Element, Namespace, name, trim};

/// CII-SR-046: where an item has standard identifiers, one names its scheme.
pub(super) fn scheme_of_item<'t, 'x>(
    item: Element<'t, 'x>,
    _: &mut Walk<'t, 'x, '_>,
) -> Option<Element<'t, 'x>> {
    let mut ids = item.all(name::GLOBAL_ID);
    let first = ids.next()?;
    let named = |id: Element<'_, '_>| id.attribute("schemeID").is_some();
    (!named(first) && !ids.any(named)).then_some(first)
}

/// CII-SR-119: discounts of a gross price have an amount, and one says that it is no charge; or neither is there.
pub(super) fn price_discount<'t, 'x>(
    agreement: Element<'t, 'x>,
    _: &mut Walk<'t, 'x, '_>,
) -> Option<Element<'t, 'x>> {
    let discounts = || {
        let prices = agreement.all(name::GROSS_PRICE_PRODUCT_TRADE_PRICE);
        prices.flat_map(|price| price.all(name::APPLIED_TRADE_ALLOWANCE_CHARGE))
    };
    let first = discounts().next()?;
    let mut indicators = discounts().flat_map(|discount| discount.all(name::CHARGE_INDICATOR));
    let amount = discounts().any(|discount| discount.child(name::ACTUAL_AMOUNT).is_some());
    let Some(indicator) = indicators.next() else {
        return amount.then_some(first);
    };
    let says_no = |indicator: Element<'_, '_>| {
        let mut said = indicator.all(name::INDICATOR);
        said.any(|said| matches!(trim(said.text()), "false" | "0"))
    };
    let right = amount && (says_no(indicator) || indicators.any(says_no));
    (!right).then_some(first)
}

/// CII-SR-470: payment means that are credit transfers name an account.
pub(super) fn transfer_account<'t, 'x>(
    settlement: Element<'t, 'x>,
    _: &mut Walk<'t, 'x, '_>,
) -> Option<Element<'t, 'x>> {
    let mut means = settlement.all(name::SPECIFIED_TRADE_SETTLEMENT_PAYMENT_MEANS);
    means.find(|means| {
        let code = means
            .child(name::TYPE_CODE)
            .map_or("", |code| trim(code.text()));
        let account =
            |id| find(*means, &[name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT, id]).is_some();
        matches!(code, "30" | "58") && !account(name::IBANID) && !account(name::PROPRIETARY_ID)
    })
}

/// CII-DT-033: a quantity has a unit only if some invoiced quantity has.
pub(super) fn unit_of_quantity<'t, 'x>(
    quantity: Element<'t, 'x>,
    walk: &mut Walk<'t, 'x, '_>,
) -> Option<Element<'t, 'x>> {
    quantity.attribute("unitCode")?;
    let known = *walk.unit_is_known.get_or_insert_with(|| {
        let document = std::iter::successors(Some(quantity), |element| element.parent()).last();
        document.is_some_and(some_invoiced_quantity_has_a_unit)
    });
    (!known).then_some(quantity)
}

fn some_invoiced_quantity_has_a_unit(document: Element<'_, '_>) -> bool {
    let transactions = document.all(name::SUPPLY_CHAIN_TRADE_TRANSACTION);
    let lines = transactions.flat_map(|all| all.all(name::INCLUDED_SUPPLY_CHAIN_TRADE_LINE_ITEM));
    let deliveries = lines.flat_map(|line| line.all(name::SPECIFIED_LINE_TRADE_DELIVERY));
    let mut quantities = deliveries.flat_map(|delivery| delivery.all(name::BILLED_QUANTITY));
    quantities.any(|quantity| quantity.attribute("unitCode").is_some())
}

/// CII-DT-037: a tax that says its type is VAT.
pub(super) fn tax_type<'t, 'x>(
    tax: Element<'t, 'x>,
    _: &mut Walk<'t, 'x, '_>,
) -> Option<Element<'t, 'x>> {
    let mut types = tax.all(name::TYPE_CODE);
    let first = types.next()?;
    let is_vat = |code: Element<'_, '_>| code.text() == "VAT";
    (!is_vat(first) && !types.any(is_vat)).then_some(first)
}

/// CII-DT-097: a date of format 102 is a year, a month and a day.
pub(super) fn date<'t, 'x>(
    date: Element<'t, 'x>,
    _: &mut Walk<'t, 'x, '_>,
) -> Option<Element<'t, 'x>> {
    let wrong = date.attribute("format") == Some("102")
        && date.namespace() == Namespace::UDT
        && !is_date(trim(date.text()).as_bytes());
    wrong.then_some(date)
}

fn is_date(text: &[u8]) -> bool {
    let [year @ .., m1, m2, d1, d2] = text else {
        return false;
    };
    let month = matches!([m1, m2], [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2']);
    let day = matches!(
        [d1, d2],
        [b'0', b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0' | b'1']
    );
    year.len() == 4 && year.iter().all(u8::is_ascii_digit) && month && day
}
