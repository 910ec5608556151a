//! What Chorus Pro checks in a deposited invoice before it integrates it: its own rules, beyond EN 16931.
//!
//! Each check yields one sentence in the manner of `libelleErreurDP`, naming the element it is about.

use jiff::civil::Date;

use crate::cii::{Cii, Party};
use crate::directory::{Directory, Role, Structure};
use crate::routing::{Misrouting, Routing};
use crate::totals;

/// Frameworks (cadres de facturation) run from A1 to A25.
const LAST_FRAMEWORK: u8 = 25;
/// Document types known to end in FACTURE, AVOIR or ACOMPTE.
const TYPE_CODES: [&str; 4] = ["380", "381", "384", "386"];
/// UNTDID 4461 codes that Chorus Pro accepts (its list S2.05).
const PAYMENT_MEANS: [&str; 11] = [
    "01", "10", "20", "30", "31", "42", "48", "49", "58", "59", "97",
];

const NUMBER: &str = "FichierXml.ExchangedDocument.ID.value";
const TYPE: &str = "FichierXml.ExchangedDocument.TypeCode.value";
const DATE: &str = "FichierXml.ExchangedDocument.IssueDateTime.DateTimeString.value";
const FRAMEWORK: &str =
    "FichierXml.ExchangedDocumentContext.BusinessProcessSpecifiedDocumentContextParameter.ID.value";
const AGREEMENT: &str = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement";
const SETTLEMENT: &str = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeSettlement";
const MEANS: &str = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeSettlement.SpecifiedTradeSettlementPaymentMeans";
const LINE: &str = "FichierXml.SupplyChainTradeTransaction.IncludedSupplyChainTradeLineItem";

/// Everything wrong with the invoice, in the order of the document; empty means integrated.
/// `login` is the technical account that deposited, `duplicate` whether the number is in use.
pub(crate) fn check(cii: &Cii, directory: &Directory, login: &str, duplicate: bool) -> Vec<String> {
    let mut errors = Vec::new();
    framework(cii, &mut errors);
    number(cii, duplicate, &mut errors);
    type_and_date(cii, &mut errors);
    supplier(cii, directory, login, &mut errors);
    if let Some(buyer) = recipient(cii, directory, &mut errors) {
        let problems = Routing::of(cii).problems(buyer);
        errors.extend(problems.iter().map(Misrouting::sentence));
    }
    payment(cii, &mut errors);
    lines(cii, &mut errors);
    totals::check(cii, &mut errors);
    errors
}

/// The sentence for a missing element.
pub(crate) fn mandatory(path: &str) -> String {
    format!("L'element {path} est obligatoire.")
}

fn framework(cii: &Cii, errors: &mut Vec<String>) {
    let Some(code) = &cii.framework else { return };
    let rank = code
        .strip_prefix('A')
        .filter(|digits| !digits.starts_with('0'))
        .and_then(|digits| digits.parse::<u8>().ok());
    if !rank.is_some_and(|rank| (1..=LAST_FRAMEWORK).contains(&rank)) {
        errors.push(format!(
            "Le cadre de facturation ({FRAMEWORK}) n'est pas valide : {code}."
        ));
    }
}

fn number(cii: &Cii, duplicate: bool, errors: &mut Vec<String>) {
    let Some(number) = &cii.number else {
        errors.push(mandatory(NUMBER));
        return;
    };
    if number.chars().count() > 20 {
        errors.push(format!(
            "Le champ identifiant de la facture ({NUMBER}) ne doit pas depasser 20 caracteres"
        ));
    }
    if !number
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '+' | '_' | '/'))
    {
        errors.push(format!(
            "Le champ identifiant de la facture ({NUMBER}) contient des caracteres non autorises"
        ));
    }
    if duplicate {
        errors.push(format!(
            "Une facture de ce fournisseur porte deja ce numero pour la meme annee ({NUMBER})."
        ));
    }
}

fn type_and_date(cii: &Cii, errors: &mut Vec<String>) {
    match cii.type_code.as_deref() {
        None => errors.push(mandatory(TYPE)),
        Some(code) if !TYPE_CODES.contains(&code) => {
            errors.push(format!(
                "Le type de facture ({TYPE}) n'est pas accepte : {code}."
            ));
        }
        Some("381") if cii.preceding.iter().all(Option::is_none) => {
            errors.push(mandatory(&format!(
                "{SETTLEMENT}.InvoiceReferencedDocument.IssuerAssignedID.value"
            )));
        }
        Some(_) => {}
    }
    match &cii.issue_date {
        None => errors.push(mandatory(DATE)),
        Some((date, format)) => {
            let valid = date.len() == 8
                && Date::strptime("%Y%m%d", date)
                    .is_ok_and(|day| (2000..=2099).contains(&day.year()));
            if format.as_deref() != Some("102") || !valid {
                errors.push(format!(
                    "La date ({DATE}) doit etre au format 102 et comprise entre 2000 et 2099."
                ));
            }
        }
    }
}

fn supplier(cii: &Cii, directory: &Directory, login: &str, errors: &mut Vec<String>) {
    let party = format!("{AGREEMENT}.SellerTradeParty");
    let Some(identifier) = identified(&cii.seller, &party, errors) else {
        return;
    };
    match known(&cii.seller, directory, Role::Supplier) {
        None => errors.push(format!(
            "L'identifiant fournisseur de la demande de paiement (balise : {identifier}) n'est pas reference dans notre systeme."
        )),
        Some(structure) if !directory.attached(login, structure) => errors.push(format!(
            "Le fournisseur de la demande de paiement (balise : {identifier}) n'est pas rattache au compte deposant."
        )),
        Some(_) => {}
    }
}

fn recipient<'a>(
    cii: &Cii,
    directory: &'a Directory,
    errors: &mut Vec<String>,
) -> Option<&'a Structure> {
    let party = format!("{AGREEMENT}.BuyerTradeParty");
    let identifier = identified(&cii.buyer, &party, errors)?;
    let structure = known(&cii.buyer, directory, Role::Buyer);
    if structure.is_none() {
        errors.push(format!(
            "L'identifiant destinataire de la demande de paiement (balise : {identifier}) n'est pas reference dans notre systeme."
        ));
    }
    structure
}

/// Path of the party's identifier, when it has one; also asks for the name.
fn identified(party: &Party, path: &str, errors: &mut Vec<String>) -> Option<String> {
    if party.name.is_none() {
        errors.push(mandatory(&format!("{path}.Name.value")));
    }
    let identifier = format!("{path}.SpecifiedLegalOrganization.ID.value");
    if party.identifier.is_none() {
        errors.push(mandatory(&identifier));
        return None;
    }
    Some(identifier)
}

/// The active structure of that role behind the party's identifier.
fn known<'a>(party: &Party, directory: &'a Directory, role: Role) -> Option<&'a Structure> {
    let (id_type, identifier) = party.identifier.as_ref()?;
    directory
        .find(*id_type, identifier)
        .filter(|structure| structure.spec.role == role && !structure.spec.inactive)
}

fn payment(cii: &Cii, errors: &mut Vec<String>) {
    let code_path = format!("{MEANS}.TypeCode.value");
    // Senders of credit notes leave the means out and are integrated.
    if cii.payment_means.is_empty() && cii.type_code.as_deref() != Some("381") {
        errors.push(mandatory(&code_path));
    }
    for means in &cii.payment_means {
        match means.code.as_deref() {
            None => errors.push(mandatory(&code_path)),
            Some(code) if !PAYMENT_MEANS.contains(&code) => {
                errors.push(format!(
                    "Le mode de paiement ({code_path}) n'est pas accepte : {code}."
                ));
            }
            Some("30" | "58") if !means.account => {
                errors.push(mandatory(&format!(
                    "{MEANS}.PayeePartyCreditorFinancialAccount.IBANID.value"
                )));
            }
            Some(_) => {}
        }
    }
    if cii.payment_terms > 1 {
        errors.push(format!(
            "L'element {SETTLEMENT}.SpecifiedTradePaymentTerms ne doit figurer qu'une fois."
        ));
    }
    if cii.preceding.len() > 1 {
        errors.push(format!(
            "L'element {SETTLEMENT}.InvoiceReferencedDocument ne doit figurer qu'une fois."
        ));
    }
}

fn lines(cii: &Cii, errors: &mut Vec<String>) {
    if cii.lines.is_empty() {
        errors.push(mandatory(LINE));
    }
    if cii.lines.iter().any(|line| line.bare_gross_price) {
        errors.push(mandatory(&format!(
            "{LINE}.SpecifiedLineTradeAgreement.GrossPriceProductTradePrice.AppliedTradeAllowanceCharge.ActualAmount.value"
        )));
    }
    for (missing, path) in [
        (
            cii.lines.iter().any(|line| line.net.is_none()),
            "SpecifiedLineTradeSettlement.SpecifiedTradeSettlementLineMonetarySummation.LineTotalAmount",
        ),
        (
            cii.lines.iter().any(|line| line.quantity.is_none()),
            "SpecifiedLineTradeDelivery.BilledQuantity",
        ),
        (
            cii.lines.iter().any(|line| line.price.is_none()),
            "SpecifiedLineTradeAgreement.NetPriceProductTradePrice.ChargeAmount",
        ),
    ] {
        if missing {
            errors.push(mandatory(&format!("{LINE}.{path}.value")));
        }
    }
}
