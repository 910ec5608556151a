//! Any CII file becomes an invoice of the semantic model, and what has no place there is told.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::amount::Amount;
use einvoice::cii::binding::Locator;
use einvoice::cii::read::{Reading, read};
use einvoice::cii::tree::Tree;
use einvoice::en16931::{Day, Held, Indicator, TaxType};
use einvoice::entry::Profile;
use einvoice::finding::Severity;
use einvoice::{Cancelled, rules};

fn never_stop() -> Result<(), Cancelled> {
    Ok(())
}

/// Our own invoice with a text replaced everywhere.
fn with(from: &str, to: &str) -> String {
    let file = std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap();
    assert!(file.contains(from), "{from} is in the fixture");
    file.replace(from, to)
}

fn reading<R>(text: &str, look: impl FnOnce(&Reading<'_, '_>) -> R) -> R {
    let tree = Tree::read(text, &mut never_stop).unwrap();
    look(&read(&tree, &mut never_stop).unwrap())
}

fn failing(text: &str) -> Vec<(&'static str, Severity)> {
    let tree = Tree::read(text, &mut never_stop).unwrap();
    let reading = read(&tree, &mut never_stop).unwrap();
    let mut findings = Vec::new();
    let locator = Locator::new(&tree);
    let profile = Profile::ChorusPro;
    rules::check(
        &reading.invoice,
        profile,
        &locator,
        &mut never_stop,
        &mut findings,
    )
    .unwrap();
    rules::fold(findings, &mut || Ok(()))
        .unwrap()
        .iter()
        // Chorus Pro's digits are no schemes of ISO 6523.
        .filter(|finding| finding.severity != Severity::Information)
        .map(|finding| (finding.rule.id, finding.severity))
        .collect()
}

#[test]
fn our_own_files_have_a_place_for_everything_and_fail_nothing() {
    for name in ["b2g", "b2g-paid", "credit-note", "cross-border"] {
        let text = std::fs::read_to_string(format!("../../tests/fixtures/{name}.xml")).unwrap();
        reading(&text, |reading| {
            assert!(reading.passed_over.is_empty(), "{name}");
            assert!(reading.invoice.odd_numbers.is_empty(), "{name}");
        });
    }
}

#[test]
fn numbers_are_those_of_xml_schema() {
    for (written, value, decimals) in [
        ("+5", "5", 0),
        (".5", "0.5", 1),
        ("5.", "5", 0),
        (" 1324.60\n", "1324.60", 3),
        ("-0.00", "0.00", 2),
        ("0001.10", "1.10", 2),
        ("1.000000000000000000000", "1.00000000000000000", 21),
    ] {
        let amount = format!("<ram:DuePayableAmount>{written}</ram:DuePayableAmount>");
        reading(
            &with(
                "<ram:DuePayableAmount>2128.80</ram:DuePayableAmount>",
                &amount,
            ),
            |reading| {
                let due = reading.invoice.totals.due.unwrap();
                assert_eq!(due.to_string(), value, "{written}");
                let odd = reading.invoice.odd_numbers.first();
                let decimals_written = odd.map_or(due.exp(), |odd| odd.decimals);
                assert_eq!(decimals_written, decimals, "{written}");
            },
        );
    }
}

#[test]
fn what_is_no_number_is_neither_zero_nor_missing() {
    for written in [
        "", "abc", "1e5", "NaN", "1 000", "1,5", "--5", "1.2.3", "-", ".", "+-5",
    ] {
        let amount = format!("<ram:DuePayableAmount>{written}</ram:DuePayableAmount>");
        let text = with(
            "<ram:DuePayableAmount>2128.80</ram:DuePayableAmount>",
            &amount,
        );
        reading(&text, |reading| {
            assert_eq!(reading.invoice.totals.due, None, "{written}");
            let [odd] = reading.invoice.odd_numbers.as_slice() else {
                panic!("{written}")
            };
            assert_eq!(odd.held, Held::NoNumber, "{written}");
        });
        // The schema says what is wrong with it; that it is missing or does not add up, nobody says.
        assert_eq!(failing(&text), [], "{written}");
    }
}

#[test]
fn numbers_too_long_to_compute_with_are_findings_and_no_verdicts() {
    let amount = "<ram:DuePayableAmount>12345678901234567890.12</ram:DuePayableAmount>";
    let text = with(
        "<ram:DuePayableAmount>2128.80</ram:DuePayableAmount>",
        amount,
    );
    assert_eq!(failing(&text), [("PGC-NUMBER-SIZE", Severity::Fatal)]);
    let amount = "<ram:DuePayableAmount>2128.8000000000000000001</ram:DuePayableAmount>";
    let text = with(
        "<ram:DuePayableAmount>2128.80</ram:DuePayableAmount>",
        amount,
    );
    let failing = failing(&text);
    assert!(
        failing.contains(&("PGC-NUMBER-DECIMALS", Severity::Warning)),
        "{failing:?}"
    );
    assert!(
        failing.contains(&("BR-DEC-18", Severity::Fatal)),
        "{failing:?}"
    );
}

#[test]
fn decimals_are_counted_as_characters() {
    let due = |written| {
        let amount = format!("<ram:DuePayableAmount>{written}</ram:DuePayableAmount>");
        failing(&with(
            "<ram:DuePayableAmount>2128.80</ram:DuePayableAmount>",
            &amount,
        ))
    };
    assert_eq!(due("2128.8"), []);
    assert_eq!(due(" 2128.80"), []);
    assert_eq!(due("2128.800"), [("BR-DEC-18", Severity::Fatal)]);
    assert_eq!(due("2128.80 "), [("BR-DEC-18", Severity::Fatal)]);
}

#[test]
fn sums_between_two_cents_fall_where_binary_numbers_do() {
    // The binary number next to 1788.005 lies above it, that next to 1788.015 below.
    for (of_line, sum) in [
        ("168.005", "1788.01"),
        ("168.015", "1788.01"),
        ("168.025", "1788.03"),
    ] {
        let adds_up = |sum| {
            let amount = |amount| format!("<ram:LineTotalAmount>{amount}</ram:LineTotalAmount>");
            let text = with(&amount("168.00"), &amount(of_line));
            let failing = failing(&text.replace(&amount("1788.00"), &amount(sum)));
            !failing.contains(&("BR-CO-10", Severity::Fatal))
        };
        assert!(adds_up(sum), "{of_line}");
        assert!(!adds_up("1788.02"), "{of_line}");
    }
}

#[test]
fn minus_zero_is_negative_where_it_has_a_point() {
    for (written, holds) in [("-0.00", false), ("-0", true), ("0.00", true)] {
        let text = std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap();
        let start = text.find("<ram:ChargeAmount>").unwrap() + "<ram:ChargeAmount>".len();
        let end = start + text[start..].find('<').unwrap();
        let text = format!("{}{written}{}", &text[..start], &text[end..]);
        let fails = failing(&text).contains(&("BR-27", Severity::Fatal));
        assert_eq!(fails, !holds, "{written}");
    }
}

#[test]
fn dates_that_the_calendar_does_not_have_are_kept_as_they_are() {
    for (written, is_date) in [
        ("20260131", true),
        ("20260231", false),
        ("2026-01-31", false),
        (" 20260131 ", false),
    ] {
        let text = std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap();
        let start = text.find("format=\"102\">").unwrap() + "format=\"102\">".len();
        let text = format!("{}{written}{}", &text[..start], &text[start + 8..]);
        reading(&text, |reading| {
            let day = reading.invoice.issue_date.as_ref().unwrap();
            assert_eq!(matches!(day, Day::Date(_)), is_date, "{written}");
            assert_eq!(
                day.date().is_some(),
                written.trim() == "20260131",
                "{written}"
            );
        });
    }
}

const TAX: &str = "<ram:TaxTotalAmount currencyID=\"EUR\">340.80</ram:TaxTotalAmount>";

#[test]
fn totals_of_vat_are_told_apart_by_their_currency() {
    let more = format!(
        "{TAX}<ram:TaxTotalAmount currencyID=\"GBP\">300.00</ram:TaxTotalAmount><ram:TaxTotalAmount>1</ram:TaxTotalAmount>"
    );
    let text = with(TAX, &more).replace(
        "<ram:InvoiceCurrencyCode>",
        "<ram:TaxCurrencyCode>GBP</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>",
    );
    reading(&text, |reading| {
        let totals = &reading.invoice.totals;
        assert_eq!(totals.vat, Some(Amount::new(34080, 2)));
        assert_eq!(totals.vat_in_tax_currency, Some(Amount::new(30000, 2)));
        assert_eq!(totals.other_vat.len(), 1);
        assert_eq!(totals.other_vat[0].currency, None);
    });
}

#[test]
fn taxes_allowances_and_means_are_read_as_the_artefact_sees_them() {
    let text = with(
        "<ram:TypeCode>VAT</ram:TypeCode>",
        "<ram:TypeCode> vat </ram:TypeCode>",
    );
    reading(&text, |reading| {
        assert!(
            reading
                .invoice
                .vat
                .iter()
                .all(|entry| entry.vat.tax == TaxType::PaddedVat)
        );
    });
    let charge = |indicator| {
        format!(
            "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator>{indicator}</ram:ChargeIndicator>\
             <ram:ActualAmount>1.00</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>\
             <ram:SpecifiedTradePaymentTerms>"
        )
    };
    for (written, allowances, charges, neither, indicator) in [
        (
            "<udt:Indicator>false</udt:Indicator>",
            1,
            0,
            0,
            Indicator::Word,
        ),
        (
            "<udt:Indicator>1</udt:Indicator>",
            0,
            1,
            0,
            Indicator::Other,
        ),
        (
            "<udt:Indicator> true </udt:Indicator>",
            0,
            1,
            0,
            Indicator::Other,
        ),
        (
            "<udt:IndicatorString>true</udt:IndicatorString>",
            0,
            0,
            1,
            Indicator::Other,
        ),
    ] {
        let text = with("<ram:SpecifiedTradePaymentTerms>", &charge(written));
        reading(&text, |reading| {
            let invoice = &reading.invoice;
            let found = [&invoice.allowances, &invoice.charges, &invoice.neither];
            assert_eq!(
                found.map(Vec::len),
                [allowances, charges, neither],
                "{written}"
            );
            let only = found.into_iter().flatten().next().unwrap();
            assert_eq!(only.indicator, indicator, "{written}");
        });
    }
}

#[test]
fn what_has_no_place_is_passed_over_whole() {
    let text = with(
        "<ram:ApplicableHeaderTradeSettlement>",
        "<ram:ApplicableHeaderTradeSettlement><ram:InvoicerTradeParty><ram:Name>X</ram:Name></ram:InvoicerTradeParty><other>y</other><ram:PayeeTradeParty/>",
    );
    reading(&text, |reading| {
        let names: Vec<_> = reading
            .passed_over
            .iter()
            .map(|element| element.local_name())
            .collect();
        assert_eq!(names, ["InvoicerTradeParty", "other"]);
        assert!(reading.invoice.payee.is_some());
    });
}

#[test]
fn reading_can_be_stopped() {
    let text = std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap();
    let tree = Tree::read(&text, &mut never_stop).unwrap();
    assert!(read(&tree, &mut || Err(Cancelled)).is_err());
}
