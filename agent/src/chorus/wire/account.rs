//! Whom a technical account may invoice for.

use serde::{Deserialize, Serialize};

/// Request without parameters.
#[derive(Debug, Serialize)]
pub struct Nothing {}

/// Answer of `recuperer/structures/actives/fournisseur`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StructuresActives {
    /// Structures for which the account may invoice.
    #[serde(default)]
    pub liste_structures: Option<Vec<Structure>>,
}

/// A structure of Chorus Pro.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Structure {
    /// Chorus Pro's id of the structure.
    #[serde(default, rename = "idStructureCPP")]
    pub id_structure_cpp: Option<i64>,
    /// Its identifier, e.g. a SIRET.
    #[serde(default)]
    pub identifiant: Option<String>,
    /// Its name.
    #[serde(default)]
    pub designation_structure: Option<String>,
}
