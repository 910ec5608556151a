//! History of an invoice, and what a buyer does with it.

use super::{Refusal, done};
use crate::gateway::Caller;
use crate::invoice::{BY_BUYER, Invoice, Passage, WITH_REASON};
use crate::state::World;
use crate::wire::factures::{FactureTraitee, TraiterRecue};
use crate::wire::historique::{
    Actions, ConsulterHistorique, Evenements, HistoStatut, Historique, HistoriquesDesStatuts,
    TriStatuts,
};
use crate::wire::{DONE, Page, TriSens};

/// `modeDepot` of what came by the API.
pub(super) const MODE_DEPOT: &str = "UPLOAD_API";

/// Every passage of an invoice of the caller's suppliers, newest first unless asked otherwise.
pub(super) fn consulter_historique(
    world: &mut World,
    caller: &Caller,
    request: ConsulterHistorique,
) -> Result<Historique, Refusal> {
    let invoice = invoice(world, request.id_facture)?;
    let supplier = invoice.supplier.and_then(|id| world.directory.by_id(id));
    if !supplier.is_some_and(|supplier| world.directory.attached(&caller.login, supplier)) {
        return Err(Refusal::new(20001, "GDP_MSG_11.005"));
    }
    let asked = request.param_recherche_histo_statuts.unwrap_or_default();
    let mut passages: Vec<&Passage> = invoice.history().iter().collect();
    if asked.tri_colonne_liste_histo_statut == Some(TriStatuts::HistoStatutCode) {
        passages.sort_by(|one, other| one.status.cmp(&other.status));
    }
    if asked.tri_sens_liste_histo_statut != Some(TriSens::Ascendant) {
        passages.reverse();
    }
    let page = Page::new(
        asked.page_resultat_demandee_liste_histo_statut,
        asked.nb_resultats_par_page_liste_histo_statut,
        request.nb_resultats_maximum,
    );
    let (passages, described) = page.cut(passages);
    let histo_statut = passages
        .into_iter()
        .map(|passage| HistoStatut {
            histo_statut_id: passage.id,
            histo_statut_code: passage.status.clone(),
            histo_statut_date_passage: world.clock.minute(passage.at),
            histo_statut_commentaire: passage.comment.clone(),
            histo_statut_utilisateur_prenom: String::new(),
            histo_statut_utilisateur_nom: String::new(),
            histo_statut_utilisateur_email: String::new(),
            histo_statut_utilisateur_telephone: String::new(),
        })
        .collect();
    Ok(Historique {
        retour: done(DONE),
        id_facture: invoice.id,
        numero_facture: number(world, invoice),
        mode_depot: MODE_DEPOT.into(),
        statut_courant_code: invoice.status().into(),
        historiques_des_statuts: HistoriquesDesStatuts {
            histo_statut,
            page_courante_histo_statut: described.page_courante,
            pages_histo_statut: described.pages,
            nb_resultats_par_page_histo_statut: described.nb_resultats_par_page,
            total_histo_statut: described.total,
        },
        historiques_des_evenements_complementaires: Evenements::default(),
        historiques_des_actions_utilisateurs: Actions::default(),
    })
}

/// A buyer sets a status. Every technical account may play the buyer here: qualification needs a second login.
pub(super) fn traiter_recue(
    world: &mut World,
    _caller: &Caller,
    request: TraiterRecue,
) -> Result<FactureTraitee, Refusal> {
    let numero_facture = number(world, invoice(world, request.id_facture)?);
    let status = request.nouveau_statut;
    if !BY_BUYER.contains(&status.as_str()) {
        return Err(Refusal::new(
            20002,
            format!("Le statut {status} ne peut etre pose par un destinataire."),
        ));
    }
    let reason = request.motif.filter(|reason| !reason.trim().is_empty());
    if reason.is_none() && WITH_REASON.contains(&status.as_str()) {
        return Err(Refusal::new(
            20003,
            format!("Le motif est obligatoire pour le statut {status}."),
        ));
    }
    world.set_status(request.id_facture, &status, reason);
    Ok(FactureTraitee {
        retour: done(DONE),
        id_facture: request.id_facture,
        numero_facture,
        date_traitement: world.clock.day(world.clock.now()),
        nouveau_statut: status,
    })
}

fn invoice(world: &World, id: i64) -> Result<&Invoice, Refusal> {
    world
        .invoice_by_id(id)
        .ok_or_else(|| Refusal::new(20000, "GDP_MSG_11.008"))
}

fn number(world: &World, invoice: &Invoice) -> Option<String> {
    world.fluxes.get(invoice.flux)?.cii()?.number.clone()
}
