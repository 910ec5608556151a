//! One supplier's account is refused, or may not use an API: the others know nothing of it.

use anyhow::{Result, ensure};
use chorus_simulator::AccountSpec;

use crate::scene::{LOGIN, PASSWORD, SIRET, Scene, invoice, invoice_of};

/// A scene with a second supplier, registered with an account of its own.
async fn two(label: &str) -> Result<Option<Scene>> {
    let scene = Scene::set(label, |_| {}, &[]).await?;
    if let Some(scene) = &scene {
        scene.add_other().await?;
    }
    Ok(scene)
}

fn account(password: &str, not_entitled: bool) -> AccountSpec {
    AccountSpec {
        login: LOGIN.into(),
        password: password.into(),
        not_entitled,
    }
}

/// Inserts invoices of both suppliers and waits until those of the good one have arrived.
async fn the_other_goes_on(scene: &Scene) -> Result<()> {
    scene.insert(&invoice_of(SIRET)?, "S", 20).await?;
    scene.insert(&invoice()?, "A", 20).await?;
    scene
        .stage
        .until("SELECT count(*) = 20 FROM chorus.invoice WHERE status = 'MISE_A_DISPOSITION' AND number LIKE 'A-%'")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_stops_its_supplier_alone_and_is_not_tried_again_and_again() -> Result<()>
{
    let Some(scene) = two("password").await? else {
        return Ok(());
    };
    scene.stage.simulator.put_account(account("changed", false));
    the_other_goes_on(&scene).await?;
    scene
        .stage
        .until(&format!(
            "SELECT count(*) = 1 FROM chorus.breaker WHERE name = 'supplier {SIRET}' AND scope = 'supplier' AND kind = 'account' AND state IN ('open', 'half-open')"
        ))
        .await?;
    let row = scene
        .sql
        .query_one(
            "SELECT count(*) FILTER (WHERE c.error = 'account'), (SELECT sum(t.attempts)::bigint FROM chorus.task t WHERE t.invoice_id IS NOT NULL),
                (SELECT count(*) FROM chorus.invoice WHERE number LIKE 'S-%' AND state = 'ready')
             FROM chorus.api_call c",
            &[],
        )
        .await?;
    let (refused, attempts, waiting): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    // Four workers, each call made twice with a fresh token in between, and the first probes.
    ensure!((1..=14).contains(&refused), "tried {refused} times");
    assert_eq!((attempts, waiting), (0, 20));

    // The old password is good again: whoever asks in person gets an answer at once, though the breaker is open.
    scene.stage.simulator.put_account(account(PASSWORD, false));
    let verified = scene
        .stage
        .agent
        .call(&["supplier", "verify", SIRET], "")
        .await?;
    ensure!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    scene.all_arrive().await?;
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_right_does_not_close_the_api_to_others() -> Result<()> {
    let Some(scene) = two("right").await? else {
        return Ok(());
    };
    scene.stage.simulator.put_account(account(PASSWORD, true));
    the_other_goes_on(&scene).await?;
    scene
        .stage
        .until(&format!(
            "SELECT count(*) = 1 FROM chorus.breaker WHERE name = 'API Factures, supplier {SIRET}' AND kind = 'not_entitled' AND state IN ('open', 'half-open')"
        ))
        .await?;
    scene
        .stage
        .until(&format!(
            "SELECT count(*) >= 1 FROM chorus.todo WHERE reason_fr LIKE 'API %, fournisseur {SIRET}%le compte technique y a droit%'"
        ))
        .await?;
    scene.stage.simulator.put_account(account(PASSWORD, false));
    scene.all_arrive().await?;
    scene.stage.audit().await
}

/// Whoever has a right to the directory asks for whoever has none; who was left alone for a while is asked for again.
#[tokio::test(flavor = "multi_thread")]
async fn where_one_account_is_refused_another_asks_the_directory() -> Result<()> {
    let Some(scene) = two("another").await? else {
        return Ok(());
    };
    scene.stage.simulator.put_account(account(PASSWORD, true));
    scene.insert(&invoice_of(SIRET)?, "S", 1).await?;
    scene
        .stage
        .until("SELECT count(*) = 1 FROM chorus.structure WHERE found AND fetched_at IS NOT NULL AND unanswered_at IS NULL")
        .await?;
    scene
        .stage
        .until(&format!(
            "SELECT count(*) > 0 FROM chorus.api_call c JOIN chorus.supplier s ON s.id = c.supplier_id
             WHERE s.identifier = '{SIRET}' AND c.error = 'not_entitled' AND c.operation LIKE '/cpro/structures/%'"
        ))
        .await?;

    // It was refused until it was left alone, and has the right now: its next question, for an invoice that waits, ends that.
    let pause =
        format!("SELECT chorus.pause(id) FROM chorus.supplier WHERE identifier = '{SIRET}'");
    scene.sql.batch_execute(&pause).await?;
    scene
        .stage
        .until("SELECT bool_and(i.state = 'ready' AND t.leased_until IS NULL) FROM chorus.invoice i JOIN chorus.task t ON t.invoice_id = i.id")
        .await?;
    scene.stage.simulator.put_account(account(PASSWORD, false));
    let left_alone = "UPDATE chorus.api_breaker SET failures = 3, opened_at = now() - interval '1 hour', probe_at = now()
                      WHERE api = 'Structures' AND supplier_id IS NOT NULL";
    assert_eq!(scene.sql.execute(left_alone, &[]).await?, 1);
    scene
        .sql
        .batch_execute("SELECT chorus.refresh_structure(identifier) FROM chorus.structure")
        .await?;
    scene
        .stage
        .until("SELECT count(*) = 0 FROM chorus.api_breaker WHERE opened_at IS NOT NULL")
        .await?;
    let resume =
        format!("SELECT chorus.resume(id) FROM chorus.supplier WHERE identifier = '{SIRET}'");
    scene.sql.batch_execute(&resume).await?;
    scene.all_arrive().await?;
    scene.stage.audit().await
}
