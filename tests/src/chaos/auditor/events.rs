//! Events against Chorus Pro's histories, and against what they were when they came: I4.

use std::collections::HashSet;

use anyhow::Result;
use tokio_postgres::Client;

use super::{Invariant, There, Violation};

// Histories give the minute, in Paris.
const EVENTS: &str = "
SELECT i.chorus_id, e.histo_statut_id, e.code, to_char(e.occurred_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD\"T\"HH24:MI')
FROM chorus.status_event e JOIN chorus.invoice i ON i.id = e.invoice_id";

const CHANGED: &str = "
SELECT format('%s of invoice %s (%s)', d.code, d.invoice_id, d.what) FROM (
    (SELECT invoice_id, histo_statut_id, occurred_at, code, 'has changed or gone' AS what FROM journal.event
        EXCEPT ALL SELECT invoice_id, histo_statut_id, occurred_at, code, 'has changed or gone' FROM chorus.status_event)
    UNION ALL
    (SELECT invoice_id, histo_statut_id, occurred_at, code, 'came unseen' FROM chorus.status_event
        EXCEPT ALL SELECT invoice_id, histo_statut_id, occurred_at, code, 'came unseen' FROM journal.event)) d";

type Event = (i64, i64, String, String);

/// I4.
pub async fn compare(client: &Client, there: &There) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(Violation::new(Invariant::I4, what));
    let mut here: HashSet<Event> = HashSet::new();
    for row in client.query(EVENTS, &[]).await? {
        let Some(chorus_id) = row.get::<_, Option<i64>>(0) else {
            say("an event of an invoice that is not at Chorus Pro".to_owned());
            continue;
        };
        let event = (chorus_id, row.get(1), row.get(2), row.get(3));
        let text = format!("{event:?}");
        if !here.insert(event) {
            say(format!("{text} is there twice"));
        }
    }
    for invoice in &there.invoices {
        for event in &invoice.events {
            let minute = event.at.get(..16).unwrap_or_default().to_owned();
            let event = (invoice.id, event.id, event.status.clone(), minute);
            if !here.remove(&event) {
                say(format!("{event:?} has not been observed"));
            }
        }
    }
    for event in here {
        say(format!("{event:?} is not in Chorus Pro's history"));
    }
    for row in client.query(CHANGED, &[]).await? {
        say(row.get(0));
    }
    Ok(found)
}
