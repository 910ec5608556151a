use super::Rules;
use crate::gobl::addon::DOCUMENT_TYPE;
use crate::gobl::model::{Invoice, TaxNote};
use crate::gobl::normalise;

/// What type and tags together say: the document type code and the notes that the law asks for.
pub(super) fn apply(invoice: &mut Invoice<'_>, rules: &Rules) {
    if rules.is_french && has_tag(invoice, "reverse-charge") && has_vat(invoice) {
        reverse_charge_note(invoice, rules);
    }
    if rules.addons.en16931
        && let Some(code) = document_type(invoice)
    {
        invoice
            .tax
            .get_or_insert_default()
            .ext
            .set(DOCUMENT_TYPE, code);
    }
}

fn has_tag(invoice: &Invoice<'_>, tag: &str) -> bool {
    invoice.tags.iter().any(|known| *known == tag)
}

fn has_vat(invoice: &Invoice<'_>) -> bool {
    let taxes = invoice
        .totals
        .as_ref()
        .and_then(|totals| totals.taxes.as_ref());
    taxes.is_some_and(|taxes| {
        taxes
            .categories
            .iter()
            .any(|category| category.code == "VAT")
    })
}

/// Article 283-1 of the French tax code asks for the note.
fn reverse_charge_note(invoice: &mut Invoice<'_>, rules: &Rules) {
    let notes = &mut invoice.tax.get_or_insert_default().notes;
    if notes
        .iter()
        .any(|note| note.cat == "VAT" && note.key == "reverse-charge")
    {
        return;
    }
    let mut note = TaxNote {
        cat: "VAT".into(),
        key: "reverse-charge".into(),
        text: "Reverse Charge / Autoliquidation de la TVA - Article 283-1 du CGI. Le client est redevable de la TVA.".into(),
        ..TaxNote::default()
    };
    normalise::tax_note(&mut note, rules.addons);
    notes.push(note);
}

/// The UNTDID 1001 code (BT-3), whatever was there before; type `other` keeps what was.
pub(in crate::gobl) fn document_type(invoice: &Invoice<'_>) -> Option<&'static str> {
    let tagged = |codes: &[(&str, &'static str)]| {
        codes
            .iter()
            .rev()
            .find(|(tag, _)| has_tag(invoice, tag))
            .map(|(_, code)| *code)
    };
    Some(match invoice.kind.as_str() {
        // An empty type will be the standard one.
        "standard" | "" => {
            let codes = [
                ("partial", "326"),
                ("self-billed", "389"),
                ("prepayment", "386"),
                ("factoring", "393"),
            ];
            tagged(&codes).unwrap_or("380")
        }
        "credit-note" => tagged(&[("self-billed", "261"), ("factoring", "396")]).unwrap_or("381"),
        "debit-note" => "383",
        "corrective" => "384",
        "proforma" => "325",
        _ => return None,
    })
}
