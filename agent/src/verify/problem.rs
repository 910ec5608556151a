//! Why a supplier is not registered: a reason and a remedy, in French and in English.

use crate::{
    chorus::error::{Api, ApiError, Kind},
    credential::{CredentialError, Owner},
};

/// A reason with its remedy, as the table of suppliers holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What kind of trouble.
    pub code: &'static str,
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

impl From<&CredentialError> for Reason {
    fn from(error: &CredentialError) -> Self {
        Self {
            code: "credential",
            en: error.to_string(),
            fr: "le compte technique enregistré ne peut être ouvert avec la clé de l'agent : vérifier credentials.private_key_file, \
                 ou inviter de nouveau le fournisseur"
                .into(),
        }
    }
}

/// What stands between an account and its registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// PISTE refuses the application's client id or secret.
    PisteClient,
    /// Chorus Pro refuses login or password.
    TechnicalAccount,
    /// The application may not use this API, or the account may not.
    NotSubscribed(&'static str),
    /// The account is good, but not for this structure.
    NotAttached(String),
    /// Chorus Pro does not know the structure.
    UnknownIdentifier(String),
    /// The structure is closed.
    Inactive(String),
    /// A VAT number stands for several establishments.
    SeveralSirets(Vec<Establishment>),
    /// The establishment that was found is a supplier already.
    KnownAlready(String),
    /// Chorus Pro says no, in its own words.
    Refused(String),
}

/// An establishment that the account may invoice for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Establishment {
    /// Its SIRET.
    pub siret: String,
    /// Its name at Chorus Pro.
    pub name: String,
}

impl Problem {
    /// The problem behind a call that failed; `None` where the same call may well succeed later.
    pub fn of(error: &ApiError) -> Option<Self> {
        Some(match error.rule().kind {
            Kind::Application => Self::PisteClient,
            Kind::Account => Self::TechnicalAccount,
            Kind::NotEntitled => {
                Self::NotSubscribed(error.operation.api().map_or("Transverses", Api::name))
            }
            Kind::Functional => Self::Refused(error.text.clone().unwrap_or_default()),
            _ => return None,
        })
    }

    /// The account is good and belongs to something else than `owner`.
    pub(super) fn not_attached(owner: &Owner) -> Self {
        Self::NotAttached(owner.identifier.clone())
    }

    /// Whether the person who typed the account can do something about it; else who runs the agent must.
    pub fn is_the_suppliers(&self) -> bool {
        !matches!(self, Self::PisteClient | Self::NotSubscribed(_))
    }

    /// What kind of trouble, in a word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PisteClient => "piste_client",
            Self::TechnicalAccount => "technical_account",
            Self::NotSubscribed(_) => "not_subscribed",
            Self::NotAttached(_) => "not_attached",
            Self::UnknownIdentifier(_) => "unknown_identifier",
            Self::Inactive(_) => "inactive",
            Self::SeveralSirets(_) => "several_sirets",
            Self::KnownAlready(_) => "known_already",
            Self::Refused(_) => "refused",
        }
    }

    /// Reason and remedy in French.
    pub fn fr(&self) -> String {
        match self {
            Self::PisteClient => "PISTE refuse l'application du logiciel : vérifier piste.client_id et piste.client_secret (les \
                                  « OAuth Credentials » de l'application, non ses clés d'API)"
                .into(),
            Self::TechnicalAccount => "Chorus Pro refuse ce compte technique : identifiant ou mot de passe erroné, ou mot de passe expiré \
                                       (il l'est au bout de 14 mois). Vérifier les deux, ou renouveler le mot de passe dans Chorus Pro ; un \
                                       compte tout juste créé est utilisable après une demi-heure environ"
                .into(),
            Self::NotSubscribed(api) => format!(
                "l'API {api} de Chorus Pro n'est pas ouverte à cette application : y souscrire sur piste.gouv.fr, en accepter les conditions \
                 d'utilisation, et déclarer le raccordement API dans Chorus Pro pour ce compte technique"
            ),
            Self::NotAttached(identifier) => format!(
                "le compte technique est bon, mais ne peut facturer pour {identifier} : le rattacher à cette structure dans Chorus Pro, ou \
                 utiliser le compte technique de cette structure"
            ),
            Self::UnknownIdentifier(identifier) => format!(
                "Chorus Pro ne connaît pas {identifier} : créer la structure dans Chorus Pro (« Mes structures »), ou corriger l'identifiant"
            ),
            Self::Inactive(identifier) => format!(
                "la structure {identifier} est inactive dans Chorus Pro : la réactiver, ou facturer pour un établissement ouvert"
            ),
            Self::SeveralSirets(all) => format!(
                "ce compte technique peut facturer pour plusieurs établissements de cette entreprise, il faut en choisir un : {}",
                listed(all)
            ),
            Self::KnownAlready(siret) => {
                format!("l'établissement {siret} est déjà enregistré comme un autre fournisseur : utiliser celui-là")
            }
            Self::Refused(text) => format!("Chorus Pro refuse : {text}"),
        }
    }

    /// Reason and remedy in English.
    pub fn en(&self) -> String {
        match self {
            Self::PisteClient => "PISTE refuses the software's application: check piste.client_id and piste.client_secret (the \
                                  application's OAuth credentials, not its API keys)"
                .into(),
            Self::TechnicalAccount => "Chorus Pro refuses this technical account: login or password is wrong, or the password has expired (it \
                                       does after 14 months). Check both, or renew the password in Chorus Pro; an account made just now can be \
                                       used after half an hour or so"
                .into(),
            Self::NotSubscribed(api) => format!(
                "Chorus Pro's API {api} is not open to this application: subscribe to it at piste.gouv.fr, accept its terms of use, and declare \
                 the API connection in Chorus Pro for this technical account"
            ),
            Self::NotAttached(identifier) => format!(
                "the technical account is good, but may not invoice for {identifier}: attach it to that structure in Chorus Pro, or use the \
                 technical account of that structure"
            ),
            Self::UnknownIdentifier(identifier) => format!(
                "Chorus Pro does not know {identifier}: create the structure in Chorus Pro (\"Mes structures\"), or correct the identifier"
            ),
            Self::Inactive(identifier) => format!(
                "the structure {identifier} is inactive in Chorus Pro: reactivate it, or invoice for an establishment that is open"
            ),
            Self::SeveralSirets(all) => format!(
                "this technical account may invoice for several establishments of the company, one has to be chosen: {}",
                listed(all)
            ),
            Self::KnownAlready(siret) => {
                format!("the establishment {siret} is registered as another supplier already: use that one")
            }
            Self::Refused(text) => format!("Chorus Pro refuses: {text}"),
        }
    }

    /// Both, for the table.
    pub fn reason(&self) -> Reason {
        Reason {
            code: self.code(),
            en: self.en(),
            fr: self.fr(),
        }
    }
}

fn listed(all: &[Establishment]) -> String {
    let one = |place: &Establishment| format!("{} ({})", place.siret, place.name);
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chorus::error::{Operation, Symptom};

    fn problem(operation: Operation, symptom: Symptom) -> Option<Problem> {
        Problem::of(&ApiError {
            operation,
            symptom,
            http: None,
            text: Some("texte".into()),
            retry_after: None,
            concern: None,
        })
    }

    #[test]
    fn only_what_asking_again_cannot_change_is_a_problem() {
        use {Operation::*, Symptom::*};
        assert_eq!(problem(Token, Http(400)), Some(Problem::PisteClient));
        assert_eq!(
            problem(HealthCheck, Http(401)),
            Some(Problem::TechnicalAccount)
        );
        assert_eq!(
            problem(RechercherFournisseur, Http(403)),
            Some(Problem::NotSubscribed("Factures"))
        );
        assert_eq!(
            problem(StructuresActives, Outcome(7)),
            Some(Problem::Refused("texte".into()))
        );
        for transient in [NotConnected, NoAnswer, Http(429), Http(503), Http(302)] {
            assert_eq!(problem(HealthCheck, transient), None);
        }
    }
}
