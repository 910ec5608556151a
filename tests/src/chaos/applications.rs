//! The applications that issue invoices: singly, in batches, as drafts, with mistakes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chorus_simulator::{ForcedOutcome, Handle};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_postgres::error::SqlState;

use super::dice::Dice;
use super::scene::{PAYS, REJECTS, SENDS_ON, SERVICE, SUPPLIERS, SUSPENDS};
use super::session::{Session, is_away};
use super::tally::Tally;
use crate::database::Database;
use crate::files::fixture;

/// Invoices of a batch, at most.
const LARGEST_BATCH: u64 = 12;

/// Numbers whose INSERT was acknowledged: whatever happens then, they must be there.
pub type Acknowledged = Arc<Mutex<Vec<String>>>;

/// What should have been issued by now.
struct Owed {
    rate: f64,
    from: Instant,
    issued: u64,
}

impl Owed {
    /// How many are missing, as far as that can be made up for.
    fn count(&self) -> u64 {
        let due = Duration::try_from_secs_f64(self.from.elapsed().as_secs_f64() * self.rate);
        let due = due.map_or(0, |due| due.as_secs());
        due.saturating_sub(self.issued)
    }
}

/// The applications.
pub struct Applications {
    session: Session,
    simulator: Arc<Handle>,
    tally: Arc<Tally>,
    dice: Dice,
    template: Value,
    next: u64,
    acknowledged: Acknowledged,
}

impl Applications {
    /// Applications that insert into `database`.
    ///
    /// # Errors
    /// The fixture cannot be read.
    pub fn new(
        database: &Arc<Database>,
        simulator: &Arc<Handle>,
        tally: &Arc<Tally>,
        dice: &Dice,
    ) -> Result<Self> {
        Ok(Self {
            session: Session::new(database, "chorus_writer"),
            simulator: simulator.clone(),
            tally: tally.clone(),
            dice: dice.of_their_own("applications"),
            template: fixture("b2g.json")?,
            next: 0,
            acknowledged: Arc::default(),
        })
    }

    /// The numbers whose INSERT was acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> Acknowledged {
        self.acknowledged.clone()
    }

    /// Inserts, so many a second, until told to stop; not while more than `backlog` wait to be sent.
    ///
    /// # Errors
    /// The database refuses an invoice.
    pub async fn work(
        mut self,
        rate: f64,
        backlog: i64,
        stop: watch::Receiver<bool>,
    ) -> Result<()> {
        let start = Instant::now();
        let mut owed = Owed {
            rate,
            from: start,
            issued: 0,
        };
        while !*stop.borrow() {
            let count = match self.dice.chance(25) {
                true => 2 + self.dice.below(LARGEST_BATCH - 1),
                false => 1,
            };
            // Behind: in batches, as applications do that were away.
            let count = count.max(owed.count().min(LARGEST_BATCH));
            if owed.count() == 0
                || self
                    .waiting()
                    .await
                    .is_none_or(|waiting| waiting >= backlog)
            {
                sleep(Duration::from_millis(50)).await;
                continue;
            }
            self.issue(count, &stop).await?;
            owed.issued += count;
        }
        Ok(())
    }

    /// How many invoices wait to be sent; `None` while the server is away.
    async fn waiting(&mut self) -> Option<i64> {
        let query = "SELECT count(*) FROM chorus.invoice WHERE state IN ('ready', 'sending')";
        let client = self.session.client().await.ok()?;
        client.query_one(query, &[]).await.ok()?.try_get(0).ok()
    }

    async fn issue(&mut self, count: u64, stop: &watch::Receiver<bool>) -> Result<()> {
        let (mut documents, mut numbers, mut drafts) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..count {
            let (number, document) = self.invoice();
            drafts.push(self.dice.chance(6));
            if self.dice.chance(4) {
                self.simulator.force_outcome(ForcedOutcome {
                    number: number.clone(),
                    state: "IN_REJETE".into(),
                    message: Some("Le numero d'engagement n'existe pas.".into()),
                    count: 1,
                });
                self.tally.rejections.add(1);
            }
            documents.push(document);
            numbers.push(number);
        }
        // One transaction: all of them, or none, whatever happens to the server meanwhile.
        loop {
            let Ok(client) = self.session.client().await else {
                sleep(Duration::from_millis(50)).await;
                if *stop.borrow() {
                    return Ok(());
                }
                continue;
            };
            let inserted = client
                .execute(
                    "INSERT INTO chorus.invoice (doc, draft) SELECT * FROM unnest($1::jsonb[], $2::boolean[])",
                    &[&documents, &drafts],
                )
                .await;
            match inserted {
                Ok(_) => {}
                // Of the try whose answer was lost.
                Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {}
                Err(error) if is_away(&error) => {
                    // A draft has no number of its own yet: tried again it may be there twice.
                    if drafts.contains(&true) {
                        return Ok(());
                    }
                    sleep(Duration::from_millis(50)).await;
                    continue;
                }
                Err(error) => return Err(error).context("an application's INSERT"),
            }
            self.tally.invoices.add(count);
            let mut acknowledged = self
                .acknowledged
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            acknowledged.extend(numbers);
            return Ok(());
        }
    }

    /// Another invoice: its number, and the document.
    fn invoice(&mut self) -> (String, Value) {
        self.next += 1;
        let mut document = self.template.clone();
        let supplier = self.dice.pick(&SUPPLIERS).copied();
        let buyer = match self.dice.below(100) {
            0..10 => SUSPENDS,
            10..20 => SENDS_ON,
            20..26 => REJECTS,
            _ => PAYS,
        };
        let price = format!("{}.{:02}", 1 + self.dice.below(900), self.dice.below(100));
        set(&mut document, "/code", json!(self.next.to_string()));
        set(&mut document, "/series", json!("C"));
        set(&mut document, "/lines/0/item/price", json!(price));
        set(
            &mut document,
            "/lines/1/quantity",
            json!((1 + self.dice.below(20)).to_string()),
        );
        set(&mut document, "/ordering/code", json!(SERVICE));
        if let Some(supplier) = supplier {
            set(&mut document, "/supplier/tax_id/code", json!(supplier.vat));
            set(
                &mut document,
                "/supplier/identities/0/code",
                json!(supplier.siret),
            );
        }
        if buyer != PAYS {
            set(&mut document, "/customer/identities/0/code", json!(buyer));
            set(&mut document, "/customer/name", json!("Commune"));
            if let Some(customer) = document
                .pointer_mut("/customer")
                .and_then(Value::as_object_mut)
            {
                customer.remove("tax_id");
            }
        }
        // Without means of payment: a fatal finding, which somebody corrects.
        if self.dice.chance(4)
            && let Some(payment) = document
                .pointer_mut("/payment")
                .and_then(Value::as_object_mut)
        {
            payment.remove("instructions");
        }
        (format!("C-{}", self.next), document)
    }
}

fn set(document: &mut Value, place: &str, value: Value) {
    if let Some(found) = document.pointer_mut(place) {
        *found = value;
    }
}
