//! Our reading of the messages against samples collected elsewhere, read from the corpus at run time.

use std::path::PathBuf;

use serde::de::DeserializeOwned;

use super::{
    actions, engagements, factures, historique, piste, recherche, structures, transverses,
    utilisateurs,
};

/// The corpus folder, when there is one.
fn samples() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = std::env::var_os("CHORUS_CORPUS").map_or(beside, PathBuf::from);
    Some(corpus.join("chorus/samples")).filter(|folder| folder.is_dir())
}

/// Reads each sample as `T`.
fn readable_as<T: DeserializeOwned>(names: &[&str]) {
    let Some(folder) = samples() else {
        eprintln!("SKIPPED: corpus not found (set CHORUS_CORPUS)");
        return;
    };
    for name in names {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        if let Err(error) = serde_json::from_str::<T>(&text) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn requests_are_read_without_unknown_fields() {
    readable_as::<factures::DeposerFlux>(&["deposer-flux-request.json"]);
    readable_as::<transverses::ConsulterCrDetaille>(&["consulter-cr-detaille-request.json"]);
    readable_as::<historique::ConsulterHistorique>(&["consulter-historique-request.json"]);
    readable_as::<recherche::RechercherFournisseur>(&[
        "rechercher-fournisseur-by-flux-request.json",
        "rechercher-fournisseur-incremental-request.json",
    ]);
    readable_as::<structures::RechercherStructure>(&["structures-rechercher-request.json"]);
    readable_as::<structures::ConsulterStructure>(&["structures-consulter-request.json"]);
    readable_as::<structures::RechercherServices>(&["structures-services-request.json"]);
    readable_as::<transverses::AjouterFichier>(&["ajouter-fichier-request.json"]);
    readable_as::<actions::Completer>(&["completer-request.json"]);
    readable_as::<actions::Recycler>(&["recycler-request.json"]);
    readable_as::<engagements::RechercherEngagements>(&["engagements-rechercher-request.json"]);
    readable_as::<utilisateurs::RecupererRattachements>(&[
        "utilisateurs-rattachements-request.json",
    ]);
}

#[test]
fn answers_have_the_types_of_ours() {
    readable_as::<piste::TokenAnswer>(&["oauth-token-200.json"]);
    readable_as::<piste::TokenError>(&["oauth-token-400-invalid-client.json"]);
    readable_as::<transverses::HealthCheck>(&["health-check-200.json"]);
    readable_as::<factures::FluxDepose>(&["deposer-flux-200.json"]);
    readable_as::<super::Retour>(&[
        "deposer-flux-error-too-large.json",
        "consulter-cr-detaille-introuvable.json",
        "completer-error-20002.json",
    ]);
    readable_as::<transverses::Cr>(&["consulter-cr-200.json"]);
    readable_as::<transverses::FichierAjoute>(&["ajouter-fichier-200.json"]);
    readable_as::<actions::FactureCompletee>(&["completer-200.json"]);
    readable_as::<actions::FactureRecyclee>(&["recycler-200.json"]);
    readable_as::<utilisateurs::Rattachements>(&["utilisateurs-rattachements-200.json"]);
    readable_as::<transverses::CrDetaille>(&[
        "consulter-cr-detaille-pending.json",
        "consulter-cr-detaille-integre.json",
        "consulter-cr-detaille-rejete.json",
        "consulter-cr-detaille-irrecevable.json",
    ]);
    readable_as::<historique::Historique>(&["consulter-historique-200.json"]);
    readable_as::<recherche::FacturesTrouvees>(&["rechercher-fournisseur-200.json"]);
    readable_as::<transverses::StructuresActives>(&["structures-actives-fournisseur-200.json"]);
    readable_as::<structures::StructuresTrouvees>(&["structures-rechercher-200.json"]);
    readable_as::<structures::StructureConsultee>(&["structures-consulter-200.json"]);
    readable_as::<structures::ServicesTrouves>(&["structures-services-200.json"]);
}
