//! What the reader says, against what PostgreSQL prints. `bench_echo` writes a document again from what the reader said of it: strings that were lent, numbers as they came.

use std::cell::Cell;
use std::time::Instant;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use super::{document, fresh};

/// A document as PostgreSQL prints it, and as it prints what the reader made of it.
const COMPARE: &str =
    "SELECT d::text, bench_echo(d)::jsonb::text FROM (SELECT $1::text::jsonb AS d) AS input";

#[test]
fn random_documents_read_as_postgresql_prints_them() {
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
        prop_assert_eq!(row.get::<_, &str>(0), row.get::<_, &str>(1));
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
        "1.10",
        r#""""#,
        r#""é€😀""#,
        r#""\"\\\n\u0001""#,
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "[[], {}, [[], [{}]]]",
        r#"{"": {}}"#,
        r#"{"a": [], "b": {"c": {}}}"#,
    ] {
        assert_same(&database, json).await;
    }
}

#[tokio::test]
async fn numbers_keep_every_digit_and_their_scale() {
    let Some(database) = fresh().await else {
        return;
    };
    for json in [
        "1.10",
        "0.00",
        "-0.0001",
        "1e20",
        "1E-20",
        "-12345.678900",
        "9999",
        "10000",
        "99999999",
        "100000000.0001",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "170141183460469231731687303715884105727",
        "-170141183460469231731687303715884105727",
        "170141183460469231731687303715884105728",
        "1.7976931348623157e308",
        "123456789.000000000000000000000000000000001",
    ] {
        assert_same(&database, json).await;
    }
    // Every weight around the point, as single digits, full digits and carries, with and without trailing zeros.
    let wrong = database
        .query_one(
            "SELECT string_agg(d::text, ' ')
             FROM generate_series(-40, 40) AS exponent,
                  unnest('{1,7,10,9999,10000,10001,99999999,12345678,100000000}'::numeric[]) AS mantissa,
                  unnest('{1,-1}'::numeric[]) AS sign,
                  unnest('{0,1,4,5}'::int[]) AS extra,
                  to_jsonb(round(sign * mantissa * 10::numeric ^ exponent, greatest(0, -exponent) + extra)) AS d
             WHERE bench_echo(d) <> d::text",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(wrong.get::<_, Option<&str>>(0), None);
}

#[tokio::test]
async fn containers_of_every_size_around_the_offset_stride_are_read() {
    let Some(database) = fresh().await else {
        return;
    };
    let wrong = database
        .query_one(
            "SELECT string_agg(n::text, ' ')
             FROM generate_series(0, 130) AS n,
                  LATERAL (SELECT coalesce(jsonb_agg(repeat('x', i % 7)), '[]') AS a,
                                  coalesce(jsonb_object_agg(repeat('k', i % 5) || i, i / 10.0), '{}') AS o
                           FROM generate_series(1, n) AS i) AS made,
                  LATERAL (SELECT jsonb_build_array(a, o, n) AS d) AS document
             WHERE bench_echo(d)::jsonb::text <> d::text",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(wrong.get::<_, Option<&str>>(0), None);
}

#[tokio::test]
async fn stored_documents_are_read_whatever_their_storage() {
    let Some(database) = fresh().await else {
        return;
    };
    database
        .batch_execute(
            "CREATE TABLE plain (doc jsonb);     ALTER TABLE plain ALTER doc SET STORAGE PLAIN;
             CREATE TABLE inline (doc jsonb);    ALTER TABLE inline ALTER doc SET STORAGE MAIN;
             CREATE TABLE outside (doc jsonb);   ALTER TABLE outside ALTER doc SET STORAGE EXTERNAL;
             CREATE TABLE extended (doc jsonb);  ALTER TABLE extended ALTER doc SET STORAGE EXTENDED;
             INSERT INTO plain VALUES ('{\"a\": 1.50}'), ('1'), (jsonb_build_array(repeat('é', 1000)));
             INSERT INTO inline SELECT jsonb_build_object('a', repeat('compress me ', 500), 'n', 12.340);
             INSERT INTO outside SELECT jsonb_agg(jsonb_build_object('i', i, 's', md5(i::text))) FROM generate_series(1, 2000) AS i;
             INSERT INTO extended SELECT jsonb_agg(jsonb_build_object('i', i / 100.0, 's', md5(i::text))) FROM generate_series(1, 5000) AS i;",
        )
        .await
        .unwrap();
    let toasted: i64 = database
        .query_one(
            "SELECT count(*) FROM pg_class WHERE relname IN ('outside', 'extended') AND pg_relation_size(reltoastrelid) > 0",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(toasted, 2, "both are kept out of line");
    let compressed: i64 = database
        .query_one(
            "SELECT count(pg_column_compression(doc)) FROM (TABLE inline UNION ALL TABLE extended) AS stored",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(compressed, 2, "both are compressed");

    for table in ["plain", "inline", "outside", "extended"] {
        let row = database
            .query_one(
                &format!("SELECT count(*), count(*) FILTER (WHERE bench_echo(doc)::jsonb::text = doc::text) FROM {table}"),
                &[],
            )
            .await
            .unwrap();
        assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1), "{table}");
    }
}

#[tokio::test]
async fn nesting_is_limited() {
    let Some(database) = fresh().await else {
        return;
    };
    let nested = |levels| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    assert_same(&database, &nested(64)).await;
    assert_limit(
        &database,
        &nested(65),
        "document is nested more than 64 levels deep",
    )
    .await;
    assert_limit(
        &database,
        &nested(6000),
        "document is nested more than 64 levels deep",
    )
    .await;
}

#[tokio::test]
async fn the_digits_of_a_number_are_limited() {
    let Some(database) = fresh().await else {
        return;
    };
    assert_same(&database, &"9".repeat(1000)).await;
    assert_same(&database, &format!("0.{}1", "0".repeat(999))).await;
    assert_limit(&database, "1e1001", "number has more than 1000 digits").await;
    assert_limit(&database, "1e-1001", "number has more than 1000 digits").await;
    assert_limit(&database, "1e131000", "number has more than 1000 digits").await;
}

#[tokio::test]
async fn the_size_of_a_document_is_limited() {
    let Some(database) = fresh().await else {
        return;
    };
    let error = database
        .query_one(
            "SELECT bench_read(to_jsonb(repeat('x', 101 * 1024 * 1024)))",
            &[],
        )
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::PROGRAM_LIMIT_EXCEEDED));
    let error = error.as_db_error().unwrap();
    assert_eq!(error.message(), "document is too large");
    assert!(
        error.detail().unwrap().ends_with("of at most 104857600."),
        "{error:?}"
    );
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn the_number_of_values_is_limited_and_reading_them_can_be_cancelled() {
    let Some(database) = fresh().await else {
        return;
    };
    database
        .batch_execute(
            "CREATE TEMP TABLE wide AS
             SELECT n, ('[' || repeat('null,', n - 1) || 'null]')::jsonb AS doc FROM unnest('{7999999,8000000}'::int[]) AS n",
        )
        .await
        .unwrap();

    let start = Instant::now();
    let count: i32 = database
        .query_one("SELECT bench_read(doc) FROM wide WHERE n = 7999999", &[])
        .await
        .unwrap()
        .get(0);
    let whole = start.elapsed();
    assert_eq!(count, 8_000_000);

    let error = database
        .query_one("SELECT bench_read(doc) FROM wide WHERE n = 8000000", &[])
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::PROGRAM_LIMIT_EXCEEDED));
    assert_eq!(
        error.as_db_error().unwrap().message(),
        "document has more than 8000000 values"
    );

    // Ten readings in one row: without a check while reading, all ten would be done before PostgreSQL looks.
    database
        .batch_execute(&format!(
            "SET statement_timeout = {}",
            whole.as_millis().max(1)
        ))
        .await
        .unwrap();
    let start = Instant::now();
    let error = database
        .query_one(
            &format!(
                "SELECT {} FROM wide WHERE n = 7999999",
                ["bench_read(doc)"; 10].join(", ")
            ),
            &[],
        )
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::QUERY_CANCELED));
    assert!(
        start.elapsed() < whole * 5,
        "cancelled after {:?}, one reading takes {whole:?}",
        start.elapsed()
    );
    database
        .batch_execute("RESET statement_timeout")
        .await
        .unwrap();
    assert_same(&database, "[1]").await;
}

#[test]
fn damaged_bytes_are_refused_and_never_followed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let Some(database) = runtime.block_on(fresh()) else {
        return;
    };
    let bytes = runtime
        .block_on(database.prepare("SELECT $1::text::jsonb::bytea"))
        .unwrap();
    let read = runtime
        .block_on(database.prepare("SELECT bench_read($1::bytea::jsonb)"))
        .unwrap();
    let refused = Cell::new(0);
    let mut runner = TestRunner::new(Config {
        cases: 1500,
        failure_persistence: None,
        ..Config::default()
    });
    let damage = (
        document(number()),
        vec((any::<Index>(), any::<u8>()), 0..6),
        any::<Index>(),
        0..4,
    );
    let result = runner.run(&damage, |(json, changes, end, cut)| {
        let mut damaged: Vec<u8> = runtime
            .block_on(database.query_one(&bytes, &[&json]))
            .map_err(|error| TestCaseError::fail(format!("{error:?}")))?
            .get(0);
        for (place, value) in changes {
            let place = place.index(damaged.len());
            damaged[place] = value;
        }
        if cut == 0 {
            damaged.truncate(end.index(damaged.len()));
        }
        if let Err(error) = runtime.block_on(database.query_one(&read, &[&damaged])) {
            let expected = [
                SqlState::DATA_CORRUPTED,
                SqlState::PROGRAM_LIMIT_EXCEEDED,
                SqlState::INVALID_TEXT_REPRESENTATION,
            ];
            prop_assert!(
                error.code().is_some_and(|code| expected.contains(code)),
                "{damaged:?}: {error:?}"
            );
            refused.set(refused.get() + 1);
        }
        Ok(())
    });
    result.unwrap();
    assert!(
        refused.get() > 100,
        "only {} of the damaged documents were refused",
        refused.get()
    );
}

async fn assert_same(database: &Client, json: &str) {
    let row = database
        .query_one(COMPARE, &[&json])
        .await
        .unwrap_or_else(|error| panic!("{json}: {error:?}"));
    assert_eq!(row.get::<_, &str>(0), row.get::<_, &str>(1), "of {json}");
}

async fn assert_limit(database: &Client, json: &str, message: &str) {
    let error: Error = database.query_one(COMPARE, &[&json]).await.unwrap_err();
    assert_eq!(
        error.code(),
        Some(&SqlState::PROGRAM_LIMIT_EXCEEDED),
        "{error:?}"
    );
    assert_eq!(error.as_db_error().unwrap().message(), message);
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i8>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<u64>().prop_map(|value| value.to_string()),
        any::<i128>().prop_map(|value| value.to_string()),
        "-?(0|[1-9][0-9]{0,12})\\.[0-9]{1,12}",
        "-?(0|[1-9][0-9]{0,300})\\.[0-9]{1,300}",
        "-?[1-9][0-9]{0,6}(\\.[0-9]{1,6})?[eE][+-]?[0-9]{1,2}",
        "-?0(\\.0{1,10})?",
    ]
}
