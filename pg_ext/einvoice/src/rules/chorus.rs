//! PGC-CPRO: what Chorus Pro asks beyond EN 16931.

use super::Check::{Invoice, Line};
use super::{Failures, Row};
use crate::chorus::{Framework, Scheme, keys, limits};
use crate::codes;
use crate::en16931::{Identifier, is_blank};
use crate::finding::Term::{self, Bg, Bt};
use crate::finding::{Rule, Severity, Text};

/// What rows of Chorus Pro have in common.
const CHORUS: Rule = Rule {
    id: "",
    severity: Severity::Fatal,
    terms: &[],
    message: Text { en: "", fr: "" },
    hint: Text { en: "", fr: "" },
    source: "Chorus Pro, rules of the invoice service (CII D16B)",
    same_as: &[],
};

pub(super) static ROWS: &[Row] = &[
    Row {
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
            let framework = invoice.process.as_deref().unwrap_or_default();
            if !Framework::parse(framework).is_some_and(Framework::can_be_deposited) {
                out.fail(Bt(23), |finding| finding.value(framework).wanted("A1, A2"));
            }
        }),
    },
    Row {
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
        rule: Rule {
            id: "PGC-CPRO-DECIMALS",
            terms: &[Bt(146), Bt(129)],
            message: Text {
                en: "{value} has more decimals than Chorus Pro takes here: {wanted}.",
                fr: "{value} a plus de décimales que Chorus Pro n’en accepte ici : {wanted}.",
            },
            hint: Text {
                en: "Round the price to 6 decimals or the quantity to 4 in {path}.",
                fr: "Arrondissez le prix à 6 décimales ou la quantité à 4 dans {path}.",
            },
            ..CHORUS
        },
        check: Line(|line, out| {
            for (number, decimals, term) in
                [(line.price.net, 6, Bt(146)), (line.quantity, 4, Bt(129))]
            {
                if let Some(number) =
                    number.filter(|n| n.exp() > decimals && n.rescale(decimals) != *n)
                {
                    out.fail(term, |finding| finding.value(number).wanted(decimals));
                }
            }
        }),
    },
    Row {
        rule: Rule {
            id: "PGC-CPRO-IBAN",
            severity: Severity::Warning,
            terms: &[Bt(84)],
            message: Text {
                en: "{value} is no IBAN (BT-84): its length or its check digits are wrong.",
                fr: "{value} n’est pas un IBAN (BT-84) : sa longueur ou sa clé est fausse.",
            },
            hint: Text {
                en: "Copy the IBAN in {path} from the bank's own document.",
                fr: "Recopiez l’IBAN dans {path} depuis le RIB.",
            },
            source: "ISO 13616",
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            let accounts = invoice.payment.iter().flat_map(|p| &p.credit_transfers);
            for (at, iban) in accounts
                .enumerate()
                .filter_map(|(at, a)| Some((at, a.iban.as_deref()?)))
            {
                if !keys::iban_is_valid(iban) {
                    out.fail_at(Bt(84), at, |finding| finding.value(iban));
                }
            }
        }),
    },
    Row {
        rule: Rule {
            id: "PGC-CPRO-IDENTIFIER",
            terms: &[Bt(30), Bt(47)],
            message: Text {
                en: "Chorus Pro cannot tell who this party is: it has no SIRET, or no identifier of its scheme (BT-30, BT-47).",
                fr: "Chorus Pro ne peut pas reconnaître cette entreprise ou administration : elle n’a ni SIRET ni identifiant de son type (BT-30, BT-47).",
            },
            hint: Text {
                en: "Give the SIRET as identity of type SIRET in {path}; for a foreign seller give its tax_id.",
                fr: "Indiquez le SIRET comme identité de type SIRET dans {path} ; pour un fournisseur étranger, son tax_id.",
            },
            same_as: &[
                "GOBL-FR-CHORUSPRO-BILL-INVOICE-02",
                "GOBL-FR-CHORUSPRO-ORG-PARTY-01",
                "GOBL-FR-CHORUSPRO-ORG-PARTY-02",
            ],
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            for (party, term) in [(&invoice.seller, Bt(30)), (&invoice.buyer, Bt(47))] {
                let id = party.as_ref().and_then(|p| p.legal_id.as_ref());
                if is_blank(id.map(|id| &id.value)) {
                    out.fail(term, |finding| finding);
                }
            }
        }),
    },
    Row {
        rule: Rule {
            id: "PGC-CPRO-NAME",
            severity: Severity::Warning,
            terms: &[Bt(27), Bt(44), Bt(59)],
            message: Text {
                en: "The name {value} is longer than {wanted} characters; Chorus Pro may cut it.",
                fr: "Le nom {value} dépasse {wanted} caractères ; Chorus Pro peut le tronquer.",
            },
            hint: Text {
                en: "Shorten the name in {path}.",
                fr: "Raccourcissez le nom dans {path}.",
            },
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            let seller = invoice.seller.as_ref();
            let buyer = invoice.buyer.as_ref();
            let names = [
                (seller.and_then(|p| p.name.as_deref()), Bt(27)),
                (seller.and_then(|p| p.trading_name.as_deref()), Bt(28)),
                (buyer.and_then(|p| p.name.as_deref()), Bt(44)),
                (buyer.and_then(|p| p.trading_name.as_deref()), Bt(45)),
                (
                    invoice.payee.as_ref().and_then(|p| p.name.as_deref()),
                    Bt(59),
                ),
            ];
            for (name, term) in names {
                longest(out, term, 0, name, limits::NAME);
            }
        }),
    },
    Row {
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
        rule: Rule {
            id: "PGC-CPRO-PAYMENT-MEANS",
            terms: &[Bt(81)],
            message: Text {
                en: "Chorus Pro wants a means of payment it knows (BT-81), one of {wanted}; found: {value}.",
                fr: "Chorus Pro demande un moyen de paiement qu’il connaît (BT-81), parmi {wanted} ; trouvé : {value}.",
            },
            hint: Text {
                en: "Give a key in payment.instructions: credit-transfer, card, direct-debit, cheque, cash.",
                fr: "Renseignez la clé de payment.instructions : credit-transfer (virement), card, direct-debit (prélèvement), cheque, cash.",
            },
            source: "Chorus Pro, EDI annex V4.20, rule S2.05 (UNTDID 4461)",
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            let means = invoice.payment.as_ref().and_then(|p| p.means.as_deref());
            if means.is_some_and(|m| codes::PAYMENT_MEANS.contains(m.trim_start_matches('0'))) {
                return;
            }
            // Nobody pays a credit note: there Chorus Pro does without.
            let is_credit = invoice.type_code.as_deref().is_some_and(codes::is_credit);
            out.fail(Bt(81), |mut finding| {
                if is_credit && means.is_none() {
                    finding.severity = Severity::Warning;
                }
                finding
                    .value(means.unwrap_or("–"))
                    .wanted("1, 10, 20, 30, 31, 42, 48, 49, 58, 59, 97")
            });
        }),
    },
    Row {
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
    Row {
        rule: Rule {
            id: "PGC-CPRO-SIRET",
            terms: &[Bt(30), Bt(47)],
            message: Text {
                en: "{value} is no SIRET (BT-30, BT-47): a SIRET has 14 digits, the last of which is a check digit.",
                fr: "{value} n’est pas un SIRET (BT-30, BT-47) : un SIRET a 14 chiffres, dont le dernier est une clé de contrôle.",
            },
            hint: Text {
                en: "Check the SIRET in {path} in the SIRENE register, and write it without spaces. With 14 digits and a wrong check digit the document may still be sent, as numbers of the qualification environment are made that way.",
                fr: "Vérifiez le SIRET dans {path} au répertoire SIRENE, et écrivez-le sans espaces. Avec 14 chiffres et une clé fausse, le document peut être transmis tout de même : les numéros de l’environnement de qualification sont ainsi faits.",
            },
            source: "INSEE, SIRENE: SIRET with the key of Luhn, establishments of La Poste excepted",
            same_as: &["GOBL-FR-ORG-IDENTITY-02"],
            ..CHORUS
        },
        check: Invoice(|invoice, out| {
            for (party, term) in [(&invoice.seller, Bt(30)), (&invoice.buyer, Bt(47))] {
                if let Some(id) = party.as_ref().and_then(|p| p.legal_id.as_ref()) {
                    siret(out, term, id);
                }
            }
        }),
    },
];

fn siret(out: &mut Failures<'_>, term: Term, id: &Identifier<'_>) {
    let is_siret = id.scheme.as_deref() == Some(Scheme::Siret.digit());
    if !is_siret || keys::siret_is_valid(&id.value) {
        return;
    }
    out.fail(term, |mut finding| {
        if keys::is_siret(&id.value) {
            finding.severity = Severity::Warning;
        }
        finding.value(&id.value)
    });
}

fn number(out: &mut Failures<'_>, term: Term, at: usize, number: Option<&str>) {
    let Some(number) = number else { return };
    if limits::exceeds(number, limits::NUMBER) || !limits::number_charset(number) {
        out.fail_at(term, at, |finding| finding.value(number));
    }
}

fn longest(out: &mut Failures<'_>, term: Term, at: usize, text: Option<&str>, limit: usize) {
    if let Some(text) = text.filter(|text| limits::exceeds(text, limit)) {
        out.fail_at(term, at, |finding| finding.value(text).wanted(limit));
    }
}
