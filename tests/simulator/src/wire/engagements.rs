//! `engagementsJuridiques/v1/rechercher`: whether a commitment number exists. Only the State has any.

use serde::{Deserialize, Serialize};

use super::Retour;

/// Request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RechercherEngagements {
    /// `idStructureCPP` as text.
    pub(crate) structure_receptrice_engagement_juridique: Option<String>,
    pub(crate) numero_engagement_juridique: Option<String>,
    pub(crate) etat_courant_engagement_juridique: Option<String>,
}

/// Answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EngagementsTrouves {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) liste_engagement_juridique: Vec<Engagement>,
}

/// One commitment; only that the list has members is documented.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Engagement {
    pub(crate) structure_receptrice_engagement_juridique: String,
    pub(crate) numero_engagement_juridique: String,
    pub(crate) etat_courant_engagement_juridique: String,
}
