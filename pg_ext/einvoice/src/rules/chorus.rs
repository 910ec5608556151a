//! PGC-CPRO: what Chorus Pro asks of a document and its references beyond EN 16931.

use super::Check::Invoice;
use super::parts::Parts;
use super::{Failures, Row};
use crate::chorus::{Framework, limits};
use crate::codes;
use crate::finding::Term::{self, Bg, Bt};
use crate::finding::{Rule, Severity, Text};

/// What rows of Chorus Pro have in common.
pub(super) const CHORUS: Rule = Rule {
    id: "",
    severity: Severity::Fatal,
    terms: &[],
    message: Text { en: "", fr: "" },
    hint: Text { en: "", fr: "" },
    source: "Chorus Pro, rules of the invoice service (CII D16B)",
    same_as: &[],
};

/// The rules of Chorus Pro that hold on this channel.
pub(super) const SOCLE: &str = "Chorus Pro, règles socle v5.0 (CII D16B)";

/// A row: the texts follow.
pub(super) const fn row(
    id: &'static str,
    severity: Severity,
    terms: &'static [Term],
    source: &'static str,
    check: super::row::Check,
) -> Row {
    Row {
        about: Parts::NONE,
        rule: Rule {
            id,
            severity,
            terms,
            source,
            ..CHORUS
        },
        check,
    }
}

pub(super) static ROWS: &[Row] = &[
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-CADRE",
            terms: &[Bt(23)],
            message: Text {
                en: "The framework {value} (BT-23) cannot be deposited as a file; A1 (invoice) and A2 (invoice already paid) can.",
                fr: "Le cadre de facturation {value} (BT-23) ne peut pas être déposé par fichier ; A1 (facture) et A2 (facture déjà payée) le peuvent.",
            },
            hint: Text {
                en: "Enter invoices of other frameworks on the portal of Chorus Pro, or correct {path}.",
                fr: "Saisissez les factures des autres cadres sur le portail Chorus Pro, ou corrigez {path}.",
            },
            source: "Chorus Pro, cadres de facturation",
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            // A file that names none is taken for A1; some name it where the specification stands.
            let in_specification = invoice
                .specification
                .as_deref()
                .filter(|s| Framework::parse(s).is_some());
            let Some(framework) = invoice.process.as_deref().or(in_specification) else {
                return;
            };
            if !Framework::parse(framework).is_some_and(Framework::can_be_deposited) {
                out.fail(Bt(23), |finding| finding.value(framework).wanted("A1, A2"));
            }
        }),
    },
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-COMMITMENT",
            terms: &[Bt(13)],
            message: Text {
                en: "The commitment number {value} (BT-13) is longer than {wanted} characters.",
                fr: "Le numéro d’engagement {value} (BT-13) dépasse {wanted} caractères.",
            },
            hint: Text {
                en: "Give the number of the commitment or purchase order as the buyer wrote it in {path}.",
                fr: "Indiquez dans {path} le numéro d’engagement ou de bon de commande tel que l’acheteur l’a communiqué.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            longest(
                out,
                Bt(13),
                0,
                invoice.purchase_order.as_deref(),
                limits::COMMITMENT,
            )
        }),
    },
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-CONTRACT",
            terms: &[Bt(12)],
            message: Text {
                en: "The contract number {value} (BT-12) is longer than {wanted} characters.",
                fr: "Le numéro de marché {value} (BT-12) dépasse {wanted} caractères.",
            },
            hint: Text {
                en: "Give the contract number as the buyer wrote it in {path}.",
                fr: "Indiquez dans {path} le numéro de marché tel que l’acheteur l’a communiqué.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            longest(
                out,
                Bt(12),
                0,
                invoice.contract.as_deref(),
                limits::CONTRACT,
            )
        }),
    },
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-NOTE",
            severity: Severity::Warning,
            terms: &[Bt(22), Bt(20)],
            message: Text {
                en: "The text is longer than {wanted} characters; Chorus Pro may cut it.",
                fr: "Le texte dépasse {wanted} caractères ; Chorus Pro peut le tronquer.",
            },
            hint: Text {
                en: "Shorten the text in {path}.",
                fr: "Raccourcissez le texte dans {path}.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            longest(
                out,
                Bt(20),
                0,
                invoice.payment_terms.as_deref(),
                limits::NOTE,
            );
            for (at, note) in invoice.notes.iter().enumerate() {
                longest(out, Bt(22), at, Some(&note.text), limits::NOTE);
            }
        }),
    },
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-NUMBER",
            terms: &[Bt(1)],
            message: Text {
                en: "Chorus Pro does not take the invoice number {value} (BT-1): it has more than 20 characters, or others than letters without accents, digits, space, - + _ /.",
                fr: "Chorus Pro n’accepte pas le numéro de facture {value} (BT-1) : il dépasse 20 caractères, ou en contient d’autres que lettres sans accent, chiffres, espace, - + _ /.",
            },
            hint: Text {
                en: "Shorten series and code; together, with the hyphen between them, they make the number.",
                fr: "Raccourcissez series et code ; ensemble, avec le tiret qui les joint, ils forment le numéro.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| number(out, Bt(1), 0, invoice.number.as_deref())),
    },
    Row {
        about: Parts::PRECEDING,
        rule: Rule {
            id: "PGC-CPRO-PRECEDING",
            severity: Severity::Warning,
            terms: &[Bg(3)],
            message: Text {
                en: "The document names {value} preceding invoices (BG-3), but Chorus Pro takes one: the first is sent.",
                fr: "Le document cite {value} factures antérieures (BG-3), mais Chorus Pro n’en accepte qu’une : la première est transmise.",
            },
            hint: Text {
                en: "Name the others in a note, or write one document for each.",
                fr: "Citez les autres dans une note, ou établissez un document pour chacune.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            if invoice.preceding.len() > 1 {
                out.fail(Bg(3), |finding| {
                    finding.value(invoice.preceding.len()).wanted(1)
                });
            }
        }),
    },
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-PRECEDING-MISSING",
            severity: Severity::Warning,
            terms: &[Bt(25)],
            message: Text {
                en: "The credit note does not say which invoice it corrects (BT-25).",
                fr: "L’avoir n’indique pas la facture qu’il corrige (BT-25).",
            },
            hint: Text {
                en: "Give the number and the date of the invoice in {path}.",
                fr: "Indiquez le numéro et la date de la facture dans {path}.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            if invoice.preceding.is_empty()
                && invoice.type_code.as_deref().is_some_and(codes::is_credit)
            {
                out.fail(Bg(3), |finding| finding);
            }
        }),
    },
    Row {
        about: Parts::PRECEDING,
        rule: Rule {
            id: "PGC-CPRO-PRECEDING-NUMBER",
            terms: &[Bt(25)],
            message: Text {
                en: "Chorus Pro does not take the number {value} of the preceding invoice (BT-25): it has more than 20 characters, or others than letters without accents, digits, space, - + _ /.",
                fr: "Chorus Pro n’accepte pas le numéro {value} de la facture antérieure (BT-25) : il dépasse 20 caractères, ou en contient d’autres que lettres sans accent, chiffres, espace, - + _ /.",
            },
            hint: Text {
                en: "Give the number under which Chorus Pro knows the invoice in {path}.",
                fr: "Indiquez dans {path} le numéro sous lequel Chorus Pro connaît la facture.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            for (at, preceding) in invoice.preceding.iter().enumerate().take(1) {
                number(out, Bt(25), at, preceding.number.as_deref());
            }
        }),
    },
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-SERVICE-CODE",
            terms: &[Bt(10)],
            message: Text {
                en: "The service code {value} (BT-10) is longer than {wanted} characters.",
                fr: "Le code service {value} (BT-10) dépasse {wanted} caractères.",
            },
            hint: Text {
                en: "Give the code of the service as the directory of Chorus Pro has it in {path}.",
                fr: "Indiquez dans {path} le code du service exécutant tel qu’il figure dans l’annuaire de Chorus Pro.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            longest(
                out,
                Bt(10),
                0,
                invoice.buyer_reference.as_deref(),
                limits::SERVICE_CODE,
            )
        }),
    },
];

fn number(out: &mut Failures<'_>, term: Term, at: usize, number: Option<&str>) {
    let Some(number) = number else { return };
    if limits::exceeds(number, limits::NUMBER) || !limits::number_charset(number) {
        out.fail_at(term, at, |finding| finding.value(number));
    }
}

/// Reports a text longer than Chorus Pro takes.
pub(super) fn longest(
    out: &mut Failures<'_>,
    term: Term,
    at: usize,
    text: Option<&str>,
    limit: usize,
) {
    if let Some(text) = text.filter(|text| limits::exceeds(text, limit)) {
        out.fail_at(term, at, |finding| finding.value(text).wanted(limit));
    }
}
