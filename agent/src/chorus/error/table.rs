//! The table itself.

use std::time::Duration;

use super::{Kind, Operation, Processed, Retry, Symptom};

/// One row of the table.
#[derive(Debug)]
pub struct Rule {
    matches: fn(Symptom, Operation) -> bool,
    /// Kind of error.
    pub kind: Kind,
    /// Whether a deposit may have been processed.
    pub processed: Processed,
    /// When to try again.
    pub retry: Retry,
    /// What the operator can do.
    pub hint: &'static str,
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
        retry: back_off(5, 300),
        hint: "check network, proxy, DNS and piste.api_url / piste.oauth_url",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::NoAnswer,
        kind: Kind::NoAnswer,
        processed: Processed::Unknown,
        retry: back_off(30, 900),
        hint: "the agent looks by itself what became of it",
    },
    Rule {
        // PISTE answers invalid_client with 400, some gateways with 401.
        matches: |symptom, operation| {
            operation == Operation::Token && matches!(symptom, Symptom::Http(400 | 401))
        },
        kind: Kind::Application,
        processed: Processed::No,
        retry: back_off(60, 900),
        hint: "check piste.client_id and piste.client_secret (the application's OAuth credentials, not its API keys)",
    },
    Rule {
        matches: |symptom, operation| {
            operation == Operation::ConsulterCrDetaille && symptom == Symptom::Outcome(20001)
        },
        kind: Kind::FluxUnknown,
        processed: Processed::No,
        retry: back_off(60, 900),
        hint: "normal in the first hour after a deposit",
    },
    Rule {
        // Numbers mean different things per operation and no complete list is public: shown, never retried blindly.
        matches: |symptom, operation| {
            operation == Operation::DeposerFlux && matches!(symptom, Symptom::Outcome(_))
        },
        kind: Kind::Functional,
        processed: Processed::No,
        retry: Retry::Aside,
        hint: "correct the document (UPDATE chorus.invoice SET doc = …), or SELECT chorus.retry(task) when the cause is gone",
    },
    Rule {
        // What a person asked for is refused once: the status has changed, or what was asked for is not possible.
        matches: |symptom, operation| {
            operation.answers_a_buyer() && matches!(symptom, Symptom::Outcome(_))
        },
        kind: Kind::Functional,
        processed: Processed::No,
        retry: Retry::Aside,
        hint: "Chorus Pro refuses it: see its text and the invoice's status, and ask again if it still applies",
    },
    Rule {
        // A file whose name is too long is answered like that.
        matches: |symptom, operation| {
            operation == Operation::AjouterFichier && symptom == Symptom::Http(400)
        },
        kind: Kind::BadRequest,
        processed: Processed::No,
        retry: Retry::Aside,
        hint: "Chorus Pro does not take the file: check its name (50 characters), extension and content",
    },
    Rule {
        // A question may be asked again; not often, since the answer is unlikely to change.
        matches: |symptom, _| matches!(symptom, Symptom::Outcome(_)),
        kind: Kind::Functional,
        processed: Processed::No,
        retry: back_off(900, 3600),
        hint: "Chorus Pro refuses the question: see its text; the agent asks again within the hour",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(400),
        kind: Kind::BadRequest,
        processed: Processed::No,
        retry: back_off(300, 3600),
        hint: "the gateway refuses the request itself: check piste.api_url; report it if it goes on",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(401),
        kind: Kind::Account,
        processed: Processed::No,
        retry: back_off(60, 3600),
        hint: "the technical account is refused, with a fresh token too: its password is wrong or has expired (it does every \
               14 months); renew it in Chorus Pro and store it with `chorus-agent supplier add`",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(403),
        kind: Kind::NotEntitled,
        processed: Processed::No,
        retry: back_off(300, 3600),
        hint: "subscribe the PISTE application to the APIs Factures and Transverses, accept their terms of use, and check that \
               the technical account may use them",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(413),
        kind: Kind::TooLarge,
        processed: Processed::No,
        retry: Retry::Aside,
        hint: "the file is too large for Chorus Pro: remove or shrink attachments",
    },
    Rule {
        matches: |symptom, _| symptom == Symptom::Http(429),
        kind: Kind::Throttled,
        processed: Processed::No,
        retry: back_off(30, 900),
        hint: "PISTE's quota is used up: lower agent.requests_per_second or ask for a larger quota",
    },
    Rule {
        matches: |symptom, _| matches!(symptom, Symptom::Http(500..=599)),
        kind: Kind::Down,
        processed: Processed::Unknown,
        retry: back_off(30, 900),
        hint: "Chorus Pro or PISTE is down or under maintenance; the agent tries again",
    },
    Rule {
        matches: |symptom, _| matches!(symptom, Symptom::Http(300..=499)),
        kind: Kind::Unreadable,
        processed: Processed::Unknown,
        retry: back_off(300, 3600),
        hint: "not the API that was expected: check piste.api_url and any proxy in between",
    },
    Rule {
        matches: |_, _| true,
        kind: Kind::Unreadable,
        processed: Processed::Unknown,
        retry: back_off(30, 900),
        hint: "the answer is not what Chorus Pro documents: check piste.api_url and any proxy in between",
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
