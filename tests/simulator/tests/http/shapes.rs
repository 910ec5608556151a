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

/// Answers of ours, each beside the sample it should look like.
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
    let report = Operation::ConsulterCrDetaille;
    vec![
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
    ]
}

#[tokio::test]
async fn answers_have_every_field_of_the_samples() {
    let Some(corpus) = corpus() else { return };
    let world = World::start().await;
    for (_, sample, answer) in answers(&world).await {
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
    for (operation, sample, answer) in answers(&world).await {
        let Some(known) = documented(&corpus, operation) else {
            continue;
        };
        let unknown: Vec<_> = fields_of(&answer)
            .into_iter()
            .filter(|field| !known.contains(field))
            .collect();
        assert!(unknown.is_empty(), "{sample}: {unknown:?}");
        compared.insert(operation);
    }
    assert!(compared.len() >= 6, "{compared:?}");
}
