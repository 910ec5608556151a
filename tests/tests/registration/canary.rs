//! The whole flow with everything logged: no secret is in a log, a page or its headers, a table, a view, an error or a dump.

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chorus_tests::fixture;
use serde_json::json;
use tokio::process::Command;

use crate::town::{Town, party};

/// A secret in the forms in which it could turn up: as it is, in base64, and in hexadecimal as dumps show bytes.
fn forms(secret: &str) -> Vec<String> {
    let hexadecimal = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let base64 = STANDARD.encode(secret).trim_end_matches('=').to_owned();
    vec![secret.to_owned(), base64, hexadecimal]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_leaves_its_place() -> Result<()> {
    let Some(town) = Town::with("canary", &[("CHORUS_LOG_FILTER", "trace")]).await? else {
        return Ok(());
    };
    let siret = town.stage.simulator.supplier_siret().to_owned();
    let credentials = town.stage.simulator.credentials().clone();
    let client = town.stage.database.connect().await?;
    client
        .batch_execute("SELECT chorus.revoke_supplier(id) FROM chorus.supplier")
        .await?;

    // A wrong password through the form, the right one through JSON, an invoice to the buyer.
    let mistyped = "mistyped-canary-password";
    let link = town.invite(&party(&siret)).await?;
    let token = link.rsplit_once('/').context("no token")?.1.to_owned();
    let mut seen = Vec::new();
    let login = credentials.account.login.as_str();
    seen.push(
        town.submit(&link, "fr", &[("username", login), ("password", mistyped)])
            .await?
            .1,
    );
    let right = json!({ "username": login, "password": credentials.account.password });
    seen.push(town.put(&link, &right).await?.1.to_string());
    seen.push(town.open(&link, "en").await?.1);
    town.stage.insert(&fixture("b2g.json")?).await?;
    town.stage
        .until("SELECT bool_and(chorus_id IS NOT NULL) FROM chorus.invoice")
        .await?;
    // And what goes wrong: an account that is refused later, a malformed body, a key that does not fit.
    let mut renewed = crate::town::structure(&siret);
    renewed.account = Some(chorus_simulator::Account {
        login: login.into(),
        password: "another".into(),
    });
    town.stage.simulator.put_structure(renewed);
    for call in [
        &["check"][..],
        &["supplier", "verify"],
        &["supplier", "list"],
        &["status"],
    ] {
        let output = town.stage.agent.call(call, "").await?;
        seen.push(String::from_utf8_lossy(&output.stdout).into_owned());
        seen.push(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let second = town.invite(&party(&siret)).await?;
    let malformed = format!("{{\"username\": \"{login}\", \"password\": \"{mistyped}\", ");
    seen.push(
        town.http
            .put(&second)
            .body(malformed)
            .send()
            .await?
            .text()
            .await?,
    );

    seen.push(format!(
        "{:?}",
        town.http.get(&second).send().await?.headers()
    ));

    let file = town
        .stage
        .agent
        .setting("CHORUS_CREDENTIALS_PRIVATE_KEY_FILE")
        .context("no key")?;
    let key = std::fs::read_to_string(file)?.trim().to_owned();
    // Errors of the programs: keys that open nothing, or are none, and accounts that cannot be sealed.
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (other, broken) = (path("other"), path("broken"));
    let made = town
        .stage
        .agent
        .call(&["keygen", "--private-key", &other], "")
        .await?;
    ensure!(made.status.success());
    let broken_key = format!("{}canary", &key[..key.len() - 6]);
    std::fs::write(&broken, &broken_key)?;
    for wrong in [&other, &broken] {
        let agent = town
            .stage
            .agent
            .clone()
            .set("CHORUS_CREDENTIALS_PRIVATE_KEY_FILE", wrong);
        for (call, typed) in [
            (&["check"][..], ""),
            (&["supplier", "verify"], ""),
            (&["rekey"], ""),
            (
                &["supplier", "add", "--siret", &siret, "--login", "a:colon"],
                mistyped,
            ),
        ] {
            let output = agent.call(call, typed).await?;
            ensure!(!output.status.success(), "{call:?} with {wrong}");
            seen.push(String::from_utf8_lossy(&output.stdout).into_owned());
            seen.push(String::from_utf8_lossy(&output.stderr).into_owned());
        }
    }
    let other_key = std::fs::read_to_string(&other)?.trim().to_owned();
    // What reports show, and what the server shows of statements.
    let views = client
        .query(
            "SELECT format('%I.%I', schemaname, viewname) FROM pg_views WHERE schemaname IN ('chorus', 'chorus_report')",
            &[],
        )
        .await?;
    ensure!(!views.is_empty(), "no views");
    for view in &views {
        let view: &str = view.get(0);
        let text = format!("SELECT coalesce(string_agg(v::text, E'\n'), '') FROM {view} v");
        seen.push(client.query_one(&text, &[]).await?.get(0));
    }
    seen.push(
        client
            .query_one(
                "SELECT coalesce(string_agg(query, E'\n'), '') FROM pg_stat_activity",
                &[],
            )
            .await?
            .get(0),
    );
    let header = STANDARD.encode(format!("{login}:{}", credentials.account.password));
    let dump = Command::new("pg_dump")
        .arg(town.stage.database.url())
        .output()
        .await?;
    ensure!(
        dump.status.success(),
        "{}",
        String::from_utf8_lossy(&dump.stderr)
    );
    let dump = String::from_utf8(dump.stdout)?;
    ensure!(
        dump.contains("COPY chorus.invitation") && dump.contains(login),
        "the dump holds what was stored"
    );
    let log = town.agent.log();
    ensure!(log.contains("TRACE"), "everything is logged");
    seen.extend([dump, log]);
    let second = second.rsplit_once('/').context("no token")?.1.to_owned();
    let secrets = [
        mistyped.to_owned(),
        credentials.account.password,
        credentials.client_secret,
        key,
        broken_key,
        other_key,
        header,
        token,
        second,
    ];
    for secret in &secrets {
        for form in forms(secret) {
            for place in &seen {
                let found = place.find(&form).map(|at| {
                    let line = place
                        .get(..at)
                        .unwrap_or_default()
                        .rsplit('\n')
                        .next()
                        .unwrap_or_default();
                    line.to_owned()
                });
                ensure!(found.is_none(), "a secret follows: {found:?}");
            }
        }
    }
    Ok(())
}
