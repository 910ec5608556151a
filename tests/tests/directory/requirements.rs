//! What a buyer asks for keeps back an invoice that lacks it, with the remedy beside it.

use anyhow::{Context, Result, ensure};
use chorus_simulator::StructureSpec;
use chorus_tests::fixture;
use serde_json::{Value, json};

use crate::office::{BUYER, Office, buyer, invoice};

const SERVICES: &str = "Services actifs de l’acheteur : ACHATS (Achats), VOIRIE (Voirie).";

/// A buyer with one requirement more.
fn demanding(siret: &str, demand: impl FnOnce(&mut StructureSpec)) -> StructureSpec {
    let mut spec = buyer(siret);
    demand(&mut spec);
    spec
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_that_lacks_what_its_buyer_asks_for_is_not_sent_and_says_what() -> Result<()> {
    let Some(office) = Office::set("requirements", |_| {}).await? else {
        return Ok(());
    };
    let nothing = json!({});
    let service = |code: &str| json!({ "code": code });
    let cases: [(StructureSpec, Value, &str, &str, &str); 9] = [
        (
            demanding("", |_| {}),
            nothing.clone(),
            "PGC-CPRO-BUYER-UNKNOWN",
            "$.customer.identities[0].code",
            "SIRET",
        ),
        (
            demanding("12345678200101", |it| it.inactive = true),
            nothing.clone(),
            "PGC-CPRO-BUYER-INACTIVE",
            "$.customer.identities[0].code",
            "remplace",
        ),
        (
            demanding("12345678200102", |it| it.service_required = true),
            nothing.clone(),
            "PGC-CPRO-SERVICE-REQUIRED",
            "$.ordering.code",
            SERVICES,
        ),
        (
            demanding("12345678200103", |_| {}),
            service("INCONNU"),
            "PGC-CPRO-SERVICE-UNKNOWN",
            "$.ordering.code",
            SERVICES,
        ),
        (
            demanding("12345678200104", |_| {}),
            service("ANCIEN"),
            "PGC-CPRO-SERVICE-INACTIVE",
            "$.ordering.code",
            SERVICES,
        ),
        (
            demanding("12345678200105", |it| it.engagement_required = true),
            service("VOIRIE"),
            "PGC-CPRO-COMMITMENT-REQUIRED",
            "$.ordering.purchases[0].code",
            "engagement",
        ),
        (
            demanding("12345678200106", |_| {}),
            service("ACHATS"),
            "PGC-CPRO-COMMITMENT-SERVICE",
            "$.ordering.purchases[0].code",
            "engagement",
        ),
        (
            demanding("12345678200107", |it| it.service_or_engagement = true),
            nothing.clone(),
            "PGC-CPRO-SERVICE-OR-COMMITMENT",
            "$.ordering.code",
            SERVICES,
        ),
        (
            demanding("12345678200108", |it| it.works_only = true),
            service("VOIRIE"),
            "PGC-CPRO-BUYER-WORKS",
            "$.customer.identities[0].code",
            "travaux",
        ),
    ];
    let mut inserted = Vec::new();
    for (n, (spec, ordering, ..)) in cases.iter().enumerate() {
        let siret = if spec.identifier.is_empty() {
            "12345678200100"
        } else {
            office.stage.simulator.put_structure(spec.clone());
            &spec.identifier
        };
        let (id, state) = office
            .insert(&invoice(&n.to_string(), siret, ordering)?)
            .await?;
        ensure!(state == "ready", "nothing is known of {siret} yet");
        inserted.push(id);
    }
    // The same buyers, given what they ask for.
    let all = json!({"code": "ACHATS", "purchases": [{"code": "EJ-1"}]});
    let mut good = Vec::new();
    for (n, siret) in [
        "12345678200102",
        "12345678200105",
        "12345678200106",
        "12345678200107",
        BUYER,
    ]
    .into_iter()
    .enumerate()
    {
        let ordering = if siret == BUYER { &nothing } else { &all };
        good.push(
            office
                .insert(&invoice(&format!("G{n}"), siret, ordering)?)
                .await?
                .0,
        );
    }
    let _agent = office.open().await?;
    for ((_, _, rule, path, hint), id) in cases.iter().zip(&inserted) {
        office.reaches(*id, "invalid").await.context(*rule)?;
        let findings = office.findings(*id).await?;
        let [finding] = findings.as_slice() else {
            anyhow::bail!("{rule}: {findings:?}")
        };
        assert_eq!(
            (finding.rule.as_str(), finding.severity.as_str()),
            (*rule, "fatal")
        );
        assert_eq!(finding.path, *path, "{rule}");
        ensure!(
            finding.hint_fr.contains(hint),
            "{rule}: {}",
            finding.hint_fr
        );
        let todo = office
            .people
            .query_one(
                "SELECT reason_fr, next_action FROM chorus.todo WHERE invoice_id = $1",
                &[id],
            )
            .await?;
        ensure!(
            todo.get::<_, &str>(0)
                .starts_with("Refusée d'après l'annuaire de Chorus Pro"),
            "{rule}"
        );
        ensure!(todo.get::<_, &str>(1).contains("chorus.resubmit"), "{rule}");
        let row = office
            .people
            .query_one(
                "SELECT state_reason, (SELECT count(*) FROM chorus.task t WHERE t.invoice_id = i.id) FROM chorus_report.invoice i WHERE id = $1",
                &[id],
            )
            .await?;
        ensure!(
            row.get::<_, Option<&str>>(0)
                .is_some_and(|reason| reason.contains("BT-")),
            "{rule}"
        );
        assert_eq!(row.get::<_, i64>(1), 0, "{rule}");
    }
    for id in &good {
        office.reaches(*id, "integrated").await?;
        ensure!(office.findings(*id).await?.is_empty());
    }
    assert_eq!(
        office.stage.simulator.ledger().posts.len(),
        good.len(),
        "only what may go"
    );
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_invoice_goes_out_on_the_answer_that_is_at_hand() -> Result<()> {
    let Some(office) = Office::set("corrected", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    let (id, _) = office
        .insert(&invoice("1", BUYER, &json!({"code": "VOIRY"}))?)
        .await?;
    office.reaches(id, "invalid").await?;
    let asked = office.questions();
    // The number is free, and another invoice to the same buyer is told at once.
    let (_, state) = office
        .insert(&invoice("1", BUYER, &json!({"code": "VOIRY"}))?)
        .await?;
    assert_eq!(state, "invalid");
    office
        .application
        .execute(
            "UPDATE chorus.invoice SET doc = jsonb_set(doc, '{ordering,code}', '\"ACHATS\"') || '{}' WHERE id = $1",
            &[&id],
        )
        .await?;
    // This service was never asked about: one question more, about the service alone. It wants a commitment.
    office
        .stage
        .until(&format!("SELECT bool_or(rule = 'PGC-CPRO-COMMITMENT-SERVICE') FROM chorus.finding WHERE invoice_id = '{id}'"))
        .await?;
    assert_eq!(
        office.questions(),
        [asked[0], asked[1], asked[2], asked[3] + 1]
    );
    let update = "UPDATE chorus.invoice SET doc = jsonb_set(doc, '{ordering,purchases}', '[{\"code\": \"EJ-7\"}]') WHERE id = $1 RETURNING state";
    let row = office.application.query_one(update, &[&id]).await?;
    assert_eq!(row.get::<_, &str>(0), "ready");
    office.reaches(id, "integrated").await?;
    assert_eq!(
        office.questions()[..3],
        asked[..3],
        "the answer of before was used"
    );
    ensure!(office.findings(id).await?.is_empty());
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_again_gets_a_fresh_answer() -> Result<()> {
    let Some(office) = Office::set("again", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    let closed = json!({"code": "ANCIEN", "purchases": [{"code": "EJ-1"}]});
    let (id, _) = office.insert(&invoice("1", BUYER, &closed)?).await?;
    office.reaches(id, "invalid").await?;
    // Nothing has changed over there: asked anew, refused anew.
    let asked = office.questions();
    let state = office
        .text(&format!("SELECT chorus.resubmit('{id}')"))
        .await?;
    assert_eq!(state, "ready");
    office.reaches(id, "invalid").await?;
    assert_eq!(office.questions()[0], asked[0] + 1);
    // A draft knows of it too.
    let insert = "INSERT INTO chorus.invoice (doc, draft) VALUES ($1, true) RETURNING id";
    let row = office
        .application
        .query_one(insert, &[&invoice("2", BUYER, &closed)?])
        .await?;
    let draft: uuid::Uuid = row.get(0);
    assert_eq!(
        office.rules(draft).await?,
        [("PGC-CPRO-SERVICE-INACTIVE".to_owned(), "fatal".to_owned())]
    );

    let mut opened = buyer(BUYER);
    opened
        .services
        .iter_mut()
        .for_each(|service| service.inactive = false);
    office.stage.simulator.put_structure(opened);
    office
        .application
        .execute("SELECT chorus.resubmit($1)", &[&id])
        .await?;
    office
        .application
        .execute("SELECT chorus.submit($1)", &[&draft])
        .await?;
    office.all_integrated().await?;
    for id in [id, draft] {
        ensure!(office.findings(id).await?.is_empty());
    }
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supplier_that_only_wants_to_be_warned_is_not_kept_back() -> Result<()> {
    let Some(office) = Office::set("warned", |_| {}).await? else {
        return Ok(());
    };
    office
        .people
        .execute("UPDATE chorus.supplier SET directory = 'warn'", &[])
        .await?;
    let _agent = office.open().await?;
    let mut doc = fixture("b2g.json")?;
    doc["ordering"] = json!({"purchases": [{"code": "EJ-1"}]});
    let (id, _) = office.insert(&doc).await?;
    // Chorus Pro itself refuses it.
    office.reaches(id, "flux_rejected").await?;
    assert_eq!(
        office.rules(id).await?,
        [("PGC-CPRO-SERVICE-REQUIRED".to_owned(), "warning".to_owned())]
    );
    office.stage.audit().await
}
