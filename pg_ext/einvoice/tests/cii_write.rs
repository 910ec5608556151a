//! What the CII file holds beyond the golden ones, and what it does with texts and gaps.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;

use common::{assert_fails, built, failing, fixture, remove, set};
use einvoice::entry::{self, Attachment, Profile};
use einvoice::input::{Error, RefusalKind};
use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::{Value, json};

fn render(doc: &Value, profile: Profile) -> String {
    entry::render_cii(doc.to_string().as_str(), profile, &[], &mut || Ok(())).unwrap()
}

/// Reads the file to its end; the texts in it.
fn texts(xml: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut texts = Vec::new();
    let mut open = 0_usize;
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open += 1;
                for attribute in start.attributes() {
                    attribute.unwrap();
                }
                text.clear();
            }
            Event::End(_) => {
                open -= 1;
                texts.push(std::mem::take(&mut text));
            }
            Event::Text(part) => text.push_str(&quick_xml::escape::unescape(&part).unwrap()),
            Event::GeneralRef(part) => {
                text.push_str(&quick_xml::escape::unescape(&format!("&{};", &*part)).unwrap())
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0, "every element is closed");
    let is_legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(is_legal), "characters of XML 1.0 alone");
    texts
}

/// One element on one line, as the writer indents it.
fn element(name: &str, content: &str) -> String {
    format!("<ram:{name}>{content}</ram:{name}>")
}

#[test]
fn the_country_is_the_addresss_own_and_the_tax_ids_only_where_it_has_none() {
    let doc = built(&fixture("b2g.json"));
    let in_spain = set(&doc, "/supplier/addresses/0/country", json!("ES"));
    assert!(render(&in_spain, Profile::ChorusPro).contains(&element("CountryID", "ES")));
    let greek = set(
        &remove(&doc, "/supplier/addresses/0/country"),
        "/supplier/tax_id/country",
        json!("EL"),
    );
    assert!(render(&greek, Profile::En16931).contains(&element("CountryID", "GR")));
}

#[test]
fn what_gobl_says_of_an_item_is_written() {
    let mut doc = fixture("b2g.json");
    doc["lines"][0]["item"]["origin"] = json!("FR");
    doc["lines"][0]["item"]["meta"] = json!({"essence": "chêne"});
    doc["lines"][0]["item"]["identities"] = json!([
        {"key": "gtin", "code": "03012345678900"}, {"code": "LP-7781"}, {"label": "STI", "code": "44111510"}
    ]);
    doc["lines"][0]["identifier"] = json!({"code": "CPT-9", "ext": {"untdid-reference": "ABT"}});
    doc["lines"][0]["order"] = json!("3");
    doc["lines"][0]["cost"] = json!("6064");
    doc["lines"][0]["notes"] = json!([{"text": "Bois massif"}, {"text": "Certifié"}]);
    let xml = render(&doc, Profile::En16931);
    for part in [
        element("SellerAssignedID", "ETAG-180"),
        element("BuyerAssignedID", "LP-7781"),
        "<ram:GlobalID schemeID=\"0160\">03012345678900</ram:GlobalID>".to_owned(),
        "<ram:ClassCode listID=\"STI\">44111510</ram:ClassCode>".to_owned(),
        element("Description", "essence"),
        element("Value", "chêne"),
        element("IssuerAssignedID", "CPT-9"),
        element("ReferenceTypeCode", "ABT"),
        element("LineID", "3"),
        element("ID", "6064"),
        element("Content", "Bois massif\nCertifié"),
    ] {
        assert!(xml.contains(&part), "{part} in {xml}");
    }
}

#[test]
fn further_due_dates_are_told_in_the_one_text_there_is() {
    let mut doc = fixture("b2g.json");
    doc["payment"]["terms"] = json!({"notes": "En deux fois", "due_dates": [
        {"date": "2026-04-01", "percent": "50%"}, {"date": "2026-05-01", "percent": "50%", "notes": "solde"}
    ]});
    let xml = render(&doc, Profile::ChorusPro);
    let told = "En deux fois. 2026-04-01: 1064.40 EUR. 2026-05-01: 1064.40 EUR (solde)";
    assert!(xml.contains(&element("Description", told)), "{xml}");
    assert_eq!(xml.matches("<ram:SpecifiedTradePaymentTerms>").count(), 1);
    assert_eq!(xml.matches("<ram:DueDateDateTime>").count(), 1);
}

#[test]
fn one_preceding_invoice_is_written() {
    let doc = fixture("credit-note.json");
    let first = doc["preceding"][0].clone();
    let xml = render(
        &set(&doc, "/preceding", json!([first, {"code": "OTHER"}])),
        Profile::ChorusPro,
    );
    assert_eq!(xml.matches("<ram:InvoiceReferencedDocument>").count(), 1);
    assert!(xml.contains(&element("IssuerAssignedID", "FA2026-0042")));
}

#[test]
fn each_scheme_of_chorus_pro_has_its_value() {
    let doc = built(&fixture("b2g.json"));
    let party = |scheme: &str, tax_id: Value, identities: Value| {
        let doc = set(&doc, "/supplier/ext/fr-choruspro-scheme", json!(scheme));
        let doc = set(
            &set(&doc, "/supplier/tax_id", tax_id),
            "/supplier/identities",
            identities,
        );
        render(&doc, Profile::ChorusPro)
    };
    let id = |scheme: &str, value: &str| format!("<ram:ID schemeID=\"{scheme}\">{value}</ram:ID>");
    let ridet = json!([{"code": "1234567890", "scope": "legal"}]);
    for (xml, expected) in [
        (
            party(
                "1",
                json!({"country": "FR"}),
                json!([{"type": "SIRET", "code": "73282932000074"}]),
            ),
            id("1", "73282932000074"),
        ),
        (
            party(
                "2",
                json!({"country": "BE", "code": "0403170701"}),
                json!([]),
            ),
            id("2", "BE0403170701"),
        ),
        (
            party("3", json!({"country": "CH"}), json!([])),
            id("3", "CHMenuiserie Lambe"),
        ),
        (
            party("4", json!({"country": "FR"}), ridet.clone()),
            id("4", "1234567890"),
        ),
        (
            party("5", json!({"country": "FR"}), ridet),
            id("5", "1234567890"),
        ),
    ] {
        assert!(xml.contains(&expected), "{expected} in {xml}");
    }
}

#[test]
fn plain_en_16931_has_iso_schemes_and_the_documents_own_framework() {
    let mut doc = fixture("b2g.json");
    doc["supplier"]["identities"] = json!([{"type": "SIREN", "code": "732829320"}, {"type": "SIRET", "code": "73282932000074"}]);
    let xml = render(&doc, Profile::En16931);
    assert!(xml.contains("<ram:GlobalID schemeID=\"0009\">73282932000074</ram:GlobalID>"));
    assert!(xml.contains("<ram:ID schemeID=\"0002\">732829320</ram:ID>"));
    assert!(xml.contains(&element("ID", "A1")), "that of the addon");
    let mut plain = doc.clone();
    plain["$addons"] = json!(["eu-en16931-v2017"]);
    let xml = render(&plain, Profile::En16931);
    assert!(!xml.contains("BusinessProcessSpecified"), "none is made up");
    plain["meta"] = json!({"business-process": "urn:example:billing"});
    let xml = render(&plain, Profile::En16931);
    assert!(xml.contains(&element("ID", "urn:example:billing")));
    let xml = render(&doc, Profile::ChorusPro);
    assert!(!xml.contains("GlobalID"), "Chorus Pro reads one identifier");
}

#[test]
fn a_number_and_a_date_are_what_the_file_cannot_do_without() {
    let doc = built(&fixture("b2g.json"));
    for (pointer, path, term) in [
        ("/code", "$.code", "BT-1"),
        ("/issue_date", "$.issue_date", "BT-2"),
    ] {
        let text = remove(&doc, pointer).to_string();
        match entry::render_cii(text.as_str(), Profile::ChorusPro, &[], &mut || Ok(())) {
            Err(Error::Refused(refusal)) => {
                assert_eq!(
                    (refusal.kind, refusal.path.as_str()),
                    (RefusalKind::Incomplete, path)
                );
                assert!(refusal.message.contains(term), "{}", refusal.message);
                assert!(refusal.hint.contains(path), "{}", refusal.hint);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn invalid_documents_are_rendered_all_the_same() {
    let mut doc = built(&fixture("b2g.json"));
    for gap in [
        "/customer",
        "/payment",
        "/lines",
        "/totals/taxes",
        "/supplier/addresses",
        "/tax",
    ] {
        doc = remove(&doc, gap);
    }
    texts(&render(&doc, Profile::ChorusPro));
}

#[test]
fn markup_is_escaped_and_what_xml_does_not_have_is_replaced() {
    let name = "<Lambert> & \"Filles\"\u{1}\u{ffff}\r\n\t]]>";
    let doc = set(&built(&fixture("b2g.json")), "/supplier/name", json!(name));
    let found = texts(&render(&doc, Profile::ChorusPro));
    let expected = "<Lambert> & \"Filles\"\u{fffd}\u{fffd}\r\n\t]]>";
    assert!(found.iter().any(|text| text == expected), "{found:?}");
}

#[test]
fn attachments_keep_their_bytes_and_their_order() {
    use base64::Engine as _;
    let bytes: Vec<u8> = (0..=255).collect();
    let attachments = [
        Attachment {
            name: "a \"b\".pdf",
            mime: "application/pdf",
            content: &bytes,
        },
        Attachment {
            name: "c.png",
            mime: "image/png",
            content: b"x",
        },
    ];
    let text = fixture("b2g.json").to_string();
    let xml = entry::render_cii(text.as_str(), Profile::ChorusPro, &attachments, &mut || {
        Ok(())
    })
    .unwrap();
    let found = texts(&xml);
    let encoded = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let at = found.iter().position(|text| *text == encoded).unwrap();
    assert!(found[at..].iter().any(|text| text == "eA=="));
    assert!(xml.contains("filename=\"a &quot;b&quot;.pdf\""), "{xml}");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let doc = fixture("cross-border.json");
    assert_eq!(
        render(&doc, Profile::ChorusPro),
        render(&doc, Profile::ChorusPro)
    );
    assert_eq!(
        render(&doc, Profile::ChorusPro),
        render(&built(&doc), Profile::ChorusPro),
        "calculated before or not"
    );
}

/// Places of a calculated invoice where a text stands.
const TEXTS: [&str; 14] = [
    "/code",
    "/series",
    "/supplier/name",
    "/supplier/alias",
    "/supplier/identities/0/code",
    "/supplier/addresses/0/street",
    "/customer/name",
    "/customer/tax_id/code",
    "/lines/0/item/name",
    "/lines/0/item/unit",
    "/lines/0/discounts/0/reason",
    "/ordering/code",
    "/payment/instructions/credit_transfer/0/iban",
    "/notes/0/text",
];

/// Places of any kind.
const PLACES: [&str; 16] = [
    "/$addons",
    "/$tags",
    "/code",
    "/currency",
    "/issue_date",
    "/tax",
    "/tax/ext/fr-choruspro-framework",
    "/supplier",
    "/supplier/ext",
    "/supplier/tax_id",
    "/customer/identities",
    "/lines",
    "/lines/0/item",
    "/lines/0/item/price",
    "/payment",
    "/totals",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "-?[0-9]{1,19}(\\.[0-9]{0,19})?%?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(
                prop::sample::select(vec![
                    "code",
                    "ext",
                    "country",
                    "name",
                    "price",
                    "sum",
                    "total",
                    "taxes",
                    "due_dates",
                    "rates"
                ]),
                inner,
                0..6
            )
            .prop_map(|members| members
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_gives_well_formed_xml(place in prop::sample::select(TEXTS.to_vec()), text in any::<String>()) {
        let doc = set(&built(&fixture("b2g.json")), place, json!(text));
        for profile in [Profile::ChorusPro, Profile::En16931] {
            if let Ok(xml) = entry::render_cii(doc.to_string().as_str(), profile, &[], &mut || Ok(())) {
                texts(&xml);
            }
        }
    }

    #[test]
    fn any_json_anywhere_is_answered(place in prop::sample::select(PLACES.to_vec()), value in any_json(), calculated in any::<bool>()) {
        let doc = fixture("b2g.json");
        let mut doc = if calculated { built(&doc) } else { doc };
        if let Some(found) = doc.pointer_mut(place) {
            *found = value;
        }
        let text = doc.to_string();
        let today = jiff::civil::date(2026, 3, 31);
        let _ = entry::validate(text.as_str(), None, &mut || Ok(()));
        let _ = entry::process(text.as_str(), today, "0195d2a4-0000-7000-8000-000000000001", &mut || Ok(()));
        let _ = entry::build(text.as_str(), &mut || Ok(()));
        let _ = entry::digest(text.as_str(), &mut || Ok(()));
        if let Ok(xml) = entry::render_cii(text.as_str(), Profile::ChorusPro, &[], &mut || Ok(())) {
            texts(&xml);
        }
    }
}

#[test]
fn what_the_file_has_no_place_for_is_told() {
    let mut doc = fixture("b2g.json");
    doc["ordering"]["contracts"] = json!([{"code": "M-1"}, {"code": "M-2"}]);
    doc["ordering"]["buyer"] = json!({"name": "Service des achats"});
    let address = json!({"street": "rue du Dépôt", "country": "FR"});
    let addresses = doc["supplier"]["addresses"].as_array_mut().unwrap();
    addresses.push(address);
    let told: Vec<_> = failing(&built(&doc))
        .into_iter()
        .filter(|finding| finding.rule.id == "PGC-CII-LEFT-OUT")
        .map(|finding| (finding.path, finding.value))
        .collect();
    let left_out = |path: &str, value: &str| (path.to_owned(), value.to_owned());
    let wanted = [
        left_out("$.ordering.buyer", "Service des achats"),
        left_out("$.ordering.contracts[1]", "M-2"),
        left_out("$.supplier.addresses[1]", "rue du Dépôt"),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn further_identifiers_numbers_and_names_are_told() {
    let mut doc = fixture("b2g.json");
    doc["supplier"]["telephones"] = json!([{"num": "+33 1"}, {"num": "+33 2"}]);
    doc["supplier"]["people"][0]["emails"] = json!([{"addr": "c@lambert.example"}]);
    doc["supplier"]["identities"] = json!([
        {"type": "SIREN", "code": "732829320"},
        {"type": "SIRET", "code": "73282932000074"},
        {"code": "3012345000004", "ext": {"iso-scheme-id": "0088"}},
        {"code": "F-1"},
        {"code": "F-2"},
    ]);
    let identities = doc["customer"]["identities"].as_array_mut().unwrap();
    identities.extend([json!({"code": "C-1"}), json!({"code": "C-2"})]);
    doc["lines"][0]["item"]["identities"] = json!([
        {"code": "A-1"},
        {"code": "A-2"},
        {"code": "03012345678900", "ext": {"iso-scheme-id": "0160"}},
        {"code": "03012345678917", "ext": {"iso-scheme-id": "0160"}},
    ]);
    doc["delivery"] = json!({"receiver": {
        "name": "Dépôt",
        "addresses": [{"street": "quai Un", "country": "FR"}, {"street": "quai Deux", "country": "FR"}],
        "telephones": [{"num": "+33 3"}],
    }});
    doc["attachments"] = json!([
        {"code": "BL-17", "name": "bl-17.pdf", "description": "Bon de livraison", "url": "https://lambert.example/bl"},
        {"code": "BL-18", "name": "bl-18.pdf", "url": "https://lambert.example/bl"},
    ]);
    let doc = built(&doc);
    let mut told: Vec<_> = failing(&doc)
        .into_iter()
        .filter(|finding| finding.rule.id == "PGC-CII-LEFT-OUT")
        .map(|finding| (finding.path, finding.value))
        .collect();
    told.sort();
    let said: Vec<_> = told.iter().map(|(p, v)| (p.as_str(), v.as_str())).collect();
    assert_eq!(
        said,
        [
            ("$.attachments[0].name", "bl-17.pdf"),
            ("$.customer.identities[2]", "C-2"),
            ("$.delivery.receiver.addresses[1]", "quai Deux"),
            ("$.delivery.receiver.telephones[0]", "+33 3"),
            ("$.lines[0].item.identities[1]", "A-2"),
            ("$.lines[0].item.identities[2]", "03012345678900"),
            (
                "$.supplier.emails[0]",
                "factures@lambert-menuiserie.example"
            ),
            ("$.supplier.identities[2]", "3012345000004"),
            ("$.supplier.telephones[1]", "+33 2"),
        ]
    );
    let xml = render(&doc, Profile::ChorusPro);
    for (path, value) in said {
        assert!(!xml.contains(&format!(">{value}<")), "{path}: {value}");
    }
}

#[test]
fn a_null_element_does_not_shift_the_place_that_is_told() {
    let mut doc = fixture("b2g.json");
    doc["ordering"]["contracts"] = json!([null, {"code": "M-1"}, {"code": "M-2"}]);
    let text = doc.to_string();
    let findings = entry::validate(text.as_str(), None, &mut || Ok(())).unwrap();
    let left_out: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule.id == "PGC-CII-LEFT-OUT")
        .map(|finding| finding.path.as_str())
        .collect();
    assert_eq!(left_out, ["$.ordering.contracts[2]"]);
}

#[test]
fn characters_that_xml_does_not_have_are_told_before_they_are_replaced() {
    let doc = built(&fixture("b2g.json"));
    let odd = set(&doc, "/lines/1/item/name", json!("Pose\u{b}sur place"));
    let finding = assert_fails(&odd, "PGC-XML-CHARACTER", "$.lines[1].item.name");
    assert_eq!(finding.value, "U+000B");
    assert!(render(&odd, Profile::ChorusPro).contains(&element("Name", "Pose\u{fffd}sur place")));
    let odd = set(&doc, "/supplier/name", json!("Lambert\u{ffff}"));
    assert_fails(&odd, "PGC-XML-CHARACTER", "$.supplier.name");
    let fine = set(&doc, "/supplier/name", json!("\u{ff2c}ambert \u{feff}"));
    assert!(failing(&fine).is_empty(), "others of the same first byte");
}
