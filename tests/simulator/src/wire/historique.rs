//! `factures/v1/consulter/historique`: every passage of an invoice.

use serde::{Deserialize, Serialize};

use super::{Retour, TriSens};

/// Request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsulterHistorique {
    pub(crate) id_facture: i64,
    pub(crate) nb_resultats_maximum: Option<u64>,
    pub(crate) param_recherche_histo_statuts: Option<ParamStatuts>,
    pub(crate) param_recherche_histo_actions_utilisateurs: Option<ParamActions>,
    #[serde(rename = "paramRechercheHistoEvenementsComplementaires")]
    _param_recherche_histo_evenements_complementaires: Option<ParamEvenements>,
    #[serde(rename = "idEspace")]
    _id_espace: Option<i64>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// Paging of the statuses.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ParamStatuts {
    pub(crate) page_resultat_demandee_liste_histo_statut: Option<u64>,
    pub(crate) nb_resultats_par_page_liste_histo_statut: Option<u64>,
    pub(crate) tri_sens_liste_histo_statut: Option<TriSens>,
    pub(crate) tri_colonne_liste_histo_statut: Option<TriStatuts>,
}

/// Paging of the users' actions.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ParamActions {
    pub(crate) page_resultat_demandee_liste_histo_action: Option<u64>,
    pub(crate) nb_resultats_par_page_liste_histo_action: Option<u64>,
    pub(crate) tri_sens_liste_histo_action: Option<TriSens>,
}

/// Paging of the complementary events, of which there are none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParamEvenements {
    #[serde(rename = "pageResultatDemandeeListeHistoEvenement")]
    _page: Option<u64>,
    #[serde(rename = "nbResultatsParPageListeHistoEvenement")]
    _size: Option<u64>,
    #[serde(rename = "triSensListeHistoEvenement")]
    _tri_sens: Option<TriSens>,
}

/// Columns the statuses can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum TriStatuts {
    HistoStatutCode,
    HistoStatutDatePassage,
}

/// Answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Historique {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) id_facture: i64,
    pub(crate) numero_facture: Option<String>,
    pub(crate) mode_depot: String,
    pub(crate) statut_courant_code: String,
    pub(crate) historiques_des_statuts: HistoriquesDesStatuts,
    pub(crate) historiques_des_evenements_complementaires: Evenements,
    pub(crate) historiques_des_actions_utilisateurs: Actions,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) derniere_action: Option<DerniereAction>,
}

/// The last action of a user, when there is any.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DerniereAction {
    pub(crate) derniere_action_id: i64,
    pub(crate) derniere_action_code: String,
}

/// One page of passages.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoriquesDesStatuts {
    pub(crate) histo_statut: Vec<HistoStatut>,
    pub(crate) page_courante_histo_statut: u64,
    pub(crate) pages_histo_statut: u64,
    pub(crate) nb_resultats_par_page_histo_statut: u64,
    pub(crate) total_histo_statut: u64,
}

/// One passage. The user is an agent of the buyer, or empty when the system moved the invoice.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoStatut {
    pub(crate) histo_statut_id: i64,
    pub(crate) histo_statut_code: String,
    /// `YYYY-MM-DD HH:MM`.
    pub(crate) histo_statut_date_passage: String,
    pub(crate) histo_statut_commentaire: Option<String>,
    #[serde(default)]
    pub(crate) histo_statut_utilisateur_prenom: String,
    #[serde(default)]
    pub(crate) histo_statut_utilisateur_nom: String,
    #[serde(default)]
    pub(crate) histo_statut_utilisateur_email: String,
    #[serde(default)]
    pub(crate) histo_statut_utilisateur_telephone: String,
}

/// Complementary events: none are simulated.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Evenements {
    pub(crate) evenement: [(); 0],
}

/// One page of what users of the supplier did.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Actions {
    pub(crate) histo_action: Vec<HistoAction>,
    pub(crate) page_courante_histo_action: u64,
    pub(crate) pages_histo_action: u64,
    pub(crate) nb_resultats_par_page_histo_action: u64,
    pub(crate) total_histo_action: u64,
}

/// One action. Its user is the technical account, which has no name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoAction {
    pub(crate) histo_action_id: i64,
    pub(crate) histo_action_code: String,
    /// `YYYY-MM-DD HH:MM`.
    pub(crate) histo_action_date_heure: String,
    pub(crate) histo_action_utilisateur_prenom: String,
    pub(crate) histo_action_utilisateur_nom: String,
    pub(crate) histo_action_utilisateur_email: String,
    pub(crate) histo_action_utilisateur_telephone: String,
}
