//! One question serves all invoices to a buyer; they say that they wait for it; and it is asked anew only while somebody invoices.

use anyhow::{Result, ensure};
use chorus_simulator::{Condition, Fault, Operation};
use serde_json::json;

use crate::common::PATIENCE;
use crate::office::{BUYER, Office, invoice};

#[tokio::test(flavor = "multi_thread")]
async fn fifty_invoices_to_one_buyer_cost_one_question_and_fifty_more_none() -> Result<()> {
    let Some(office) = Office::set("fifty", |_| {}).await? else {
        return Ok(());
    };
    let insert = |from: usize| {
        let office = &office;
        async move {
            for n in from..from + 50 {
                office
                    .insert(&invoice(&n.to_string(), BUYER, &json!({"code": "VOIRIE"}))?)
                    .await?;
            }
            anyhow::Ok(())
        }
    };
    insert(1).await?;
    let _agent = office.open().await?;
    office.all_integrated().await?;
    // The second is asked about the supplier itself, for the end of its password.
    assert_eq!(office.questions(), [1, 2, 1, 1]);
    insert(51).await?;
    office.all_integrated().await?;
    assert_eq!(office.questions(), [1, 2, 1, 1]);
    assert_eq!(office.stage.simulator.ledger().posts.len(), 100);
    // What was judged at once was never put aside.
    let waits = office
        .people
        .query_one("SELECT count(*) FROM chorus.task WHERE kind = 'directory' AND run_at > now() + interval '5 minutes'", &[])
        .await?;
    assert_eq!(
        waits.get::<_, i64>(0),
        1,
        "one task that asks again before the day is over"
    );
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_that_waits_for_its_buyer_says_so_and_why() -> Result<()> {
    let Some(office) = Office::set("waits", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    office.stage.simulator.set_faults(vec![
        Fault::status(503)
            .on(Operation::RechercherStructure)
            .times(2),
    ])?;
    let (id, _) = office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    let reason = |id| format!("SELECT state_reason FROM chorus_report.invoice WHERE id = '{id}'");
    let said = office.text(&reason(id)).await?;
    ensure!(
        said.starts_with(
            "Waits for what the directory of Chorus Pro says of its buyer, 12345678200051"
        ),
        "{said}"
    );
    office
        .stage
        .until(&format!(
            "SELECT state = 'ready' AND state_reason LIKE 'Waits for%12345678200051: /cpro/structures/v1/rechercher: HTTP 503%' FROM chorus.invoice WHERE id = '{id}'"
        ))
        .await?;
    office.all_integrated().await?;
    ensure!(
        office.findings(id).await?.is_empty(),
        "it was answered in the end"
    );
    let row = office
        .people
        .query_one("SELECT i.state_reason, b.failing_since IS NULL AND b.error IS NULL FROM chorus.invoice i, chorus.structure b", &[])
        .await?;
    ensure!(row.get::<_, Option<&str>>(0).is_none() && row.get::<_, bool>(1));
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_is_renewed_while_the_buyer_is_invoiced_and_no_longer() -> Result<()> {
    let Some(office) = Office::set("renewed", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    office.all_integrated().await?;
    office
        .stage
        .until("SELECT bool_and(leased_until IS NULL) FROM chorus.task WHERE kind = 'directory'")
        .await?;
    // Twenty hours later: asked before the day is over.
    let owner = office.stage.database.connect().await?;
    let later = "UPDATE chorus.structure SET fetched_at = fetched_at - interval '20 hours';
        UPDATE chorus.task SET run_at = now(), created_at = created_at - interval '20 hours' WHERE kind = 'directory'; NOTIFY chorus";
    owner.batch_execute(later).await?;
    let condition = Condition::requests(Operation::RechercherStructure).at_least(2);
    office
        .stage
        .simulator
        .wait(&condition.within(PATIENCE))
        .await?;
    office
        .stage
        .until("SELECT bool_and(b.fetched_at > now() - interval '1 hour' AND t.leased_until IS NULL AND t.run_at > now()) FROM chorus.structure b JOIN chorus.task t ON t.structure_id = b.id")
        .await?;
    // Nobody has invoiced it for a month: nobody asks.
    owner
        .batch_execute("UPDATE chorus.invoice SET created_at = created_at - interval '31 days'")
        .await?;
    owner.batch_execute(later).await?;
    office
        .stage
        .until("SELECT count(*) = 0 FROM chorus.task WHERE kind = 'directory'")
        .await?;
    assert_eq!(office.questions()[0], 2);
    // What is old is asked for again by the next invoice.
    owner
        .batch_execute("UPDATE chorus.structure SET fetched_at = now() - interval '25 hours'")
        .await?;
    office.insert(&invoice("2", BUYER, &json!({}))?).await?;
    office
        .stage
        .until("SELECT bool_and(state = 'integrated') AND count(*) = 2 FROM chorus.invoice")
        .await?;
    assert_eq!(office.questions()[0], 3);
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_that_has_waited_long_is_held_against_a_fresh_answer() -> Result<()> {
    let Some(office) = Office::set("paused", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    office.all_integrated().await?;
    // Its supplier pauses; a week passes in which nobody was asked, and the buyer has closed.
    let supplier = "SELECT id FROM chorus.supplier";
    office
        .people
        .execute(&format!("SELECT chorus.pause(({supplier}))"), &[])
        .await?;
    let (id, _) = office.insert(&invoice("2", BUYER, &json!({}))?).await?;
    let owner = office.stage.database.connect().await?;
    owner
        .batch_execute(
            "DELETE FROM chorus.task WHERE kind = 'directory';
             UPDATE chorus.structure SET fetched_at = fetched_at - interval '7 days';
             UPDATE chorus.invoice SET directory_at = directory_at - interval '7 days'",
        )
        .await?;
    let mut closed = crate::office::buyer(BUYER);
    closed.inactive = true;
    office.stage.simulator.put_structure(closed);
    office
        .people
        .execute(&format!("SELECT chorus.resume(({supplier}))"), &[])
        .await?;
    office.reaches(id, "invalid").await?;
    assert_eq!(
        office.rules(id).await?,
        [("PGC-CPRO-BUYER-INACTIVE".to_owned(), "fatal".to_owned())]
    );
    assert_eq!(office.stage.simulator.ledger().posts.len(), 1);
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_looks_up_a_buyer_before_it_invoices() -> Result<()> {
    let Some(office) = Office::set("search", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    let row = office
        .application
        .query_one(
            "SELECT name, note_fr FROM chorus.search_structure('123 456 782 00051')",
            &[],
        )
        .await?;
    ensure!(
        row.get::<_, Option<&str>>(0).is_none()
            && row.get::<_, &str>(1).contains("Chorus Pro est interrogé")
    );
    office
        .stage
        .until("SELECT bool_and(active AND note_fr IS NULL AND jsonb_array_length(services) = 2) FROM chorus.search_structure('mairie 1234')")
        .await?;
    // Nobody invoices it: asked once.
    office
        .stage
        .until("SELECT count(*) = 0 FROM chorus.task WHERE kind = 'directory'")
        .await?;
    let asked = office.questions();
    let mut strict = crate::office::buyer(BUYER);
    strict.service_required = true;
    office.stage.simulator.put_structure(strict);
    office
        .application
        .execute("SELECT chorus.refresh_structure('12345678200051')", &[])
        .await?;
    office
        .stage
        .until("SELECT bool_and(service_required) FROM chorus.search_structure('12345678200051')")
        .await?;
    assert_eq!(office.questions()[0], asked[0] + 1);
    // An invoice is told at once.
    let (id, state) = office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    assert_eq!(state, "invalid");
    assert_eq!(office.rules(id).await?[0].0, "PGC-CPRO-SERVICE-REQUIRED");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_with_many_services_is_read_whole() -> Result<()> {
    let Some(mut office) = Office::set("pages", |_| {}).await? else {
        return Ok(());
    };
    office.stage.agent = office
        .stage
        .agent
        .clone()
        .set("CHORUS_AGENT_PAGE_SIZE", "10");
    let mut spec = crate::office::buyer(BUYER);
    spec.services = (0..35)
        .map(|n| chorus_simulator::ServiceSpec::new(&format!("S{n:02}"), "Service"))
        .collect();
    office.stage.simulator.put_structure(spec);
    let _agent = office.open().await?;
    office
        .insert(&invoice("1", BUYER, &json!({"code": "S34"}))?)
        .await?;
    office.all_integrated().await?;
    assert_eq!(office.questions(), [1, 2, 4, 1]);
    let row = office
        .people
        .query_one("SELECT count(*) FROM chorus.service", &[])
        .await?;
    assert_eq!(row.get::<_, i64>(0), 35);
    let (id, state) = office
        .insert(&invoice("2", BUYER, &json!({"code": "S35"}))?)
        .await?;
    assert_eq!(state, "invalid");
    ensure!(
        office.findings(id).await?[0]
            .hint_en
            .contains("S19 (Service), … (+15)")
    );
    Ok(())
}

/// What an application holds open is left for later; its neighbours go out.
#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_holds_one_invoice_holds_up_no_other_of_the_same_buyer() -> Result<()> {
    let Some(mut office) = Office::set("held", |_| {}).await? else {
        return Ok(());
    };
    let (held, _) = office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    let (other, _) = office.insert(&invoice("2", BUYER, &json!({}))?).await?;
    let editor = office.application.transaction().await?;
    editor
        .execute(
            "UPDATE chorus.invoice SET doc = jsonb_set(doc, '{ordering}', '{\"code\": \"ANCIEN\"}') WHERE id = $1",
            &[&held],
        )
        .await?;
    let _agent = office.stage.agent.run()?;
    let query = format!("SELECT state = 'integrated' FROM chorus.invoice WHERE id = '{other}'");
    office.stage.until(&query).await?;
    editor.commit().await?;
    // What it has become is held against the answer, not what it was.
    office.reaches(held, "invalid").await?;
    assert_eq!(office.rules(held).await?[0].0, "PGC-CPRO-SERVICE-INACTIVE");
    assert_eq!(office.questions()[0], 1);
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn once_asks_and_sends_in_one_go() -> Result<()> {
    let Some(office) = Office::set("once", |_| {}).await? else {
        return Ok(());
    };
    for n in 1..=3 {
        office
            .insert(&invoice(&n.to_string(), BUYER, &json!({"code": "VOIRIE"}))?)
            .await?;
    }
    let output = office.stage.agent.call(&["once"], "").await?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(office.stage.simulator.ledger().posts.len(), 3);
    assert_eq!(office.questions()[0], 1);
    Ok(())
}

/// Stops the statement that holds invoices against the directory when it has its snapshot and no lock yet, while somebody holds lock 1.
const STOPS_WHERE_IT_JUDGES: &str = "
CREATE FUNCTION public.stop_where_it_judges() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.current_query() LIKE '%judged AS MATERIALIZED%' THEN
        PERFORM pg_catalog.pg_advisory_xact_lock_shared(1);
    END IF;
    RETURN true;
END
$$;
CREATE POLICY stopped ON chorus.invoice AS RESTRICTIVE TO chorus_agent USING (public.stop_where_it_judges())";

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_that_is_put_aside_while_it_is_judged_goes_on_all_the_same() -> Result<()> {
    let Some(office) = Office::set("overlooked", |_| {}).await? else {
        return Ok(());
    };
    for n in ["1", "2"] {
        office.insert(&invoice(n, BUYER, &json!({}))?).await?;
    }
    let other_agent = office.stage.database.connect().await?;
    other_agent
        .batch_execute(&format!(
            "{STOPS_WHERE_IT_JUDGES};
             SELECT pg_advisory_lock(1);
             UPDATE chorus.task SET leased_by = gen_random_uuid(), leased_until = now() + interval '1 hour', lease = nextval('chorus.lease')
             WHERE invoice_id = (SELECT id FROM chorus.invoice WHERE number = 'D-2')"
        ))
        .await?;
    let _agent = office.open().await?;
    let judging = "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    office.stage.until(judging).await?;
    // As the other agent does that finds its buyer unknown.
    other_agent
        .batch_execute(
            "UPDATE chorus.task SET run_at = now() + interval '15 minutes', lease = NULL, leased_by = NULL, leased_until = NULL
             WHERE leased_until > now() + interval '30 minutes'",
        )
        .await?;
    other_agent
        .batch_execute("SELECT pg_advisory_unlock(1)")
        .await?;
    office.all_integrated().await?;
    office.stage.audit().await
}
