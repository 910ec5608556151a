//! Integrated invoices as the control API shows them: what a client's tables are compared with.

use serde::{Deserialize, Serialize};

use crate::directory::Structure;
use crate::invoice::{BY_API, Invoice};
use crate::state::World;

/// An integrated invoice with all that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRecord {
    /// `identifiantFactureCPP`.
    pub id: i64,
    /// BT-1.
    pub number: Option<String>,
    /// Supplier's identifier.
    pub supplier: Option<String>,
    /// Identifier of the buyer that it goes to now.
    pub buyer: Option<String>,
    /// `codeServiceExecutant` now.
    pub service_code: Option<String>,
    /// `numeroBonCommande` now.
    pub engagement: Option<String>,
    /// `numeroMarche` now.
    pub contract: Option<String>,
    /// `modeDepot`.
    pub deposit_mode: String,
    /// `numeroFluxDepot`, when it came by the API.
    pub flux_number: Option<String>,
    /// Current status.
    pub status: String,
    /// `rejetTraite`.
    pub rejection_treated: bool,
    /// Identifiers of the validators named in corrections: first, second.
    pub validators: [Option<String>; 2],
    /// Every passage of a status, oldest first.
    pub events: Vec<StatusRecord>,
    /// Codes of the actions of the supplier's users, oldest first.
    pub user_actions: Vec<String>,
}

/// One passage of a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusRecord {
    /// `histoStatutId`.
    pub id: i64,
    /// `histoStatutCode`.
    pub status: String,
    /// Time, ISO 8601 in Paris.
    pub at: String,
    /// `histoStatutCommentaire`.
    pub comment: Option<String>,
}

impl World {
    /// Every integrated invoice, in the order of integration.
    pub(crate) fn records(&self) -> Vec<InvoiceRecord> {
        self.invoices
            .iter()
            .map(|invoice| self.record(invoice))
            .collect()
    }

    fn record(&self, invoice: &Invoice) -> InvoiceRecord {
        let identifier = |id: Option<i64>| {
            let structure: Option<&Structure> = id.and_then(|id| self.directory.by_id(id));
            structure.map(|structure| structure.spec.identifier.clone())
        };
        let flux = self.fluxes.get(invoice.flux);
        let events = invoice.history().iter().map(|passage| StatusRecord {
            id: passage.id,
            status: passage.status.clone(),
            at: self.clock.instant(passage.at),
            comment: passage.comment.clone(),
        });
        let user_actions = invoice.actions().iter().map(|action| action.code.clone());
        InvoiceRecord {
            id: invoice.id,
            number: flux.and_then(|flux| flux.cii()?.number.clone()),
            supplier: identifier(invoice.supplier),
            buyer: identifier(invoice.buyer),
            service_code: invoice.routing.service_code.clone(),
            engagement: invoice.routing.engagement.clone(),
            contract: invoice.routing.contract.clone(),
            deposit_mode: invoice.deposit_mode.clone(),
            flux_number: flux
                .filter(|_| invoice.deposit_mode == BY_API)
                .map(|flux| flux.number.clone()),
            status: invoice.status().into(),
            rejection_treated: invoice.rejection_treated,
            validators: invoice.validators.map(identifier),
            events: events.collect(),
            user_actions: user_actions.collect(),
        }
    }
}
