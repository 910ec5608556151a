//! An integrated invoice as searches answer with it.

use jiff::civil::Date;

use crate::cii::Cii;
use crate::directory::{Directory, ServiceSpec, Structure};
use crate::flux::Flux;
use crate::gateway::Caller;
use crate::invoice::{BY_API, Invoice};
use crate::state::World;
use crate::wire::Amount;
use crate::wire::recherche::{FactureTrouvee, Suite, TypeFacture};

/// An invoice with what belongs to it.
pub(super) struct Row<'a> {
    pub(super) invoice: &'a Invoice,
    pub(super) flux: &'a Flux,
    pub(super) cii: &'a Cii,
    pub(super) supplier: &'a Structure,
}

/// Invoices of the caller's suppliers.
pub(super) fn own_rows<'a>(world: &'a World, caller: &'a Caller) -> impl Iterator<Item = Row<'a>> {
    world
        .invoices
        .iter()
        .filter_map(|invoice| row(world, invoice))
        .filter(|row| world.directory.attached(&caller.login, row.supplier))
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

impl<'a> Row<'a> {
    /// Only what came by the API shows its flux.
    pub(super) fn flux_number(&self) -> Option<&'a str> {
        (self.invoice.deposit_mode == BY_API).then_some(&self.flux.number)
    }

    /// BT-25.
    pub(super) fn preceding(&self) -> Option<&'a str> {
        self.cii.preceding.first()?.as_deref()
    }

    /// The service it goes to, active or not.
    pub(super) fn service<'d>(&self, directory: &'d Directory) -> Option<(i64, &'d ServiceSpec)> {
        let code = self.invoice.routing.service_code.as_deref()?;
        let buyer = directory.by_id(self.invoice.buyer?)?;
        buyer.services().find(|(_, service)| service.code == code)
    }
}

/// BT-2.
pub(super) fn issue_date(cii: &Cii) -> Option<Date> {
    Date::strptime("%Y%m%d", &cii.issue_date.as_ref()?.0).ok()
}

/// From BT-3.
pub(super) fn kind(cii: &Cii) -> TypeFacture {
    match cii.type_code.as_deref() {
        Some("381") => TypeFacture::Avoir,
        Some("386") => TypeFacture::Acompte,
        _ => TypeFacture::Facture,
    }
}

/// The answer's row, with its size when that was asked for.
pub(super) fn facture(world: &World, row: &Row<'_>, with_size: bool) -> FactureTrouvee {
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
        date_facture: issue_date(cii).map(|date| date.to_string()),
        date_depot: world.clock.day(flux.deposited_at),
        montant_ht: cii.totals.net.map(Amount),
        montant_ttc: cii.totals.gross.map(Amount),
        montant_a_payer: cii.totals.due.map(Amount),
        devise: cii.currency.clone(),
        statut: invoice.status().into(),
        numero_marche: invoice.routing.contract.clone(),
        numero_bon_commande: invoice.routing.engagement.clone(),
        taille: with_size.then_some(flux.size),
        suite: Some(Suite {
            numero_facture_origine: row.preceding().map(str::to_owned),
            numero_flux_depot: row.flux_number().map(str::to_owned),
            type_identifiant_valideur1: kind_of(validator1),
            code_valideur1: code_of(validator1),
            raison_sociale_valideur1: name_of(validator1),
            type_identifiant_valideur2: kind_of(validator2),
            code_valideur2: code_of(validator2),
            raison_sociale_valideur2: name_of(validator2),
            mode_depot: invoice.deposit_mode.clone(),
            date_heure_etat_courant: current.map(|passage| world.clock.instant(passage.at)),
            commentaire_etat_courant: current.and_then(|passage| passage.comment.clone()),
            rejet_traite: invoice.rejection_treated,
        }),
    }
}
