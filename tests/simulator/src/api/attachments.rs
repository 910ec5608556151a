//! `ajouter/fichier`: a file to refer to later.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Refusal, done};
use crate::attachment::{LONGEST_NAME, Upload, cut, extension_is_taken};
use crate::config::LongAttachmentName;
use crate::gateway::Caller;
use crate::state::World;
use crate::text::hex;
use crate::wire::DONE;
use crate::wire::transverses::{AjouterFichier, FichierAjoute};

/// Checks the file and keeps its description.
pub(super) fn ajouter_fichier(
    world: &mut World,
    caller: &Caller,
    request: AjouterFichier,
) -> Result<FichierAjoute, Refusal> {
    let name = given(request.piece_jointe_nom, "pieceJointeNom")?;
    let extension = given(request.piece_jointe_extension, "pieceJointeExtension")?;
    let mime_type = given(request.piece_jointe_type_mime, "pieceJointeTypeMime")?;
    let content = given(request.piece_jointe_fichier, "pieceJointeFichier")?;
    let name = fitting(world, name)?;
    if !extension_is_taken(extension.trim_start_matches('.')) {
        let label = format!("L'extension {extension} n'est pas acceptee.");
        return Err(Refusal::new(20002, label));
    }
    let Ok(bytes) = STANDARD.decode(content) else {
        let label = "Le champ pieceJointeFichier n'est pas en base64.";
        return Err(Refusal::new(20001, label));
    };
    if bytes.len() > world.settings.max_attachment_bytes {
        return Err(Refusal::new(
            20003,
            "La taille de la piece jointe depasse la limite.",
        ));
    }
    let (at, login) = (world.clock.now(), caller.login.clone());
    let piece_jointe_id = world.keep_upload(|id| Upload {
        id,
        at,
        login,
        name,
        mime_type,
        size: bytes.len(),
        sha256: hex(&Sha256::digest(&bytes)),
    });
    Ok(FichierAjoute {
        retour: done(DONE),
        piece_jointe_id,
    })
}

fn given(value: Option<String>, field: &str) -> Result<String, Refusal> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Refusal::new(20000, format!("Le champ {field} est obligatoire.")))
}

/// The name if it is short enough; a longer one is cut or refused, as the settings say.
fn fitting(world: &World, name: String) -> Result<String, Refusal> {
    if name.chars().count() <= LONGEST_NAME {
        return Ok(name);
    }
    match world.settings.long_attachment_name {
        LongAttachmentName::Truncate => Ok(cut(&name)),
        LongAttachmentName::Refuse => Err(Refusal {
            status: Some(StatusCode::BAD_REQUEST),
            ..Refusal::new(
                20004,
                "Le champ pieceJointeNom ne doit pas depasser 50 caracteres.",
            )
        }),
    }
}
