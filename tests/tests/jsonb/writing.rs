//! What the writer makes of JSON, against what `jsonb_in` makes of it: the same bytes.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::{document, fresh};

/// The bytes of a document as PostgreSQL and as our writer make it.
const COMPARE: &str = "SELECT $1::text::jsonb::bytea, bench_write($1)::bytea";

#[test]
fn random_documents_are_written_as_postgresql_writes_them() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let Some(database) = runtime.block_on(fresh()) else {
        return;
    };
    let compare = runtime.block_on(database.prepare(COMPARE)).unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 600,
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&document(number()), |json| {
        let row = runtime
            .block_on(database.query_one(&compare, &[&json]))
            .map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        prop_assert_eq!(row.get::<_, &[u8]>(0), row.get::<_, &[u8]>(1));
        Ok(())
    });
    result.unwrap();
}

#[tokio::test]
async fn scalars_and_empty_containers_may_be_the_whole_document() {
    let Some(database) = fresh().await else {
        return;
    };
    for json in [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.5",
        "\"\"",
        "\"é€😀\"",
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "[[], {}, [[], [{}]]]",
        r#"{"": {}}"#,
        r#"{"a": [], "b": {"c": {}}, "ccc": [1, {}]}"#,
    ] {
        assert_same(&database, json).await;
    }
}

#[tokio::test]
async fn numbers_are_written_in_both_forms_of_numeric() {
    let Some(database) = fresh().await else {
        return;
    };
    for json in [
        "7",
        "9999",
        "10000",
        "10001",
        "-100000000",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "0.5",
        "0.0001",
        "0.00001",
        "12345.6789",
        "10000.0001",
        "-0.00000000012",
        // The short form has room for 63 decimals.
        "0.000000000000000000000000000000000000000000000000000000000000003",
        "0.0000000000000000000000000000000000000000000000000000000000000001",
    ] {
        assert_same(&database, json).await;
    }
}

#[tokio::test]
async fn containers_of_every_size_around_the_offset_stride_are_written() {
    let Some(database) = fresh().await else {
        return;
    };
    let wrong: Option<String> = database
        .query_one(
            "SELECT string_agg(n::text, ' ')
             FROM (SELECT generate_series(0, 130) UNION ALL VALUES (1000), (4097)) AS sizes (n),
                  LATERAL (SELECT coalesce(jsonb_agg(repeat('x', i % 7)), '[]') AS a,
                                  coalesce(jsonb_object_agg(repeat('k', i % 5) || i, i), '{}') AS o
                           FROM generate_series(1, n) AS i) AS made,
                  LATERAL (SELECT jsonb_build_array(a, o, n, a) AS d) AS document
             WHERE bench_write(d::text)::bytea <> d::bytea",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(wrong, None);
}

#[tokio::test]
async fn keys_are_sorted_by_length_and_then_by_bytes() {
    let Some(database) = fresh().await else {
        return;
    };
    assert_same(
        &database,
        r#"{"é": 1, "zz": 2, "aa": 3, "€": 4, "abc": 5, "éa": 6, "aé": 7, "b": 8, "": 9, "😀": 10, "abcd": 11, "Z": 12}"#,
    )
    .await;
}

#[tokio::test]
async fn of_members_with_the_same_key_the_last_counts() {
    let Some(database) = fresh().await else {
        return;
    };
    for json in [
        r#"{"a": 1, "a": 2}"#,
        r#"{"a": 1, "b": {"a": 1, "a": [], "a": null}, "a": "x", "b": 7, "a": {}}"#,
    ] {
        assert_same(&database, json).await;
    }
}

#[tokio::test]
async fn the_character_that_postgresql_lacks_is_refused_as_postgresql_does() {
    let Some(database) = fresh().await else {
        return;
    };
    for json in [r#"["a\u0000b"]"#, r#"{"a\u0000b": 1}"#] {
        let theirs = database
            .query_one("SELECT $1::text::jsonb", &[&json])
            .await
            .unwrap_err();
        let ours = database
            .query_one("SELECT bench_write($1)", &[&json])
            .await
            .unwrap_err();
        assert_eq!(ours.code(), theirs.code());
        assert_eq!(ours.code(), Some(&SqlState::UNTRANSLATABLE_CHARACTER));
        let ours = ours.as_db_error().unwrap();
        assert_eq!(
            ours.detail(),
            Some("In the result a text holds the character U+0000.")
        );
        assert!(ours.hint().is_some());
    }
}

#[tokio::test]
async fn what_an_entry_cannot_count_is_refused() {
    let Some(database) = fresh().await else {
        return;
    };
    // One byte more than the length of an entry can say, and as much in two texts of one array.
    for json in [
        "to_json(repeat('x', 268435456))::text",
        "json_build_array(repeat('x', 134217728), repeat('x', 134217728))::text",
    ] {
        let error = database
            .query_one(&format!("SELECT bench_write({json})"), &[])
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::PROGRAM_LIMIT_EXCEEDED));
        assert_eq!(
            error.as_db_error().unwrap().detail(),
            Some("In the result an array, object or text has more than 268435455 bytes.")
        );
    }
    let bytes: i32 = database
        .query_one(
            "SELECT octet_length(bench_write(to_json(repeat('x', 268435455))::text)::bytea)",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(bytes, 268_435_455 + 8);
}

async fn assert_same(database: &Client, json: &str) {
    let row = database
        .query_one(COMPARE, &[&json])
        .await
        .unwrap_or_else(|error| panic!("{json}: {error:?}"));
    assert_eq!(row.get::<_, &[u8]>(0), row.get::<_, &[u8]>(1), "of {json}");
}

/// Numbers that are the same as integers or floats and as text: no zeros at the end.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i8>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<u64>().prop_map(|value| value.to_string()),
        "-?(0|[1-9][0-9]{0,6})\\.[0-9]{0,6}[1-9]",
    ]
}
