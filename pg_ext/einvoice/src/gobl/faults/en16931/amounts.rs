//! Reasons of allowances and charges, units, tax categories.

use crate::finding::Term::Bt;
use crate::gobl::addon::{ALLOWANCE, CHARGE, TAX_CATEGORY, VATEX};
use crate::gobl::faults::kinds::{Charges, Combos, Discounts, Items, LineCharges, LineDiscounts};
use crate::gobl::faults::row::{Row, found, when};

const REASON_HINT: [&str; 2] = [
    "Set \"reason\", or a \"key\" that stands for a reason code.",
    "Renseignez « reason », ou une « key » qui correspond à un code motif.",
];

pub(in crate::gobl::faults) static DISCOUNT: [Row<Discounts>; 2] = [
    Row::new(
        "",
        "GOBL-EU-EN16931-BILL-DISCOUNT-02",
        &[Bt(97), Bt(98)],
        [
            "The allowance of {value} has no reason (BR-33).",
            "La remise de {value} n’a pas de motif (BR-33).",
        ],
        REASON_HINT,
        |discount, _| {
            found(
                discount.reason.is_empty() && !discount.ext.has(ALLOWANCE),
                discount.amount,
            )
        },
    ),
    Row::new(
        "taxes",
        "GOBL-EU-EN16931-BILL-DISCOUNT-01",
        &[Bt(95)],
        [
            "The allowance has no VAT category (BR-32).",
            "La remise n’a pas de catégorie de TVA (BR-32).",
        ],
        [
            "Add \"taxes\", as for a line.",
            "Ajoutez « taxes », comme pour une ligne.",
        ],
        |discount, _| when(discount.taxes.is_empty()),
    ),
];

pub(in crate::gobl::faults) static CHARGE_ROWS: [Row<Charges>; 1] = [Row::new(
    "",
    "GOBL-EU-EN16931-BILL-CHARGE-01",
    &[Bt(104), Bt(105)],
    [
        "The charge of {value} has no reason (BR-36).",
        "Les frais de {value} n’ont pas de motif (BR-36).",
    ],
    REASON_HINT,
    |charge, _| {
        found(
            charge.reason.is_empty() && !charge.ext.has(CHARGE),
            charge.amount,
        )
    },
)];

pub(in crate::gobl::faults) static LINE_DISCOUNT: [Row<LineDiscounts>; 1] = [Row::new(
    "",
    "GOBL-EU-EN16931-BILL-LINEDISCOUNT-01",
    &[Bt(139), Bt(140)],
    [
        "The allowance of {value} has no reason (BR-41).",
        "La remise de {value} n’a pas de motif (BR-41).",
    ],
    REASON_HINT,
    |discount, _| {
        found(
            discount.reason.is_empty() && !discount.ext.has(ALLOWANCE),
            discount.amount,
        )
    },
)];

pub(in crate::gobl::faults) static LINE_CHARGE: [Row<LineCharges>; 1] = [Row::new(
    "",
    "GOBL-EU-EN16931-BILL-LINECHARGE-01",
    &[Bt(144), Bt(145)],
    [
        "The charge of {value} has no reason (BR-44).",
        "Les frais de {value} n’ont pas de motif (BR-44).",
    ],
    REASON_HINT,
    |charge, _| {
        found(
            charge.reason.is_empty() && !charge.ext.has(CHARGE),
            charge.amount,
        )
    },
)];

pub(in crate::gobl::faults) static ITEM: [Row<Items>; 1] = [Row::new(
    "unit",
    "GOBL-EU-EN16931-ORG-ITEM-01",
    &[Bt(130)],
    [
        "The item has no unit (BR-23).",
        "L’article n’a pas d’unité (BR-23).",
    ],
    [
        "Set \"unit\", for instance \"one\".",
        "Renseignez « unit », par exemple « one ».",
    ],
    |item, _| when(item.unit.is_empty()),
)];

pub(in crate::gobl::faults) static COMBO: [Row<Combos>; 6] = [
    Row::new(
        "ext",
        "GOBL-EU-EN16931-TAX-COMBO-01",
        &[Bt(151)],
        [
            "The tax has no category code.",
            "La taxe n’a pas de code de catégorie.",
        ],
        [
            "Use a known \"key\"; the calculation sets the code.",
            "Utilisez une « key » connue ; le calcul pose le code.",
        ],
        |combo, _| when(!combo.ext.has(TAX_CATEGORY)),
    ),
    Row::new(
        "ext",
        "GOBL-EU-EN16931-TAX-COMBO-02",
        &[Bt(151)],
        CATEGORY,
        CATEGORY_HINT,
        |combo, _| {
            let category = combo.ext.get(TAX_CATEGORY);
            let is_one = matches!(category, "" | "AE" | "E" | "G" | "K" | "O" | "S" | "Z");
            found(combo.cat == "VAT" && !is_one, category)
                .map(|failure| failure.wanted("AE, E, G, K, O, S, Z"))
        },
    ),
    Row::new(
        "ext",
        "GOBL-EU-EN16931-TAX-COMBO-03",
        &[Bt(151)],
        CATEGORY,
        CATEGORY_HINT,
        |combo, _| {
            let category = combo.ext.get(TAX_CATEGORY);
            found(
                combo.cat == "IGIC" && !matches!(category, "" | "L"),
                category,
            )
            .map(|failure| failure.wanted("L"))
        },
    ),
    Row::new(
        "ext",
        "GOBL-EU-EN16931-TAX-COMBO-04",
        &[Bt(151)],
        CATEGORY,
        CATEGORY_HINT,
        |combo, _| {
            let category = combo.ext.get(TAX_CATEGORY);
            found(
                combo.cat == "IPSI" && !matches!(category, "" | "M"),
                category,
            )
            .map(|failure| failure.wanted("M"))
        },
    ),
    Row::new(
        "ext",
        "GOBL-EU-EN16931-TAX-COMBO-05",
        &[Bt(151)],
        CATEGORY,
        CATEGORY_HINT,
        |combo, _| {
            let category = combo.ext.get(TAX_CATEGORY);
            let is_outside = !matches!(combo.cat.as_str(), "VAT" | "IGIC" | "IPSI");
            found(is_outside && !matches!(category, "" | "O"), category)
                .map(|failure| failure.wanted("O"))
        },
    ),
    Row::new(
        "ext",
        "GOBL-EU-EN16931-TAX-COMBO-07",
        &[Bt(121)],
        [
            "Category {value} takes no exemption code (BR-S-10, BR-Z-10).",
            "La catégorie {value} n’admet pas de code d’exonération (BR-S-10, BR-Z-10).",
        ],
        [
            "Remove \"cef-vatex\", or correct the key.",
            "Retirez « cef-vatex », ou corrigez la clé.",
        ],
        |combo, _| {
            let category = combo.ext.get(TAX_CATEGORY);
            found(
                matches!(category, "S" | "Z" | "L" | "M") && combo.ext.has(VATEX),
                category,
            )
        },
    ),
];

const CATEGORY: [&str; 2] = [
    "\"{value}\" is not a category code of this tax.",
    "« {value} » n’est pas un code de catégorie de cette taxe.",
];
const CATEGORY_HINT: [&str; 2] = ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."];
