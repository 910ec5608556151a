//! What Chorus Pro asks beyond EN 16931.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;

use common::{assert_fails, assert_holds, built, failing, fixture, remove, set};
use einvoice::amount::{Amount, Percentage};
use einvoice::en16931::{
    Address, Attachment, CreditTransfer, Delivery, Identifier, Invoice, Item, Line, LineVat,
    Locate, Party, Payment, Price, Site, Totals, VatBreakdown,
};
use einvoice::entry::{self, Profile};
use einvoice::finding::{Lang, Severity};
use serde_json::json;

#[test]
fn the_number_has_a_length_and_a_charset() {
    let doc = built(&fixture("b2g.json"));
    for (code, holds) in [
        ("12345678901234", false),
        ("1234567890123", true),
        ("42/A+B_c", true),
        ("42#", false),
        ("42é", false),
    ] {
        let doc = set(&doc, "/code", json!(code));
        if holds {
            assert_holds(&doc);
        } else {
            let finding = assert_fails(&doc, "PGC-CPRO-NUMBER", "$.code");
            assert_eq!(finding.value, format!("FA2026-{code}"));
        }
    }
}

#[test]
fn the_number_of_the_preceding_invoice_too() {
    let doc = set(
        &built(&fixture("credit-note.json")),
        "/preceding/0/code",
        json!("n°42"),
    );
    let findings = failing(&doc);
    assert!(
        findings
            .iter()
            .any(|f| f.rule.id == "PGC-CPRO-PRECEDING-NUMBER" && f.path == "$.preceding[0].code")
    );
}

#[test]
fn only_a1_and_a2_can_be_deposited() {
    for framework in ["A9", "A12", "A11", "ZZ"] {
        let doc = set(
            &fixture("b2g.json"),
            "/tax",
            json!({"ext": {"fr-choruspro-framework": framework}}),
        );
        let findings = failing(&built(&doc));
        let found = findings
            .iter()
            .find(|f| f.rule.id == "PGC-CPRO-CADRE")
            .unwrap();
        assert_eq!(
            (found.severity, found.value.as_str()),
            (Severity::Fatal, framework)
        );
        assert_eq!(found.path, "$.tax.ext.fr-choruspro-framework");
        assert!(found.message(Lang::Fr).contains(framework));
    }
}

#[test]
fn a_siret_has_fourteen_digits() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/supplier/identities/0/code",
        json!("732 829 320 00074"),
    );
    let finding = assert_fails(&doc, "PGC-CPRO-SIRET", "$.supplier.identities[0].code");
    assert_eq!(finding.severity, Severity::Fatal);
    assert_eq!(finding.same_as, ["GOBL-FR-ORG-IDENTITY-02"]);
}

#[test]
fn a_siret_with_a_wrong_key_is_a_warning() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/supplier/identities/0/code",
        json!("73282932000075"),
    );
    let finding = assert_fails(&doc, "PGC-CPRO-SIRET", "$.supplier.identities[0].code");
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn establishments_of_la_poste_have_a_key_of_their_own() {
    // 3 + 5 + 6 + 1 + 2 + 3 = 20, a multiple of five; the key of Luhn is wrong.
    let doc = built(&fixture("b2g.json"));
    assert_holds(&set(
        &doc,
        "/customer/identities/0/code",
        json!("35600000010203"),
    ));
    let finding = assert_fails(
        &set(&doc, "/customer/identities/0/code", json!("35600000010204")),
        "PGC-CPRO-SIRET",
        "$.customer.identities[0].code",
    );
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn a_party_without_siret_is_one_problem() {
    let doc = remove(&fixture("b2g.json"), "/supplier/identities");
    let finding = assert_fails(&built(&doc), "PGC-CPRO-IDENTIFIER", "$.supplier.ext");
    assert_eq!(finding.severity, Severity::Fatal);
    assert_eq!(finding.same_as, ["GOBL-FR-CHORUSPRO-ORG-PARTY-01"]);
}

#[test]
fn payment_means_are_wanted_on_invoices() {
    let doc = remove(&built(&fixture("b2g.json")), "/payment/instructions");
    let finding = assert_fails(&doc, "PGC-CPRO-PAYMENT-MEANS", "$.payment.instructions");
    assert_eq!(finding.severity, Severity::Fatal);
    let credit = failing(&built(&fixture("credit-note.json")));
    assert_eq!(
        credit
            .iter()
            .map(|f| (f.rule.id, f.severity))
            .collect::<Vec<_>>(),
        [("PGC-CPRO-PAYMENT-MEANS", Severity::Warning)]
    );
}

#[test]
fn payment_means_come_from_a_list() {
    for (means, holds) in [
        ("48", true),
        ("01", true),
        ("97", true),
        ("68", false),
        ("ZZZ", false),
    ] {
        let doc = set(
            &built(&fixture("b2g-paid.json")),
            "/payment/instructions/ext/untdid-payment-means",
            json!(means),
        );
        if holds {
            assert_holds(&doc);
        } else {
            let finding =
                assert_fails(&doc, "PGC-CPRO-PAYMENT-MEANS", "$.payment.instructions.key");
            assert_eq!(
                (finding.severity, finding.value.as_str()),
                (Severity::Fatal, means)
            );
        }
    }
}

#[test]
fn an_iban_with_wrong_key_is_a_warning() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/payment/instructions/credit_transfer/0/iban",
        json!("FR7699999060420001234567880"),
    );
    let finding = assert_fails(
        &doc,
        "PGC-CPRO-IBAN",
        "$.payment.instructions.credit_transfer[0].iban",
    );
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn one_preceding_invoice_is_sent() {
    let doc = built(&fixture("credit-note.json"));
    let first = doc["preceding"][0].clone();
    let findings = failing(&set(&doc, "/preceding", json!([first, first])));
    let found = findings
        .iter()
        .find(|f| f.rule.id == "PGC-CPRO-PRECEDING")
        .unwrap();
    assert_eq!(
        (found.severity, found.path.as_str(), found.value.as_str()),
        (Severity::Warning, "$.preceding", "2")
    );
    let findings = failing(&remove(&doc, "/preceding"));
    assert!(
        findings
            .iter()
            .any(|f| f.rule.id == "PGC-CPRO-PRECEDING-MISSING" && f.path == "$.preceding")
    );
}

#[test]
fn routing_fields_have_lengths_counted_in_characters() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/ordering/contracts",
        json!([{"code": "M1"}]),
    );
    for (pointer, path, rule, limit) in [
        (
            "/ordering/code",
            "$.ordering.code",
            "PGC-CPRO-SERVICE-CODE",
            100,
        ),
        (
            "/ordering/purchases/0/code",
            "$.ordering.purchases[0].code",
            "PGC-CPRO-COMMITMENT",
            50,
        ),
        (
            "/ordering/contracts/0/code",
            "$.ordering.contracts[0].code",
            "PGC-CPRO-CONTRACT",
            50,
        ),
    ] {
        let within = failing(&set(&doc, pointer, json!("é".repeat(limit))));
        assert!(within.iter().all(|f| f.rule.id != rule), "{within:#?}");
        let beyond = failing(&set(&doc, pointer, json!("é".repeat(limit + 1))));
        let found = beyond.iter().find(|f| f.rule.id == rule).unwrap();
        assert_eq!(
            (found.severity, found.path.as_str()),
            (Severity::Fatal, path)
        );
        assert_eq!(found.wanted, limit.to_string());
    }
}

#[test]
fn long_names_and_notes_are_warnings() {
    let doc = built(&fixture("b2g.json"));
    let finding = assert_fails(
        &set(&doc, "/customer/name", json!("N".repeat(100))),
        "PGC-CPRO-NAME",
        "$.customer.name",
    );
    assert_eq!(finding.severity, Severity::Warning);
    let finding = assert_fails(
        &set(&doc, "/notes/0/text", json!("n".repeat(1025))),
        "PGC-CPRO-NOTE",
        "$.notes[0]",
    );
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn prices_have_six_decimals_at_most() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/lines/1/item/price",
        json!("48.0000001"),
    );
    assert_fails(&doc, "PGC-CPRO-DECIMALS", "$.lines[1].item.price");
    assert_holds(&set(&doc, "/lines/1/item/price", json!("48.0000000")));
}

#[test]
fn plain_en_16931_asks_none_of_it() {
    let mut doc = built(&fixture("b2g.json"));
    doc["code"] = json!("a-number-longer-than-twenty");
    doc["$addons"] = json!(["eu-en16931-v2017"]);
    let text = doc.to_string();
    let findings = entry::validate(text.as_str(), None, &mut || Ok(())).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    let findings =
        entry::validate(text.as_str(), Some(Profile::ChorusPro), &mut || Ok(())).unwrap();
    assert_eq!(
        findings.iter().map(|f| f.rule.id).collect::<Vec<_>>(),
        ["PGC-CPRO-NUMBER"]
    );
}

/// The term and its occurrence stand for the place.
struct Terms;

impl Locate for Terms {
    fn path(&self, site: Site) -> String {
        format!("{}{:?}", site.term, site.at)
    }
}

/// What of these rules fails on an invoice of the model.
fn failing_of_model(invoice: &Invoice<'_>, rule: &str) -> Vec<(String, String, Severity)> {
    let mut findings = Vec::new();
    einvoice::rules::check(
        invoice,
        Profile::ChorusPro,
        &Terms,
        &mut || Ok(()),
        &mut findings,
    )
    .unwrap();
    findings
        .into_iter()
        .filter(|finding| finding.rule.id == rule)
        .map(|finding| (finding.path, finding.value, finding.severity))
        .collect()
}

fn assert_at(invoice: &Invoice<'_>, rule: &str, wanted: &[(&str, &str, Severity)]) {
    let found = failing_of_model(invoice, rule);
    let found: Vec<_> = found.iter().map(|(p, v, s)| (&**p, &**v, *s)).collect();
    assert_eq!(found, wanted, "{rule}");
}

#[test]
fn a_file_without_framework_is_taken_for_a1() {
    assert_at(&Invoice::default(), "PGC-CPRO-CADRE", &[]);
    let in_specification = Invoice {
        specification: Some("A9".into()),
        ..Invoice::default()
    };
    let fatal = ("BT-23[0, 0]", "A9", Severity::Fatal);
    assert_at(&in_specification, "PGC-CPRO-CADRE", &[fatal]);
}

#[test]
fn a_gross_price_comes_with_its_discount() {
    let price = |discount: Option<i64>| Invoice {
        lines: vec![Line {
            price: Price {
                gross: Some(Amount::new(10, 0)),
                discount: discount.map(|discount| Amount::new(discount, 0)),
                ..Price::default()
            },
            ..Line::default()
        }],
        ..Invoice::default()
    };
    let fatal = ("BT-148[0, 0]", "10", Severity::Fatal);
    assert_at(&price(None), "PGC-CPRO-GROSS-PRICE", &[fatal]);
    assert_at(&price(Some(0)), "PGC-CPRO-GROSS-PRICE", &[]);
}

#[test]
fn types_currencies_signs_and_dates_are_those_of_chorus_pro() {
    let invoice = Invoice {
        type_code: Some("381".into()),
        currency: Some("USD".into()),
        issue_date: Some(jiff::civil::date(1999, 12, 31).into()),
        totals: Totals {
            with_vat: Some(Amount::new(-1, 0)),
            ..Totals::default()
        },
        ..Invoice::default()
    };
    let warning = |path, value| (path, value, Severity::Warning);
    assert_at(&invoice, "PGC-CPRO-TYPE", &[]);
    assert_at(
        &invoice,
        "PGC-CPRO-CURRENCY",
        &[warning("BT-5[0, 0]", "USD")],
    );
    assert_at(
        &invoice,
        "PGC-CPRO-DATE",
        &[warning("BT-2[0, 0]", "1999-12-31")],
    );
    assert_at(
        &invoice,
        "PGC-CPRO-CREDIT-SIGN",
        &[warning("BT-112[0, 0]", "-1")],
    );
    let self_billed = Invoice {
        type_code: Some("389".into()),
        ..invoice
    };
    assert_at(
        &self_billed,
        "PGC-CPRO-TYPE",
        &[warning("BT-3[0, 0]", "389")],
    );
    assert_at(&self_billed, "PGC-CPRO-CREDIT-SIGN", &[]);
}

#[test]
fn vat_rates_are_french() {
    let with = |rate: &str| Invoice {
        vat: vec![VatBreakdown {
            vat: LineVat {
                rate: Some(Percentage::parse(rate).unwrap()),
                ..LineVat::default()
            },
            ..VatBreakdown::default()
        }],
        ..Invoice::default()
    };
    for rate in ["20%", "20.0%", "5.5%", "2.10%", "0%", "1.05%"] {
        assert_at(&with(rate), "PGC-CPRO-VAT-RATE", &[]);
    }
    let warning = ("BT-119[0, 0]", "19.0%", Severity::Warning);
    assert_at(&with("19.0%"), "PGC-CPRO-VAT-RATE", &[warning]);
}

#[test]
fn the_framework_a2_leaves_nothing_due() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/tax/ext/fr-choruspro-framework",
        json!("A2"),
    );
    let finding = assert_fails(&doc, "PGC-CPRO-PAID", "$.totals");
    assert_eq!(finding.same_as, ["GOBL-FR-CHORUSPRO-BILL-INVOICE-06"]);
}

#[test]
fn texts_have_lengths() {
    let long = "é".repeat(1025);
    let invoice = Invoice {
        delivery: Some(Delivery {
            location: Some(Identifier::of("x".repeat(21).into(), None)),
            ..Delivery::default()
        }),
        seller: Some(Party {
            address: Some(Address {
                line_one: Some("x".repeat(401).into()),
                city: Some("x".repeat(400).into()),
                ..Address::default()
            }),
            ..Party::default()
        }),
        vat: vec![VatBreakdown {
            exemption_reason: Some(long.clone().into()),
            ..VatBreakdown::default()
        }],
        attachments: vec![Attachment {
            file_name: Some("x".repeat(51).into()),
            ..Attachment::default()
        }],
        payment: Some(Payment {
            credit_transfers: vec![CreditTransfer {
                iban: Some("MT84 MALT 0110 0001 2345 MTLC AST0 01S".into()),
                ..CreditTransfer::default()
            }],
            ..Payment::default()
        }),
        lines: vec![Line {
            item: Item {
                description: Some(long.into()),
                ..Item::default()
            },
            ..Line::default()
        }],
        ..Invoice::default()
    };
    for (rule, paths) in [
        ("PGC-CPRO-PLACE", vec!["BT-71[0, 0]"]),
        ("PGC-CPRO-TEXT", vec!["BT-120[0, 0]", "BT-35[0, 0]"]),
        ("PGC-CPRO-ATTACHMENT", vec!["BT-125-2[0, 0]"]),
        ("PGC-CPRO-ACCOUNT", vec!["BT-84[0, 0]"]),
        ("PGC-CPRO-ITEM", vec!["BT-154[0, 0]"]),
    ] {
        let found = failing_of_model(&invoice, rule);
        let found: Vec<_> = found.iter().map(|(path, _, _)| path.as_str()).collect();
        assert_eq!(found, paths, "{rule}");
    }
}

#[test]
fn identifiers_have_the_form_of_their_scheme() {
    let with = |scheme: Option<&'static str>, value: &'static str| Invoice {
        seller: Some(Party {
            legal_id: Some(Identifier::local(value.into(), scheme.map(Into::into))),
            ..Party::default()
        }),
        ..Invoice::default()
    };
    for (scheme, value, holds) in [
        ("2", "DE136695976", true),
        ("2", "FR44732829320", false),
        ("2", "CHE116281710", false),
        ("2", "DE13669597600000000", false),
        ("3", "CHUhren AG", true),
        ("3", "DEUhren AG", false),
        ("3", "12", false),
        ("4", "123456789", true),
        ("4", "12345", false),
        ("5", "1234567890", true),
        ("6", "anything", true),
    ] {
        let found = failing_of_model(&with(Some(scheme), value), "PGC-CPRO-IDENTIFIER-FORM");
        assert_eq!(found.is_empty(), holds, "{scheme} {value}");
    }
    for (scheme, value, holds) in [
        (Some("1"), "x", true),
        (Some("0002"), "73282932000074", true),
        (Some("0002"), "732829320", false),
        (Some("0088"), "73282932000074", false),
        (None, "73282932000074", false),
    ] {
        let found = failing_of_model(&with(scheme, value), "PGC-CPRO-SCHEME");
        assert_eq!(found.is_empty(), holds, "{scheme:?} {value}");
    }
}

/// What is wanted is said in the language of the sentence, with its unit.
#[test]
fn the_form_of_an_identifier_is_told_in_both_languages() {
    let mut doc = built(&fixture("b2g.json"));
    doc["supplier"]["tax_id"] = json!({"country": "CH", "code": "E116281710"});
    for (scheme, en, fr) in [
        ("2", "18 characters at most", "18 caractères au plus"),
        ("4", "9 or 10 characters", "9 ou 10 caractères"),
    ] {
        doc["supplier"]["identities"] = json!([{"scope": "legal", "code": "12"}]);
        doc["supplier"]["ext"] = json!({"fr-choruspro-scheme": scheme});
        let findings = failing(&doc);
        let finding = findings
            .iter()
            .find(|f| f.rule.id == "PGC-CPRO-IDENTIFIER-FORM")
            .unwrap_or_else(|| panic!("{scheme}: {findings:#?}"));
        for (lang, said) in [(Lang::En, en), (Lang::Fr, fr)] {
            let message = finding.message(lang);
            assert!(message.contains(said), "{message}");
        }
        let neutral = |c: char| !c.is_alphabetic();
        assert!(finding.wanted.chars().all(neutral), "{}", finding.wanted);
    }
}
