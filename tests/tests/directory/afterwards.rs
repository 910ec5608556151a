//! After the deposit: where a returned invoice is to go, what a service reports, and what a history shows without saying it.

use anyhow::{Context, Result, ensure};
use chorus_simulator::{Fault, Operation};
use serde_json::json;

use crate::office::{BUYER, Office, buyer, invoice};

const OTHER: &str = "12345678200028";

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_invoice_is_not_sent_where_it_would_not_be_taken() -> Result<()> {
    let Some(office) = Office::set("returned", |settings| {
        settings.buyer_script = vec![
            "A_RECYCLER=Mauvais destinataire".into(),
            "MISE_EN_PAIEMENT".into(),
        ];
    })
    .await?
    else {
        return Ok(());
    };
    let mut strict = buyer(OTHER);
    strict.service_required = true;
    office.stage.simulator.put_structure(strict);
    let _agent = office.open().await?;
    let (id, _) = office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    office
        .stage
        .until("SELECT bool_and(status = 'A_RECYCLER') FROM chorus.invoice")
        .await?;
    // Not known here: the agent asks, and does not send it.
    office
        .people
        .execute("SELECT chorus.recycle($1, $2)", &[&id, &OTHER])
        .await?;
    office
        .stage
        .until("SELECT bool_and(state = 'refused') FROM chorus.action")
        .await?;
    let reason = office
        .text("SELECT answer FROM chorus_report.action")
        .await?;
    ensure!(
        reason.starts_with("not sent: The buyer asks for a service code"),
        "{reason}"
    );
    ensure!(
        reason.contains("ACHATS (Achats), VOIRIE (Voirie)"),
        "{reason}"
    );
    let todo = office.text("SELECT reason_fr FROM chorus.todo").await?;
    ensure!(
        todo.contains("not sent: The buyer asks for a service code"),
        "{todo}"
    );
    // Known: said at once.
    let refused = office
        .people
        .execute("SELECT chorus.recycle($1, $2, 'ANCIEN')", &[&id, &OTHER])
        .await
        .err()
        .context("refused")?;
    let refused = refused.as_db_error().context("by the database")?;
    ensure!(
        refused
            .message()
            .contains("The service ANCIEN (BT-10) of the buyer is no longer active"),
        "{}",
        refused.message()
    );
    let hint = refused.hint().context("hint")?;
    ensure!(
        hint.contains("correct service.")
            && hint.contains("VOIRIE (Voirie)")
            && hint.contains("chorus.refresh_structure"),
        "{hint}"
    );
    assert_eq!(
        office
            .stage
            .simulator
            .ledger()
            .actions_of(Operation::Recycler)
            .count(),
        0
    );

    office
        .people
        .execute("SELECT chorus.recycle($1, $2, 'VOIRIE')", &[&id, &OTHER])
        .await?;
    office
        .stage
        .until("SELECT bool_and(state = 'paid' AND buyer_identifier = '12345678200028' AND service_code = 'VOIRIE') FROM chorus.invoice")
        .await?;
    assert_eq!(
        office
            .stage
            .simulator
            .ledger()
            .actions_of(Operation::Recycler)
            .count(),
        1
    );
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_to_a_service_that_reports_no_payment_ends_as_closed() -> Result<()> {
    let Some(office) = Office::set("unreported", |settings| {
        settings.buyer_script = vec!["SERVICE_FAIT".into(), "MANDATEE".into()];
    })
    .await?
    else {
        return Ok(());
    };
    let mut silent = buyer(BUYER);
    silent.services[0].payment_not_reported = true;
    office.stage.simulator.put_structure(silent);
    let _agent = office.open().await?;
    let (silent, _) = office
        .insert(&invoice("1", BUYER, &json!({"code": "VOIRIE"}))?)
        .await?;
    let engaged = json!({"code": "ACHATS", "purchases": [{"code": "EJ-1"}]});
    let (other, _) = office.insert(&invoice("2", BUYER, &engaged)?).await?;
    office.reaches(silent, "closed").await?;
    let query = format!(
        "SELECT (state, status) = ('integrated', 'MANDATEE') FROM chorus.invoice WHERE id = '{other}'"
    );
    office.stage.until(&query).await?;
    // The service says otherwise from now on.
    let owner = office.stage.database.connect().await?;
    office.stage.simulator.put_structure(buyer(BUYER));
    owner
        .batch_execute("UPDATE chorus.service SET details_at = details_at - interval '2 days'")
        .await?;
    office
        .people
        .execute("SELECT chorus.refresh_structure($1)", &[&BUYER])
        .await?;
    office.reaches(silent, "integrated").await?;
    office.stage.audit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_cannot_be_taken_in_is_a_finding_until_the_history_is_whole() -> Result<()> {
    let Some(office) = Office::set("history", |_| {}).await? else {
        return Ok(());
    };
    let _agent = office.open().await?;
    let (id, _) = office.insert(&invoice("1", BUYER, &json!({}))?).await?;
    office.all_integrated().await?;
    let answer = json!({"codeRetour": 0, "historiquesDesStatuts": {"pagesHistoStatut": 1, "histoStatut": [
        {"histoStatutId": null, "histoStatutCode": "SERVICE_FAIT", "histoStatutDatePassage": "2026-09-16 10:12"},
        {"histoStatutId": 90, "histoStatutCode": null, "histoStatutDatePassage": "jamais"}]}});
    let mut fault = Fault::status(200)
        .on(Operation::ConsulterHistorique)
        .times(1);
    fault.body = answer.to_string();
    fault.content_type = Some("application/json;charset=utf-8".into());
    office.stage.simulator.set_faults(vec![fault])?;
    let number = office.text("SELECT number FROM chorus.invoice").await?;
    let findings = "SELECT array_agg(value ORDER BY value) FROM chorus.finding WHERE origin = 'history' AND rule = 'PGC-CPRO-HISTORY'";
    let client = office.stage.database.connect().await?;
    client
        .batch_execute("CREATE TABLE seen (finding text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES (NEW.value); RETURN NULL; END $$;
            GRANT INSERT ON seen TO PUBLIC;
            CREATE TRIGGER see AFTER INSERT ON chorus.finding FOR EACH ROW WHEN (NEW.origin = 'history') EXECUTE FUNCTION see()")
        .await?;
    office
        .stage
        .simulator
        .set_status(&number, "SERVICE_FAIT", None)?;
    office.stage.until("SELECT count(*) = 2 FROM seen").await?;
    let row = client
        .query_one("SELECT array_agg(finding ORDER BY finding) FROM seen", &[])
        .await?;
    assert_eq!(
        row.get::<_, Vec<String>>(0),
        ["90, –, jamais", "–, SERVICE_FAIT, 2026-09-16 10:12"]
    );
    // The next reading shows all of them.
    office
        .stage
        .simulator
        .set_status(&number, "MANDATEE", None)?;
    let query = format!(
        "SELECT status = 'MANDATEE' AND ({findings}) IS NULL FROM chorus.invoice WHERE id = '{id}'"
    );
    office.stage.until(&query).await?;
    let row = client
        .query_one(
            "SELECT severity FROM chorus.rules() WHERE rule = 'PGC-CPRO-HISTORY'",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "warning");
    office.stage.audit().await
}
