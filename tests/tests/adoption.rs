//! Invoices that came to Chorus Pro another way are taken in when asked, followed and answered like our own.

mod common;

use anyhow::Result;
use chorus_simulator::{InvoiceSpec, Operation};
use chorus_tests::fixture;
use common::Stage;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn invoices_deposited_elsewhere_are_adopted_once_followed_and_answered() -> Result<()> {
    let Some(mut stage) = Stage::set("adoption", |_| {}).await? else {
        return Ok(());
    };
    // More than one page, of all three types.
    stage.agent = stage.agent.set("CHORUS_AGENT_PAGE_SIZE", "10");
    let specs: Vec<InvoiceSpec> = (1..=25)
        .map(|n| {
            let mut spec = InvoiceSpec::new(&format!("P-{n}"));
            spec.type_code = ["380", "381", "386"][n % 3].into();
            spec.service_code = Some("FACTURES-DSI".into());
            spec
        })
        .collect();
    let ids = stage.simulator.put_invoices(specs)?;
    let _agent = stage.agent.run()?;
    // One of ours, that must stay ours.
    let mut ours = fixture("b2g.json")?;
    ours["series"] = json!("O");
    stage.insert(&ours).await?;
    stage
        .until("SELECT bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice")
        .await?;
    let client = stage.database.connect().await?;
    client.batch_execute("SET ROLE chorus_admin").await?;
    client
        .execute(
            "SELECT chorus.adopt(id, number => 'P-7') FROM chorus.supplier",
            &[],
        )
        .await?;
    stage
        .until("SELECT bool_and(found = 1 AND adopted = 1 AND done_at IS NOT NULL) FROM chorus.adoption")
        .await?;
    client
        .execute(
            "SELECT chorus.adopt(id, current_date - 7) FROM chorus.supplier",
            &[],
        )
        .await?;
    stage
        .until("SELECT count(*) = 1 FROM chorus.adoption WHERE found = 26 AND adopted = 24")
        .await?;
    stage
        .until(
            "SELECT count(*) = 26 AND bool_and(status = 'MISE_A_DISPOSITION') FROM chorus.invoice",
        )
        .await?;
    let row = client
        .query_one(
            "SELECT type, document_type, total_with_tax::text, total_tax::text, amount_due::text, currency, buyer_identifier, service_code, doc IS NULL,
                 chorus_id
             FROM chorus.invoice WHERE number = 'P-7'",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "credit-note");
    assert_eq!(row.get::<_, &str>(1), "381");
    for (column, amount) in [(2, 120), (3, 20), (4, 120)] {
        let found: rust_decimal::Decimal = row.get::<_, &str>(column).parse()?;
        assert_eq!(found, rust_decimal::Decimal::from(amount));
    }
    assert_eq!(row.get::<_, &str>(5), "EUR");
    assert_eq!(row.get::<_, &str>(6), stage.simulator.buyer_siret());
    assert_eq!(row.get::<_, &str>(7), "FACTURES-DSI");
    assert!(row.get::<_, bool>(8));
    assert_eq!(row.get::<_, i64>(9), ids[6]);

    // The buyer returns one: it is seen, and answered.
    stage.simulator.set_status("P-3", "SUSPENDUE", None)?;
    stage
        .until("SELECT count(*) = 1 FROM chorus.todo WHERE number = 'P-3'")
        .await?;
    client
        .execute(
            "SELECT chorus.complete(id, 'voilà') FROM chorus.invoice WHERE number = 'P-3'",
            &[],
        )
        .await?;
    stage
        .until("SELECT bool_or(status = 'COMPLETEE') FROM chorus.invoice")
        .await?;
    assert_eq!(
        stage
            .simulator
            .ledger()
            .actions_of(Operation::Completer)
            .count(),
        1
    );
    Ok(())
}
