//! The people in charge: they correct, submit, cancel, answer buyers and decide what the agent could not.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use chorus_simulator::Handle;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_postgres::{Row, error::SqlState};
use uuid::Uuid;

use super::dice::Dice;
use super::scene::OTHER_SERVICE;
use super::session::{Session, is_away};
use super::tally::Tally;
use crate::database::Database;

/// How often they look.
const ROUND: Duration = Duration::from_millis(250);

// What waits for a person; not what an agent works on.
const TO_DO: &str = "
SELECT i.id, i.number, i.state, coalesce(i.status, ''), t.id AS aside
FROM chorus.invoice i LEFT JOIN chorus.task t ON t.invoice_id = i.id AND t.run_at = 'infinity' AND t.leased_until IS NULL
WHERE (i.state IN ('draft', 'invalid', 'flux_rejected', 'blocked', 'action_required')
        OR i.state = 'rejected' AND i.rejection_treated_at IS NULL OR t.id IS NOT NULL)
    AND NOT EXISTS (SELECT FROM chorus.action a WHERE a.invoice_id = i.id AND a.state IN ('queued', 'sent'))
LIMIT 200";

/// Means of payment where they were forgotten, and another price: the corrected invoice asks for another amount.
const CORRECT: &str = r#"
UPDATE chorus.invoice SET doc = jsonb_set(jsonb_set(doc - 'totals', '{lines,0,item,price}', '"77.70"'), '{payment,instructions}',
    '{"key": "credit-transfer", "credit_transfer": [{"iban": "FR7699999060420001234567889"}]}')
WHERE id = $1"#;

/// The people.
pub struct People {
    session: Session,
    simulator: Arc<Handle>,
    tally: Arc<Tally>,
    dice: Dice,
}

impl People {
    /// People in charge of `database`.
    #[must_use]
    pub fn new(
        database: &Arc<Database>,
        simulator: &Arc<Handle>,
        tally: &Arc<Tally>,
        dice: &Dice,
    ) -> Self {
        Self {
            session: Session::new(database, "chorus_admin"),
            simulator: simulator.clone(),
            tally: tally.clone(),
            dice: dice.of_their_own("people"),
        }
    }

    /// Does what there is to do until told to stop.
    ///
    /// # Errors
    /// A statement fails for another reason than the server's absence or a state that has changed.
    pub async fn work(mut self, stop: watch::Receiver<bool>) -> Result<()> {
        while !*stop.borrow() {
            // The server may be away; the agents may have been faster.
            if let Ok(client) = self.session.client().await
                && let Ok(rows) = client.query(TO_DO, &[]).await
            {
                for row in rows {
                    self.deal_with(&row).await?;
                }
            }
            sleep(ROUND).await;
        }
        Ok(())
    }

    async fn deal_with(&mut self, row: &Row) -> Result<()> {
        let (id, number): (Uuid, Option<String>) = (row.get(0), row.get(1));
        let (state, status): (String, String) = (row.get(2), row.get(3));
        let aside: Option<i64> = row.get("aside");
        let statement = match (state.as_str(), status.as_str()) {
            ("draft" | "invalid" | "flux_rejected", _) if self.dice.chance(15) => {
                "SELECT chorus.cancel($1, 'given up')".to_owned()
            }
            ("draft", _) => "SELECT chorus.submit($1)".to_owned(),
            ("invalid" | "flux_rejected", _) => CORRECT.to_owned(),
            ("blocked", _) => format!(
                "SELECT chorus.resolve($1, '{}', 'seen on the portal')",
                self.seen_on_the_portal(number.as_deref().unwrap_or_default())
            ),
            ("action_required", "SUSPENDUE") => "SELECT chorus.complete($1, 'Voici')".to_owned(),
            ("action_required", "A_RECYCLER") => {
                format!("SELECT chorus.recycle($1, service => '{OTHER_SERVICE}')")
            }
            ("rejected", _) => "SELECT chorus.treat_rejection($1)".to_owned(),
            _ => match aside {
                Some(task) => {
                    format!("SELECT chorus.retry({task}) FROM chorus.invoice WHERE id = $1")
                }
                None => return Ok(()),
            },
        };
        let Ok(client) = self.session.client().await else {
            return Ok(());
        };
        match client.execute(&statement, &[&id]).await {
            Ok(_) => self.tally.people.add(1),
            Err(error) if is_away(&error) => {}
            // The agents were faster, or the status has not been read since the last answer.
            Err(error)
                if error
                    .code()
                    .is_some_and(|state| state.code().starts_with("55")) => {}
            // An INSERT whose answer was lost was made twice, which shows only now.
            Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                let cancel = "SELECT chorus.cancel($1, 'inserted twice')";
                let _away = client.execute(cancel, &[&id]).await;
            }
            Err(error) => return Err(error).context(statement),
        }
        Ok(())
    }

    /// What somebody finds who looks the number up: is it there, on its way, or not?
    fn seen_on_the_portal(&self, number: &str) -> &'static str {
        let ledger = self.simulator.ledger();
        let failed = |state: Option<&str>| matches!(state, Some("IN_REJETE" | "QP_IRRECEVABLE"));
        let there = ledger
            .of_number(number)
            .any(|post| post.return_code == 0 && !failed(post.state.as_deref()));
        if there { "look_again" } else { "not_deposited" }
    }
}
