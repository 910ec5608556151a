//! Answers, written down under the lease of the task that asked.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::{Buyer, ask::Answer, silence::Reason};
use crate::{
    chorus::wire::ParametresService,
    database::DatabaseError,
    failpoint,
    task::{Failure, Work},
};

// An answer that is older than the one we have is not news. What was not said of services leaves them as they were, not known any more.
const STRUCTURE: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 AND t.leased_until IS NOT NULL
), kept AS (
    INSERT INTO chorus.structure AS b (id_type, identifier, fetched_at, found, chorus_id, name, status,
        service_required, commitment_required, service_or_commitment, works_only, payment_not_reported, services_at, error, error_fr)
    SELECT $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, coalesce($14, false), CASE WHEN $15 THEN $5 END, $16, $17 FROM held
    ON CONFLICT (id_type, identifier) DO UPDATE
    SET fetched_at = excluded.fetched_at, found = excluded.found, chorus_id = excluded.chorus_id, name = coalesce(excluded.name, b.name),
        status = excluded.status, service_required = excluded.service_required, commitment_required = excluded.commitment_required,
        service_or_commitment = excluded.service_or_commitment, works_only = excluded.works_only,
        payment_not_reported = coalesce($14, b.payment_not_reported), services_at = excluded.services_at,
        error = excluded.error, error_fr = excluded.error_fr, failing_since = NULL, unanswered_at = NULL
    WHERE b.fetched_at IS NULL OR b.fetched_at <= excluded.fetched_at
    RETURNING b.id
), gone AS (
    DELETE FROM chorus.service s USING kept WHERE s.structure_id = kept.id AND $15 AND s.code <> ALL ($18)
), listed AS (
    INSERT INTO chorus.service AS s (structure_id, code, chorus_id, name, active)
    SELECT kept.id, l.code, l.chorus_id, l.name, l.active
    FROM kept, unnest($18::text[], $19::bigint[], $20::text[], $21::boolean[]) AS l (code, chorus_id, name, active)
    ON CONFLICT (structure_id, code) DO UPDATE SET chorus_id = excluded.chorus_id, name = excluded.name, active = excluded.active
    WHERE (s.chorus_id, s.name, s.active) IS DISTINCT FROM (excluded.chorus_id, excluded.name, excluded.active)
)
SELECT count(*) FROM held";

// Those that invoices name, of which nothing is known, or nothing of late.
const NAMED: &str = "
SELECT s.structure_id, s.code, b.chorus_id AS structure, s.chorus_id AS service
FROM chorus.structure b JOIN chorus.service s ON s.structure_id = b.id
WHERE b.id = $1 AND b.chorus_id IS NOT NULL AND s.chorus_id IS NOT NULL AND s.active IS NOT FALSE
    AND (s.details_at IS NULL OR s.details_at <= now() - make_interval(secs => $4) OR s.details_at < $5)
    AND s.code IN (
        SELECT btrim(i.service_code) FROM chorus.invoice i
        WHERE i.buyer_identifier = $3 AND i.buyer_id_type = $2 AND i.state = 'ready'
        UNION ALL
        SELECT btrim(i.service_code) FROM chorus.invoice i
        WHERE i.buyer_identifier = $3 AND i.buyer_id_type = $2 AND i.created_at > now() - interval '30 days')
ORDER BY s.code";

const DETAILS: &str = "
UPDATE chorus.service s
SET commitment_required = $5, payment_reported = coalesce($6, s.payment_reported), details_at = $7
FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 AND s.structure_id = $3 AND s.code = $4";

/// A service that an invoice names.
#[derive(Debug)]
pub(in crate::task) struct Named {
    /// Row id of its buyer.
    pub buyer: i64,
    /// Its code.
    pub code: String,
    /// Chorus Pro's id of its buyer.
    pub structure: i64,
    /// Chorus Pro's id of the service.
    pub service: i64,
}

/// Writes down what was said of `buyer`.
pub(super) async fn structure(
    work: &mut Work<'_>,
    buyer: &Buyer,
    asked_at: Timestamp,
    answer: &Answer,
) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let row = answer.found.as_ref();
    let (found, chorus_id) = (row.is_some(), row.and_then(|row| row.id_structure_cpp));
    let name = row.and_then(|row| row.designation_structure.as_deref());
    let status = row.and_then(|row| row.statut.as_deref());
    let flags = answer.requirements.as_ref();
    let service = flags.and_then(|flags| flags.code_service_doit_etre_renseigne);
    let commitment = flags.and_then(|flags| flags.numero_ej_doit_etre_renseigne);
    let either = flags.and_then(|flags| flags.gestion_numero_ej_ou_code_service);
    let works = flags.and_then(|flags| flags.est_moa_uniquement);
    let unreported = flags.and_then(|flags| flags.statut_mise_en_paiement_nest_pas_remonte);
    let reason = answer.refusal.as_ref().map(Reason::of);
    let (error, error_fr) = (
        reason.as_ref().map(|reason| &reason.en),
        reason.as_ref().map(|reason| &reason.fr),
    );
    let services_said = answer.services.is_some() || !found;
    let services = answer.services.as_deref().unwrap_or_default();
    let codes: Vec<_> = services
        .iter()
        .map(|one| one.code_service.as_deref())
        .collect();
    let ids: Vec<_> = services.iter().map(|one| one.id_service).collect();
    let names: Vec<_> = services
        .iter()
        .map(|one| one.libelle_service.as_deref())
        .collect();
    let actives: Vec<_> = services.iter().map(|one| one.est_actif).collect();
    let parameters: [(&(dyn ToSql + Sync), Type); 21] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&buyer.id_type, Type::TEXT),
        (&buyer.identifier, Type::TEXT),
        (&asked_at, Type::TIMESTAMPTZ),
        (&found, Type::BOOL),
        (&chorus_id, Type::INT8),
        (&name, Type::TEXT),
        (&status, Type::TEXT),
        (&service, Type::BOOL),
        (&commitment, Type::BOOL),
        (&either, Type::BOOL),
        (&works, Type::BOOL),
        (&unreported, Type::BOOL),
        (&services_said, Type::BOOL),
        (&error, Type::TEXT),
        (&error_fr, Type::TEXT),
        (&codes, Type::TEXT_ARRAY),
        (&ids, Type::INT8_ARRAY),
        (&names, Type::TEXT_ARRAY),
        (&actives, Type::BOOL_ARRAY),
    ];
    let client = work.database().await?;
    let row = failpoint::commit("structure", client.query_typed_one(STRUCTURE, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    match row.try_get::<_, i64>(0).map_err(DatabaseError::from)? {
        0 => Err(Failure::LeaseLost),
        _ => Ok(()),
    }
}

/// The services of `buyer` that invoices name and of which nothing newer than `fresh`, or than `since`, is known.
pub(super) async fn named(
    work: &mut Work<'_>,
    structure: i64,
    buyer: &Buyer,
    fresh: Duration,
    since: Option<Timestamp>,
) -> Result<Vec<Named>, Failure> {
    let fresh = fresh.as_secs_f64();
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&structure, Type::INT8),
        (&buyer.id_type, Type::TEXT),
        (&buyer.identifier, Type::TEXT),
        (&fresh, Type::FLOAT8),
        (&since, Type::TIMESTAMPTZ),
    ];
    let rows = work
        .database()
        .await?
        .query_typed(NAMED, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    let read = |row: &tokio_postgres::Row| -> Result<Named, tokio_postgres::Error> {
        Ok(Named {
            buyer: row.try_get("structure_id")?,
            code: row.try_get("code")?,
            structure: row.try_get("structure")?,
            service: row.try_get("service")?,
        })
    };
    let services: Result<Vec<Named>, _> = rows.iter().map(read).collect();
    Ok(services.map_err(DatabaseError::from)?)
}

/// Writes down what was said of a service.
pub(super) async fn details(
    work: &mut Work<'_>,
    service: &Named,
    asked_at: Timestamp,
    said: ParametresService,
) -> Result<(), Failure> {
    let (task, lease) = (work.claim.id, work.claim.lease);
    let parameters: [(&(dyn ToSql + Sync), Type); 7] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&service.buyer, Type::INT8),
        (&service.code, Type::TEXT),
        (&said.numero_engagement, Type::BOOL),
        (&said.mise_en_paiement, Type::BOOL),
        (&asked_at, Type::TIMESTAMPTZ),
    ];
    let client = work.database().await?;
    failpoint::commit("details", client.execute_typed(DETAILS, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}
