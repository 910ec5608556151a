//! Numbers that a document holds as JSON numbers come out with every digit.

// A test that cannot go on fails.
#![allow(clippy::unwrap_used)]

use chorus_tests::{Content, Database};

#[tokio::test]
async fn coordinates_and_foreign_objects_keep_every_digit() {
    let Some(database) = Database::create("numbers", Content::Extension)
        .await
        .unwrap()
    else {
        return;
    };
    let client = database.connect().await.unwrap();
    let document = r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "$regime": "FR", "issue_date": "2026-02-03",
        "supplier": {"name": "x", "addresses": [{"coords": {"lat": 48.8534100000001, "lon": -2.30}}]},
        "complements": [{"$schema": "https://example.org/x", "n": [1.10, 0.12345678901234567891234567890, -1e-7, 5, 1e30]}]}"#;
    let row = client
        .query_one(
            "SELECT built #>> '{supplier,addresses,0,coords,lat}', built #>> '{supplier,addresses,0,coords,lon}', built #>> '{complements,0,n}'
             FROM chorus.build($1::text::jsonb) AS built",
            &[&document],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, String>(0), "48.8534100000001");
    assert_eq!(row.get::<_, String>(1), "-2.30");
    assert_eq!(
        row.get::<_, String>(2),
        "[1.10, 0.12345678901234567891234567890, -0.0000001, 5, 1000000000000000000000000000000]"
    );
}
