//! The filters of `rechercher/fournisseur`; all that are given must hold.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::row::{Row, issue_date, kind};
use crate::cii::Cii;
use crate::directory::Directory;
use crate::state::World;
use crate::wire::recherche::{Destinataire, RechercherFournisseur};
use crate::wire::{Amount, Day};

/// The request with its days turned into instants once, not once per invoice.
pub(super) struct Filter<'a> {
    request: &'a RechercherFournisseur,
    directory: &'a Directory,
    deposited: (Option<Timestamp>, Option<Timestamp>),
    moved: (Option<Timestamp>, Option<Timestamp>),
}

impl<'a> Filter<'a> {
    pub(super) fn new(request: &'a RechercherFournisseur, world: &'a World) -> Self {
        let clock = &world.clock;
        let start = |day: Option<Day>| day.and_then(|Day(date)| clock.start_of(date));
        let end = |day: Option<Day>| {
            day.and_then(|Day(date)| date.tomorrow().ok())
                .and_then(|date| clock.start_of(date))
        };
        Self {
            request,
            directory: &world.directory,
            deposited: (
                start(request.periode_date_depot_du),
                end(request.periode_date_depot_au),
            ),
            moved: (
                start(request.periode_date_heure_etat_courant_du),
                end(request.periode_date_heure_etat_courant_au),
            ),
        }
    }

    /// Whether every filter holds.
    pub(super) fn keeps(&self, row: &Row<'_>) -> bool {
        let Self { request, .. } = self;
        let Row {
            invoice,
            flux,
            cii,
            supplier,
        } = row;
        let recipients = request.liste_destinataire.as_deref();
        let statuses = request.statut_courant.as_deref();
        within(Some(flux.deposited_at), self.deposited)
            && within(invoice.current().map(|passage| passage.at), self.moved)
            && request
                .periode_date_facture_du
                .is_none_or(|Day(first)| issue_date(cii) >= Some(first))
            && request
                .periode_date_facture_au
                .is_none_or(|Day(last)| issue_date(cii).is_some_and(|date| date <= last))
            && same(&request.numero_facture, cii.number.as_deref())
            && same(&request.numero_flux_depot, row.flux_number())
            && same(&request.numero_marche, invoice.routing.contract.as_deref())
            && same(
                &request.numero_bon_commande,
                invoice.routing.engagement.as_deref(),
            )
            && same(&request.numero_facture_origine, row.preceding())
            && same(&request.mode_depot, Some(&invoice.deposit_mode))
            && request
                .type_facture
                .is_none_or(|wanted| kind(cii) == wanted)
            && request.id_fournisseur.is_none_or(|id| supplier.id == id)
            && recipients
                .is_none_or(|all| all.is_empty() || all.iter().any(|one| self.is_for(row, one)))
            && statuses
                .is_none_or(|all| all.is_empty() || all.iter().any(|one| one == invoice.status()))
            && request
                .cadre_facturation
                .as_deref()
                .is_none_or(|wanted| framework(wanted) == framework_of(cii))
            && request
                .rejet_traite
                .is_none_or(|treated| invoice.rejection_treated == treated)
            && request
                .id_structure_valideur
                .is_none_or(|id| invoice.validators.contains(&Some(id)))
            && between(
                cii.totals.net,
                request.montant_ht_min,
                request.montant_ht_max,
            )
            && between(
                cii.totals.gross,
                request.montant_ttc_min,
                request.montant_ttc_max,
            )
            && between(
                cii.totals.due,
                request.montant_apayer_min,
                request.montant_apayer_max,
            )
    }
}

impl Filter<'_> {
    /// Whether the invoice goes to that recipient, and to one of its services if any are named.
    fn is_for(&self, row: &Row<'_>, wanted: &Destinataire) -> bool {
        let services = wanted.liste_id_service_executant.as_deref();
        row.invoice.buyer == Some(wanted.id_destinataire)
            && services.is_none_or(|ids| {
                let service = row.service(self.directory);
                ids.is_empty() || service.is_some_and(|(id, _)| ids.contains(&id))
            })
    }
}

fn same(wanted: &Option<String>, actual: Option<&str>) -> bool {
    wanted
        .as_deref()
        .is_none_or(|wanted| actual == Some(wanted))
}

fn within(at: Option<Timestamp>, (from, before): (Option<Timestamp>, Option<Timestamp>)) -> bool {
    from.is_none_or(|from| at.is_some_and(|at| at >= from))
        && before.is_none_or(|before| at.is_some_and(|at| at < before))
}

fn between(value: Option<Decimal>, least: Option<Amount>, most: Option<Amount>) -> bool {
    least.is_none_or(|Amount(least)| value.is_some_and(|value| value >= least))
        && most.is_none_or(|Amount(most)| value.is_some_and(|value| value <= most))
}

/// `A1` of `A1_FACTURE_FOURNISSEUR`.
fn framework(name: &str) -> &str {
    name.split_once('_').map_or(name, |(code, _)| code)
}

/// Without a framework an invoice counts as A1.
fn framework_of(cii: &Cii) -> &str {
    cii.framework.as_deref().unwrap_or("A1")
}
