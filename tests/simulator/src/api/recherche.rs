//! Search over the integrated invoices of the caller's suppliers. Rejected fluxes never show here.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::factures::MODE_DEPOT;
use super::{Refusal, done};
use crate::cii::Cii;
use crate::clock::Clock;
use crate::directory::Structure;
use crate::flux::Flux;
use crate::gateway::Caller;
use crate::invoice::Invoice;
use crate::state::World;
use crate::wire::recherche::{
    FactureTrouvee, FacturesTrouvees, RechercherFournisseur, TriColonne, TypeFacture,
};
use crate::wire::{Amount, DONE, Day, TriSens};

/// An invoice with what belongs to it.
struct Row<'a> {
    invoice: &'a Invoice,
    flux: &'a Flux,
    cii: &'a Cii,
    supplier: &'a Structure,
}

/// Filters, sorts, cuts a page.
pub(super) fn rechercher_fournisseur(
    world: &mut World,
    caller: &Caller,
    request: RechercherFournisseur,
) -> Result<FacturesTrouvees, Refusal> {
    let filter = Filter::new(&request, &world.clock);
    let rows = world
        .invoices
        .iter()
        .filter_map(|invoice| row(world, invoice));
    let mine = rows.filter(|row| world.directory.attached(&caller.login, row.supplier));
    let mut found: Vec<Row<'_>> = mine.filter(|row| filter.keeps(row)).collect();
    let paging = request
        .recherche_facture_par_fournisseur
        .unwrap_or_default();
    let column = paging.tri_colonne.unwrap_or_default();
    found.sort_by(|one, other| {
        compare(one, other, column).then(one.invoice.id.cmp(&other.invoice.id))
    });
    if paging.tri_sens == Some(TriSens::Descendant) {
        found.reverse();
    }
    let (found, parametres_retour) = paging.page().cut(found);
    let liste_factures = found.iter().map(|row| facture(world, row)).collect();
    Ok(FacturesTrouvees {
        retour: done(DONE),
        parametres_retour,
        liste_factures,
    })
}

fn row<'a>(world: &'a World, invoice: &'a Invoice) -> Option<Row<'a>> {
    let flux = world.fluxes.get(invoice.flux)?;
    let supplier = world.directory.by_id(invoice.supplier?)?;
    Some(Row {
        invoice,
        flux,
        cii: flux.cii()?,
        supplier,
    })
}

/// The request with its days turned into instants once, not once per invoice.
struct Filter<'a> {
    request: &'a RechercherFournisseur,
    deposited: (Option<Timestamp>, Option<Timestamp>),
    moved: (Option<Timestamp>, Option<Timestamp>),
}

impl<'a> Filter<'a> {
    fn new(request: &'a RechercherFournisseur, clock: &Clock) -> Self {
        let start = |day: Option<Day>| day.and_then(|Day(date)| clock.start_of(date));
        let end = |day: Option<Day>| {
            day.and_then(|Day(date)| date.tomorrow().ok())
                .and_then(|date| clock.start_of(date))
        };
        Self {
            request,
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

    fn keeps(&self, row: &Row<'_>) -> bool {
        let Self { request, .. } = self;
        let Row {
            invoice,
            flux,
            cii,
            supplier,
        } = row;
        let date = issue_date(cii);
        let recipients = request.liste_destinataire.as_deref();
        let statuses = request.statut_courant.as_deref();
        within(Some(flux.deposited_at), self.deposited)
            && within(invoice.current().map(|passage| passage.at), self.moved)
            && request.periode_date_facture_du.is_none_or(|Day(first)| date >= Some(first))
            && request.periode_date_facture_au.is_none_or(|Day(last)| date.is_some_and(|date| date <= last))
            && same(&request.numero_facture, cii.number.as_deref())
            && same(&request.numero_flux_depot, Some(&flux.number))
            && same(&request.numero_marche, cii.contract.as_deref())
            && same(&request.numero_bon_commande, cii.engagement.as_deref())
            && same(&request.mode_depot, Some(MODE_DEPOT))
            && request.type_facture.is_none_or(|wanted| kind(cii) == wanted)
            && request.id_fournisseur.is_none_or(|id| supplier.id == id)
            && recipients.is_none_or(|all| all.is_empty() || all.iter().any(|one| invoice.buyer == Some(one.id_destinataire)))
            && statuses.is_none_or(|all| all.is_empty() || all.iter().any(|one| one == invoice.status()))
            && request.cadre_facturation.as_deref().is_none_or(|wanted| framework(wanted) == framework_of(cii))
            // No operation that marks a rejection as treated is simulated.
            && request.rejet_traite != Some(true)
            && between(cii.totals.net, request.montant_ht_min, request.montant_ht_max)
            && between(cii.totals.gross, request.montant_ttc_min, request.montant_ttc_max)
            && between(cii.totals.due, request.montant_apayer_min, request.montant_apayer_max)
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

fn issue_date(cii: &Cii) -> Option<Date> {
    Date::strptime("%Y%m%d", &cii.issue_date.as_ref()?.0).ok()
}

fn kind(cii: &Cii) -> TypeFacture {
    match cii.type_code.as_deref() {
        Some("381") => TypeFacture::Avoir,
        Some("386") => TypeFacture::Acompte,
        _ => TypeFacture::Facture,
    }
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

fn facture(world: &World, row: &Row<'_>) -> FactureTrouvee {
    let Row {
        invoice,
        flux,
        cii,
        supplier,
    } = row;
    let buyer = invoice.buyer.and_then(|id| world.directory.by_id(id));
    let service = cii
        .service_code
        .as_deref()
        .and_then(|code| buyer?.service(code));
    let current = invoice.current();
    FactureTrouvee {
        identifiant_facture_cpp: invoice.id,
        type_demande_paiement: "FACTURE".into(),
        code_fournisseur: cii.seller.code().map(str::to_owned),
        type_identifiant_fournisseur: Some(supplier.spec.id_type),
        designation_fournisseur: Some(supplier.name().into()),
        id_destinataire: invoice.buyer,
        code_destinataire: cii.buyer.code().map(str::to_owned),
        designation_destinataire: buyer.map(|buyer| buyer.name().into()),
        code_service_executant: cii.service_code.clone(),
        nom_service_executant: service.map(|service| service.name.clone()),
        type_facture: kind(cii),
        numero_facture: cii.number.clone(),
        numero_facture_origine: cii.preceding.first().cloned().flatten(),
        date_facture: issue_date(cii).map(|date| date.to_string()),
        date_depot: world.clock.day(flux.deposited_at),
        montant_ht: cii.totals.net.map(Amount),
        montant_ttc: cii.totals.gross.map(Amount),
        montant_a_payer: cii.totals.due.map(Amount),
        devise: cii.currency.clone(),
        statut: invoice.status().into(),
        numero_marche: cii.contract.clone(),
        numero_bon_commande: cii.engagement.clone(),
        numero_flux_depot: flux.number.clone(),
        mode_depot: MODE_DEPOT.into(),
        date_heure_etat_courant: current.map(|passage| world.clock.instant(passage.at)),
        commentaire_etat_courant: current.and_then(|passage| passage.comment.clone()),
        rejet_traite: false,
    }
}
