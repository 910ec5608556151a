//! Requests and answers, field by field as Chorus Pro names them.
//!
//! Only `codeRetour` is always there; everything else may be missing or null. Fields the agent does not need are left
//! out, above all the names and addresses of public agents in histories: what is not read cannot leak.

use serde::{Deserialize, Serialize};

use super::amount::Amount;

/// Outcome that every answer begins with: 0, or an error even under HTTP 200.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// 0 = done.
    pub code_retour: Option<i64>,
    /// Text of the outcome, shown verbatim.
    #[serde(default)]
    pub libelle: Option<String>,
}

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
    /// State of the flux; see [`super::flux_state`].
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

/// Request of `rechercher/fournisseur`; absent criteria do not restrict.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RechercherFournisseur<'a> {
    /// Structure of the supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_fournisseur: Option<i64>,
    /// Number of the invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_facture: Option<&'a str>,
    /// Flux that brought the invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_flux_depot: Option<&'a str>,
    /// First day (`YYYY-MM-DD`) of the deposit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periode_date_depot_du: Option<String>,
    /// First day (`YYYY-MM-DD`) of the current status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periode_date_heure_etat_courant_du: Option<String>,
    /// Which page, and in what order.
    #[serde(rename = "rechercheFactureParFournisseur")]
    pub page: PageDemandee,
}

impl RechercherFournisseur<'_> {
    /// The search that asks for least: whether the API answers, and is open to the account.
    pub fn smallest(structure: Option<i64>) -> Self {
        Self {
            id_fournisseur: structure,
            page: PageDemandee {
                nb_resultats_par_page: 1,
                page_resultat_demandee: 1,
                tri_colonne: "DateDepot",
                tri_sens: "Ascendant",
            },
            ..Self::default()
        }
    }
}

/// The page asked for. Without it Chorus Pro gives ten results and keeps quiet about the rest.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageDemandee {
    /// Results per page.
    pub nb_resultats_par_page: u32,
    /// Number of the page, from 1.
    pub page_resultat_demandee: u32,
    /// A column that does not change between two pages, so that none is skipped.
    pub tri_colonne: &'static str,
    /// `Ascendant` or `Descendant`.
    pub tri_sens: &'static str,
}

/// Answer of `rechercher/fournisseur`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FacturesTrouvees {
    /// Which page this is.
    #[serde(default)]
    pub parametres_retour: Option<PageRetournee>,
    /// The invoices on it.
    #[serde(default)]
    pub liste_factures: Option<Vec<Facture>>,
}

/// Place of a page among all.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageRetournee {
    /// Number of pages.
    #[serde(default)]
    pub pages: Option<u32>,
    /// Number of invoices on all of them.
    #[serde(default)]
    pub total: Option<u64>,
}

/// An invoice found. Only integrated ones ever are.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facture {
    /// Chorus Pro's id of the invoice.
    #[serde(default, rename = "identifiantFactureCPP")]
    pub identifiant_facture_cpp: Option<i64>,
    /// Number.
    #[serde(default)]
    pub numero_facture: Option<String>,
    /// `FACTURE`, `AVOIR` or `ACOMPTE`.
    #[serde(default)]
    pub type_facture: Option<String>,
    /// Issue date.
    #[serde(default)]
    pub date_facture: Option<String>,
    /// Day of the deposit.
    #[serde(default)]
    pub date_depot: Option<String>,
    /// Identifier of the supplier.
    #[serde(default)]
    pub code_fournisseur: Option<String>,
    /// Identifier of the recipient.
    #[serde(default)]
    pub code_destinataire: Option<String>,
    /// Currency.
    #[serde(default)]
    pub devise: Option<String>,
    /// Total without VAT.
    #[serde(default, rename = "montantHT")]
    pub montant_ht: Option<Amount>,
    /// Total with VAT.
    #[serde(default, rename = "montantTTC")]
    pub montant_ttc: Option<Amount>,
    /// Amount due.
    #[serde(default, rename = "montantAPayer")]
    pub montant_a_payer: Option<Amount>,
    /// Status.
    #[serde(default)]
    pub statut: Option<String>,
    /// Flux that brought it.
    #[serde(default)]
    pub numero_flux_depot: Option<String>,
    /// When it took its status.
    #[serde(default)]
    pub date_heure_etat_courant: Option<String>,
    /// Name of the recipient.
    #[serde(default)]
    pub designation_destinataire: Option<String>,
    /// Service of the recipient.
    #[serde(default)]
    pub code_service_executant: Option<String>,
    /// Commitment number.
    #[serde(default)]
    pub numero_bon_commande: Option<String>,
    /// Contract number.
    #[serde(default)]
    pub numero_marche: Option<String>,
    /// Whether its rejection is marked as treated.
    #[serde(default)]
    pub rejet_traite: Option<bool>,
}

/// Request of `consulter/historique`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsulterHistorique {
    /// Chorus Pro's id of the invoice.
    pub id_facture: i64,
    /// Which page of its statuses.
    pub param_recherche_histo_statuts: PageHistorique,
}

/// The page of statuses asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageHistorique {
    /// Number of the page, from 1.
    pub page_resultat_demandee_liste_histo_statut: u32,
    /// Results per page.
    pub nb_resultats_par_page_liste_histo_statut: u32,
    /// Order, oldest first, so that a new event does not move the others.
    pub tri_sens_liste_histo_statut: &'static str,
    /// Column of that order.
    pub tri_colonne_liste_histo_statut: &'static str,
}

/// Answer of `consulter/historique`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Historique {
    /// Statuses and their page.
    #[serde(default)]
    pub historiques_des_statuts: Option<HistoriqueDesStatuts>,
}

/// One page of statuses.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoriqueDesStatuts {
    /// The statuses.
    #[serde(default)]
    pub histo_statut: Option<Vec<HistoStatut>>,
    /// Number of pages.
    #[serde(default)]
    pub pages_histo_statut: Option<u32>,
}

/// One status that an invoice had.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoStatut {
    /// Id of the event.
    #[serde(default)]
    pub histo_statut_id: Option<i64>,
    /// Status.
    #[serde(default)]
    pub histo_statut_code: Option<String>,
    /// `YYYY-MM-DD HH:MM`, Paris time.
    #[serde(default)]
    pub histo_statut_date_passage: Option<String>,
    /// Reason or remark.
    #[serde(default)]
    pub histo_statut_commentaire: Option<String>,
}

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

/// Request of `ajouter/fichier`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AjouterFichier<'a> {
    /// File name, its extension included.
    pub piece_jointe_nom: &'a str,
    /// The extension, in capitals.
    pub piece_jointe_extension: &'a str,
    /// MIME code.
    pub piece_jointe_type_mime: &'a str,
    /// Base64 of the content.
    pub piece_jointe_fichier: &'a str,
}

/// Answer of `ajouter/fichier`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FichierAjoute {
    /// Id by which an invoice takes the file.
    #[serde(default)]
    pub piece_jointe_id: Option<i64>,
}

/// Request of `completer`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completer<'a> {
    /// Chorus Pro's id of the invoice.
    #[serde(rename = "identifiantFactureCPP")]
    pub identifiant_facture_cpp: i64,
    /// What the buyer reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commentaire: Option<&'a str>,
    /// Files stored before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub piece_jointe_complementaire: Vec<PieceJointe<'a>>,
}

/// A stored file as part of an invoice.
#[derive(Debug, Serialize)]
pub struct PieceJointe<'a> {
    /// Id given when it was stored.
    #[serde(rename = "pieceJointeComplementaireId")]
    pub id: i64,
    /// What it is, in words.
    #[serde(rename = "pieceJointeComplementaireDesignation")]
    pub designation: &'a str,
    /// Its kind, a code of `recuperer/typespj`.
    #[serde(rename = "pieceJointeComplementaireType")]
    pub kind: &'a str,
}

/// Request of `recycler`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recycler<'a> {
    /// Chorus Pro's id of the invoice.
    #[serde(rename = "identifiantFactureCPP")]
    pub identifiant_facture_cpp: i64,
    /// Where it is to go.
    pub destinataire: Destinataire<'a>,
    /// In the singular here, unlike elsewhere.
    pub reference: Reference<'a>,
    /// What the buyer reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commentaire: Option<&'a str>,
}

/// Recipient of an invoice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Destinataire<'a> {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_destinataire: Option<&'a str>,
    /// Its service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_service_executant: Option<&'a str>,
}

/// References of an invoice at its recipient.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference<'a> {
    /// Commitment number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_bon_commande: Option<&'a str>,
    /// Contract number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_marche: Option<&'a str>,
}

/// Request of `traiterRejet`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraiterRejet {
    /// The rejected invoices.
    pub liste_demande_paiement: Vec<DemandePaiement>,
}

/// An invoice, as `traiterRejet` names it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemandePaiement {
    /// Chorus Pro's id of the invoice.
    pub id_demande_paiement: i64,
}

/// Request of `corriger/valideur/facture`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CorrigerValideur<'a> {
    /// Chorus Pro's id of the invoice.
    pub id_facture: i64,
    /// Kind of identifier of the validator.
    pub type_identifiant_structure: &'a str,
    /// The validator.
    pub identifiant_structure: &'a str,
}

/// Answer of which nothing but its outcome matters.
#[derive(Debug, Deserialize)]
pub struct Done {}

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

#[cfg(test)]
mod tests;
