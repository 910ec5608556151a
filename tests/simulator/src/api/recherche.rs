//! Searches over the integrated invoices of the caller's suppliers. Rejected fluxes never show here.

use std::cmp::Ordering;

use super::filter::Filter;
use super::row::{Row, facture, kind, own_rows};
use super::{Refusal, done};
use crate::gateway::Caller;
use crate::invoice::{Invoice, WRONG_VALIDATOR};
use crate::state::World;
use crate::wire::recherche::{
    FactureTrouvee, FacturesATraiter, FacturesTrouvees, Pagination, RechercherATraiter,
    RechercherFournisseur, TriColonne,
};
use crate::wire::{DONE, ParametresRetour, TriSens};

/// Filters, sorts, cuts a page.
pub(super) fn rechercher_fournisseur(
    world: &mut World,
    caller: &Caller,
    request: RechercherFournisseur,
) -> Result<FacturesTrouvees, Refusal> {
    let filter = Filter::new(&request, world);
    let mut found: Vec<Row<'_>> = own_rows(world, caller)
        .filter(|row| filter.keeps(row))
        .collect();
    let paging = request
        .recherche_facture_par_fournisseur
        .as_ref()
        .unwrap_or(&Pagination::FIRST);
    let parametres_retour = page(&mut found, paging);
    let with_size = request.recuperer_taille == Some(true);
    let liste_factures = found.iter().map(|row| facture(world, row, with_size));
    Ok(FacturesTrouvees {
        retour: done(DONE),
        parametres_retour,
        liste_factures: liste_factures.collect(),
    })
}

/// Invoices whose state awaits their supplier. A rejection that was treated awaits nothing.
pub(super) fn rechercher_a_traiter(
    world: &mut World,
    caller: &Caller,
    request: RechercherATraiter,
) -> Result<FacturesATraiter, Refusal> {
    let awaits = |invoice: &Invoice| match invoice.status() {
        "SUSPENDUE" | "A_RECYCLER" => true,
        "REJETEE" => !invoice.rejection_treated && request.masquer_rejetee != Some(true),
        status => WRONG_VALIDATOR.contains(&status),
    };
    let mut found: Vec<Row<'_>> = own_rows(world, caller)
        .filter(|row| awaits(row.invoice))
        .filter(|row| request.id_structure.is_none_or(|id| row.supplier.id == id))
        .collect();
    let paging = request.pagination.as_ref().unwrap_or(&Pagination::FIRST);
    let parametres_retour = page(&mut found, paging);
    let with_size = request.recuperer_taille == Some(true);
    let liste_factures = found.iter().map(|row| FactureTrouvee {
        suite: None,
        ..facture(world, row, with_size)
    });
    Ok(FacturesATraiter {
        retour: done(DONE),
        parametres_retour,
        liste_factures: liste_factures.collect(),
    })
}

/// Sorts, and leaves the page asked for.
fn page(found: &mut Vec<Row<'_>>, paging: &Pagination) -> ParametresRetour {
    let column = paging.tri_colonne.unwrap_or_default();
    found.sort_by(|one, other| {
        compare(one, other, column).then(one.invoice.id.cmp(&other.invoice.id))
    });
    if paging.tri_sens == Some(TriSens::Descendant) {
        found.reverse();
    }
    let (page, described) = paging.page().cut(std::mem::take(found));
    *found = page;
    described
}

fn compare(one: &Row<'_>, other: &Row<'_>, column: TriColonne) -> Ordering {
    match column {
        TriColonne::DateDepot => one.flux.deposited_at.cmp(&other.flux.deposited_at),
        TriColonne::DateFacture => one.cii.issue_date.cmp(&other.cii.issue_date),
        TriColonne::NumeroFacture => one.cii.number.cmp(&other.cii.number),
        TriColonne::NumeroFluxDepot => one.flux.number.cmp(&other.flux.number),
        TriColonne::TypeFacture => kind(one.cii).cmp(&kind(other.cii)),
        TriColonne::Statut => one.invoice.status().cmp(other.invoice.status()),
        TriColonne::CodeDestinataire => one.cii.buyer.code().cmp(&other.cii.buyer.code()),
        TriColonne::CodeFournisseur => one.cii.seller.code().cmp(&other.cii.seller.code()),
        TriColonne::MontantHT => one.cii.totals.net.cmp(&other.cii.totals.net),
        TriColonne::MontantTTC => one.cii.totals.gross.cmp(&other.cii.totals.gross),
        TriColonne::MontantAPayer => one.cii.totals.due.cmp(&other.cii.totals.due),
    }
}
