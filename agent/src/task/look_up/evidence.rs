//! What the database knows of an invoice whose fate is uncertain.

use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use tokio_postgres::{
    Client, Row,
    types::{ToSql, Type},
};
use uuid::Uuid;

use crate::database::DatabaseError;

// Amounts travel as text: read digit by digit, as those of the answers.
// Whatever turns a task into a look-up sets its created_at.
const INVOICE: &str = "
SELECT i.number, i.issue_date, i.document_type, i.buyer_identifier, t.created_at AS doubted_at, now() AS clock,
    (SELECT max(d.prepared_at) FROM chorus.deposit d WHERE d.invoice_id = i.id AND d.state = 'unknown') AS sent_at,
    i.created_at, i.total_without_tax::text, i.total_with_tax::text, i.amount_due::text, r.invoice_id IS NOT NULL AS restored
FROM chorus.invoice i JOIN chorus.task t ON t.id = $2 LEFT JOIN chorus.recovery r ON r.invoice_id = i.id
WHERE i.id = $1";

const DEPOSITS: &str = "
SELECT d.id, d.file_name, d.state, d.prepared_at, d.total_without_tax::text, d.total_with_tax::text, d.amount_due::text
FROM chorus.deposit d WHERE d.invoice_id = $1 ORDER BY d.prepared_at DESC";

/// The invoice and its deposits, newest first.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub number: String,
    pub issue_date: Date,
    pub document_type: String,
    pub buyer: String,
    pub deposits: Vec<Deposit>,
    /// What the original of a restored database may have sent without a deposit of it being known here.
    pub unknown_here: Option<Unknown>,
    pub age: Duration,
    pub window_left: Duration,
}

/// The invoice as it stands, in a database that was restored, cloned or failed over.
#[derive(Debug, Clone)]
pub(super) struct Unknown {
    pub created_at: Timestamp,
    pub totals: Totals,
}

/// A deposit of ours.
#[derive(Debug, Clone)]
pub(super) struct Deposit {
    pub id: Uuid,
    pub file_name: String,
    pub state: String,
    pub prepared_at: Timestamp,
    pub totals: Totals,
}

/// The amounts in the bytes of a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Totals {
    pub without_tax: Option<Decimal>,
    pub with_tax: Option<Decimal>,
    pub due: Option<Decimal>,
}

impl Evidence {
    /// Reads it; the window is `lost_after` long.
    pub(super) async fn read(
        client: &Client,
        invoice: Uuid,
        task: i64,
        lost_after: Duration,
    ) -> Result<Self, DatabaseError> {
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&invoice, Type::UUID), (&task, Type::INT8)];
        let row = client.query_typed_one(INVOICE, &parameters).await?;
        let deposits = client
            .query_typed(DEPOSITS, &[(&invoice, Type::UUID)])
            .await?;
        let (age, window_left) = window(
            row.try_get("sent_at")?,
            row.try_get("doubted_at")?,
            row.try_get("clock")?,
            lost_after,
        );
        let text = |column| {
            row.try_get::<_, Option<String>>(column)
                .map(Option::unwrap_or_default)
        };
        let unknown_here = row
            .try_get::<_, bool>("restored")?
            .then(|| Unknown::from_row(&row));
        Ok(Self {
            number: text("number")?,
            issue_date: row.try_get("issue_date")?,
            document_type: text("document_type")?,
            buyer: text("buyer_identifier")?,
            deposits: deposits
                .iter()
                .map(Deposit::from_row)
                .collect::<Result<_, _>>()?,
            unknown_here: unknown_here.transpose()?,
            age,
            window_left,
        })
    }
}

/// How long the invoice has been in doubt, and how much is left of the window of `lost_after`; all by the database's clock.
///
/// The window runs from the last sending, or from the doubt where that came later: a flux that failed after hours, or a
/// person who says "look again", is followed by a whole window of looking, not by a sending at once.
fn window(
    sent_at: Option<Timestamp>,
    doubted_at: Timestamp,
    clock: Timestamp,
    lost_after: Duration,
) -> (Duration, Duration) {
    let since = sent_at.map_or(doubted_at, |sent_at| sent_at.max(doubted_at));
    // A clock that was set back makes it younger, never older.
    let age = Duration::try_from(clock.duration_since(since)).unwrap_or_default();
    (age, lost_after.saturating_sub(age))
}

impl Unknown {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            created_at: row.try_get("created_at")?,
            totals: Totals::from_row(row)?,
        })
    }
}

impl Deposit {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            file_name: row.try_get("file_name")?,
            state: row.try_get("state")?,
            prepared_at: row.try_get("prepared_at")?,
            totals: Totals::from_row(row)?,
        })
    }
}

impl Totals {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let amount = |column| -> Result<Option<Decimal>, tokio_postgres::Error> {
            Ok(row
                .try_get::<_, Option<&str>>(column)?
                .and_then(|digits| digits.parse().ok()))
        };
        Ok(Self {
            without_tax: amount("total_without_tax")?,
            with_tax: amount("total_with_tax")?,
            due: amount("amount_due")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(time: &str) -> Timestamp {
        format!("2026-09-14T{time}:00Z").parse().unwrap()
    }

    #[test]
    fn the_window_runs_from_the_last_sending() {
        let (age, left) = window(Some(at("09:00")), at("08:00"), at("09:30"), 2 * HOUR);
        assert_eq!((age, left), (HOUR / 2, 2 * HOUR - HOUR / 2));
        assert_eq!(
            window(Some(at("09:00")), at("08:00"), at("11:00"), 2 * HOUR).1,
            Duration::ZERO
        );
    }

    #[test]
    fn a_doubt_that_comes_hours_after_the_sending_opens_a_window_of_its_own() {
        let (age, left) = window(Some(at("02:00")), at("09:00"), at("09:00"), 2 * HOUR);
        assert_eq!((age, left), (Duration::ZERO, 2 * HOUR));
        assert_eq!(
            window(None, at("09:00"), at("10:00"), 2 * HOUR),
            (HOUR, HOUR)
        );
    }

    #[test]
    fn a_clock_set_back_never_shortens_the_window() {
        assert_eq!(
            window(None, at("09:00"), at("08:00"), HOUR),
            (Duration::ZERO, HOUR)
        );
    }
}
