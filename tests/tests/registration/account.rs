//! What Chorus Pro may say of an account, and what is written down: reason, remedy, and until when the password is good.

use anyhow::{Context, Result, ensure};
use chorus_simulator::{AccountSpec, Api, Fault, Operation};
use chorus_tests::fixture;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::town::{LOGIN, PASSWORD, SIRET, Town, account, party, structure};

/// A supplier of which the VAT number alone is known.
fn vat_party() -> Value {
    json!({ "name": "Menuiserie Sud", "tax_id": { "country": "FR", "code": "32552032534" } })
}

/// A second establishment of the same company.
const SECOND: &str = "55203253400653";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_not_the_suppliers_is_refused_with_the_better_reason() -> Result<()> {
    let Some(town) = Town::set("attached").await? else {
        return Ok(());
    };
    let mut closed = structure("55203253400679");
    closed.inactive = true;
    town.stage.simulator.put_structure(closed);
    // The default supplier belongs to another account.
    for (siret, code, remedy) in [
        (
            "73282932000074",
            "not_attached",
            "le rattacher à cette structure",
        ),
        (
            "55203253400661",
            "unknown_identifier",
            "créer la structure dans Chorus Pro",
        ),
        ("55203253400679", "inactive", "la réactiver"),
    ] {
        let client = town.stage.database.connect().await?;
        client
            .execute(
                "SELECT chorus.revoke_supplier(id) FROM chorus.supplier WHERE identifier = $1",
                &[&siret],
            )
            .await?;
        let link = town.invite(&party(siret)).await?;
        let (status, body) = town.put(&link, &account()).await?;
        assert_eq!(
            (status, &body["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(code))
        );
        ensure!(
            body["fr"].as_str().context("fr")?.contains(remedy),
            "{body}"
        );
        let row = town.supplier(siret).await?;
        assert_eq!(
            (row.state.as_str(), row.code.as_deref()),
            ("error", Some(code))
        );
        ensure!(
            row.fr.contains(remedy) && row.en.contains(siret) && row.login.is_none(),
            "{row:?}"
        );
        let todo: Vec<String> = client
            .query("SELECT reason_fr || next_action FROM chorus.todo", &[])
            .await?
            .iter()
            .map(|row| row.get(0))
            .collect();
        ensure!(
            todo.iter()
                .any(|line| line.contains(remedy) && line.contains("supplier invite")),
            "{todo:?}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vat_number_is_enough_where_the_company_has_one_establishment() -> Result<()> {
    let Some(town) = Town::set("vat").await? else {
        return Ok(());
    };
    let link = town.invite(&vat_party()).await?;
    assert_eq!(town.supplier("FR32552032534").await?.id_type, "TVA");
    let (status, body) = town.put(&link, &account()).await?;
    ensure!(status == StatusCode::OK, "{body}");
    let row = town.supplier(SIRET).await?;
    assert_eq!(
        (row.state.as_str(), row.id_type.as_str()),
        ("registered", "SIRET")
    );
    // Sealed for the SIRET: it opens, and Chorus Pro takes it.
    let verified = town
        .stage
        .agent
        .call(&["supplier", "verify", SIRET], "")
        .await?;
    ensure!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_establishments_a_person_chooses_one() -> Result<()> {
    let Some(town) = Town::set("several").await? else {
        return Ok(());
    };
    town.stage.simulator.put_structure(structure(SECOND));
    let link = town.invite(&vat_party()).await?;
    let (status, body) = town.put(&link, &account()).await?;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("several_sirets"))
    );
    assert_eq!(
        body["choices"],
        json!([{ "siret": SIRET, "name": "Menuiserie Sud" }, { "siret": SECOND, "name": "Menuiserie Sud" }])
    );
    let row = town.supplier("FR32552032534").await?;
    ensure!(row.fr.contains(SIRET) && row.fr.contains(SECOND), "{row:?}");
    let (_, page) = town
        .submit(&link, "en", &[("username", LOGIN), ("password", PASSWORD)])
        .await?;
    for text in [
        "<legend>For which establishment?</legend>",
        &format!("name=\"siret\" value=\"{SECOND}\""),
    ] {
        ensure!(page.contains(text), "{text} is not in\n{page}");
    }
    let chosen = [
        ("username", LOGIN),
        ("password", PASSWORD),
        ("siret", SECOND),
    ];
    let (status, page) = town.submit(&link, "en", &chosen).await?;
    ensure!(status == StatusCode::OK, "{page}");
    assert_eq!(town.supplier(SECOND).await?.state, "registered");

    // On the command line likewise; the establishment that is taken is not given twice.
    let add = [
        "supplier",
        "add",
        "--vat",
        "FR 32 552 032 534",
        "--login",
        LOGIN,
    ];
    let added = town.stage.agent.call(&add, PASSWORD).await?;
    ensure!(
        added.status.success(),
        "{}",
        String::from_utf8_lossy(&added.stderr)
    );
    for (siret, good, text) in [
        (None, false, SECOND),
        (Some(SECOND), false, "another supplier"),
        (Some(SIRET), true, "registered as SIRET"),
    ] {
        let mut call = vec!["supplier", "verify", "FR32552032534"];
        call.extend(siret.iter().flat_map(|siret| ["--siret", siret]));
        let verified = town.stage.agent.call(&call, "").await?;
        let said = String::from_utf8_lossy(&verified.stdout);
        ensure!(
            verified.status.success() == good && said.contains(text),
            "{siret:?}: {said}"
        );
    }
    assert_eq!(town.supplier(SIRET).await?.state, "registered");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_operator_can_mend_is_not_the_suppliers_trouble() -> Result<()> {
    let Some(town) = Town::set("operator").await? else {
        return Ok(());
    };
    for (closed, api) in [
        (Api::Transverses, "API Transverses"),
        (Api::Factures, "API Factures"),
    ] {
        town.stage
            .simulator
            .configure(|settings| settings.unsubscribed = vec![closed]);
        let link = town.link().await?;
        let (status, body) = town.put(&link, &account()).await?;
        assert_eq!(
            (status, &body["code"]),
            (StatusCode::ACCEPTED, &json!("stored"))
        );
        let row = town.supplier(SIRET).await?;
        assert_eq!(
            (row.state.as_str(), row.code.as_deref()),
            ("error", Some("not_subscribed"))
        );
        ensure!(
            row.en.contains(api) && row.fr.contains("piste.gouv.fr"),
            "{row:?}"
        );
        // Mended: the account that was stored is verified without anybody typing it again.
        town.stage
            .simulator
            .configure(|settings| settings.unsubscribed.clear());
        town.stage
            .until(&format!("SELECT state = 'registered' AND error IS NULL FROM chorus.supplier WHERE identifier = '{SIRET}'"))
            .await?;
        let client = town.stage.database.connect().await?;
        client
            .batch_execute("SELECT chorus.revoke_supplier(id) FROM chorus.supplier")
            .await?;
    }
    // The same for conditions that are not accepted, and for an account that may not use the API.
    town.stage
        .simulator
        .configure(|settings| settings.conditions_not_accepted = vec![Api::Transverses]);
    let (_, body) = town.put(&town.link().await?, &account()).await?;
    assert_eq!(body["code"], json!("stored"));
    ensure!(
        town.supplier(SIRET)
            .await?
            .fr
            .contains("conditions d'utilisation")
    );
    town.stage
        .simulator
        .configure(|settings| settings.conditions_not_accepted.clear());
    town.stage.simulator.put_account(AccountSpec {
        login: LOGIN.into(),
        password: PASSWORD.into(),
        not_entitled: true,
    });
    let (_, body) = town.put(&town.link().await?, &account()).await?;
    assert_eq!(body["code"], json!("stored"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_piste_application_is_told_from_a_wrong_account() -> Result<()> {
    let Some(town) =
        Town::with("piste", &[("CHORUS_PISTE_CLIENT_SECRET", "not-the-secret")]).await?
    else {
        return Ok(());
    };
    let (status, body) = town.put(&town.link().await?, &account()).await?;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::ACCEPTED, &json!("stored"))
    );
    let row = town.supplier(SIRET).await?;
    assert_eq!(
        (row.state.as_str(), row.code.as_deref()),
        ("error", Some("piste_client"))
    );
    ensure!(
        row.en.contains("piste.client_secret") && !row.en.contains("not-the-secret"),
        "{row:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_chorus_pro_is_down_the_account_is_kept_and_verified_later() -> Result<()> {
    let Some(town) = Town::set("down").await? else {
        return Ok(());
    };
    let mut html = Fault::refuse();
    html.effect = chorus_simulator::Effect::Status;
    html.status = Some(503);
    html.body = "<html>maintenance</html>".into();
    html.operation = Some(Operation::HealthCheck);
    town.stage.simulator.set_faults(vec![html])?;
    let (status, body) = town.put(&town.link().await?, &account()).await?;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::ACCEPTED, &json!("processing"))
    );
    assert_eq!(town.supplier(SIRET).await?.state, "processing");
    town.stage.simulator.clear_faults();
    town.stage
        .until(&format!(
            "SELECT state = 'registered' FROM chorus.supplier WHERE identifier = '{SIRET}'"
        ))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_password_is_known_and_warned_of() -> Result<()> {
    let Some(town) = Town::set("expiry").await? else {
        return Ok(());
    };
    let client = town.stage.database.connect().await?;
    let day = |days: i32| {
        let client = &client;
        async move {
            let row = client
                .query_one(
                    "SELECT ((now() AT TIME ZONE 'Europe/Paris')::date + $1::int)::text",
                    &[&days],
                )
                .await?;
            anyhow::Ok(row.get::<_, String>(0))
        }
    };
    for (days, warning) in [
        (400, None),
        (30, Some(30_i16)),
        (15, Some(15)),
        (5, Some(5)),
    ] {
        let mut spec = structure(SIRET);
        let until = day(days).await?;
        spec.password_expires = Some(format!("{until}T00:00:00.000+02:00"));
        town.stage.simulator.put_structure(spec);
        let (status, body) = town.put(&town.link().await?, &account()).await?;
        ensure!(status == StatusCode::OK, "{body}");
        // An instant at midnight of Paris in summer is the same day in winter's Paris less an hour.
        let stored = town.supplier(SIRET).await?.expires.context("no day")?;
        ensure!(
            stored == until || stored == day(days - 1).await?,
            "{stored}, not {until}"
        );
        if let Some(warning) = warning {
            town.stage
                .until(&format!("SELECT password_warning = {warning} FROM chorus.supplier WHERE identifier = '{SIRET}'"))
                .await?;
            let left: i32 = client
                .query_one("SELECT days_left FROM chorus.todo WHERE reason_fr LIKE 'Le mot de passe du compte technique%'", &[])
                .await?
                .get(0);
            ensure!((days - 1..=days).contains(&left), "{left}");
        }
    }
    ensure!(
        town.agent.log().matches("ends soon").count() == 3,
        "{}",
        town.agent.log()
    );
    let status = town.stage.agent.call(&["status"], "").await?;
    let said = String::from_utf8_lossy(&status.stdout).into_owned();
    ensure!(said.contains("technical account ends on"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_supplier_sends_nothing_until_it_registers_again() -> Result<()> {
    let Some(town) = Town::set("revoked").await? else {
        return Ok(());
    };
    let siret = town.stage.simulator.supplier_siret().to_owned();
    town.stage
        .until("SELECT bool_and(state = 'registered') FROM chorus.supplier")
        .await?;
    let open = town.invite(&party(&siret)).await?;
    assert_eq!(
        town.supplier(&siret).await?.state,
        "registered",
        "an invitation takes nothing away"
    );
    let revoked = town
        .stage
        .agent
        .call(&["supplier", "revoke", "732 829 320 00074"], "")
        .await?;
    ensure!(
        revoked.status.success(),
        "{}",
        String::from_utf8_lossy(&revoked.stderr)
    );
    let row = town.supplier(&siret).await?;
    assert_eq!((row.state.as_str(), row.login), ("empty", None));
    assert_eq!(town.open(&open, "fr").await?.0, StatusCode::GONE);
    let id = town.stage.insert(&fixture("b2g.json")?).await?;
    let once = town.stage.agent.call(&["once"], "").await?;
    ensure!(
        once.status.success(),
        "{}",
        String::from_utf8_lossy(&once.stderr)
    );
    let client = town.stage.database.connect().await?;
    let state: String = client
        .query_one("SELECT state FROM chorus.invoice WHERE id = $1", &[&id])
        .await?
        .get(0);
    assert_eq!(state, "ready");

    let invited = town
        .stage
        .agent
        .call(&["supplier", "invite", &siret, "--days", "2"], "")
        .await?;
    let link = String::from_utf8(invited.stdout)?;
    let default = town.stage.simulator.credentials().account.clone();
    let again = json!({ "username": default.login, "password": default.password });
    let (status, body) = town.put(link.trim(), &again).await?;
    ensure!(status == StatusCode::OK, "{body}");
    town.stage
        .until("SELECT bool_and(chorus_id IS NOT NULL) FROM chorus.invoice")
        .await?;
    town.stage.audit().await
}
