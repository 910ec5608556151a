//! Requests and answers, field by field as Chorus Pro names them.
//!
//! Only `codeRetour` is always there; everything else may be missing or null. Fields the agent does not need are left
//! out, above all the names and addresses of public agents in histories: what is not read cannot leak.

use serde::Deserialize;

mod account;
mod answers;
mod deposit;
mod directory;
mod history;
mod search;

#[cfg(test)]
mod tests;

pub use account::{Nothing, Structure, StructuresActives};
pub use answers::{
    AjouterFichier, Completer, CorrigerValideur, DemandePaiement, Destinataire, FichierAjoute,
    PieceJointe, Recycler, Reference, TraiterRejet,
};
pub use deposit::{
    CII_16B, ConsulterCrDetaille, CrDetaille, DeposerFlux, ErreurDp, ErreurTechnique, FluxDepose,
};
pub use directory::{
    ConsulterService, ConsulterStructure, CritereStructure, ParametresService, ParametresStructure,
    RechercherServices, RechercherStructure, ServiceConsulte, ServiceTrouve, ServicesTrouves,
    StructureConsultee, StructureTrouvee, StructuresTrouvees,
};
pub use history::{
    ConsulterHistorique, HistoStatut, Historique, HistoriqueDesStatuts, PageHistorique,
};
pub use search::{Facture, FacturesTrouvees, PageDemandee, PageRetournee, RechercherFournisseur};

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

/// Answer of which nothing but its outcome matters.
#[derive(Debug, Deserialize)]
pub struct Done {}
