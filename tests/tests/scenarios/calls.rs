//! How often Chorus Pro is asked: one search per hundred invoices that changed lately, one history per invoice that changed
//! since the last look, and nothing about the others, however many there are.

use std::time::Instant;

use anyhow::{Result, ensure};
use chorus_simulator::{Config, IdType, InvoiceSpec, Operation, Role, StatusChange, StructureSpec};
use chorus_tests::AgentSettings;
use jiff::{SignedDuration, Timestamp};

use crate::common::Stage;

const SUPPLIERS: usize = 10;
const INVOICES: usize = 100_000;
/// Of each supplier: known, and in the two days that searches look back.
const RECENT: usize = 250;
/// Of each supplier: changed since the last look, one in a hundred.
const CHANGED: usize = INVOICES / SUPPLIERS / 100;
const PAGE: usize = 100;

// As if the agent had taken them all in and followed them until now. Triggers would do again, one by one, what was done then.
const LOAD: &str = "
SET session_replication_role = replica;
CREATE TEMPORARY TABLE open AS
SELECT n, gen_random_uuid() AS id, n + {first} AS chorus_id, s.id AS supplier, s.siren,
    CASE WHEN n / {suppliers} < {recent} THEN timestamptz '{recently}' ELSE timestamptz '{long_ago}' END AS at
FROM generate_series(0, {invoices} - 1) n
    JOIN (SELECT id, siren, row_number() OVER (ORDER BY id) - 1 AS place FROM chorus.supplier) s ON s.place = n % {suppliers};
INSERT INTO chorus.invoice (id, supplier_id, issuer, number, type, document_type, issue_date, currency, buyer_id_type, buyer_identifier, buyer_name,
    state, status, status_at, seen_status, seen_at, chorus_id, history_read_at)
SELECT id, supplier, siren, 'S-' || n, 'standard', '380', '2026-01-15', 'EUR', 'SIRET', '35600000000048', 'La Poste',
    'integrated', 'MISE_A_DISPOSITION', date_trunc('minute', at), 'MISE_A_DISPOSITION', at, chorus_id, at + interval '1 h'
FROM open;
INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at)
SELECT id, step, ('{DEPOSEE,EN_COURS_ACHEMINEMENT,MISE_A_DISPOSITION,MISE_A_DISPOSITION}'::text[])[step], date_trunc('minute', at)
FROM open, generate_series(1, 4) step;
UPDATE chorus.supplier SET followed_until = now() - interval '1 h';
SET session_replication_role = origin;
ANALYZE chorus.invoice, chorus.status_event";

/// Ten suppliers, registered.
async fn stage() -> Result<Option<Stage>> {
    let sirets: Vec<String> = (0..SUPPLIERS - 1)
        .map(|n| format!("1234567820{n:04}"))
        .collect();
    let structures = sirets
        .iter()
        .map(|siret| StructureSpec::new(Role::Supplier, IdType::Siret, siret, siret));
    let change = |config: &mut Config| config.structures.extend(structures);
    let Some(mut stage) = Stage::with("calls", change).await? else {
        return Ok(None);
    };
    // Each poll is asked for below.
    stage.agent = stage
        .agent
        .set("CHORUS_AGENT_FOLLOW_INTERVAL_SECONDS", "3600000");
    let account = stage.simulator.credentials().account.clone();
    for siret in &sirets {
        stage
            .agent
            .add_supplier(siret, &account.login, &account.password)
            .await?;
    }
    once(&stage.agent).await?;
    stage
        .until(&format!(
            "SELECT count(*) = {SUPPLIERS} FROM chorus.supplier WHERE state = 'registered'"
        ))
        .await?;
    Ok(Some(stage))
}

/// Does all that is due.
async fn once(agent: &AgentSettings) -> Result<()> {
    let output = agent.call(&["once"], "").await?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Integrates the open invoices over there and here.
async fn load(stage: &Stage, recently: Timestamp, long_ago: Timestamp) -> Result<()> {
    let client = stage.database.connect().await?;
    let rows = client
        .query("SELECT identifier FROM chorus.supplier ORDER BY id", &[])
        .await?;
    let suppliers: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let specs = (0..INVOICES).map(|n| {
        let mut spec = InvoiceSpec::new(&format!("S-{n}"));
        spec.supplier.clone_from(&suppliers[n % SUPPLIERS]);
        spec.status = Some("MISE_A_DISPOSITION".into());
        spec.at = Some(if n / SUPPLIERS < RECENT {
            recently
        } else {
            long_ago
        });
        spec
    });
    let ids = stage.simulator.put_invoices(specs.collect())?;
    ensure!(
        ids.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "ids with gaps"
    );
    let script = [
        ("{first}", ids[0].to_string()),
        ("{suppliers}", SUPPLIERS.to_string()),
        ("{recent}", RECENT.to_string()),
        ("{invoices}", INVOICES.to_string()),
        ("{recently}", recently.to_string()),
        ("{long_ago}", long_ago.to_string()),
    ];
    let script = script.iter().fold(LOAD.to_owned(), |sql, (name, value)| {
        sql.replace(name, value)
    });
    Ok(client.batch_execute(&script).await?)
}

/// Lets the agent look once at every supplier; how many searches and histories that took.
async fn poll(stage: &Stage) -> Result<(u64, u64)> {
    let asked = || {
        let ledger = stage.simulator.ledger();
        (
            ledger.requests(Operation::RechercherFournisseur),
            ledger.requests(Operation::ConsulterHistorique),
        )
    };
    let before = asked();
    let client = stage.database.connect().await?;
    client
        .execute(
            "UPDATE chorus.task SET run_at = now() WHERE kind = 'follow'",
            &[],
        )
        .await?;
    let start = Instant::now();
    once(&stage.agent).await?;
    let after = asked();
    let (searches, histories) = (after.0 - before.0, after.1 - before.1);
    println!(
        "{searches} searches, {histories} histories, {:.1} s",
        start.elapsed().as_secs_f64()
    );
    Ok((searches, histories))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_open_invoices_cost_no_call_but_for_those_that_changed() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let now = stage.simulator.now();
    load(
        &stage,
        now - SignedDuration::from_hours(24),
        now - SignedDuration::from_hours(10 * 24),
    )
    .await?;

    // Nothing is new: the rows of the overlap are seen again, and no history is read.
    let searches = |rows: usize| (SUPPLIERS * rows.div_ceil(PAGE)) as u64;
    assert_eq!(poll(&stage).await?, (searches(RECENT), 0));

    let changes = (0..SUPPLIERS * CHANGED).map(|n| {
        let mut change = StatusChange::new(&format!("S-{}", INVOICES - 1 - n), "MANDATEE");
        change.at = Some(now - SignedDuration::from_mins(5));
        change
    });
    stage.simulator.set_statuses(changes.collect())?;
    let changed = (SUPPLIERS * CHANGED) as u64;
    assert_eq!(poll(&stage).await?, (searches(RECENT + CHANGED), changed));
    let client = stage.database.connect().await?;
    let row = client
        .query_one(
            "SELECT (SELECT count(*) FROM chorus.invoice WHERE status = 'MANDATEE' AND state = 'integrated'),
                (SELECT count(*) FROM chorus.status_event), (SELECT count(*) FROM chorus.task WHERE kind <> 'follow')",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, i64>(0), changed as i64);
    assert_eq!(row.get::<_, i64>(1), (4 * INVOICES as u64 + changed) as i64);
    assert_eq!(row.get::<_, i64>(2), 0, "tasks left");

    // Seen once, they are not asked about again.
    assert_eq!(poll(&stage).await?, (searches(RECENT + CHANGED), 0));
    Ok(())
}
