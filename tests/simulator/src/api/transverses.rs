//! Availability, flux reports, structures of the account.

use axum::Json;

use super::{Refusal, done};
use crate::config::ReportedFileName;
use crate::flux::Flux;
use crate::gateway::Caller;
use crate::state::World;
use crate::wire::DONE_TRANSVERSE;
use crate::wire::transverses::{
    ConsulterCrDetaille, CrDetaille, ErreurDp, ErreurTechnique, HealthCheck, RecupererStructures,
    StructureActive, StructuresActives,
};

/// Reached only with a valid token and account: the cheapest test of both.
pub(super) async fn health_check() -> Json<HealthCheck> {
    Json(HealthCheck {
        body: "L'API CPRO est actuellement disponible et fonctionnel.".into(),
        status_code_value: 200,
        status_code: "OK".into(),
    })
}

/// The report on a flux. One deposited by another account, or not yet known to the exchange system, is not found.
pub(super) fn consulter_cr_detaille(
    world: &mut World,
    caller: &Caller,
    request: ConsulterCrDetaille,
) -> Result<CrDetaille, Refusal> {
    let flux = world
        .flux_numbered(&request.numero_flux_depot)
        .filter(|flux| flux.login == caller.login);
    let Some((flux, (state, since))) = flux.and_then(|flux| Some((flux, flux.state.as_ref()?)))
    else {
        return Err(Refusal::new(20001, "POQ_MSG_01.003 - Flux introuvable."));
    };
    let technical = flux.technical_error.iter().map(|error| ErreurTechnique {
        nature_erreur: "IRRECEVABILITE".into(),
        code_erreur: error.code.into(),
        libelle_erreur: error.label.clone(),
    });
    Ok(CrDetaille {
        retour: done(DONE_TRANSVERSE),
        nom_fichier: match world.settings.reported_file_name {
            ReportedFileName::Deposited => Some(flux.file_name.clone()),
            ReportedFileName::Exchange => Some(flux.exchange_name()),
            ReportedFileName::Absent => None,
        },
        date_depot_flux: world.clock.instant(flux.deposited_at),
        code_interface_depot_flux: Flux::interface(),
        etat_courant_depot_flux: state.clone(),
        date_heure_etat_courant_flux: world.clock.instant(*since),
        liste_erreur_dp: invoice_errors(flux),
        liste_erreur_technique: technical.collect(),
    })
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
