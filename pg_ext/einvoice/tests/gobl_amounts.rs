//! Amounts and percentages.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::amount::{Amount, Percentage};
use proptest::prelude::*;

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

#[test]
fn texts_keep_their_decimals() {
    for text in [
        "0",
        "12.50",
        "-0.001",
        "123456789012345678",
        "0.000000000000000001",
    ] {
        assert_eq!(amount(text).to_string(), text);
    }
    assert_eq!(amount("-0.00").to_string(), "0.00");
    assert_eq!(amount("007.50").to_string(), "7.50");
}

#[test]
fn the_oddities_of_the_reference_are_read() {
    for (text, value) in [("5.", "5"), ("+5", "5"), ("--5", "5"), ("5.+5", "5.05")] {
        assert_eq!(amount(text).to_string(), value, "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "",
        "-",
        ".5",
        "1e2",
        "1_0",
        "10 ",
        "1.2.3",
        "é",
        "1.é",
        "0x1",
        "NaN",
        "1234567890123456789",
    ] {
        assert!(Amount::parse(text).is_err(), "{text}");
    }
}

#[test]
fn decimals_beyond_eighteen_digits_are_cut_off() {
    assert_eq!(
        amount("12345678901234567.899").to_string(),
        "12345678901234567.8"
    );
    assert_eq!(
        amount("0.9999999999999999999").to_string(),
        "0.999999999999999999"
    );
}

#[test]
fn rounding_goes_away_from_zero() {
    for (text, exp, rounded) in [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.124", 2, "0.12"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1", 2, "1.00"),
    ] {
        assert_eq!(amount(text).rescale(exp).to_string(), rounded, "{text}");
    }
    assert_eq!(amount("1.234").rescale_up(2).to_string(), "1.234");
    assert_eq!(amount("1.2").rescale_down(2).to_string(), "1.2");
}

#[test]
fn results_have_the_decimals_of_the_first() {
    assert_eq!(amount("1.00").plus(amount("0.005")).to_string(), "1.01");
    assert_eq!(amount("1.00").minus(amount("0.005")).to_string(), "0.99");
    assert_eq!(amount("10.00").times(amount("0.3333")).to_string(), "3.33");
    assert_eq!(amount("10.00").over(amount("3")).to_string(), "3.33");
    assert_eq!(amount("10.00").over(amount("0.0")).to_string(), "0.00");
}

#[test]
fn what_does_not_fit_loses_decimals_and_then_is_lost_for_good() {
    assert_eq!(
        amount("123456789012345678").rescale(4).to_string(),
        "123456789012345678.0"
    );
    let lost = Amount::new(i64::MAX, 0).plus(Amount::new(1, 0));
    let one = Amount::new(1, 0);
    for made in [
        lost,
        lost.minus(lost),
        one.minus(lost),
        lost.times(amount("0.000001")),
        one.times(lost),
        one.over(lost),
        lost.over(lost),
        lost.rescale(2),
        lost.negate(),
        Amount::new(i64::MIN, 0).negate(),
    ] {
        assert!(made.is_overflow(), "{made}");
    }
    assert!(!Amount::new(i64::MAX, 0).is_overflow());
}

#[test]
fn percentages_are_factors() {
    for (text, written) in [
        ("20%", "20%"),
        ("20.0%", "20.0%"),
        ("0.2", "20%"),
        ("0.055", "5.5%"),
        ("20", "2000%"),
        ("-5.25%", "-5.25%"),
        ("0%", "0%"),
    ] {
        assert_eq!(
            Percentage::parse(text).unwrap().to_string(),
            written,
            "{text}"
        );
    }
    let vat = Percentage::parse("5.5%").unwrap();
    assert_eq!(vat.of(amount("100.00")).to_string(), "5.50");
    assert_eq!(vat.factor().to_string(), "1.055");
    assert_eq!(vat.number().to_string(), "5.5");
    assert!(Percentage::parse("%").is_err());
}

#[test]
fn json_numbers_are_taken_by_their_text() {
    let amounts: Vec<Amount> =
        serde_json::from_str(r#"["1.50", 2, -3, 1.1, null, 18446744073709551]"#).unwrap();
    let texts: Vec<String> = amounts.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["1.50", "2", "-3", "1.1", "0", "18446744073709551"]);
    assert_eq!(serde_json::to_string(&amounts[0]).unwrap(), r#""1.50""#);
    assert!(serde_json::from_str::<Amount>("true").is_err());
}

/// Any amount that there can be.
fn any_amount() -> impl Strategy<Value = Amount> {
    (any::<i64>(), 0_u32..40).prop_map(|(value, exp)| Amount::new(value, exp))
}

/// An amount of a size that invoices have.
fn usual_amount() -> impl Strategy<Value = Amount> {
    (-1_000_000_000_000_i64..1_000_000_000_000, 0_u32..6)
        .prop_map(|(value, exp)| Amount::new(value, exp))
}

proptest! {
    // Four products in five of usual amounts do not fit: many a draw is rejected before there are enough.
    #![proptest_config(ProptestConfig { failure_persistence: None, max_global_rejects: 1 << 16, ..ProptestConfig::default() })]

    #[test]
    fn no_operation_panics(a in any_amount(), b in any_amount(), exp in any::<u32>()) {
        let results = [
            a.plus(b), a.minus(b), a.times(b), a.over(b), a.negate(), a.match_exp(b),
            a.rescale(exp), a.rescale_up(exp), a.rescale_down(exp), Amount::from_decimal(a.decimal()),
        ];
        for result in results {
            prop_assert!(result.is_overflow() || result.decimal().mantissa().abs() <= 1 << 63, "{}", result);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+.0-9]{0,30}|\\PC{0,8}") {
        let _ = Percentage::parse(&text);
        if let Ok(amount) = Amount::parse(&text) {
            prop_assert_eq!(Amount::parse(&amount.to_string()).unwrap().to_string(), amount.to_string());
        }
    }

    #[test]
    fn the_text_reads_back(a in usual_amount()) {
        let read = amount(&a.to_string());
        prop_assert_eq!((read, read.exp()), (a, a.exp()));
    }

    #[test]
    fn more_decimals_and_back_change_nothing(a in usual_amount(), more in 0_u32..6) {
        let there = a.rescale(a.exp() + more);
        prop_assert_eq!(there, a);
        prop_assert_eq!(there.rescale(a.exp()).to_string(), a.to_string());
    }

    #[test]
    fn order_goes_by_value(a in usual_amount(), b in usual_amount()) {
        let exp = a.exp().max(b.exp());
        prop_assert_eq!(a.cmp(&b), a.rescale(exp).minus(b.rescale(exp)).cmp(&Amount::ZERO));
    }

    #[test]
    fn rounding_is_off_by_half_a_unit_at_most(a in usual_amount(), exp in 0_u32..6) {
        let fine = a.rescale_up(exp + 1);
        let off = fine.minus(a.rescale(exp).rescale(fine.exp()));
        let half = Amount::new(5, exp + 1);
        prop_assert!(off <= half && off.negate() <= half, "{} {}", a, off);
    }

    #[test]
    fn a_product_is_the_exact_one_rounded_once(a in usual_amount(), b in usual_amount()) {
        let exact = a.decimal().mantissa() * b.decimal().mantissa();
        let scale = 10_i128.pow(b.exp());
        prop_assume!(exact.abs() / scale < i128::from(i64::MAX));
        let off = a.times(b).decimal().mantissa() * scale - exact;
        prop_assert!(off.abs() * 2 <= scale, "{} {}", a, b);
    }
}
