//! BR: what a line (BG-25) must say.

use super::Check::Line;
use super::Failures;
use super::parts::Parts;
use super::row::Row;
use crate::amount::Amount;
use crate::en16931::{LineId, is_blank};
use crate::finding::Term::{self, Bg, Bt, BtPart};

pub(super) static ROWS: &[Row] = &[
    Row::cen(
        "BR-21",
        &[Bt(126)],
        Line(|line, out| match &line.id {
            LineId::Number(_) => {}
            LineId::Text(text) if !is_blank(Some(text)) => {}
            LineId::Text(_) | LineId::None => out.fail(Bt(126), |finding| finding),
        }),
    )
    .says("The line has no identifier (BT-126).", "La ligne n’a pas d’identifiant (BT-126).")
    .hint(
        "Number the lines; this one in {path}.",
        "Numérotez les lignes ; celle-ci dans {path}.",
    ),
    Row::cen("BR-22", &[Bt(129)], Line(|line, out| out.require_some(line.quantity, Bt(129))))
        .says("The line has no quantity (BT-129).", "La ligne n’a pas de quantité (BT-129).")
        .hint(
            "Give the quantity invoiced, with its unit, in {path}.",
            "Indiquez la quantité facturée, avec son unité, dans {path}.",
        )
        .same_as(&["BR-23"]),
    Row::cen("BR-23", &[Bt(130)], Line(|line, out| out.require_some(line.unit.as_ref(), Bt(130))))
        .says(
            "The quantity of the line has no unit (BT-130).",
            "La quantité de la ligne n’a pas d’unité (BT-130).",
        )
        .hint(
            "Give the unit in {path}, for instance C62 (one) or HUR (hour) in CII, one or h in GOBL.",
            "Indiquez l’unité dans {path}, par exemple C62 (un) ou HUR (heure) en CII, one ou h en GOBL.",
        )
        .same_as(&["GOBL-EU-EN16931-ORG-ITEM-01"]),
    Row::cen("BR-24", &[Bt(131)], Line(|line, out| out.require_some(line.net, Bt(131))))
        .says("The line has no net amount (BT-131).", "La ligne n’a pas de montant net (BT-131).")
        .hint(
            "Give the net amount of the line in {path}. In GOBL, give the price of the item, and build the document again.",
            "Indiquez le montant net de la ligne dans {path}. En GOBL, indiquez le prix de l’article et recalculez le document.",
        )
        .same_as(&["GOBL-BILL-LINE-05"]),
    Row::cen("BR-25", &[Bt(153)], Line(|line, out| out.require(line.item.name.as_ref(), Bt(153))))
        .says("The item of the line has no name (BT-153).", "L’article de la ligne n’a pas de nom (BT-153).")
        .hint(
            "Give the name of the item in {path}.",
            "Indiquez le nom de l’article dans {path}.",
        )
        .same_as(&["GOBL-ORG-ITEM-01", "GOBL-BILL-LINE-03"]),
    Row::cen("BR-26", &[Bt(146)], Line(|line, out| out.require_some(line.price.net, Bt(146))))
        .says(
            "The item of the line has no net price (BT-146).",
            "L’article de la ligne n’a pas de prix net (BT-146).",
        )
        .hint(
            "Give the price without VAT in {path}; 0.00 where the item is free.",
            "Indiquez le prix hors taxe dans {path} ; 0.00 si l’article est gratuit.",
        )
        .same_as(&["BR-27", "GOBL-BILL-INVOICE-08"]),
    Row::cen(
        "BR-27",
        &[Bt(146)],
        Line(|line, out| match line.price.net {
            Some(price) if !is_negative(price, Bt(146), out) => {}
            Some(price) => out.fail(Bt(146), |finding| finding.value(price)),
            None => out.fail(Bt(146), |finding| finding),
        }),
    )
    .says(
        "The net price of the item, {value} (BT-146), is negative or missing.",
        "Le prix net de l’article, {value} (BT-146), est négatif ou manque.",
    )
    .hint(NEGATIVE[0], NEGATIVE[1])
    .same_as(&["GOBL-ORG-ITEM-02"]),
    Row::cen(
        "BR-28",
        &[Bt(148)],
        Line(|line, out| {
            if let Some(price) = line.price.gross
                && is_negative(price, Bt(148), out)
            {
                out.fail(Bt(148), |finding| finding.value(price));
            }
        }),
    )
    .about(Parts::GROSS_PRICE)
    .says(
        "The gross price of the item, {value} (BT-148), is negative.",
        "Le prix brut de l’article, {value} (BT-148), est négatif.",
    )
    .hint(NEGATIVE[0], NEGATIVE[1]),
    Row::cen(
        "BR-54",
        &[Bg(32), Bt(160), Bt(161)],
        Line(|line, out| {
            for (at, attribute) in line.item.attributes.iter().enumerate() {
                let term = if attribute.name.is_none() { Bt(160) } else { Bt(161) };
                if attribute.name.is_none() || attribute.value.is_none() {
                    out.fail_in(term, [out.at, at], |finding| finding);
                }
            }
        }),
    )
    .about(Parts::ATTRIBUTES)
    .says(
        "An attribute of the item (BG-32) lacks its name (BT-160) or its value (BT-161).",
        "Un attribut de l’article (BG-32) n’a pas de nom (BT-160) ou pas de valeur (BT-161).",
    )
    .hint(
        "Give both name and value of the attribute, or remove it: {path}.",
        "Indiquez le nom et la valeur de l’attribut, ou retirez-le : {path}.",
    ),
    Row::cen(
        "BR-64",
        &[BtPart(157, 1)],
        Line(|line, out| {
            if let Some(id) = &line.item.standard_id {
                out.require(id.scheme.as_ref(), BtPart(157, 1));
            }
        }),
    )
    .about(Parts::STANDARD_ID)
    .says(
        "The standard identifier of the item (BT-157) has no scheme (BT-157-1).",
        "L’identifiant standard de l’article (BT-157) n’a pas de schéma (BT-157-1).",
    )
    .hint(
        "Give the scheme in {path}, for instance 0160 for a GTIN.",
        "Indiquez le schéma dans {path}, par exemple 0160 pour un GTIN.",
    ),
    Row::cen(
        "BR-65",
        &[BtPart(158, 1)],
        Line(|line, out| {
            for (at, class) in line.item.classifications.iter().enumerate() {
                if is_blank(class.list.as_ref()) {
                    out.fail_in(BtPart(158, 1), [out.at, at], |finding| finding.value(&class.code));
                }
            }
        }),
    )
    .about(Parts::CLASSIFICATIONS)
    .says(
        "The classification {value} of the item (BT-158) does not say of which list it is (BT-158-1).",
        "La classification {value} de l’article (BT-158) n’indique pas sa liste (BT-158-1).",
    )
    .hint(
        "Give the list in {path}, for instance STI for CPV; in GOBL as the label of the identity.",
        "Indiquez la liste dans {path}, par exemple STI pour le CPV ; en GOBL comme libellé de l’identité.",
    ),
];

/// Minus zero counts as negative.
fn is_negative(price: Amount, term: Term, out: &Failures<'_>) -> bool {
    price.is_negative() || price.is_zero() && out.is_minus_zero(term, [out.at, 0])
}

const NEGATIVE: [&str; 2] = [
    "Make the price in {path} positive, and the quantity negative.",
    "Rendez positif le prix dans {path}, et négative la quantité.",
];
