//! `structures/v1`: the directory of buyers and their services.

use serde::{Deserialize, Serialize};

use super::{Page, ParametresRetour, Retour, TriSens};
use crate::directory::IdType;

/// Paging of searches, with the columns `C` that can be sorted by.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Pagination<C> {
    nb_resultats_par_page: Option<u64>,
    page_resultat_demandee: Option<u64>,
    pub(crate) tri_colonne: Option<C>,
    pub(crate) tri_sens: Option<TriSens>,
}

impl<C> Default for Pagination<C> {
    fn default() -> Self {
        Self {
            nb_resultats_par_page: None,
            page_resultat_demandee: None,
            tri_colonne: None,
            tri_sens: None,
        }
    }
}

impl<C> Pagination<C> {
    pub(crate) fn page(&self) -> Page {
        Page::new(
            self.page_resultat_demandee,
            self.nb_resultats_par_page,
            None,
        )
    }
}

/// Columns structures can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum TriStructures {
    IdentifiantStructure,
    DesignationStructure,
    TypeIdentifiantStructure,
    Statut,
}

/// Columns services can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum TriServices {
    CodeService,
    LibelleService,
    DateDbtService,
    DateFinService,
    EstActif,
}

/// Request of `rechercher`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RechercherStructure {
    pub(crate) structure: Option<CritereStructure>,
    pub(crate) parametres: Option<Pagination<TriStructures>>,
    pub(crate) restreindre_structures_privees: Option<bool>,
}

/// What to look for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CritereStructure {
    pub(crate) identifiant_structure: Option<String>,
    pub(crate) type_identifiant_structure: Option<IdType>,
    pub(crate) type_structure: Option<TypeStructure>,
    pub(crate) statut_structure: Option<StatutStructure>,
    pub(crate) libelle_structure: Option<String>,
    pub(crate) raison_sociale_structure: Option<String>,
    pub(crate) nom_structure: Option<String>,
    pub(crate) prenom_structure: Option<String>,
    pub(crate) adresse_code_pays: Option<String>,
    pub(crate) adresse_code_postal: Option<String>,
    pub(crate) adresse_ville: Option<String>,
    #[serde(rename = "estMOA")]
    pub(crate) est_moa: Option<bool>,
    #[serde(rename = "estMOAUniquement")]
    pub(crate) est_moa_uniquement: Option<bool>,
}

/// Private or public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TypeStructure {
    Privee,
    Publique,
}

/// Status as a criterion; answers spell it in the feminine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum StatutStructure {
    Actif,
    Inactif,
}

/// Answer of `rechercher`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StructuresTrouvees {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) parametres_retour: ParametresRetour,
    pub(crate) liste_structures: Vec<StructureTrouvee>,
}

/// One structure found.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StructureTrouvee {
    #[serde(rename = "idStructureCPP")]
    pub(crate) id_structure_cpp: i64,
    pub(crate) type_identifiant_structure: IdType,
    pub(crate) identifiant_structure: String,
    pub(crate) designation_structure: String,
    /// `ACTIVE` or `INACTIVE`.
    pub(crate) statut: String,
}

/// Request of `consulter`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsulterStructure {
    #[serde(rename = "idStructureCPP")]
    pub(crate) id_structure_cpp: i64,
    #[serde(rename = "codeLangue")]
    _code_langue: Option<String>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StructureConsultee {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) information_generales: InformationGenerales,
    pub(crate) adresse_postale_du_siege: Adresse,
    pub(crate) parametres: Parametres,
}

/// Who it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InformationGenerales {
    #[serde(rename = "idStructureCPP")]
    pub(crate) id_structure_cpp: i64,
    pub(crate) type_identifiant_structure: IdType,
    pub(crate) identifiant_structure: String,
    pub(crate) raison_sociale_structure: String,
    pub(crate) libelle_structure: Option<String>,
    pub(crate) structure_privee_publique: TypeStructure,
    #[serde(rename = "numeroTVA")]
    pub(crate) numero_tva: Option<String>,
    pub(crate) date_expiration_mot_passe_compte_tech: Option<String>,
}

/// Where it is.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Adresse {
    pub(crate) adresse: Option<String>,
    pub(crate) code_postal: Option<String>,
    pub(crate) ville: Option<String>,
    pub(crate) pays: Option<String>,
}

/// What it requires.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parametres {
    pub(crate) code_service_doit_etre_renseigne: bool,
    #[serde(rename = "numeroEJDoitEtreRenseigne")]
    pub(crate) numero_ej_doit_etre_renseigne: bool,
    #[serde(rename = "gestionNumeroEJOuCodeService")]
    pub(crate) gestion_numero_ej_ou_code_service: bool,
    pub(crate) est_moa_uniquement: bool,
    #[serde(default)]
    pub(crate) geta_moa: bool,
    #[serde(default)]
    pub(crate) est_valideur_delegue: bool,
    #[serde(default)]
    pub(crate) non_diffusible_insee: bool,
    #[serde(rename = "connexionEDI", default)]
    pub(crate) connexion_edi: bool,
    pub(crate) statut_mise_en_paiement_nest_pas_remonte: bool,
    #[serde(rename = "recevoirDonneesViaEDI")]
    pub(crate) recevoir_donnees_via_edi: bool,
}

/// Request of `rechercher/services`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RechercherServices {
    pub(crate) id_structure: i64,
    pub(crate) parametres_rechercher_services_structure: Option<Pagination<TriServices>>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServicesTrouves {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) liste_services: Vec<ServiceTrouve>,
    pub(crate) parametres_retour: ParametresRetour,
}

/// One service found.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceTrouve {
    pub(crate) id_service: i64,
    pub(crate) code_service: String,
    pub(crate) libelle_service: String,
    pub(crate) est_actif: bool,
    pub(crate) statut_service: String,
}

/// Request of `consulter/service`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsulterService {
    pub(crate) id_structure: i64,
    pub(crate) id_service: i64,
    #[serde(rename = "codeLangue")]
    _code_langue: Option<String>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceConsulte {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) informations_generales: InformationsService,
    pub(crate) adresse_postale: Adresse,
    pub(crate) parametres: ParametresService,
}

/// Which service it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InformationsService {
    pub(crate) code_service: String,
    pub(crate) nom_service: String,
    pub(crate) description_service: Option<String>,
}

/// What it requires.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ParametresService {
    pub(crate) numero_engagement: bool,
    pub(crate) mise_en_paiement: bool,
    pub(crate) date_debut_validite: Option<String>,
    pub(crate) date_fin_validite: Option<String>,
}
