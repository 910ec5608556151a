//! What was asked for, and the request that says so to Chorus Pro.

use std::time::Duration;

use serde::Serialize;
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};

use super::{Failure, Work, kind::Kind, upload::File};
use crate::{
    chorus::wire::{
        Completer, CorrigerValideur, DemandePaiement, Destinataire, PieceJointe, Recycler,
        Reference, TraiterRejet,
    },
    database::DatabaseError,
};

// A clock that was set back makes no wait longer than the whole.
const OPEN: &str = "
SELECT a.id, a.kind, a.state = 'sent' AS was_sent, a.events_before, a.comment, a.buyer_identifier,
    a.service_code, a.commitment_number, a.validator_id_type, a.validator_identifier, i.contract_number, i.number, i.chorus_id,
    CASE WHEN a.state = 'sent' THEN least(greatest(extract(epoch FROM a.sent_at - now())::float8 + $3, 0), $3) ELSE 0 END AS settling
FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id JOIN chorus.action a ON a.invoice_id = i.id
WHERE t.id = $1 AND t.lease = $2 AND a.state IN ('queued', 'sent') AND i.chorus_id IS NOT NULL";

/// After this time beyond its time limit, nobody expects a call to arrive at Chorus Pro any more.
const SETTLES_WITHIN: Duration = Duration::from_secs(120);

/// An open row of `chorus.action`.
#[derive(Debug)]
pub(super) struct Asked {
    pub id: i64,
    pub kind: Kind,
    /// The call was begun before, and nobody knows its answer.
    pub was_sent: bool,
    /// That call may still arrive during this time.
    pub settling: Duration,
    /// Traces of this kind before the first such call; `None` before it is made.
    pub events_before: Option<i64>,
    pub number: String,
    pub chorus_id: i64,
    comment: Option<String>,
    buyer: Option<String>,
    service: Option<String>,
    commitment: Option<String>,
    contract: Option<String>,
    validator_id_type: Option<String>,
    validator: Option<String>,
}

/// The body of the call.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Request<'a> {
    Complete(Completer<'a>),
    Recycle(Recycler<'a>),
    TreatRejection(TraiterRejet),
    CorrectValidator(CorrigerValideur<'a>),
}

impl Asked {
    /// The open action of the task's invoice; `None` where there is none any more.
    pub(super) async fn read(work: &mut Work<'_>) -> Result<Option<Self>, Failure> {
        let (task, lease) = (work.claim.id, work.claim.lease);
        let settings = &work.tools.settings;
        let settled = settings.action_timeout() + settings.pace().interval(SETTLES_WITHIN);
        let settled = settled.as_secs_f64();
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&task, Type::INT8),
            (&lease, Type::INT8),
            (&settled, Type::FLOAT8),
        ];
        let row = work
            .database()
            .await?
            .query_typed_opt(OPEN, &parameters)
            .await
            .map_err(DatabaseError::from)?;
        let Some(row) = row else { return Ok(None) };
        let word: String = row.try_get("kind").map_err(DatabaseError::from)?;
        let Some(kind) = Kind::of(&word) else {
            return Err(Failure::Hopeless(format!(
                "this release does not know the action \"{word}\""
            )));
        };
        Ok(Some(
            Self::from_row(&row, kind).map_err(DatabaseError::from)?,
        ))
    }

    fn from_row(row: &Row, kind: Kind) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            kind,
            was_sent: row.try_get("was_sent")?,
            settling: Duration::try_from_secs_f64(row.try_get("settling")?).unwrap_or_default(),
            events_before: row.try_get("events_before")?,
            number: row
                .try_get::<_, Option<String>>("number")?
                .unwrap_or_default(),
            chorus_id: row.try_get("chorus_id")?,
            comment: row.try_get("comment")?,
            buyer: row.try_get("buyer_identifier")?,
            service: row.try_get("service_code")?,
            commitment: row.try_get("commitment_number")?,
            contract: row.try_get("contract_number")?,
            validator_id_type: row.try_get("validator_id_type")?,
            validator: row.try_get("validator_identifier")?,
        })
    }

    #[cfg(test)]
    pub(super) fn sample(kind: Kind, events_before: Option<i64>) -> Self {
        Self {
            id: 1,
            kind,
            was_sent: events_before.is_some(),
            settling: Duration::ZERO,
            events_before,
            number: "F-1".into(),
            chorus_id: 8_316_845,
            comment: None,
            buyer: Some("12345678200028".into()),
            service: Some("SERVICE_DEST_SERV_OBL".into()),
            commitment: None,
            contract: None,
            validator_id_type: Some("SIRET".into()),
            validator: Some("12345678200036".into()),
        }
    }

    /// The request, with `files` that are at Chorus Pro already.
    pub(super) fn request<'a>(&'a self, files: &'a [File]) -> Request<'a> {
        match self.kind {
            Kind::Complete => Request::Complete(Completer {
                identifiant_facture_cpp: self.chorus_id,
                commentaire: self.comment.as_deref(),
                piece_jointe_complementaire: files
                    .iter()
                    .map(|file| PieceJointe {
                        id: file.chorus_id,
                        designation: &file.designation,
                        kind: &file.kind,
                    })
                    .collect(),
            }),
            Kind::Recycle => Request::Recycle(Recycler {
                identifiant_facture_cpp: self.chorus_id,
                destinataire: Destinataire {
                    code_destinataire: self.buyer.as_deref(),
                    code_service_executant: self.service.as_deref(),
                },
                reference: Reference {
                    numero_bon_commande: self.commitment.as_deref(),
                    numero_marche: self.contract.as_deref(),
                },
                commentaire: self.comment.as_deref(),
            }),
            Kind::TreatRejection => Request::TreatRejection(TraiterRejet {
                liste_demande_paiement: vec![DemandePaiement {
                    id_demande_paiement: self.chorus_id,
                }],
            }),
            Kind::CorrectValidator => Request::CorrectValidator(CorrigerValideur {
                id_facture: self.chorus_id,
                type_identifiant_structure: self.validator_id_type.as_deref().unwrap_or_default(),
                identifiant_structure: self.validator.as_deref().unwrap_or_default(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(word: &str, files: &[File]) -> serde_json::Value {
        match Asked::sample(Kind::of(word).unwrap(), None).request(files) {
            Request::Complete(body) => serde_json::to_value(body).unwrap(),
            Request::Recycle(body) => serde_json::to_value(body).unwrap(),
            Request::TreatRejection(body) => serde_json::to_value(body).unwrap(),
            Request::CorrectValidator(body) => serde_json::to_value(body).unwrap(),
        }
    }

    #[test]
    fn requests_have_the_names_that_chorus_pro_reads() {
        let file = File {
            chorus_id: 10_321_512,
            designation: "PV de réception".into(),
            kind: "02".into(),
        };
        assert_eq!(
            body("complete", &[file]),
            serde_json::json!({"identifiantFactureCPP": 8_316_845, "pieceJointeComplementaire": [{
                "pieceJointeComplementaireId": 10_321_512, "pieceJointeComplementaireDesignation": "PV de réception",
                "pieceJointeComplementaireType": "02"}]})
        );
        assert_eq!(
            body("recycle", &[]),
            serde_json::json!({"identifiantFactureCPP": 8_316_845, "reference": {},
                "destinataire": {"codeDestinataire": "12345678200028", "codeServiceExecutant": "SERVICE_DEST_SERV_OBL"}})
        );
        assert_eq!(
            body("treat_rejection", &[]),
            serde_json::json!({"listeDemandePaiement": [{"idDemandePaiement": 8_316_845}]})
        );
        assert_eq!(
            body("correct_validator", &[]),
            serde_json::json!({"idFacture": 8_316_845, "typeIdentifiantStructure": "SIRET", "identifiantStructure": "12345678200036"})
        );
    }
}
