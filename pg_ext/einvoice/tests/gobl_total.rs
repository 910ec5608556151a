//! Nothing panics, whatever the input; and what holds for every input.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod gobl_corpus;

use einvoice::amount::Amount;
use einvoice::gobl;
use einvoice::input::{Error, RefusalKind};
use gobl_corpus::{built, differences};
use proptest::prelude::*;
use serde_json::{Value, json};

/// An invoice that has something of everything that is calculated.
fn rich() -> Value {
    json!({
        "$schema": gobl::INVOICE_SCHEMA, "$addons": ["fr-choruspro-v1"], "$tags": ["reverse-charge"],
        "uuid": "019783e7-33b1-7000-a1a5-6139e214b447", "series": " F ", "code": "1", "issue_date": "2025-06-18",
        "value_date": "2025-06-19", "currency": "EUR",
        "exchange_rates": [{"from": "USD", "to": "EUR", "amount": "0.875967"}],
        "preceding": [{"code": "0", "issue_date": "2025-01-01", "lines": [1, 2]}],
        "tax": {"rounding": "currency", "prices_include": "VAT", "notes": [{"cat": "VAT", "key": "exempt", "text": "art. 261"}]},
        "supplier": {
            "name": "Fournisseur", "tax_id": {"country": "FR", "code": "FR 732 829 320"},
            "identities": [{"type": "SIRET", "code": "73282932000074"}],
            "inboxes": [{"key": "peppol", "code": "0009:73282932000074"}],
            "addresses": [{"street": "rue X", "state": "a-b", "country": "FR", "coords": {"lat": 48.85, "lon": 2}}],
            "people": [{"name": {"given": "A", "surname": "B"}, "emails": [{"addr": "a@b.fr"}]}],
        },
        "customer": {"name": "Commune", "identities": [{"type": "SIRET", "code": "21750001600019"}], "addresses": [{"country": "FR"}]},
        "lines": [
            {
                "quantity": "20.11433", "item": {"name": "x", "price": "10.555", "currency": "USD"},
                "discounts": [{"percent": "10%", "reason": "r"}, {"base": "5", "percent": "3.3%", "key": "sample"}],
                "charges": [{"rate": "0.46", "quantity": "48", "reason": "eco"}],
                "taxes": [{"cat": "VAT", "rate": "standard"}],
                "notes": [{"key": "general", "text": "n"}],
            },
            {
                "quantity": -2, "item": {"name": "y", "price": 3}, "taxes": [{"cat": "VAT", "percent": 0.055}],
                "breakdown": [{"quantity": "1", "item": {"name": "z", "price": "1.005"}, "discounts": [{"percent": "1%", "reason": "r"}]}],
            },
            {"quantity": "1", "item": {"name": "e", "price": "-4"}, "taxes": [{"cat": "VAT", "key": "exempt"}]},
        ],
        "discounts": [{"percent": "0.5%", "key": "standard", "taxes": [{"cat": "VAT", "tags": ["reduced"]}]}],
        "charges": [{"amount": "1.239", "key": "delivery", "taxes": [{"cat": "VAT", "key": "zero"}]}],
        "ordering": {"code": "SERVICE", "purchases": [{"code": "ENG-1"}]},
        "payment": {
            "terms": {"detail": "30 jours", "due_dates": [{"date": "2025-07-18", "percent": "50%"}]},
            "advances": [{"desc": "acompte", "percent": "33.33%"}],
            "instructions": {"key": "credit-transfer+sepa", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]},
        },
        "totals": {"rounding": "0.01"},
        "complements": [{"$schema": "https://example.org/x", "a": [1.5, null, true]}],
        "meta": {"k": "v"},
    })
}

include!("../fuzz/body.rs");

/// The JSON of a value, the members of its objects in an order that the seed chooses.
fn shuffled(value: &Value, seed: &mut u64) -> String {
    let mut next = |most: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(*seed >> 33).unwrap() % most
    };
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            for at in (1..members.len()).rev() {
                members.swap(at, next(at + 1));
            }
            let members: Vec<_> = members
                .into_iter()
                .map(|(key, value)| format!("{}:{}", json!(key), shuffled(value, seed)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| shuffled(item, seed)).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// Values to put in place of others.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null])),
        "[-+.0-9%eE]{0,24}".prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "VAT",
            "GST",
            "IGIC",
            "JPY",
            "USD",
            "EUR",
            "0000-00-00",
            "9999-12-31",
            "9223372036854775807",
            "-999999999999999999",
            "0.000000000000000001",
            "99999999999999%",
            "-100%",
            "bypass",
            "customer-rates",
            "self-billed",
            "general",
            "super-reduced+x",
            "reverse-charge",
            "exempt",
            "currency",
            "precise",
            "é\u{301}\u{200b}",
            "\0",
            "0009:1é",
            "FR",
            "DE",
            "GR",
            "SIRET",
            "A2",
        ])
        .prop_map(Value::from),
    ]
}

/// Puts `new` in the `at`-th place of the document, counted depth first.
fn put(value: &mut Value, at: &mut usize, new: &Value) -> bool {
    if *at == 0 {
        *value = new.clone();
        return true;
    }
    *at -= 1;
    match value {
        Value::Object(members) => members.values_mut().any(|member| put(member, at, new)),
        Value::Array(items) => items.iter_mut().any(|item| put(item, at, new)),
        _ => false,
    }
}

/// The rich document after a few random replacements.
fn mutated() -> impl Strategy<Value = Value> {
    prop::collection::vec((1_usize..160, value()), 0..5).prop_map(|changes| {
        let mut document = rich();
        for (mut at, new) in changes {
            put(&mut document, &mut at, &new);
        }
        document
    })
}

/// The rich document with other numbers, of a size and fineness that invoices have.
fn plausible() -> impl Strategy<Value = Value> {
    let number = || {
        (0_i64..10_000_000, 0_u32..6).prop_map(|(value, exp)| Amount::new(value, exp).to_string())
    };
    let percent = || (0_i64..1000).prop_map(|tenths| format!("{}%", Amount::new(tenths, 1)));
    let numbers = prop::collection::vec(number(), 10);
    let percents = prop::collection::vec(percent(), 6);
    (numbers, percents, any::<bool>()).prop_map(|(numbers, percents, included)| {
        let mut document = rich();
        let lines = &mut document["lines"];
        lines[0]["quantity"] = json!(numbers[0]);
        lines[0]["item"]["price"] = json!(numbers[1]);
        lines[0]["discounts"][0]["percent"] = json!(percents[0]);
        lines[0]["discounts"][1] = json!({"amount": numbers[2], "reason": "r"});
        lines[0]["charges"][0] = json!({"base": numbers[3], "percent": percents[1], "reason": "r"});
        lines[1]["breakdown"][0]["quantity"] = json!(numbers[4]);
        lines[1]["breakdown"][0]["item"]["price"] = json!(numbers[5]);
        lines[1]["breakdown"][0]["discounts"][0]["percent"] = json!(percents[2]);
        lines[1]["taxes"][0]["percent"] = json!(percents[3]);
        lines[2]["item"]["price"] = json!(numbers[6]);
        document["discounts"][0]["percent"] = json!(percents[4]);
        document["charges"][0]["amount"] = json!(numbers[7]);
        document["payment"]["advances"][0] = json!({"amount": numbers[8]});
        document["payment"]["terms"]["due_dates"][0]["percent"] = json!(percents[5]);
        document["totals"]["rounding"] = json!(numbers[9]);
        if !included {
            document["tax"]["prices_include"] = Value::Null;
        }
        document
    })
}

/// As many cases as PROPTEST_CASES says, for a longer run; else the usual number.
fn cases(usual: u32) -> u32 {
    let wanted = std::env::var("PROPTEST_CASES");
    wanted
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(usual)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(500), failure_persistence: None, ..ProptestConfig::default() })]

    /// Reading, calculating, judging and writing end, in a result or in a refusal with a path and a hint.
    #[test]
    fn nothing_panics(document in mutated()) {
        let text = document.to_string();
        match gobl::read(text.as_str()) {
            Ok(mut read) => {
                let _ = gobl::unknown_properties(&read.unknown);
                let before = read.document.invoice().map(gobl::faults);
                prop_assert!(before.is_some());
                match gobl::calculate_document(&mut read.document, &mut || Ok(())) {
                    Ok(()) => {
                        let invoice = read.document.invoice().unwrap();
                        let _ = gobl::faults(invoice);
                        prop_assert_eq!(gobl::digest(invoice).len(), 64);
                    }
                    Err(Error::Refused(refusal)) => {
                        prop_assert!(refusal.path.starts_with('$') && !refusal.hint.is_empty(), "{:?}", refusal);
                    }
                    Err(Error::Cancelled(_)) => prop_assert!(false, "nobody cancelled"),
                }
            }
            Err(refusal) => prop_assert!(refusal.path.starts_with('$') && !refusal.hint.is_empty(), "{:?}", refusal),
        }
    }

    /// Under `currency` rounding, a calculated document is what its calculation gives.
    #[test]
    fn building_twice_changes_nothing(document in plausible()) {
        let once = built(&document.to_string()).unwrap();
        let twice = built(&once.to_string()).unwrap();
        prop_assert_eq!(differences(&once, &twice), Vec::<String>::new());
    }

    /// The order in which a document's properties are written means nothing.
    #[test]
    fn field_order_never_matters(document in mutated(), seed in any::<u64>()) {
        let shuffled = shuffled(&document, &mut { seed });
        match (built(&document.to_string()), built(&shuffled)) {
            (Ok(plain), Ok(other)) => prop_assert_eq!(differences(&plain, &other), Vec::<String>::new()),
            (plain, other) => prop_assert_eq!(plain.is_err(), other.is_err()),
        }
    }

    /// Under `currency` rounding, and with net prices, what is shown adds up (BR-CO-10, -13, -15).
    #[test]
    fn totals_close_under_currency_rounding(mut document in plausible()) {
        document["tax"]["prices_include"] = Value::Null;
        let built = built(&document.to_string()).unwrap();
        let totals = &built["totals"];
        let amount = |value: &Value| value.as_str().map_or(Amount::new(0, 2), |text| Amount::parse(text).unwrap());
        let lines = built["lines"].as_array().unwrap().iter().fold(Amount::new(0, 2), |sum, line| sum.plus(amount(&line["total"])));
        prop_assert_eq!(lines, amount(&totals["sum"]));
        let total = amount(&totals["sum"]).minus(amount(&totals["discount"])).plus(amount(&totals["charge"]));
        prop_assert_eq!(total, amount(&totals["total"]));
        prop_assert_eq!(total.plus(amount(&totals["tax"])), amount(&totals["total_with_tax"]));
    }

    /// Text that is no JSON at all is refused, not more.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,64}") {
        let _ = gobl::read(text.as_str());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(150), failure_persistence: None, ..ProptestConfig::default() })]

    /// What the fuzz target proves, on the compiler at hand.
    #[test]
    fn every_document_is_survived(document in mutated()) {
        survive(&document.to_string());
    }

    /// What the fuzz target proves, of text that is hardly JSON.
    #[test]
    fn every_text_is_survived(text in r#"[\[\]{}":,.0-9a-z$ \\-]{0,80}"#) {
        survive(&text);
    }
}

#[test]
fn a_wrong_type_is_refused_with_its_path() {
    let text = r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "lines": [{"quantity": {"a": 1}}]}"#;
    let refusal = gobl::read(text).unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.path.as_str()),
        (RefusalKind::WrongType, "$.lines[0].quantity")
    );
    assert!(
        refusal.message.contains("a decimal number in quotes"),
        "{}",
        refusal.message
    );
}

#[test]
fn a_number_is_no_text() {
    for (text, path) in [
        (
            r#"{"lines": [{"item": {"name": 1.5}}]}"#,
            "$.lines[0].item.name",
        ),
        (
            r#"{"lines": [], "tax": {"ext": {"fr-choruspro-framework": 1}}}"#,
            "$.tax.ext.fr-choruspro-framework",
        ),
        (r#"{"lines": [], "uuid": "x"}"#, "$.uuid"),
        (
            r#"{"lines": [], "issue_date": "2025-02-30"}"#,
            "$.issue_date",
        ),
    ] {
        let refusal = gobl::read(text).unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.path.as_str()),
            (RefusalKind::WrongType, path)
        );
    }
}

#[test]
fn null_is_absence_everywhere() {
    let text = r#"{"code": null, "lines": [{"i": null, "quantity": null, "item": {"name": null, "price": null}}], "meta": null}"#;
    let read = gobl::read(text).unwrap();
    let invoice = read.document.invoice().unwrap();
    assert!(
        invoice.code.is_empty() && invoice.meta.is_empty() && invoice.lines[0].quantity.is_zero()
    );
}

#[test]
fn other_documents_are_refused_with_the_schemas_wanted() {
    for (text, path) in [
        (
            r#"{"$schema": "https://gobl.org/draft-0/note/message"}"#,
            "$",
        ),
        (r#"{"a": 1}"#, "$"),
        ("[1]", "$"),
        (
            r#"{"$schema": "https://gobl.org/draft-0/envelope"}"#,
            "$.doc",
        ),
        (
            r#"{"doc": {"$schema": "https://gobl.org/draft-0/org/party"}, "$schema": "https://gobl.org/draft-0/envelope"}"#,
            "$.doc",
        ),
    ] {
        let refusal = gobl::read(text).unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.path.as_str()),
            (RefusalKind::NotGobl, path),
            "{text}"
        );
        assert!(
            refusal.hint.contains(gobl::INVOICE_SCHEMA)
                && refusal.hint.contains(gobl::ENVELOPE_SCHEMA)
        );
    }
}

#[test]
fn the_shape_is_told_whatever_the_order_of_properties() {
    let invoice = json!({"$schema": gobl::INVOICE_SCHEMA, "lines": []}).to_string();
    for text in [
        format!(
            r#"{{"$schema": "{}", "head": {{}}, "doc": {invoice}}}"#,
            gobl::ENVELOPE_SCHEMA
        ),
        format!(
            r#"{{"doc": {invoice}, "$schema": "{}"}}"#,
            gobl::ENVELOPE_SCHEMA
        ),
        format!(
            r#"{{"x": 1, "doc": {invoice}, "$schema": "{}"}}"#,
            gobl::ENVELOPE_SCHEMA
        ),
    ] {
        assert!(
            matches!(
                gobl::read(text.as_str()).unwrap().document,
                gobl::Document::Envelope(_)
            ),
            "{text}"
        );
    }
    let bare = gobl::read(r#"{"lines": [{}]}"#).unwrap();
    assert_eq!(
        bare.document.invoice().unwrap().schema,
        gobl::INVOICE_SCHEMA
    );
}

#[test]
fn a_missing_issue_date_is_a_refusal_that_says_so() {
    let error = built(r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "currency": "EUR"}"#)
        .unwrap_err();
    let Error::Refused(refusal) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (refusal.kind, refusal.path.as_str()),
        (RefusalKind::Calculation, "$.issue_date")
    );
}

#[test]
fn an_envelope_gets_its_digest_and_its_errors_their_place() {
    let mut document = rich();
    let envelope =
        |document: &Value| json!({"$schema": gobl::ENVELOPE_SCHEMA, "doc": document}).to_string();
    let sealed = built(&envelope(&document)).unwrap();
    assert_eq!(sealed["head"]["dig"]["alg"], "sha256");
    document["lines"][0]["taxes"][0]["rate"] = json!("foo");
    let Err(Error::Refused(refusal)) = built(&envelope(&document)) else {
        panic!("an unknown rate was taken")
    };
    assert_eq!(refusal.path, "$.doc.lines[0].taxes[0].rate");
}

#[test]
fn what_is_nested_ten_thousand_deep_is_refused() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        for text in [
            deep.clone(),
            format!(
                r#"{{"$schema": "{}", "complements": [{deep}]}}"#,
                gobl::INVOICE_SCHEMA
            ),
        ] {
            assert!(gobl::read(text.as_str()).is_err());
        }
        // What nobody reads is passed over at any depth.
        let text = format!(
            r#"{{"$schema": "{}", "deep": {deep}}}"#,
            gobl::INVOICE_SCHEMA
        );
        assert_eq!(gobl::read(text.as_str()).unwrap().unknown, ["$.deep"]);
    }
}

#[test]
fn too_many_lines_are_refused() {
    let lines = vec!["{}"; 1_000_000].join(",");
    let text = format!(
        r#"{{"$schema": "{}", "lines": [{lines}]}}"#,
        gobl::INVOICE_SCHEMA
    );
    let refusal = gobl::read(text.as_str()).unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.path.as_str()),
        (RefusalKind::Limit, "$.lines")
    );
}

#[test]
fn the_interrupt_check_stops_the_work() {
    let text = rich().to_string();
    let mut document = gobl::read(text.as_str()).unwrap().document;
    let mut left = 4;
    let stopped = gobl::calculate_document(&mut document, &mut || {
        left -= 1;
        if left == 0 {
            Err(einvoice::Cancelled)
        } else {
            Ok(())
        }
    });
    assert!(matches!(stopped, Err(Error::Cancelled(_))));
}
