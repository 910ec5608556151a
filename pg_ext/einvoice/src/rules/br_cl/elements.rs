//! Where codes stand in a CII file: wherever an element of the name is, as in the artefact.

use super::Failures;
use super::rows::{self, Coded};
use crate::chorus::Scheme;
use crate::cii::tree::{Element, Name, Tree, name};
use crate::entry::Profile;
use crate::finding::Finding;
use crate::finding::Term::{self, Bt, BtPart};
use crate::{Cancelled, Poll};

/// Elements between two interrupt checks.
const ELEMENTS_AT_ONCE: usize = 4096;

pub(super) fn check(
    tree: &Tree<'_>,
    profile: Profile,
    poll: Poll<'_>,
    out: &mut Failures<'_>,
) -> Result<(), Cancelled> {
    for (at, element) in tree.elements().enumerate() {
        if at % ELEMENTS_AT_ONCE == 0 {
            poll()?;
        }
        let Some((row, code)) = code(element) else {
            continue;
        };
        if row.list.has(code) {
            continue;
        }
        let is_own = profile == Profile::ChorusPro
            && row.rule.id == rows::LEGAL_SCHEME.rule.id
            && Scheme::from_digit(code).is_some();
        let row = if is_own { &rows::OWN_SCHEME } else { row };
        if !out.admits(&row.rule, row.rule.severity) {
            continue;
        }
        let mut finding = Finding::new(&row.rule, element.path()).at(element.index());
        finding.term = term(element, row);
        out.findings.push(row.say(finding, code));
    }
    Ok(())
}

/// The code that an element holds, in its text or in an attribute, and the row that is about it.
fn code<'t>(element: Element<'t, '_>) -> Option<(&'static Coded, &'t str)> {
    let text = |row| Some((row, element.text()));
    let attribute = |row, name| element.attribute(name).map(|code| (row, code));
    let is_in = |name: Name| parent(element) == Some(name);
    match element.name() {
        name::TYPE_CODE if is_in(name::EXCHANGED_DOCUMENT) => text(&rows::DOCUMENT_TYPE),
        name::TYPE_CODE if is_in(name::SPECIFIED_TRADE_SETTLEMENT_PAYMENT_MEANS) => {
            text(&rows::PAYMENT_MEANS)
        }
        name::TAX_TOTAL_AMOUNT => attribute(&rows::TOTAL_CURRENCY, "currencyID"),
        name::INVOICE_CURRENCY_CODE => text(&rows::INVOICE_CURRENCY),
        name::TAX_CURRENCY_CODE => text(&rows::TAX_CURRENCY),
        name::DUE_DATE_TYPE_CODE => text(&rows::TAX_POINT),
        name::REFERENCE_TYPE_CODE => text(&rows::OBJECT_SCHEME),
        name::SUBJECT_CODE => text(&rows::NOTE_SUBJECT),
        name::GLOBAL_ID => attribute(global_id(element)?, "schemeID"),
        name::ID => match attribute(&rows::LEGAL_SCHEME, "schemeID") {
            Some(found) => (!is_within(element, name::SPECIFIED_TAX_REGISTRATION)).then_some(found),
            None if is_in(name::ORIGIN_TRADE_COUNTRY) => text(&rows::ORIGIN),
            None => None,
        },
        name::CLASS_CODE => attribute(&rows::CLASSIFICATION, "listID"),
        name::COUNTRY_ID => text(&rows::COUNTRY),
        name::CATEGORY_CODE if is_in(name::CATEGORY_TRADE_TAX) => text(&rows::ADJUSTMENT_CATEGORY),
        name::CATEGORY_CODE if is_in(name::APPLICABLE_TRADE_TAX) => text(&rows::TAX_CATEGORY),
        name::REASON_CODE if is_in(name::SPECIFIED_TRADE_ALLOWANCE_CHARGE) => {
            text(if is_charge(element.parent()?)? {
                &rows::CHARGE_REASON
            } else {
                &rows::ALLOWANCE_REASON
            })
        }
        name::EXEMPTION_REASON_CODE => text(&rows::EXEMPTION),
        name::BASIS_QUANTITY | name::BILLED_QUANTITY => attribute(&rows::UNIT, "unitCode"),
        name::ATTACHMENT_BINARY_OBJECT => attribute(&rows::MEDIA_TYPE, "mimeCode"),
        name::URIID if is_in(name::URI_UNIVERSAL_COMMUNICATION) => {
            attribute(&rows::ADDRESS_SCHEME, "schemeID")
        }
        _ => None,
    }
}

/// The row on a `GlobalID`: of an item, of the place of delivery, or of a party. Some have none.
fn global_id(element: Element<'_, '_>) -> Option<&'static Coded> {
    if is_within(element, name::SPECIFIED_TRADE_PRODUCT) {
        return (parent(element) == Some(name::SPECIFIED_TRADE_PRODUCT))
            .then_some(&rows::ITEM_SCHEME);
    }
    if is_within(element, name::SHIP_TO_TRADE_PARTY) {
        let holder = element.parent()?;
        let is_place = holder.name() == name::SHIP_TO_TRADE_PARTY
            && parent(holder) == Some(name::APPLICABLE_HEADER_TRADE_DELIVERY);
        return is_place.then_some(&rows::PLACE_SCHEME);
    }
    Some(&rows::PARTY_SCHEME)
}

fn parent(element: Element<'_, '_>) -> Option<Name> {
    element.parent().map(Element::name)
}

fn is_within(element: Element<'_, '_>, name: Name) -> bool {
    std::iter::successors(element.parent(), |e| e.parent()).any(|e| e.name() == name)
}

/// Whether it says to be a charge; nothing where it does not say.
fn is_charge(allowance_charge: Element<'_, '_>) -> Option<bool> {
    let indicator = allowance_charge
        .child(name::CHARGE_INDICATOR)?
        .child(name::INDICATOR)?;
    match indicator.text().trim_ascii() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// The term of an element where its row has several, by the party or the group it belongs to; none where EN 16931 has no term
/// for the place.
fn term(element: Element<'_, '_>, row: &Coded) -> Option<Term> {
    match element.name() {
        name::COUNTRY_ID | name::URIID => of_party(element),
        name::GLOBAL_ID | name::ID if row.rule.terms.len() > 1 => of_party(element),
        name::BASIS_QUANTITY => Some(Bt(150)),
        name::CATEGORY_CODE | name::REASON_CODE | name::REFERENCE_TYPE_CODE => of_group(element),
        _ => row.rule.terms.first().copied(),
    }
}

/// The term of what a party of the document has: directly, or in a group of its own.
fn of_party(element: Element<'_, '_>) -> Option<Term> {
    let holder = element.parent()?;
    let party = match holder.name() {
        name::POSTAL_TRADE_ADDRESS
        | name::SPECIFIED_LEGAL_ORGANIZATION
        | name::URI_UNIVERSAL_COMMUNICATION => holder.parent()?,
        _ => holder,
    };
    if is_within(party, name::INCLUDED_SUPPLY_CHAIN_TRADE_LINE_ITEM) {
        return None;
    }
    let terms = match party.name() {
        name::SELLER_TRADE_PARTY => [BtPart(29, 1), BtPart(30, 1), BtPart(34, 1), Bt(40)].map(Some),
        name::BUYER_TRADE_PARTY => [BtPart(46, 1), BtPart(47, 1), BtPart(49, 1), Bt(55)].map(Some),
        name::PAYEE_TRADE_PARTY => [Some(BtPart(60, 1)), Some(BtPart(61, 1)), None, None],
        name::SELLER_TAX_REPRESENTATIVE_TRADE_PARTY => [None, None, None, Some(Bt(69))],
        name::SHIP_TO_TRADE_PARTY => [Some(BtPart(71, 1)), None, None, Some(Bt(80))],
        _ => return None,
    };
    let [identifier, registration, address, country] = terms;
    match holder.name() {
        name::SPECIFIED_LEGAL_ORGANIZATION => registration,
        name::URI_UNIVERSAL_COMMUNICATION => address,
        name::POSTAL_TRADE_ADDRESS => country,
        _ => identifier,
    }
}

/// The same for groups that a line has as well as the document.
fn of_group(element: Element<'_, '_>) -> Option<Term> {
    let is_of_line = is_within(element, name::INCLUDED_SUPPLY_CHAIN_TRADE_LINE_ITEM);
    let holder = element.parent()?;
    let (of_line, of_document) = match (element.name(), holder.name()) {
        (name::CATEGORY_CODE, name::APPLICABLE_TRADE_TAX) => (Bt(151), Bt(118)),
        (name::REFERENCE_TYPE_CODE, _) => (BtPart(128, 1), BtPart(18, 1)),
        (name::REASON_CODE, _) if is_charge(holder)? => (Bt(145), Bt(105)),
        (name::REASON_CODE, _) => (Bt(140), Bt(98)),
        (_, _) if is_charge(holder.parent()?)? => (Bt(102), Bt(102)),
        (_, _) => (Bt(95), Bt(95)),
    };
    Some(if is_of_line { of_line } else { of_document })
}
