//! What `once` has to tell: what it did, and what it left alone.

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{database::DatabaseError, queue::Kind};

// Why something is held back.
const OPEN: &str = "
SELECT coalesce(string_agg(format('%s: %s; %s', b.name, b.reason, b.remedy), chr(10) ORDER BY b.name), '')
FROM chorus.breaker b WHERE b.application = $1 AND b.state IN ('open', 'half-open')";

// What could be claimed but for an open breaker: by kind and API, of suppliers who may send, of invoices that no person has to decide about.
const DUE: &str = "
SELECT count(DISTINCT t.id)
FROM unnest($2::text[], $3::text[]) AS k (kind, api)
    JOIN chorus.task t ON t.kind = k.kind AND t.leased_until IS NULL AND t.run_at <= now()
    LEFT JOIN chorus.invoice i ON i.id = t.invoice_id
    JOIN chorus.supplier s ON s.id = coalesce(t.supplier_id, i.supplier_id)
    JOIN chorus.api_breaker b ON b.application = $1 AND b.opened_at IS NOT NULL AND (b.api IS NULL OR b.api = k.api)
        AND (b.supplier_id IS NULL OR b.supplier_id = s.id)
WHERE CASE WHEN t.kind IN ('follow', 'adopt') THEN s.credential IS NOT NULL ELSE s.state = 'registered' END
    AND i.state IS DISTINCT FROM 'blocked' AND NOT (t.kind = 'submit' AND s.paused)";

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
    /// How many; one that was claimed twice meanwhile counts twice.
    pub tasks: u64,
    /// What fails, why, and what to do, a line for each.
    pub reason: String,
}

impl Held {
    /// Reads what the breakers of `application` hold back, beside the `met` tasks that were claimed and met one.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(client: &Client, application: &str, met: u64) -> Result<Self, DatabaseError> {
        let (kinds, apis) = Kind::with_apis();
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&application, Type::TEXT),
            (&kinds, Type::TEXT_ARRAY),
            (&apis, Type::TEXT_ARRAY),
        ];
        let due: i64 = client.query_typed_one(DUE, &parameters).await?.try_get(0)?;
        let open = client
            .query_typed_one(OPEN, &[(&application, Type::TEXT)])
            .await?;
        Ok(Self {
            tasks: due.unsigned_abs() + met,
            reason: match open.try_get(0)? {
                "" => "what failed works again meanwhile: do it once more".to_owned(),
                reason => reason.to_owned(),
            },
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
