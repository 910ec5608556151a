//! `factures/v1`: what a supplier does with an invoice that came back.

use serde::{Deserialize, Serialize};

use super::Retour;
use crate::directory::IdType;

/// Request of `completer`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Completer {
    #[serde(rename = "identifiantFactureCPP")]
    pub(crate) identifiant_facture_cpp: Option<i64>,
    pub(crate) commentaire: Option<String>,
    pub(crate) piece_jointe_complementaire: Option<Vec<PieceJointeComplementaire>>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// An uploaded file and what it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PieceJointeComplementaire {
    #[serde(rename = "pieceJointeComplementaireId")]
    pub(crate) id: Option<i64>,
    #[serde(rename = "pieceJointeComplementaireDesignation")]
    pub(crate) designation: Option<String>,
    #[serde(rename = "pieceJointeComplementaireType")]
    pub(crate) type_code: Option<String>,
    #[serde(rename = "pieceJointeComplementaireNumeroLigneFacture")]
    _numero_ligne_facture: Option<i64>,
}

/// Answer of `completer`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactureCompletee {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    #[serde(rename = "identifiantFactureCPP")]
    pub(crate) identifiant_facture_cpp: i64,
    pub(crate) numero_facture: Option<String>,
    pub(crate) date_traitement: String,
}

/// Request of `recycler`. What is absent stays as it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recycler {
    #[serde(rename = "identifiantFactureCPP")]
    pub(crate) identifiant_facture_cpp: Option<i64>,
    pub(crate) destinataire: Option<DestinataireRecycle>,
    pub(crate) reference: Option<ReferenceRecyclee>,
    pub(crate) commentaire: Option<String>,
    #[serde(rename = "idUtilisateurCourant")]
    _id_utilisateur_courant: Option<i64>,
}

/// The recipient anew.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DestinataireRecycle {
    pub(crate) code_destinataire: Option<String>,
    pub(crate) code_service_executant: Option<String>,
}

/// The references anew: singular here, plural in `soumettre`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReferenceRecyclee {
    pub(crate) numero_bon_commande: Option<String>,
    pub(crate) numero_marche: Option<String>,
    #[serde(rename = "deviseFacture")]
    _devise_facture: Option<String>,
    #[serde(rename = "typeFacture")]
    _type_facture: Option<TypeRecycle>,
    #[serde(rename = "typeTva")]
    _type_tva: Option<TypeTva>,
    #[serde(rename = "motifExonerationTva")]
    _motif_exoneration_tva: Option<String>,
    #[serde(rename = "numeroFactureOrigine")]
    _numero_facture_origine: Option<String>,
    #[serde(rename = "modePaiement")]
    _mode_paiement: Option<ModePaiement>,
}

/// Kinds of invoice that can be recycled.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TypeRecycle {
    Avoir,
    Facture,
}

/// How VAT falls due.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TypeTva {
    TvaSurDebit,
    TvaSurEncaissement,
    Exoneration,
    SansTva,
}

/// How the invoice is paid.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ModePaiement {
    Cheque,
    Prelevement,
    Virement,
    Espece,
    Autre,
    Report,
}

/// Answer of `recycler`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactureRecyclee {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    #[serde(rename = "identifiantFactureCPP")]
    pub(crate) identifiant_facture_cpp: i64,
    pub(crate) numero_facture: Option<String>,
    pub(crate) statut_facture: String,
    pub(crate) date_depot: String,
}

/// Request of `traiterRejet`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TraiterRejet {
    pub(crate) liste_demande_paiement: Option<Vec<DemandePaiement>>,
}

/// A rejected invoice. The reason and its complement are sent by one client and documented nowhere.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DemandePaiement {
    pub(crate) id_demande_paiement: i64,
    #[serde(rename = "motifRejet")]
    _motif_rejet: Option<String>,
    #[serde(rename = "cpltInfos")]
    _cplt_infos: Option<String>,
}

/// Request of `corriger/valideur/facture`: the validator by its number, or by its identifier.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CorrigerValideur {
    pub(crate) id_facture: Option<i64>,
    pub(crate) id_structure: Option<i64>,
    pub(crate) type_identifiant_structure: Option<IdType>,
    pub(crate) identifiant_structure: Option<String>,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ValideurCorrige {
    #[serde(flatten)]
    pub(crate) retour: Retour,
    pub(crate) id_facture: i64,
}
