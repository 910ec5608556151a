//! `factures/v1`: depositing, and what a buyer does.

use serde::{Deserialize, Serialize};

use super::Retour;

/// Syntaxes that `deposer/flux` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(non_camel_case_types)]
pub(crate) enum SyntaxeFlux {
    IN_DP_E1_UBL_INVOICE,
    IN_DP_E1_CII,
    IN_DP_E1_PES_FACTURE,
    IN_DP_E1_XCBL,
    IN_DP_E2_UBL_INVOICE_MIN,
    IN_DP_E2_CII_MIN,
    IN_DP_E2_PES_FACTURE_MIN,
    IN_DP_E2_CPP_FACTURE_MIN,
    IN_DP_PDFARCHIVE_UBL_INVOICE_MUG,
    IN_DP_PDFARCHIVE_CII_MUG,
    IN_DP_E1_CII_16B,
    IN_DP_E2_CII_MIN_16B,
    IN_DP_E2_CII_FACTURX,
    IN_DP_E3_UBL_INVOICE,
}

impl SyntaxeFlux {
    /// The code, which the variants are named after.
    pub(crate) fn name(self) -> String {
        format!("{self:?}")
    }
}

/// Request of `deposer/flux`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DeposerFlux {
    /// Base64 of the file.
    pub(crate) fichier_flux: Option<String>,
    pub(crate) nom_fichier: Option<String>,
    pub(crate) syntaxe_flux: Option<SyntaxeFlux>,
    pub(crate) avec_signature: Option<bool>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// Its answer: the envelope is taken, nothing is validated yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FluxDepose {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) numero_flux_depot: String,
    pub(crate) date_depot: String,
    pub(crate) syntaxe_flux: SyntaxeFlux,
}

/// Request of `traiter/recue`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TraiterRecue {
    pub(crate) id_facture: i64,
    pub(crate) nouveau_statut: String,
    pub(crate) motif: Option<String>,
    #[serde(rename = "numeroDPMandat")]
    _numero_dp_mandat: Option<String>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactureTraitee {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) id_facture: i64,
    pub(crate) numero_facture: Option<String>,
    pub(crate) date_traitement: String,
    pub(crate) nouveau_statut: String,
}
