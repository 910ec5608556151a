//! A thousand invoices of twenty suppliers, thirty-seven statuses each, which come in any order: the tables are what the
//! simulator's ledger is, every status once, and what they amount to does not depend on the order in which they came.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chorus_simulator::{
    Account, BUYER_AGENT, ClockSource, Config, IdType, InvoiceRecord, Operation, Role,
    StatusChange, StructureSpec,
};
use chorus_tests::chaos::dice::Dice;
use chorus_tests::{Agent, fixture};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::common::Stage;

const SUPPLIERS: usize = 20;
const INVOICES: usize = 1000;
/// Chorus Pro's own three, then one per hour.
const EVENTS: usize = 37;
const OWN: usize = 3;
/// How often the buyers set half of them, with the agent reading in between.
const ROUNDS: usize = 2;

/// Everything a buyer, a validator or a supplier on the portal may cause, and something that nobody documents.
const CODES: [&str; 16] = [
    "PRISE_EN_COMPTE_DESTINATAIRE",
    "SUSPENDUE",
    "COMPLETEE",
    "A_RECYCLER",
    "MISE_A_DISPOSITION",
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
    "MISE_EN_PAIEMENT",
    "REJETEE",
    "ABANDONNEE",
    "A_VALIDER_1",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    "STATUT_DE_DEMAIN",
];

/// `digits` with the digit that makes its Luhn sum right.
fn with_key(digits: &str) -> String {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => digit * 2 / 10 + digit * 2 % 10,
            _ => digit,
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A supplier's SIRET and the VAT number that goes with it.
fn identity(n: usize) -> Result<(String, String)> {
    let siren = with_key(&format!("41{n:06}"));
    let key = (12 + 3 * (siren.parse::<u64>()? % 97)) % 97;
    let siret = with_key(&format!("{siren}0001"));
    Ok((siret, format!("{key:02}{siren}")))
}

/// What the statuses of one invoice amount to, by the words of the design: they are given in the order of their times.
fn state_of(codes: &[&str]) -> &'static str {
    let asks = |code: &str| {
        ["SUSPENDUE", "A_RECYCLER"].contains(&code)
            || code.starts_with("REFUSEE")
            || code.starts_with("ERREUR")
    };
    let gone = |code: &str| ["ABANDONNEE", "SUPPRIMEE"].contains(&code);
    match codes.last().copied().unwrap_or_default() {
        last if asks(last) => "action_required",
        last if last.starts_with("A_VALIDER") => "awaiting_validator",
        "REJETEE" => "rejected",
        last if gone(last) => "withdrawn",
        _ => {
            let after_payment = codes.rsplit(|code| *code == "MISE_EN_PAIEMENT").next();
            let after_payment = after_payment.filter(|after| after.len() < codes.len());
            match after_payment {
                Some(after)
                    if !after
                        .iter()
                        .any(|code| asks(code) || gone(code) || *code == "REJETEE") =>
                {
                    "paid"
                }
                _ => "integrated",
            }
        }
    }
}

struct Scale {
    stage: Stage,
    agent: Agent,
    started: Timestamp,
}

impl Scale {
    /// Twenty suppliers with accounts of their own; over there it is the day before yesterday.
    async fn set() -> Result<Option<Self>> {
        let started = Timestamp::now() - SignedDuration::from_hours(40);
        let change = |config: &mut Config| config.clock = ClockSource::Manual(started);
        let Some(mut stage) = Stage::with("volume", change).await? else {
            return Ok(None);
        };
        // Four seconds: with a fifth of one, searches would be most of the work.
        stage.agent = stage
            .agent
            .set("CHORUS_AGENT_FOLLOW_INTERVAL_SECONDS", "400")
            .set("CHORUS_AGENT_WORKERS", "8");
        for n in 0..SUPPLIERS {
            let (siret, _) = identity(n)?;
            let account = Account {
                login: format!("TECH_{n}_{siret}@cpro.fr"),
                password: format!("mot de passe {n}"),
            };
            stage
                .agent
                .add_supplier(&siret, &account.login, &account.password)
                .await?;
            let mut spec = StructureSpec::new(Role::Supplier, IdType::Siret, &siret, &siret);
            spec.account = Some(account);
            stage.simulator.put_structure(spec);
        }
        let agent = stage.agent.run()?;
        Ok(Some(Self {
            stage,
            agent,
            started,
        }))
    }

    /// One invoice after the other for each supplier in turn.
    async fn insert(&self) -> Result<()> {
        let suppliers: Vec<Value> = (0..SUPPLIERS)
            .map(|n| {
                let (siret, vat) = identity(n)?;
                let identities = json!([{"type": "SIRET", "code": siret}]);
                Ok(json!({"identities": identities, "tax_id": {"country": "FR", "code": vat}}))
            })
            .collect::<Result<_>>()?;
        let client = self.stage.database.connect().await?;
        client.batch_execute("SET ROLE chorus_writer").await?;
        let ready = client
            .query_one(
                "WITH given AS (
                     SELECT $1::jsonb || jsonb_build_object('series', 'V', 'code', n::text, 'supplier', ($1::jsonb -> 'supplier') || ($2::jsonb -> (n % $3::int))) AS doc
                     FROM generate_series(0, $4::int - 1) n
                 ), inserted AS (INSERT INTO chorus.invoice (doc) SELECT doc FROM given RETURNING state)
                 SELECT count(*) FROM inserted WHERE state = 'ready'",
                &[&fixture("b2g.json")?, &Value::Array(suppliers), &(SUPPLIERS as i32), &(INVOICES as i32)],
            )
            .await?;
        ensure!(
            ready.get::<_, i64>(0) == INVOICES as i64,
            "not all are ready"
        );
        Ok(())
    }

    /// The statuses of the n-th invoice: those of the same rank at different suppliers live the same life.
    fn life(n: usize) -> Vec<(&'static str, usize)> {
        let mut numbers = Dice::new((n / SUPPLIERS) as u64);
        (0..EVENTS - OWN)
            .filter_map(|hour| Some((*numbers.pick(&CODES)?, hour)))
            .collect()
    }

    /// Sets one round of statuses in an order of its own for every invoice.
    fn live(&self, round: usize) -> Result<()> {
        let mut numbers = Dice::new(4711 + round as u64);
        let mut changes = Vec::new();
        for n in 0..INVOICES {
            let mut life = Self::life(n);
            Dice::new(815 + n as u64).shuffle(&mut life);
            let part = life.len().div_ceil(ROUNDS);
            for (status, hour) in life.into_iter().skip(round * part).take(part) {
                let mut change = StatusChange::new(&format!("V-{n}"), status);
                let minutes = 120 + 60 * hour as i64 + (n % 50) as i64;
                change.at = Some(self.started + SignedDuration::from_mins(minutes));
                change.comment = (status == "SUSPENDUE").then(|| format!("pièce {hour} absente"));
                changes.push(change);
            }
        }
        numbers.shuffle(&mut changes);
        self.stage.simulator.set_statuses(changes)
    }

    async fn has_events(&self, per_invoice: usize) -> Result<()> {
        let count = per_invoice * INVOICES;
        self.stage
            .until(&format!(
                "SELECT count(*) = {count} FROM chorus.status_event"
            ))
            .await
            .with_context(|| {
                self.agent
                    .log()
                    .lines()
                    .rev()
                    .take(20)
                    .collect::<Vec<_>>()
                    .join("\n")
            })
    }
}

/// What the tables hold of an invoice.
struct Held {
    chorus_id: Option<i64>,
    supplier: String,
    state: String,
    status: String,
    /// histoStatutId, code, time to the minute in Paris, comment.
    events: Vec<(i64, String, String, Option<String>)>,
}

async fn held(stage: &Stage) -> Result<BTreeMap<String, Held>> {
    let client = stage.database.connect().await?;
    let rows = client
        .query(
            "SELECT i.number, i.chorus_id, s.identifier, i.state, i.status,
                array_agg(e.histo_statut_id ORDER BY e.id), array_agg(e.code ORDER BY e.id),
                array_agg(to_char(e.occurred_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD\"T\"HH24:MI') ORDER BY e.id),
                array_agg(e.comment ORDER BY e.id)
             FROM chorus.invoice i JOIN chorus.supplier s ON s.id = i.supplier_id JOIN chorus.status_event e ON e.invoice_id = i.id GROUP BY i.id, s.id",
            &[],
        )
        .await?;
    let read = |row: &tokio_postgres::Row| {
        let (ids, codes, times): (Vec<i64>, Vec<String>, Vec<String>) =
            (row.get(5), row.get(6), row.get(7));
        let comments: Vec<Option<String>> = row.get(8);
        let events = ids.into_iter().zip(codes).zip(times).zip(comments);
        let held = Held {
            chorus_id: row.get(1),
            supplier: row.get(2),
            state: row.get(3),
            status: row.get(4),
            events: events
                .map(|(((id, code), time), comment)| (id, code, time, comment))
                .collect(),
        };
        (row.get(0), held)
    };
    Ok(rows.iter().map(read).collect())
}

/// Compares one invoice with its record over there.
fn compare(there: &InvoiceRecord, here: &mut Held) -> Result<()> {
    ensure!(here.chorus_id == Some(there.id), "another id");
    ensure!(
        Some(&here.supplier) == there.supplier.as_ref(),
        "another supplier"
    );
    let mut events: Vec<_> = there
        .events
        .iter()
        .map(|event| {
            let minute = event.at.get(..16).unwrap_or_default().to_owned();
            (
                event.id,
                event.status.clone(),
                minute,
                event.comment.clone(),
            )
        })
        .collect();
    events.sort();
    here.events.sort();
    ensure!(
        events.len() == EVENTS,
        "{} statuses over there",
        events.len()
    );
    ensure!(
        events == here.events,
        "other statuses: {events:?} and {:?}",
        here.events
    );
    events.sort_by(|one, other| (&one.2, one.0).cmp(&(&other.2, other.0)));
    let codes: Vec<&str> = events.iter().map(|(_, code, ..)| code.as_str()).collect();
    ensure!(
        codes.last() == Some(&here.status.as_str()),
        "status {} after {codes:?}",
        here.status
    );
    ensure!(
        here.state == state_of(&codes),
        "state {} after {codes:?}",
        here.state
    );
    Ok(())
}

/// Whether anything in any table, or the log, names the public agent behind the statuses.
async fn personal_data(scale: &Scale) -> Result<Vec<String>> {
    let client = scale.stage.database.connect().await?;
    let tables = client
        .query(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'chorus' AND c.relkind IN ('r', 'p')",
            &[],
        )
        .await?;
    ensure!(tables.len() > 10, "the tables are elsewhere");
    let mut found = Vec::new();
    for row in &tables {
        let table: &str = row.get(0);
        let query = format!("SELECT count(*) FROM {table} t WHERE t::text ILIKE ANY ($1)");
        let words: Vec<String> = BUYER_AGENT.iter().map(|word| format!("%{word}%")).collect();
        if client.query_one(&query, &[&words]).await?.get::<_, i64>(0) > 0 {
            found.push(table.to_owned());
        }
    }
    let log = scale.agent.log();
    if BUYER_AGENT.iter().any(|word| log.contains(word)) {
        found.push("the log".into());
    }
    Ok(found)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_invoices_hold_each_status_once_whatever_the_order_of_arrival() -> Result<()> {
    let Some(scale) = Scale::set().await? else {
        return Ok(());
    };
    scale.insert().await?;
    scale.has_events(OWN).await?;
    let mut expected = OWN;
    for round in 0..ROUNDS {
        scale.live(round)?;
        expected += (EVENTS - OWN) / ROUNDS;
        scale.has_events(expected).await?;
    }
    scale
        .stage
        .simulator
        .advance(Duration::from_secs(40 * 3600));
    assert_eq!(expected, EVENTS);

    let mut held = held(&scale.stage).await?;
    let records = scale.stage.simulator.invoices();
    assert_eq!((held.len(), records.len()), (INVOICES, INVOICES));
    for there in &records {
        let number = there.number.as_deref().context("number")?;
        let here = held
            .get_mut(number)
            .with_context(|| format!("{number} is not here"))?;
        compare(there, here).with_context(|| number.to_owned())?;
    }
    // The same life in twenty orders of arrival: the same state. And the lives are not all alike.
    let mut states: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (number, here) in &held {
        let n: usize = number.trim_start_matches("V-").parse()?;
        states.entry(n / SUPPLIERS).or_default().push(&here.state);
    }
    for (life, states) in &states {
        ensure!(
            states.iter().all(|state| *state == states[0]),
            "life {life}: {states:?}"
        );
    }
    let mut seen: Vec<&str> = states.values().map(|states| states[0]).collect();
    seen.sort_unstable();
    seen.dedup();
    ensure!(seen.len() >= 5, "only {seen:?}");

    let found = personal_data(&scale).await?;
    ensure!(found.is_empty(), "a public agent is named in {found:?}");
    let ledger = scale.stage.simulator.ledger();
    ensure!(ledger.accepted_twice().is_empty() && ledger.posts.len() == INVOICES);
    // One history per change that a search showed, not one per status. Where a search shows a change while the history is being
    // read, it is read once more: what was read may be older.
    let histories = ledger.requests(Operation::ConsulterHistorique);
    let limit = (1 + ROUNDS) * INVOICES * 11 / 10;
    ensure!(histories <= limit as u64, "{histories} histories");
    scale.stage.audit().await
}
