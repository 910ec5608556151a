//! Availability, flux reports, structures of the account.

use axum::Json;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::{Refusal, done};
use crate::config::ReportedFileName;
use crate::flux::Flux;
use crate::gateway::Caller;
use crate::pdf;
use crate::state::World;
use crate::wire::transverses::{
    ConsulterCr, ConsulterCrDetaille, Cr, CrDetaille, ErreurDp, ErreurTechnique, HealthCheck,
    RecupererStructures, StructureActive, StructuresActives,
};
use crate::wire::{DONE_TRANSVERSE, Day};

/// Reached only with a valid token and account: the cheapest test of both.
pub(super) async fn health_check() -> Json<HealthCheck> {
    Json(HealthCheck {
        body: "L'API CPRO est actuellement disponible et fonctionnel.".into(),
        status_code_value: 200,
        status_code: "OK".into(),
    })
}

/// The detailed report on a flux.
pub(super) fn consulter_cr_detaille(
    world: &mut World,
    caller: &Caller,
    request: ConsulterCrDetaille,
) -> Result<CrDetaille, Refusal> {
    let (flux, state, since) = known_flux(world, caller, &request.numero_flux_depot)?;
    let technical = flux.technical_error.iter().map(|error| ErreurTechnique {
        nature_erreur: "IRRECEVABILITE".into(),
        code_erreur: error.code.into(),
        libelle_erreur: error.label.clone(),
    });
    Ok(CrDetaille {
        retour: done(DONE_TRANSVERSE),
        nom_fichier: reported_name(world, flux),
        date_depot_flux: world.clock.instant(flux.deposited_at),
        code_interface_depot_flux: Flux::interface(),
        etat_courant_depot_flux: state.into(),
        date_heure_etat_courant_flux: world.clock.instant(since),
        liste_erreur_dp: invoice_errors(flux),
        liste_erreur_technique: technical.collect(),
    })
}

/// The report as people read it.
pub(super) fn consulter_cr(
    world: &mut World,
    caller: &Caller,
    request: ConsulterCr,
) -> Result<Cr, Refusal> {
    let (flux, state, since) = known_flux(world, caller, &request.numero_flux_depot)?;
    let deposited = world.clock.day(flux.deposited_at);
    if request
        .date_depot
        .is_some_and(|Day(day)| day.to_string() != deposited)
    {
        return Err(unknown_flux());
    }
    let since = world.clock.instant(since);
    let lines = [
        format!("Compte rendu du flux {}", flux.number),
        format!("Fichier : {}", flux.file_name),
        format!("Date de depot : {deposited}"),
        format!("Etat : {state} ({since})"),
    ];
    let technical = flux.technical_error.iter().map(|error| error.label.clone());
    let errors = technical.chain(flux.invoice_errors.iter().cloned());
    let report = pdf::page(&lines.into_iter().chain(errors).collect::<Vec<_>>());
    Ok(Cr {
        retour: done(DONE_TRANSVERSE),
        code_appli_partenaire: Flux::PARTNER.into(),
        designation_partenaire: String::new(),
        code_interface_flux: Flux::interface(),
        nom_fichier_flux: reported_name(world, flux),
        numero_flux_depot: flux.number.clone(),
        date_depot_flux: world.clock.instant(flux.deposited_at),
        etat_courant_flux: state.into(),
        date_heure_etat_courant_flux: since,
        fichier_cr: STANDARD.encode(report),
    })
}

/// A flux with its state. One deposited by another account, or not yet known to the exchange system, is not found.
fn known_flux<'a>(
    world: &'a World,
    caller: &Caller,
    number: &str,
) -> Result<(&'a Flux, &'a str, Timestamp), Refusal> {
    let flux = world.flux_numbered(number);
    flux.filter(|flux| flux.login == caller.login)
        .and_then(|flux| {
            let (state, since) = flux.state.as_ref()?;
            Some((flux, state.as_str(), *since))
        })
        .ok_or_else(unknown_flux)
}

fn unknown_flux() -> Refusal {
    Refusal::new(20001, "POQ_MSG_01.003 - Flux introuvable.")
}

fn reported_name(world: &World, flux: &Flux) -> Option<String> {
    match world.settings.reported_file_name {
        ReportedFileName::Deposited => Some(flux.file_name.clone()),
        ReportedFileName::Exchange => Some(flux.exchange_name()),
        ReportedFileName::Absent => None,
    }
}

fn invoice_errors(flux: &Flux) -> Vec<ErreurDp> {
    if flux.invoice_errors.is_empty() {
        return Vec::new();
    }
    let cii = flux.cii();
    vec![ErreurDp {
        identifiant_fournisseur: cii.and_then(|cii| cii.seller.code().map(str::to_owned)),
        identifiant_destinataire: cii.and_then(|cii| cii.buyer.code().map(str::to_owned)),
        numero_dp: cii.and_then(|cii| cii.number.clone()),
        libelle_erreur_dp: flux.error_label(),
    }]
}

/// Active structures that the account may invoice for.
pub(super) fn structures_actives(
    world: &mut World,
    caller: &Caller,
    _request: RecupererStructures,
) -> Result<StructuresActives, Refusal> {
    let mine = world.directory.all().iter().filter(|structure| {
        world.directory.attached(&caller.login, structure) && !structure.spec.inactive
    });
    let liste_structures = mine.map(|structure| StructureActive {
        id_structure_cpp: structure.id,
        identifiant: structure.spec.identifier.clone(),
        designation_structure: structure.name().into(),
    });
    Ok(StructuresActives {
        retour: done(DONE_TRANSVERSE),
        liste_structures: liste_structures.collect(),
    })
}
