//! Rows of single categories, and what the artefact leaves unchecked.

use super::rows::rule;
use crate::finding::Term::{Bg, Bt};
use crate::finding::{Rule, Severity, Text};

/// BR-IC-11: when an intra-community supply took place.
pub(super) static DELIVERED: Rule = rule(
    "BR-IC-11",
    &[Bt(72), Bg(14)],
    Text {
        en: "The invoice has intra-community supply (K), but says neither when it was delivered (BT-72) nor for which period it is (BG-14).",
        fr: "La facture porte sur une livraison intracommunautaire (K), mais n’indique ni la date de livraison (BT-72) ni la période facturée (BG-14).",
    },
    Text {
        en: "Give the date of delivery in {path}, or the period.",
        fr: "Indiquez la date de livraison dans {path}, ou la période.",
    },
);

/// BR-IC-12: where to.
pub(super) static DELIVERED_TO: Rule = rule(
    "BR-IC-12",
    &[Bt(80)],
    Text {
        en: "The invoice has intra-community supply (K), but does not say to which country it was delivered (BT-80).",
        fr: "La facture porte sur une livraison intracommunautaire (K), mais n’indique pas le pays de livraison (BT-80).",
    },
    Text {
        en: "Give the country of delivery in {path}, by its two letters.",
        fr: "Indiquez le pays de livraison dans {path}, par ses deux lettres.",
    },
);

const ONLY_OUTSIDE: Text = Text {
    en: "Invoice what is outside the scope of VAT apart from the rest, or correct the categories.",
    fr: "Facturez séparément ce qui est hors du champ de la TVA, ou corrigez les catégories.",
};

/// BR-O-11: no other entry. The artefact tests the lines as well, as BR-O-12 does the entries.
pub(super) static NO_OTHER_ENTRY: Rule = Rule {
    same_as: &["BR-O-12"],
    ..rule(
        "BR-O-11",
        &[Bg(23), Bt(118)],
        Text {
            en: "The invoice has VAT category O, outside the scope of VAT, and also category {value}; O stands alone in the VAT breakdown and on the lines (BT-118, BT-151).",
            fr: "La facture a la catégorie de TVA O, hors du champ de la TVA, mais aussi la catégorie {value} ; O est seule dans la ventilation de la TVA et sur les lignes (BT-118, BT-151).",
        },
        ONLY_OUTSIDE,
    )
};

/// BR-O-12: no line of another category.
pub(super) static NO_OTHER_LINE: Rule = rule(
    "BR-O-12",
    &[Bt(151)],
    Text {
        en: "A line or an entry of the VAT breakdown has category {value}, though the invoice is outside the scope of VAT (O).",
        fr: "Une ligne ou une entrée de la ventilation de la TVA a la catégorie {value}, alors que la facture est hors du champ de la TVA (O).",
    },
    ONLY_OUTSIDE,
);

/// BR-O-13: no allowance of another category. The artefact tests the charges as well, as BR-O-14 does the allowances.
pub(super) static NO_OTHER_ALLOWANCE: Rule = Rule {
    same_as: &["BR-O-14"],
    ..rule(
        "BR-O-13",
        &[Bt(95), Bt(102)],
        Text {
            en: "A discount or charge has VAT category {value} (BT-95, BT-102), though the invoice is outside the scope of VAT (O).",
            fr: "Une remise ou un supplément a la catégorie de TVA {value} (BT-95, BT-102), alors que la facture est hors du champ de la TVA (O).",
        },
        ONLY_OUTSIDE,
    )
};

/// BR-O-14: no charge of another category.
pub(super) static NO_OTHER_CHARGE: Rule = rule(
    "BR-O-14",
    &[Bt(102), Bt(95)],
    Text {
        en: "A charge or discount has VAT category {value} (BT-102, BT-95), though the invoice is outside the scope of VAT (O).",
        fr: "Un supplément ou une remise a la catégorie de TVA {value} (BT-102, BT-95), alors que la facture est hors du champ de la TVA (O).",
    },
    ONLY_OUTSIDE,
);

/// BR-B-01: split payment is Italian.
pub(super) static SPLIT_IS_ITALIAN: Rule = rule(
    "BR-B-01",
    &[Bt(40), Bt(55), Bt(69), Bt(80)],
    Text {
        en: "The invoice has split payment (B), which Italy alone knows, but names the country {value}.",
        fr: "La facture a le paiement scindé (B), que seule l’Italie connaît, mais indique le pays {value}.",
    },
    Text {
        en: "Give another VAT category, or correct the country in {path}.",
        fr: "Indiquez une autre catégorie de TVA, ou corrigez le pays dans {path}.",
    },
);

/// BR-B-02: split payment and standard rate exclude each other.
pub(super) static SPLIT_IS_ALONE: Rule = rule(
    "BR-B-02",
    &[Bg(23), Bt(118)],
    Text {
        en: "The invoice has split payment (B) and the standard rate (S), which exclude each other.",
        fr: "La facture a le paiement scindé (B) et le taux normal (S), qui s’excluent.",
    },
    Text {
        en: "Write one invoice for each.",
        fr: "Établissez une facture pour chacun.",
    },
);

/// What rows of our own have in common, which check what the artefact's rules mean to.
const OWN: Rule = Rule {
    severity: Severity::Warning,
    source: "EN 16931-1:2017, business rules BR-IG and BR-IP; the CEN/TC 434 CII artefact 1.3.16 has them, but their tests always hold",
    ..crate::rules::row::CEN
};

const COMPARE: Text = Text {
    en: "Compare {path} with the lines and the rate.",
    fr: "Rapprochez {path} des lignes et du taux.",
};

macro_rules! ours {
    ($of:literal, $en:literal, $fr:literal) => {
        [
            Rule {
                id: concat!("PGC-", $of, "-08"),
                terms: &[Bt(116)],
                message: super::texts::taxable_of_rate!($en, $fr),
                hint: COMPARE,
                ..OWN
            },
            Rule {
                id: concat!("PGC-", $of, "-09"),
                terms: &[Bt(117)],
                message: super::texts::tax_of_rate!($en, $fr),
                hint: COMPARE,
                ..OWN
            },
        ]
    };
}

/// Taxable and tax amount under IGIC.
pub(super) static IGIC: [Rule; 2] = ours!(
    "BR-AF",
    "under IGIC of the Canary Islands (L)",
    "sous l’IGIC des Canaries (L)"
);
/// Taxable and tax amount under IPSI.
pub(super) static IPSI: [Rule; 2] = ours!(
    "BR-AG",
    "under IPSI of Ceuta and Melilla (M)",
    "sous l’IPSI de Ceuta et Melilla (M)"
);

/// The rows of CEN among them.
pub(super) static CENS: [&Rule; 8] = [
    &DELIVERED,
    &DELIVERED_TO,
    &NO_OTHER_ENTRY,
    &NO_OTHER_LINE,
    &NO_OTHER_ALLOWANCE,
    &NO_OTHER_CHARGE,
    &SPLIT_IS_ITALIAN,
    &SPLIT_IS_ALONE,
];

/// The rows of our own.
pub(super) fn ours() -> impl Iterator<Item = &'static Rule> {
    IGIC.iter().chain(&IPSI)
}
