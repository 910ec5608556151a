//! The directory as clients see it.

use std::cmp::Ordering;

use super::{Refusal, done};
use crate::directory::{Address, Role, ServiceSpec, Structure};
use crate::gateway::Caller;
use crate::state::World;
use crate::wire::structures::{
    Adresse, ConsulterService, ConsulterStructure, CritereStructure, InformationGenerales,
    InformationsService, Parametres, ParametresService, RechercherServices, RechercherStructure,
    ServiceConsulte, ServiceTrouve, ServicesTrouves, StatutStructure, StructureConsultee,
    StructureTrouvee, StructuresTrouvees, TriServices, TriStructures, TypeStructure,
};
use crate::wire::{DONE_TRANSVERSE, TriSens};

/// Structures that meet every criterion; an empty list is the answer for an unknown one.
pub(super) fn rechercher(
    world: &mut World,
    caller: &Caller,
    request: RechercherStructure,
) -> Result<StructuresTrouvees, Refusal> {
    let wanted = request.structure.unwrap_or_default();
    let paging = request.parametres.unwrap_or_default();
    let restricted = request.restreindre_structures_privees == Some(true);
    let mut found: Vec<&Structure> = world
        .directory
        .all()
        .iter()
        .filter(|known| meets(known, &wanted))
        .filter(|known| !restricted || is_visible(world, caller, known))
        .collect();
    found.sort_by(|one, other| match paging.tri_colonne {
        Some(TriStructures::IdentifiantStructure) => {
            one.spec.identifier.cmp(&other.spec.identifier)
        }
        Some(TriStructures::DesignationStructure) => one.name().cmp(other.name()),
        Some(TriStructures::TypeIdentifiantStructure) => one.spec.id_type.cmp(&other.spec.id_type),
        Some(TriStructures::Statut) => one.spec.inactive.cmp(&other.spec.inactive),
        None => one.id.cmp(&other.id),
    });
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

/// Codes must be equal, names may be parts in any case. The simulator knows no persons by first and last name.
fn meets(known: &Structure, wanted: &CritereStructure) -> bool {
    let Structure { spec, .. } = known;
    let equal = |wanted: &Option<String>, value: Option<&String>| {
        wanted
            .as_ref()
            .is_none_or(|wanted| value.is_some_and(|value| value.eq_ignore_ascii_case(wanted)))
    };
    let name = known.name().to_lowercase();
    let mut parts = [
        &wanted.libelle_structure,
        &wanted.raison_sociale_structure,
        &wanted.nom_structure,
        &wanted.prenom_structure,
    ]
    .into_iter()
    .flatten();
    let wanted_inactive = wanted
        .statut_structure
        .map(|statut| statut == StatutStructure::Inactif);
    equal(&wanted.identifiant_structure, Some(&spec.identifier))
        && wanted
            .type_identifiant_structure
            .is_none_or(|id_type| spec.id_type == id_type)
        && wanted
            .type_structure
            .is_none_or(|kind| kind_of(known) == kind)
        && wanted_inactive.is_none_or(|inactive| spec.inactive == inactive)
        && parts.all(|part| name.contains(&part.to_lowercase()))
        && equal(&wanted.adresse_code_pays, spec.address.country.as_ref())
        && equal(
            &wanted.adresse_code_postal,
            spec.address.postal_code.as_ref(),
        )
        && equal(&wanted.adresse_ville, spec.address.city.as_ref())
        && wanted
            .est_moa_uniquement
            .or(wanted.est_moa)
            .is_none_or(|works| spec.works_only == works)
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
            libelle_structure: Some(structure.name().into()),
            structure_privee_publique: kind_of(structure),
            numero_tva: spec.vat_number.clone(),
            date_expiration_mot_passe_compte_tech: spec.password_expires.clone(),
        },
        adresse_postale_du_siege: address(structure),
        parametres: Parametres {
            code_service_doit_etre_renseigne: spec.service_required,
            numero_ej_doit_etre_renseigne: spec.engagement_required,
            gestion_numero_ej_ou_code_service: spec.service_or_engagement,
            est_moa_uniquement: spec.works_only,
            geta_moa: spec.works_only,
            est_valideur_delegue: false,
            non_diffusible_insee: false,
            connexion_edi: false,
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
    let mut found: Vec<(i64, &ServiceSpec)> = structure.services().collect();
    found.sort_by(|(_, one), (_, other)| match paging.tri_colonne {
        Some(TriServices::CodeService) => one.code.cmp(&other.code),
        Some(TriServices::LibelleService) => one.name.cmp(&other.name),
        Some(TriServices::DateDbtService) => one.valid_from.cmp(&other.valid_from),
        Some(TriServices::DateFinService) => one.valid_until.cmp(&other.valid_until),
        Some(TriServices::EstActif) => other.inactive.cmp(&one.inactive),
        None => Ordering::Equal,
    });
    if paging.tri_sens == Some(TriSens::Descendant) {
        found.reverse();
    }
    let (found, parametres_retour) = paging.page().cut(found);
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
            description_service: service.description.clone(),
        },
        adresse_postale: address(structure),
        parametres: ParametresService {
            numero_engagement: service.engagement_required,
            mise_en_paiement: !structure.spec.payment_not_reported && !service.payment_not_reported,
            date_debut_validite: service.valid_from.clone(),
            date_fin_validite: service.valid_until.clone(),
        },
    })
}

fn kind_of(structure: &Structure) -> TypeStructure {
    match structure.spec.role {
        Role::Supplier => TypeStructure::Privee,
        Role::Buyer => TypeStructure::Publique,
    }
}

fn address(structure: &Structure) -> Adresse {
    let Address {
        street,
        postal_code,
        city,
        country,
    } = structure.spec.address.clone();
    Adresse {
        adresse: street,
        code_postal: postal_code,
        ville: city,
        pays: country,
    }
}

/// Public structures, and those the caller is attached to.
fn is_visible(world: &World, caller: &Caller, structure: &Structure) -> bool {
    structure.spec.role == Role::Buyer || world.directory.attached(&caller.login, structure)
}

fn visible<'a>(world: &'a World, caller: &Caller, id: i64) -> Result<&'a Structure, Refusal> {
    let structure = world.directory.by_id(id);
    structure
        .filter(|structure| is_visible(world, caller, structure))
        .ok_or_else(|| {
            Refusal::new(
                20000,
                "La structure n'existe pas ou n'est pas visible de ce compte.",
            )
        })
}
