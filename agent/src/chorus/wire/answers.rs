//! What is sent to a buyer who has returned an invoice.

use serde::{Deserialize, Serialize};

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
