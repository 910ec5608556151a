//! PGC-CPRO: prices, quantities and payment as Chorus Pro takes them.

use super::Check::{Invoice, Line};
use super::Row;
use super::chorus::CHORUS;
use super::parts::Parts;
use crate::chorus::keys;
use crate::codes;
use crate::finding::Term::Bt;
use crate::finding::{Rule, Severity, Text};

pub(super) static ROWS: &[Row] = &[
    Row {
        about: Parts::NONE,
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
        about: Parts::NONE,
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
        about: Parts::NONE,
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
];
