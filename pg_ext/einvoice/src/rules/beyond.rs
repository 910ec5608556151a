//! BR and BR-CO on the elements of a CII file that have no term of EN 16931: some tests of the artefact search the whole file.

use super::br_co_terms::begins_with_country;
use super::{Failures, br, br_co_terms, br_line, br_parties, row::Row};
use crate::cii::tree::{Element, Tree, name};
use crate::en16931::is_blank_text;
use crate::finding::Term::{self, Bg, Bt, BtPart};
use crate::finding::{Finding, Rule};
use crate::{Cancelled, Poll};

/// Elements between two interrupt checks.
const ELEMENTS_AT_ONCE: usize = 4096;

/// Adds what fails. References of documents (BR-52) and VAT numbers (BR-CO-09) are judged here wherever they stand in a file.
pub(super) fn check(
    tree: &Tree<'_>,
    poll: Poll<'_>,
    out: &mut Failures<'_>,
) -> Result<(), Cancelled> {
    for (at, element) in tree.elements().enumerate() {
        if at % ELEMENTS_AT_ONCE == 0 {
            poll()?;
        }
        let Some((rows, id, term)) = failed(element) else {
            continue;
        };
        let Some(rule) = rule(rows, id) else { continue };
        if !out.admits(rule, rule.severity) {
            continue;
        }
        let finding = Finding::new(rule, element.path())
            .about(term)
            .at(element.index());
        out.findings.push(finding.value(element.text()));
    }
    Ok(())
}

/// The rule that an element fails, and the term it is about, or would be elsewhere.
fn failed(element: Element<'_, '_>) -> Option<(&'static [Row], &'static str, Term)> {
    let parent = || element.parent().map(Element::name);
    let text = |name| element.child(name).map(Element::text);
    let (fails, failure) = match element.name() {
        name::ADDITIONAL_REFERENCED_DOCUMENT => (
            text(name::ISSUER_ASSIGNED_ID).is_none_or(is_blank_text),
            (br::ROWS, "BR-52", Bt(122)),
        ),
        name::ID if parent() == Some(name::SPECIFIED_TAX_REGISTRATION) => (
            element.attribute("schemeID") == Some("VA") && !begins_with_country(element.text()),
            (br_co_terms::ROWS, "BR-CO-09", vat_term(element)),
        ),
        name::APPLICABLE_PRODUCT_CHARACTERISTIC
            if parent() != Some(name::SPECIFIED_TRADE_PRODUCT) =>
        {
            (
                text(name::DESCRIPTION).is_none() || text(name::VALUE).is_none(),
                (br_line::ROWS, "BR-54", Bg(32)),
            )
        }
        name::DESIGNATED_PRODUCT_CLASSIFICATION
            if parent() != Some(name::SPECIFIED_TRADE_PRODUCT) =>
        {
            let code = element.child(name::CLASS_CODE);
            let list = |code: Element<'_, '_>| code.attribute("listID").is_none_or(is_blank_text);
            (
                code.is_some_and(list),
                (br_line::ROWS, "BR-65", BtPart(158, 1)),
            )
        }
        name::PAYEE_TRADE_PARTY if parent() != Some(name::APPLICABLE_HEADER_TRADE_SETTLEMENT) => (
            text(name::NAME).is_none(),
            (br_parties::ROWS, "BR-17", Bt(59)),
        ),
        _ => return None,
    };
    fails.then_some(failure)
}

/// BT-31, BT-48, BT-63: by the party whose VAT number it is.
fn vat_term(id: Element<'_, '_>) -> Term {
    let party = id.parent().and_then(Element::parent);
    match party.map(Element::name) {
        Some(name::BUYER_TRADE_PARTY) => Bt(48),
        Some(name::SELLER_TAX_REPRESENTATIVE_TRADE_PARTY) => Bt(63),
        _ => Bt(31),
    }
}

fn rule(rows: &'static [Row], id: &str) -> Option<&'static Rule> {
    rows.iter().map(|row| &row.rule).find(|rule| rule.id == id)
}
