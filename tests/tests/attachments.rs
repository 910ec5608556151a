//! Supporting documents travel in the invoice's XML, byte by byte; what is too large waits and says why.

mod common;

use anyhow::Result;
use chorus_tests::fixture;
use common::Stage;
use tokio_postgres::Client;
use uuid::Uuid;

async fn attach(client: &Client, invoice: Uuid, name: &str, content: &[u8]) -> Result<()> {
    client
        .execute(
            "INSERT INTO chorus.attachment (invoice_id, name, content) VALUES ($1, $2, $3)",
            &[&invoice, &name, &content],
        )
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_in_the_bytes_that_chorus_pro_gets() -> Result<()> {
    let Some(stage) = Stage::set("attached", |_| {}).await? else {
        return Ok(());
    };
    let mut client = stage.database.connect().await?;
    client.batch_execute("SET ROLE chorus_writer").await?;
    // One transaction: the agent never sees the invoice without them.
    let transaction = client.transaction().await?;
    let id: Uuid = transaction
        .query_one(
            "INSERT INTO chorus.invoice (doc) VALUES ($1) RETURNING id",
            &[&fixture("b2g.json")?],
        )
        .await?
        .get(0);
    let pdf: Vec<u8> = (0..=255).cycle().take(5000).collect();
    for (name, content) in [
        ("bon-de-commande.pdf", pdf.as_slice()),
        ("heures.csv", b"jour;heures\n"),
    ] {
        transaction
            .execute(
                "INSERT INTO chorus.attachment (invoice_id, name, content) VALUES ($1, $2, $3)",
                &[&id, &name, &content],
            )
            .await?;
    }
    transaction.commit().await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;

    client.batch_execute("RESET ROLE").await?;
    let rows = client
        .query(
            "WITH sent AS (SELECT xmlparse(document convert_from(content, 'UTF8')) AS cii FROM chorus.deposit)
             SELECT x.name, x.mime, decode(x.content, 'base64')
             FROM sent, XMLTABLE(XMLNAMESPACES('urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100' AS ram),
                 '//ram:AttachmentBinaryObject' PASSING sent.cii
                 COLUMNS n FOR ORDINALITY, name text PATH '@filename', mime text PATH '@mimeCode', content text PATH '.') x
             ORDER BY x.n",
            &[],
        )
        .await?;
    let found: Vec<(&str, &str, Vec<u8>)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    assert_eq!(
        found,
        [
            ("bon-de-commande.pdf", "application/pdf", pdf),
            ("heures.csv", "text/csv", b"jour;heures\n".to_vec()),
        ]
    );
    stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_too_large_with_its_attachments_says_so_and_goes_out_when_they_change()
-> Result<()> {
    let Some(stage) = Stage::set("large", |_| {}).await? else {
        return Ok(());
    };
    let client = stage.database.connect().await?;
    let id: Uuid = client
        .query_one(
            "INSERT INTO chorus.invoice (doc, draft) VALUES ($1, true) RETURNING id",
            &[&fixture("b2g.json")?],
        )
        .await?
        .get(0);
    // In Base64 exactly the 10 MiB that the whole XML may have.
    attach(
        &client,
        id,
        "plans.pdf",
        &vec![0x25; 10 * 1024 * 1024 / 4 * 3],
    )
    .await?;
    client.execute("SELECT chorus.submit($1)", &[&id]).await?;
    let _agent = stage.agent.run()?;
    stage
        .until("SELECT bool_and(run_at = 'infinity') FROM chorus.task WHERE kind = 'submit'")
        .await?;
    let row = client
        .query_one(
            "SELECT i.state, i.state_reason, f.message_fr, f.hint_fr, (SELECT count(*) FROM chorus.deposit)
             FROM chorus.invoice i JOIN chorus.finding f ON f.invoice_id = i.id AND f.rule = 'PGC-CPRO-SIZE'",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "ready");
    assert!(row.get::<_, &str>(1).contains("chorus.attachment"));
    assert!(row.get::<_, &str>(2).contains("10 Mio"));
    assert!(row.get::<_, &str>(3).contains("sent_with"));
    assert_eq!(row.get::<_, i64>(4), 0, "nothing was sent");

    client
        .execute("UPDATE chorus.attachment SET sent_with = 'complement'", &[])
        .await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let findings: i64 = client
        .query_one(
            "SELECT count(*) FROM chorus.finding WHERE rule = 'PGC-CPRO-SIZE'",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(findings, 0);
    stage.audit().await
}
