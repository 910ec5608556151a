//! No answer: why, and whether invoices go on without one.

use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};

use super::ask::is_final;
use crate::{
    chorus::error::{ApiError, Kind},
    database::DatabaseError,
    failpoint,
    task::{Failure, Work},
    verify::Problem,
};

// Whoever asked again does not want the old answer. The first is waited for, unless it is refused; then invoices go on without.
const UNANSWERED: &str = "
UPDATE chorus.structure b
SET error = $3, error_fr = $4, failing_since = coalesce(b.failing_since, now()),
    unanswered_at = CASE WHEN $5 OR coalesce(b.failing_since, now()) <= now() - make_interval(secs => $6)
            OR b.fetched_at IS NOT NULL AND NOT EXISTS (SELECT FROM chorus.invoice i WHERE i.buyer_identifier = b.identifier
                AND i.buyer_id_type = b.id_type AND i.state = 'ready' AND i.directory_since > b.fetched_at)
        THEN now() ELSE b.unanswered_at END
FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 AND b.id = t.structure_id
RETURNING b.id, coalesce(b.unanswered_at = now(), false) AS given_up";

const WAITING: &str = "
UPDATE chorus.invoice i SET state_reason = chorus.directory_reason('[]', i.buyer_identifier) || ': ' || $2
FROM (
    SELECT i.id FROM chorus.structure b JOIN chorus.invoice i ON i.buyer_identifier = b.identifier AND i.buyer_id_type = b.id_type
    WHERE b.id = $1 AND i.state = 'ready' AND i.directory_at IS NULL
    ORDER BY i.id LIMIT 1000 FOR UPDATE OF i SKIP LOCKED) w
WHERE i.id = w.id";

/// Writes down why there is no answer; says whether invoices go on without, else they are told what they wait for.
pub(super) async fn unanswered(
    work: &mut Work<'_>,
    silence: &Silence,
    patience: Duration,
) -> Result<bool, Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let (Silence { reason, refused }, patience) = (silence, patience.as_secs_f64());
    let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&reason.en, Type::TEXT),
        (&reason.fr, Type::TEXT),
        (refused, Type::BOOL),
        (&patience, Type::FLOAT8),
    ];
    let client = work.database().await?;
    let row = failpoint::commit(
        "unanswered",
        client.query_typed_opt(UNANSWERED, &parameters),
    )
    .await
    .map_err(DatabaseError::from)?
    .ok_or(Failure::LeaseLost)?;
    let structure: i64 = row.try_get("id").map_err(DatabaseError::from)?;
    let given_up: bool = row.try_get("given_up").map_err(DatabaseError::from)?;
    if !given_up {
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&structure, Type::INT8), (&reason.en, Type::TEXT)];
        client
            .execute_typed(WAITING, &parameters)
            .await
            .map_err(DatabaseError::from)?;
    }
    Ok(given_up)
}

/// That there is no answer.
pub(super) struct Silence {
    reason: Reason,
    /// Asking again would change nothing soon.
    refused: bool,
}

impl Silence {
    /// What a failure means for those who wait; `None`: it says nothing about Chorus Pro.
    pub(super) fn of(failure: &Failure) -> Option<Self> {
        match failure {
            Failure::Api(error) => Some(Self {
                reason: Reason::of(error),
                refused: is_final(error),
            }),
            Failure::Held { kind, .. } if kind == Kind::NotEntitled.word() => {
                let closed = Problem::NotSubscribed("Structures");
                Some(Self {
                    reason: Reason {
                        en: closed.en(),
                        fr: closed.fr(),
                    },
                    refused: true,
                })
            }
            Failure::Held { reason, .. } => Some(Self {
                reason: Reason {
                    en: reason.clone(),
                    fr: "Chorus Pro ne répond pas et n'est pas interrogé pour le moment, voir chorus.breaker ; l'agent l'interrogera de nouveau".into(),
                },
                refused: false,
            }),
            _ => None,
        }
    }
}

/// Why the directory says nothing, with the remedy, in both languages.
pub(super) struct Reason {
    pub en: String,
    pub fr: String,
}

impl Reason {
    pub(super) fn of(error: &ApiError) -> Self {
        match Problem::of(error) {
            Some(problem) if is_final(error) => Self {
                en: problem.en(),
                fr: problem.fr(),
            },
            _ => Self {
                en: error.to_string(),
                fr: format!(
                    "Chorus Pro ne répond pas ({}) ; l'agent l'interrogera de nouveau",
                    error.operation.path()
                ),
            },
        }
    }
}
