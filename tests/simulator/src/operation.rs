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
    /// `traiterFactureRecue`: what a buyer does.
    TraiterRecue "traiter/recue" = "POST" "/cpro/factures/v1/traiter/recue",
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
}

impl Operation {
    /// The operation behind a request line; the gateway knows no other route.
    pub(crate) fn of(method: &str, path: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operation| operation.method() == method && operation.path() == path)
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
}
