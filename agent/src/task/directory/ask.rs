//! The questions, and what of the answers counts. Every field may be missing; what is not said stays unsaid.

use std::collections::BTreeMap;

use super::{Buyer, Named};
use crate::{
    chorus::{
        answer::unreadable,
        error::{ApiError, Kind, Operation},
        wire::{
            ConsulterService, ConsulterStructure, CritereStructure, PageDemandee,
            ParametresService, ParametresStructure, RechercherServices, RechercherStructure,
            ServiceConsulte, ServiceTrouve, ServicesTrouves, StructureConsultee, StructureTrouvee,
            StructuresTrouvees,
        },
    },
    credential::Account,
    task::{Failure, Work},
};

/// A list that has not ended here is a fault of the other side.
const MOST_PAGES: u32 = 1000;

/// What Chorus Pro says of a buyer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The structure; `None`: there is none.
    pub found: Option<StructureTrouvee>,
    /// What it requires and reports, where that is said.
    pub requirements: Option<ParametresStructure>,
    /// Its services, each code once; `None`: not said.
    pub services: Option<Vec<ServiceTrouve>>,
    /// Why a part of the answer is missing.
    pub refusal: Option<ApiError>,
}

/// Whether asking again would change nothing soon: the question is refused, not left unanswered.
pub(super) fn is_final(error: &ApiError) -> bool {
    matches!(
        error.rule().kind,
        Kind::NotEntitled | Kind::Functional | Kind::BadRequest
    )
}

/// What is said of `buyer`. A part that is refused is missing in the answer.
pub(super) async fn structure(
    work: &mut Work<'_>,
    account: &Account,
    buyer: &Buyer,
) -> Result<Answer, Failure> {
    let request = RechercherStructure {
        structure: CritereStructure {
            identifiant_structure: &buyer.identifier,
            type_identifiant_structure: &buyer.id_type,
        },
    };
    let operation = Operation::RechercherStructure;
    let found: StructuresTrouvees = work.ask(operation, account, &request).await?;
    let mut answer = Answer {
        found: meant(found.liste_structures, &buyer.identifier)?,
        ..Answer::default()
    };
    let Some(id) = answer.found.as_ref().and_then(|one| one.id_structure_cpp) else {
        return Ok(answer);
    };
    work.extend().await?;
    let request = ConsulterStructure {
        code_langue: "fr",
        id_structure_cpp: id,
    };
    let details: Result<StructureConsultee, _> = work
        .ask(Operation::ConsulterStructure, account, &request)
        .await;
    match settled(details)? {
        Ok(details) => answer.requirements = details.parametres,
        Err(refusal) => answer.refusal = Some(refusal),
    }
    match settled(services(work, account, id).await)? {
        Ok(services) => answer.services = services,
        Err(refusal) => answer.refusal = Some(refusal),
    }
    Ok(answer)
}

/// What is said of a service; a refusal says nothing.
pub(super) async fn service(
    work: &mut Work<'_>,
    account: &Account,
    service: &Named,
) -> Result<ParametresService, Failure> {
    work.extend().await?;
    let request = ConsulterService {
        code_langue: "fr",
        id_structure: service.structure,
        id_service: service.service,
    };
    let details: Result<ServiceConsulte, _> = work
        .ask(Operation::ConsulterService, account, &request)
        .await;
    Ok(match settled(details)? {
        Ok(details) => details.parametres.unwrap_or_default(),
        Err(error) => {
            tracing::warn!(service = service.code, %error, "what the service requires is not told");
            ParametresService::default()
        }
    })
}

/// All services of the structure `id`, each code once; `None`: the answer does not say.
async fn services(
    work: &mut Work<'_>,
    account: &Account,
    id: i64,
) -> Result<Option<Vec<ServiceTrouve>>, Failure> {
    let size = work.tools.settings.page_size;
    let (mut all, mut number) = (Vec::new(), 1);
    loop {
        work.extend().await?;
        let request = RechercherServices {
            id_structure: id,
            parametres_rechercher_services_structure: PageDemandee {
                nb_resultats_par_page: size,
                page_resultat_demandee: number,
                tri_colonne: "CodeService",
                tri_sens: "Ascendant",
            },
        };
        let operation = Operation::RechercherServices;
        let found: ServicesTrouves = work.ask(operation, account, &request).await?;
        let (pages, total) = found
            .parametres_retour
            .map_or((None, None), |place| (place.pages, place.total));
        let mut services = match (found.liste_services, total) {
            (Some(services), _) => services,
            (None, Some(0)) => Vec::new(),
            (None, _) => return Ok(None),
        };
        let more = match pages {
            Some(pages) => number < pages,
            None => services.len() >= size as usize,
        };
        all.append(&mut services);
        if !more || number >= MOST_PAGES {
            return Ok(Some(each_once(all)));
        }
        number += 1;
    }
}

/// The structure that was asked for, among what was found. A search may show others; a closed one may have been opened again.
fn meant(
    found: Option<Vec<StructureTrouvee>>,
    identifier: &str,
) -> Result<Option<StructureTrouvee>, ApiError> {
    // An answer that holds nothing proves neither that there is such a structure nor that there is not.
    let silent = || ApiError {
        text: Some("it does not say what was found".into()),
        ..unreadable(Operation::RechercherStructure, 200)
    };
    let found = found.ok_or_else(silent)?;
    if found.is_empty() {
        return Ok(None);
    }
    let is_meant = |one: &StructureTrouvee| {
        let its = one.identifiant_structure.as_deref();
        its.is_none_or(|its| its.trim() == identifier)
    };
    let is_active = |one: &StructureTrouvee| one.statut.as_deref() != Some("INACTIVE");
    // The last of the best, as of `max_by_key`: numbers grow, so that it is the newest.
    let best = found
        .into_iter()
        .filter(is_meant)
        .max_by_key(|one| (is_active(one), one.id_structure_cpp));
    best.map(Some).ok_or_else(silent)
}

/// A code that was closed and opened again stands there twice: what is active counts.
fn each_once(services: Vec<ServiceTrouve>) -> Vec<ServiceTrouve> {
    let mut kept: BTreeMap<String, ServiceTrouve> = BTreeMap::new();
    for mut service in services {
        let code = service.code_service.take().unwrap_or_default();
        let code = code.trim();
        if code.is_empty() {
            continue;
        }
        service.code_service = Some(code.to_owned());
        let closed = service.est_actif == Some(false);
        if !closed || !kept.contains_key(code) {
            kept.insert(code.to_owned(), service);
        }
    }
    kept.into_values().collect()
}

/// The answer, or its refusal; else the failure.
fn settled<A>(answer: Result<A, Failure>) -> Result<Result<A, ApiError>, Failure> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(Failure::Api(error)) if is_final(&error) => Ok(Err(error)),
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: serde_json::Value) -> Result<Option<i64>, ApiError> {
        let answer: StructuresTrouvees = serde_json::from_value(json).unwrap();
        let meant = meant(answer.liste_structures, "35600000000048")?;
        Ok(meant.and_then(|one| one.id_structure_cpp))
    }

    #[test]
    fn of_several_structures_the_one_that_was_meant_and_is_open_counts() {
        let row = |id: i64, identifier: &str, status: &str| serde_json::json!({"idStructureCPP": id, "identifiantStructure": identifier, "statut": status});
        let mine = "35600000000048";
        for (rows, expected) in [
            (vec![row(1, mine, "INACTIVE"), row(2, mine, "ACTIVE")], 2),
            (vec![row(3, mine, "ACTIVE"), row(4, mine, "INACTIVE")], 3),
            (
                vec![row(5, "12345678200051", "ACTIVE"), row(6, mine, "INACTIVE")],
                6,
            ),
        ] {
            let answer = found(serde_json::json!({ "listeStructures": rows }));
            assert_eq!(answer.unwrap(), Some(expected));
        }
        // Fields that are missing are not taken for others.
        let bare = serde_json::json!({"listeStructures": [{"idStructureCPP": 7, "identifiantStructure": null, "statut": null}]});
        assert_eq!(found(bare).unwrap(), Some(7));
    }

    #[test]
    fn only_an_empty_list_says_that_there_is_none() {
        assert_eq!(
            found(serde_json::json!({"listeStructures": []})).unwrap(),
            None
        );
        for odd in [
            serde_json::json!({}),
            serde_json::json!({ "listeStructures": null }),
            serde_json::json!({"listeStructures": [{"identifiantStructure": "12345678200051"}]}),
        ] {
            assert!(found(odd.clone()).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_service_that_is_listed_twice_is_active_if_one_of_them_is() {
        let service = |id: i64, code: &str, active: bool| ServiceTrouve {
            id_service: Some(id),
            code_service: Some(code.into()),
            libelle_service: None,
            est_actif: Some(active),
        };
        let kept = each_once(vec![
            service(1, "A", true),
            service(2, "A", false),
            service(3, " B ", false),
            service(4, "B", true),
            service(5, " ", true),
        ]);
        let kept: Vec<_> = kept
            .iter()
            .map(|one| (one.code_service.as_deref(), one.id_service))
            .collect();
        assert_eq!(kept, [(Some("A"), Some(1)), (Some("B"), Some(4))]);
    }
}
