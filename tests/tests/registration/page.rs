//! The page: what it shows, what it takes, and what it refuses.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::town::{LOGIN, PASSWORD, SIRET, Town, account, party};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_speaks_both_languages_and_keeps_its_address_to_itself() -> Result<()> {
    let Some(town) = Town::set("page").await? else {
        return Ok(());
    };
    let link = town.link().await?;
    let answer = town.http.get(&link).send().await?;
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    assert_eq!(header("referrer-policy"), Some("no-referrer"));
    assert_eq!(header("cache-control"), Some("no-store"));
    assert_eq!(header("x-content-type-options"), Some("nosniff"));
    let policy = header("content-security-policy").context("no policy")?;
    ensure!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    ensure!(
        !policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );

    for (lang, wanted) in [
        (
            "fr-FR,fr;q=0.9",
            [
                "<html lang=\"fr\">",
                "Qu'est-ce qu'un compte technique ?",
                "Mot de passe du compte technique",
            ],
        ),
        (
            "en-GB",
            [
                "<html lang=\"en\">",
                "What is a technical account?",
                "Password of the technical account",
            ],
        ),
        (
            "de",
            [
                "<html lang=\"fr\">",
                "gestionnaire principal",
                "https://qualif.chorus-pro.gouv.fr",
            ],
        ),
    ] {
        let (status, page) = town.open(&link, lang).await?;
        assert_eq!(status, StatusCode::OK);
        for text in wanted {
            ensure!(page.contains(text), "{lang}: {text} is not in\n{page}");
        }
        ensure!(page.contains("Menuiserie Sud (55203253400646)"), "{page}");
        ensure!(
            !page.contains("<script") && !page.contains("http-equiv"),
            "{page}"
        );
        // Each field has its label and its hint.
        for field in ["username", "password"] {
            for part in [
                format!("<label for=\"{field}\">"),
                format!("id=\"{field}-hint\""),
                format!("aria-describedby=\"{field}-hint\""),
            ] {
                ensure!(page.contains(&part), "{part}");
            }
        }
    }
    let (_, english) = town.open(&format!("{link}?lang=en"), "fr").await?;
    ensure!(
        english.contains("<html lang=\"en\">"),
        "the address says which language"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_in_a_name_or_login_is_only_text() -> Result<()> {
    let Some(town) = Town::set("script").await? else {
        return Ok(());
    };
    let nasty = "</strong><script>alert(1)</script>\"'&";
    let mut party = party(SIRET);
    party["name"] = json!(nasty);
    let link = town.invite(&party).await?;
    let (_, page) = town.open(&link, "fr").await?;
    let escaped = "&lt;/strong&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";
    ensure!(
        page.contains(escaped) && !page.contains("<script"),
        "{page}"
    );
    let (status, page) = town
        .submit(&link, "fr", &[("username", nasty), ("password", "wrong")])
        .await?;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    ensure!(
        page.contains(&format!("value=\"{escaped}\"")) && !page.contains("<script"),
        "{page}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_and_the_right_one_registers_once() -> Result<()> {
    let Some(town) = Town::set("password").await? else {
        return Ok(());
    };
    let link = town.link().await?;
    assert_eq!(town.supplier(SIRET).await?.state, "processing");
    for (lang, summary, reason) in [
        (
            "fr",
            "Le compte n'est pas encore enregistré",
            "Chorus Pro refuse ce compte technique",
        ),
        (
            "en",
            "The account is not registered yet",
            "Chorus Pro refuses this technical account",
        ),
    ] {
        let (status, page) = town
            .submit(
                &link,
                lang,
                &[("username", LOGIN), ("password", "wrong-password")],
            )
            .await?;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for text in [
            summary,
            reason,
            "role=\"alert\"",
            "href=\"#username\"",
            "aria-invalid=\"true\"",
            LOGIN,
        ] {
            ensure!(page.contains(text), "{text} is not in\n{page}");
        }
        ensure!(!page.contains("wrong-password"), "the password comes back");
    }
    let refused = town.supplier(SIRET).await?;
    assert_eq!(
        (refused.state.as_str(), refused.code.as_deref()),
        ("error", Some("technical_account"))
    );
    ensure!(
        refused.en.contains("14 months") && refused.fr.contains("14 mois"),
        "{refused:?}"
    );
    ensure!(refused.login.is_none(), "what was refused is not stored");

    let (status, page) = town
        .submit(
            &link,
            "fr",
            &[("username", &format!(" {LOGIN}\n")), ("password", PASSWORD)],
        )
        .await?;
    ensure!(
        status == StatusCode::OK && page.contains("Le compte est vérifié et enregistré"),
        "{page}"
    );
    let registered = town.supplier(SIRET).await?;
    assert_eq!(
        (
            registered.state.as_str(),
            registered.code,
            registered.en.as_str()
        ),
        ("registered", None, "")
    );
    assert_eq!(registered.login.as_deref(), Some(LOGIN));
    ensure!(registered.structure.is_some());

    for (lang, text) in [
        ("fr", "Ce lien a déjà servi"),
        ("en", "This link has been used"),
    ] {
        let (status, page) = town.open(&link, lang).await?;
        ensure!(status == StatusCode::GONE && page.contains(text), "{page}");
        let (status, page) = town
            .submit(&link, lang, &[("username", "x"), ("password", "y")])
            .await?;
        ensure!(status == StatusCode::GONE && page.contains(text), "{page}");
    }
    assert_eq!(town.supplier(SIRET).await?.login.as_deref(), Some(LOGIN));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_expired_was_replaced_or_never_was_says_so() -> Result<()> {
    let Some(town) = Town::set("links").await? else {
        return Ok(());
    };
    let older = town.link().await?;
    let link = town.link().await?;
    let closed = [
        (
            older.as_str(),
            StatusCode::GONE,
            "Ce lien a été remplacé",
            "This link has been replaced",
        ),
        (
            &format!("{}/register/{}", town.url, "0".repeat(64)),
            StatusCode::NOT_FOUND,
            "Il n&#39;y a rien",
            "There is nothing",
        ),
        (
            &town.url,
            StatusCode::NOT_FOUND,
            "Il n&#39;y a rien",
            "There is nothing",
        ),
    ];
    for (link, wanted, french, english) in closed {
        for (lang, text) in [("fr", french), ("en", english)] {
            let (status, page) = town.open(link, lang).await?;
            ensure!(
                status == wanted && page.contains(text),
                "{link} {status}\n{page}"
            );
        }
    }
    let client = town.stage.database.connect().await?;
    client
        .batch_execute("UPDATE chorus.invitation SET expires_at = now() WHERE revoked_at IS NULL")
        .await?;
    for (lang, text) in [("fr", "Ce lien a expiré"), ("en", "This link has expired")] {
        let (status, page) = town.open(&link, lang).await?;
        ensure!(status == StatusCode::GONE && page.contains(text), "{page}");
        let (status, _) = town
            .submit(&link, lang, &[("username", LOGIN), ("password", PASSWORD)])
            .await?;
        assert_eq!(status, StatusCode::GONE);
    }
    assert_eq!(town.supplier(SIRET).await?.login, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_put_json_and_are_answered_in_json() -> Result<()> {
    let Some(town) = Town::set("json").await? else {
        return Ok(());
    };
    let link = town.link().await?;
    let wrong = json!({ "username": LOGIN, "password": "hush-hush" });
    let (status, body) = town.put(&link, &wrong).await?;
    assert_eq!(
        (status, &body["code"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("technical_account")
        )
    );
    for lang in ["fr", "en"] {
        ensure!(
            !body[lang].as_str().unwrap_or_default().is_empty()
                && !body.to_string().contains("hush"),
            "{body}"
        );
    }
    let (status, body) = town
        .put(&link, &json!({ "username": "", "password": "" }))
        .await?;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("fields"))
    );
    for broken in [
        "{",
        "[]",
        "{\"username\": 1}",
        "{\"username\": \"a\", \"password\": \"hush\", \"other\": 1}",
    ] {
        let answer = town.http.put(&link).body(broken).send().await?;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{broken}");
        ensure!(!answer.text().await?.contains("hush"));
    }
    let (status, body) = town.put(&link, &account()).await?;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::OK, &json!("registered"))
    );
    let (status, body) = town.put(&link, &account()).await?;
    assert_eq!((status, &body["code"]), (StatusCode::GONE, &json!("used")));
    let answer = town.http.delete(&link).send().await?;
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    let answer = town.http.post(&link).json(&account()).send().await?;
    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    Ok(())
}

/// Sends the head of a request and what follows, and reads what comes back before all of it has been sent.
async fn raw(town: &Town, request: &str, body: &[u8]) -> Result<String> {
    let address = town.url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = vec![0; 2048];
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut answer))
        .await
        .context("no answer")??;
    Ok(String::from_utf8_lossy(answer.get(..read).unwrap_or_default()).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_fifty_megabytes_is_refused_unread() -> Result<()> {
    let Some(town) = Town::set("body").await? else {
        return Ok(());
    };
    let link = town.link().await?;
    let path = link.trim_start_matches(&town.url);
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\naccept-language: en\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    );
    let announced = format!("{head}content-length: 52428800\r\n\r\n");
    let answer = raw(&town, &announced, b"username=").await?;
    ensure!(
        answer.starts_with("HTTP/1.1 413") && answer.contains("The request is too large"),
        "{answer}"
    );
    // Without a length, as soon as the limit is passed.
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n8000\r\n");
    let answer = raw(&town, &chunked, &[b'a'; 0x5000]).await?;
    ensure!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let (status, _) = town.put(&link, &account()).await?;
    assert_eq!(status, StatusCode::OK, "the link is as good as before");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_passwords_nor_links_can_be_searched_for() -> Result<()> {
    let Some(town) = Town::set("search").await? else {
        return Ok(());
    };
    let link = town.link().await?;
    for attempt in 0..10 {
        let wrong = json!({ "username": LOGIN, "password": format!("guess {attempt}") });
        assert_eq!(
            town.put(&link, &wrong).await?.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let (status, body) = town.put(&link, &account()).await?;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("exhausted"))
    );
    let checks = town.stage.simulator.ledger().operations;
    let health = checks.get("health-check").map(|count| count.received);
    let mut refusals = 0;
    for guess in 0..60 {
        let (status, _) = town
            .open(&format!("{}/register/{guess:064}", town.url), "fr")
            .await?;
        refusals += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    ensure!((20..=30).contains(&refusals), "{refusals}");
    // Who has a link is not kept waiting by those who have none.
    let fresh = town.link().await?;
    assert_eq!(town.open(&fresh, "fr").await?.0, StatusCode::OK);
    let after = town.stage.simulator.ledger().operations;
    assert_eq!(
        after.get("health-check").map(|count| count.received),
        health
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_register_at_once_one_is_stored() -> Result<()> {
    let Some(town) = Town::set("race").await? else {
        return Ok(());
    };
    let link = town.link().await?;
    // Both pass the check of the link before either has stored anything.
    town.stage.simulator.set_faults(vec![delay(300)])?;
    let body = account();
    let answers = tokio::join!(town.put(&link, &body), town.put(&link, &body));
    let mut codes =
        [answers.0?.1["code"].clone(), answers.1?.1["code"].clone()].map(|code| code.to_string());
    codes.sort();
    assert_eq!(codes, ["\"registered\"", "\"used\""]);
    Ok(())
}

fn delay(milliseconds: u64) -> chorus_simulator::Fault {
    let mut fault = chorus_simulator::Fault::refuse();
    fault.effect = chorus_simulator::Effect::Delay;
    fault.latency_ms = milliseconds;
    fault
}
