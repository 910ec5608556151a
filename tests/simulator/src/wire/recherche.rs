//! `factures/v1/rechercher/fournisseur`: the supplier's invoices.

use serde::{Deserialize, Serialize};

use super::{Amount, Day, Page, ParametresRetour, Retour, TriSens};
use crate::directory::IdType;

/// Request; every filter is optional, all given ones must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RechercherFournisseur {
    pub(crate) numero_facture: Option<String>,
    pub(crate) numero_flux_depot: Option<String>,
    pub(crate) type_facture: Option<TypeFacture>,
    pub(crate) id_fournisseur: Option<i64>,
    pub(crate) liste_destinataire: Option<Vec<Destinataire>>,
    pub(crate) statut_courant: Option<Vec<String>>,
    pub(crate) cadre_facturation: Option<String>,
    pub(crate) mode_depot: Option<String>,
    pub(crate) numero_marche: Option<String>,
    pub(crate) numero_bon_commande: Option<String>,
    pub(crate) rejet_traite: Option<bool>,
    pub(crate) periode_date_depot_du: Option<Day>,
    pub(crate) periode_date_depot_au: Option<Day>,
    pub(crate) periode_date_facture_du: Option<Day>,
    pub(crate) periode_date_facture_au: Option<Day>,
    pub(crate) periode_date_heure_etat_courant_du: Option<Day>,
    pub(crate) periode_date_heure_etat_courant_au: Option<Day>,
    #[serde(rename = "montantHTMin")]
    pub(crate) montant_ht_min: Option<Amount>,
    #[serde(rename = "montantHTMax")]
    pub(crate) montant_ht_max: Option<Amount>,
    #[serde(rename = "montantTTCMin")]
    pub(crate) montant_ttc_min: Option<Amount>,
    #[serde(rename = "montantTTCMax")]
    pub(crate) montant_ttc_max: Option<Amount>,
    pub(crate) montant_apayer_min: Option<Amount>,
    pub(crate) montant_apayer_max: Option<Amount>,
    pub(crate) numero_facture_origine: Option<String>,
    pub(crate) id_structure_valideur: Option<i64>,
    pub(crate) recuperer_taille: Option<bool>,
    pub(crate) recherche_facture_par_fournisseur: Option<Pagination>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// Recipient filter.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Destinataire {
    pub(crate) id_destinataire: i64,
    pub(crate) liste_id_service_executant: Option<Vec<i64>>,
}

/// Paging and order.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Pagination {
    pub(crate) nb_resultats_maximum: Option<u64>,
    pub(crate) page_resultat_demandee: Option<u64>,
    pub(crate) nb_resultats_par_page: Option<u64>,
    pub(crate) tri_sens: Option<TriSens>,
    pub(crate) tri_colonne: Option<TriColonne>,
}

impl Pagination {
    /// The first page, in the usual order.
    pub(crate) const FIRST: Self = Self {
        nb_resultats_maximum: None,
        page_resultat_demandee: None,
        nb_resultats_par_page: None,
        tri_sens: None,
        tri_colonne: None,
    };

    pub(crate) fn page(&self) -> Page {
        Page::new(
            self.page_resultat_demandee,
            self.nb_resultats_par_page,
            self.nb_resultats_maximum,
        )
    }
}

/// Columns that can be sorted by, among those this simulator fills.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum TriColonne {
    #[default]
    DateDepot,
    DateFacture,
    NumeroFacture,
    NumeroFluxDepot,
    TypeFacture,
    Statut,
    CodeDestinataire,
    CodeFournisseur,
    MontantHT,
    MontantTTC,
    MontantAPayer,
}

/// Kind of invoice, from BT-3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TypeFacture {
    Facture,
    Avoir,
    Acompte,
}

/// Answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FacturesTrouvees {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) parametres_retour: ParametresRetour,
    pub(crate) liste_factures: Vec<FactureTrouvee>,
}

/// One integrated invoice.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactureTrouvee {
    #[serde(rename = "identifiantFactureCPP")]
    pub(crate) identifiant_facture_cpp: i64,
    pub(crate) type_demande_paiement: String,
    pub(crate) code_fournisseur: Option<String>,
    pub(crate) type_identifiant_fournisseur: Option<IdType>,
    pub(crate) designation_fournisseur: Option<String>,
    pub(crate) id_destinataire: Option<i64>,
    pub(crate) code_destinataire: Option<String>,
    pub(crate) designation_destinataire: Option<String>,
    pub(crate) id_service_executant: Option<i64>,
    pub(crate) code_service_executant: Option<String>,
    pub(crate) nom_service_executant: Option<String>,
    pub(crate) type_facture: TypeFacture,
    pub(crate) numero_facture: Option<String>,
    pub(crate) date_facture: Option<String>,
    pub(crate) date_depot: String,
    #[serde(rename = "montantHT")]
    pub(crate) montant_ht: Option<Amount>,
    #[serde(rename = "montantTTC")]
    pub(crate) montant_ttc: Option<Amount>,
    #[serde(rename = "montantAPayer")]
    pub(crate) montant_a_payer: Option<Amount>,
    pub(crate) devise: Option<String>,
    pub(crate) statut: String,
    pub(crate) numero_marche: Option<String>,
    pub(crate) numero_bon_commande: Option<String>,
    /// Bytes of what was deposited, when asked for.
    pub(crate) taille: Option<usize>,
    /// What the search of those that await their supplier leaves out.
    #[serde(flatten)]
    pub(crate) suite: Option<Suite>,
}

/// What a search shows beside.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Suite {
    pub(crate) numero_facture_origine: Option<String>,
    pub(crate) numero_flux_depot: Option<String>,
    pub(crate) type_identifiant_valideur1: Option<IdType>,
    pub(crate) code_valideur1: Option<String>,
    pub(crate) raison_sociale_valideur1: Option<String>,
    pub(crate) type_identifiant_valideur2: Option<IdType>,
    pub(crate) code_valideur2: Option<String>,
    pub(crate) raison_sociale_valideur2: Option<String>,
    pub(crate) mode_depot: String,
    pub(crate) date_heure_etat_courant: Option<String>,
    pub(crate) commentaire_etat_courant: Option<String>,
    pub(crate) rejet_traite: bool,
}

/// Request of `rechercher/atraiter/fournisseur`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RechercherATraiter {
    pub(crate) id_structure: Option<i64>,
    pub(crate) masquer_rejetee: Option<bool>,
    pub(crate) recuperer_taille: Option<bool>,
    #[serde(rename = "rechercheFactureATraiterParFournisseur")]
    pub(crate) pagination: Option<Pagination>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FacturesATraiter {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) parametres_retour: ParametresRetour,
    pub(crate) liste_factures: Vec<FactureTrouvee>,
}
