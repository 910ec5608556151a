//! Search over the integrated invoices of the caller's suppliers. Rejected fluxes never show here.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Refusal, done};
use crate::cii::Cii;
use crate::directory::{Directory, ServiceSpec, Structure};
use crate::flux::Flux;
use crate::gateway::Caller;
use crate::invoice::{BY_API, Invoice, WRONG_VALIDATOR};
use crate::state::World;
use crate::wire::recherche::{
    Destinataire, FactureTrouvee, FacturesATraiter, FacturesTrouvees, Pagination,
    RechercherATraiter, RechercherFournisseur, TriColonne, TypeFacture,
};
use crate::wire::{Amount, DONE, Day, ParametresRetour, TriSens};

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
    let liste_factures = found
        .iter()
        .map(|row| facture(world, row, with_size).into());
    Ok(FacturesATraiter {
        retour: done(DONE),
        parametres_retour,
        liste_factures: liste_factures.collect(),
    })
}

/// Invoices of the caller's suppliers.
fn own_rows<'a>(world: &'a World, caller: &'a Caller) -> impl Iterator<Item = Row<'a>> {
    world
        .invoices
        .iter()
        .filter_map(|invoice| row(world, invoice))
        .filter(|row| world.directory.attached(&caller.login, row.supplier))
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
    directory: &'a Directory,
    deposited: (Option<Timestamp>, Option<Timestamp>),
    moved: (Option<Timestamp>, Option<Timestamp>),
}

impl<'a> Filter<'a> {
    fn new(request: &'a RechercherFournisseur, world: &'a World) -> Self {
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

    fn keeps(&self, row: &Row<'_>) -> bool {
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

impl<'a> Row<'a> {
    /// Only what came by the API shows its flux.
    fn flux_number(&self) -> Option<&'a str> {
        (self.invoice.deposit_mode == BY_API).then_some(&self.flux.number)
    }

    /// BT-25.
    fn preceding(&self) -> Option<&'a str> {
        self.cii.preceding.first()?.as_deref()
    }

    /// The service it goes to, active or not.
    fn service<'d>(&self, directory: &'d Directory) -> Option<(i64, &'d ServiceSpec)> {
        let code = self.invoice.routing.service_code.as_deref()?;
        let buyer = directory.by_id(self.invoice.buyer?)?;
        buyer.services().find(|(_, service)| service.code == code)
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

fn facture(world: &World, row: &Row<'_>, with_size: bool) -> FactureTrouvee {
    let Row {
        invoice,
        flux,
        cii,
        supplier,
    } = row;
    let structure = |id: Option<i64>| id.and_then(|id| world.directory.by_id(id));
    let buyer = structure(invoice.buyer);
    let service = row.service(&world.directory);
    let current = invoice.current();
    let [validator1, validator2] = invoice.validators.map(structure);
    let kind_of = |structure: Option<&Structure>| structure.map(|one| one.spec.id_type);
    let code_of = |structure: Option<&Structure>| structure.map(|one| one.spec.identifier.clone());
    let name_of = |structure: Option<&Structure>| structure.map(|one| one.name().to_owned());
    FactureTrouvee {
        identifiant_facture_cpp: invoice.id,
        type_demande_paiement: "FACTURE".into(),
        code_fournisseur: cii.seller.code().map(str::to_owned),
        type_identifiant_fournisseur: Some(supplier.spec.id_type),
        designation_fournisseur: Some(supplier.name().into()),
        id_destinataire: invoice.buyer,
        code_destinataire: code_of(buyer).or_else(|| cii.buyer.code().map(str::to_owned)),
        designation_destinataire: name_of(buyer),
        id_service_executant: service.map(|(id, _)| id),
        code_service_executant: invoice.routing.service_code.clone(),
        nom_service_executant: service.map(|(_, service)| service.name.clone()),
        type_facture: kind(cii),
        numero_facture: cii.number.clone(),
        numero_facture_origine: row.preceding().map(str::to_owned),
        date_facture: issue_date(cii).map(|date| date.to_string()),
        date_depot: world.clock.day(flux.deposited_at),
        montant_ht: cii.totals.net.map(Amount),
        montant_ttc: cii.totals.gross.map(Amount),
        montant_a_payer: cii.totals.due.map(Amount),
        devise: cii.currency.clone(),
        statut: invoice.status().into(),
        numero_marche: invoice.routing.contract.clone(),
        numero_bon_commande: invoice.routing.engagement.clone(),
        numero_flux_depot: row.flux_number().map(str::to_owned),
        type_identifiant_valideur1: kind_of(validator1),
        code_valideur1: code_of(validator1),
        raison_sociale_valideur1: name_of(validator1),
        type_identifiant_valideur2: kind_of(validator2),
        code_valideur2: code_of(validator2),
        raison_sociale_valideur2: name_of(validator2),
        mode_depot: invoice.deposit_mode.clone(),
        taille: with_size.then_some(flux.size),
        date_heure_etat_courant: current.map(|passage| world.clock.instant(passage.at)),
        commentaire_etat_courant: current.and_then(|passage| passage.comment.clone()),
        rejet_traite: invoice.rejection_treated,
    }
}
