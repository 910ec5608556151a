//! The files that complete an invoice: each is stored at Chorus Pro first, and known there by a number from then on.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work, request::Asked, write};
use crate::{
    chorus::{
        answer::unreadable,
        error::Operation,
        wire::{AjouterFichier, FichierAjoute},
    },
    credential::Account,
    database::DatabaseError,
};

const FILES: &str = "
SELECT a.id, a.name, a.mime, coalesce(a.designation, a.name) AS designation, a.type, a.chorus_id
FROM chorus.action_attachment l JOIN chorus.attachment a ON a.id = l.attachment_id WHERE l.action_id = $1 ORDER BY a.id";

const CONTENT: &str = "SELECT content FROM chorus.attachment WHERE id = $1";

// Stored twice, where the answer to the first was lost: the one that nobody names does no harm.
const STORED: &str = "
UPDATE chorus.attachment a SET chorus_id = $4, uploaded_at = now()
FROM chorus.task t WHERE t.id = $1 AND t.lease = $2 AND a.id = $3";

/// A file at Chorus Pro.
#[derive(Debug)]
pub(super) struct File {
    /// `pieceJointeId`.
    pub chorus_id: i64,
    /// What it is, in words.
    pub designation: String,
    /// Its kind, a code of `typespj`.
    pub kind: String,
}

/// Stores the files of `asked` that are not there yet.
pub(super) async fn all(
    work: &mut Work<'_>,
    account: &Account,
    asked: &Asked,
) -> Result<Vec<File>, Failure> {
    let rows = work
        .database()
        .await?
        .query_typed(FILES, &[(&asked.id, Type::INT8)])
        .await
        .map_err(DatabaseError::from)?;
    let mut files = Vec::with_capacity(rows.len());
    for row in rows {
        let text = |column| {
            row.try_get::<_, String>(column)
                .map_err(DatabaseError::from)
        };
        let known: Option<i64> = row.try_get("chorus_id").map_err(DatabaseError::from)?;
        let chorus_id = match known {
            Some(id) => id,
            None => {
                let id = row.try_get("id").map_err(DatabaseError::from)?;
                store(work, account, id, &text("name")?, &text("mime")?).await?
            }
        };
        files.push(File {
            chorus_id,
            designation: text("designation")?,
            kind: text("type")?,
        });
    }
    Ok(files)
}

async fn store(
    work: &mut Work<'_>,
    account: &Account,
    id: i64,
    name: &str,
    mime: &str,
) -> Result<i64, Failure> {
    let row = work
        .database()
        .await?
        .query_typed_one(CONTENT, &[(&id, Type::INT8)])
        .await
        .map_err(DatabaseError::from)?;
    let content: &[u8] = row.try_get(0).map_err(DatabaseError::from)?;
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_uppercase());
    let request = AjouterFichier {
        piece_jointe_nom: name,
        piece_jointe_extension: &extension.unwrap_or_default(),
        piece_jointe_type_mime: mime,
        piece_jointe_fichier: &STANDARD.encode(content),
    };
    // Each of several may take long.
    work.extend().await?;
    let operation = Operation::AjouterFichier;
    let stored: FichierAjoute = work.ask(operation, account, &request).await?;
    let Some(chorus_id) = stored.piece_jointe_id else {
        return Err(unreadable(operation, 200).into());
    };
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&id, Type::INT8), (&chorus_id, Type::INT8)];
    write(work, "stored", STORED, &parameters).await?;
    tracing::info!(attachment = id, chorus_id, "attachment stored");
    Ok(chorus_id)
}
