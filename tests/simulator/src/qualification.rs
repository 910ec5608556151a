//! The fictitious structures of the qualification platform, as its users describe them. The supplier's SIRET and
//! some of the buyers' fail the check digit.

use crate::directory::{IdType, Role, ServiceSpec, StructureSpec};

/// Code of the service of those buyers that require one.
const SERVICE: &str = "SERVICE_DEST_SERV_OBL";

/// One supplier, then five buyers: without requirements, commitment number, service code, both, the State.
pub(crate) fn structures() -> Vec<StructureSpec> {
    let supplier = StructureSpec::new(
        Role::Supplier,
        IdType::Siret,
        "33254021516357",
        "TAA044FOURNISSEUR",
    );
    let buyers = [
        ("12345678200051", "", false),
        ("12345678200036", "", true),
        ("12345678200028", SERVICE, false),
        ("12345678200044", SERVICE, true),
        ("11000201100044", "SFACETAT", false),
    ];
    let buyer = |(siret, service, engagement_required): (&str, &str, bool)| {
        let name = format!("DESTINATAIRE QUALIFICATION {siret}");
        let mut spec = StructureSpec::new(Role::Buyer, IdType::Siret, siret, &name);
        spec.engagement_required = engagement_required;
        spec.service_required = service == SERVICE;
        if !service.is_empty() {
            spec.services = vec![ServiceSpec::new(service, "Service")];
        }
        spec
    };
    [supplier].into_iter().chain(buyers.map(buyer)).collect()
}
