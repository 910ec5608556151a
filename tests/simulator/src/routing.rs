//! Where an invoice goes: the fields that lead it to a buyer's service, and what a buyer asks of them.

use crate::cii::Cii;
use crate::directory::Structure;

const AGREEMENT: &str = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement";
/// The one service of State structures that private suppliers must not name.
const NOT_FOR_PRIVATE_SUPPLIERS: &str = "FACTURES_PUBLIQUES";

/// Routing fields of an invoice. They start as its content has them; recycling changes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Routing {
    /// BT-10.
    pub(crate) service_code: Option<String>,
    /// BT-13.
    pub(crate) engagement: Option<String>,
    /// BT-12.
    pub(crate) contract: Option<String>,
}

/// What is wrong with a routing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misrouting {
    TooLong { path: String, limit: usize },
    ServiceUnknown,
    ServiceMissing,
    EngagementMissing,
    BothMissing,
    ReservedService,
    WorksOnly,
}

impl Routing {
    pub(crate) fn of(cii: &Cii) -> Self {
        Self {
            service_code: cii.service_code.clone(),
            engagement: cii.engagement.clone(),
            contract: cii.contract.clone(),
        }
    }

    /// Everything that keeps the buyer from receiving the invoice, in a fixed order.
    pub(crate) fn problems(&self, buyer: &Structure) -> Vec<Misrouting> {
        let mut problems = self.too_long();
        let service = self.service_code.as_deref().map(|code| buyer.service(code));
        let named = service.is_some();
        // A contract number may stand in for the engagement number.
        let engaged = self.engagement.is_some() || self.contract.is_some();
        let wanted_by_service = service.flatten().is_some_and(|one| one.engagement_required);
        let engagement_required = buyer.spec.engagement_required || wanted_by_service;
        let reserved = self.service_code.as_deref() == Some(NOT_FOR_PRIVATE_SUPPLIERS);
        let found = [
            (reserved, Misrouting::ReservedService),
            (
                !reserved && matches!(service, Some(None)),
                Misrouting::ServiceUnknown,
            ),
            (
                buyer.spec.service_required && !named,
                Misrouting::ServiceMissing,
            ),
            (
                engagement_required && !engaged,
                Misrouting::EngagementMissing,
            ),
            (
                buyer.spec.service_or_engagement && !named && !engaged,
                Misrouting::BothMissing,
            ),
            (buyer.spec.works_only, Misrouting::WorksOnly),
        ];
        problems.extend(found.into_iter().filter(|(is, _)| *is).map(|(_, it)| it));
        problems
    }

    fn too_long(&self) -> Vec<Misrouting> {
        let fields = [
            (&self.service_code, service_path(), 100),
            (&self.engagement, engagement_path(), 50),
            (
                &self.contract,
                format!("{AGREEMENT}.ContractReferencedDocument.IssuerAssignedID.value"),
                50,
            ),
        ];
        let too_long = |value: &Option<String>, limit: usize| {
            value
                .as_ref()
                .is_some_and(|value| value.chars().count() > limit)
        };
        fields
            .into_iter()
            .filter(|(value, _, limit)| too_long(value, *limit))
            .map(|(_, path, limit)| Misrouting::TooLong { path, limit })
            .collect()
    }
}

impl Misrouting {
    /// The sentence of a flux report.
    pub(crate) fn sentence(&self) -> String {
        let (service, engagement) = (service_path(), engagement_path());
        match self {
            Self::TooLong { path, limit } => {
                format!("Le champ {path} ne doit pas depasser {limit} caracteres")
            }
            Self::ServiceUnknown => {
                format!("Le code service ({service}) est inconnu ou inactif pour ce destinataire.")
            }
            Self::ServiceMissing => {
                format!("Le code service ({service}) est obligatoire pour ce destinataire.")
            }
            Self::EngagementMissing => format!(
                "Le numero d'engagement juridique ({engagement}) est obligatoire pour ce destinataire."
            ),
            Self::BothMissing => format!(
                "Le code service ({service}) ou le numero d'engagement juridique ({engagement}) est obligatoire pour ce destinataire."
            ),
            Self::ReservedService => format!(
                "Le code service ({service}) n'est pas utilisable par un fournisseur prive."
            ),
            Self::WorksOnly => format!(
                "Ce destinataire ({AGREEMENT}.BuyerTradeParty) ne recoit que des factures de travaux."
            ),
        }
    }
}

fn service_path() -> String {
    format!("{AGREEMENT}.BuyerReference.value")
}

fn engagement_path() -> String {
    format!("{AGREEMENT}.BuyerOrderReferencedDocument.IssuerAssignedID.value")
}
