//! `utilisateurs/v1/monCompte/recuperer/rattachements`: what the account is attached to.

use serde::{Deserialize, Serialize};

use super::{ParametresRetour, Retour, structures::Pagination};
use crate::directory::IdType;

/// Request.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecupererRattachements {
    pub(crate) parametres_recherche: Option<Pagination<TriRattachements>>,
}

/// The one column seen in requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum TriRattachements {
    IdStructure,
}

/// Answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rattachements {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) liste_structure_rattachement: Vec<Rattachement>,
    pub(crate) parametres_retour: ParametresRetour,
}

/// One attachment to a structure. Suppliers have no services here.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rattachement {
    pub(crate) id_rattachement_structure: i64,
    pub(crate) id_structure: i64,
    pub(crate) type_identifiant_structure: IdType,
    pub(crate) identifiant_structure: String,
    pub(crate) designation_structure: String,
    pub(crate) role_utilisateur: String,
    pub(crate) statut_rattachement_structure: String,
    pub(crate) statut_utilisateur: String,
    pub(crate) liste_services_rattache: [(); 0],
}
