//! Every call leaves a row, and nothing but what is meant to be in it.

use anyhow::{Result, ensure};
use chorus_simulator::Fault;

use crate::scene::{Scene, invoice};

#[tokio::test(flavor = "multi_thread")]
async fn each_call_made_has_its_row() -> Result<()> {
    let Some(mut scene) = Scene::set("rows", |_| {}, &[]).await? else {
        return Ok(());
    };
    // Some go wrong in every way that leaves a request at the other side.
    scene.stage.simulator.set_faults(vec![
        Fault::status(401).times(1),
        Fault::html(502).times(1),
        Fault::drop_after().times(1),
    ])?;
    scene.insert(&invoice()?, "A", 5).await?;
    scene.all_arrive().await?;
    let verified = scene.stage.agent.call(&["supplier", "verify"], "").await?;
    ensure!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    // What it called last is written down before it ends.
    ensure!(
        scene.agent.terminate().await?.success(),
        "{}",
        scene.agent.log()
    );

    let ledger = scene.stage.simulator.ledger();
    let rows = scene
        .sql
        .query(
            "SELECT operation, count(*) FROM chorus.api_call GROUP BY 1",
            &[],
        )
        .await?;
    let recorded = |path: &str| -> u64 {
        let row = rows.iter().find(|row| row.get::<_, &str>(0) == path);
        row.map_or(0, |row| {
            u64::try_from(row.get::<_, i64>(1)).unwrap_or_default()
        })
    };
    for operation in chorus_simulator::Operation::ALL {
        assert_eq!(
            recorded(operation.path()),
            ledger.requests(*operation),
            "{}",
            operation.path()
        );
    }
    let row = scene
        .sql
        .query_one(
            "SELECT count(*) FILTER (WHERE http = 200 AND code_retour = 0 AND error IS NULL) > 10,
                bool_or(http = 401 AND error = 'account'), bool_or(http = 502 AND error = 'down'), bool_or(http IS NULL AND error = 'no_answer'),
                bool_and(supplier_id IS NOT NULL OR operation LIKE '%oauth%'),
                bool_and(invoice_id IS NOT NULL AND task_id IS NOT NULL) FILTER (WHERE operation LIKE '%/deposer/flux'),
                bool_or(task_id IS NULL), count(DISTINCT agent) = 2, bool_and(started_at <= now() AND seconds >= 0)
             FROM chorus.api_call",
            &[],
        )
        .await?;
    for column in 0..9 {
        ensure!(row.get::<_, bool>(column), "column {column} of {row:?}");
    }
    // No table of calls holds what only its own column may hold.
    let password = scene.stage.simulator.credentials().account.password.clone();
    let secret = scene.stage.simulator.credentials().client_secret.clone();
    let leaked: i64 = scene
        .sql
        .query_one(
            "SELECT count(*) FROM (SELECT c::text AS row FROM chorus.api_call c UNION ALL SELECT b::text FROM chorus.api_breaker b) r
             WHERE position($1 IN row) > 0 OR position($2 IN row) > 0",
            &[&password, &secret],
        )
        .await?
        .get(0);
    assert_eq!(leaked, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn months_are_made_ahead_and_dropped_whole_by_the_agent() -> Result<()> {
    let Some(scene) = Scene::set("months", |_| {}, &[]).await? else {
        return Ok(());
    };
    scene.insert(&invoice()?, "A", 1).await?;
    scene.all_arrive().await?;
    drop(scene.agent);
    scene
        .sql
        .batch_execute(
            "CREATE TABLE chorus.api_call_2020_01 PARTITION OF chorus.api_call FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2020-02-01 00:00+00');
             ALTER TABLE chorus.api_call_2020_01 OWNER TO chorus_owner;
             INSERT INTO chorus.api_call (started_at, seconds, operation, agent) VALUES ('2020-01-15 12:00+00', 1, '/cpro', gen_random_uuid());
             DO $$ DECLARE p regclass; BEGIN
                 FOR p IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'chorus.api_call'::regclass AND inhrelid::regclass::text !~ '2020' LOOP
                     EXECUTE format('DROP TABLE %s', p);
                 END LOOP; END $$",
        )
        .await?;
    let mut agent = scene.stage.agent.run()?;
    scene
        .stage
        .until(
            "SELECT to_regclass('chorus.api_call_2020_01') IS NULL
                 AND to_regclass('chorus.api_call_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')) IS NOT NULL
                 AND to_regclass('chorus.api_call_' || to_char((now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY_MM')) IS NOT NULL",
        )
        .await?;
    scene
        .stage
        .until("SELECT count(*) > 0 FROM chorus.api_call")
        .await?;
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    let kept = scene
        .sql
        .query_one("SELECT count(*) FROM chorus.invoice", &[])
        .await?;
    assert_eq!(kept.get::<_, i64>(0), 1, "invoices are never deleted");
    Ok(())
}
