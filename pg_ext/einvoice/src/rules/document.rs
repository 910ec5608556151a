//! PGC: what was done to a document on the way in, or could not be done.

use crate::finding::Term::{Bg, Bt};
use crate::finding::{Rule, Severity, Text};

/// The addon of Chorus Pro was missing and has been added.
pub static ADDON_ADDED: Rule = Rule {
    id: "PGC-ADDON-ADDED",
    severity: Severity::Information,
    terms: &[],
    message: Text {
        en: "The addon {value} was missing; it has been added, since the invoice goes to Chorus Pro.",
        fr: "L’extension {value} manquait ; elle a été ajoutée, puisque la facture est destinée à Chorus Pro.",
    },
    hint: Text {
        en: "Name the addon in $addons.",
        fr: "Indiquez l’extension dans $addons.",
    },
    source: "pg_chorus",
    same_as: &[],
};

/// The document could not be calculated. The finding's value is the reason, its wanted value the remedy.
pub static CALCULATION: Rule = Rule {
    id: "PGC-CALCULATION",
    severity: Severity::Fatal,
    terms: &[Bg(22)],
    message: Text {
        en: "The invoice cannot be calculated: {value}.",
        fr: "La facture ne peut pas être calculée : {value}.",
    },
    hint: Text {
        en: "{wanted}",
        fr: "{wanted}",
    },
    source: "GOBL 0.502.1, calculation",
    same_as: &[],
};

/// The totals given are not those that the calculation comes to.
pub static TOTALS_DIFFER: Rule = Rule {
    id: "PGC-TOTALS-DIFFER",
    severity: Severity::Warning,
    terms: &[Bg(22), Bt(109), Bt(110), Bt(112), Bt(115)],
    message: Text {
        en: "The document gives {value} in {path}, but the calculation comes to {wanted}. The document is kept as it is.",
        fr: "Le document indique {value} dans {path}, mais le calcul donne {wanted}. Le document est conservé tel quel.",
    },
    hint: Text {
        en: "If the invoice has not been issued yet, remove the totals and let them be calculated.",
        fr: "Si la facture n’a pas encore été émise, retirez les totaux et laissez-les calculer.",
    },
    source: "GOBL 0.502.1, calculation",
    same_as: &[],
};

/// The totals of a CII file are not those that GOBL comes to.
pub static TOTALS_RECALCULATED: Rule = Rule {
    id: "PGC-CII-TOTALS",
    severity: Severity::Information,
    terms: &[
        Bt(106),
        Bt(107),
        Bt(108),
        Bt(109),
        Bt(110),
        Bt(112),
        Bt(115),
    ],
    message: Text {
        en: "The file gives {value}, but calculating the invoice from its lines gives {wanted}: so will the GOBL invoice made of it.",
        fr: "Le fichier indique {value}, mais le calcul de la facture à partir de ses lignes donne {wanted} : la facture GOBL qui en est tirée aussi.",
    },
    hint: Text {
        en: "Compare quantities, prices, allowances and rates of the lines with this total.",
        fr: "Comparez les quantités, prix, remises et taux des lignes avec ce total.",
    },
    source: "GOBL 0.502.1, calculation",
    same_as: &[],
};

/// All of them.
pub(super) static ALL: [&Rule; 4] = [
    &ADDON_ADDED,
    &CALCULATION,
    &TOTALS_DIFFER,
    &TOTALS_RECALCULATED,
];
