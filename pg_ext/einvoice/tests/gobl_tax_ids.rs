//! Tax numbers of other countries than France.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;
mod gobl_corpus;

use einvoice::finding::Severity;
use einvoice::gobl;
use gobl_corpus::{built, corpus};
use serde_json::{Value, json};

/// The party's tax number after normalisation, and the faults at it.
fn judged(country: &str, code: &str) -> (String, Vec<(&'static str, Severity, String)>) {
    let document = json!({
        "$schema": gobl::INVOICE_SCHEMA, "$regime": "FR", "issue_date": "2025-06-18",
        "supplier": {"name": "x", "tax_id": {"country": country, "code": code}},
        "lines": [{"quantity": "1", "item": {"name": "x", "price": "1.00"}, "taxes": [{"cat": "VAT", "percent": "20%"}]}],
    });
    let text = document.to_string();
    let mut invoice = common::read(&text);
    gobl::calculate(&mut invoice, &mut || Ok(())).unwrap();
    let faults = gobl::faults(&invoice)
        .into_iter()
        .filter(|fault| fault.path.starts_with("$.supplier.tax_id"))
        .map(|fault| (fault.rule.id, fault.severity, fault.wanted))
        .collect();
    (
        invoice.supplier.unwrap().tax_id.unwrap().code.to_string(),
        faults,
    )
}

/// Numbers that the countries and their companies publish.
const VALID: [(&str, &str); 52] = [
    ("AT", "U13585627"),
    ("BE", "0428759497"),
    ("BG", "175074752"),
    ("CH", "E100155212"),
    ("CH", "E107787577"),
    ("CY", "10259033P"),
    ("CZ", "25123891"),
    ("CZ", "7103192745"),
    ("CZ", "640903926"),
    ("DE", "136695976"),
    ("DE", "111111125"),
    ("DK", "13585628"),
    ("EE", "100931558"),
    ("EL", "094259216"),
    ("EL", "925667500"),
    ("ES", "54362315K"),
    ("ES", "B98602642"),
    ("ES", "J99216582"),
    ("ES", "X2482300W"),
    ("FI", "20774740"),
    ("FI", "01120389"),
    ("GB", "980780684"),
    ("GB", "844281425"),
    ("GB", "GD001"),
    ("HR", "33392005961"),
    ("HU", "12892312"),
    ("IE", "6433435F"),
    ("IE", "6433435OA"),
    ("IE", "8D79739I"),
    ("IE", "3628739L"),
    ("IT", "00743110157"),
    ("IT", "12345678903"),
    ("LT", "119511515"),
    ("LT", "100001919017"),
    ("LU", "15027442"),
    ("LV", "40003521600"),
    ("LV", "16117519997"),
    ("MT", "11679112"),
    ("NL", "004495445B01"),
    ("NL", "000099995B57"),
    ("NL", "002455799B11"),
    ("NO", "995525828MVA"),
    ("NO", "923456783MVA"),
    ("PL", "8567346215"),
    ("PL", "1111111111"),
    ("PT", "501964843"),
    ("RO", "18547290"),
    ("SE", "556036079301"),
    ("SI", "50223054"),
    ("SK", "2022749619"),
    ("XI", "980780684"),
    ("US", "123456789"),
];

#[test]
fn published_numbers_are_taken_as_they_are() {
    for (country, code) in VALID {
        assert_eq!(
            judged(country, code),
            (code.to_owned(), Vec::new()),
            "{country}"
        );
    }
}

/// Countries whose key covers the last digit, with a number in which that digit is wrong.
#[test]
fn a_wrong_digit_is_found() {
    let keyless = ["640903926", "16117519997", "GD001", "123456789"];
    for (country, code) in VALID
        .into_iter()
        .filter(|(_, code)| !keyless.contains(code))
    {
        let at = code.rfind(|c: char| c.is_ascii_digit()).unwrap();
        // In these the last digits say which branch or taxpayer it is, and no key.
        let at = if matches!(country, "NL" | "SE") {
            4
        } else {
            at
        };
        let digit = u32::from(code.as_bytes()[at] - b'0');
        let wrong = format!("{}{}{}", &code[..at], (digit + 1) % 10, &code[at + 1..]);
        let (_, faults) = judged(country, &wrong);
        assert_eq!(faults.len(), 1, "{country} {wrong}");
        assert!(!faults[0].2.is_empty());
    }
}

#[test]
fn gobl_names_the_fault_where_it_knows_the_country_and_it_is_fatal() {
    for (country, code, rule) in [
        ("DE", "111111126", "GOBL-DE-TAX-IDENTITY-01"),
        ("EL", "925667501", "GOBL-GR-TAX-IDENTITY-01"),
        ("GB", "98078068", "GOBL-GB-TAX-IDENTITY-01"),
        ("GB", "000000000", "GOBL-GB-TAX-IDENTITY-02"),
        ("GB", "980780685", "GOBL-GB-TAX-IDENTITY-03"),
    ] {
        let (_, faults) = judged(country, code);
        assert_eq!((faults[0].0, faults[0].1), (rule, Severity::Fatal));
    }
    let (_, faults) = judged("HU", "12892313");
    assert_eq!(
        (faults[0].0, faults[0].1),
        ("PGC-TAX-ID", Severity::Warning)
    );
}

#[test]
fn each_country_writes_its_numbers_in_its_own_form() {
    for (country, given, wanted) in [
        ("BE", "BE 428.759.497", "0428759497"),
        ("CH", "CHE-107.787.577 MWST", "E107787577"),
        ("NO", "NO 923 456 783", "923456783MVA"),
        ("NO", "923456783 MVA", "923456783MVA"),
        ("GR", "EL 094259216", "094259216"),
        ("DE", "de 136.695.976", "136695976"),
        ("US", "US 12-34", "1234"),
    ] {
        assert_eq!(judged(country, given).0, wanted, "{country} {given}");
    }
}

#[test]
fn the_reference_finds_no_fault_with_any_number_of_its_examples() {
    let Some(folder) = corpus("upstream/examples") else {
        return;
    };
    let mut seen = 0;
    for country in std::fs::read_dir(folder).unwrap() {
        let out = country.unwrap().path().join("out");
        for file in std::fs::read_dir(out).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let document: Value = serde_json::from_str(&text).unwrap();
            for party in ["supplier", "customer"] {
                let tax_id = &document["doc"][party]["tax_id"];
                let (Some(country), Some(code)) =
                    (tax_id["country"].as_str(), tax_id["code"].as_str())
                else {
                    continue;
                };
                seen += 1;
                assert_eq!(
                    judged(country, code),
                    (code.to_owned(), Vec::new()),
                    "{country}"
                );
            }
        }
    }
    assert!(seen > 80, "the corpus has shrunk to {seen}");
}

#[test]
fn a_number_does_not_change_when_normalised_twice() {
    let once = built(
        &json!({
            "$schema": gobl::INVOICE_SCHEMA, "$regime": "FR", "issue_date": "2025-06-18",
            "supplier": {"name": "x", "tax_id": {"country": "CH", "code": "CHE107787577IVA"}},
            "lines": [{"quantity": "1", "item": {"name": "x", "price": "1.00"}}],
        })
        .to_string(),
    )
    .unwrap();
    assert_eq!(once["supplier"]["tax_id"]["code"], "E107787577");
    assert_eq!(built(&once.to_string()).unwrap(), once);
}
