//! `deposer/flux`: the envelope is checked and answered at once, its content later.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Refusal, done};
use crate::gateway::Caller;
use crate::ledger::Receipt;
use crate::state::World;
use crate::text::hex;
use crate::wire::DONE;
use crate::wire::factures::{DeposerFlux, FluxDepose, SyntaxeFlux};

/// Longest file name, in characters.
const LONGEST_NAME: usize = 200;

/// Writes every request into the ledger, refused ones included.
pub(super) fn deposer_flux(
    world: &mut World,
    caller: &Caller,
    request: DeposerFlux,
) -> Result<FluxDepose, Refusal> {
    let decoded = STANDARD
        .decode(request.fichier_flux.as_deref().unwrap_or_default())
        .ok();
    let problem = envelope_problem(world, &request, decoded.as_deref());
    let bytes = decoded.unwrap_or_default();
    let file_name = request.nom_fichier.unwrap_or_default();
    let flux = problem
        .is_none()
        .then(|| world.accept(&caller.login, file_name.clone(), &bytes));
    let (return_code, label) =
        problem.map_or((0, DONE.into()), |refusal| (refusal.code, refusal.label));
    let now = world.clock.now();
    world.receipts.push(Receipt {
        at: now,
        login: caller.login.clone(),
        file_name,
        syntax: request
            .syntaxe_flux
            .map_or_else(String::new, SyntaxeFlux::name),
        size: bytes.len(),
        sha256: hex(&Sha256::digest(&bytes)),
        return_code,
        label: label.clone(),
        flux,
    });
    let flux = flux
        .and_then(|index| world.fluxes.get(index))
        .ok_or_else(|| Refusal::new(return_code, label))?;
    Ok(FluxDepose {
        retour: done(DONE),
        numero_flux_depot: flux.number.clone(),
        date_depot: world.clock.day(now),
        syntaxe_flux: SyntaxeFlux::IN_DP_E1_CII_16B,
    })
}

/// What Chorus Pro refuses at once: missing parameters, size, extension.
fn envelope_problem(
    world: &World,
    request: &DeposerFlux,
    decoded: Option<&[u8]>,
) -> Option<Refusal> {
    let missing = [
        (
            "fichierFlux",
            request.fichier_flux.as_ref().is_none_or(String::is_empty),
        ),
        (
            "nomFichier",
            request.nom_fichier.as_ref().is_none_or(String::is_empty),
        ),
        ("syntaxeFlux", request.syntaxe_flux.is_none()),
        ("avecSignature", request.avec_signature.is_none()),
    ];
    if let Some((field, _)) = missing.iter().find(|(_, missing)| *missing) {
        return Some(Refusal::new(
            20000,
            format!("Le champ {field} est obligatoire."),
        ));
    }
    let Some(bytes) = decoded else {
        return Some(Refusal::new(
            20000,
            "Le champ fichierFlux n'est pas en base64.",
        ));
    };
    if bytes.len() > world.settings.max_file_bytes {
        return Some(Refusal::new(20001, "GDP_MSG_11.022"));
    }
    let name = request.nom_fichier.as_deref().unwrap_or_default();
    if name.chars().count() > LONGEST_NAME || !name.to_ascii_lowercase().ends_with(".xml") {
        return Some(Refusal::new(
            20000,
            "Le champ nomFichier doit finir par .xml et ne pas depasser 200 caracteres.",
        ));
    }
    if request.syntaxe_flux != Some(SyntaxeFlux::IN_DP_E1_CII_16B)
        || request.avec_signature == Some(true)
    {
        return Some(Refusal::new(
            20000,
            "Le simulateur ne lit que la syntaxe IN_DP_E1_CII_16B sans signature.",
        ));
    }
    None
}
