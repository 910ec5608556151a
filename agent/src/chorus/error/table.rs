//! The table itself.

use std::time::Duration;

use super::{Kind, Operation, Processed, Retry, Scope, Symptom};

/// One row of the table.
#[derive(Debug)]
pub struct Rule {
    matches: fn(Symptom, Operation) -> bool,
    /// Kind of error.
    pub kind: Kind,
    /// Whether a deposit may have been processed.
    pub processed: Processed,
    /// What else is concerned.
    pub scope: Scope,
    /// So many failures in a row of that scope, and it is left alone for a while; 0 where nothing else is concerned.
    pub strikes: u8,
    /// When to try again; of a wider scope, when the first call is made again.
    pub retry: Retry,
    /// What the operator can do.
    pub hint: &'static str,
    /// The same in French.
    pub hint_fr: &'static str,
}

const fn back_off(first: u64, cap: u64) -> Retry {
    Retry::BackOff {
        first: Duration::from_secs(first),
        cap: Duration::from_secs(cap),
    }
}

/// The first row that matches counts; the last one matches everything.
static RULES: [Rule; 16] = [
    Rule {
        matches: |symptom, _| symptom == Symptom::NotConnected,
        kind: Kind::Unreachable,
        processed: Processed::No,
        scope: Scope::Application,
        strikes: 3,
        retry: back_off(5, 300),
        hint: "check network, proxy, DNS and piste.api_url / piste.oauth_url",
        hint_fr: "vérifiez réseau, proxy, DNS, et piste.api_url / piste.oauth_url",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::NoAnswer,
        kind: Kind::NoAnswer,
        processed: Processed::Unknown,
        scope: Scope::Api,
        strikes: 3,
        retry: back_off(30, 900),
        hint: "the agent looks by itself what became of it",
        hint_fr: "l'agent cherche lui-même ce qu'il en est advenu",
    },
    Rule {
        // PISTE answers invalid_client with 400, some gateways with 401. Asked several times before it is believed.
        matches: |symptom, operation| {
            operation == Operation::Token && matches!(symptom, Symptom::Http(400 | 401))
        },
        kind: Kind::Application,
        processed: Processed::No,
        scope: Scope::Application,
        strikes: 1,
        retry: back_off(60, 900),
        hint: "check piste.client_id and piste.client_secret (the application's OAuth credentials, not its API keys)",
        hint_fr: "vérifiez piste.client_id et piste.client_secret (les « OAuth Credentials » de l'application, non ses clés d'API)",
    },
    Rule {
        matches: |symptom, operation| {
            operation == Operation::ConsulterCrDetaille && symptom == Symptom::Outcome(20001)
        },
        kind: Kind::FluxUnknown,
        processed: Processed::No,
        scope: Scope::Task,
        strikes: 0,
        retry: back_off(60, 900),
        hint: "normal in the first hour after a deposit",
        hint_fr: "normal dans la première heure après un dépôt",
    },
    Rule {
        // Numbers mean different things per operation and no complete list is public: shown, never retried blindly.
        matches: |symptom, operation| {
            operation == Operation::DeposerFlux && matches!(symptom, Symptom::Outcome(_))
        },
        kind: Kind::Functional,
        processed: Processed::No,
        scope: Scope::Task,
        strikes: 0,
        retry: Retry::Aside,
        hint: "correct the document (UPDATE chorus.invoice SET doc = …), or SELECT chorus.retry(task) when the cause is gone",
        hint_fr: "corrigez le document (UPDATE chorus.invoice SET doc = …), ou SELECT chorus.retry(task) quand la cause a disparu",
    },
    Rule {
        // What a person asked for is refused once: the status has changed, or what was asked for is not possible.
        matches: |symptom, operation| {
            operation.answers_a_buyer() && matches!(symptom, Symptom::Outcome(_))
        },
        kind: Kind::Functional,
        processed: Processed::No,
        scope: Scope::Task,
        strikes: 0,
        retry: Retry::Aside,
        hint: "Chorus Pro refuses it: see its text and the invoice's status, and ask again if it still applies",
        hint_fr: "Chorus Pro refuse : voyez son texte et le statut de la facture, et redemandez s'il y a lieu",
    },
    Rule {
        // A file whose name is too long is answered like that.
        matches: |symptom, operation| {
            operation == Operation::AjouterFichier && symptom == Symptom::Http(400)
        },
        kind: Kind::BadRequest,
        processed: Processed::No,
        scope: Scope::Task,
        strikes: 0,
        retry: Retry::Aside,
        hint: "Chorus Pro does not take the file: check its name (50 characters), extension and content",
        hint_fr: "Chorus Pro n'accepte pas le fichier : vérifiez son nom (50 caractères), son extension et son contenu",
    },
    Rule {
        // A question may be asked again; not often, since the answer is unlikely to change.
        matches: |symptom, _| matches!(symptom, Symptom::Outcome(_)),
        kind: Kind::Functional,
        processed: Processed::No,
        scope: Scope::Task,
        strikes: 0,
        retry: back_off(900, 3600),
        hint: "Chorus Pro refuses the question: see its text; the agent asks again within the hour",
        hint_fr: "Chorus Pro refuse la question : voyez son texte ; l'agent la repose dans l'heure",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(400),
        kind: Kind::BadRequest,
        processed: Processed::No,
        scope: Scope::Task,
        strikes: 0,
        retry: back_off(300, 3600),
        hint: "the gateway refuses the request itself: check piste.api_url; report it if it goes on",
        hint_fr: "la passerelle refuse la requête elle-même : vérifiez piste.api_url ; signalez-le si cela persiste",
    },
    Rule {
        // Believed at the first: a fresh token has been tried, and Chorus Pro may lock an account that insists.
        matches: |symptom, _| symptom == Symptom::Http(401),
        kind: Kind::Account,
        processed: Processed::No,
        scope: Scope::Supplier,
        strikes: 1,
        retry: back_off(900, 21_600),
        hint: "the technical account is refused, with a fresh token too: its password is wrong or has expired (it does every \
               14 months); renew it in Chorus Pro and store it with `chorus-agent supplier add`",
        hint_fr: "le compte technique est refusé, même avec un jeton neuf : son mot de passe est erroné ou a expiré (tous les 14 mois) ; \
                  renouvelez-le dans Chorus Pro et enregistrez-le avec « chorus-agent supplier add »",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(403),
        kind: Kind::NotEntitled,
        processed: Processed::No,
        scope: Scope::Api,
        strikes: 3,
        retry: back_off(300, 3600),
        hint: "subscribe the PISTE application to the APIs Factures, Transverses and Structures, accept their terms of use, and check \
               that the technical account may use them",
        hint_fr: "abonnez l'application PISTE aux API Factures, Transverses et Structures, acceptez-en les conditions d'utilisation, et \
                  vérifiez que le compte technique y a droit",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(413),
        kind: Kind::TooLarge,
        processed: Processed::No,
        scope: Scope::Task,
        strikes: 0,
        retry: Retry::Aside,
        hint: "the file is too large for Chorus Pro: remove or shrink attachments",
        hint_fr: "le fichier est trop volumineux pour Chorus Pro : retirez ou réduisez des pièces jointes",
    },
    Rule {
        // PISTE counts per application and API.
        matches: |symptom, _| symptom == Symptom::Http(429),
        kind: Kind::Throttled,
        processed: Processed::No,
        scope: Scope::Api,
        strikes: 1,
        retry: back_off(30, 900),
        hint: "PISTE's quota is used up: lower agent.requests_per_second or ask for a larger quota",
        hint_fr: "le quota de PISTE est épuisé : baissez agent.requests_per_second ou demandez un quota plus grand",
    },
    Rule {
        matches: |symptom, _| matches!(symptom, Symptom::Http(500..=599)),
        kind: Kind::Down,
        processed: Processed::Unknown,
        scope: Scope::Api,
        strikes: 3,
        retry: back_off(30, 900),
        hint: "Chorus Pro or PISTE is down or under maintenance; the agent tries again",
        hint_fr: "Chorus Pro ou PISTE est en panne ou en maintenance ; l'agent réessaie",
    },
    Rule {
        matches: |symptom, _| matches!(symptom, Symptom::Http(300..=499)),
        kind: Kind::Unreadable,
        processed: Processed::Unknown,
        scope: Scope::Api,
        strikes: 3,
        retry: back_off(300, 3600),
        hint: "not the API that was expected: check piste.api_url and any proxy in between",
        hint_fr: "ce n'est pas l'API attendue : vérifiez piste.api_url et tout proxy intermédiaire",
    },
    Rule {
        matches: |_, _| true,
        kind: Kind::Unreadable,
        processed: Processed::Unknown,
        scope: Scope::Api,
        strikes: 3,
        retry: back_off(30, 900),
        hint: "the answer is not what Chorus Pro documents: check piste.api_url and any proxy in between",
        hint_fr: "la réponse n'est pas celle que Chorus Pro documente : vérifiez piste.api_url et tout proxy intermédiaire",
    },
];

/// The row for what was seen of a call.
pub fn rule(symptom: Symptom, operation: Operation) -> &'static Rule {
    let [.., last] = &RULES;
    RULES
        .iter()
        .find(|rule| (rule.matches)(symptom, operation))
        .unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_symptoms_prove_that_a_deposit_was_not_processed() {
        let processed = |symptom| rule(symptom, Operation::DeposerFlux).processed;
        let certain: Vec<u16> = (100..600)
            .filter(|status| processed(Symptom::Http(*status)) == Processed::No)
            .collect();
        assert_eq!(certain, [400, 401, 403, 413, 429]);
        assert_eq!(processed(Symptom::NotConnected), Processed::No);
        assert_eq!(processed(Symptom::NoAnswer), Processed::Unknown);
        for code in [20001, 1, -1, 99999] {
            assert_eq!(processed(Symptom::Outcome(code)), Processed::No);
        }
    }

    #[test]
    fn an_unknown_refusal_of_a_deposit_is_never_retried_by_itself() {
        for code in [20001, 20500, -3] {
            assert_eq!(
                rule(Symptom::Outcome(code), Operation::DeposerFlux).retry,
                Retry::Aside
            );
        }
    }

    #[test]
    fn the_same_number_means_different_things_per_operation() {
        let kind = |operation| rule(Symptom::Outcome(20001), operation).kind;
        assert_eq!(kind(Operation::ConsulterCrDetaille), Kind::FluxUnknown);
        assert_eq!(kind(Operation::DeposerFlux), Kind::Functional);
        assert_eq!(kind(Operation::RechercherFournisseur), Kind::Functional);
    }

    #[test]
    fn wrong_application_credentials_are_told_from_a_wrong_account() {
        assert_eq!(
            rule(Symptom::Http(400), Operation::Token).kind,
            Kind::Application
        );
        assert_eq!(
            rule(Symptom::Http(401), Operation::Token).kind,
            Kind::Application
        );
        assert_eq!(
            rule(Symptom::Http(401), Operation::HealthCheck).kind,
            Kind::Account
        );
        assert_eq!(
            rule(Symptom::Http(400), Operation::HealthCheck).kind,
            Kind::BadRequest
        );
    }

    #[test]
    fn who_answers_is_well_and_only_silence_or_refusal_at_the_door_concerns_others() {
        let scope = |symptom| rule(symptom, Operation::ConsulterHistorique).scope;
        for own in [Symptom::Outcome(7), Symptom::Http(400), Symptom::Http(413)] {
            assert_eq!(scope(own), Scope::Task, "{own:?}");
        }
        assert_eq!(scope(Symptom::Http(401)), Scope::Supplier);
        for api in [403, 404, 429, 500, 503, 200] {
            assert_eq!(scope(Symptom::Http(api)), Scope::Api, "{api}");
        }
        assert_eq!(scope(Symptom::NoAnswer), Scope::Api);
        assert_eq!(scope(Symptom::NotConnected), Scope::Application);
        for symptom in (100..600).map(Symptom::Http) {
            assert_ne!(
                rule(symptom, Operation::Token).scope,
                Scope::Supplier,
                "{symptom:?}"
            );
        }
    }

    #[test]
    fn what_concerns_others_is_left_alone_and_tried_again_by_itself() {
        for row in &RULES {
            assert_eq!(row.strikes == 0, row.scope == Scope::Task, "{:?}", row.kind);
            if row.scope != Scope::Task {
                assert_ne!(row.retry, Retry::Aside, "{:?}", row.kind);
            }
            assert!(!row.hint.is_empty() && !row.hint_fr.is_empty());
        }
    }

    #[test]
    fn every_row_is_the_first_match_of_something_and_waits_shorter_first() {
        let mut symptoms = vec![
            Symptom::NotConnected,
            Symptom::NoAnswer,
            Symptom::Outcome(20001),
            Symptom::Outcome(7),
        ];
        symptoms.extend((100..600).map(Symptom::Http));
        for row in &RULES {
            let reached = symptoms.iter().any(|symptom| {
                Operation::ALL
                    .iter()
                    .any(|operation| std::ptr::eq(rule(*symptom, *operation), row))
            });
            assert!(reached, "{:?} is shadowed", row.kind);
            if let Retry::BackOff { first, cap } = row.retry {
                assert!(first < cap, "{:?}", row.kind);
            }
        }
    }
}
