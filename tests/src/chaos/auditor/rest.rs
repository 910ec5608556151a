//! Is everything at its end? I8.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use tokio_postgres::Client;

use super::{Invariant, There, Violation};

// Paid, given up, or rejected and treated: nothing else is an end in these runs. Following goes on for good, and so does the directory.
const UNFINISHED: &str = "
SELECT concat_ws(' ', i.number, i.state, i.status, i.state_reason)
FROM chorus.invoice i
WHERE NOT (i.state IN ('paid', 'cancelled') OR i.state = 'rejected' AND i.rejection_treated_at IS NOT NULL)";

const TASKS: &str = "
SELECT concat_ws(' ', 'task', t.id, t.kind, i.number, t.run_at, t.leased_until, t.attempts, t.last_error)
FROM chorus.task t LEFT JOIN chorus.invoice i ON i.id = t.invoice_id WHERE t.kind NOT IN ('follow', 'directory')";

const OBSERVED: &str = "
SELECT i.chorus_id, i.status, (SELECT count(*) FROM chorus.status_event e WHERE e.invoice_id = i.id)
FROM chorus.invoice i WHERE i.chorus_id IS NOT NULL";

const PROGRESS: &str = "
SELECT (SELECT md5(coalesce(string_agg(concat(i.id, i.state, i.status), ' ' ORDER BY i.id), '')) FROM chorus.invoice i),
    (SELECT count(*) FROM chorus.status_event)::text, (SELECT count(*) FROM chorus.deposit)::text,
    (SELECT md5(coalesce(string_agg(concat(t.id, t.kind, t.lease, t.attempts), ' ' ORDER BY t.id), '')) FROM chorus.task t WHERE t.kind NOT IN ('follow', 'directory'))";

/// What is left to do.
#[derive(Debug)]
pub struct Rest {
    /// In words; empty when all is done.
    pub left: Vec<String>,
    /// Another one whenever anything has moved.
    pub mark: String,
}

impl Rest {
    /// Each thing that is left, as a violation.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let left = self.left.iter();
        left.map(|what| Violation::new(Invariant::I8, what))
            .collect()
    }
}

/// What is left, with `acknowledged` the numbers that applications were told are stored.
///
/// # Errors
/// The tables cannot be read.
pub async fn at_rest(client: &Client, there: &There, acknowledged: &[String]) -> Result<Rest> {
    let mut left = Vec::new();
    for query in [UNFINISHED, TASKS] {
        for row in client.query(query, &[]).await? {
            left.push(row.get::<_, String>(0));
        }
    }
    let mut observed: HashMap<i64, (Option<String>, i64)> = HashMap::new();
    for row in client.query(OBSERVED, &[]).await? {
        observed.insert(row.get(0), (row.get(1), row.get(2)));
    }
    for invoice in &there.invoices {
        let number = invoice.number.as_deref().unwrap_or_default();
        match observed.get(&invoice.id) {
            None => left.push(format!(
                "{number} is at Chorus Pro as {}, and no row knows",
                invoice.id
            )),
            Some((status, count)) => {
                let events = i64::try_from(invoice.events.len())?;
                if status.as_ref() != Some(&invoice.status) || *count < events {
                    left.push(format!(
                        "{number} is {} after {events} events, and known as {status:?} after {count}",
                        invoice.status
                    ));
                }
            }
        }
    }
    let numbers = client
        .query(
            "SELECT number FROM chorus.invoice WHERE number IS NOT NULL",
            &[],
        )
        .await?;
    let stored: HashSet<String> = numbers.iter().map(|row| row.get(0)).collect();
    let lost = acknowledged
        .iter()
        .filter(|number| !stored.contains(*number));
    left.extend(lost.map(|number| format!("{number} was acknowledged, and is not there")));
    let row = client.query_one(PROGRESS, &[]).await?;
    let mark = (0..4)
        .map(|place| row.get::<_, String>(place))
        .collect::<Vec<_>>()
        .join(" ");
    Ok(Rest { left, mark })
}
