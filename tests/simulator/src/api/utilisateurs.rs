//! What the technical account is attached to.

use super::{Refusal, done};
use crate::directory::Structure;
use crate::gateway::Caller;
use crate::state::World;
use crate::wire::utilisateurs::{Rattachement, Rattachements, RecupererRattachements};
use crate::wire::{DONE_TRANSVERSE, TriSens};

/// Structures of the account, inactive ones included.
pub(super) fn rattachements(
    world: &mut World,
    caller: &Caller,
    request: RecupererRattachements,
) -> Result<Rattachements, Refusal> {
    let paging = request.parametres_recherche.unwrap_or_default();
    let all = world.directory.all().iter();
    let mut mine: Vec<&Structure> = all
        .filter(|structure| world.directory.attached(&caller.login, structure))
        .collect();
    if paging.tri_sens == Some(TriSens::Descendant) {
        mine.reverse();
    }
    let (mine, parametres_retour) = paging.page().cut(mine);
    let attachments = mine.into_iter().map(|structure| Rattachement {
        id_rattachement_structure: structure.id,
        id_structure: structure.id,
        type_identifiant_structure: structure.spec.id_type,
        identifiant_structure: structure.spec.identifier.clone(),
        designation_structure: structure.name().into(),
        role_utilisateur: "GESTIONNAIRE_PRINCIPAL".into(),
        statut_rattachement_structure: "VALIDE".into(),
        statut_utilisateur: "ACTIF".into(),
        liste_services_rattache: [],
    });
    Ok(Rattachements {
        retour: done(DONE_TRANSVERSE),
        liste_structure_rattachement: attachments.collect(),
        parametres_retour,
    })
}
