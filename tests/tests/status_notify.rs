//! `NOTIFY chorus_status`: an application that listens learns of every change of state or status, and need not poll.

use std::future::poll_fn;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chorus_tests::{Content, Database, fixture};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_postgres::{AsyncMessage, Client, NoTls};
use uuid::Uuid;

/// A connection that hears, and what it hears.
struct Ear {
    client: Client,
    heard: UnboundedReceiver<(String, String)>,
}

impl Ear {
    async fn of(database: &Database) -> Result<Self> {
        let (client, mut connection) = tokio_postgres::connect(&database.url(), NoTls).await?;
        let (send, heard) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await
            {
                if let AsyncMessage::Notification(notification) = message {
                    let _nobody_listens_any_more = send.send((
                        notification.channel().to_owned(),
                        notification.payload().to_owned(),
                    ));
                }
            }
        });
        client
            .batch_execute("LISTEN chorus_status; LISTEN end_of_test")
            .await?;
        Ok(Self { client, heard })
    }

    /// What was notified before this call, without waiting for what may never come: a last notification ends it.
    async fn so_far(&mut self) -> Result<Vec<String>> {
        self.client.batch_execute("NOTIFY end_of_test").await?;
        let mut payloads = Vec::new();
        loop {
            let next = tokio::time::timeout(Duration::from_secs(30), self.heard.recv()).await;
            match next.context("no notification comes")? {
                Some((channel, payload)) if channel == "chorus_status" => payloads.push(payload),
                Some(_) => return Ok(payloads),
                None => bail!("the connection has ended"),
            }
        }
    }
}

async fn supplier_and_draft(client: &Client) -> Result<Uuid> {
    client
        .batch_execute(
            "INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen')",
        )
        .await?;
    let doc = fixture("b2g.json")?;
    let row = client
        .query_one(
            "INSERT INTO chorus.invoice (doc, draft) VALUES ($1, true) RETURNING id",
            &[&doc],
        )
        .await?;
    Ok(row.get(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_state_or_status_is_notified_once_per_transaction() -> Result<()> {
    let Some(database) = Database::create("notified", Content::Schema).await? else {
        return Ok(());
    };
    let client = database.connect().await?;
    let id = supplier_and_draft(&client).await?;
    let mut ear = Ear::of(&database).await?;

    client.execute("SELECT chorus.submit($1)", &[&id]).await?;
    assert_eq!(ear.so_far().await?, [id.to_string()], "a document's state");

    client
        .batch_execute(
            "BEGIN; UPDATE chorus.invoice SET state = 'sending'; UPDATE chorus.invoice SET state = 'deposited'; COMMIT",
        )
        .await?;
    assert_eq!(ear.so_far().await?, [id.to_string()], "coalesced");

    client
        .batch_execute(
            "UPDATE chorus.invoice SET state = 'integrated', chorus_id = 1;
             UPDATE chorus.invoice SET state_reason = 'seen'",
        )
        .await?;
    assert_eq!(
        ear.so_far().await?,
        [id.to_string()],
        "reasons are no states"
    );

    client
        .execute(
            "INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at) VALUES ($1, 1, 'SUSPENDUE', now())",
            &[&id],
        )
        .await?;
    assert_eq!(ear.so_far().await?, [id.to_string()], "an event");

    client
        .batch_execute("BEGIN; UPDATE chorus.invoice SET state = 'integrated'; ROLLBACK")
        .await?;
    assert!(ear.so_far().await?.is_empty(), "rolled back");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_trigger_nothing_is_notified() -> Result<()> {
    let Some(database) = Database::create("silent", Content::Schema).await? else {
        return Ok(());
    };
    let client = database.connect().await?;
    let id = supplier_and_draft(&client).await?;
    let mut ear = Ear::of(&database).await?;
    client
        .batch_execute(
            "ALTER TABLE chorus.invoice DISABLE TRIGGER notify_status; ALTER TABLE chorus.task DISABLE TRIGGER notify",
        )
        .await?;
    client.execute("SELECT chorus.submit($1)", &[&id]).await?;
    assert!(ear.so_far().await?.is_empty());
    Ok(())
}
