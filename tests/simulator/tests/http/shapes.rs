//! Our answers against collected samples and the published field tables: no field of a sample is missing, and
//! none of ours is undocumented. Read from the corpus at run time.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chorus_simulator::Operation;
use serde_json::{Value, json};

use crate::client::{World, but, cii, envelope};

/// The corpus folder of Chorus Pro, when there is one.
fn corpus() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = std::env::var_os("CHORUS_CORPUS").map_or(beside, PathBuf::from);
    let found = Some(corpus.join("chorus")).filter(|folder| folder.is_dir());
    if found.is_none() {
        eprintln!("SKIPPED: corpus not found (set CHORUS_CORPUS)");
    }
    found
}

/// Every field as a path, list members under `[]`.
fn fields(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                fields(value, &path, into);
                into.insert(path);
            }
        }
        Value::Array(members) => members
            .iter()
            .for_each(|member| fields(member, &format!("{path}[]"), into)),
        _ => {}
    }
}

fn fields_of(value: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    fields(value, "", &mut all);
    all
}

/// Answers to the actions on an invoice that came back, and to uploads.
async fn answers_to_actions(world: &World) -> Vec<(Operation, &'static str, Value)> {
    world.deposit(&cii("F-3")).await;
    let id = world.invoice_id("F-3").await;
    let by_id = json!({ "identifiantFactureCPP": id });
    let set = |status: &str| world.simulator.set_status("F-3", status, None).unwrap();
    let too_early = world.call(Operation::Completer, by_id.clone()).await;
    set("SUSPENDUE");
    let completed = world.call(Operation::Completer, by_id.clone()).await;
    set("A_RECYCLER");
    let listed = world.call(Operation::RechercherATraiter, json!({})).await;
    let recycled = world.call(Operation::Recycler, by_id).await;
    set("ERREUR_FOURNISSEUR_SUR_VALIDEUR");
    let supplier = world.simulator.supplier_siret();
    let correction = json!({ "idFacture": id, "identifiantStructure": supplier });
    let corrected = world.call(Operation::CorrigerValideur, correction).await;
    set("REJETEE");
    let rejection = json!({ "listeDemandePaiement": [{ "idDemandePaiement": id }] });
    let treated = world.call(Operation::TraiterRejet, rejection).await;
    let history = json!({ "idFacture": id });
    let file = json!({
        "pieceJointeNom": "a.txt", "pieceJointeExtension": "TXT", "pieceJointeTypeMime": "text/plain",
        "pieceJointeFichier": "YQ==",
    });
    vec![
        (Operation::Completer, "completer-error-20002", too_early),
        (Operation::Completer, "completer-200", completed),
        (Operation::RechercherATraiter, "", listed),
        (Operation::Recycler, "recycler-200", recycled),
        (Operation::CorrigerValideur, "", corrected),
        (Operation::TraiterRejet, "", treated),
        (
            Operation::ConsulterHistorique,
            "consulter-historique-200",
            world.call(Operation::ConsulterHistorique, history).await,
        ),
        (
            Operation::AjouterFichier,
            "ajouter-fichier-200",
            world.call(Operation::AjouterFichier, file).await,
        ),
    ]
}

/// Answers of ours, each beside the sample it should look like, if there is one.
async fn answers(world: &World) -> Vec<(Operation, &'static str, Value)> {
    let deposited = world
        .call(Operation::DeposerFlux, envelope(&cii("F-1")))
        .await;
    let flux = deposited["numeroFluxDepot"].as_str().unwrap().to_owned();
    let rejected = world
        .deposit(&but(&cii("F-2"), "<ram:TypeCode>30</ram:TypeCode>", ""))
        .await;
    let unreadable = world.deposit("<x").await;
    let found = world.search(json!({})).await;
    let invoice = found["listeFactures"][0].clone();
    let history = json!({ "idFacture": invoice["identifiantFactureCPP"] });
    let buyer = invoice["idDestinataire"].clone();
    let services = world
        .call(
            Operation::RechercherServices,
            json!({ "idStructure": buyer }),
        )
        .await;
    let service = services["listeServices"][0]["idService"].clone();
    let service = json!({ "idStructure": buyer, "idService": service });
    let report = Operation::ConsulterCrDetaille;
    let mut all = answers_to_actions(world).await;
    all.extend([
        (Operation::DeposerFlux, "deposer-flux-200", deposited),
        (
            report,
            "consulter-cr-detaille-integre",
            world.report(&flux).await,
        ),
        (
            report,
            "consulter-cr-detaille-rejete",
            world.report(&rejected).await,
        ),
        (
            report,
            "consulter-cr-detaille-irrecevable",
            world.report(&unreadable).await,
        ),
        (
            report,
            "consulter-cr-detaille-introuvable",
            world.report("none").await,
        ),
        (
            Operation::RechercherFournisseur,
            "rechercher-fournisseur-200",
            found,
        ),
        (
            Operation::ConsulterHistorique,
            "consulter-historique-200",
            world.call(Operation::ConsulterHistorique, history).await,
        ),
        (
            Operation::StructuresActivesFournisseur,
            "structures-actives-fournisseur-200",
            world
                .call(Operation::StructuresActivesFournisseur, json!({}))
                .await,
        ),
        (
            Operation::RechercherStructure,
            "structures-rechercher-200",
            world.call(Operation::RechercherStructure, json!({})).await,
        ),
        (
            Operation::ConsulterStructure,
            "structures-consulter-200",
            world
                .call(
                    Operation::ConsulterStructure,
                    json!({ "idStructureCPP": buyer }),
                )
                .await,
        ),
        (
            Operation::RechercherServices,
            "structures-services-200",
            services,
        ),
        (
            Operation::ConsulterService,
            "",
            world.call(Operation::ConsulterService, service).await,
        ),
        (
            Operation::ConsulterCr,
            "consulter-cr-200",
            world
                .call(Operation::ConsulterCr, json!({ "numeroFluxDepot": flux }))
                .await,
        ),
        (
            Operation::Rattachements,
            "utilisateurs-rattachements-200",
            world.call(Operation::Rattachements, json!({})).await,
        ),
    ]);
    all
}

#[tokio::test]
async fn answers_have_every_field_of_the_samples() {
    let Some(corpus) = corpus() else { return };
    let world = World::start().await;
    for (_, sample, answer) in answers(&world).await {
        if sample.is_empty() {
            continue;
        }
        let text =
            std::fs::read_to_string(corpus.join("samples").join(format!("{sample}.json"))).unwrap();
        let expected = fields_of(&serde_json::from_str(&text).unwrap());
        let ours = fields_of(&answer);
        let missing: Vec<_> = expected.difference(&ours).collect();
        assert!(missing.is_empty(), "{sample}: {missing:?}");
    }
}

/// Response fields of an operation in the field tables; `None` where no table covers it.
fn documented(corpus: &std::path::Path, operation: Operation) -> Option<BTreeSet<String>> {
    let tables = [
        "factures-supplier-ops.md",
        "factures-buyer-ops.md",
        "structures-ops.md",
    ];
    let read =
        |table: &str| std::fs::read_to_string(corpus.join("operations").join(table)).unwrap();
    let heading = format!("#### POST {} ", operation.path());
    let all: Vec<String> = tables.iter().map(|table| read(table)).collect();
    let section = all
        .iter()
        .find_map(|table| table.split_once(heading.as_str()))?
        .1;
    let section = section.split("\n#### ").next()?;
    let response = section.split_once("Response 200")?.1;
    let names = response
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    Some(names.map(|(name, _)| name.to_owned()).collect())
}

#[tokio::test]
async fn answers_have_no_undocumented_field() {
    let Some(corpus) = corpus() else { return };
    let world = World::start().await;
    let mut compared = BTreeSet::new();
    for (operation, _, answer) in answers(&world).await {
        let Some(known) = documented(&corpus, operation) else {
            continue;
        };
        let unknown: Vec<_> = fields_of(&answer)
            .into_iter()
            .filter(|field| !known.contains(field))
            .collect();
        assert!(unknown.is_empty(), "{operation:?}: {unknown:?}");
        compared.insert(operation);
    }
    assert!(compared.len() >= 12, "{compared:?}");
}
