//! The statuses of an invoice.

use serde::{Deserialize, Serialize};

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
