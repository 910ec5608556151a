//! Our own rules (`PGC-`): what the reference passes over in silence.

use super::kinds::{
    Addons, Advances, Charges, Combos, Discounts, DueDates, Invoices, LineCharges, LineDiscounts,
};
use super::row::{Failure, Row, found, when};
use crate::amount::{Amount, Percentage};
use crate::finding::Term::Bt;
use crate::finding::{Rule, Severity, Text};
use crate::gobl::addon::{CHORUS_PRO, EN16931};

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
.ours(&["GOBL-TAX-ADDONS-01"])];

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

pub(super) static COMBO: [Row<Combos>; 1] =
    [
        Row::<Combos>::new("percent", ID, &[Bt(152)], MESSAGE, HINT, |combo, _| {
            beyond(combo.percent)
        })
        .ours(&[]),
    ];

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
