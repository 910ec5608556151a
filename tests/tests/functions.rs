//! The SQL functions as an application meets them: results, NULLs, and the SQLSTATE, DETAIL and HINT of every refusal.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::ops::Deref;
use std::path::Path;

use chorus_tests::{Cluster, Content, Database};
use serde_json::{Value, json};
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::{Client, Config, NoTls};

/// A small valid invoice, not calculated: 2 × 450.00 net, 20 %.
fn invoice() -> Value {
    json!({
        "$schema": "https://gobl.org/draft-0/bill/invoice",
        "$regime": "FR",
        "$addons": ["eu-en16931-v2017", "fr-choruspro-v1"],
        "type": "standard",
        "series": "FAC",
        "code": "2026-0001",
        "issue_date": "2026-02-03",
        "currency": "EUR",
        "tax": {"ext": {"fr-choruspro-framework": "A1"}},
        "supplier": {
            "name": "Menuiserie Durand",
            "tax_id": {"country": "FR", "code": "44732829320"},
            "identities": [{"type": "SIRET", "code": "73282932000074"}],
            "addresses": [{"num": "4", "street": "rue des Écoles", "locality": "Lyon", "code": "69007", "country": "FR"}],
            "ext": {"fr-choruspro-scheme": "1"}
        },
        "customer": {
            "name": "Mairie de Lyon",
            "identities": [{"type": "SIRET", "code": "35600000000048"}],
            "addresses": [{"num": "1", "street": "place de la Comédie", "locality": "Lyon", "code": "69001", "country": "FR"}],
            "ext": {"fr-choruspro-scheme": "1"}
        },
        "lines": [{
            "quantity": "2",
            "item": {"name": "Porte en chêne", "price": "450.00", "unit": "one"},
            "taxes": [{"cat": "VAT", "rate": "standard"}]
        }],
        "ordering": {"code": "SERVICE-7", "contracts": [{"code": "M-2025-12"}], "purchases": [{"code": "EJ-4711"}]},
        "payment": {
            "terms": {"due_dates": [{"date": "2026-03-05", "percent": "100%"}]},
            "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]}
        }
    })
}

/// The invoice with one value changed; `pointer` as in RFC 6901.
fn with(pointer: &str, value: Value) -> Value {
    let mut invoice = invoice();
    *invoice
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("the invoice has no {pointer}")) = value;
    invoice
}

/// The invoice without one value.
fn without(parent: &str, key: &str) -> Value {
    let mut invoice = invoice();
    let parent = invoice
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .unwrap();
    assert!(parent.remove(key).is_some(), "the invoice has no {key}");
    invoice
}

#[tokio::test]
async fn build_calculates_lines_taxes_and_totals() {
    let Some(database) = fresh().await else {
        return;
    };
    let built = json_of(&database, "SELECT chorus.build($1)", &invoice()).await;
    assert_eq!(built["lines"][0]["total"], "900.00");
    assert_eq!(built["totals"]["tax"], "180.00");
    assert_eq!(built["totals"]["payable"], "1080.00");
    assert_eq!(built["uuid"], Value::Null, "build makes no ids");
}

#[tokio::test]
async fn build_of_an_envelope_is_an_envelope() {
    let Some(database) = fresh().await else {
        return;
    };
    let envelope = json!({
        "$schema": "https://gobl.org/draft-0/envelope",
        "head": {"uuid": "019783e7-33b1-7000-a1a5-6139e214b447", "dig": {"alg": "sha256", "val": ""}},
        "doc": invoice()
    });
    let built = json_of(&database, "SELECT chorus.build($1)", &envelope).await;
    assert_eq!(built["doc"]["totals"]["payable"], "1080.00");
    assert_eq!(built["head"]["uuid"], envelope["head"]["uuid"]);
}

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

#[tokio::test]
async fn process_gives_all_that_a_row_needs() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one(
            "SELECT doc, findings, fatal_count, number, type, document_type, framework, issue_date::text, currency,
                    total_without_tax::text, total_tax::text, total_with_tax::text, amount_due::text,
                    supplier_id_type, supplier_identifier, supplier_name, buyer_id_type, buyer_identifier, buyer_name,
                    service_code, commitment_number, contract_number
             FROM chorus.process($1, '2026-07-01', '019783e7-33b1-7000-a1a5-6139e214b447')",
            &[&invoice()],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, Value>("doc")["totals"]["payable"], "1080.00");
    assert_eq!(
        row.get::<_, Value>("doc")["uuid"],
        "019783e7-33b1-7000-a1a5-6139e214b447"
    );
    assert!(row.get::<_, Value>("findings").is_array());
    assert_eq!(row.get::<_, i32>("fatal_count"), 0);
    for (column, expected) in [
        ("number", "FAC-2026-0001"),
        ("type", "standard"),
        ("document_type", "380"),
        ("framework", "A1"),
        ("issue_date", "2026-02-03"),
        ("currency", "EUR"),
        ("total_without_tax", "900.00"),
        ("total_tax", "180.00"),
        ("total_with_tax", "1080.00"),
        ("amount_due", "1080.00"),
        ("supplier_id_type", "SIRET"),
        ("supplier_identifier", "73282932000074"),
        ("supplier_name", "Menuiserie Durand"),
        ("buyer_id_type", "SIRET"),
        ("buyer_identifier", "35600000000048"),
        ("buyer_name", "Mairie de Lyon"),
        ("service_code", "SERVICE-7"),
        ("commitment_number", "EJ-4711"),
        ("contract_number", "M-2025-12"),
    ] {
        assert_eq!(
            row.get::<_, Option<&str>>(column),
            Some(expected),
            "{column}"
        );
    }
}

#[tokio::test]
async fn process_fills_in_the_day_and_says_nothing_with_null() {
    let Some(database) = fresh().await else {
        return;
    };
    let mut bare = without("", "issue_date");
    bare.as_object_mut().unwrap().remove("ordering");
    let row = database
        .query_one(
            "SELECT issue_date::text, service_code, commitment_number, contract_number
             FROM chorus.process($1, '2026-07-01', gen_random_uuid())",
            &[&bare],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, &str>(0), "2026-07-01");
    for column in 1..=3 {
        assert_eq!(row.get::<_, Option<&str>>(column), None);
    }
}

#[tokio::test]
async fn process_reports_what_is_wrong_in_both_languages_instead_of_failing() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one(
            "SELECT fatal_count, f FROM chorus.process($1, '2026-07-01', gen_random_uuid()) AS p,
                    jsonb_array_elements(p.findings) AS f WHERE f ->> 'rule' = 'BR-06'",
            &[&without("/supplier", "name")],
        )
        .await
        .unwrap();
    assert!(row.get::<_, i32>(0) > 0);
    let finding: Value = row.get(1);
    let mut keys: Vec<_> = finding
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "hint_en",
            "hint_fr",
            "message_en",
            "message_fr",
            "path",
            "rule",
            "same_as",
            "severity",
            "term",
            "value"
        ]
    );
    assert_eq!(finding["path"], "$.supplier.name");
    assert_eq!(finding["severity"], "fatal");
    assert_eq!(finding["term"], "BT-27");
    assert_eq!(finding["value"], Value::Null);
    assert!(finding["same_as"].is_array());
    assert_ne!(finding["message_en"], finding["message_fr"]);
}

#[tokio::test]
async fn process_of_an_invoice_that_cannot_be_calculated_is_a_row_with_findings() {
    let Some(database) = fresh().await else {
        return;
    };
    let wrong = with("/lines/0/taxes/0/rate", json!("no-such-rate"));
    let row = database
        .query_one(
            "SELECT fatal_count, doc FROM chorus.process($1, '2026-07-01', gen_random_uuid())",
            &[&wrong],
        )
        .await
        .unwrap();
    assert!(row.get::<_, i32>(0) > 0);
    assert_eq!(
        row.get::<_, Value>(1)["supplier"]["name"],
        "Menuiserie Durand"
    );
    let error = refusal(&database, "SELECT chorus.build($1)", &wrong).await;
    assert_eq!(error.code(), &SqlState::DATA_EXCEPTION);
    assert!(
        error
            .detail()
            .unwrap()
            .starts_with("JSON path: $.lines[0].taxes[0]"),
        "{error:?}"
    );
    assert!(error.hint().is_some());
    assert!(!flag(&database, "SELECT chorus.is_valid($1)", &wrong).await);
}

#[tokio::test]
async fn process_refuses_days_that_no_invoice_can_have() {
    let Some(database) = fresh().await else {
        return;
    };
    for day in ["infinity", "-infinity", "10000-01-01"] {
        let sql = format!("SELECT chorus.process($1, '{day}', gen_random_uuid())");
        let error = refusal(&database, &sql, &invoice()).await;
        assert_eq!(error.code(), &SqlState::DATETIME_FIELD_OVERFLOW, "{day}");
        assert!(error.hint().is_some());
    }
}

#[tokio::test]
async fn render_cii_gives_one_well_formed_utf8_document() {
    let Some(database) = fresh().await else {
        return;
    };
    for profile in ["choruspro", "en16931"] {
        let row = database
            .query_one(
                "SELECT xml_is_well_formed_document(cii::text), convert_to(cii::text, 'UTF8'), cii IS DOCUMENT
                 FROM chorus.render_cii($1, $2) AS cii",
                &[&invoice(), &profile],
            )
            .await
            .unwrap();
        assert!(row.get::<_, bool>(0));
        assert!(row.get::<_, bool>(2));
        let bytes: Vec<u8> = row.get(1);
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            "{text}"
        );
        assert!(
            text.contains("Porte en chêne") && text.contains("FAC-2026-0001"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn render_cii_embeds_attachments() {
    let Some(database) = fresh().await else {
        return;
    };
    let text: String = database
        .query_one(
            "SELECT chorus.render_cii($1, 'choruspro', '{devis.pdf}', '{application/pdf}', ARRAY['\\x25504446'::bytea])::text",
            &[&invoice()],
        )
        .await
        .unwrap()
        .get(0);
    assert!(
        text.contains("devis.pdf") && text.contains("application/pdf") && text.contains("JVBERg=="),
        "{text}"
    );
}

#[tokio::test]
async fn attachments_that_do_not_match_are_refused() {
    let Some(database) = fresh().await else {
        return;
    };
    let error = refusal(
        &database,
        "SELECT chorus.render_cii($1, 'choruspro', '{a.pdf,b.pdf}', '{application/pdf}')",
        &invoice(),
    )
    .await;
    assert_eq!(error.code(), &SqlState::INVALID_PARAMETER_VALUE);
    assert_eq!(
        error.detail(),
        Some("There are 2 names, 1 MIME codes and 0 contents.")
    );
    assert!(error.hint().is_some());
    let error = refusal(
        &database,
        "SELECT chorus.render_cii($1, 'choruspro', '{a.pdf,NULL}', '{application/pdf,application/pdf}', '{\"\\\\x00\",\"\\\\x00\"}')",
        &invoice(),
    )
    .await;
    assert_eq!(error.code(), &SqlState::NULL_VALUE_NOT_ALLOWED);
    assert!(error.detail().unwrap().contains("element 2"), "{error:?}");
}

#[tokio::test]
async fn the_digest_is_that_of_the_calculated_document() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one(
            "SELECT chorus.digest($1), chorus.digest(chorus.build($1)), chorus.digest($2)",
            &[&invoice(), &with("/code", json!("2026-0002"))],
        )
        .await
        .unwrap();
    let digest: &str = row.get(0);
    assert_eq!(digest.len(), 64);
    assert!(
        digest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)),
        "{digest}"
    );
    assert_eq!(digest, row.get::<_, &str>(1));
    assert_ne!(digest, row.get::<_, &str>(2));
}

/// Functions that raise what the domain refuses.
const RAISING: [&str; 6] = [
    "SELECT chorus.build($1)",
    "SELECT chorus.validate($1)",
    "SELECT chorus.assert_valid($1)",
    "SELECT chorus.process($1, '2026-07-01', gen_random_uuid())",
    "SELECT chorus.render_cii($1)",
    "SELECT chorus.digest($1)",
];

#[tokio::test]
async fn what_is_no_gobl_invoice_is_refused_with_a_remedy() {
    let Some(database) = fresh().await else {
        return;
    };
    for document in [
        json!(null),
        json!(true),
        json!(12.5),
        json!("invoice"),
        json!([]),
        json!([1, 2]),
        json!({}),
        json!({"a": 1}),
        json!({"$schema": "https://gobl.org/draft-0/org/party", "name": "x"}),
        json!({"$schema": "https://gobl.org/draft-0/envelope", "head": {}}),
    ] {
        for sql in RAISING {
            let error = refusal(&database, sql, &document).await;
            assert_eq!(
                error.code(),
                &SqlState::INVALID_PARAMETER_VALUE,
                "{sql} of {document}: {error:?}"
            );
            assert!(
                error
                    .detail()
                    .is_some_and(|detail| detail.starts_with("JSON path: $")),
                "{sql} of {document}: {error:?}"
            );
            assert!(
                error.hint().is_some_and(|hint| !hint.is_empty()),
                "{sql} of {document}: {error:?}"
            );
        }
        assert!(
            !flag(&database, "SELECT chorus.is_valid($1)", &document).await,
            "{document}"
        );
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_named_by_its_path() {
    let Some(database) = fresh().await else {
        return;
    };
    for (pointer, value, path) in [
        ("/lines", json!({}), "$.lines"),
        ("/lines/0/quantity", json!([]), "$.lines[0].quantity"),
        ("/lines/0/item/name", json!(5.5), "$.lines[0].item.name"),
        (
            "/lines/0/item/price",
            json!("12,50"),
            "$.lines[0].item.price",
        ),
        ("/supplier/name", json!(5), "$.supplier.name"),
        (
            "/supplier/addresses/0/street",
            json!({"a": 1}),
            "$.supplier.addresses[0].street",
        ),
        ("/issue_date", json!("03/02/2026"), "$.issue_date"),
    ] {
        for sql in RAISING {
            let error = refusal(&database, sql, &with(pointer, value.clone())).await;
            assert_eq!(
                error.code(),
                &SqlState::INVALID_TEXT_REPRESENTATION,
                "{sql} with {pointer}: {error:?}"
            );
            assert_eq!(
                error.detail(),
                Some(&*format!("JSON path: {path}")),
                "{sql} with {pointer}: {error:?}"
            );
            assert!(
                error.hint().is_some_and(|hint| !hint.is_empty()),
                "{sql} with {pointer}: {error:?}"
            );
        }
        assert!(
            !flag(
                &database,
                "SELECT chorus.is_valid($1)",
                &with(pointer, value)
            )
            .await,
            "{pointer}"
        );
    }
}

#[tokio::test]
async fn limits_are_errors_for_every_function() {
    let Some(database) = fresh().await else {
        return;
    };
    let deep = (0..80).fold(json!("x"), |inner, _| json!([inner]));
    let mut invoice = invoice();
    invoice["complements"] = json!([deep]);
    for sql in RAISING.into_iter().chain(["SELECT chorus.is_valid($1)"]) {
        let error = refusal(&database, sql, &invoice).await;
        assert_eq!(
            error.code(),
            &SqlState::PROGRAM_LIMIT_EXCEEDED,
            "{sql}: {error:?}"
        );
        assert!(
            error
                .detail()
                .unwrap()
                .starts_with("JSON path: $.complements[0]"),
            "{sql}: {error:?}"
        );
        assert!(error.hint().is_some());
    }
}

#[tokio::test]
async fn a_null_argument_gives_null() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one(
            "SELECT chorus.build(NULL) IS NULL AND chorus.is_valid(NULL) IS NULL AND chorus.assert_valid(NULL) IS NULL
                    AND chorus.render_cii(NULL) IS NULL AND chorus.digest(NULL) IS NULL
                    AND NOT EXISTS (SELECT FROM chorus.process(NULL, '2026-07-01', gen_random_uuid()))",
            &[],
        )
        .await
        .unwrap();
    assert!(row.get::<_, bool>(0));
}

#[tokio::test]
async fn functions_serve_as_constraint_and_in_an_index() {
    let Some(database) = fresh().await else {
        return;
    };
    database
        .batch_execute(
            "CREATE TABLE guarded (doc jsonb CHECK (chorus.is_valid(doc)));
             CREATE INDEX ON guarded (chorus.digest(doc))",
        )
        .await
        .unwrap();
    database
        .execute("INSERT INTO guarded VALUES ($1)", &[&invoice()])
        .await
        .unwrap();
    let error = database
        .execute("INSERT INTO guarded VALUES ($1)", &[&json!({})])
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::CHECK_VIOLATION));
}

#[tokio::test]
async fn functions_are_pure_for_the_planner_and_free_for_all() {
    let Some(database) = fresh().await else {
        return;
    };
    let rows = database
        .query(
            "SELECT p.proname::text, p.provolatile::text, p.proisstrict, p.proparallel::text, p.prosecdef, p.procost > 0,
                    has_function_privilege('pg_monitor', p.oid, 'EXECUTE'), obj_description(p.oid) IS NOT NULL
             FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
                  JOIN pg_extension AS e ON e.oid = d.refobjid
             WHERE e.extname = 'pg_chorus' AND p.pronamespace = 'chorus'::regnamespace
             ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        names,
        [
            "assert_valid",
            "build",
            "check_cii",
            "check_cii",
            "check_directory",
            "correct",
            "digest",
            "explain",
            "iban_is_valid",
            "is_valid",
            "library_version",
            "locate",
            "parse_cii",
            "parse_cii",
            "process",
            "render_cii",
            "rules",
            "siren_is_valid",
            "siret_is_valid",
            "validate",
            "vat_id_is_valid"
        ]
    );
    for row in &rows {
        let name: &str = row.get(0);
        assert_eq!(
            row.get::<_, &str>(1),
            if name == "library_version" { "s" } else { "i" },
            "{name}"
        );
        let takes_null = matches!(name, "check_directory" | "correct" | "validate");
        assert_eq!(row.get::<_, bool>(2), !takes_null, "{name}");
        assert_eq!(row.get::<_, &str>(3), "s", "{name}");
        assert!(
            !row.get::<_, bool>(4)
                && row.get::<_, bool>(5)
                && row.get::<_, bool>(6)
                && row.get::<_, bool>(7),
            "{name}"
        );
    }
}

#[tokio::test]
async fn library_and_extension_have_one_version() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one("SELECT chorus.library_version(), extversion FROM pg_extension WHERE extname = 'pg_chorus'", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, &str>(0), row.get::<_, &str>(1));
}

#[tokio::test]
async fn dropping_the_extension_leaves_the_schema_and_its_tables() {
    let Some(database) = fresh().await else {
        return;
    };
    database
        .batch_execute("CREATE TABLE chorus.kept (id integer); DROP EXTENSION pg_chorus")
        .await
        .unwrap();
    let kept: Option<u32> = database
        .query_one("SELECT to_regclass('chorus.kept')::oid", &[])
        .await
        .unwrap()
        .get(0);
    assert!(kept.is_some());
    database
        .batch_execute("CREATE EXTENSION pg_chorus")
        .await
        .unwrap();
}

#[tokio::test]
async fn whoever_may_create_in_the_database_may_install_the_extension() {
    let Some(database) = fresh().await else {
        return;
    };
    let role = format!("installer_{}", uuid::Uuid::new_v4().simple());
    let name = database.database.name();
    database
        .batch_execute(&format!(
            "DROP EXTENSION pg_chorus; DROP SCHEMA chorus;
             CREATE ROLE {role}; GRANT CREATE ON DATABASE {name} TO {role};
             SET ROLE {role};
             CREATE EXTENSION pg_chorus;
             SELECT chorus.library_version();
             DROP EXTENSION pg_chorus;
             RESET ROLE;
             DROP OWNED BY {role}; DROP ROLE {role}"
        ))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_of_another_encoding_is_refused_and_left_as_it_was() {
    let Some(database) = fresh().await else {
        return;
    };
    let name = format!("latin1_{}", uuid::Uuid::new_v4().simple());
    database
        .batch_execute(&format!(
            "CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
        ))
        .await
        .unwrap();
    let latin1 = connect(database.database.cluster(), &name).await;
    let error = latin1
        .batch_execute("CREATE EXTENSION pg_chorus")
        .await
        .unwrap_err();
    let error = error.as_db_error().unwrap();
    assert_eq!(error.code(), &SqlState::FEATURE_NOT_SUPPORTED);
    assert_eq!(
        error.message(),
        "pg_chorus needs a database in encoding UTF8"
    );
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("ENCODING 'UTF8'")),
        "{error:?}"
    );
    let left: bool = latin1
        .query_one("SELECT to_regnamespace('chorus') IS NOT NULL", &[])
        .await
        .unwrap()
        .get(0);
    assert!(!left, "schema chorus was made");
    drop(latin1);
    database
        .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
}

/// A database of the test's own with the extension, and a connection to it.
struct Fresh {
    client: Client,
    database: Database,
}

impl Deref for Fresh {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// `None`, and loud, where there is no cluster.
async fn fresh() -> Option<Fresh> {
    let database = Database::create("functions", Content::Extension)
        .await
        .unwrap()?;
    let client = database.connect().await.unwrap();
    Some(Fresh { client, database })
}

/// Connects to another database of the same cluster.
async fn connect(cluster: &Cluster, name: &str) -> Client {
    let (client, connection) = Config::new()
        .host_path(&cluster.host)
        .port(cluster.port)
        .user(&cluster.user)
        .dbname(name)
        .connect(NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

async fn json_of(database: &Client, sql: &str, document: &Value) -> Value {
    database
        .query_one(sql, &[document])
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

async fn flag(database: &Client, sql: &str, document: &Value) -> bool {
    database
        .query_one(sql, &[document])
        .await
        .unwrap_or_else(|error| panic!("{sql} of {document}: {error:?}"))
        .get(0)
}

/// The ERROR of a statement that must fail.
async fn refusal(database: &Client, sql: &str, document: &Value) -> DbError {
    match database.query(sql, &[document]).await {
        Ok(rows) => panic!(
            "{sql} of {document} gives {} rows instead of an error",
            rows.len()
        ),
        Err(error) => error
            .as_db_error()
            .unwrap_or_else(|| panic!("{sql} of {document}: {error:?}"))
            .clone(),
    }
}
