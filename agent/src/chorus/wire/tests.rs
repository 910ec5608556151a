//! The wire types against the corpus of sample messages, where it is at hand.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::chorus::amount::Amount;

/// The sample called `name`, or a loud word on its absence.
fn sample(name: &str) -> Option<String> {
    let folder = std::env::var_os("CHORUS_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")),
        PathBuf::from,
    );
    let path = folder.join("chorus/samples").join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(_) if !folder.exists() => {
            eprintln!("SKIPPED: corpus not found (looked for {})", path.display());
            None
        }
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// The keys of a sample request that ours must have with the same value.
fn covers(ours: &impl serde::Serialize, sample: &str, keys: &[&str]) {
    let (ours, sample) = (
        serde_json::to_value(ours).unwrap(),
        serde_json::from_str::<Value>(sample).unwrap(),
    );
    for key in keys {
        let pointer = format!("/{key}");
        assert!(
            sample.pointer(&pointer).is_some(),
            "the sample has no {key}"
        );
        assert_eq!(ours.pointer(&pointer), sample.pointer(&pointer), "{key}");
    }
}

#[test]
fn requests_use_the_names_of_the_samples() {
    let (Some(deposit), Some(report), Some(search), Some(by_flux), Some(history)) = (
        sample("deposer-flux-request.json"),
        sample("consulter-cr-detaille-request.json"),
        sample("rechercher-fournisseur-incremental-request.json"),
        sample("rechercher-fournisseur-by-flux-request.json"),
        sample("consulter-historique-request.json"),
    ) else {
        return;
    };
    let request = DeposerFlux {
        fichier_flux: "<base64 of the CII 16B XML>",
        nom_fichier: "F2026-0001.xml",
        syntaxe_flux: CII_16B,
        avec_signature: false,
    };
    covers(
        &request,
        &deposit,
        &["fichierFlux", "nomFichier", "syntaxeFlux", "avecSignature"],
    );

    let flux = "CPP0011117000000000425903";
    covers(
        &ConsulterCrDetaille {
            numero_flux_depot: flux,
        },
        &report,
        &["numeroFluxDepot"],
    );

    let page = PageDemandee {
        nb_resultats_par_page: 100,
        page_resultat_demandee: 1,
        tri_colonne: "DateDepot",
        tri_sens: "Ascendant",
    };
    let request = RechercherFournisseur {
        id_fournisseur: Some(26_262_962),
        periode_date_heure_etat_courant_du: Some("2026-09-14".into()),
        page,
        ..RechercherFournisseur::default()
    };
    covers(
        &request,
        &search,
        &[
            "idFournisseur",
            "periodeDateHeureEtatCourantDu",
            "rechercheFactureParFournisseur",
        ],
    );
    let request = RechercherFournisseur {
        numero_flux_depot: Some(flux),
        ..request
    };
    covers(
        &request,
        &by_flux,
        &[
            "numeroFluxDepot",
            "rechercheFactureParFournisseur/nbResultatsParPage",
        ],
    );

    let request = ConsulterHistorique {
        id_facture: 8_316_845,
        param_recherche_histo_statuts: PageHistorique {
            page_resultat_demandee_liste_histo_statut: 1,
            nb_resultats_par_page_liste_histo_statut: 100,
            tri_sens_liste_histo_statut: "Ascendant",
            tri_colonne_liste_histo_statut: "HistoStatutDatePassage",
        },
    };
    covers(&request, &history, &["idFacture"]);
}

#[test]
fn a_deposit_answers_with_a_flux_number() {
    let Some(text) = sample("deposer-flux-200.json") else {
        return;
    };
    let answer: FluxDepose = serde_json::from_str(&text).unwrap();
    assert_eq!(
        answer.numero_flux_depot.as_deref(),
        Some("CPP0011117000000000425903")
    );
    let Some(text) = sample("deposer-flux-error-too-large.json") else {
        return;
    };
    let outcome: Outcome = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (outcome.code_retour, outcome.libelle.as_deref()),
        (Some(20001), Some("GDP_MSG_11.022"))
    );
}

#[test]
fn reports_give_state_file_name_and_errors() {
    let Some(text) = sample("consulter-cr-detaille-rejete.json") else {
        return;
    };
    let report: CrDetaille = serde_json::from_str(&text).unwrap();
    assert_eq!(report.etat_courant_depot_flux.as_deref(), Some("IN_REJETE"));
    assert_eq!(report.nom_fichier.as_deref(), Some("F2026-0001.xml"));
    let errors = report.liste_erreur_dp.unwrap();
    assert!(
        errors[0]
            .libelle_erreur_dp
            .as_deref()
            .unwrap()
            .ends_with("TypeCode.value est obligatoire.")
    );
    assert_eq!(errors[0].numero_dp.as_deref(), Some("F2026-0001"));

    let Some(text) = sample("consulter-cr-detaille-irrecevable.json") else {
        return;
    };
    let report: CrDetaille = serde_json::from_str(&text).unwrap();
    let errors = report.liste_erreur_technique.unwrap();
    assert_eq!(errors[0].code_erreur.as_deref(), Some("ERR_XSD_001"));
    for name in [
        "consulter-cr-detaille-integre.json",
        "consulter-cr-detaille-pending.json",
    ] {
        let Some(text) = sample(name) else { return };
        let report: CrDetaille = serde_json::from_str(&text).unwrap();
        assert!(
            super::super::flux_state::meaning(&report.etat_courant_depot_flux.unwrap()).is_some(),
            "{name}"
        );
    }
}

#[test]
fn found_invoices_carry_what_an_adoption_compares() {
    let Some(text) = sample("rechercher-fournisseur-200.json") else {
        return;
    };
    let found: FacturesTrouvees = serde_json::from_str(&text).unwrap();
    assert_eq!(found.parametres_retour.unwrap().pages, Some(1));
    let invoice = &found.liste_factures.unwrap()[0];
    assert_eq!(invoice.identifiant_facture_cpp, Some(8_316_845));
    assert_eq!(invoice.code_fournisseur.as_deref(), Some("33254021516357"));
    assert_eq!(invoice.code_destinataire.as_deref(), Some("12345678200051"));
    assert_eq!(invoice.montant_ttc, Some(Amount("120.0".parse().unwrap())));
    assert_eq!(invoice.statut.as_deref(), Some("MISE_A_DISPOSITION"));
    assert!(
        super::super::instant::instant(invoice.date_heure_etat_courant.as_deref().unwrap())
            .is_some()
    );
}

#[test]
fn histories_are_read_without_the_people_in_them() {
    let Some(text) = sample("consulter-historique-200.json") else {
        return;
    };
    let history: Historique = serde_json::from_str(&text).unwrap();
    assert!(!format!("{history:?}").contains("Utilisateur"));
    let statuses = history.historiques_des_statuts.unwrap();
    assert_eq!(statuses.pages_histo_statut, Some(1));
    let codes: Vec<_> = statuses
        .histo_statut
        .unwrap()
        .into_iter()
        .map(|status| status.histo_statut_code.unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "SUSPENDUE",
            "MISE_A_DISPOSITION",
            "EN_COURS_ACHEMINEMENT",
            "DEPOSEE"
        ]
    );
}

#[test]
fn an_account_knows_its_structures() {
    let Some(text) = sample("structures-actives-fournisseur-200.json") else {
        return;
    };
    let structures: StructuresActives = serde_json::from_str(&text).unwrap();
    let structure = &structures.liste_structures.unwrap()[0];
    assert_eq!(
        (structure.id_structure_cpp, structure.identifiant.as_deref()),
        (Some(26_262_962), Some("33254021516357"))
    );
}

#[test]
fn null_and_missing_are_the_same() {
    let null =
        json!({"codeRetour": 0, "listeFactures": null, "parametresRetour": null}).to_string();
    for text in [null.as_str(), "{\"codeRetour\":0}"] {
        let found: FacturesTrouvees = serde_json::from_str(text).unwrap();
        assert!(found.liste_factures.is_none() && found.parametres_retour.is_none());
    }
    let invoice: Facture = serde_json::from_str("{\"montantHT\":null}").unwrap();
    assert!(invoice.montant_ht.is_none());
}
