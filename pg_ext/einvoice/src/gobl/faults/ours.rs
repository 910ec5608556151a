//! Our own rules (`PGC-`): what the reference passes over in silence.

use super::kinds::{
    Addons, Advances, Charges, Combos, Discounts, DueDates, Invoices, LineCharges, LineDiscounts,
    Lines, TaxIdentities,
};
use super::row::{Failure, Row, found, when};
use super::tax_ids::GOBL_CHECKS;
use crate::amount::{Amount, Percentage};
use crate::finding::Term::Bt;
use crate::finding::{Rule, Severity, Text};
use crate::gobl::addon::{CHORUS_PRO, EN16931};
use crate::gobl::regime::french_rate_by_law;
use crate::gobl::tax_id;

/// A property that no object of that place has.
pub(super) static UNKNOWN_PROPERTY: Rule = Rule {
    id: "PGC-UNKNOWN-PROPERTY",
    severity: Severity::Warning,
    terms: &[],
    message: Text {
        en: "{path} is not a property of GOBL: it is ignored and not kept.",
        fr: "{path} n’est pas une propriété GOBL : elle est ignorée et n’est pas conservée.",
    },
    hint: Text {
        en: "Correct the spelling, or keep it in \"meta\".",
        fr: "Corrigez l’orthographe, ou conservez-la dans « meta ».",
    },
    source: "pg_chorus",
    same_as: &[],
};

pub(super) static ADDON: [Row<Addons>; 1] = [Row::<Addons>::new(
    "",
    "PGC-UNKNOWN-ADDON",
    &[],
    [
        "The addon \"{value}\" is not known: its rules would not be checked.",
        "L’extension « {value} » n’est pas connue : ses règles ne seraient pas vérifiées.",
    ],
    [
        "Remove it, or use one of: {wanted}.",
        "Retirez-la, ou choisissez parmi : {wanted}.",
    ],
    |addon, _| {
        let is_known = matches!(addon.as_str(), EN16931 | CHORUS_PRO);
        found(!is_known, addon).map(|failure| failure.wanted("eu-en16931-v2017, fr-choruspro-v1"))
    },
)
.ours(&[])];

pub(super) static INVOICE: [Row<Invoices>; 1] = [Row::<Invoices>::new(
    "$tags",
    "PGC-BYPASS",
    &[],
    [
        "The tag \"bypass\" switches the calculation off: the totals are not proven.",
        "L’étiquette « bypass » désactive le calcul : les totaux ne sont pas prouvés.",
    ],
    ["Remove the tag.", "Retirez l’étiquette."],
    |invoice, _| when(invoice.tags.iter().any(|tag| *tag == "bypass")),
)
.ours(&[])];

const ID: &str = "PGC-PERCENT";
const MESSAGE: [&str; 2] = [
    "The percentage is {value}.",
    "Le pourcentage est de {value}.",
];
const HINT: [&str; 2] = [
    "Write \"20%\" or \"0.20\" for twenty percent: \"20\" means 2000%.",
    "Écrivez « 20% » ou « 0.20 » pour vingt pour cent : « 20 » signifie 2000%.",
];

/// A percentage above a hundred is a factor meant as a percentage.
fn beyond(percent: Option<Percentage>) -> Option<Failure> {
    percent.and_then(|percent| found(percent.amount() > Amount::new(1, 0), percent))
}

pub(super) static COMBO: [Row<Combos>; 2] = [
    Row::<Combos>::new("percent", ID, &[Bt(152)], MESSAGE, HINT, |combo, _| {
        beyond(combo.percent)
    })
    .ours(&[]),
    Row::<Combos>::new(
        "percent",
        "PGC-RATE-HISTORY",
        &[Bt(152)],
        [
            "GOBL takes {value} for the rate by name, but by law it was {wanted} on the tax date.",
            "GOBL applique {value} au taux désigné par son nom, mais le taux légal était de {wanted} à la date d’exigibilité.",
        ],
        [
            "Give \"percent\" in place of \"rate\".",
            "Donnez « percent » à la place de « rate ».",
        ],
        |combo, facts| {
            if combo.cat != "VAT" || !(combo.country == "FR" || facts.is_french() && combo.country.is_empty()) {
                return None;
            }
            let lawful = french_rate_by_law(&combo.rate, facts.tax_date?)?;
            let percent = combo.percent?;
            found(percent != lawful, percent).map(|failure| failure.wanted(lawful.to_string()))
        },
    )
    .ours(&[])
    .warning(),
];

pub(super) static LINE: [Row<Lines>; 1] = [Row::<Lines>::new(
    "quantity",
    "PGC-QUANTITY",
    &[Bt(129)],
    [
        "The quantity is 0, or missing.",
        "La quantité est nulle, ou absente.",
    ],
    ["Set \"quantity\".", "Renseignez « quantity »."],
    |line, _| when(line.quantity.is_zero()),
)
.ours(&[])
.warning()];

/// Countries whose tax numbers GOBL does not check.
pub(super) static TAX_IDENTITY: [Row<TaxIdentities>; 1] = [Row::<TaxIdentities>::new(
    "code",
    "PGC-TAX-ID",
    &[Bt(31), Bt(48)],
    [
        "\"{value}\" is no VAT number of its country: those have {wanted}.",
        "« {value} » n’est pas un numéro de TVA de son pays, dont la forme est : {wanted}.",
    ],
    [
        "Check the number, and write it without the letters of the country.",
        "Vérifiez le numéro, et écrivez-le sans les lettres du pays.",
    ],
    |tax_id, _| {
        if tax_id.code.is_empty() || GOBL_CHECKS.contains(&tax_id.country.as_str()) {
            return None;
        }
        let form = tax_id::wanted(&tax_id.country, &tax_id.code)?;
        found(true, &tax_id.code).map(|failure| failure.wanted(form))
    },
)
.ours(&[])
.warning()];

pub(super) static LINE_DISCOUNT: [Row<LineDiscounts>; 1] =
    [
        Row::<LineDiscounts>::new("percent", ID, &[Bt(138)], MESSAGE, HINT, |discount, _| {
            beyond(discount.percent)
        })
        .ours(&[]),
    ];

pub(super) static DISCOUNT: [Row<Discounts>; 1] =
    [
        Row::<Discounts>::new("percent", ID, &[Bt(94)], MESSAGE, HINT, |discount, _| {
            beyond(discount.percent)
        })
        .ours(&[]),
    ];

pub(super) static ADVANCE: [Row<Advances>; 1] =
    [
        Row::<Advances>::new("percent", ID, &[Bt(113)], MESSAGE, HINT, |advance, _| {
            beyond(advance.percent)
        })
        .ours(&[]),
    ];

pub(super) static DUE_DATE: [Row<DueDates>; 1] =
    [
        Row::<DueDates>::new("percent", ID, &[Bt(9)], MESSAGE, HINT, |due, _| {
            beyond(due.percent)
        })
        .ours(&[]),
    ];

/// A charge may exceed what it is reckoned from.
pub(super) static LINE_CHARGE: [Row<LineCharges>; 1] =
    [
        Row::<LineCharges>::new("percent", ID, &[Bt(143)], MESSAGE, HINT, |charge, _| {
            beyond(charge.percent)
        })
        .ours(&[])
        .warning(),
    ];

/// A charge may exceed what it is reckoned from.
pub(super) static CHARGE: [Row<Charges>; 1] =
    [
        Row::<Charges>::new("percent", ID, &[Bt(101)], MESSAGE, HINT, |charge, _| {
            beyond(charge.percent)
        })
        .ours(&[])
        .warning(),
    ];
