//! The file: `render_cii`, with attachments.

use tokio_postgres::error::SqlState;

use super::scene::{fresh, invoice, refusal};

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
