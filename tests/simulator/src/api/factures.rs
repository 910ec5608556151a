//! History of an invoice, and what a buyer does with it.

use super::{Refusal, done};
use crate::clock::Clock;
use crate::gateway::Caller;
use crate::invoice::{
    Author, BUYER_AGENT, BY_BUYER, Invoice, NOT_AT_BUYER, Passage, UserAction, WITH_REASON,
};
use crate::state::World;
use crate::wire::factures::{FactureTraitee, TraiterRecue};
use crate::wire::historique::{
    Actions, ConsulterHistorique, DerniereAction, Evenements, HistoAction, HistoStatut, Historique,
    HistoriquesDesStatuts, ParamActions, TriStatuts,
};
use crate::wire::{DONE, Page, TriSens};

/// Every passage of an invoice of the caller's suppliers, newest first unless asked otherwise.
pub(super) fn consulter_historique(
    world: &mut World,
    caller: &Caller,
    request: ConsulterHistorique,
) -> Result<Historique, Refusal> {
    let invoice = own_invoice(world, caller, request.id_facture)?;
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
        .map(|passage| passed(&world.clock, passage))
        .collect();
    let last = invoice.actions().last();
    Ok(Historique {
        retour: done(DONE),
        id_facture: invoice.id,
        numero_facture: number(world, invoice),
        mode_depot: invoice.deposit_mode.clone(),
        statut_courant_code: invoice.status().into(),
        historiques_des_statuts: HistoriquesDesStatuts {
            histo_statut,
            page_courante_histo_statut: described.page_courante,
            pages_histo_statut: described.pages,
            nb_resultats_par_page_histo_statut: described.nb_resultats_par_page,
            total_histo_statut: described.total,
        },
        historiques_des_evenements_complementaires: Evenements::default(),
        historiques_des_actions_utilisateurs: acted(
            &world.clock,
            invoice.actions(),
            &request
                .param_recherche_histo_actions_utilisateurs
                .unwrap_or_default(),
        ),
        derniere_action: last.map(|action| DerniereAction {
            derniere_action_id: action.id,
            derniere_action_code: action.code.clone(),
        }),
    })
}

fn passed(clock: &Clock, passage: &Passage) -> HistoStatut {
    let [first_name, last_name, email, telephone] = match passage.by {
        Author::Buyer => BUYER_AGENT,
        Author::System => [""; 4],
    };
    HistoStatut {
        histo_statut_id: passage.id,
        histo_statut_code: passage.status.clone(),
        histo_statut_date_passage: clock.minute(passage.at),
        histo_statut_commentaire: passage.comment.clone(),
        histo_statut_utilisateur_prenom: first_name.into(),
        histo_statut_utilisateur_nom: last_name.into(),
        histo_statut_utilisateur_email: email.into(),
        histo_statut_utilisateur_telephone: telephone.into(),
    }
}

/// A page of the users' actions, newest first unless asked otherwise.
fn acted(clock: &Clock, actions: &[UserAction], asked: &ParamActions) -> Actions {
    let mut actions: Vec<&UserAction> = actions.iter().collect();
    if asked.tri_sens_liste_histo_action != Some(TriSens::Ascendant) {
        actions.reverse();
    }
    let page = Page::new(
        asked.page_resultat_demandee_liste_histo_action,
        asked.nb_resultats_par_page_liste_histo_action,
        None,
    );
    let (actions, described) = page.cut(actions);
    let histo_action = actions.into_iter().map(|action| HistoAction {
        histo_action_id: action.id,
        histo_action_code: action.code.clone(),
        histo_action_date_heure: clock.minute(action.at),
        histo_action_utilisateur_prenom: String::new(),
        histo_action_utilisateur_nom: String::new(),
        histo_action_utilisateur_email: String::new(),
        histo_action_utilisateur_telephone: String::new(),
    });
    Actions {
        histo_action: histo_action.collect(),
        page_courante_histo_action: described.page_courante,
        pages_histo_action: described.pages,
        nb_resultats_par_page_histo_action: described.nb_resultats_par_page,
        total_histo_action: described.total,
    }
}

/// A buyer sets a status. Every technical account may play the buyer here: qualification needs a second login.
pub(super) fn traiter_recue(
    world: &mut World,
    _caller: &Caller,
    request: TraiterRecue,
) -> Result<FactureTraitee, Refusal> {
    let invoice = invoice(world, request.id_facture)?;
    if NOT_AT_BUYER.contains(&invoice.status()) {
        return Err(not_allowed());
    }
    let numero_facture = number(world, invoice);
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
    world.set_status(request.id_facture, &status, reason, None);
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

/// An invoice of a supplier that the caller is attached to.
pub(super) fn own_invoice<'a>(
    world: &'a World,
    caller: &Caller,
    id: i64,
) -> Result<&'a Invoice, Refusal> {
    let invoice = invoice(world, id)?;
    let supplier = invoice.supplier.and_then(|id| world.directory.by_id(id));
    match supplier {
        Some(supplier) if world.directory.attached(&caller.login, supplier) => Ok(invoice),
        _ => Err(Refusal::new(20001, "GDP_MSG_11.005")),
    }
}

/// The invoice's state does not allow what is asked.
pub(super) fn not_allowed() -> Refusal {
    Refusal::new(20002, "GDP_MSG_11.001")
}

pub(super) fn number(world: &World, invoice: &Invoice) -> Option<String> {
    world.fluxes.get(invoice.flux)?.cii()?.number.clone()
}
