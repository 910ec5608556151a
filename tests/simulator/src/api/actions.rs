//! What a supplier does with an invoice that came back: complete, recycle, treat a rejection, name another
//! validator. Each is allowed in one state only.
//!
//! Of the codes, 20000 to 20002 of `completer` are known; `recycler` has 20004 to 20014, of unknown meaning, which
//! are given out here in a fixed order.

use super::factures::{not_allowed, number, own_invoice};
use super::{Refusal, done};
use crate::directory::{IdType, Role, Structure};
use crate::gateway::Caller;
use crate::invoice::{Invoice, TO_VALIDATE, WRONG_VALIDATOR};
use crate::routing::{Misrouting, Routing};
use crate::state::World;
use crate::wire::actions::{
    Completer, CorrigerValideur, DestinataireRecycle, FactureCompletee, FactureRecyclee,
    PieceJointeComplementaire, Recycler, TraiterRejet, ValideurCorrige,
};
use crate::wire::{DONE, Retour};

/// Longest comment, in characters.
const LONGEST_COMMENT: usize = 2000;

/// SUSPENDUE becomes COMPLETEE.
pub(super) fn completer(
    world: &mut World,
    caller: &Caller,
    request: Completer,
) -> Result<FactureCompletee, Refusal> {
    let id = named(request.identifiant_facture_cpp, "identifiantFactureCPP")?;
    let invoice = own_invoice(world, caller, id)?;
    if invoice.status() != "SUSPENDUE" {
        return Err(Refusal::new(20002, "GDP_MSG_11.033"));
    }
    let numero_facture = number(world, invoice);
    comment_fits(request.commentaire.as_deref(), 20003)?;
    let attachments = request.piece_jointe_complementaire.unwrap_or_default();
    attachments
        .iter()
        .try_for_each(|attachment| uploaded(world, caller, attachment))?;
    world.set_status(id, "COMPLETEE", request.commentaire, None);
    Ok(FactureCompletee {
        retour: done(DONE),
        identifiant_facture_cpp: id,
        numero_facture,
        date_traitement: world.clock.day(world.clock.now()),
    })
}

/// The attachment is a file of the caller's, and described within its limits.
fn uploaded(
    world: &World,
    caller: &Caller,
    attachment: &PieceJointeComplementaire,
) -> Result<(), Refusal> {
    let id = named(attachment.id, "pieceJointeComplementaireId")?;
    let mine = |upload: &crate::attachment::Upload| upload.login == caller.login;
    if !world
        .uploads
        .iter()
        .any(|upload| upload.id == id && mine(upload))
    {
        return Err(Refusal::new(
            20004,
            format!("La piece jointe {id} n'existe pas."),
        ));
    }
    let longer = |text: &Option<String>, limit: usize| {
        text.as_ref()
            .is_some_and(|text| text.chars().count() > limit)
    };
    if longer(&attachment.designation, 100) || longer(&attachment.type_code, 30) {
        return Err(Refusal::new(
            20005,
            "La designation d'une piece jointe ne doit pas depasser 100 caracteres, son type 30.",
        ));
    }
    Ok(())
}

/// A_RECYCLER starts anew, with another routing.
pub(super) fn recycler(
    world: &mut World,
    caller: &Caller,
    request: Recycler,
) -> Result<FactureRecyclee, Refusal> {
    let id = named(request.identifiant_facture_cpp, "identifiantFactureCPP")?;
    let invoice = own_invoice(world, caller, id)?;
    if invoice.status() != "A_RECYCLER" {
        return Err(not_allowed());
    }
    let numero_facture = number(world, invoice);
    comment_fits(request.commentaire.as_deref(), 20014)?;
    let recipient = request.destinataire.unwrap_or_default();
    let buyer = recipient_of(world, invoice, &recipient)?;
    let (buyer_id, moved) = (buyer.id, invoice.buyer != Some(buyer.id));
    let reference = request.reference.unwrap_or_default();
    let old = &invoice.routing;
    let routing = Routing {
        service_code: match moved {
            true => named_or(recipient.code_service_executant, None),
            false => named_or(recipient.code_service_executant, old.service_code.clone()),
        },
        engagement: named_or(reference.numero_bon_commande, old.engagement.clone()),
        contract: named_or(reference.numero_marche, old.contract.clone()),
    };
    if let Some(problem) = routing.problems(buyer).first() {
        return Err(Refusal::new(recycling_code(problem), problem.sentence()));
    }
    if let Some(invoice) = world.invoice_mut(id) {
        invoice.buyer = Some(buyer_id);
        invoice.routing = routing;
    }
    world.send_again(id, request.commentaire);
    Ok(FactureRecyclee {
        retour: done(DONE),
        identifiant_facture_cpp: id,
        numero_facture,
        statut_facture: world.invoice_by_id(id).map_or("", Invoice::status).into(),
        date_depot: world.clock.day(world.clock.now()),
    })
}

/// The active buyer that a recycled invoice goes to: the one named, else the one it has.
fn recipient_of<'a>(
    world: &'a World,
    invoice: &Invoice,
    recipient: &DestinataireRecycle,
) -> Result<&'a Structure, Refusal> {
    let directory = &world.directory;
    let buyer = match recipient.code_destinataire.as_deref() {
        Some(siret) => directory.find(IdType::Siret, siret),
        None => invoice.buyer.and_then(|id| directory.by_id(id)),
    };
    buyer
        .filter(|buyer| buyer.spec.role == Role::Buyer && !buyer.spec.inactive)
        .ok_or_else(|| {
            Refusal::new(
                20004,
                "Le destinataire n'est pas reference dans notre systeme ou est inactif.",
            )
        })
}

/// `given`, where an empty text removes; `otherwise` when nothing is given.
fn named_or(given: Option<String>, otherwise: Option<String>) -> Option<String> {
    match given {
        Some(given) => Some(given).filter(|given| !given.trim().is_empty()),
        None => otherwise,
    }
}

fn recycling_code(problem: &Misrouting) -> i32 {
    match problem {
        Misrouting::ServiceMissing => 20005,
        Misrouting::ServiceUnknown => 20006,
        Misrouting::EngagementMissing => 20007,
        Misrouting::BothMissing => 20008,
        Misrouting::WorksOnly => 20009,
        Misrouting::TooLong { .. } => 20010,
        Misrouting::ReservedService => 20011,
    }
}

/// Marks rejected invoices as handled: all of the list or none.
pub(super) fn traiter_rejet(
    world: &mut World,
    caller: &Caller,
    request: TraiterRejet,
) -> Result<Retour, Refusal> {
    let asked = request.liste_demande_paiement.unwrap_or_default();
    if asked.is_empty() {
        return Err(Refusal::new(
            20003,
            "Le champ listeDemandePaiement est obligatoire.",
        ));
    }
    for one in &asked {
        if own_invoice(world, caller, one.id_demande_paiement)?.status() != "REJETEE" {
            return Err(not_allowed());
        }
    }
    let now = world.clock.now();
    for one in &asked {
        let invoice = world.invoice_mut(one.id_demande_paiement);
        if let Some(invoice) = invoice.filter(|invoice| !invoice.rejection_treated) {
            invoice.rejection_treated = true;
            invoice.act("TRAITEMENT_REJET", now);
        }
    }
    Ok(done(DONE))
}

/// An invoice that its validator disowned goes to another.
pub(super) fn corriger_valideur(
    world: &mut World,
    caller: &Caller,
    request: CorrigerValideur,
) -> Result<ValideurCorrige, Refusal> {
    let id = named(request.id_facture, "idFacture")?;
    let status = own_invoice(world, caller, id)?.status();
    let rank = WRONG_VALIDATOR.iter().position(|wrong| *wrong == status);
    let rank = rank.ok_or_else(not_allowed)?;
    let directory = &world.directory;
    let validator = match (request.id_structure, &request.identifiant_structure) {
        (Some(structure), _) => directory.by_id(structure),
        (None, Some(code)) => {
            let id_type = request.type_identifiant_structure.unwrap_or_default();
            directory.find(id_type, code)
        }
        (None, None) => None,
    };
    let validator = validator
        .filter(|structure| structure.spec.role == Role::Supplier && !structure.spec.inactive)
        .map(|structure| structure.id)
        .ok_or_else(|| {
            Refusal::new(20003, "Le valideur n'est pas reference dans notre systeme.")
        })?;
    let slot = world
        .invoice_mut(id)
        .and_then(|invoice| invoice.validators.get_mut(rank));
    if let Some(slot) = slot {
        *slot = Some(validator);
    }
    if let Some(waiting) = TO_VALIDATE.get(rank) {
        world.set_status(id, waiting, None, None);
    }
    Ok(ValideurCorrige {
        retour: done(DONE),
        id_facture: id,
    })
}

fn named(id: Option<i64>, field: &str) -> Result<i64, Refusal> {
    id.ok_or_else(|| Refusal::new(20003, format!("Le champ {field} est obligatoire.")))
}

fn comment_fits(comment: Option<&str>, code: i32) -> Result<(), Refusal> {
    let fits = comment.is_none_or(|comment| comment.chars().count() <= LONGEST_COMMENT);
    fits.then_some(()).ok_or_else(|| {
        Refusal::new(
            code,
            "Le champ commentaire ne doit pas depasser 2000 caracteres.",
        )
    })
}
