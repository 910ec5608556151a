//! What the database knows of an invoice whose fate is uncertain.

use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use tokio_postgres::{
    Client, Row,
    types::{ToSql, Type},
};
use uuid::Uuid;

use super::remaining;
use crate::database::DatabaseError;

// Amounts travel as text: read digit by digit, as those of the answers.
// The window runs from the last sending. Where no deposit's answer is missing any more (a rejection sent us here), it
// runs from now on: what may still arrive would be shown only then.
const INVOICE: &str = "
SELECT i.number, i.issue_date, i.document_type, i.buyer_identifier,
    extract(epoch FROM now() - since.at)::float8 AS age,
    extract(epoch FROM since.at + make_interval(secs => $3) - now())::float8 AS window_left
FROM chorus.invoice i JOIN chorus.task t ON t.id = $2,
    LATERAL (SELECT coalesce(
        (SELECT max(d.prepared_at) FROM chorus.deposit d WHERE d.invoice_id = i.id AND d.state = 'unknown'),
        t.created_at) AS at) since
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
    pub age: Duration,
    pub window_left: Duration,
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
        let seconds = lost_after.as_secs_f64();
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&invoice, Type::UUID),
            (&task, Type::INT8),
            (&seconds, Type::FLOAT8),
        ];
        let row = client.query_typed_one(INVOICE, &parameters).await?;
        let deposits = client
            .query_typed(DEPOSITS, &[(&invoice, Type::UUID)])
            .await?;
        let text = |column| {
            row.try_get::<_, Option<String>>(column)
                .map(Option::unwrap_or_default)
        };
        Ok(Self {
            number: text("number")?,
            issue_date: row.try_get("issue_date")?,
            document_type: text("document_type")?,
            buyer: text("buyer_identifier")?,
            deposits: deposits
                .iter()
                .map(Deposit::from_row)
                .collect::<Result<_, _>>()?,
            age: remaining(row.try_get("age")?),
            window_left: remaining(row.try_get("window_left")?),
        })
    }
}

impl Deposit {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let amount = |column| -> Result<Option<Decimal>, tokio_postgres::Error> {
            Ok(row
                .try_get::<_, Option<&str>>(column)?
                .and_then(|digits| digits.parse().ok()))
        };
        Ok(Self {
            id: row.try_get("id")?,
            file_name: row.try_get("file_name")?,
            state: row.try_get("state")?,
            prepared_at: row.try_get("prepared_at")?,
            totals: Totals {
                without_tax: amount("total_without_tax")?,
                with_tax: amount("total_with_tax")?,
                due: amount("amount_due")?,
            },
        })
    }
}
