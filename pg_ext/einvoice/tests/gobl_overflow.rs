//! Amounts larger than 64 bits hold are refused with their place; just below that they are exact.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use einvoice::gobl;
use einvoice::input::Error;
use serde_json::{Value, json};

fn invoice(lines: &[Value]) -> Value {
    json!({
        "$schema": "https://gobl.org/draft-0/bill/invoice",
        "issue_date": "2025-06-18",
        "supplier": {"tax_id": {"country": "FR", "code": "732829320"}},
        "lines": lines,
    })
}

fn line(quantity: &str, price: &str) -> Value {
    json!({"quantity": quantity, "item": {"name": "x", "price": price}, "taxes": [{"cat": "VAT", "percent": "20%"}]})
}

/// The payable amount, or where it became too large.
fn outcome(document: &Value) -> Result<String, String> {
    let text = document.to_string();
    let mut invoice = common::read(&text);
    match gobl::calculate(&mut invoice, &mut || Ok(())) {
        Ok(()) => Ok(invoice.totals.as_ref().unwrap().payable.to_string()),
        Err(Error::Refused(refusal)) => {
            assert!(refusal.message.contains("too large"), "{refusal:?}");
            Err(refusal.path)
        }
        Err(other) => Err(other.to_string()),
    }
}

fn too_large(path: &str) -> Result<String, String> {
    Err(path.to_owned())
}

#[test]
fn a_line_that_does_not_fit_is_named() {
    let lines = [line("1", "10.00"), line("1000", "9999999999999999.99")];
    assert_eq!(outcome(&invoice(&lines)), too_large("$.lines[1].sum"));
}

#[test]
fn a_part_of_a_line_that_does_not_fit_is_named() {
    let mut broken_down = line("1", "10.00");
    broken_down["breakdown"] = json!([
        {"quantity": "1", "item": {"name": "y", "price": "1.00"}},
        {"quantity": "1000", "item": {"name": "z", "price": "9999999999999999.99"}},
    ]);
    assert_eq!(
        outcome(&invoice(&[broken_down])),
        too_large("$.lines[0].breakdown[1].sum")
    );
}

#[test]
fn lines_that_fit_may_have_a_sum_that_does_not() {
    let mut lines: Vec<Value> = (0..10).map(|_| line("1", "999999999999999999")).collect();
    lines.push(line("-9", "999999999999999999"));
    assert_eq!(outcome(&invoice(&lines)), too_large("$.totals.sum"));
}

#[test]
fn vat_may_be_what_does_not_fit_any_more() {
    let lines = [line("9", "999999999999999999")];
    assert_eq!(
        outcome(&invoice(&lines)),
        too_large("$.totals.total_with_tax")
    );
}

#[test]
fn a_factor_that_is_no_percentage_any_more_is_named() {
    for (percent, fits) in [
        (json!(92_233_720_368_547_758_u64), true),
        (json!(92_233_720_368_547_759_u64), false),
        (json!("-92233720368547759"), false),
        (json!("922337203685477580.7%"), true),
    ] {
        let mut priceless = line("1", "0.00");
        priceless["taxes"][0]["percent"] = percent.clone();
        let text = invoice(&[priceless]).to_string();
        let built = einvoice::entry::build(text.as_str(), &mut || Ok(()));
        match built {
            Ok(document) => {
                let written = serde_json::to_string(&document).unwrap();
                assert!(fits && !written.contains('?'), "{percent}: {written}");
            }
            Err(Error::Refused(refusal)) => {
                assert!(!fits, "{percent}: {refusal:?}");
                assert_eq!(refusal.path, "$.lines[0].taxes[0].percent");
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn a_discount_does_not_hide_what_did_not_fit() {
    let mut discounted = line("1000", "9999999999999999.99");
    discounted["discounts"] = json!([{"percent": "99.9999%"}]);
    assert_eq!(
        outcome(&invoice(&[discounted])),
        too_large("$.lines[0].sum")
    );
}

#[test]
fn two_amounts_that_do_not_fit_do_not_make_one_that_does() {
    let mut slipped = line("1", "10.00");
    slipped["discounts"] = json!([{"base": "999999999999999999", "percent": "20"}]);
    slipped["charges"] = json!([{"base": "999999999999999999", "percent": "30"}]);
    assert_eq!(
        outcome(&invoice(&[slipped])),
        too_large("$.lines[0].discounts[0].amount")
    );
}

#[test]
fn places_are_those_of_what_was_given() {
    let large = json!({"base": "999999999999999999", "percent": "20"});
    let mut discounted = line("1", "10.00");
    discounted["discounts"] = json!([null, large]);
    assert_eq!(
        outcome(&invoice(&[Value::Null, discounted])),
        too_large("$.lines[1].discounts[1].amount")
    );
    let mut broken_down = line("1", "10.00");
    let part = json!({"quantity": "1000", "item": {"name": "z", "price": "9999999999999999.99"}});
    broken_down["breakdown"] = json!([null, part]);
    assert_eq!(
        outcome(&invoice(&[broken_down])),
        too_large("$.lines[0].breakdown[1].sum")
    );
}

#[test]
fn parts_that_fit_may_have_a_sum_that_does_not() {
    let mut broken_down = line("0.5", "10.00");
    let part = json!({"quantity": "1", "item": {"name": "y", "price": "999999999999999999"}});
    let mut parts = vec![part; 10];
    parts.push(json!({"quantity": "-5", "item": {"name": "z", "price": "999999999999999999"}}));
    broken_down["breakdown"] = Value::from(parts);
    assert_eq!(
        outcome(&invoice(&[broken_down])),
        too_large("$.lines[0].item.price")
    );
}

#[test]
fn charges_that_fit_may_have_a_sum_that_does_not() {
    let mut charged = invoice(&[line("1", "10.00")]);
    let charge = |amount: &str| json!({"reason": "x", "amount": amount, "taxes": [{"cat": "VAT", "percent": "20%"}]});
    let mut charges = vec![charge("999999999999999999"); 10];
    charges.push(charge("-999999999999999999"));
    charged["charges"] = Value::from(charges);
    assert_eq!(outcome(&charged), too_large("$.totals.charge"));
}

#[test]
fn instalments_and_advances_are_looked_at_too() {
    let mut paid = invoice(&[line("1", "999999999999999999")]);
    paid["payment"] = json!({"terms": {"key": "due-date", "due_dates": [{"date": "2025-07-01", "percent": "20"}]}});
    assert_eq!(
        outcome(&paid),
        too_large("$.payment.terms.due_dates[0].amount")
    );
}

#[test]
fn without_decimals_it_is_the_same() {
    let mut yen = invoice(&[line("900", "99999999999999999")]);
    yen["currency"] = json!("JPY");
    yen["exchange_rates"] = json!([{"from": "JPY", "to": "EUR", "amount": "0.006"}]);
    assert_eq!(outcome(&yen), too_large("$.lines[0].sum"));
}

/// As the reference: decimals go before the rest does.
#[test]
fn decimals_are_lost_before_anything_is_refused() {
    let lines = [line("1", "123456789012345678")];
    assert_eq!(
        outcome(&invoice(&lines)),
        Ok("148148146814814813.6".to_owned())
    );
}

#[test]
fn the_largest_that_fit_are_exact() {
    let lines = [line("7", "9999999999999999.99")];
    assert_eq!(
        outcome(&invoice(&lines)),
        Ok("83999999999999999.92".to_owned())
    );
}
