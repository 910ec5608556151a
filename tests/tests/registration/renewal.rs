//! A supplier whose account is good gets another one: the good one goes on until the other is known to be good too.

use anyhow::{Context, Result, ensure};
use chorus_simulator::{Api, Fault, Operation};
use chorus_tests::fixture;
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    common::{PATIENCE, eventually},
    town::{LOGIN, SIRET, Town, account, party, structure},
};

/// The sealed account of the usual supplier.
const SEALED: &str =
    "SELECT credential, state FROM chorus.supplier WHERE identifier = '55203253400646'";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_cannot_be_verified_does_not_replace_a_good_one() -> Result<()> {
    let Some(town) = Town::set("renewal").await? else {
        return Ok(());
    };
    let (status, body) = town.put(&town.link().await?, &account()).await?;
    ensure!(status == StatusCode::OK, "{body}");
    let client = town.stage.database.connect().await?;
    let good: Vec<u8> = client.query_one(SEALED, &[]).await?.get(0);
    let link = town.link().await?;
    let mistyped = json!({ "username": LOGIN, "password": "mistyped" });

    // Away, and then closed to this application: more often than accounts may be tried through one link.
    town.stage
        .simulator
        .set_faults(vec![Fault::html(503).on(Operation::HealthCheck)])?;
    for closed in [false, true] {
        if closed {
            town.stage.simulator.clear_faults();
            town.stage
                .simulator
                .configure(|settings| settings.unsubscribed = vec![Api::Transverses]);
        }
        for _ in 0..6 {
            let (status, body) = town.put(&link, &mistyped).await?;
            assert_eq!(
                (status, &body["code"]),
                (StatusCode::SERVICE_UNAVAILABLE, &json!("kept")),
                "{body}"
            );
        }
        let row = client.query_one(SEALED, &[]).await?;
        assert_eq!(row.get::<_, Vec<u8>>(0), good);
        assert_eq!(row.get::<_, &str>(1), "registered");
    }
    let (status, page) = town
        .submit(
            &link,
            "fr",
            &[("username", LOGIN), ("password", "mistyped")],
        )
        .await?;
    ensure!(
        status == StatusCode::SERVICE_UNAVAILABLE && page.contains("reste en service"),
        "{page}"
    );

    // Chorus Pro is back: wrong is said to be wrong, right replaces, and the link was good all the while.
    town.stage
        .simulator
        .configure(|settings| settings.unsubscribed.clear());
    let (status, body) = town.put(&link, &mistyped).await?;
    assert_eq!(
        (status, &body["code"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("technical_account")
        )
    );
    let (status, body) = town.put(&link, &account()).await?;
    ensure!(status == StatusCode::OK, "{body}");
    let row = client.query_one(SEALED, &[]).await?;
    assert_ne!(row.get::<_, Vec<u8>>(0), good);
    assert_eq!(row.get::<_, &str>(1), "registered");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_and_the_account_typed_through_an_earlier_one_take_turns() -> Result<()> {
    let Some(town) = Town::set("turns").await? else {
        return Ok(());
    };
    let client = town.stage.database.connect().await?;
    for (given, code) in [
        (account(), "revoked"),
        (
            json!({ "username": LOGIN, "password": "mistyped" }),
            "technical_account",
        ),
    ] {
        let link = town.link().await?;
        let invite = async {
            // Whoever invites has the supplier first; the page comes to it then, and waits.
            client
                .batch_execute(&format!(
                    "BEGIN; SELECT FROM chorus.supplier WHERE identifier = '{SIRET}' FOR UPDATE"
                ))
                .await?;
            town.stage
                .until(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%chorus.invitation%')",
                )
                .await?;
            client
                .batch_execute(&format!(
                    "SELECT chorus.invite_supplier(id) FROM chorus.supplier WHERE identifier = '{SIRET}'; COMMIT"
                ))
                .await
                .context("the link could not be made")
        };
        let (answer, invited) = tokio::join!(town.put(&link, &given), invite);
        invited?;
        let (_, body) = answer?;
        assert_eq!(body["code"], json!(code), "{body}");
        // What was typed through a link that was replaced meanwhile says nothing.
        let row = town.supplier(SIRET).await?;
        assert_eq!((row.state.as_str(), row.code), ("processing", None));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_refused_with_the_earlier_account_says_nothing_of_the_later_one() -> Result<()> {
    let Some(town) = Town::set("inflight").await? else {
        return Ok(());
    };
    town.stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    let client = town.stage.database.connect().await?;
    client
        .batch_execute(
            "CREATE TABLE public.turned (state text);
             CREATE FUNCTION public.turn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                 BEGIN INSERT INTO public.turned VALUES (NEW.state); RETURN NULL; END $$;
             CREATE TRIGGER turned AFTER UPDATE ON chorus.supplier FOR EACH ROW
                 WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION public.turn()",
        )
        .await?;
    let siret = town.stage.simulator.supplier_siret().to_owned();
    let link = town.invite(&party(&siret)).await?;
    // Both the call and its repetition with a fresh token are answered late.
    let late = Fault {
        latency_ms: 1_600,
        ..Fault::status(401).on(Operation::DeposerFlux).times(2)
    };
    town.stage.simulator.set_faults(vec![late])?;
    town.stage.insert(&fixture("b2g.json")?).await?;
    town.stage
        .until("SELECT count(*) = 1 FROM chorus.deposit WHERE state = 'sending'")
        .await?;
    let known = town.stage.simulator.credentials().account.clone();
    let renewed = json!({ "username": known.login, "password": known.password });
    let (status, body) = town.put(&link, &renewed).await?;
    ensure!(status == StatusCode::OK, "{body}");
    let in_flight: i64 = client
        .query_one(
            "SELECT count(*) FROM chorus.deposit WHERE state = 'sending'",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(in_flight, 1, "the call is still under way");

    town.stage
        .until("SELECT bool_and(chorus_id IS NOT NULL) FROM chorus.invoice")
        .await?;
    let refused: i64 = client
        .query_one(
            "SELECT count(*) FROM chorus.deposit WHERE state = 'refused'",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(refused, 1);
    let blamed: i64 = client
        .query_one(
            "SELECT count(*) FROM public.turned WHERE state = 'error'",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(blamed, 0, "the account stored meanwhile was blamed");
    town.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_password_is_read_again_once_a_day() -> Result<()> {
    let Some(town) = Town::set("daily").await? else {
        return Ok(());
    };
    let client = town.stage.database.connect().await?;
    let until = |days: i32| {
        let (client, simulator) = (&client, &town.stage.simulator);
        async move {
            let row = client
                .query_one(
                    "SELECT ((now() AT TIME ZONE 'Europe/Paris')::date + $1::int)::text",
                    &[&days],
                )
                .await?;
            let mut spec = structure(SIRET);
            let day: String = row.get(0);
            spec.password_expires = Some(day.clone());
            simulator.put_structure(spec);
            anyhow::Ok(day)
        }
    };
    let asked = || {
        town.stage
            .simulator
            .ledger()
            .requests(Operation::ConsulterStructure)
    };
    let first = until(400).await?;
    let (status, body) = town.put(&town.link().await?, &account()).await?;
    ensure!(status == StatusCode::OK, "{body}");
    town.stage
        .until("SELECT bool_and(state = 'registered' AND followed_until IS NOT NULL) FROM chorus.supplier")
        .await?;
    // Renewed, or shortened, over there: nobody tells us.
    let (before, followed) = (asked(), town.supplier(SIRET).await?.expires);
    assert_eq!(followed.as_deref(), Some(first.as_str()));
    let second = until(15).await?;
    let searches = || {
        town.stage
            .simulator
            .ledger()
            .requests(Operation::RechercherFournisseur)
    };
    let now = searches();
    eventually(|| searches() >= now + 4, PATIENCE).await?;
    assert_eq!(asked(), before, "once a day");

    client
        .execute(
            "UPDATE chorus.supplier SET password_read_at = now() - interval '1 day' WHERE identifier = $1",
            &[&SIRET],
        )
        .await?;
    town.stage
        .until(&format!(
            "SELECT password_expires_on = '{second}' AND password_warning = 15 FROM chorus.supplier WHERE identifier = '{SIRET}'"
        ))
        .await?;
    let left: i32 = client
        .query_one(
            "SELECT days_left FROM chorus.todo WHERE reason_fr LIKE 'Le mot de passe du compte technique%'",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(left, 15);

    // An answer that cannot be had keeps the day that is known, and stops nothing.
    town.stage
        .simulator
        .set_faults(vec![Fault::status(403).on(Operation::ConsulterStructure)])?;
    let (before, now) = (asked(), searches());
    client
        .execute(
            "UPDATE chorus.supplier SET password_read_at = now() - interval '1 day' WHERE identifier = $1",
            &[&SIRET],
        )
        .await?;
    eventually(|| searches() >= now + 6, PATIENCE).await?;
    assert_eq!(asked(), before + 1);
    let row = town.supplier(SIRET).await?;
    assert_eq!(
        (row.state.as_str(), row.expires.as_deref()),
        ("registered", Some(second.as_str()))
    );
    Ok(())
}
