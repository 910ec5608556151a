//! The SQL functions on what Chorus Pro says: `check_directory` and `locate`.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::unwrap_used)]

use chorus_tests::{Content, Database};
use serde_json::{Value, json};
use tokio_postgres::Client;

fn invoice() -> Value {
    json!({
        "$schema": "https://gobl.org/draft-0/bill/invoice",
        "$regime": "FR",
        "$addons": ["eu-en16931-v2017", "fr-choruspro-v1"],
        "code": "1", "issue_date": "2026-02-03", "currency": "EUR",
        "tax": {"ext": {"fr-choruspro-framework": "A1"}},
        "customer": {"name": "Mairie de Lyon", "identities": [{"type": "SIRET", "code": "35600000000048"}], "ext": {"fr-choruspro-scheme": "1"}}
    })
}

/// A test's database, and a session in it; `None`, and loud, without a cluster.
async fn fresh() -> Option<(Database, Client)> {
    let database = Database::create("chorus_answers", Content::Extension)
        .await
        .unwrap()?;
    let client = database.connect().await.unwrap();
    Some((database, client))
}

/// rule, severity, term and hint of every finding.
async fn check(
    client: &Client,
    structure: Option<Value>,
    services: Option<Value>,
    lang: &str,
) -> Vec<[String; 4]> {
    let sql = "SELECT rule, severity, term, hint FROM chorus.check_directory($1, $2, $3, $4)";
    let rows = client
        .query(sql, &[&invoice(), &structure, &services, &lang])
        .await
        .unwrap();
    rows.iter()
        .map(|row| [0, 1, 2, 3].map(|column| row.get(column)))
        .collect()
}

#[tokio::test]
async fn check_directory_says_what_the_buyer_asks_for_and_what_is_not_known() {
    let Some((_database, client)) = fresh().await else {
        return;
    };
    let structure = json!({
        "codeRetour": 0,
        "listeStructures": [{"statut": "ACTIVE", "idStructureCPP": 25461}],
        "informationGenerales": {"idStructureCPP": 25461, "numeroTVA": null},
        "parametres": {"codeServiceDoitEtreRenseigne": true, "numeroEJDoitEtreRenseigne": null}
    });
    let services = json!([{"idService": 1, "codeService": "DAF", "libelleService": "Finances", "estActif": true}]);
    for (lang, wanted) in [
        ("en", "active services: DAF (Finances)"),
        ("fr", "Services actifs de l’acheteur : DAF (Finances)"),
    ] {
        let found = check(
            &client,
            Some(structure.clone()),
            Some(services.clone()),
            lang,
        )
        .await;
        let [[rule, severity, term, hint]] = found.as_slice() else {
            unreachable!("{found:?}")
        };
        assert_eq!(
            [rule.as_str(), severity, term],
            ["PGC-CPRO-SERVICE-REQUIRED", "fatal", "BT-10"]
        );
        assert!(hint.contains(wanted), "{hint}");
    }
    for nothing in [None, Some(Value::Null), Some(json!({}))] {
        let found = check(&client, nothing, None, "en").await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            found.concat().get(..2).unwrap(),
            ["PGC-CPRO-DIRECTORY", "warning"]
        );
    }
}

#[tokio::test]
async fn check_directory_refuses_what_is_no_answer_and_has_nothing_to_say_of_no_document() {
    let Some((_database, client)) = fresh().await else {
        return;
    };
    let none = client
        .query(
            "SELECT * FROM chorus.check_directory(NULL, NULL, NULL)",
            &[],
        )
        .await
        .unwrap();
    assert!(none.is_empty());
    for (structure, services) in [
        ("[1]", "[]"),
        ("{\"listeStructures\": 1}", "[]"),
        ("{}", "\"x\""),
        ("{}", "[[1]]"),
    ] {
        let sql = format!(
            "SELECT * FROM chorus.check_directory('{{\"$schema\": \"https://gobl.org/draft-0/bill/invoice\"}}', '{structure}', '{services}')"
        );
        let refused = client.query(&sql, &[]).await.unwrap_err();
        let refused = refused.as_db_error().unwrap();
        assert_eq!(refused.code().code(), "22P02", "{structure} {services}");
        assert!(refused.hint().unwrap().contains("rechercher"));
    }
}

#[tokio::test]
async fn locate_leads_from_a_message_to_the_field() {
    let Some((_database, client)) = fresh().await else {
        return;
    };
    let message = "L'element FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement.BuyerReference.value est obligatoire.";
    let sql = "SELECT path, term FROM chorus.locate($1, $2)";
    let row = client
        .query_one(sql, &[&invoice(), &message])
        .await
        .unwrap();
    assert_eq!(
        [row.get::<_, &str>(0), row.get(1)],
        ["$.ordering.code", "BT-10"]
    );
    let none = client
        .query(sql, &[&invoice(), &"Flux introuvable."])
        .await
        .unwrap();
    assert!(none.is_empty());
}
