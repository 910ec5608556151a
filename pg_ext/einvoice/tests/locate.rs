//! From what a message of Chorus Pro names to the user's own field.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use einvoice::entry::locate;
use serde_json::{Value, json};

fn invoice() -> Value {
    let line = |name: &str| json!({"quantity": "1", "item": {"name": name, "price": "100.00"}, "taxes": [{"cat": "VAT", "rate": "standard"}]});
    json!({
        "$schema": "https://gobl.org/draft-0/bill/invoice",
        "$regime": "FR",
        "$addons": ["eu-en16931-v2017", "fr-choruspro-v1"],
        "code": "1", "issue_date": "2026-02-03", "currency": "EUR",
        "tax": {"ext": {"fr-choruspro-framework": "A1"}},
        "supplier": {"name": "Menuiserie Durand", "tax_id": {"country": "FR", "code": "44732829320"}, "identities": [{"type": "SIRET", "code": "73282932000074"}],
            "addresses": [{"street": "rue", "locality": "Lyon", "code": "69007", "country": "FR"}], "ext": {"fr-choruspro-scheme": "1"}},
        "customer": {"name": "Mairie de Lyon", "identities": [{"type": "SIRET", "code": "35600000000048"}],
            "addresses": [{"street": "place", "locality": "Lyon", "code": "69001", "country": "FR"}], "ext": {"fr-choruspro-scheme": "1"}},
        "lines": [line("Porte"), line("Fenêtre")],
        "charges": [{"amount": "10.00", "reason": "Livraison", "taxes": [{"cat": "VAT", "rate": "standard"}]}]
    })
}

fn found(doc: &Value, named: &str) -> Option<(String, String)> {
    locate(doc.to_string().as_str(), named, &mut || Ok(()))
        .unwrap()
        .map(|found| (found.path, found.term.to_string()))
}

fn some(path: &str, term: &str) -> Option<(String, String)> {
    Some((path.to_owned(), term.to_owned()))
}

#[test]
fn an_element_of_the_file_leads_to_its_field() {
    let trade = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction";
    for (path, expected) in [
        (
            "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID".to_owned(),
            some("$.code", "BT-1"),
        ),
        (
            format!(
                "{trade}/ram:IncludedSupplyChainTradeLineItem[2]/ram:SpecifiedTradeProduct/ram:Name"
            ),
            some("$.lines[1].item.name", "BT-153"),
        ),
        // Not written, and still of the second line.
        (
            format!(
                "{trade}/ram:IncludedSupplyChainTradeLineItem[2]/ram:SpecifiedTradeProduct/ram:Description"
            ),
            some("$.lines[1].item.description", "BT-154"),
        ),
        (
            format!(
                "{trade}/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount"
            ),
            some("$.charges[0].amount", "BT-99"),
        ),
        ("/rsm:CrossIndustryInvoice".to_owned(), None),
        ("/Invoice/ID".to_owned(), None),
        (String::new(), None),
    ] {
        assert_eq!(found(&invoice(), &path), expected, "{path}");
    }
}

#[test]
fn a_message_of_chorus_pro_leads_to_the_field_it_names_present_or_not() {
    let trade = "FichierXml.SupplyChainTradeTransaction";
    for (message, expected) in [
        (
            "Le champ identifiant de la facture (FichierXml.ExchangedDocument.ID.value) ne doit pas depasser 20 caracteres".to_owned(),
            some("$.code", "BT-1"),
        ),
        (
            format!("L'element {trade}.ApplicableHeaderTradeSettlement.SpecifiedTradeSettlementPaymentMeans.TypeCode.value est obligatoire."),
            some("$.payment.instructions", "BT-81"),
        ),
        (
            format!("Le code service ({trade}.ApplicableHeaderTradeAgreement.BuyerReference.value) est obligatoire"),
            some("$.ordering.code", "BT-10"),
        ),
        (
            format!("{trade}.ApplicableHeaderTradeAgreement.BuyerOrderReferencedDocument.IssuerAssignedID.value"),
            some("$.ordering.purchases[0].code", "BT-13"),
        ),
        (
            "La date (FichierXml.ExchangedDocument.IssueDateTime.DateTimeString.value) doit etre au format 102".to_owned(),
            some("$.issue_date", "BT-2"),
        ),
        (
            format!("Ce destinataire ({trade}.ApplicableHeaderTradeAgreement.BuyerTradeParty) ne recoit que des factures de travaux."),
            some("$.customer", "BG-7"),
        ),
        (format!("L'element {trade}.IncludedSupplyChainTradeLineItem est obligatoire."), some("$.lines", "BG-25")),
        (format!("{trade}.ApplicableHeaderTradeSettlement"), None),
        ("Flux introuvable.".to_owned(), None),
        ("FichierXml".to_owned(), None),
        ("FichierXml..[.é".to_owned(), None),
    ] {
        assert_eq!(found(&invoice(), &message), expected, "{message}");
    }
}

#[test]
fn what_cannot_be_rendered_has_its_fields_all_the_same() {
    let mut doc = invoice();
    doc.as_object_mut().unwrap().remove("code");
    doc.as_object_mut().unwrap().remove("customer");
    assert_eq!(
        found(&doc, "FichierXml.ExchangedDocument.ID.value"),
        some("$.code", "BT-1")
    );
    let envelope =
        json!({"$schema": "https://gobl.org/draft-0/envelope", "head": {}, "doc": invoice()});
    assert_eq!(
        found(&envelope, "FichierXml.ExchangedDocument.ID.value"),
        some("$.doc.code", "BT-1")
    );
}
