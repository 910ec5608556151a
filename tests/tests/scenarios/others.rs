//! Invoices that are not the usual one: a credit note made from another invoice, and a supplier of another country.

use anyhow::{Result, ensure};
use chorus_simulator::{IdType, Role, StructureSpec};
use chorus_tests::fixture;
use serde_json::json;
use uuid::Uuid;

use crate::scene::{Scene, since_deposit};

/// Texts at an XPath of the bytes that were sent of an invoice.
const SENT: &str = "
SELECT (xpath($2, xmlparse(document convert_from(d.content, 'UTF8')),
    '{{ram,urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}}'))::text[]
FROM chorus.deposit d WHERE d.invoice_id = $1";

/// What stands at `path` in the bytes that were sent of an invoice.
async fn sent(scene: &Scene, invoice: Uuid, path: &str) -> Result<Vec<String>> {
    Ok(scene
        .people
        .query_one(SENT, &[&invoice, &path])
        .await?
        .get(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_note_made_from_an_integrated_invoice_is_deposited_and_integrated() -> Result<()> {
    let Some(scene) = Scene::set("credit", &[]).await? else {
        return Ok(());
    };
    let invoice = scene.stage.insert(&fixture("b2g.json")?).await?;
    scene
        .reaches(invoice, "integrated", "MISE_A_DISPOSITION")
        .await?;

    let writer = scene.stage.database.connect().await?;
    writer.batch_execute("SET ROLE chorus_writer").await?;
    let row = writer
        .query_one(
            "INSERT INTO chorus.invoice (doc)
             SELECT chorus.correct(i.doc, 'credit-note', '2026-04-02', 'AV-1', reason => 'Étagères reprises') FROM chorus.invoice i WHERE i.id = $1
             RETURNING id, state, type, document_type, number, findings::text",
            &[&invoice],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(1), "ready", "{}", row.get::<_, &str>(5));
    assert_eq!(row.get::<_, &str>(2), "credit-note");
    assert_eq!(row.get::<_, &str>(3), "381");
    let (credit, number): (Uuid, String) = (row.get(0), row.get(4));
    scene
        .reaches(credit, "integrated", "MISE_A_DISPOSITION")
        .await?;
    assert_eq!(scene.statuses(credit).await?, since_deposit(&[]));

    // It says which invoice it corrects, and undoes all of it.
    let preceding = "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID/text()";
    assert_eq!(sent(&scene, credit, preceding).await?, ["FA2026-0042"]);
    let ledger = scene.stage.simulator.ledger();
    let posts: Vec<_> = ledger.posts.iter().collect();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[1].number.as_ref(), Some(&number));
    assert_eq!(posts[1].type_code.as_deref(), Some("381"));
    let amounts = |post: &chorus_simulator::Post| {
        post.totals
            .as_ref()
            .map(|totals| (totals.net, totals.tax, totals.gross))
    };
    assert_eq!(amounts(posts[0]), amounts(posts[1]));
    scene
        .reaches(invoice, "integrated", "MISE_A_DISPOSITION")
        .await?;
    scene.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_german_supplier_without_siret_is_known_by_its_vat_number_and_paid() -> Result<()> {
    let script = ["MANDATEE", "MISE_EN_PAIEMENT"];
    let Some(scene) = Scene::set("german", &script).await? else {
        return Ok(());
    };
    let vat = "DE136695976";
    scene.stage.simulator.put_structure(StructureSpec::new(
        Role::Supplier,
        IdType::UeHorsFrance,
        vat,
        "Holzwerk Brandt GmbH",
    ));
    let party =
        json!({"name": "Holzwerk Brandt GmbH", "tax_id": {"country": "DE", "code": "136695976"}});
    scene
        .people
        .execute("SELECT chorus.add_supplier($1)", &[&party])
        .await?;
    scene.stage.add_foreign_supplier(vat).await?;
    scene
        .stage
        .until(&format!(
            "SELECT state = 'registered' AND id_type = 'UE_HORS_FRANCE' AND siren IS NULL AND structure_id IS NOT NULL
             FROM chorus.supplier WHERE identifier = '{vat}'"
        ))
        .await?;

    let id = scene.stage.insert(&fixture("cross-border.json")?).await?;
    scene.reaches(id, "paid", "MISE_EN_PAIEMENT").await?;
    assert_eq!(scene.statuses(id).await?, since_deposit(&script));
    let row = scene
        .people
        .query_one(
            "SELECT issuer, total_tax::text FROM chorus.invoice WHERE id = $1",
            &[&id],
        )
        .await?;
    assert_eq!(
        row.get::<_, &str>(0),
        vat,
        "the first part of its number's key"
    );
    assert_eq!(row.get::<_, &str>(1), "0.00");
    for (path, expected) in [
        // Scheme 2 of Chorus Pro: a VAT number of another member state.
        (
            "//ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID[@schemeID='2']/text()",
            vat,
        ),
        (
            "//ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']/text()",
            vat,
        ),
        (
            "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode/text()",
            "AE",
        ),
        (
            "//ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID[@schemeID='1']/text()",
            "35600000000048",
        ),
    ] {
        assert_eq!(sent(&scene, id, path).await?, [expected], "{path}");
    }
    let ledger = scene.stage.simulator.ledger();
    assert_eq!(ledger.posts[0].supplier.as_deref(), Some(vat));

    // The duplicate rule holds for foreign identifiers too.
    let again = scene.stage.insert(&fixture("cross-border.json")?).await;
    ensure!(again.is_err(), "the same number twice");
    scene.stage.audit().await
}
