//! The invoices of a supplier.

use serde::{Deserialize, Serialize};

use crate::chorus::amount::Amount;

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
