//! PGC-NUMBER: numbers of a CII file that are too long to be computed with.

use super::Check::Invoice;
use super::parts::Parts;
use super::row::{CEN, Row};
use crate::en16931::Held;
use crate::finding::{Rule, Severity};

/// What rows about our own limits have in common.
const OURS: Rule = Rule {
    source: "pg_chorus",
    ..CEN
};

pub(super) static ROWS: &[Row] = &[
    Row {
        about: Parts::ODD_NUMBERS,
        rule: Rule {
            id: "PGC-NUMBER-DECIMALS",
            severity: Severity::Warning,
            ..OURS
        },
        check: Invoice(|invoice, out| {
            for odd in invoice.odd_numbers.iter().filter(|odd| odd.held == Held::Cut) {
                out.report(odd.site, |finding| finding.value(&odd.text));
            }
        }),
    }
    .says(
        "The number {value} has more digits than can be computed with: the last decimals were left out.",
        "Le nombre {value} a plus de chiffres que le calcul n’en admet : les dernières décimales ont été ignorées.",
    )
    .hint(
        "Round the number in {path} to 18 digits at most; sums were compared without the rest.",
        "Arrondissez le nombre dans {path} à 18 chiffres au plus ; les sommes ont été comparées sans le reste.",
    ),
    Row {
        about: Parts::ODD_NUMBERS,
        rule: Rule {
            id: "PGC-NUMBER-SIZE",
            ..OURS
        },
        check: Invoice(|invoice, out| {
            for odd in invoice.odd_numbers.iter().filter(|odd| odd.held == Held::TooLarge) {
                out.report(odd.site, |finding| finding.value(&odd.text));
            }
        }),
    }
    .says(
        "The number {value} is larger than can be computed with: what depends on it was not checked.",
        "Le nombre {value} dépasse ce que le calcul admet : ce qui en dépend n’a pas été vérifié.",
    )
    .hint(
        "Correct the number in {path}; 18 digits before the point are the limit.",
        "Corrigez le nombre dans {path} ; la limite est de 18 chiffres avant la virgule.",
    ),
];
