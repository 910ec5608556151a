//! Commitment numbers of State entities.

use super::{Refusal, done};
use crate::gateway::Caller;
use crate::state::World;
use crate::wire::DONE_TRANSVERSE;
use crate::wire::engagements::{Engagement, EngagementsTrouves, RechercherEngagements};

/// The one state that clients ask for.
const ORDERED: &str = "COMMANDE";

/// The commitments of that number; none for entities other than the State's.
pub(super) fn rechercher(
    world: &mut World,
    _caller: &Caller,
    request: RechercherEngagements,
) -> Result<EngagementsTrouves, Refusal> {
    let structure = request
        .structure_receptrice_engagement_juridique
        .unwrap_or_default();
    let buyer = structure
        .parse()
        .ok()
        .and_then(|id| world.directory.by_id(id));
    let wanted = request.numero_engagement_juridique;
    let in_state = request
        .etat_courant_engagement_juridique
        .is_none_or(|state| state == ORDERED);
    let found = buyer.into_iter().flat_map(|buyer| &buyer.spec.engagements);
    let found = found
        .filter(|number| in_state && wanted.as_ref().is_none_or(|wanted| wanted == *number))
        .map(|number| Engagement {
            structure_receptrice_engagement_juridique: structure.clone(),
            numero_engagement_juridique: number.clone(),
            etat_courant_engagement_juridique: ORDERED.into(),
        })
        .collect();
    Ok(EngagementsTrouves {
        retour: done(DONE_TRANSVERSE),
        liste_engagement_juridique: found,
    })
}
