//! Deposits, and the report on a flux.

use serde::{Deserialize, Serialize};

/// Request of `deposer/flux`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeposerFlux<'a> {
    /// Base64 of the file's bytes.
    pub fichier_flux: &'a str,
    /// File name with its extension.
    pub nom_fichier: &'a str,
    /// Syntax of the file.
    pub syntaxe_flux: &'static str,
    /// Whether the file carries a signature.
    pub avec_signature: bool,
}

/// The syntax of structured CII D16B, one invoice per XML file.
pub const CII_16B: &str = "IN_DP_E1_CII_16B";

/// Answer of `deposer/flux`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FluxDepose {
    /// Number of the flux, by which its report is asked for.
    #[serde(default)]
    pub numero_flux_depot: Option<String>,
}

/// Request of `consulterCRDetaille`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsulterCrDetaille<'a> {
    /// Number of the flux.
    pub numero_flux_depot: &'a str,
}

/// Answer of `consulterCRDetaille`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrDetaille {
    /// The file name given at the deposit, or one that Chorus Pro made.
    #[serde(default)]
    pub nom_fichier: Option<String>,
    /// State of the flux; see [`crate::chorus::flux_state`].
    #[serde(default)]
    pub etat_courant_depot_flux: Option<String>,
    /// When it took that state.
    #[serde(default)]
    pub date_heure_etat_courant_flux: Option<String>,
    /// Errors of invoices.
    #[serde(default, rename = "listeErreurDP")]
    pub liste_erreur_dp: Option<Vec<ErreurDp>>,
    /// Errors of the file.
    #[serde(default)]
    pub liste_erreur_technique: Option<Vec<ErreurTechnique>>,
}

/// Error of one invoice (demande de paiement) in a report.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErreurDp {
    /// Number of the invoice.
    #[serde(default, rename = "numeroDP")]
    pub numero_dp: Option<String>,
    /// Messages, joined by `|`.
    #[serde(default, rename = "libelleErreurDP")]
    pub libelle_erreur_dp: Option<String>,
}

/// Error of the file in a report.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErreurTechnique {
    /// Code, e.g. `ERR_XSD_001`.
    #[serde(default)]
    pub code_erreur: Option<String>,
    /// Messages, joined by `|`.
    #[serde(default)]
    pub libelle_erreur: Option<String>,
}
