//! Searches, all pages of them: without asking, Chorus Pro gives ten results and keeps quiet about the rest.

use super::{Failure, Work};
use crate::{
    chorus::{
        answer::unreadable,
        error::{ApiError, Operation},
        wire::{Facture, FacturesTrouvees, PageDemandee, RechercherFournisseur},
    },
    credential::Account,
};

/// A search that has not ended here is a fault of the other side.
const MOST_PAGES: u32 = 10_000;

/// One page of the invoices that `criteria` find, and whether another follows.
///
/// That nothing is found has consequences, up to another deposit: an answer has to say so.
pub(super) async fn page(
    work: &mut Work<'_>,
    account: &Account,
    criteria: &RechercherFournisseur<'_>,
    number: u32,
) -> Result<(Vec<Facture>, bool), Failure> {
    let size = work.tools.settings.page_size;
    let request = RechercherFournisseur {
        id_fournisseur: criteria.id_fournisseur,
        numero_facture: criteria.numero_facture,
        numero_flux_depot: criteria.numero_flux_depot,
        periode_date_depot_du: criteria.periode_date_depot_du.clone(),
        periode_date_heure_etat_courant_du: criteria.periode_date_heure_etat_courant_du.clone(),
        page: PageDemandee {
            nb_resultats_par_page: size,
            page_resultat_demandee: number,
            tri_colonne: "DateDepot",
            tri_sens: "Ascendant",
        },
    };
    let found: FacturesTrouvees = work
        .ask(Operation::RechercherFournisseur, account, &request)
        .await?;
    let (pages, total) = found
        .parametres_retour
        .map_or((None, None), |place| (place.pages, place.total));
    let invoices = match (found.liste_factures, total) {
        (None, Some(0)) => Vec::new(),
        (Some(invoices), None | Some(0)) => invoices,
        // A later page may have become empty meanwhile; the first is not while there is something.
        (Some(invoices), Some(_)) if number > 1 || !invoices.is_empty() => invoices,
        _ => {
            return Err(ApiError {
                text: Some(
                    "it does not say what was found, and is not taken for an empty result".into(),
                ),
                ..unreadable(Operation::RechercherFournisseur, 200)
            }
            .into());
        }
    };
    let more = match pages {
        Some(pages) => number < pages,
        // Nothing said about pages: a full one may have a successor.
        None => invoices.len() >= size as usize,
    };
    Ok((invoices, more && number < MOST_PAGES))
}

/// All invoices that `criteria` find.
pub(super) async fn all(
    work: &mut Work<'_>,
    account: &Account,
    criteria: &RechercherFournisseur<'_>,
) -> Result<Vec<Facture>, Failure> {
    let (mut found, mut number) = (Vec::new(), 1);
    loop {
        let (mut invoices, more) = page(work, account, criteria, number).await?;
        found.append(&mut invoices);
        if !more {
            return Ok(found);
        }
        number += 1;
    }
}
