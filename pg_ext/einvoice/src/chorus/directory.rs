//! What the directory of Chorus Pro says of a buyer, and whether an invoice gives what that buyer asks for.
//!
//! What the directory does not say is never taken for a yes: it is a finding of its own.

mod answer;
mod rules;

use std::fmt::Write as _;

use super::Framework;
use crate::en16931::{Invoice, Locate, Site, Text};
use crate::finding::Term::{self, Bt};
use crate::finding::{Finding, Rule};

pub use answer::{Requirements, Service, ServiceRequirements, Services, Structure};
pub(crate) use rules::ALL;

/// The one service of State structures that private suppliers must not name.
const PUBLIC_ONLY: &str = "FACTURES_PUBLIQUES";
/// Services that a hint lists.
const LISTED: usize = 20;

/// The answers of the directory about one buyer. What was not asked is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// The buyer.
    pub structure: Option<Structure>,
    /// Its services.
    pub services: Option<Services>,
}

/// Adds a finding for each requirement of the buyer that the invoice does not meet, and for each that is not known.
pub(crate) fn check(
    invoice: &Invoice<'_>,
    directory: &Directory,
    locate: &dyn Locate,
    findings: &mut Vec<Finding>,
) {
    let mut out = Report { locate, findings };
    let routing = Routing::of(invoice);
    let structure = directory.structure.as_ref();
    match structure.filter(|structure| !structure.says_nothing()) {
        None => out.add(&rules::BUYER_NOT_ASKED, Bt(47), routing.buyer, ""),
        Some(structure) if structure.is_unknown() => {
            out.add(&rules::BUYER_UNKNOWN, Bt(47), routing.buyer, "");
            return;
        }
        Some(structure) => {
            buyer(structure, &routing, &mut out);
            required(structure, directory, &routing, &mut out);
        }
    }
    service(directory, &routing, &mut out);
}

/// The fields by which an invoice finds its way at the buyer's; blank is `None`.
struct Routing<'a> {
    /// BT-47.
    buyer: &'a str,
    /// BT-30.
    supplier: &'a str,
    /// BT-23.
    framework: Option<&'a str>,
    /// BT-10.
    service: Option<&'a str>,
    /// BT-13, or BT-12: a contract number may stand in for that of the commitment.
    has_commitment: bool,
}

impl<'a> Routing<'a> {
    fn of(invoice: &'a Invoice<'_>) -> Self {
        let buyer = invoice.buyer.as_ref().and_then(|p| p.legal_id.as_ref());
        let supplier = invoice.seller.as_ref().and_then(|p| p.legal_id.as_ref());
        Self {
            buyer: buyer.map_or("", |id| id.value.as_ref()),
            supplier: supplier.map_or("", |id| id.value.as_ref()),
            framework: said(invoice.process.as_ref()),
            service: said(invoice.buyer_reference.as_ref()),
            has_commitment: said(invoice.purchase_order.as_ref()).is_some()
                || said(invoice.contract.as_ref()).is_some(),
        }
    }

    /// SIRENs of public bodies begin with 1 (State) or 2 (local authorities).
    fn is_from_public_body(&self) -> bool {
        self.supplier.starts_with(['1', '2'])
    }
}

fn said<'a>(text: Option<&'a Text<'_>>) -> Option<&'a str> {
    text.map(AsRef::as_ref)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Whether the buyer takes invoices, and this one.
fn buyer(structure: &Structure, routing: &Routing<'_>, out: &mut Report<'_>) {
    match structure.status() {
        Some("ACTIVE" | "ACTIF") => {}
        Some("INACTIVE" | "INACTIF") => out.add(&rules::BUYER_INACTIVE, Bt(47), routing.buyer, ""),
        status => out.add(
            &rules::STATUS_UNKNOWN,
            Bt(47),
            status.unwrap_or_default(),
            "ACTIVE",
        ),
    }
    if let Some(since) = &structure.stale_since {
        out.add(&rules::STALE, Bt(47), since, "");
    }
    let is_for_works = routing
        .framework
        .and_then(Framework::parse)
        .is_some_and(Framework::is_for_works);
    if structure.requires(|flags| flags.works_only) && !is_for_works {
        out.add(&rules::WORKS_ONLY, Bt(47), routing.buyer, "");
    }
}

/// Whether everything that the buyer requires of all invoices is there.
fn required(
    structure: &Structure,
    directory: &Directory,
    routing: &Routing<'_>,
    out: &mut Report<'_>,
) {
    if structure.parametres.is_none() {
        out.add(&rules::REQUIREMENTS_UNKNOWN, Bt(10), "", "");
        return;
    }
    let services = || listed(directory.services.as_ref(), routing);
    let lacks_service = routing.service.is_none();
    if lacks_service && structure.requires(|flags| flags.service) {
        out.add(&rules::SERVICE_REQUIRED, Bt(10), "", &services());
    } else if lacks_service
        && !routing.has_commitment
        && structure.requires(|flags| flags.service_or_commitment)
    {
        out.add(&rules::SERVICE_OR_COMMITMENT, Bt(10), "", &services());
    }
    if !routing.has_commitment && structure.requires(|flags| flags.commitment) {
        out.add(&rules::COMMITMENT_REQUIRED, Bt(13), routing.buyer, "");
    }
}

/// Whether the service named is one of the buyer's, takes invoices, and has what it requires itself.
fn service(directory: &Directory, routing: &Routing<'_>, out: &mut Report<'_>) {
    let Some(code) = routing.service else { return };
    if code == PUBLIC_ONLY && !routing.is_from_public_body() {
        let wanted = listed(directory.services.as_ref(), routing);
        out.add(&rules::SERVICE_RESERVED, Bt(10), code, &wanted);
    }
    let Some(services) = &directory.services else {
        out.add(&rules::SERVICES_NOT_ASKED, Bt(10), code, "");
        return;
    };
    let Some(service) = services.find(code) else {
        let wanted = listed(Some(services), routing);
        out.add(&rules::SERVICE_UNKNOWN, Bt(10), code, &wanted);
        return;
    };
    if !service.is_active() {
        let wanted = listed(Some(services), routing);
        out.add(&rules::SERVICE_INACTIVE, Bt(10), code, &wanted);
        // Another service will have requirements of its own.
        return;
    }
    let structure = directory.structure.as_ref();
    if routing.has_commitment
        || structure.is_some_and(|structure| structure.requires(|flags| flags.commitment))
    {
        return;
    }
    match service.requires_commitment() {
        Some(true) => out.add(&rules::COMMITMENT_OF_SERVICE, Bt(13), code, ""),
        Some(false) => {}
        None => out.add(&rules::SERVICE_REQUIREMENTS_UNKNOWN, Bt(13), code, ""),
    }
}

/// The services that may be named, as a hint lists them; a dash where there are none to list.
fn listed(services: Option<&Services>, routing: &Routing<'_>) -> String {
    let may_be_named = |service: &&Service| {
        service.is_active() && (service.code() != PUBLIC_ONLY || routing.is_from_public_body())
    };
    let mut text = String::new();
    let mut more = 0_usize;
    let all = services.map(Services::all).unwrap_or_default();
    for (n, service) in all.iter().filter(may_be_named).enumerate() {
        if n >= LISTED {
            more += 1;
            continue;
        }
        if n > 0 {
            text.push_str(", ");
        }
        text.push_str(service.code());
        if let Some(label) = service.label() {
            // A String takes whatever is written to it.
            let _written = write!(text, " ({label})");
        }
    }
    match (text.is_empty(), more) {
        (true, _) => "–".to_owned(),
        (false, 0) => text,
        (false, more) => format!("{text}, … (+{more})"),
    }
}

/// Where findings go.
struct Report<'r> {
    locate: &'r dyn Locate,
    findings: &'r mut Vec<Finding>,
}

impl Report<'_> {
    fn add(&mut self, rule: &'static Rule, term: Term, value: &str, wanted: &str) {
        let path = self.locate.path(Site::of(term));
        let finding = Finding::new(rule, path).about(term);
        self.findings.push(finding.value(value).wanted(wanted));
    }
}
