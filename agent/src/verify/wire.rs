//! What verification asks for, and the little it reads of the answers.

use serde::Deserialize;

/// Answer of `structures/v1/rechercher`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Found {
    #[serde(default)]
    pub(super) liste_structures: Option<Vec<Known>>,
}

/// A structure that exists, whoever may invoice for it.
#[derive(Debug, Deserialize)]
pub(super) struct Known {
    /// `ACTIVE` or `INACTIVE`.
    #[serde(default)]
    pub(super) statut: Option<String>,
}

/// Answer of `structures/v1/consulter` on one's own structure.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Own {
    #[serde(default)]
    pub(super) information_generales: Option<General>,
}

/// Who it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct General {
    /// Last day of the technical account's password.
    #[serde(default)]
    pub(super) date_expiration_mot_passe_compte_tech: Option<String>,
}
