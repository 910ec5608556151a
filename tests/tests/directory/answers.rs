//! No answer, an old one, a part of one: a deposit needs no directory, so the invoice goes out, and a finding says what is not known.

use anyhow::{Result, ensure};
use chorus_simulator::{Api, Fault, Operation};
use serde_json::{Value, json};

use crate::office::{BUYER, Office, invoice};

const DIRECTORY: &str = "PGC-CPRO-DIRECTORY";

/// That answer instead of the usual one.
fn instead(operation: Operation, answer: &Value) -> Fault {
    let mut fault = Fault::status(200).on(operation);
    fault.body = answer.to_string();
    fault.content_type = Some("application/json;charset=utf-8".into());
    fault
}

/// Rule and severity.
type Pair = (String, String);

fn pair(rule: &str, severity: &str) -> Pair {
    (rule.to_owned(), severity.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_answer_the_invoice_waits_a_while_and_goes_out_with_a_warning() -> Result<()> {
    let Some(office) = Office::set("silence", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    office
        .stage
        .simulator
        .set_faults(vec![Fault::status(503).on(Operation::RechercherStructure)])?;
    let (first, _) = office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    office.all_integrated().await?;
    let findings = office.findings(first).await?;
    assert_eq!(office.rules(first).await?, [pair(DIRECTORY, "warning")]);
    ensure!(
        findings[0].hint_en.contains("HTTP 503"),
        "{}",
        findings[0].hint_en
    );
    ensure!(
        findings[0].hint_fr.contains("Chorus Pro ne répond pas"),
        "{}",
        findings[0].hint_fr
    );
    ensure!(office.questions()[0] > 1, "it was asked more than once");
    // Those of the next hour do not wait again.
    let (second, _) = office.insert(&invoice("2", BUYER, &json!({}))?).await?;
    assert_eq!(office.rules(second).await?, [pair(DIRECTORY, "warning")]);
    office.all_integrated().await?;
    // Asked by a person, and answered again.
    office.stage.simulator.clear_faults();
    office
        .people
        .execute("SELECT chorus.refresh_structure($1)", &[&BUYER])
        .await?;
    office
        .stage
        .until("SELECT bool_and(active AND error IS NULL) FROM chorus.structure")
        .await?;
    let (third, _) = office.insert(&invoice("3", BUYER, &json!({}))?).await?;
    ensure!(office.findings(third).await?.is_empty());
    office.all_integrated().await?;
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_chorus_pro_gives_no_answer_the_last_one_serves_and_a_finding_says_so() -> Result<()>
{
    let Some(office) = Office::set("stale", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    office.all_integrated().await?;
    let owner = office.stage.database.connect().await?;
    owner
        .batch_execute("UPDATE chorus.structure SET fetched_at = fetched_at - interval '3 days'")
        .await?;
    let row = owner
        .query_one("SELECT to_char(fetched_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD') FROM chorus.structure", &[])
        .await?;
    let day: String = row.get(0);
    // Down, but for deposits and what follows them.
    office.stage.simulator.set_faults(vec![
        Fault::refuse().on(Operation::RechercherStructure),
        Fault::html(502).on(Operation::ConsulterStructure),
    ])?;
    let (good, _) = office.insert(&invoice("2", BUYER, &json!({}))?).await?;
    let (bad, _) = office
        .insert(&invoice("3", BUYER, &json!({"code": "VOIRY"}))?)
        .await?;
    office.reaches(good, "integrated").await?;
    assert_eq!(
        office.rules(good).await?,
        [pair("PGC-CPRO-DIRECTORY-STALE", "warning")]
    );
    let row = office
        .people
        .query_one(
            "SELECT value FROM chorus.finding WHERE invoice_id = $1",
            &[&good],
        )
        .await?;
    ensure!(
        row.get::<_, &str>(0).starts_with(&day),
        "of {day}: {}",
        row.get::<_, &str>(0)
    );
    // What it says counts, too.
    office.reaches(bad, "invalid").await?;
    ensure!(
        office
            .rules(bad)
            .await?
            .contains(&pair("PGC-CPRO-SERVICE-UNKNOWN", "fatal"))
    );
    // Unless somebody wants to know better: then it is as if nothing were known, and goes out in the end.
    office
        .application
        .execute("SELECT chorus.resubmit($1)", &[&bad])
        .await?;
    office.reaches(bad, "flux_rejected").await?;
    ensure!(
        office
            .rules(bad)
            .await?
            .iter()
            .all(|(_, severity)| severity == "warning")
    );
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_api_of_structures_is_closed_invoices_go_out_and_name_the_remedy() -> Result<()> {
    let Some(office) = Office::set("closed", |settings| {
        settings.unsubscribed = vec![Api::Structures]
    })
    .await?
    else {
        return Ok(());
    };
    let _agent = office.open().await?;
    let mut ids = Vec::new();
    for n in 1..=3 {
        let (id, _) = office
            .insert(&invoice(&n.to_string(), BUYER, &json!({}))?)
            .await?;
        office.reaches(id, "integrated").await?;
        ids.push(id);
    }
    assert_eq!(office.questions()[0], 1, "asked once for all of the hour");
    for id in ids {
        let findings = office.findings(id).await?;
        assert_eq!(office.rules(id).await?, [pair(DIRECTORY, "warning")]);
        ensure!(
            findings[0]
                .hint_fr
                .contains("l'API Structures de Chorus Pro n'est pas ouverte"),
            "{}",
            findings[0].hint_fr
        );
        ensure!(
            findings[0]
                .hint_fr
                .contains("y souscrire sur piste.gouv.fr"),
            "{}",
            findings[0].hint_fr
        );
        ensure!(
            findings[0]
                .hint_en
                .contains("subscribe to it at piste.gouv.fr"),
            "{}",
            findings[0].hint_en
        );
    }
    let check = office.stage.agent.call(&["check"], "").await?;
    let check = String::from_utf8_lossy(&check.stdout).into_owned();
    ensure!(
        check.contains("KO  directory: ") && check.contains("subscribe to it at piste.gouv.fr"),
        "{check}"
    );
    // Another buyer is not even asked about, and its invoices say the same.
    office
        .stage
        .simulator
        .put_structure(crate::office::buyer("12345678200028"));
    let (other, _) = office
        .insert(&invoice("O", "12345678200028", &json!({}))?)
        .await?;
    office.reaches(other, "integrated").await?;
    let findings = office.findings(other).await?;
    ensure!(
        findings[0]
            .hint_fr
            .contains("y souscrire sur piste.gouv.fr"),
        "{}",
        findings[0].hint_fr
    );
    // People in charge hear of it once.
    let todo = office
        .text("SELECT string_agg(reason_fr, '|') FROM chorus.todo")
        .await?;
    ensure!(todo.contains("Structures") && !todo.contains('|'), "{todo}");
    office
        .stage
        .simulator
        .configure(|settings| settings.unsubscribed.clear());
    office
        .people
        .execute("SELECT chorus.refresh_structure($1)", &[&BUYER])
        .await?;
    office
        .stage
        .until("SELECT bool_and(active) FROM chorus.structure")
        .await?;
    let (id, state) = office
        .insert(&invoice("4", BUYER, &json!({"code": "VOIRY"}))?)
        .await?;
    assert_eq!(state, "invalid");
    assert_eq!(
        office.rules(id).await?,
        [pair("PGC-CPRO-SERVICE-UNKNOWN", "fatal")]
    );
    office.stage.audit().await
}

/// Each odd answer leaves the findings that say what it did not; none of them stops an invoice.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_leaves_something_out_is_told_and_stops_nothing() -> Result<()> {
    let Some(mut office) = Office::set("odd", |_| {}).await? else {
        return Ok(());
    };
    office.stage.agent = office
        .stage
        .agent
        .clone()
        .set("CHORUS_AGENT_TIMEOUT_SECONDS", "2");
    let _agent = office.open().await?;
    let row = |status: Value| json!({"idStructureCPP": 26_000_003, "identifiantStructure": BUYER, "designationStructure": null, "statut": status});
    let found = |rows: Value| json!({"codeRetour": 0, "libelle": null, "listeStructures": rows});
    let refusal = json!({"codeRetour": 20000, "libelle": "La structure n'est pas visible"});
    let requirements = pair("PGC-CPRO-DIRECTORY-REQUIREMENTS", "warning");
    let services = pair("PGC-CPRO-DIRECTORY-SERVICES", "warning");
    let status = pair("PGC-CPRO-DIRECTORY-STATUS", "information");
    let (search, details) = (
        Operation::RechercherStructure,
        Operation::ConsulterStructure,
    );
    let list = Operation::RechercherServices;
    let nothing = || vec![pair(DIRECTORY, "warning"), services.clone()];
    let cases: Vec<(Vec<Fault>, Vec<Pair>)> = vec![
        // Fields missing or null.
        (
            vec![instead(search, &found(json!([{}])))],
            vec![status.clone(), requirements.clone(), services.clone()],
        ),
        (
            vec![instead(search, &found(json!([row(Value::Null)])))],
            vec![status.clone()],
        ),
        (
            vec![instead(
                details,
                &json!({"codeRetour": 0, "parametres": null}),
            )],
            vec![requirements.clone()],
        ),
        (
            vec![instead(
                details,
                &json!({"codeRetour": 0, "parametres": {"codeServiceDoitEtreRenseigne": null}}),
            )],
            vec![requirements.clone()],
        ),
        // A word that nobody documents; parts that are refused.
        (
            vec![instead(search, &found(json!([row(json!("EN_SOMMEIL"))])))],
            vec![status.clone()],
        ),
        (vec![instead(details, &refusal)], vec![requirements.clone()]),
        (vec![instead(list, &refusal)], vec![services.clone()]),
        (
            vec![instead(
                list,
                &json!({"codeRetour": 0, "listeServices": null, "parametresRetour": null}),
            )],
            vec![services.clone()],
        ),
        // Several: the one that is open.
        (
            vec![instead(
                search,
                &found(json!([row(json!("INACTIVE")), row(json!("ACTIVE"))])),
            )],
            vec![],
        ),
        // Nothing at all: no proof that there is no such buyer.
        (vec![instead(search, &json!({"codeRetour": 0}))], nothing()),
        (
            vec![instead(
                search,
                &found(json!([{"identifiantStructure": "99999999999999"}])),
            )],
            nothing(),
        ),
        (vec![Fault::html(200).on(search)], nothing()),
        (vec![Fault::status(403).on(search)], nothing()),
        (vec![Fault::hang().on(search)], nothing()),
    ];
    // The real number of the structure, so that the rest of the answers fit.
    let there = office
        .stage
        .simulator
        .put_structure(crate::office::buyer(BUYER));
    ensure!(there == 26_000_003, "the structure has number {there}");
    let owner = office.stage.database.connect().await?;
    for (n, (faults, expected)) in cases.into_iter().enumerate() {
        owner
            .batch_execute(
                "DELETE FROM chorus.task WHERE kind = 'directory'; DELETE FROM chorus.structure",
            )
            .await?;
        let told = format!("case {n}: {faults:?}");
        office.stage.simulator.set_faults(faults)?;
        let (id, _) = office
            .insert(&invoice(&n.to_string(), BUYER, &json!({"code": "VOIRIE"}))?)
            .await?;
        office.reaches(id, "integrated").await?;
        let mut found = office.rules(id).await?;
        let mut expected = expected;
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{told}");
        office.stage.simulator.clear_faults();
        office
            .stage
            .until(
                "SELECT bool_and(leased_until IS NULL) FROM chorus.task WHERE kind = 'directory'",
            )
            .await?;
    }
    office.stage.audit().await
}
