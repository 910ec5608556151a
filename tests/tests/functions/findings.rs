//! What `validate` and `assert_valid` find, and the catalogue of rules.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use tokio_postgres::error::SqlState;

use super::scene::{flag, fresh, invoice, refusal, without};

#[tokio::test]
async fn a_valid_invoice_has_no_fatal_finding() {
    let Some(database) = fresh().await else {
        return;
    };
    let fatal = database
        .query(
            "SELECT rule, path, message FROM chorus.validate($1) WHERE severity = 'fatal'",
            &[&invoice()],
        )
        .await
        .unwrap();
    let fatal: Vec<_> = fatal
        .iter()
        .map(|row| {
            (
                row.get::<_, String>(0),
                row.get::<_, String>(1),
                row.get::<_, String>(2),
            )
        })
        .collect();
    assert!(fatal.is_empty(), "{fatal:?}");
    assert!(flag(&database, "SELECT chorus.is_valid($1)", &invoice()).await);
    assert!(flag(&database, "SELECT chorus.assert_valid($1) = $1", &invoice()).await);
}

#[tokio::test]
async fn findings_name_rule_place_term_and_remedy_in_the_language_asked_for() {
    let Some(database) = fresh().await else {
        return;
    };
    let wrong = without("/supplier", "name");
    let find = "SELECT rule, severity, path, term, message, hint, same_as FROM chorus.validate($1, $2) WHERE 'BR-06' = rule OR 'BR-06' = ANY (same_as)";
    let english = database.query_one(find, &[&wrong, &"en"]).await.unwrap();
    let french = database.query_one(find, &[&wrong, &"fr"]).await.unwrap();
    assert_eq!(english.get::<_, &str>("severity"), "fatal");
    assert_eq!(english.get::<_, &str>("path"), "$.supplier.name");
    assert_eq!(english.get::<_, &str>("term"), "BT-27");
    assert!(!english.get::<_, &str>("hint").is_empty());
    assert_eq!(
        english.get::<_, &str>("rule"),
        french.get::<_, &str>("rule")
    );
    assert_ne!(
        english.get::<_, &str>("message"),
        french.get::<_, &str>("message")
    );
    assert!(!flag(&database, "SELECT chorus.is_valid($1)", &wrong).await);
}

#[tokio::test]
async fn every_finding_is_of_a_rule_in_the_catalogue() {
    let Some(database) = fresh().await else {
        return;
    };
    let empty = json!({"$schema": "https://gobl.org/draft-0/bill/invoice", "issue_date": "2026-02-03", "currency": "EUR"});
    let unknown = database
        .query_one(
            "SELECT count(*), array_agg(v.rule) FILTER (WHERE r.rule IS NULL), bool_or(v.path IS NULL OR v.message = '')
             FROM chorus.validate($1) AS v LEFT JOIN chorus.rules() AS r USING (rule)",
            &[&empty],
        )
        .await
        .unwrap();
    assert!(
        unknown.get::<_, i64>(0) > 0,
        "an empty invoice has findings"
    );
    assert_eq!(unknown.get::<_, Option<Vec<String>>>(1), None);
    assert!(!unknown.get::<_, bool>(2));
}

/// Rule ids that stand in the texts of `folder`.
fn rule_ids(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rule_ids(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("PGC-") {
            let id: String = text[at..]
                .chars()
                .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '-')
                .collect();
            found.insert(id);
        }
    }
}

#[tokio::test]
async fn the_catalogue_has_every_rule_that_the_agent_or_the_tables_name() {
    let Some(database) = fresh().await else {
        return;
    };
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = BTreeSet::new();
    rule_ids(&project.join("agent/src"), &mut named);
    rule_ids(&project.join("sql"), &mut named);
    assert!(named.contains("PGC-CPRO-FLUX"), "{named:?}");
    let named: Vec<String> = named.into_iter().collect();
    let unknown: Option<Vec<String>> = database
        .query_one(
            "SELECT array_agg(n.rule) FROM unnest($1::text[]) AS n (rule) LEFT JOIN chorus.rules() AS r USING (rule) WHERE r.rule IS NULL",
            &[&named],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(unknown, None);
}

#[tokio::test]
async fn the_catalogue_is_ordered_complete_and_has_each_rule_once() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one(
            "SELECT count(*), count(DISTINCT rule),
                    count(*) FILTER (WHERE severity NOT IN ('fatal', 'warning', 'information')
                                     OR en = '' OR fr = '' OR source = '' OR terms IS NULL),
                    array_agg(rule) = array_agg(rule ORDER BY rule COLLATE \"C\")
             FROM chorus.rules()",
            &[],
        )
        .await
        .unwrap();
    assert!(row.get::<_, i64>(0) > 0);
    assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1));
    assert_eq!(row.get::<_, i64>(2), 0);
    assert!(row.get::<_, bool>(3));
}

#[tokio::test]
async fn validate_takes_null_for_document_and_profile_but_not_for_language() {
    let Some(database) = fresh().await else {
        return;
    };
    let rows = database
        .query("SELECT * FROM chorus.validate(NULL)", &[])
        .await
        .unwrap();
    assert!(rows.is_empty());
    let error = refusal(&database, "SELECT chorus.validate($1, NULL)", &invoice()).await;
    assert_eq!(error.code(), &SqlState::NULL_VALUE_NOT_ALLOWED);
    assert_eq!(error.hint(), Some("Use 'en' or 'fr'."));
}

#[tokio::test]
async fn an_unknown_language_or_profile_is_refused_with_the_known_ones() {
    let Some(database) = fresh().await else {
        return;
    };
    let error = refusal(&database, "SELECT chorus.validate($1, 'de')", &invoice()).await;
    assert_eq!(error.code(), &SqlState::INVALID_PARAMETER_VALUE);
    assert_eq!(error.message(), "unknown lang \"de\"");
    assert_eq!(error.hint(), Some("Use 'en' or 'fr'."));
    for sql in [
        "SELECT chorus.validate($1, 'en', 'peppol')",
        "SELECT chorus.render_cii($1, 'peppol')",
    ] {
        let error = refusal(&database, sql, &invoice()).await;
        assert_eq!(error.code(), &SqlState::INVALID_PARAMETER_VALUE);
        assert_eq!(error.message(), "unknown profile \"peppol\"");
        assert_eq!(error.hint(), Some("Use 'choruspro' or 'en16931'."));
    }
}

#[tokio::test]
async fn assert_valid_lists_the_fatal_findings() {
    let Some(database) = fresh().await else {
        return;
    };
    let error = refusal(
        &database,
        "SELECT chorus.assert_valid($1)",
        &without("/supplier", "name"),
    )
    .await;
    assert_eq!(error.code(), &SqlState::CHECK_VIOLATION);
    assert!(
        error.message().starts_with("invoice is not valid: "),
        "{error:?}"
    );
    assert!(
        error
            .detail()
            .unwrap()
            .contains("BR-06 at $.supplier.name: "),
        "{error:?}"
    );
    assert!(
        error.hint().is_some_and(|hint| !hint.is_empty()),
        "{error:?}"
    );
}

#[tokio::test]
async fn assert_valid_gives_back_the_document_that_was_stored() {
    let Some(database) = fresh().await else {
        return;
    };
    let mut long = invoice();
    long["notes"] = json!([{"text": "x".repeat(1000)}]);
    database
        .batch_execute(
            "CREATE TABLE stored (doc jsonb); ALTER TABLE stored ALTER doc SET STORAGE EXTERNAL",
        )
        .await
        .unwrap();
    database
        .execute("INSERT INTO stored VALUES ($1)", &[&long])
        .await
        .unwrap();
    database.batch_execute("CREATE TABLE again AS SELECT chorus.assert_valid(doc) AS doc FROM stored; DROP TABLE stored").await.unwrap();
    let doc: Value = database
        .query_one("SELECT doc FROM again", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(doc, long);
}
