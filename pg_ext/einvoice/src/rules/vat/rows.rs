//! The rows of the categories: BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG.

use super::texts::{
    both_vat_ids, no_rate, no_reason, no_tax, no_vat_id, one, rate, reason, seller_and_buyer_ids,
    seller_ids, seller_vat_id, tax_of_rate, taxable, taxable_of_rate, two_together,
};
use crate::finding::Term::{self, Bg, Bt};
use crate::finding::{Rule, Text};
use crate::rules::row::CEN;

/// The rows that every category has.
pub(super) struct Rows {
    /// x-01: the breakdown has the entries that lines, allowances and charges want.
    pub entries: Rule,
    /// x-02 to x-04: identifiers of the parties, for a line, an allowance, a charge.
    pub ids: [Rule; 3],
    /// x-05 to x-07: rate of a line, an allowance, a charge.
    pub rates: [Rule; 3],
    /// x-08: taxable amount of an entry.
    pub taxable: Rule,
    /// x-09: tax amount of an entry.
    pub tax: Rule,
    /// x-10: reason of exemption of an entry.
    pub reason: Rule,
}

impl Rows {
    pub(super) fn all(&self) -> impl Iterator<Item = &Rule> {
        [&self.entries]
            .into_iter()
            .chain(&self.ids)
            .chain(&self.rates)
            .chain([&self.taxable, &self.tax, &self.reason])
    }
}

pub(super) const fn rule(
    id: &'static str,
    terms: &'static [Term],
    message: Text,
    hint: Text,
) -> Rule {
    Rule {
        id,
        terms,
        message,
        hint,
        ..CEN
    }
}

const ENTRIES: Text = Text {
    en: "Correct {path}, or the category of the lines, discounts and charges; where the document calculates its totals, remove them and let them be calculated again.",
    fr: "Corrigez {path}, ou la catégorie des lignes, remises et frais ; si les totaux se calculent, retirez-les et laissez-les recalculer.",
};
const IDS: Text = Text {
    en: "Give the missing number with its party, or another VAT category in {path}.",
    fr: "Indiquez le numéro manquant chez la partie concernée, ou une autre catégorie de TVA dans {path}.",
};
const NO_ID: Text = Text {
    en: "Remove the VAT number, or give another VAT category in {path}.",
    fr: "Retirez le numéro de TVA, ou indiquez une autre catégorie de TVA dans {path}.",
};
const RATE: Text = Text {
    en: "Correct the rate or the category in {path}.",
    fr: "Corrigez le taux ou la catégorie dans {path}.",
};
const TAXABLE: Text = Text {
    en: "Compare {path} with the lines; where the document calculates its totals, set tax.rounding to \"currency\", remove the totals, and let them be calculated again.",
    fr: "Rapprochez {path} des lignes ; si les totaux se calculent, mettez tax.rounding à « currency », retirez les totaux et laissez-les recalculer.",
};
const TAX: Text = Text {
    en: "Correct the tax amount in {path}, or the category of the entry.",
    fr: "Corrigez le montant de taxe dans {path}, ou la catégorie de l’entrée.",
};
const REASON: Text = Text {
    en: "Give the reason: a code of the VATEX list (in GOBL the extension cef-vatex of the tax), or a text (in GOBL a note in tax.notes).",
    fr: "Indiquez le motif : un code de la liste VATEX (dans GOBL, l’extension cef-vatex de la taxe), ou un texte (dans GOBL, une note dans tax.notes).",
};
const NO_REASON: Text = Text {
    en: "Remove the reason in {path}, or correct the category.",
    fr: "Retirez le motif dans {path}, ou corrigez la catégorie.",
};

/// The codes of GOBL for a missing, and for an unwanted reason of exemption.
const GOBL_REASON: &[&str] = &["GOBL-EU-EN16931-BILL-INVOICE-08"];
const GOBL_NO_REASON: &[&str] = &["GOBL-EU-EN16931-TAX-COMBO-07"];
const GOBL_PERCENT: &[&str] = &["GOBL-TAX-COMBO-04"];

/// The rows of a category: its name in the rules, its name in words, and the sentences it has of those to choose from.
macro_rules! rows {
    ($name:literal, $en:literal, $fr:literal, $entries:ident, $ids:ident, $ids_hint:ident, [$($rate:tt)+], $taxable:ident, $tax:ident, $reason:ident, $reason_hint:ident, $gobl:ident) => {
        Rows {
            entries: rule(concat!($name, "-01"), &[Bg(23), Bt(118)], $entries!($en, $fr), ENTRIES),
            ids: [
                rule(concat!($name, "-02"), &[Bt(151), Bt(31), Bt(48)], $ids!(concat!("A line ", $en), concat!("Une ligne ", $fr)), $ids_hint),
                rule(concat!($name, "-03"), &[Bt(95), Bt(31), Bt(48)], $ids!(concat!("A discount ", $en), concat!("Une remise ", $fr)), $ids_hint),
                rule(concat!($name, "-04"), &[Bt(102), Bt(31), Bt(48)], $ids!(concat!("A charge ", $en), concat!("Un supplément ", $fr)), $ids_hint),
            ],
            rates: [
                rates!(concat!($name, "-05"), Bt(152), concat!("The line ", $en), concat!("La ligne ", $fr), "BT-152", $($rate)+),
                rates!(concat!($name, "-06"), Bt(96), concat!("The discount ", $en), concat!("La remise ", $fr), "BT-96", $($rate)+),
                rates!(concat!($name, "-07"), Bt(103), concat!("The charge ", $en), concat!("Le supplément ", $fr), "BT-103", $($rate)+),
            ],
            taxable: rule(concat!($name, "-08"), &[Bt(116), Bt(131), Bt(92), Bt(99)], $taxable!($en, $fr), TAXABLE),
            tax: rule(concat!($name, "-09"), &[Bt(117)], $tax!($en, $fr), TAX),
            reason: Rule {
                same_as: $gobl,
                ..rule(concat!($name, "-10"), &[Bt(121), Bt(120)], $reason!($en, $fr), $reason_hint)
            },
        }
    };
}

macro_rules! rates {
    ($id:expr, $term:expr, $en:expr, $fr:expr, $bt:literal, none) => {
        rule($id, &[$term], no_rate!($en, $fr, $bt), RATE)
    };
    ($id:expr, $term:expr, $en:expr, $fr:expr, $bt:literal, $wanted_en:literal, $wanted_fr:literal) => {
        Rule {
            same_as: GOBL_PERCENT,
            ..rule(
                $id,
                &[$term],
                rate!($en, $fr, $bt, $wanted_en, $wanted_fr),
                RATE,
            )
        }
    };
}

pub(super) static S: Rows = rows!(
    "BR-S",
    "at the standard rate (S)",
    "au taux normal (S)",
    two_together,
    seller_ids,
    IDS,
    ["greater than 0", "supérieur à 0"],
    taxable_of_rate,
    tax_of_rate,
    no_reason,
    NO_REASON,
    GOBL_NO_REASON
);
pub(super) static Z: Rows = rows!(
    "BR-Z",
    "at the zero rate (Z)",
    "au taux zéro (Z)",
    one,
    seller_ids,
    IDS,
    ["0", "0"],
    taxable,
    no_tax,
    no_reason,
    NO_REASON,
    GOBL_NO_REASON
);
pub(super) static E: Rows = rows!(
    "BR-E",
    "exempt from VAT (E)",
    "en exonération de TVA (E)",
    one,
    seller_ids,
    IDS,
    ["0", "0"],
    taxable,
    no_tax,
    reason,
    REASON,
    GOBL_REASON
);
pub(super) static AE: Rows = rows!(
    "BR-AE",
    "under reverse charge (AE)",
    "en autoliquidation (AE)",
    one,
    seller_and_buyer_ids,
    IDS,
    ["0", "0"],
    taxable,
    no_tax,
    reason,
    REASON,
    GOBL_REASON
);
pub(super) static IC: Rows = rows!(
    "BR-IC",
    "under intra-community supply (K)",
    "en livraison intracommunautaire (K)",
    one,
    both_vat_ids,
    IDS,
    ["0", "0"],
    taxable,
    no_tax,
    reason,
    REASON,
    GOBL_REASON
);
pub(super) static G: Rows = rows!(
    "BR-G",
    "under export outside the EU (G)",
    "à l’exportation hors de l’UE (G)",
    one,
    seller_vat_id,
    IDS,
    ["0", "0"],
    taxable,
    no_tax,
    reason,
    REASON,
    GOBL_REASON
);
pub(super) static O: Rows = rows!(
    "BR-O",
    "outside the scope of VAT (O)",
    "hors du champ de la TVA (O)",
    one,
    no_vat_id,
    NO_ID,
    [none],
    taxable,
    no_tax,
    reason,
    REASON,
    GOBL_REASON
);
pub(super) static AF: Rows = rows!(
    "BR-AF",
    "under IGIC of the Canary Islands (L)",
    "sous l’IGIC des Canaries (L)",
    two_together,
    seller_ids,
    IDS,
    ["greater than 0", "supérieur à 0"],
    taxable_of_rate,
    tax_of_rate,
    no_reason,
    NO_REASON,
    GOBL_NO_REASON
);
pub(super) static AG: Rows = rows!(
    "BR-AG",
    "under IPSI of Ceuta and Melilla (M)",
    "sous l’IPSI de Ceuta et Melilla (M)",
    two_together,
    seller_ids,
    IDS,
    ["0 or more", "égal ou supérieur à 0"],
    taxable_of_rate,
    tax_of_rate,
    no_reason,
    NO_REASON,
    GOBL_NO_REASON
);
