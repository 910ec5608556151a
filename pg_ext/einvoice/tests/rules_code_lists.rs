//! The code lists: their sizes, and that they are those of CEN's artefact where it is at hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;

use einvoice::cii::binding::Locator;
use einvoice::cii::read::read;
use einvoice::cii::tree::Tree;
use einvoice::codes;
use einvoice::entry::{self, Profile};
use einvoice::finding::{Finding, Lang, Severity};
use einvoice::rules;

/// Each rule with the codes that it knows.
fn lists() -> Vec<(&'static str, usize, Vec<&'static str>)> {
    let currencies: Vec<_> = codes::CURRENCIES.keys().collect();
    let of = |set: &'static codes::Set| set.iter().collect::<Vec<_>>();
    vec![
        ("BR-CL-01", 62, of(&codes::UNTDID_1001)),
        ("BR-CL-03", 178, currencies.clone()),
        ("BR-CL-04", 178, currencies.clone()),
        ("BR-CL-05", 178, currencies),
        ("BR-CL-06", 3, of(&codes::UNTDID_2475)),
        ("BR-CL-07", 818, of(&codes::UNTDID_1153)),
        ("BR-CL-08", 401, of(&codes::UNTDID_4451)),
        ("BR-CL-10", 243, of(&codes::ISO_6523)),
        ("BR-CL-11", 243, of(&codes::ISO_6523)),
        ("BR-CL-13", 185, of(&codes::UNTDID_7143)),
        ("BR-CL-14", 251, of(&codes::COUNTRIES)),
        ("BR-CL-15", 251, of(&codes::COUNTRIES)),
        ("BR-CL-16", 84, of(&codes::UNTDID_4461)),
        ("BR-CL-17", 10, of(&codes::VAT_CATEGORIES)),
        ("BR-CL-18", 10, of(&codes::VAT_CATEGORIES)),
        ("BR-CL-19", 19, of(&codes::UNTDID_5189)),
        ("BR-CL-20", 178, of(&codes::UNTDID_7161)),
        ("BR-CL-21", 243, of(&codes::ISO_6523)),
        ("BR-CL-22", 88, of(&codes::VATEX)),
        ("BR-CL-23", 2162, of(&codes::UNIT_CODES)),
        ("BR-CL-24", 6, of(&codes::MIME)),
        ("BR-CL-25", 104, of(&codes::EAS)),
        ("BR-CL-26", 243, of(&codes::ISO_6523)),
    ]
}

#[test]
fn lists_have_the_sizes_of_the_artefact() {
    for (rule, size, list) in lists() {
        assert_eq!(list.len(), size, "{rule}");
    }
}

#[test]
fn each_code_is_found_and_its_neighbours_are_not() {
    for (rule, _, list) in lists() {
        let codes: BTreeSet<&str> = list.iter().copied().collect();
        assert_eq!(codes.len(), list.len(), "{rule}: a code stands twice");
    }
    for code in codes::UNIT_CODES.iter() {
        assert!(codes::UNIT_CODES.contains(code), "{code}");
        assert!(
            !codes::UNIT_CODES.contains(&code.to_lowercase())
                || code.bytes().all(|b| b.is_ascii_digit()),
            "{code}"
        );
        assert!(!codes::UNIT_CODES.contains(&format!("{code} ")), "{code}");
    }
    for code in codes::VATEX.iter() {
        assert!(codes::VATEX.contains(code), "{code}");
        assert!(!codes::VATEX.contains(&format!("{code}-")), "{code}");
    }
}

/// The artefact as the oracle installs it: `CHORUS_ORACLE` names the folder of its artefacts.
fn artefact() -> Option<String> {
    let folder = std::env::var_os("CHORUS_ORACLE").map(std::path::PathBuf::from);
    let path = folder.map(|folder| folder.join("en16931/EN16931-CII-validation-1.3.16.xslt"));
    let text = path
        .as_ref()
        .and_then(|path| std::fs::read_to_string(path).ok());
    if text.is_none() {
        println!("SKIPPED: no artefact of CEN: CHORUS_ORACLE names no folder that holds it");
    }
    text
}

/// The codes in the test of a rule: the texts in quotes, split at spaces.
fn codes_in_test(artefact: &str, rule: &str) -> BTreeSet<String> {
    let name = format!("<xsl:attribute name=\"id\">{rule}</xsl:attribute>");
    let end = artefact.find(&name).unwrap_or_else(|| panic!("no {rule}"));
    let start = artefact[..end].rfind("<xsl:when test=\"").unwrap() + "<xsl:when test=\"".len();
    let test = &artefact[start..start + artefact[start..].find('"').unwrap()];
    test.split('\'')
        .skip(1)
        .step_by(2)
        .flat_map(str::split_ascii_whitespace)
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn lists_are_those_of_the_artefact() {
    let Some(artefact) = artefact() else { return };
    for (rule, _, list) in lists() {
        let ours: BTreeSet<String> = list.into_iter().map(ToOwned::to_owned).collect();
        let theirs = codes_in_test(&artefact, rule);
        assert_eq!(
            ours.symmetric_difference(&theirs).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{rule}"
        );
    }
}

/// What the rules on codes say of a CII file.
fn failing(xml: &str, profile: Profile) -> Vec<Finding> {
    let tree = Tree::read(xml, &mut || Ok(())).unwrap();
    let reading = read(&tree, &mut || Ok(())).unwrap();
    let mut findings = Vec::new();
    rules::check(
        &reading.invoice,
        profile,
        &Locator::new(&tree),
        &mut || Ok(()),
        &mut findings,
    )
    .unwrap();
    findings.retain(|finding| finding.rule.id.starts_with("BR-CL-"));
    findings
}

/// A file with this in it.
fn file(trade: &str) -> String {
    format!(
        "<rsm:CrossIndustryInvoice xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\" \
         xmlns:ram=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\" \
         xmlns:udt=\"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100\">\
         <rsm:SupplyChainTradeTransaction>{trade}</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    )
}

const SELLER: &str = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty";

fn seller(content: &str) -> String {
    file(&format!(
        "<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>{content}</ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>"
    ))
}

#[test]
fn schemes_of_chorus_pro_are_information_in_its_profile() {
    let legal = |scheme: &str| {
        seller(&format!(
            "<ram:SpecifiedLegalOrganization><ram:ID schemeID=\"{scheme}\">73282932000074</ram:ID></ram:SpecifiedLegalOrganization>"
        ))
    };
    for (scheme, profile, severity) in [
        ("1", Profile::ChorusPro, Some(Severity::Information)),
        ("6", Profile::ChorusPro, Some(Severity::Information)),
        ("7", Profile::ChorusPro, Some(Severity::Fatal)),
        ("1", Profile::En16931, Some(Severity::Fatal)),
        ("0002", Profile::ChorusPro, None),
        (" 0002 ", Profile::En16931, None),
    ] {
        let findings = failing(&legal(scheme), profile);
        let found = findings.first().map(|finding| finding.severity);
        assert_eq!(found, severity, "{scheme}");
        if let Some(finding) = findings.first() {
            assert_eq!(finding.rule.id, "BR-CL-11");
            assert_eq!(finding.term(), "BT-30-1");
            assert_eq!(
                finding.path,
                format!("{SELLER}/ram:SpecifiedLegalOrganization/ram:ID")
            );
        }
    }
}

#[test]
fn codes_count_wherever_they_stand() {
    // EN 16931 has no term for a manufacturer, nor for its country.
    let of_line = "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct>\
        <ram:GlobalID schemeID=\"9999\">1</ram:GlobalID>\
        <ram:ManufacturerTradeParty><ram:PostalTradeAddress><ram:CountryID>XX</ram:CountryID></ram:PostalTradeAddress></ram:ManufacturerTradeParty>\
        </ram:SpecifiedTradeProduct></ram:IncludedSupplyChainTradeLineItem>";
    let found: Vec<_> = failing(&file(of_line), Profile::En16931)
        .iter()
        .map(|f| (f.rule.id, f.value.clone()))
        .collect();
    assert_eq!(
        found,
        [
            ("BR-CL-21", "9999".to_owned()),
            ("BR-CL-14", "XX".to_owned())
        ]
    );
}

#[test]
fn white_space_is_forgiven_and_case_but_in_exemption_codes_is_not() {
    let country = |code: &str| {
        seller(&format!(
            "<ram:PostalTradeAddress><ram:CountryID>{code}</ram:CountryID></ram:PostalTradeAddress>"
        ))
    };
    let exemption = |code: &str| {
        file(&format!(
            "<ram:ApplicableHeaderTradeSettlement><ram:ApplicableTradeTax><ram:ExemptionReasonCode>{code}</ram:ExemptionReasonCode></ram:ApplicableTradeTax></ram:ApplicableHeaderTradeSettlement>"
        ))
    };
    let media = |code: &str| {
        file(&format!(
            "<ram:ApplicableHeaderTradeAgreement><ram:AdditionalReferencedDocument><ram:AttachmentBinaryObject mimeCode=\"{code}\">AA==</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument></ram:ApplicableHeaderTradeAgreement>"
        ))
    };
    for (xml, holds) in [
        (country("FR"), true),
        (country("\n FR\t"), true),
        (country("fr"), false),
        (country("FR DE"), false),
        (country("\u{a0}FR"), false),
        (country(""), false),
        (exemption("vatex-eu-ae "), true),
        (exemption("VATEX EU AE"), false),
        (media("application/pdf"), true),
        (media(" application/pdf"), false),
    ] {
        assert_eq!(failing(&xml, Profile::En16931).is_empty(), holds, "{xml}");
    }
}

#[test]
fn a_short_list_is_shown_whole() {
    let xml = file(
        "<ram:ApplicableHeaderTradeSettlement><ram:ApplicableTradeTax><ram:DueDateTypeCode>3</ram:DueDateTypeCode></ram:ApplicableTradeTax></ram:ApplicableHeaderTradeSettlement>",
    );
    let findings = failing(&xml, Profile::En16931);
    assert_eq!(findings[0].wanted, "29, 5, 72");
    assert!(findings[0].message(Lang::Fr).contains("29, 5, 72"));
}

#[test]
fn codes_of_a_gobl_invoice_are_found_at_the_user_s_place() {
    let text = std::fs::read_to_string("../../tests/fixtures/b2g.json").unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    document["lines"][0]["item"]["unit"] = "XX".into();
    document["notes"] = serde_json::json!([{"text": "x", "ext": {"untdid-text-subject": "QQQQ"}}]);
    let findings = entry::validate(
        document.to_string().as_str(),
        Some(Profile::En16931),
        &mut || Ok(()),
    )
    .unwrap();
    let places: Vec<_> = findings
        .iter()
        .filter(|f| f.rule.id.starts_with("BR-CL-"))
        .map(|f| (f.rule.id, f.path.as_str(), f.value.as_str()))
        .collect();
    assert!(
        places.contains(&("BR-CL-23", "$.lines[0].item.unit", "XX")),
        "{places:?}"
    );
    assert!(
        places.iter().any(|(id, path, value)| *id == "BR-CL-08"
            && path.starts_with("$.notes[0]")
            && *value == "QQQQ"),
        "{places:?}"
    );
}

#[test]
fn all_twenty_three_rules_are_in_the_catalogue() {
    let rules = entry::rules();
    for (id, _, _) in lists() {
        assert!(rules.iter().any(|rule| rule.id == id), "{id}");
    }
}

#[test]
fn a_blank_code_is_a_dash_in_the_sentence_and_stays_as_it_was_written() {
    let xml = seller(
        "<ram:PostalTradeAddress><ram:CountryID> \n</ram:CountryID></ram:PostalTradeAddress>",
    );
    let findings = failing(&xml, Profile::En16931);
    assert_eq!(findings[0].value, " \n");
    for lang in [Lang::En, Lang::Fr] {
        let message = findings[0].message(lang);
        assert!(message.starts_with("– "), "{message}");
    }
}

#[test]
fn codes_of_parties_have_the_term_of_their_party_and_their_place() {
    const ID: &str = "<ram:ID schemeID=\"QQ\">1</ram:ID>";
    const GLOBAL_ID: &str = "<ram:GlobalID schemeID=\"QQ\">1</ram:GlobalID>";
    let legal = format!("<ram:SpecifiedLegalOrganization>{ID}</ram:SpecifiedLegalOrganization>");
    let address =
        "<ram:PostalTradeAddress><ram:CountryID>QQ</ram:CountryID></ram:PostalTradeAddress>";
    let endpoint = "<ram:URIUniversalCommunication><ram:URIID schemeID=\"QQ\">1</ram:URIID></ram:URIUniversalCommunication>";
    let content = format!("{ID}{GLOBAL_ID}{legal}{address}{endpoint}");
    for (group, party, terms) in [
        (
            "Agreement",
            "Seller",
            ["BT-29-1", "BT-29-1", "BT-30-1", "BT-40", "BT-34-1"],
        ),
        (
            "Agreement",
            "Buyer",
            ["BT-46-1", "BT-46-1", "BT-47-1", "BT-55", "BT-49-1"],
        ),
        (
            "Agreement",
            "SellerTaxRepresentative",
            ["", "", "", "BT-69", ""],
        ),
        (
            "Settlement",
            "Payee",
            ["BT-60-1", "BT-60-1", "BT-61-1", "", ""],
        ),
        (
            "Delivery",
            "ShipTo",
            ["BT-71-1", "BT-71-1", "", "BT-80", ""],
        ),
        ("Delivery", "ShipFrom", ["", "", "", "", ""]),
    ] {
        let xml = file(&format!(
            "<ram:ApplicableHeaderTrade{group}><ram:{party}TradeParty>{content}</ram:{party}TradeParty></ram:ApplicableHeaderTrade{group}>"
        ));
        let found: Vec<_> = failing(&xml, Profile::En16931)
            .iter()
            .map(Finding::term)
            .collect();
        assert_eq!(found, terms, "{party}");
    }
}

#[test]
fn a_scheme_that_chorus_pro_asks_for_is_to_be_left_alone() {
    let xml = seller(
        "<ram:SpecifiedLegalOrganization><ram:ID schemeID=\"1\">73282932000074</ram:ID></ram:SpecifiedLegalOrganization>",
    );
    let own = failing(&xml, Profile::ChorusPro).remove(0);
    assert!(own.hint(Lang::En).starts_with("Leave "), "{own:#?}");
    assert!(own.hint(Lang::Fr).starts_with("Laissez "), "{own:#?}");
    let wrong = failing(&xml, Profile::En16931).remove(0);
    assert!(wrong.hint(Lang::En).starts_with("Give 0002"), "{wrong:#?}");
}
