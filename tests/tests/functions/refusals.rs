//! What is refused, and how it is said: place, cause, remedy; and NULLs.

use serde_json::json;
use tokio_postgres::error::SqlState;

use super::scene::{flag, fresh, invoice, refusal, with};

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
