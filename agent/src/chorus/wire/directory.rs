//! Structures and services of the directory.

use serde::{Deserialize, Serialize};

use super::{PageDemandee, PageRetournee};

/// Request of `structures/v1/rechercher`.
#[derive(Debug, Serialize)]
pub struct RechercherStructure<'a> {
    /// Which one.
    pub structure: CritereStructure<'a>,
}

/// A structure by its identifier.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CritereStructure<'a> {
    /// The identifier.
    pub identifiant_structure: &'a str,
    /// Its kind.
    pub type_identifiant_structure: &'a str,
}

/// Answer of `structures/v1/rechercher`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StructuresTrouvees {
    /// Empty: there is no such structure.
    #[serde(default)]
    pub liste_structures: Option<Vec<StructureTrouvee>>,
}

/// A structure of the directory.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StructureTrouvee {
    /// Chorus Pro's id of the structure.
    #[serde(default, rename = "idStructureCPP")]
    pub id_structure_cpp: Option<i64>,
    /// Its identifier: searches may show others beside the one that was meant.
    #[serde(default)]
    pub identifiant_structure: Option<String>,
    /// Its name.
    #[serde(default)]
    pub designation_structure: Option<String>,
    /// `ACTIVE` or `INACTIVE`.
    #[serde(default)]
    pub statut: Option<String>,
}

/// Request of `structures/v1/consulter`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsulterStructure {
    /// `fr`.
    pub code_langue: &'static str,
    /// Chorus Pro's id of the structure.
    #[serde(rename = "idStructureCPP")]
    pub id_structure_cpp: i64,
}

/// Answer of `structures/v1/consulter`.
#[derive(Debug, Deserialize)]
pub struct StructureConsultee {
    /// What it requires and reports.
    #[serde(default)]
    pub parametres: Option<ParametresStructure>,
}

/// What a public structure requires and reports.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParametresStructure {
    /// A service must be named.
    #[serde(default)]
    pub code_service_doit_etre_renseigne: Option<bool>,
    /// A commitment must be named.
    #[serde(default, rename = "numeroEJDoitEtreRenseigne")]
    pub numero_ej_doit_etre_renseigne: Option<bool>,
    /// One of the two must be named.
    #[serde(default, rename = "gestionNumeroEJOuCodeService")]
    pub gestion_numero_ej_ou_code_service: Option<bool>,
    /// Only invoices of works are taken.
    #[serde(default)]
    pub est_moa_uniquement: Option<bool>,
    /// `MISE_EN_PAIEMENT` will never come.
    #[serde(default)]
    pub statut_mise_en_paiement_nest_pas_remonte: Option<bool>,
}

/// Request of `structures/v1/rechercher/services`. It names the structure's id another way than `consulter` does.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RechercherServices {
    /// Chorus Pro's id of the structure.
    pub id_structure: i64,
    /// Which page of its services.
    pub parametres_rechercher_services_structure: PageDemandee,
}

/// Answer of `structures/v1/rechercher/services`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicesTrouves {
    /// The services on this page.
    #[serde(default)]
    pub liste_services: Option<Vec<ServiceTrouve>>,
    /// Which page this is.
    #[serde(default)]
    pub parametres_retour: Option<PageRetournee>,
}

/// A service of a structure.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceTrouve {
    /// Chorus Pro's id of the service.
    #[serde(default)]
    pub id_service: Option<i64>,
    /// Its code.
    #[serde(default)]
    pub code_service: Option<String>,
    /// Its name.
    #[serde(default)]
    pub libelle_service: Option<String>,
    /// Whether it takes invoices.
    #[serde(default)]
    pub est_actif: Option<bool>,
}

/// Request of `structures/v1/consulter/service`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsulterService {
    /// `fr`.
    pub code_langue: &'static str,
    /// Chorus Pro's id of the structure.
    pub id_structure: i64,
    /// Chorus Pro's id of the service.
    pub id_service: i64,
}

/// Answer of `structures/v1/consulter/service`.
#[derive(Debug, Deserialize)]
pub struct ServiceConsulte {
    /// What it requires and reports.
    #[serde(default)]
    pub parametres: Option<ParametresService>,
}

/// What a service requires and reports.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParametresService {
    /// A commitment must be named.
    #[serde(default)]
    pub numero_engagement: Option<bool>,
    /// Whether `MISE_EN_PAIEMENT` will come.
    #[serde(default)]
    pub mise_en_paiement: Option<bool>,
}
