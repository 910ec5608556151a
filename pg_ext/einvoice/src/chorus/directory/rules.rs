//! PGC-CPRO: what a buyer asks for in the directory of Chorus Pro.

use crate::finding::Term::{self, Bt};
use crate::finding::{Rule, Severity, Text};

const fn rule(
    id: &'static str,
    severity: Severity,
    terms: &'static [Term],
    [en, fr]: [&'static str; 2],
    [hint_en, hint_fr]: [&'static str; 2],
) -> Rule {
    Rule {
        id,
        severity,
        terms,
        message: Text { en, fr },
        hint: Text {
            en: hint_en,
            fr: hint_fr,
        },
        source: "Chorus Pro, annuaire des structures (API Structures v1)",
        same_as: &[],
    }
}

pub(super) static BUYER_UNKNOWN: Rule = rule(
    "PGC-CPRO-BUYER-UNKNOWN",
    Severity::Fatal,
    &[Bt(47)],
    [
        "Chorus Pro knows no structure {value} (BT-47): the invoice would be rejected.",
        "Chorus Pro ne connaît aucune structure {value} (BT-47) : la facture serait rejetée.",
    ],
    [
        "Ask the buyer for the SIRET under which it receives invoices, and correct {path}.",
        "Demandez à l’acheteur le SIRET sous lequel il reçoit ses factures, puis corrigez {path}.",
    ],
);

pub(super) static BUYER_INACTIVE: Rule = rule(
    "PGC-CPRO-BUYER-INACTIVE",
    Severity::Fatal,
    &[Bt(47)],
    [
        "The buyer {value} (BT-47) is no longer active at Chorus Pro: it receives no invoices.",
        "L’acheteur {value} (BT-47) n’est plus actif dans Chorus Pro : il ne reçoit plus de factures.",
    ],
    [
        "Ask the buyer for the SIRET that has replaced this one, and correct {path}.",
        "Demandez à l’acheteur le SIRET qui remplace celui-ci, puis corrigez {path}.",
    ],
);

pub(super) static WORKS_ONLY: Rule = rule(
    "PGC-CPRO-BUYER-WORKS",
    Severity::Fatal,
    &[Bt(47)],
    [
        "The buyer {value} (BT-47) receives invoices of works alone (maîtrise d’ouvrage).",
        "L’acheteur {value} (BT-47) ne reçoit que des factures de travaux (maîtrise d’ouvrage uniquement).",
    ],
    [
        "Enter an invoice of works on the portal of Chorus Pro; for any other ask the buyer for its ordinary SIRET, and correct {path}.",
        "Saisissez une facture de travaux sur le portail Chorus Pro ; pour toute autre, demandez à l’acheteur son SIRET ordinaire, puis corrigez {path}.",
    ],
);

pub(super) static SERVICE_REQUIRED: Rule = rule(
    "PGC-CPRO-SERVICE-REQUIRED",
    Severity::Fatal,
    &[Bt(10)],
    [
        "The buyer asks for a service code (BT-10), and the invoice has none.",
        "L’acheteur exige un code service (BT-10), et la facture n’en a pas.",
    ],
    [
        "Give in {path} the service that ordered. The buyer's active services: {wanted}.",
        "Indiquez dans {path} le service qui a passé la commande. Services actifs de l’acheteur : {wanted}.",
    ],
);

pub(super) static SERVICE_UNKNOWN: Rule = rule(
    "PGC-CPRO-SERVICE-UNKNOWN",
    Severity::Fatal,
    &[Bt(10)],
    [
        "The buyer has no service {value} (BT-10).",
        "L’acheteur n’a pas de service {value} (BT-10).",
    ],
    [
        "Correct {path}, or leave it out where the buyer asks for no service. The buyer's active services: {wanted}.",
        "Corrigez {path}, ou retirez-le si l’acheteur n’exige pas de service. Services actifs de l’acheteur : {wanted}.",
    ],
);

pub(super) static SERVICE_INACTIVE: Rule = rule(
    "PGC-CPRO-SERVICE-INACTIVE",
    Severity::Fatal,
    &[Bt(10)],
    [
        "The service {value} (BT-10) of the buyer is no longer active.",
        "Le service {value} (BT-10) de l’acheteur n’est plus actif.",
    ],
    [
        "Ask the buyer which service has replaced it, and correct {path}. The buyer's active services: {wanted}.",
        "Demandez à l’acheteur quel service le remplace, puis corrigez {path}. Services actifs de l’acheteur : {wanted}.",
    ],
);

pub(super) static SERVICE_RESERVED: Rule = rule(
    "PGC-CPRO-SERVICE-RESERVED",
    Severity::Warning,
    &[Bt(10)],
    [
        "The service {value} (BT-10) is for invoices between public bodies; Chorus Pro refuses it to private suppliers.",
        "Le service {value} (BT-10) est réservé aux factures entre entités publiques ; Chorus Pro le refuse aux fournisseurs privés.",
    ],
    [
        "Give in {path} the service that ordered. The buyer's active services: {wanted}.",
        "Indiquez dans {path} le service qui a passé la commande. Services actifs de l’acheteur : {wanted}.",
    ],
);

pub(super) static COMMITMENT_REQUIRED: Rule = rule(
    "PGC-CPRO-COMMITMENT-REQUIRED",
    Severity::Fatal,
    &[Bt(13)],
    [
        "The buyer {value} asks for the commitment number (BT-13), and the invoice has none.",
        "L’acheteur {value} exige le numéro d’engagement (BT-13), et la facture n’en a pas.",
    ],
    [
        "Give in {path} the number of the commitment or purchase order as the buyer wrote it.",
        "Indiquez dans {path} le numéro d’engagement ou de bon de commande communiqué par l’acheteur.",
    ],
);

pub(super) static COMMITMENT_OF_SERVICE: Rule = rule(
    "PGC-CPRO-COMMITMENT-SERVICE",
    Severity::Fatal,
    &[Bt(13)],
    [
        "The service {value} of the buyer asks for the commitment number (BT-13), and the invoice has none.",
        "Le service {value} de l’acheteur exige le numéro d’engagement (BT-13), et la facture n’en a pas.",
    ],
    [
        "Give in {path} the number of the commitment or purchase order as the buyer wrote it.",
        "Indiquez dans {path} le numéro d’engagement ou de bon de commande communiqué par l’acheteur.",
    ],
);

pub(super) static SERVICE_OR_COMMITMENT: Rule = rule(
    "PGC-CPRO-SERVICE-OR-COMMITMENT",
    Severity::Fatal,
    &[Bt(10), Bt(13)],
    [
        "The buyer asks for a service code (BT-10) or a commitment number (BT-13), and the invoice has neither.",
        "L’acheteur exige un code service (BT-10) ou un numéro d’engagement (BT-13), et la facture n’a ni l’un ni l’autre.",
    ],
    [
        "Give the service in {path}, or the commitment number in ordering.purchases. The buyer's active services: {wanted}.",
        "Indiquez le service dans {path}, ou le numéro d’engagement dans ordering.purchases. Services actifs de l’acheteur : {wanted}.",
    ],
);

pub(super) static BUYER_NOT_ASKED: Rule = rule(
    "PGC-CPRO-DIRECTORY",
    Severity::Warning,
    &[Bt(47)],
    [
        "What Chorus Pro says of the buyer {value} (BT-47) is not known: whether it receives invoices, and what it asks for, could not be checked.",
        "L’annuaire de Chorus Pro n’a pas été consulté pour l’acheteur {value} (BT-47) : ni son activité ni ses exigences n’ont pu être vérifiées.",
    ],
    [
        "Have the directory asked again, or look the buyer up on the portal of Chorus Pro before the invoice is sent.",
        "Faites consulter l’annuaire de nouveau, ou recherchez l’acheteur sur le portail Chorus Pro avant l’envoi de la facture.",
    ],
);

pub(super) static STATUS_UNKNOWN: Rule = rule(
    "PGC-CPRO-DIRECTORY-STATUS",
    Severity::Information,
    &[Bt(47)],
    [
        "Whether the buyer (BT-47) is active at Chorus Pro is not known (status \"{value}\", wanted {wanted}).",
        "On ne sait pas si l’acheteur (BT-47) est actif dans Chorus Pro (statut « {value} », attendu {wanted}).",
    ],
    [
        "Have the directory asked again (structures/v1/rechercher).",
        "Faites consulter l’annuaire de nouveau (structures/v1/rechercher).",
    ],
);

pub(super) static REQUIREMENTS_UNKNOWN: Rule = rule(
    "PGC-CPRO-DIRECTORY-REQUIREMENTS",
    Severity::Warning,
    &[Bt(10), Bt(13)],
    [
        "Whether the buyer asks for a service code (BT-10) or a commitment number (BT-13) is not known.",
        "On ne sait pas si l’acheteur exige un code service (BT-10) ou un numéro d’engagement (BT-13).",
    ],
    [
        "Have the directory asked again (structures/v1/consulter), or give both numbers.",
        "Faites consulter l’annuaire de nouveau (structures/v1/consulter), ou indiquez les deux numéros.",
    ],
);

pub(super) static SERVICES_NOT_ASKED: Rule = rule(
    "PGC-CPRO-DIRECTORY-SERVICES",
    Severity::Warning,
    &[Bt(10)],
    [
        "The services of the buyer are not known: whether {value} (BT-10) is one of them could not be checked.",
        "Les services de l’acheteur ne sont pas connus : impossible de vérifier que {value} (BT-10) en fait partie.",
    ],
    [
        "Have the directory asked again (structures/v1/rechercher/services), or look the service up on the portal of Chorus Pro.",
        "Faites consulter l’annuaire de nouveau (structures/v1/rechercher/services), ou recherchez le service sur le portail Chorus Pro.",
    ],
);

pub(super) static SERVICE_REQUIREMENTS_UNKNOWN: Rule = rule(
    "PGC-CPRO-DIRECTORY-SERVICE",
    Severity::Information,
    &[Bt(13)],
    [
        "Whether the service {value} asks for a commitment number (BT-13) is not known, and the invoice has none.",
        "On ne sait pas si le service {value} exige un numéro d’engagement (BT-13), et la facture n’en a pas.",
    ],
    [
        "Have the directory asked again (structures/v1/consulter/service), or give the number in {path}.",
        "Faites consulter l’annuaire de nouveau (structures/v1/consulter/service), ou indiquez le numéro dans {path}.",
    ],
);

pub(super) static STALE: Rule = rule(
    "PGC-CPRO-DIRECTORY-STALE",
    Severity::Warning,
    &[Bt(47)],
    [
        "What the directory of Chorus Pro says of the buyer (BT-47) is of {value}, and may have changed.",
        "Les données de l’annuaire Chorus Pro sur l’acheteur (BT-47) datent du {value} et ont pu changer.",
    ],
    [
        "Nothing needs to be done; should Chorus Pro reject the invoice, compare it with the directory of that day.",
        "Aucune action n’est nécessaire ; si Chorus Pro rejette la facture, comparez-la à l’annuaire du jour.",
    ],
);

/// All of them.
pub(crate) static ALL: [&Rule; 16] = [
    &BUYER_UNKNOWN,
    &BUYER_INACTIVE,
    &WORKS_ONLY,
    &SERVICE_REQUIRED,
    &SERVICE_UNKNOWN,
    &SERVICE_INACTIVE,
    &SERVICE_RESERVED,
    &COMMITMENT_REQUIRED,
    &COMMITMENT_OF_SERVICE,
    &SERVICE_OR_COMMITMENT,
    &BUYER_NOT_ASKED,
    &STATUS_UNKNOWN,
    &REQUIREMENTS_UNKNOWN,
    &SERVICES_NOT_ASKED,
    &SERVICE_REQUIREMENTS_UNKNOWN,
    &STALE,
];
