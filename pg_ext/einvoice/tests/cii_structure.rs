//! CII-SR and CII-DT: which elements and attributes of D16B EN 16931 uses, and how often.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests; a test fails where a file cannot be read"
)]

use std::collections::BTreeSet;
use std::path::Path;

use einvoice::cii::decode::decode;
use einvoice::cii::structure;
use einvoice::cii::tree::Tree;
use einvoice::finding::{Finding, Lang, Severity};
use serde_json::Value;

/// What fails in a file.
fn failing(file: &[u8]) -> Vec<Finding> {
    let text = decode(file).unwrap();
    let tree = Tree::read(&text, &mut || Ok(())).unwrap();
    let mut findings = Vec::new();
    structure::check(&tree, &mut findings);
    findings
}

/// Ids and paths of what fails in a file.
fn places(file: &str) -> Vec<(&'static str, String)> {
    let findings = failing(file.as_bytes());
    let place = |finding: Finding| (finding.rule.id, finding.path);
    findings.into_iter().map(place).collect()
}

/// One of our own invoices as it is deposited.
fn fixture() -> String {
    std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap()
}

/// The fixture with a text before the first occurrence of another.
fn with(insertion: &str, before: &str) -> String {
    let file = fixture();
    assert!(file.contains(before), "{before} is in the fixture");
    file.replacen(before, &format!("{insertion}{before}"), 1)
}

/// The fixture with a text replaced wherever it stands.
fn replaced(from: &str, to: &str) -> String {
    let file = fixture();
    assert!(file.contains(from), "{from} is in the fixture");
    file.replace(from, to)
}

const DOCUMENT: &str = "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument";
const TRADE: &str = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction";

#[test]
fn our_own_invoices_hold() {
    for name in ["b2g", "b2g-paid", "credit-note", "cross-border"] {
        let file = std::fs::read(format!("../../tests/fixtures/{name}.xml")).unwrap();
        assert_eq!(failing(&file), [], "{name}");
    }
}

#[test]
fn every_file_of_the_corpus_has_the_findings_of_the_official_rules() {
    let root = std::env::var_os("CHORUS_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        Into::into,
    );
    let folder = root.join("cii");
    let Ok(expected) = std::fs::read_to_string(folder.join("expected.json")) else {
        println!("SKIPPED: corpus not found: {}", folder.display());
        return;
    };
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    let mut differing = Vec::new();
    let mut compared = 0;
    for entry in &expected {
        if entry["wellformed"] != true || entry["xsd_d16b"] != true || !entry["crash"].is_null() {
            continue;
        }
        compared += 1;
        let name = entry["file"].as_str().unwrap();
        let findings = failing(&std::fs::read(folder.join(name)).unwrap());
        for (severity, list) in [(Severity::Fatal, "fatal"), (Severity::Warning, "warning")] {
            let wanted: BTreeSet<&str> = entry[list]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .filter(|id| id.starts_with("CII-"))
                .collect();
            let found = findings
                .iter()
                .filter(|finding| finding.severity == severity);
            let found: BTreeSet<&str> = found.map(|finding| finding.rule.id).collect();
            if wanted != found {
                differing.push(format!("{name}: {list} wanted {wanted:?}, found {found:?}"));
            }
        }
    }
    assert!(compared > 1000, "{compared} files compared");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn an_element_that_en16931_does_not_use_is_named_with_its_text() {
    let file = with(
        "<ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>",
        "<ram:BusinessProcessSpecifiedDocumentContextParameter>",
    );
    let findings = failing(file.as_bytes());
    let [finding] = &findings[..] else {
        panic!("one finding, not {findings:#?}");
    };
    assert_eq!(finding.rule.id, "CII-SR-002");
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(
        finding.path,
        "/rsm:CrossIndustryInvoice/rsm:ExchangedDocumentContext/ram:TestIndicator"
    );
    assert_eq!(finding.position, 2);
    assert_eq!(finding.value, "true");
    assert_eq!(
        finding.message(Lang::En),
        "TestIndicator (“true”) in the process context (BG-2) is not used in EN 16931; a receiver need not read it."
    );
    assert_eq!(
        finding.message(Lang::Fr),
        "TestIndicator (« true ») dans le contexte du processus (BG-2) n’est pas utilisé dans EN 16931 ; le destinataire n’est pas tenu de le lire."
    );
}

#[test]
fn a_rule_fails_once_in_each_context() {
    let id = |text| format!("<ram:ID>{text}</ram:ID>");
    let twice = format!("{}{}", id("a"), id("b"));
    let file = replaced("<ram:PostcodeCode>", &format!("{twice}<ram:PostcodeCode>"));
    let party = |name| {
        format!(
            "{TRADE}/ram:ApplicableHeaderTradeAgreement/ram:{name}/ram:PostalTradeAddress/ram:ID[1]"
        )
    };
    assert_eq!(
        places(&file),
        [
            ("CII-DT-082", party("SellerTradeParty")),
            ("CII-DT-082", party("BuyerTradeParty")),
        ]
    );
}

#[test]
fn what_may_stand_once_is_named_where_it_stands_again() {
    let note = |text| format!("<ram:Content>{text}</ram:Content>");
    let file = with(&format!("{}{}", note("a"), note("b")), "<ram:Content>");
    let findings = failing(file.as_bytes());
    let found: Vec<_> = findings
        .iter()
        .map(|finding| {
            (
                finding.rule.id,
                finding.path.as_str(),
                finding.value.as_str(),
            )
        })
        .collect();
    let second = format!("{DOCUMENT}/ram:IncludedNote/ram:Content[2]");
    assert_eq!(found, [("CII-SR-030", second.as_str(), "b")]);
    assert_eq!(findings[0].term(), "BT-22");
}

#[test]
fn what_must_stand_once_is_missed_in_its_context() {
    let file = fixture().replacen("<ram:ChargeAmount>90.00</ram:ChargeAmount>", "", 1);
    let line =
        format!("{TRADE}/ram:IncludedSupplyChainTradeLineItem[1]/ram:SpecifiedLineTradeAgreement");
    assert_eq!(places(&file), [("CII-SR-439", line)]);
}

#[test]
fn attributes_are_named_after_their_element() {
    let file = replaced(
        "<ram:TypeCode>380",
        "<ram:TypeCode listURI=\"urn:x\" listID=\"1001\">380",
    );
    // CII-DT-010 does not want listID, but any type code belongs to a context before its own.
    let path = format!("{DOCUMENT}/ram:TypeCode/@listURI");
    assert_eq!(places(&file), [("CII-DT-009", path)]);
    let file = replaced(
        "<ram:ID schemeID=\"VA\">",
        "<ram:ID schemeID=\"VA\" schemeName=\"x\">",
    );
    assert_eq!(
        places(&file).iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        ["CII-DT-101", "CII-DT-101"]
    );
    let file = replaced(
        "<ram:ID>FA2026-0042",
        "<ram:ID schemeName=\"x\">FA2026-0042",
    );
    assert_eq!(
        places(&file),
        [("CII-DT-001", format!("{DOCUMENT}/ram:ID/@schemeName"))]
    );
}

#[test]
fn some_elements_are_used_only_in_documents_of_a_type() {
    let document = |code| {
        format!(
            "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>x</ram:IssuerAssignedID>\
             <ram:URIID>https://example.org</ram:URIID><ram:TypeCode>{code}</ram:TypeCode><ram:Name>x</ram:Name>\
             </ram:AdditionalReferencedDocument>"
        )
    };
    let end = "</ram:ApplicableHeaderTradeAgreement>";
    assert_eq!(places(&with(&document("916"), end)), []);
    let ids = |code| -> Vec<&str> {
        let places = places(&with(&document(code), end));
        places.into_iter().map(|(id, _)| id).collect()
    };
    assert_eq!(ids("50"), ["CII-DT-015", "CII-DT-021"]);
    assert_eq!(ids("380"), ["CII-DT-015", "CII-DT-018", "CII-DT-021"]);
    let twice = document("916").repeat(2);
    assert_eq!(
        places(&with(&twice, end))
            .into_iter()
            .map(|(id, _)| id)
            .collect::<Vec<_>>(),
        ["CII-SR-475"]
    );
}

#[test]
fn payment_means_are_the_same_all_over_the_file() {
    let means = |code, id| {
        format!(
            "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>{code}</ram:TypeCode>\
             <ram:PayeePartyCreditorFinancialAccount>{id}</ram:PayeePartyCreditorFinancialAccount>\
             </ram:SpecifiedTradeSettlementPaymentMeans>"
        )
    };
    let iban = "<ram:IBANID>FR7699999060420001234567889</ram:IBANID>";
    let before = "<ram:ApplicableTradeTax>\n        <ram:CalculatedAmount>324.00";
    let path = format!(
        "{TRADE}/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementPaymentMeans[2]"
    );
    assert_eq!(places(&with(&means(" 30 ", iban), before)), []);
    let findings = failing(with(&means("58", iban), before).as_bytes());
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].rule.id, "CII-SR-467");
    assert_eq!(findings[0].path, format!("{path}/ram:TypeCode"));
    assert_eq!((&*findings[0].value, &*findings[0].wanted), ("58", "30"));
    assert_eq!(
        places(&with(&means("30", ""), before)),
        [("CII-SR-470", path)]
    );
}

#[test]
fn dates_of_format_102_have_eight_digits() {
    let date = |text| replaced(">20260302<", &format!(">{text}<"));
    for holds in ["20260302", " 20260331\n", "20260231", "00001231"] {
        assert_eq!(places(&date(holds)), [], "{holds}");
    }
    let path = format!("{DOCUMENT}/ram:IssueDateTime/udt:DateTimeString");
    for fails in [
        "2026-03-02",
        "20261301",
        "20260300",
        "20260332",
        "2026030",
        "",
        "202603021",
    ] {
        assert_eq!(
            places(&date(fails)),
            [("CII-DT-097", path.clone())],
            "{fails}"
        );
    }
    assert_eq!(
        places(&replaced(
            "format=\"102\">20260302",
            "format=\"610\">202603"
        )),
        []
    );
}

#[test]
fn prefixes_do_not_matter() {
    let renamed = |file: &str| file.replace("ram:", "a:").replace("xmlns:ram", "xmlns:a");
    let file = with("<ram:Name>x</ram:Name>", "<ram:TypeCode>380");
    assert_eq!(
        places(&file),
        [("CII-SR-013", format!("{DOCUMENT}/ram:Name"))]
    );
    assert_eq!(places(&renamed(&file)), places(&file));
}

#[test]
fn a_document_of_many_parts_is_searched_for_its_type_once() {
    let name = "<ram:Name>x</ram:Name>".repeat(200_000);
    let document = format!(
        "<ram:AdditionalReferencedDocument>{name}<ram:TypeCode>916</ram:TypeCode></ram:AdditionalReferencedDocument>"
    );
    let found = places(&with(&document, "</ram:ApplicableHeaderTradeAgreement>"));
    assert_eq!(
        found.into_iter().map(|(id, _)| id).collect::<Vec<_>>(),
        ["CII-SR-475"]
    );
}

#[test]
fn the_catalogue_has_every_rule_with_its_texts() {
    let rules = einvoice::rules::catalogue();
    for (group, count) in [("CII-SR-", 482), ("CII-DT-", 101)] {
        let of_group = rules.iter().filter(|rule| rule.id.starts_with(group));
        let ids: BTreeSet<&str> = of_group.clone().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), count, "{group}");
        for rule in of_group {
            for text in [rule.message.en, rule.message.fr, rule.hint.en, rule.hint.fr] {
                assert!(
                    text.ends_with('.') && !text.contains("  "),
                    "{}: {text}",
                    rule.id
                );
            }
        }
    }
}

#[test]
fn a_rule_that_fails_everywhere_is_reported_a_thousand_times() {
    let id = "<ram:SpecifiedTaxRegistration><ram:ID schemeName=\"x\" schemeURI=\"urn:x\"/></ram:SpecifiedTaxRegistration>";
    let file = with(&id.repeat(1_500), "</ram:SellerTradeParty>");
    let found = places(&file);
    for rule in ["CII-DT-101", "CII-DT-104"] {
        let of_rule = found.iter().filter(|(id, _)| *id == rule);
        assert_eq!(of_rule.count(), structure::MAX_FINDINGS_OF_A_RULE, "{rule}");
    }
}
