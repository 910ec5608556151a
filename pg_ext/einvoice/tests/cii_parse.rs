//! `parse_cii` on files that others wrote: nothing changes its meaning in silence.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::entry::{File, Profile, check_cii, parse_cii, render_cii};
use einvoice::finding::{Finding, Lang};
use einvoice::gobl::limits;
use einvoice::input::{Error, Refusal, RefusalKind};
use serde_json::Value;

/// Our own file of a German supplier, with a text replaced wherever it stands.
fn cross_border(replaced: &[(&str, &str)]) -> String {
    let mut file = std::fs::read_to_string("../../tests/fixtures/cross-border.xml").unwrap();
    for (from, to) in replaced {
        assert!(file.contains(from), "{from}");
        file = file.replace(from, to);
    }
    file
}

fn parsed(file: &str) -> Value {
    serde_json::to_value(parse_cii(file, &mut || Ok(())).unwrap()).unwrap()
}

fn checked(file: &str) -> Vec<Finding> {
    check_cii(File::Text(file), Profile::En16931, &mut || Ok(())).unwrap()
}

#[test]
fn what_is_said_of_totals_that_differ_is_what_happens() {
    let file = cross_border(&[(
        "3200.00</ram:DuePayableAmount>",
        "3210.00</ram:DuePayableAmount>",
    )]);
    let findings = checked(&file);
    let finding = findings.iter().find(|f| f.rule.id == "PGC-CII-TOTALS");
    let finding = finding.unwrap();
    assert_eq!(parsed(&file)["totals"]["payable"], "3210.00");
    assert_eq!(
        finding.message(Lang::En),
        "The file gives 3210.00, but calculating the invoice from its lines gives 3200.00. \
         The GOBL invoice made of the file keeps the file's amounts."
    );
    assert_eq!(
        finding.message(Lang::Fr),
        "Le fichier indique 3210.00, mais le calcul de la facture à partir de ses lignes donne 3200.00. \
         La facture GOBL tirée du fichier conserve les montants du fichier."
    );
}

/// Why a file is refused.
fn refused(file: &str) -> Refusal {
    match parse_cii(file, &mut || Ok(())) {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_vat_category_that_gobl_lacks_is_refused() {
    for (code, said) in [
        (
            "B",
            "GOBL has no split payment, VAT category \"B\" (BT-151)",
        ),
        ("XX", "GOBL has no VAT category \"XX\" (BT-151)"),
    ] {
        let file = cross_border(&[(">AE<", &format!(">{code}<"))]);
        let refusal = refused(&file);
        assert_eq!(refusal.kind, RefusalKind::Calculation);
        assert_eq!(
            (refusal.path.as_str(), refusal.message.as_str()),
            ("$.lines[0].taxes[0]", said)
        );
    }
}

#[test]
fn white_space_around_a_vat_category_changes_nothing() {
    let tax = parsed(&cross_border(&[(">AE<", ">\n AE <")]));
    assert_eq!(tax["lines"][0]["taxes"][0]["key"], "reverse-charge");
}

#[test]
fn amounts_that_gobl_does_not_hold_are_refused() {
    for quantity in ["999999999999999999", "-999999999999999999"] {
        let file = cross_border(&[(
            "<ram:BilledQuantity unitCode=\"DAY\">5<",
            &format!("<ram:BilledQuantity unitCode=\"DAY\">{quantity}<"),
        )]);
        let refusal = refused(&file);
        assert_eq!(refusal.kind, RefusalKind::Calculation);
        assert_eq!(refusal.path, "$.lines[0].sum");
        assert!(
            refusal.message.starts_with("the amount is too large"),
            "{}",
            refusal.message
        );
    }
}

#[test]
fn totals_that_gobl_does_not_hold_are_refused() {
    // Two lines of ten thousand billions each, and each fits.
    let file = cross_border(&[
        (
            "<ram:ChargeAmount>640.00<",
            "<ram:ChargeAmount>1000000000000000<",
        ),
        (
            "<ram:BilledQuantity unitCode=\"DAY\">5<",
            "<ram:BilledQuantity unitCode=\"DAY\">9<",
        ),
    ]);
    let (start, end) = (
        file.find("<ram:IncludedSupplyChainTradeLineItem>").unwrap(),
        file.find("<ram:ApplicableHeaderTradeAgreement>").unwrap(),
    );
    let line = file[start..end].to_owned();
    let file = file.replacen(&line, &line.repeat(2), 1);
    let refusal = refused(&file);
    assert_eq!(refusal.kind, RefusalKind::Calculation);
    assert_eq!(refusal.path, "$.totals");
}

#[test]
fn more_lines_than_a_document_may_have_are_refused() {
    let lines = "<ram:IncludedSupplyChainTradeLineItem/>".repeat(limits::LINES + 1);
    let file = cross_border(&[(
        "<ram:ApplicableHeaderTradeAgreement>",
        &format!("{lines}<ram:ApplicableHeaderTradeAgreement>"),
    )]);
    assert_eq!(refused(&file).kind, RefusalKind::Limit);
}

/// Our own file with further payment means behind the first.
fn with_means(means: &[&str]) -> String {
    let end = "</ram:SpecifiedTradeSettlementPaymentMeans>";
    let mut whole = end.to_owned();
    for means in means {
        let start = "<ram:SpecifiedTradeSettlementPaymentMeans>";
        whole.push_str(&format!("{start}{means}{end}"));
    }
    cross_border(&[
        (
            "<ram:TypeCode>58</ram:TypeCode>",
            "<ram:TypeCode>58</ram:TypeCode><ram:Information>SEPA</ram:Information>",
        ),
        (end, &whole),
    ])
}

#[test]
fn accounts_of_all_payment_means_are_kept() {
    let account = |iban: &str| {
        format!(
            "<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{iban}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>"
        )
    };
    let file = with_means(&[
        &format!(
            "<ram:TypeCode>58</ram:TypeCode>{}",
            account("FR7630006000011234567890189")
        ),
        &format!(
            "<ram:TypeCode>30</ram:TypeCode><ram:Information>Other</ram:Information>{}",
            account("BE71096123456769")
        ),
    ]);
    let instructions = &parsed(&file)["payment"]["instructions"];
    let ibans: Vec<_> = instructions["credit_transfer"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["iban"].as_str().unwrap())
        .collect();
    assert_eq!(
        ibans,
        [
            "DE19100500000012345678",
            "FR7630006000011234567890189",
            "BE71096123456769"
        ]
    );
    assert_eq!(instructions["detail"], "SEPA");
}

#[test]
fn a_card_and_a_debited_account_of_further_payment_means_are_kept() {
    let file = with_means(&[
        "<ram:TypeCode>48</ram:TypeCode><ram:ApplicableTradeSettlementFinancialCard><ram:ID>1234</ram:ID></ram:ApplicableTradeSettlementFinancialCard>",
        "<ram:TypeCode>59</ram:TypeCode><ram:PayerPartyDebtorFinancialAccount><ram:IBANID>FR7630006000011234567890189</ram:IBANID></ram:PayerPartyDebtorFinancialAccount>",
    ]);
    let file = file.replace(
        "<ram:InvoiceCurrencyCode>",
        "<ram:CreditorReferenceID>DE98ZZZ09999999999</ram:CreditorReferenceID><ram:InvoiceCurrencyCode>",
    );
    let instructions = &parsed(&file)["payment"]["instructions"];
    assert_eq!(instructions["card"]["last4"], "1234");
    let debit = &instructions["direct_debit"];
    assert_eq!(debit["account"], "FR7630006000011234567890189");
    assert_eq!(debit["creditor"], "DE98ZZZ09999999999");
}

/// Our own file with terms of payment in words beside its due date, 2026-04-08.
fn with_terms(terms: &str) -> Value {
    let start = "<ram:SpecifiedTradePaymentTerms>";
    let text = format!("{start}<ram:Description>{terms}</ram:Description>");
    let parsed = parsed(&cross_border(&[(start, &text)]));
    parsed["payment"]["terms"].clone()
}

#[test]
fn instalments_that_begin_on_the_due_date_and_add_up_are_taken() {
    let terms = with_terms("2026-04-08: 1200.00 EUR. 2026-05-08: 2000.00 EUR");
    let dates = terms["due_dates"].as_array().unwrap();
    assert_eq!(dates.len(), 2);
    assert_eq!(dates[1]["amount"], "2000.00");
}

#[test]
fn no_text_takes_the_place_of_the_due_date() {
    for text in [
        "2026-04-01: 1200.00 EUR. 2026-05-08: 2000.00 EUR",
        "2026-04-08: 1200.00 EUR. 2026-05-08: 1000.00 EUR",
        "2026-04-08: 1200.00 USD. 2026-05-08: 2000.00 USD",
    ] {
        let terms = with_terms(text);
        let dates = terms["due_dates"].as_array().unwrap();
        assert_eq!(dates.len(), 1, "{text}");
        assert_eq!(dates[0]["date"], "2026-04-08");
        assert_eq!(dates[0]["amount"], "3200.00");
        assert_eq!(terms["notes"], text);
    }
}

/// Our own file whose seller Chorus Pro knows by this identifier, written again from the GOBL invoice made of it. The VAT number
/// goes where `vat` is none.
fn seller(scheme: &str, id: &str, vat: Option<&str>, country: &str) -> String {
    let registration = "<ram:SpecifiedTaxRegistration>\n          <ram:ID schemeID=\"VA\">DE136695976</ram:ID>\n        </ram:SpecifiedTaxRegistration>";
    let vat = vat.map_or_else(String::new, |vat| registration.replace("DE136695976", vat));
    let file = cross_border(&[
        (registration, &vat),
        (
            "<ram:ID schemeID=\"2\">DE136695976<",
            &format!("<ram:ID schemeID=\"{scheme}\">{id}<"),
        ),
        ("<ram:CountryID>DE<", &format!("<ram:CountryID>{country}<")),
        ("Holzwerk Brandt GmbH", "Acme Corporation"),
    ]);
    let doc = parsed(&file).to_string();
    render_cii(doc.as_str(), Profile::ChorusPro, &[], &mut || Ok(()))
        .unwrap_or_else(|error| panic!("{error:?}: {doc}"))
}

#[test]
fn an_identifier_of_a_structure_abroad_comes_back() {
    for (scheme, id, vat, country) in [
        ("2", "DE136695976", Some("DE136695976"), "DE"),
        ("2", "BE0123456749", Some("FR39356000000"), "BE"),
        ("2", "BE0123456749", None, "BE"),
        ("3", "USAcme Corporation", None, "US"),
        ("3", "USAcme Corp", None, "US"),
        ("3", "CHAcme Corporation", None, "US"),
        ("6", "ABC-998877", Some("FR39356000000"), "FR"),
    ] {
        let file = seller(scheme, id, vat, country);
        let wanted = format!("<ram:ID schemeID=\"{scheme}\">{id}</ram:ID>");
        assert!(file.contains(&wanted), "{wanted} in {file}");
    }
}
