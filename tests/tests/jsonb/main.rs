//! The reader and the writer of binary JSONB against PostgreSQL's own, through SQL.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;
mod writing;

use std::ops::Deref;

use chorus_tests::{Content, Database};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio_postgres::Client;

/// JSON text of every kind, wide and deep enough to meet the stride of stored offsets.
fn document(number: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        number,
        text(),
    ];
    leaf.prop_recursive(5, 120, 40, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..40).prop_map(|elements| format!("[{}]", elements.join(","))),
            vec((text(), inner), 0..40).prop_map(|members| {
                let members: Vec<_> = members
                    .into_iter()
                    .map(|(key, value)| format!("{key}:{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// A JSON string, quoted. U+0000 is the one character that PostgreSQL does not take.
fn text() -> impl Strategy<Value = String> {
    let short = any::<String>().prop_map(|text| text.replace('\0', ""));
    let long = ("[a-zé€😀]{1,8}", 100_usize..2000).prop_map(|(text, times)| text.repeat(times));
    prop_oneof![9 => short, 1 => long].prop_map(|text| serde_json::to_string(&text).unwrap())
}

/// A database of the test's own with the extension and the functions of feature `bench`, and a connection to it.
struct Fresh {
    client: Client,
    _database: Database,
}

impl Deref for Fresh {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// `None`, and loud, where there is no cluster.
async fn fresh() -> Option<Fresh> {
    let database = Database::create("jsonb", Content::Extension)
        .await
        .unwrap()?;
    let client = database.connect().await.unwrap();
    client
        .batch_execute(
            "CREATE FUNCTION bench_echo(jsonb) RETURNS text AS '$libdir/pg_chorus', 'bench_echo_wrapper' LANGUAGE c STRICT;
             CREATE FUNCTION bench_read(jsonb) RETURNS integer AS '$libdir/pg_chorus', 'bench_read_wrapper' LANGUAGE c STRICT;
             CREATE FUNCTION bench_write(text) RETURNS jsonb AS '$libdir/pg_chorus', 'bench_write_wrapper' LANGUAGE c STRICT;
             CREATE CAST (bytea AS jsonb) WITHOUT FUNCTION;
             CREATE CAST (jsonb AS bytea) WITHOUT FUNCTION",
        )
        .await
        .expect("the library is built with feature bench, as cargo xtask test does");
    Some(Fresh {
        client,
        _database: database,
    })
}
