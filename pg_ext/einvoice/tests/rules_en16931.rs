//! Each rule of EN 16931 fails where it should, at the user's own field, and nowhere else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;

use common::{assert_fails, assert_fails_with, assert_holds, built, failing, fixture, remove, set};
use einvoice::finding::{Lang, Severity};
use serde_json::json;

#[test]
fn our_own_invoices_hold() {
    for name in ["b2g.json", "b2g-paid.json", "cross-border.json"] {
        assert_holds(&built(&fixture(name)));
    }
}

#[test]
fn br_02_number() {
    assert_fails(
        &remove(&built(&fixture("b2g.json")), "/code"),
        "BR-02",
        "$.code",
    );
}

#[test]
fn br_03_issue_date_takes_in_gobls_fault() {
    let finding = assert_fails(
        &remove(&built(&fixture("b2g.json")), "/issue_date"),
        "BR-03",
        "$.issue_date",
    );
    assert_eq!(finding.same_as, ["GOBL-BILL-INVOICE-03"]);
}

#[test]
fn br_04_type_code_takes_in_gobls_fault_and_its_path() {
    let doc = remove(
        &built(&fixture("b2g.json")),
        "/tax/ext/untdid-document-type",
    );
    let finding = assert_fails(&doc, "BR-04", "$.tax.ext");
    assert_eq!(
        finding.same_as,
        ["CII-SR-014", "GOBL-EU-EN16931-BILL-INVOICE-02"]
    );
}

#[test]
fn br_05_currency() {
    assert_fails(
        &set(&built(&fixture("b2g.json")), "/currency", json!("")),
        "BR-05",
        "$.currency",
    );
}

#[test]
fn br_06_seller_name() {
    let finding = assert_fails(
        &remove(&built(&fixture("b2g.json")), "/supplier/name"),
        "BR-06",
        "$.supplier.name",
    );
    assert_eq!(finding.same_as, ["GOBL-BILL-INVOICE-06"]);
}

#[test]
fn br_07_buyer_name() {
    assert_fails(
        &remove(&built(&fixture("b2g.json")), "/customer/name"),
        "BR-07",
        "$.customer.name",
    );
}

#[test]
fn no_buyer_is_one_problem() {
    let finding = assert_fails(
        &remove(&built(&fixture("b2g.json")), "/customer"),
        "BR-07",
        "$.customer",
    );
    assert_eq!(finding.same_as, ["BR-10", "BR-11", "PGC-CPRO-IDENTIFIER"]);
}

#[test]
fn br_08_seller_address_is_one_problem_with_its_country() {
    let finding = assert_fails(
        &remove(&built(&fixture("b2g.json")), "/supplier/addresses"),
        "BR-08",
        "$.supplier.addresses",
    );
    assert_eq!(
        finding.same_as,
        ["BR-09", "GOBL-EU-EN16931-BILL-INVOICE-04"]
    );
}

#[test]
fn br_09_seller_country() {
    let mut doc = remove(
        &built(&fixture("b2g.json")),
        "/supplier/addresses/0/country",
    );
    // Without tax id there is no country to fall back on.
    doc = remove(&doc, "/supplier/tax_id");
    let path = "$.supplier.addresses[0].country";
    let finding = assert_fails_with(&doc, "BR-09", path, &["BR-S-02"]);
    assert_eq!(finding.same_as, ["GOBL-EU-EN16931-ORG-ADDRESS-01"]);
}

#[test]
fn br_10_buyer_address_is_one_problem_with_its_country() {
    let finding = assert_fails(
        &remove(&built(&fixture("b2g.json")), "/customer/addresses"),
        "BR-10",
        "$.customer.addresses",
    );
    assert_eq!(
        finding.same_as,
        ["BR-11", "GOBL-EU-EN16931-BILL-INVOICE-05"]
    );
}

#[test]
fn br_11_buyer_country() {
    let doc = remove(
        &remove(
            &built(&fixture("b2g.json")),
            "/customer/addresses/0/country",
        ),
        "/customer/tax_id",
    );
    assert_fails(&doc, "BR-11", "$.customer.addresses[0].country");
}

#[test]
fn no_line_means_no_totals_and_both_are_said_once() {
    let findings = failing(&remove(&built(&fixture("b2g.json")), "/lines"));
    assert!(
        findings.iter().any(|f| f.rule.id == "BR-16"
            && f.same_as == ["GOBL-BILL-INVOICE-10", "GOBL-EU-EN16931-BILL-INVOICE-03"]),
        "{findings:#?}"
    );
    let without_lines = remove(&fixture("b2g.json"), "/lines");
    let findings = failing(&without_lines);
    let totals: Vec<_> = findings.iter().filter(|f| f.path == "$.totals").collect();
    assert_eq!(totals.len(), 1, "{totals:#?}");
    assert_eq!(totals[0].rule.id, "BR-12");
    for id in [
        "BR-13",
        "BR-14",
        "BR-15",
        "BR-CO-10",
        "BR-CO-13",
        "BR-CO-15",
        "BR-CO-16",
        "GOBL-BILL-INVOICE-09",
    ] {
        assert!(
            totals[0].same_as.contains(&id),
            "{id} in {:?}",
            totals[0].same_as
        );
    }
}

#[test]
fn br_49_payment_means() {
    let doc = remove(&built(&fixture("b2g.json")), "/payment/instructions/ext");
    let finding = assert_fails(&doc, "BR-49", "$.payment.instructions.ext");
    assert_eq!(
        finding.same_as,
        [
            "PGC-CPRO-PAYMENT-MEANS",
            "GOBL-EU-EN16931-PAY-INSTRUCTIONS-01"
        ]
    );
}

#[test]
fn br_50_account_without_number() {
    let doc = remove(
        &built(&fixture("b2g.json")),
        "/payment/instructions/credit_transfer/0/iban",
    );
    let finding = assert_fails(
        &doc,
        "BR-50",
        "$.payment.instructions.credit_transfer[0].iban",
    );
    assert_eq!(finding.same_as, ["BR-61", "CII-SR-470"]);
}

#[test]
fn cii_sr_470_credit_transfer_without_account() {
    let doc = remove(
        &built(&fixture("b2g.json")),
        "/payment/instructions/credit_transfer",
    );
    assert_fails(&doc, "CII-SR-470", "$.payment.instructions.credit_transfer");
}

#[test]
fn br_cl_04_currency_code() {
    let findings = failing(&set(
        &built(&fixture("b2g.json")),
        "/currency",
        json!("EURO"),
    ));
    assert!(
        findings
            .iter()
            .any(|f| f.rule.id == "BR-CL-04" && f.value == "EURO" && f.path == "$.currency")
    );
}

#[test]
fn br_cl_14_country_code() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/customer/addresses/0/country",
        json!("ZZ"),
    );
    assert_fails(&doc, "BR-CL-14", "$.customer.addresses[0].country");
}

#[test]
fn br_cl_18_vat_category() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/lines/1/taxes/0/ext/untdid-tax-category",
        json!("X"),
    );
    let findings = failing(&doc);
    assert!(
        findings
            .iter()
            .any(|f| f.rule.id == "BR-CL-18"
                && f.path == "$.lines[1].taxes[0].ext.untdid-tax-category"),
        "{findings:#?}"
    );
}

#[test]
fn br_co_04_line_without_vat() {
    let doc = remove(&built(&fixture("b2g.json")), "/lines/0/taxes");
    assert_fails_with(&doc, "BR-CO-04", "$.lines[0].taxes", &["BR-S-08"]);
}

#[test]
fn br_co_10_sum_of_lines() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/lines/0/total",
        json!("1620.01"),
    );
    let finding = assert_fails_with(&doc, "BR-CO-10", "$.totals.sum", &["BR-S-08"]);
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("1788.00", "1788.01")
    );
    assert_eq!(
        finding.message(Lang::En),
        "The sum of the lines is 1788.00 (BT-106), but the net amounts of the lines (BT-131) add up to 1788.01."
    );
    assert!(finding.hint(Lang::Fr).contains("tax.rounding"));
}

#[test]
fn br_co_10_of_the_default_rounding_comes_with_its_remedy() {
    // GOBL's default keeps more decimals than it shows: two lines of 0.125 show 0.13 each, and a sum of 0.25.
    let line = json!({"quantity": "1", "item": {"name": "Vis", "price": "0.125", "unit": "piece"}, "taxes": [{"cat": "VAT", "rate": "general"}]});
    let doc = set(&fixture("b2g.json"), "/lines", json!([line, line]));
    assert_fails_with(&built(&doc), "BR-CO-10", "$.totals.sum", &["BR-S-08"]);
    let currency = set(&doc, "/tax", json!({"rounding": "currency"}));
    assert_holds(&built(&currency));
}

#[test]
fn br_co_11_and_12_sums_of_discounts_and_charges() {
    let taxes = json!([{"cat": "VAT", "rate": "general"}]);
    let discount = json!([{"reason": "Remise", "amount": "10.00", "taxes": taxes}]);
    let charge = json!([{"reason": "Transport", "amount": "25.00", "taxes": taxes}]);
    let doc = built(&set(
        &set(&fixture("b2g.json"), "/discounts", discount),
        "/charges",
        charge,
    ));
    assert_holds(&doc);
    let finding = assert_fails_with(
        &set(&doc, "/discounts/0/amount", json!("11.00")),
        "BR-CO-11",
        "$.totals.discount",
        &["BR-S-08"],
    );
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("10.00", "11.00")
    );
    let finding = assert_fails_with(
        &set(&doc, "/charges/0/amount", json!("25.50")),
        "BR-CO-12",
        "$.totals.charge",
        &["BR-S-08"],
    );
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("25.00", "25.50")
    );
}

#[test]
fn br_co_13_total_without_vat() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/totals/total",
        json!("1787.00"),
    );
    let doc = set(&doc, "/totals/total_with_tax", json!("2127.80"));
    let doc = set(&doc, "/totals/payable", json!("2127.80"));
    assert_fails(&doc, "BR-CO-13", "$.totals.total");
}

#[test]
fn br_co_14_total_vat() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/totals/taxes/categories/0/rates/1/amount",
        json!("16.81"),
    );
    assert_fails(&doc, "BR-CO-14", "$.totals.tax");
}

#[test]
fn br_co_15_total_with_vat() {
    let doc = set(
        &built(&fixture("b2g.json")),
        "/totals/total_with_tax",
        json!("2128.79"),
    );
    let doc = set(&doc, "/totals/payable", json!("2128.79"));
    assert_fails(&doc, "BR-CO-15", "$.totals.total_with_tax");
}

#[test]
fn br_co_16_amount_due_counts_advances_and_rounding() {
    let doc = built(&fixture("b2g-paid.json"));
    let finding = assert_fails(
        &set(&doc, "/totals/advance", json!("1944.01")),
        "BR-CO-16",
        "$.totals.due",
    );
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("0.00", "-0.01")
    );
    let rounded = set(&fixture("b2g.json"), "/totals", json!({"rounding": "0.20"}));
    let rounded = built(&rounded);
    assert_eq!(rounded["totals"]["payable"], "2129.00");
    assert_holds(&rounded);
}

#[test]
fn vat_is_accounted_for_in_euros_where_there_is_a_rate() {
    let rate = json!([{"from": "USD", "to": "EUR", "amount": "0.92"}]);
    let doc = set(&fixture("b2g.json"), "/currency", json!("USD"));
    let doc = built(&set(&doc, "/exchange_rates", rate));
    // Chorus Pro itself takes euros alone.
    let findings = failing(&doc);
    assert!(
        findings.iter().all(|f| !f.rule.id.starts_with("BR-")),
        "{findings:#?}"
    );
    let xml = einvoice::entry::render_cii(
        doc.to_string().as_str(),
        einvoice::entry::Profile::ChorusPro,
        &[],
        &mut || Ok(()),
    )
    .unwrap();
    for element in [
        "<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>",
        "<ram:TaxTotalAmount currencyID=\"USD\">340.80</ram:TaxTotalAmount>",
        "<ram:TaxTotalAmount currencyID=\"EUR\">313.54</ram:TaxTotalAmount>",
    ] {
        assert!(xml.contains(element), "{element}");
    }
}

#[test]
fn lines_allowances_and_charges_fail_with_gobls_codes_folded_in() {
    let taxes = json!([{"cat": "VAT", "rate": "general"}]);
    let discount = json!([{"reason": "Remise", "amount": "10.00", "taxes": taxes}]);
    let doc = built(&set(&fixture("b2g.json"), "/discounts", discount));
    let finding = assert_fails(
        &remove(&doc, "/discounts/0/reason"),
        "BR-33",
        "$.discounts[0]",
    );
    assert_eq!(
        finding.same_as,
        ["BR-CO-21", "GOBL-EU-EN16931-BILL-DISCOUNT-02"]
    );
    let findings = failing(&set(&doc, "/lines/0/item/price", json!("-90.00")));
    assert!(
        findings
            .iter()
            .any(|f| f.rule.id == "BR-27" && f.same_as == ["GOBL-ORG-ITEM-02"]),
        "{findings:#?}"
    );
}

#[test]
fn an_amount_due_without_terms_is_a_warning() {
    let doc = remove(&built(&fixture("b2g.json")), "/payment/terms");
    let finding = assert_fails(&doc, "PGC-BR-CO-25", "$.payment.terms");
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.same_as, ["GOBL-EU-EN16931-BILL-INVOICE-07"]);
}

#[test]
fn findings_come_in_the_order_of_the_document_with_numbers_by_size() {
    let line = json!({"quantity": "1", "item": {"name": "Vis", "price": "1.00", "unit": "piece"}, "taxes": []});
    let doc = set(&fixture("b2g.json"), "/lines", json!(vec![line; 11]));
    let findings = failing(&doc);
    let paths: Vec<_> = findings
        .iter()
        .filter(|f| f.rule.id == "BR-CO-04")
        .map(|f| f.path.as_str())
        .collect();
    assert_eq!(
        (paths[1], paths[2], paths[10]),
        ("$.lines[1].taxes", "$.lines[2].taxes", "$.lines[10].taxes")
    );
}

#[test]
fn the_catalogue_is_ordered_complete_and_bilingual() {
    let rules = einvoice::entry::rules();
    assert!(
        rules.windows(2).all(|pair| pair[0].id < pair[1].id),
        "ordered, each id once"
    );
    for id in [
        "BR-01",
        "BR-16",
        "BR-CO-10",
        "BR-CO-16",
        "GOBL-BILL-INVOICE-03",
        "PGC-CALCULATION",
        "PGC-CPRO-SIRET",
    ] {
        assert!(rules.iter().any(|rule| rule.id == id), "{id}");
    }
    for rule in rules {
        assert!(!rule.source.is_empty(), "{}", rule.id);
        for text in [rule.message, rule.hint] {
            assert!(!text.en.is_empty() && !text.fr.is_empty(), "{}", rule.id);
        }
        // A hint may be a placeholder alone; a message never is.
        assert_ne!(rule.message.en, rule.message.fr, "{}", rule.id);
        assert!(
            rule.severity != Severity::Fatal
                || !rule.terms.is_empty()
                || !rule.id.starts_with("BR-"),
            "{}",
            rule.id
        );
    }
}

#[test]
fn no_rule_of_the_artefact_is_missing() {
    let rules = einvoice::entry::rules();
    let count = |is_one: fn(&str) -> bool| rules.iter().filter(|rule| is_one(rule.id)).count();
    assert_eq!(count(|id| id.starts_with("BR-CO-")), 23);
    assert_eq!(count(|id| id.starts_with("BR-DEC-")), 21);
    let is_plain = |id: &str| {
        id.strip_prefix("BR-")
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    assert_eq!(count(is_plain), 58);
    assert_eq!(count(|id| id.starts_with("BR-")), 58 + 23 + 21 + 98 + 23);
}

#[test]
fn same_as_names_rules_that_exist() {
    let rules = einvoice::entry::rules();
    for rule in &rules {
        for other in rule.same_as {
            assert!(
                rules.iter().any(|r| r.id == *other),
                "{} names {other}",
                rule.id
            );
        }
    }
}

#[test]
fn a_sentence_on_a_missing_value_has_no_hole() {
    let mut doc = fixture("b2g.json");
    doc["discounts"] =
        json!([{"reason": "x", "amount": "1.00", "taxes": [{"cat": "VAT", "rate": "general"}]}]);
    let doc = remove(&built(&doc), "/totals/discount");
    let findings = failing(&doc);
    let finding = findings
        .iter()
        .find(|f| f.rule.id == "BR-CO-11")
        .unwrap_or_else(|| panic!("{findings:#?}"));
    assert_eq!(finding.value, "");
    for (lang, said) in [
        (Lang::En, "The sum of the discounts is – (BT-107),"),
        (Lang::Fr, "La somme des remises vaut – (BT-107),"),
    ] {
        let message = finding.message(lang);
        assert!(message.starts_with(said), "{message}");
    }
}
