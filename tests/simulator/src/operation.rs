//! The operations that the simulator plays, by Chorus Pro's own words.

use serde::{Deserialize, Serialize};

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident $name:literal = $method:literal $path:literal),+ $(,)?) => {
        /// An operation of PISTE or Chorus Pro, named in JSON by the words of its path.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Operation { $($(#[$doc])* #[serde(rename = $name)] $variant),+ }

        impl Operation {
            /// Every operation that is played.
            pub const ALL: &'static [Operation] = &[$(Operation::$variant),+];

            /// Name in faults, counters and wait conditions.
            #[must_use]
            pub fn name(self) -> &'static str { match self { $(Operation::$variant => $name),+ } }

            /// Path below the base URL.
            #[must_use]
            pub fn path(self) -> &'static str { match self { $(Operation::$variant => $path),+ } }

            fn method(self) -> &'static str { match self { $(Operation::$variant => $method),+ } }
        }
    };
}

operations! {
    /// OAuth2 client credentials.
    Token "token" = "POST" "/api/oauth/token",
    /// `GET health-check`.
    HealthCheck "health-check" = "GET" "/cpro/transverses/v1/health-check",
    /// `deposerFluxFacture`.
    DeposerFlux "deposer/flux" = "POST" "/cpro/factures/v1/deposer/flux",
    /// `consulterCRDetaille`.
    ConsulterCrDetaille "consulterCRDetaille" = "POST" "/cpro/transverses/v1/consulterCRDetaille",
    /// `rechercherFactureParFournisseur`.
    RechercherFournisseur "rechercher/fournisseur" = "POST" "/cpro/factures/v1/rechercher/fournisseur",
    /// `consulterHistoriqueFacture`.
    ConsulterHistorique "consulter/historique" = "POST" "/cpro/factures/v1/consulter/historique",
    /// `rechercherFactureATraiterParFournisseur`: what awaits the supplier.
    RechercherATraiter "rechercher/atraiter/fournisseur" =
        "POST" "/cpro/factures/v1/rechercher/atraiter/fournisseur",
    /// `completerFacture`: answers SUSPENDUE.
    Completer "completer" = "POST" "/cpro/factures/v1/completer",
    /// `recyclerFacture`: answers A_RECYCLER.
    Recycler "recycler" = "POST" "/cpro/factures/v1/recycler",
    /// `traiterFacturesRejetees`: marks rejections as handled.
    TraiterRejet "traiterRejet" = "POST" "/cpro/factures/v1/traiterRejet",
    /// `corrigerValideurFacture`: answers ERREUR_…_SUR_VALIDEUR.
    CorrigerValideur "corriger/valideur/facture" = "POST" "/cpro/factures/v1/corriger/valideur/facture",
    /// `traiterFactureRecue`: what a buyer does.
    TraiterRecue "traiter/recue" = "POST" "/cpro/factures/v1/traiter/recue",
    /// `consulterCR`: the report as a PDF.
    ConsulterCr "consulterCR" = "POST" "/cpro/transverses/v1/consulterCR",
    /// `ajouterFichierDansSysteme`: uploads an attachment.
    AjouterFichier "ajouter/fichier" = "POST" "/cpro/transverses/v1/ajouter/fichier",
    /// Structures that the technical account may invoice for.
    StructuresActivesFournisseur "recuperer/structures/actives/fournisseur" =
        "POST" "/cpro/transverses/v1/recuperer/structures/actives/fournisseur",
    /// `rechercherStructure`.
    RechercherStructure "structures/rechercher" = "POST" "/cpro/structures/v1/rechercher",
    /// `consulterStructure`.
    ConsulterStructure "structures/consulter" = "POST" "/cpro/structures/v1/consulter",
    /// `rechercherServicesStructure`.
    RechercherServices "structures/rechercher/services" = "POST" "/cpro/structures/v1/rechercher/services",
    /// `consulterServiceStructure`.
    ConsulterService "structures/consulter/service" = "POST" "/cpro/structures/v1/consulter/service",
    /// `recupererRattachementsMonCompteUtilisateur`: structures the account is attached to.
    Rattachements "monCompte/recuperer/rattachements" =
        "POST" "/cpro/utilisateurs/v1/monCompte/recuperer/rattachements",
    /// Commitment numbers of a State entity.
    RechercherEngagements "engagementsJuridiques/rechercher" =
        "POST" "/cpro/engagementsJuridiques/v1/rechercher",
}

/// An API of PISTE, to which an application subscribes and whose conditions its owner accepts: the second
/// segment of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Api {
    /// Deposits, searches, actions on invoices.
    Factures,
    /// The directory.
    Structures,
    /// Reports, uploads, availability.
    Transverses,
    /// The account itself.
    Utilisateurs,
    /// Commitment numbers.
    EngagementsJuridiques,
}

impl Operation {
    /// The operation behind a request line; the gateway knows no other route.
    pub(crate) fn of(method: &str, path: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operation| operation.method() == method && operation.path() == path)
    }

    /// The API it belongs to; PISTE's own operations belong to none.
    pub(crate) fn api(self) -> Option<Api> {
        Some(match self.path().split('/').nth(2)? {
            "factures" => Api::Factures,
            "structures" => Api::Structures,
            "transverses" => Api::Transverses,
            "utilisateurs" => Api::Utilisateurs,
            "engagementsJuridiques" => Api::EngagementsJuridiques,
            _ => return None,
        })
    }

    /// Whether it changes an invoice or uploads a file: such requests stand in the ledger one by one.
    pub(crate) fn acts(self) -> bool {
        matches!(
            self,
            Self::Completer
                | Self::Recycler
                | Self::TraiterRejet
                | Self::CorrigerValideur
                | Self::TraiterRecue
                | Self::AjouterFichier
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_routes_find_their_operation() {
        for operation in Operation::ALL {
            assert_eq!(
                Operation::of(operation.method(), operation.path()),
                Some(*operation)
            );
            assert_eq!(serde_json::to_value(operation).unwrap(), operation.name());
        }
        assert_eq!(Operation::of("GET", Operation::DeposerFlux.path()), None);
    }

    #[test]
    fn every_operation_but_the_token_belongs_to_an_api() {
        let without: Vec<_> = Operation::ALL
            .iter()
            .filter(|operation| operation.api().is_none())
            .collect();
        assert_eq!(without, [&Operation::Token]);
        assert_eq!(
            serde_json::to_value(Operation::RechercherEngagements.api()).unwrap(),
            "engagementsJuridiques"
        );
    }
}
