//! What a flux state (`etatCourantDepotFlux`) means for the deposit.

/// The four meanings that the agent tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Not decided yet: look again later.
    Pending,
    /// The invoice is in.
    Integrated,
    /// Nothing was integrated; the number is free and the document may be corrected.
    Rejected,
    /// It failed in a way that leaves open whether the invoice is in.
    Unclear,
}

/// The known states. Only integrated and rejected ones are sure; clients in the field disagree about the rest.
const STATES: [(&str, Meaning); 15] = [
    (
        "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP",
        Meaning::Pending,
    ),
    ("IN_RECU", Meaning::Pending),
    ("IN_TRAITE_SE_CPP", Meaning::Pending),
    ("QP_RECEVABLE", Meaning::Pending),
    ("IN_EN_ATTENTE_TRAITEMENT_CPP", Meaning::Pending),
    ("IN_EN_COURS_TRAITEMENT_CPP", Meaning::Pending),
    ("IN_EN_ATTENTE_RETRAITEMENT_CPP", Meaning::Pending),
    ("IN_INTEGRE", Meaning::Integrated),
    ("IN_REJETE", Meaning::Rejected),
    ("QP_IRRECEVABLE", Meaning::Rejected),
    ("QP_RECEVABLE_AVEC_ERREUR", Meaning::Unclear),
    ("IN_INTEGRE_PARTIEL", Meaning::Unclear),
    ("IN_INCIDENTE", Meaning::Unclear),
    ("IN_A_RELANCER", Meaning::Unclear),
    ("IN_ERREUR_INTERNE", Meaning::Unclear),
];

/// The meaning of `state`; `None` for one that nobody has documented.
pub fn meaning(state: &str) -> Option<Meaning> {
    STATES
        .iter()
        .find(|(known, _)| *known == state)
        .map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn received_is_not_yet_integrated() {
        for state in ["IN_RECU", "IN_TRAITE_SE_CPP", "QP_RECEVABLE"] {
            assert_eq!(meaning(state), Some(Meaning::Pending), "{state}");
        }
        assert_eq!(meaning("IN_INTEGRE"), Some(Meaning::Integrated));
    }

    #[test]
    fn only_two_states_free_the_number() {
        let rejected: Vec<&str> = STATES
            .iter()
            .filter(|(_, meaning)| *meaning == Meaning::Rejected)
            .map(|(state, _)| *state)
            .collect();
        assert_eq!(rejected, ["IN_REJETE", "QP_IRRECEVABLE"]);
        for state in [
            "QP_RECEVABLE_AVEC_ERREUR",
            "IN_INTEGRE_PARTIEL",
            "IN_INCIDENTE",
        ] {
            assert_eq!(meaning(state), Some(Meaning::Unclear), "{state}");
        }
    }

    #[test]
    fn an_unknown_state_has_no_meaning() {
        assert_eq!(meaning("IN_QUELQUE_CHOSE"), None);
    }
}
