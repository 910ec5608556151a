//! GOBL-TAX: taxes of lines, allowances and charges, tax identifiers.

use super::kinds::{Combos, Sets, TaxIdentities, TaxNotes};
use super::row::{Row, found, when};
use crate::finding::Term::{Bg, Bt};
use crate::gobl::addon::{TAX_CATEGORY, VATEX};
use crate::gobl::regime::{french_rate, is_vat_key, is_without_percent};

const KEYS: &str = "standard, zero, exempt, reverse-charge, intra-community, export, outside-scope";

pub(super) static COMBO: [Row<Combos>; 6] = [
    Row::new(
        "",
        "GOBL-TAX-COMBO-01",
        &[Bt(151)],
        [
            "\"{value}\" is not a tax category of the country.",
            "« {value} » n’est pas une catégorie de taxe du pays.",
        ],
        ["Use \"VAT\".", "Utilisez « VAT »."],
        |combo, facts| {
            found(
                facts.is_french() && combo.country.is_empty() && combo.cat != "VAT",
                &combo.cat,
            )
        },
    ),
    Row::new(
        "",
        "GOBL-TAX-COMBO-02",
        &[Bt(151)],
        [
            "\"{value}\" is not a key of VAT.",
            "« {value} » n’est pas une clé de TVA.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |combo, _| {
            let is_known = combo.cat != "VAT" || combo.key.is_empty() || is_vat_key(&combo.key);
            found(!is_known, &combo.key).map(|failure| failure.wanted(KEYS))
        },
    ),
    Row::new(
        "",
        "GOBL-TAX-COMBO-03",
        &[Bt(152)],
        [
            "The rate \"{value}\" is not defined.",
            "Le taux « {value} » n’est pas défini.",
        ],
        [
            "Use one of: {wanted}; or give \"percent\".",
            "Choisissez parmi : {wanted} ; ou donnez « percent ».",
        ],
        |combo, facts| {
            let by_name = facts.is_french()
                && combo.country.is_empty()
                && matches!(combo.key.as_str(), "" | "standard");
            let is_known = combo.rate.is_empty() || french_rate(&combo.rate).is_some();
            found(by_name && !is_known, &combo.rate)
                .map(|failure| failure.wanted("general, intermediate, reduced, super-reduced"))
        },
    ),
    Row::new(
        "",
        "GOBL-TAX-COMBO-04",
        &[Bt(152)],
        [
            "The percentage is missing, or does not go with the key \"{value}\".",
            "Le pourcentage manque, ou ne va pas avec la clé « {value} ».",
        ],
        [
            "Give \"percent\" with key \"standard\", 0% with \"zero\", and none with the others.",
            "Donnez « percent » avec la clé « standard », 0% avec « zero », et aucun avec les autres.",
        ],
        |combo, _| {
            let is_wrong = match combo.key.as_str() {
                "" | "standard" => combo.percent.is_none(),
                "zero" => combo.percent.is_none_or(|percent| !percent.is_zero()),
                key => is_without_percent(key) && combo.percent.is_some(),
            };
            found(combo.cat == "VAT" && is_wrong, &combo.key)
        },
    ),
    Row::new(
        "",
        "GOBL-TAX-COMBO-05",
        &[Bt(152)],
        [
            "There is a surcharge, {value}, but no percentage.",
            "Il y a une surtaxe, {value}, mais pas de pourcentage.",
        ],
        [
            "Set \"percent\", or remove \"surcharge\".",
            "Renseignez « percent », ou retirez « surcharge ».",
        ],
        |combo, _| {
            combo
                .surcharge
                .filter(|_| combo.percent.is_none())
                .and_then(|surcharge| found(true, surcharge))
        },
    ),
    Row::new(
        "",
        "GOBL-TAX-COMBO-06",
        &[Bg(30)],
        [
            "The extension \"{value}\" is not defined for taxes.",
            "L’extension « {value} » n’est pas définie pour les taxes.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |combo, _| {
            let unknown = combo
                .ext
                .iter()
                .find(|(key, _)| !matches!(*key, TAX_CATEGORY | VATEX));
            unknown
                .and_then(|(key, _)| found(true, key))
                .map(|failure| failure.wanted("untdid-tax-category, cef-vatex"))
        },
    ),
];

pub(super) static SET: [Row<Sets>; 1] = [Row::new(
    "",
    "GOBL-TAX-SET-01",
    &[Bg(30)],
    [
        "The tax category \"{value}\" is there twice.",
        "La catégorie de taxe « {value} » y figure deux fois.",
    ],
    [
        "Keep one tax of each category.",
        "Gardez une seule taxe par catégorie.",
    ],
    |set, _| {
        let mut seen = Vec::with_capacity(set.len().min(8));
        set.iter().find_map(|combo| {
            if seen.contains(&combo.cat.as_str()) {
                return found(true, &combo.cat);
            }
            seen.push(combo.cat.as_str());
            None
        })
    },
)];

pub(super) static NOTE: [Row<TaxNotes>; 1] = [Row::new(
    "text",
    "GOBL-TAX-NOTE-01",
    &[Bt(120)],
    [
        "The note about a tax has no text.",
        "La note relative à une taxe n’a pas de texte.",
    ],
    [
        "Set \"text\", or remove the note.",
        "Renseignez « text », ou retirez la note.",
    ],
    |note, _| when(note.text.is_empty()),
)];

pub(super) static IDENTITY: [Row<TaxIdentities>; 3] = [
    Row::new(
        "country",
        "GOBL-TAX-IDENTITY-01",
        &[Bt(31), Bt(48)],
        [
            "The VAT number has no country.",
            "Le numéro de TVA n’a pas de pays.",
        ],
        [
            "Set \"country\", for instance \"FR\".",
            "Renseignez « country », par exemple « FR ».",
        ],
        |tax_id, _| when(tax_id.country.is_empty()),
    ),
    Row::new(
        "code",
        "GOBL-TAX-IDENTITY-02",
        &[Bt(31), Bt(48)],
        [
            "\"{value}\" is not a VAT number: only capital letters and digits are allowed.",
            "« {value} » n’est pas un numéro de TVA : lettres majuscules et chiffres seulement.",
        ],
        ["Correct it.", "Corrigez-le."],
        |tax_id, _| {
            let is_one = tax_id
                .code
                .chars()
                .all(|c| matches!(c, 'A'..='Z' | '0'..='9' | 'Ñ' | '&'));
            found(!is_one, &tax_id.code)
        },
    ),
    Row::new(
        "scheme",
        "GOBL-TAX-IDENTITY-03",
        &[Bt(31), Bt(48)],
        [
            "\"{value}\" is not a scheme of tax numbers.",
            "« {value} » n’est pas un régime de numéros fiscaux.",
        ],
        [
            "Write letters and digits, with one separator between them, such as \"VAT\".",
            "Écrivez des lettres et des chiffres, séparés par un seul caractère, comme « VAT ».",
        ],
        |tax_id, _| found(!is_strict_code(&tax_id.scheme), &tax_id.scheme),
    ),
];

/// Runs of letters and digits with one separator between them.
fn is_strict_code(code: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == 'Ñ';
    let is_separator = |c: char| matches!(c, '.' | '-' | ':' | '/' | ',' | '_' | '&' | ' ');
    code.is_empty()
        || code
            .split(is_separator)
            .all(|run| !run.is_empty() && run.chars().all(is_letter))
}
