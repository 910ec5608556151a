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
    // The first question about the buyer was refused to it as well: the other one asked.
    let unanswered = "SELECT count(*) FROM chorus.structure WHERE fetched_at IS NULL OR unanswered_at IS NOT NULL";
    assert_eq!(scene.count(unanswered).await?, 0);
    // Whatever it finds is its own.
    let everybodys = "SELECT count(*) FROM chorus.api_breaker WHERE supplier_id IS NULL AND opened_at IS NOT NULL";
    assert_eq!(scene.count(everybodys).await?, 0);
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
