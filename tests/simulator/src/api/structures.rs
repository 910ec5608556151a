//! The directory as clients see it.

use super::{Refusal, done};
use crate::directory::{Role, Structure};
use crate::gateway::Caller;
use crate::state::World;
use crate::wire::structures::{
    Adresse, ConsulterService, ConsulterStructure, InformationGenerales, InformationsService,
    Parametres, ParametresService, RechercherServices, RechercherStructure, ServiceConsulte,
    ServiceTrouve, ServicesTrouves, StatutStructure, StructureConsultee, StructureTrouvee,
    StructuresTrouvees, TypeStructure,
};
use crate::wire::{DONE_TRANSVERSE, TriSens};

/// Structures by identifier and kind; an empty list is the answer for an unknown one.
pub(super) fn rechercher(
    world: &mut World,
    _caller: &Caller,
    request: RechercherStructure,
) -> Result<StructuresTrouvees, Refusal> {
    let wanted = request.structure.unwrap_or_default();
    let paging = request.parametres.unwrap_or_default();
    let inactive = wanted
        .statut_structure
        .map(|statut| statut == StatutStructure::Inactif);
    let mut found: Vec<&Structure> = world
        .directory
        .all()
        .iter()
        .filter(|known| {
            wanted
                .identifiant_structure
                .as_ref()
                .is_none_or(|id| known.spec.identifier == *id)
        })
        .filter(|known| {
            wanted
                .type_identifiant_structure
                .is_none_or(|id_type| known.spec.id_type == id_type)
        })
        .filter(|known| {
            wanted
                .type_structure
                .is_none_or(|kind| kind_of(known) == kind)
        })
        .filter(|known| inactive.is_none_or(|inactive| known.spec.inactive == inactive))
        .collect();
    if paging.tri_sens == Some(TriSens::Descendant) {
        found.reverse();
    }
    let (found, parametres_retour) = paging.page().cut(found);
    let liste_structures = found.into_iter().map(|structure| StructureTrouvee {
        id_structure_cpp: structure.id,
        type_identifiant_structure: structure.spec.id_type,
        identifiant_structure: structure.spec.identifier.clone(),
        designation_structure: structure.name().into(),
        statut: if structure.spec.inactive {
            "INACTIVE"
        } else {
            "ACTIVE"
        }
        .into(),
    });
    Ok(StructuresTrouvees {
        retour: done(DONE_TRANSVERSE),
        parametres_retour,
        liste_structures: liste_structures.collect(),
    })
}

/// What a public structure requires, or the caller's own structure.
pub(super) fn consulter(
    world: &mut World,
    caller: &Caller,
    request: ConsulterStructure,
) -> Result<StructureConsultee, Refusal> {
    let structure = visible(world, caller, request.id_structure_cpp)?;
    let spec = &structure.spec;
    Ok(StructureConsultee {
        retour: done(DONE_TRANSVERSE),
        information_generales: InformationGenerales {
            id_structure_cpp: structure.id,
            type_identifiant_structure: spec.id_type,
            identifiant_structure: spec.identifier.clone(),
            raison_sociale_structure: structure.name().into(),
            structure_privee_publique: kind_of(structure),
            numero_tva: None,
            date_expiration_mot_passe_compte_tech: spec.password_expires.clone(),
        },
        adresse_postale_du_siege: Adresse::default(),
        parametres: Parametres {
            code_service_doit_etre_renseigne: spec.service_required,
            numero_ej_doit_etre_renseigne: spec.engagement_required,
            gestion_numero_ej_ou_code_service: spec.service_or_engagement,
            est_moa_uniquement: spec.works_only,
            statut_mise_en_paiement_nest_pas_remonte: spec.payment_not_reported,
            recevoir_donnees_via_edi: false,
        },
    })
}

/// Services of a structure, active or not.
pub(super) fn rechercher_services(
    world: &mut World,
    caller: &Caller,
    request: RechercherServices,
) -> Result<ServicesTrouves, Refusal> {
    let structure = visible(world, caller, request.id_structure)?;
    let paging = request
        .parametres_rechercher_services_structure
        .unwrap_or_default();
    let (found, parametres_retour) = paging.page().cut(structure.services().collect());
    let liste_services = found.into_iter().map(|(id, service)| ServiceTrouve {
        id_service: id,
        code_service: service.code.clone(),
        libelle_service: service.name.clone(),
        est_actif: !service.inactive,
        statut_service: "VALIDE".into(),
    });
    Ok(ServicesTrouves {
        retour: done(DONE_TRANSVERSE),
        liste_services: liste_services.collect(),
        parametres_retour,
    })
}

/// What one service requires.
pub(super) fn consulter_service(
    world: &mut World,
    caller: &Caller,
    request: ConsulterService,
) -> Result<ServiceConsulte, Refusal> {
    let structure = visible(world, caller, request.id_structure)?;
    let service = structure
        .services()
        .find(|(id, _)| *id == request.id_service);
    let (_, service) = service
        .ok_or_else(|| Refusal::new(20000, "Le service n'existe pas dans cette structure."))?;
    Ok(ServiceConsulte {
        retour: done(DONE_TRANSVERSE),
        informations_generales: InformationsService {
            code_service: service.code.clone(),
            nom_service: service.name.clone(),
        },
        parametres: ParametresService {
            numero_engagement: service.engagement_required,
            mise_en_paiement: !structure.spec.payment_not_reported,
        },
    })
}

fn kind_of(structure: &Structure) -> TypeStructure {
    match structure.spec.role {
        Role::Supplier => TypeStructure::Privee,
        Role::Buyer => TypeStructure::Publique,
    }
}

/// Public structures, and those the caller is attached to.
fn visible<'a>(world: &'a World, caller: &Caller, id: i64) -> Result<&'a Structure, Refusal> {
    let may_see = |structure: &&Structure| {
        structure.spec.role == Role::Buyer || world.directory.attached(&caller.login, structure)
    };
    world.directory.by_id(id).filter(may_see).ok_or_else(|| {
        Refusal::new(
            20000,
            "La structure n'existe pas ou n'est pas visible de ce compte.",
        )
    })
}
