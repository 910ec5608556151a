//! PGC-CPRO: how Chorus Pro knows the parties.

use super::Check::Invoice;
use super::chorus::{CHORUS, longest, row};
use super::parts::Parts;
use super::{Failures, Row};
use crate::chorus::scheme::is_eu_member;
use crate::chorus::{Scheme, keys, limits};
use crate::en16931::{Identifier, is_blank};
use crate::finding::Term::{self, Bt, BtPart};
use crate::finding::{Rule, Severity, Text};

pub(super) static ROWS: &[Row] = &[
    Row {
        about: Parts::NONE,
        rule: Rule {
            id: "PGC-CPRO-IDENTIFIER",
            terms: &[Bt(30), Bt(47)],
            message: Text {
                en: "Chorus Pro cannot tell who this party is: it has no SIRET, or no identifier of its scheme (BT-30, BT-47).",
                fr: "Chorus Pro ne peut pas reconnaître cette entreprise ou administration : elle n’a ni SIRET ni identifiant de son type (BT-30, BT-47).",
            },
            hint: Text {
                en: "Add an identity of type SIRET to the identities of this party; for a foreign seller give its tax_id.",
                fr: "Ajoutez une identité de type SIRET aux « identities » de cette partie ; pour un fournisseur étranger, indiquez son tax_id.",
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
        about: Parts::NONE,
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
        about: Parts::NONE,
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
    Row {
        about: Parts::NONE,
        rule: FORM,
        check: Invoice(|invoice, out| {
            for (party, term) in [(&invoice.seller, Bt(30)), (&invoice.buyer, Bt(47))] {
                if let Some(id) = party.as_ref().and_then(|p| p.legal_id.as_ref()) {
                    form(out, term, id);
                }
            }
        }),
    },
    row(
        "PGC-CPRO-SCHEME",
        Severity::Warning,
        &[BtPart(30, 1), BtPart(47, 1)],
        "Chorus Pro, types d’identifiant (CII D16B)",
        Invoice(|invoice, out| {
            for (party, term) in [
                (&invoice.seller, BtPart(30, 1)),
                (&invoice.buyer, BtPart(47, 1)),
            ] {
                let id = party.as_ref().and_then(|p| p.legal_id.as_ref());
                if let Some(id) = id.filter(|id| !is_known(id)) {
                    let scheme = id.scheme.as_deref().unwrap_or("–");
                    out.fail(term, |finding| finding.value(scheme).wanted("1, 2, 3, 4, 5, 6"));
                }
            }
        }),
    )
    .says(
        "Chorus Pro may not know this party: the scheme of its registration is {value} (BT-30-1, BT-47-1), not one of {wanted}.",
        "Chorus Pro risque de ne pas reconnaître cette partie : le type de son immatriculation est {value} (BT-30-1, BT-47-1), et non l’un de {wanted}.",
    )
    .hint(
        "Give the SIRET with scheme 1; a SIRET with scheme 0002 or 0009 is taken as well.",
        "Indiquez le SIRET avec le type 1 ; un SIRET de type 0002 ou 0009 est admis aussi.",
    ),
];

/// Whether Chorus Pro reads the identifier: a scheme of its own, or a SIRET as Factur-X files have it.
fn is_known(id: &Identifier<'_>) -> bool {
    match id.scheme.as_deref() {
        Some("0002" | "0009") => keys::is_siret(&id.value),
        scheme => scheme.is_some_and(|scheme| Scheme::from_digit(scheme).is_some()),
    }
}

/// PGC-CPRO-IDENTIFIER-FORM as the catalogue has it; what it says of an identifier depends on the scheme.
const FORM: Rule = Rule {
    id: "PGC-CPRO-IDENTIFIER-FORM",
    severity: Severity::Warning,
    terms: &[Bt(30), Bt(47)],
    message: Text {
        en: "{value} is no identifier as Chorus Pro wants it for this scheme (BT-30, BT-47).",
        fr: "{value} n’est pas un identifiant tel que Chorus Pro le demande pour ce type (BT-30, BT-47).",
    },
    hint: Text {
        en: "Correct the identifier or its scheme in {path}.",
        fr: "Corrigez l’identifiant ou son type dans {path}.",
    },
    source: "Chorus Pro, types d’identifiant; AFNOR XP Z12-012, BR-FR-CPRO-04 to 07",
    ..CHORUS
};

static EU_FORM: Rule = Rule {
    message: Text {
        en: "{value} is no identifier of scheme 2 as Chorus Pro wants it (BT-30, BT-47): the VAT number of a member of the EU other than France, with the two letters of the country, 18 characters at most.",
        fr: "{value} n’est pas un identifiant de type 2 tel que Chorus Pro le demande (BT-30, BT-47) : le numéro de TVA d’un État membre de l’UE autre que la France, avec les deux lettres du pays, 18 caractères au plus.",
    },
    ..FORM
};

static OUTSIDE_EU_FORM: Rule = Rule {
    message: Text {
        en: "{value} is no identifier of scheme 3 as Chorus Pro wants it (BT-30, BT-47): the two letters of a country outside the EU, then the first 16 characters of the name.",
        fr: "{value} n’est pas un identifiant de type 3 tel que Chorus Pro le demande (BT-30, BT-47) : les deux lettres d’un pays hors de l’UE, puis les 16 premiers caractères du nom.",
    },
    ..FORM
};

static PACIFIC_FORM: Rule = Rule {
    message: Text {
        en: "{value} is no RIDET (scheme 4) or TAHITI number (scheme 5) as Chorus Pro wants it (BT-30, BT-47): 9 or 10 characters.",
        fr: "{value} n’est pas un numéro RIDET (type 4) ou TAHITI (type 5) tel que Chorus Pro le demande (BT-30, BT-47) : 9 ou 10 caractères.",
    },
    ..FORM
};

static OTHER_FORM: Rule = Rule {
    message: Text {
        en: "{value} is too long for an identifier of scheme 6 (BT-30, BT-47): Chorus Pro takes 80 characters at most.",
        fr: "{value} est trop long pour un identifiant de type 6 (BT-30, BT-47) : Chorus Pro admet 80 caractères au plus.",
    },
    ..FORM
};

/// Identifiers of structures that have no SIRET.
fn form(out: &mut Failures<'_>, term: Term, id: &Identifier<'_>) {
    let value = id.value.trim();
    let length = value.chars().count();
    let scheme = id.scheme.as_deref().and_then(Scheme::from_digit);
    let is_short = length <= limits::FOREIGN_IDENTIFIER;
    let (holds, rule, wanted) = match scheme {
        Some(Scheme::EuOutsideFrance) => (
            is_short && keys::country_of(value).is_some_and(|c| c != "FR" && is_eu_member(c)),
            &EU_FORM,
            "≤ 18",
        ),
        Some(Scheme::OutsideEu) => (
            is_short && keys::country_of(value).is_some_and(|c| !is_eu_member(c)),
            &OUTSIDE_EU_FORM,
            "2 + 16",
        ),
        Some(Scheme::Ridet | Scheme::Tahiti) => ((9..=10).contains(&length), &PACIFIC_FORM, "9–10"),
        Some(Scheme::Other) => (length <= limits::OTHER_IDENTIFIER, &OTHER_FORM, "≤ 80"),
        Some(Scheme::Siret) | None => return,
    };
    if !holds {
        out.rule = rule;
        out.fail(term, |finding| finding.value(value).wanted(wanted));
    }
}

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
