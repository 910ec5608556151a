//! What `once` has to tell: what it did, and what it left alone.

use tokio_postgres::{Client, types::Type};

use crate::database::DatabaseError;

// What `chorus.claim` leaves where breakers are open. It looks at the APIs of each kind too: whichever it was, all is not well.
const HELD: &str = "
SELECT count(DISTINCT t.id), coalesce(string_agg(DISTINCT format('%s: %s; %s', b.name, b.reason, b.remedy), chr(10)), '')
FROM chorus.task t LEFT JOIN chorus.invoice i ON i.id = t.invoice_id
    JOIN chorus.breaker b ON b.application = $1 AND b.next_probe_at > now()
        AND (b.supplier_id IS NULL OR b.supplier_id = coalesce(t.supplier_id, i.supplier_id))
WHERE t.leased_until IS NULL AND t.run_at <= now()";

/// What a drain did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drained {
    /// Tasks done.
    pub done: u64,
    /// Tasks that failed and went back into the queue.
    pub failed: u64,
    /// Tasks that were left alone.
    pub held: Held,
}

/// Tasks that are due and wait, since what they would call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// How many.
    pub tasks: i64,
    /// What fails, why, and what to do, a line for each; empty where nothing is held.
    pub reason: String,
}

impl Held {
    /// Reads what the breakers of `application` hold back.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(client: &Client, application: &str) -> Result<Self, DatabaseError> {
        let row = client
            .query_typed_one(HELD, &[(&application, Type::TEXT)])
            .await?;
        Ok(Self {
            tasks: row.try_get(0)?,
            reason: row.try_get(1)?,
        })
    }
}

impl Drained {
    /// Whether nothing is left that should have been done.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.failed == 0 && self.held.tasks == 0
    }
}
