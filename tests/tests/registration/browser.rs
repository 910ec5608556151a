//! As a supplier does it: a browser without scripts, then an invoice to its payment.

use anyhow::{Result, ensure};
use chorus_simulator::PAYING_BUYER;
use chorus_tests::fixture;

use crate::town::{Town, party};
use crate::webdriver::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn a_supplier_registers_in_a_browser_and_its_invoice_is_paid() -> Result<()> {
    let Some(town) = Town::set("browser").await? else {
        return Ok(());
    };
    let Some(browser) = Browser::start(&town.http).await? else {
        return Ok(());
    };
    town.stage
        .simulator
        .configure(|settings| settings.buyer_script = PAYING_BUYER.map(str::to_owned).to_vec());
    let siret = town.stage.simulator.supplier_siret().to_owned();
    let client = town.stage.database.connect().await?;
    client
        .batch_execute("SELECT chorus.revoke_supplier(id) FROM chorus.supplier")
        .await?;
    let link = town.invite(&party(&siret)).await?;

    browser.open(&format!("{link}?lang=en")).await?;
    assert_eq!(browser.read("html", "attribute/lang").await?, "en");
    browser.click("nav a", "html[lang=fr]").await?;
    assert_eq!(browser.title().await?, "Compte technique Chorus Pro");
    // What a screen reader says.
    for (field, role, label) in [
        ("#username", "textbox", "Identifiant du compte technique"),
        ("#password", "textbox", "Mot de passe du compte technique"),
        ("button", "button", "Vérifier et enregistrer"),
        ("h1", "heading", "Compte technique Chorus Pro"),
    ] {
        let said = (
            browser.read(field, "computedrole").await?,
            browser.read(field, "computedlabel").await?,
        );
        ensure!(
            said.1 == label && (said.0 == role || field == "#password"),
            "{field}: {said:?}"
        );
    }
    browser.picture("1-form.png").await?;

    let account = town.stage.simulator.credentials().account.clone();
    browser.fill("#username", &account.login).await?;
    browser.fill("#password", "pas le bon").await?;
    browser.click("button", "[role=alert]").await?;
    ensure!(browser.title().await?.starts_with("Erreur : "));
    ensure!(
        browser
            .read("[role=alert]", "text")
            .await?
            .contains("Chorus Pro refuse ce compte technique")
    );
    assert_eq!(
        browser.read("#username", "property/value").await?,
        account.login
    );
    assert_eq!(browser.read("#password", "property/value").await?, "");
    browser.picture("2-refused.png").await?;

    browser.fill("#password", &account.password).await?;
    browser.click("button", "[role=status]").await?;
    let said = browser.read("[role=status]", "text").await?;
    ensure!(
        said.starts_with("Le compte est vérifié et enregistré"),
        "{said}"
    );
    let picture = browser.picture("3-registered.png").await?;
    ensure!(std::fs::metadata(picture)?.len() > 1000);
    browser.close().await?;

    town.stage.insert(&fixture("b2g.json")?).await?;
    town.stage
        .until(
            "SELECT bool_and(state = 'paid' AND status = 'MISE_EN_PAIEMENT') FROM chorus.invoice",
        )
        .await?;
    town.stage.audit().await
}
