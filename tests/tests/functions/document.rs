//! What `build` and `digest` give.

use serde_json::{Value, json};

use super::scene::{fresh, invoice, json_of, with};

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
