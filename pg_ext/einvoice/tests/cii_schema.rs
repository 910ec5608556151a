//! The structure of D16B is checked as libxml2 checks it, and every fault is named once.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::cii::decode::decode;
use einvoice::cii::schema::{self, MAX_FINDINGS};
use einvoice::cii::tree::{Error, Tree};
use einvoice::finding::{Finding, Lang};

/// What is wrong with a file's structure.
fn check(xml: &str) -> Vec<Finding> {
    let tree = Tree::read(xml, &mut || Ok(())).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let mut findings = Vec::new();
    schema::check(&tree, &mut findings);
    findings
}

const HEAD: &str = "<ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>\
    <udt:DateTimeString format='102'>20260131</udt:DateTimeString></ram:IssueDateTime>";
const SUM: &str = "<ram:SpecifiedTradeSettlementHeaderMonetarySummation/>";

/// The smallest file of D16B, with what its parts hold.
fn file(head: &str, lines: &str, agreement: &str, settlement: &str) -> String {
    let names = [
        ("rsm", "CrossIndustryInvoice"),
        ("ram", "ReusableAggregateBusinessInformationEntity"),
        ("qdt", "QualifiedDataType"),
        ("udt", "UnqualifiedDataType"),
    ];
    let declared: String = names
        .map(|(prefix, name)| {
            format!(" xmlns:{prefix}='urn:un:unece:uncefact:data:standard:{name}:100'")
        })
        .concat();
    format!(
        "<rsm:CrossIndustryInvoice{declared} xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:xsd='http://www.w3.org/2001/XMLSchema'>\
         <rsm:ExchangedDocumentContext/><rsm:ExchangedDocument>{head}</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>{lines}\
         <ram:ApplicableHeaderTradeAgreement>{agreement}</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>\
         <ram:ApplicableHeaderTradeSettlement>{settlement}</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>\
         </rsm:CrossIndustryInvoice>"
    )
}

fn with_head(head: &str) -> Vec<Finding> {
    check(&file(head, "", "", SUM))
}

/// Rule, last step of the path, value and wanted of each finding.
fn told(findings: &[Finding]) -> Vec<(&str, &str, &str, &str)> {
    let last = |path: &'_ str| path.rfind('/').map_or(0, |slash| slash + 1);
    findings
        .iter()
        .map(|f| {
            (
                f.rule.id,
                &f.path[last(&f.path)..],
                f.value.as_str(),
                f.wanted.as_str(),
            )
        })
        .collect()
}

#[test]
fn what_is_in_order_gives_no_finding() {
    assert_eq!(with_head(HEAD), []);
    let commented = format!("\n <!-- c --> {HEAD}<?p i?><![CDATA[ \n]]>&#32;");
    assert_eq!(with_head(&commented), []);
    let located =
        file(HEAD, "", "", SUM).replacen(" xmlns:xsd", " xsi:schemaLocation='a' xmlns:xsd", 1);
    assert_eq!(check(&located), []);
}

#[test]
fn each_fault_is_one_finding() {
    let rest = "<ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString/></ram:IssueDateTime>";
    let [unknown, order, missing, repeated] = [
        "XSD-UNKNOWN-ELEMENT",
        "XSD-ORDER",
        "XSD-MISSING",
        "XSD-REPEATED",
    ];
    let allowed =
        "ram:ID, ram:Name, ram:TypeCode, ram:IssueDateTime, ram:CopyIndicator, ram:Purpose, …";
    for (head, wanted) in [
        (
            rest.to_owned(),
            vec![(missing, "rsm:ExchangedDocument", "", "ram:ID")],
        ),
        (
            format!("<foo/>{HEAD}"),
            vec![(unknown, "foo", "foo", allowed)],
        ),
        (
            format!("{HEAD}<rsm:IncludedNote/>"),
            vec![(
                unknown,
                "rsm:IncludedNote",
                "rsm:IncludedNote",
                "ram:IncludedNote",
            )],
        ),
        (
            format!("<ram:ID/>{HEAD}"),
            vec![(repeated, "ram:ID[2]", "ram:ID", "")],
        ),
        (
            format!("{rest}<ram:ID/>"),
            vec![(order, "ram:ID", "ram:ID", "ram:ID, ram:TypeCode")],
        ),
        (
            format!("<ram:IncludedNote/>{HEAD}<ram:LanguageID/><ram:IncludedNote/>"),
            vec![(
                order,
                "ram:IncludedNote[1]",
                "ram:IncludedNote",
                "ram:LanguageID, ram:IncludedNote",
            )],
        ),
        (
            format!("<ram:CopyIndicator/>{HEAD}"),
            vec![
                (
                    missing,
                    "ram:CopyIndicator",
                    "",
                    "udt:IndicatorString | udt:Indicator",
                ),
                (
                    order,
                    "ram:CopyIndicator",
                    "ram:CopyIndicator",
                    "ram:IssueDateTime, ram:CopyIndicator",
                ),
            ],
        ),
        (
            String::new(),
            vec![
                (missing, "rsm:ExchangedDocument", "", "ram:ID"),
                (missing, "rsm:ExchangedDocument", "", "ram:IssueDateTime"),
            ],
        ),
        (
            HEAD.replace(
                "</udt:DateTimeString>",
                "</udt:DateTimeString><udt:DateTime>2026-01-31T00:00:00</udt:DateTime>",
            ),
            vec![(repeated, "udt:DateTime", "udt:DateTime", "")],
        ),
        (
            format!("{HEAD} x "),
            vec![("XSD-TEXT", "rsm:ExchangedDocument", "x", "")],
        ),
        (
            HEAD.replace("F-1", "F-1<b/>"),
            vec![(unknown, "b", "b", "abc")],
        ),
        (
            HEAD.replace("<ram:ID>", "<ram:ID scheme='1'>"),
            vec![(
                "XSD-ATTRIBUTE",
                "ram:ID",
                "scheme",
                "schemeID, schemeName, schemeAgencyID, schemeAgencyName, schemeVersionID, schemeDataURI, schemeURI",
            )],
        ),
        (
            HEAD.replace("<ram:IssueDateTime>", "<ram:IssueDateTime xml:lang='fr'>"),
            vec![("XSD-ATTRIBUTE", "ram:IssueDateTime", "xml:lang", "–")],
        ),
        (
            HEAD.replace(
                "<ram:TypeCode>",
                "<ram:TypeCode listID='1002' listAgencyID=' 6 '>",
            ),
            vec![(
                "XSD-ATTRIBUTE-VALUE",
                "ram:TypeCode",
                "listID=\"1002\"",
                "1001",
            )],
        ),
    ] {
        assert_eq!(told(&with_head(&head)), wanted, "{head}");
    }
}

#[test]
fn several_faults_are_all_found() {
    let head = HEAD
        .replace("<ram:ID>", "<ram:ID a=''>")
        .replace("380", "<x/>");
    let tax = "<ram:ApplicableTradeTax><ram:CalculatedAmount>1,5</ram:CalculatedAmount></ram:ApplicableTradeTax>";
    let findings = check(&file(&head, "<y/>", "text", &format!("{SUM}{tax}")));
    let ids: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
    let wanted = [
        "XSD-ATTRIBUTE",
        "XSD-UNKNOWN-ELEMENT",
        "XSD-TEXT",
        "XSD-VALUE",
        "XSD-ORDER",
        "XSD-UNKNOWN-ELEMENT",
    ];
    assert_eq!(ids, wanted);
    for finding in &findings {
        for lang in [Lang::En, Lang::Fr] {
            let message = finding.message(lang);
            assert!(
                !message.contains('{') && message.contains(&finding.path),
                "{message}"
            );
        }
    }
}

#[test]
fn what_is_no_invoice_is_one_finding() {
    for xml in [
        "<CrossIndustryInvoice/>",
        "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'><a/></Invoice>",
        "<rsm:CrossIndustryDocument xmlns:rsm='urn:ferd:CrossIndustryDocument:invoice:1p0'/>",
    ] {
        let findings = check(xml);
        assert_eq!(findings.len(), 1, "{xml}");
        assert_eq!(
            (findings[0].rule.id, findings[0].wanted.as_str()),
            ("XSD-ROOT", "rsm:CrossIndustryInvoice")
        );
    }
}

#[test]
fn values_are_those_of_xml_schema() {
    let amount = |text: &str| {
        let sum = SUM.replace("/>", &format!("><ram:LineTotalAmount>{text}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>"));
        check(&file(HEAD, "", "", &sum))
    };
    let time = |text: &str| {
        let time = format!("<udt:DateTime>{text}</udt:DateTime>");
        with_head(&HEAD.replace(
            "<udt:DateTimeString format='102'>20260131</udt:DateTimeString>",
            &time,
        ))
    };
    let day = |text: &str| {
        let tax = format!(
            "<ram:ApplicableTradeTax><ram:TaxPointDate><udt:Date>{text}</udt:Date></ram:TaxPointDate></ram:ApplicableTradeTax>{SUM}"
        );
        check(&file(HEAD, "", "", &tax))
    };
    let flag = |text: &str| {
        with_head(&format!(
            "{HEAD}<ram:CopyIndicator><udt:Indicator>{text}</udt:Indicator></ram:CopyIndicator>"
        ))
    };
    let bytes = |text: &str| {
        let document = "<ram:AdditionalReferencedDocument><ram:AttachmentBinaryObject>";
        let end = "</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>";
        check(&file(HEAD, "", &format!("{document}{text}{end}"), SUM))
    };
    let uri = |text: &str| {
        with_head(&HEAD.replace(
            "<ram:TypeCode>",
            &format!("<ram:TypeCode listURI=\"{text}\">"),
        ))
    };
    let unit = |text: &str| {
        let line = format!(
            "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument/><ram:SpecifiedLineTradeDelivery>\
             <ram:NetWeightMeasure unitCode='{text}'>1</ram:NetWeightMeasure></ram:SpecifiedLineTradeDelivery>\
             <ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation/></ram:SpecifiedLineTradeSettlement>\
             </ram:IncludedSupplyChainTradeLineItem>"
        );
        check(&file(HEAD, &line, "", SUM))
    };
    type Check<'c> = &'c dyn Fn(&str) -> Vec<Finding>;
    let cases: [(Check<'_>, &str, &[&str], &[&str]); 7] = [
        (
            &amount,
            "XSD-VALUE",
            &[
                "1324.60",
                "+1",
                "-.5",
                "5.",
                " 1\n",
                "00",
                "<![CDATA[1]]>",
                "1<!-- -->2",
                "99999999999999999999999999999999.9",
            ],
            &[
                "",
                "-1 324,60",
                "1e5",
                "NaN",
                "INF",
                ".",
                "-",
                "1.2.3",
                "0x1",
                "1 2",
                "\u{A0}1",
                "€1",
                "１",
            ],
        ),
        (
            &time,
            "XSD-VALUE",
            &[
                "2026-01-31T09:00:00",
                "2024-02-29T23:59:59.5Z",
                "2026-01-31T24:00:00+14:00",
                "-12026-12-31T00:00:00-00:00",
            ],
            &[
                "",
                "20260231",
                "2026-02-30T00:00:00",
                "2026-01-31",
                "2026-01-31T9:00:00",
                "2026-01-31T24:00:01",
                "0000-01-01T00:00:00",
                "02026-01-31T00:00:00",
                "2026-01-31T00:00:60",
                "2026-01-31T00:00:00+14:01",
                "2026-01-31T00:00:00.",
                "2026-13-01T00:00:00",
            ],
        ),
        (
            &day,
            "XSD-VALUE",
            &["2026-01-31", "2024-02-29Z", "2026-01-31+01:00"],
            &[
                "",
                "2025-02-29",
                "1900-02-29",
                "20260131",
                "2026-1-1",
                " 2026-01-31",
                "2026-01-31T00:00:00",
                "2026-01-31z",
            ],
        ),
        (
            &flag,
            "XSD-VALUE",
            &["true", "false", " 1 ", "0"],
            &["", "TRUE", "yes", "2", "t rue"],
        ),
        (
            &bytes,
            "XSD-VALUE",
            &["", "AAAA", "AA==", "AAA=", " A A\nA A ", "Ag=="],
            &["A", "AAA", "AB==", "AAA", "====", "AA=A", "AAB="],
        ),
        (
            &uri,
            "XSD-ATTRIBUTE-VALUE",
            &[
                "",
                "a b",
                "é",
                "http://h:80/p?q#f",
                "urn:x:y",
                "//h",
                "%41",
                "mailto:a@b",
            ],
            &[
                "%zz",
                "a#b#c",
                ":b",
                "1a:b",
                "http://h:x",
                "http://[",
                "a[b",
            ],
        ),
        (
            &unit,
            "XSD-ATTRIBUTE-VALUE",
            &["KGM", "K", " KGM ", "ééé", "A  B"],
            &["", "KGMM", "  "],
        ),
    ];
    for (check, rule, good, bad) in cases {
        for text in good {
            assert_eq!(check(text), [], "{text}");
        }
        for text in bad {
            let findings = check(text);
            assert_eq!(findings.len(), 1, "{text}: {findings:?}");
            assert_eq!(findings[0].rule.id, rule, "{text}");
            assert!(!findings[0].wanted.is_empty());
        }
    }
}

#[test]
fn attributes_of_xml_schema_mean_what_they_mean() {
    for (attribute, good) in [
        ("xsi:type='udt:IDType'", true),
        (
            "xsi:type='u:IDType' xmlns:u='urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100'",
            true,
        ),
        ("xsi:noNamespaceSchemaLocation='x'", true),
        ("xsi:type='udt:CodeType'", false),
        ("xsi:type='IDType'", false),
        ("xsi:type=' udt:IDType '", false),
        ("xsi:type='ram:IDType'", false),
        ("xsi:type='nope:IDType'", false),
        ("xsi:type='xsd:token'", false),
        ("xsi:nil='false'", false),
        ("xsi:other='1'", false),
        ("xml:lang='fr'", false),
    ] {
        let findings = with_head(&HEAD.replace("<ram:ID>", &format!("<ram:ID {attribute}>")));
        assert_eq!(findings.is_empty(), good, "{attribute}: {findings:?}");
    }
}

#[test]
fn findings_have_an_end() {
    let lines = "<ram:IncludedSupplyChainTradeLineItem/>".repeat(20_000);
    assert_eq!(check(&file(HEAD, &lines, "", SUM)).len(), MAX_FINDINGS);
}

/// Every file of the corpus: well-formed and valid as libxml2 says.
#[test]
fn the_corpus_is_judged_as_libxml2_judges_it() {
    let root = std::env::var_os("CHORUS_CORPUS").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        std::path::PathBuf::from,
    );
    let folder = root.join("cii");
    let Ok(expected) = std::fs::read_to_string(folder.join("expected.json")) else {
        println!("SKIPPED: corpus not found: {}", folder.display());
        return;
    };
    let expected: Vec<serde_json::Value> = serde_json::from_str(&expected).unwrap();
    assert!(expected.len() > 1_000);
    let mut wrong = Vec::new();
    for file in &expected {
        let name = file["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let read = decode(&bytes).and_then(|text| {
            let tree = Tree::read(&text, &mut || Ok(()))?;
            let mut findings = Vec::new();
            schema::check(&tree, &mut findings);
            Ok(findings)
        });
        let (well_formed, valid) = match &read {
            Ok(findings) => (true, findings.is_empty()),
            Err(Error::Unreadable(_)) => (false, false),
            Err(Error::Cancelled(_)) => panic!("nobody cancelled"),
        };
        if file["wellformed"] != well_formed || file["xsd_d16b"].as_bool().unwrap_or(false) != valid
        {
            wrong.push(format!("{name}: {read:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
