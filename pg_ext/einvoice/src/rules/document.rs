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
        en: "The file gives {value}, but calculating the invoice from its lines gives {wanted}. The GOBL invoice made of the file keeps the file's amounts.",
        fr: "Le fichier indique {value}, mais le calcul de la facture à partir de ses lignes donne {wanted}. La facture GOBL tirée du fichier conserve les montants du fichier.",
    },
    hint: Text {
        en: "Compare quantities, prices, allowances and rates of the lines with this total.",
        fr: "Comparez les quantités, prix, remises et taux des lignes avec ce total.",
    },
    source: "GOBL 0.502.1, calculation",
    same_as: &[],
};

/// The document says something that the file has no place for.
pub static LEFT_OUT: Rule = Rule {
    id: "PGC-CII-LEFT-OUT",
    severity: Severity::Warning,
    terms: &[
        Bg(3),
        Bg(5),
        Bg(6),
        Bg(8),
        Bg(9),
        Bg(10),
        Bg(11),
        Bg(13),
        Bg(15),
        Bt(11),
        Bt(12),
        Bt(13),
        Bt(14),
        Bt(15),
        Bt(16),
        Bt(17),
        Bt(18),
        Bt(29),
        Bt(34),
        Bt(46),
        Bt(49),
        Bt(60),
        Bt(71),
        Bt(123),
        Bt(156),
        Bt(157),
    ],
    message: Text {
        en: "The invoice file has no place for \"{value}\" ({path}): it is left out of the file.",
        fr: "Le fichier de facture n’a pas de place pour « {value} » ({path}) : cette valeur n’y figure pas.",
    },
    hint: Text {
        en: "Where there are several, the first is sent: put the one that counts there, or tell the others in a note.",
        fr: "S’il y en a plusieurs, la première est envoyée : placez-y celle qui compte, ou indiquez les autres dans une note.",
    },
    source: "EN 16931-1:2017, section 6; UN/CEFACT CII D16B",
    same_as: &[],
};

/// All of them.
pub(super) static ALL: [&Rule; 5] = [
    &LEFT_OUT,
    &ADDON_ADDED,
    &CALCULATION,
    &TOTALS_DIFFER,
    &TOTALS_RECALCULATED,
];
