//! `transverses/v1`: availability, flux reports, structures of the account.

use serde::{Deserialize, Serialize};

use super::Retour;

/// Answer of `health-check`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HealthCheck {
    pub(crate) body: String,
    pub(crate) status_code_value: u16,
    pub(crate) status_code: String,
}

/// Request of `consulterCRDetaille`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsulterCrDetaille {
    pub(crate) numero_flux_depot: String,
    #[serde(rename = "syntaxeFlux")]
    _syntaxe_flux: Option<super::factures::SyntaxeFlux>,
}

/// Request of `consulterCR`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsulterCr {
    pub(crate) numero_flux_depot: String,
    pub(crate) date_depot: Option<super::Day>,
    #[serde(rename = "syntaxeFlux")]
    _syntaxe_flux: Option<super::factures::SyntaxeFlux>,
}

/// Its answer. The state has another name than in `consulterCRDetaille`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cr {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) code_appli_partenaire: String,
    pub(crate) designation_partenaire: String,
    pub(crate) code_interface_flux: String,
    pub(crate) nom_fichier_flux: Option<String>,
    pub(crate) numero_flux_depot: String,
    pub(crate) date_depot_flux: String,
    pub(crate) etat_courant_flux: String,
    pub(crate) date_heure_etat_courant_flux: String,
    /// Base64 of a PDF.
    #[serde(rename = "fichierCR")]
    pub(crate) fichier_cr: String,
}

/// Request of `ajouter/fichier`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AjouterFichier {
    pub(crate) piece_jointe_nom: Option<String>,
    pub(crate) piece_jointe_extension: Option<String>,
    pub(crate) piece_jointe_type_mime: Option<String>,
    /// Base64 of the file.
    pub(crate) piece_jointe_fichier: Option<String>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FichierAjoute {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) piece_jointe_id: i64,
}

/// Answer of `consulterCRDetaille`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CrDetaille {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) nom_fichier: Option<String>,
    pub(crate) date_depot_flux: String,
    pub(crate) code_interface_depot_flux: String,
    pub(crate) etat_courant_depot_flux: String,
    pub(crate) date_heure_etat_courant_flux: String,
    #[serde(rename = "listeErreurDP")]
    pub(crate) liste_erreur_dp: Vec<ErreurDp>,
    pub(crate) liste_erreur_technique: Vec<ErreurTechnique>,
}

/// Errors of one payment request, joined into one label.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErreurDp {
    pub(crate) identifiant_fournisseur: Option<String>,
    pub(crate) identifiant_destinataire: Option<String>,
    #[serde(rename = "numeroDP")]
    pub(crate) numero_dp: Option<String>,
    #[serde(rename = "libelleErreurDP")]
    pub(crate) libelle_erreur_dp: String,
}

/// An error of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErreurTechnique {
    pub(crate) nature_erreur: String,
    pub(crate) code_erreur: String,
    pub(crate) libelle_erreur: String,
}

/// Request of `recuperer/structures/actives/fournisseur`: no parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecupererStructures {
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StructuresActives {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) liste_structures: Vec<StructureActive>,
}

/// A structure that the account may invoice for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StructureActive {
    #[serde(rename = "idStructureCPP")]
    pub(crate) id_structure_cpp: i64,
    pub(crate) identifiant: String,
    pub(crate) designation_structure: String,
}
