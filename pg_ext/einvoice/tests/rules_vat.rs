//! What each VAT category asks: its rows fail where they should, and nowhere else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;

use einvoice::amount::{Amount, Percentage};
use einvoice::en16931::{
    Address, AllowanceCharge, Beyond, Delivery, Identifier, Invoice, Line, LineVat, Locate, Party,
    Period, Site, TaxRepresentative, TaxType, VatBreakdown,
};
use einvoice::entry::{self, Profile};
use einvoice::finding::{Finding, Lang, Severity};
use einvoice::rules;
use serde_json::{Value, json};

/// The term and its occurrence stand for the place.
struct Terms;

impl Locate for Terms {
    fn path(&self, site: Site) -> String {
        format!("{}{:?}", site.term, site.at)
    }
}

/// The categories, the names of their rules, and the rate that suits them.
const CATEGORIES: [(&str, &str, Option<&str>); 9] = [
    ("S", "BR-S", Some("20%")),
    ("Z", "BR-Z", Some("0%")),
    ("E", "BR-E", Some("0%")),
    ("AE", "BR-AE", Some("0%")),
    ("K", "BR-IC", Some("0%")),
    ("G", "BR-G", Some("0%")),
    ("O", "BR-O", None),
    ("L", "BR-AF", Some("7%")),
    ("M", "BR-AG", Some("4%")),
];

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn vat(category: &'static str, rate: Option<&str>) -> LineVat<'static> {
    LineVat {
        category: Some(category.into()),
        rate: rate.map(|rate| Percentage::parse(rate).unwrap()),
        ..LineVat::default()
    }
}

fn adjustment(category: &'static str, rate: Option<&str>, of: &str) -> AllowanceCharge<'static> {
    AllowanceCharge {
        amount: Some(amount(of)),
        vat: Some(vat(category, rate)),
        ..AllowanceCharge::default()
    }
}

fn entry(category: &'static str, rate: Option<&str>, taxable: &str) -> VatBreakdown<'static> {
    let tax = rate.map(|rate| Percentage::parse(rate).unwrap().of(amount(taxable)));
    VatBreakdown {
        taxable: Some(amount(taxable)),
        tax: Some(tax.unwrap_or(Amount::ZERO)),
        vat: vat(category, rate),
        exemption_code: matches!(category, "E" | "AE" | "K" | "G" | "O")
            .then(|| "VATEX-EU-O".into()),
        ..VatBreakdown::default()
    }
}

fn line(category: &'static str, rate: Option<&str>, net: &str) -> Line<'static> {
    Line {
        net: Some(amount(net)),
        vat: Some(vat(category, rate)),
        ..Line::default()
    }
}

fn country(code: &'static str) -> Option<Address<'static>> {
    Some(Address {
        country: Some(code.into()),
        ..Address::default()
    })
}

/// An invoice with two lines, an allowance and a charge of one category: 100 + 100 - 10 + 20.
fn invoice(category: &'static str, rate: Option<&str>) -> Invoice<'static> {
    let vat_id = |id: &'static str| (category != "O").then(|| id.into());
    Invoice {
        seller: Some(Party {
            vat_id: vat_id("FR44732829320"),
            ..Party::default()
        }),
        buyer: Some(Party {
            vat_id: vat_id("DE136695976"),
            ..Party::default()
        }),
        delivery: Some(Delivery {
            date: Some(jiff::civil::date(2026, 1, 31).into()),
            address: country("DE"),
            ..Delivery::default()
        }),
        lines: vec![
            line(category, rate, "100.00"),
            line(category, rate, "100.00"),
        ],
        allowances: vec![adjustment(category, rate, "10.00")],
        charges: vec![adjustment(category, rate, "20.00")],
        vat: vec![entry(category, rate, "210.00")],
        ..Invoice::default()
    }
}

/// What fails of the rules on VAT categories.
fn failing(invoice: &Invoice<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    rules::check(
        invoice,
        Profile::En16931,
        &Terms,
        &mut || Ok(()),
        &mut findings,
    )
    .unwrap();
    let is_of_vat = |id: &str| {
        let id = id.trim_start_matches("PGC-");
        CATEGORIES
            .iter()
            .map(|(_, name, _)| *name)
            .chain(["BR-B"])
            .any(|name| {
                id.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('-'))
            })
    };
    findings.retain(|finding| is_of_vat(finding.rule.id));
    findings
}

fn ids(invoice: &Invoice<'_>) -> Vec<&'static str> {
    let ids: BTreeSet<_> = failing(invoice).iter().map(|f| f.rule.id).collect();
    ids.into_iter().collect()
}

/// Each category with the invoice that suits it.
fn each(test: impl Fn(&str, &str, Invoice<'static>)) {
    for (category, name, rate) in CATEGORIES {
        test(category, name, invoice(category, rate));
    }
}

#[test]
fn an_invoice_of_each_category_holds() {
    each(|_, name, invoice| assert_eq!(failing(&invoice), [], "{name}"));
}

#[test]
fn x_01_the_breakdown_has_the_category_of_the_lines() {
    each(|category, name, mut invoice| {
        invoice.vat.clear();
        // Outside the scope asks for lines where there is an entry, not the converse; two lines count as enough where several
        // entries may be, but one allowance and one charge are two as well.
        let holds = matches!(category, "S" | "L" | "M" | "O");
        let wanted = if holds {
            vec![]
        } else {
            vec![format!("{name}-01")]
        };
        assert_eq!(ids(&invoice), wanted);
        invoice.lines.truncate(1);
        let holds = category == "O";
        let wanted = if holds {
            vec![]
        } else {
            vec![format!("{name}-01")]
        };
        assert_eq!(ids(&invoice), wanted, "one line");
    });
}

#[test]
fn x_01_an_entry_wants_lines() {
    each(|category, name, mut invoice| {
        invoice.lines.clear();
        invoice.allowances.clear();
        invoice.charges.clear();
        for entry in &mut invoice.vat {
            entry.taxable = Some(Amount::ZERO);
            entry.tax = Some(Amount::ZERO);
        }
        let holds = matches!(category, "S" | "L" | "M");
        let wanted = if holds {
            vec![]
        } else {
            vec![format!("{name}-01")]
        };
        assert_eq!(ids(&invoice), wanted);
    });
}

#[test]
fn x_01_two_entries_are_one_too_many_but_where_rates_differ() {
    each(|category, name, mut invoice| {
        let twin = invoice.vat[0].clone();
        invoice.vat.push(twin);
        let holds = matches!(category, "S" | "L" | "M");
        let wanted = if holds {
            vec![]
        } else {
            vec![format!("{name}-01")]
        };
        assert_eq!(ids(&invoice), wanted);
    });
}

#[test]
fn x_02_to_04_ask_for_identifiers() {
    each(|category, name, mut invoice| {
        let three: Vec<_> = (2..=4).map(|n| format!("{name}-0{n}")).collect();
        if category == "O" {
            invoice.buyer.as_mut().unwrap().vat_id = Some("DE136695976".into());
            let findings = failing(&invoice);
            assert_eq!(ids(&invoice), three);
            assert_eq!(findings.len(), 4, "each line, the allowance, the charge");
            assert_eq!(findings[0].value, "DE136695976");
            return;
        }
        invoice.seller.as_mut().unwrap().vat_id = None;
        assert_eq!(ids(&invoice), three);
        let places: Vec<_> = failing(&invoice).into_iter().map(|f| f.path).collect();
        assert_eq!(
            places,
            [
                "BT-151[0, 0]",
                "BT-151[1, 0]",
                "BT-95[0, 0]",
                "BT-102[0, 0]"
            ]
        );
        // A tax number stands in for the VAT number of the seller, where VAT is due at home.
        invoice.seller.as_mut().unwrap().tax_number = Some("1234".into());
        let suffices = !matches!(category, "K" | "G");
        assert_eq!(ids(&invoice), if suffices { vec![] } else { three.clone() });
        // The representative's VAT number always does.
        invoice.seller = None;
        invoice.tax_representative = Some(TaxRepresentative {
            vat_id: Some(String::new().into()),
            ..TaxRepresentative::default()
        });
        assert_eq!(ids(&invoice), Vec::<&str>::new(), "an empty number is one");
        // And the buyer's, or its registration.
        invoice.buyer.as_mut().unwrap().vat_id = None;
        let needs_buyer = matches!(category, "K" | "AE");
        assert_eq!(
            ids(&invoice),
            if needs_buyer { three.clone() } else { vec![] }
        );
        invoice.buyer.as_mut().unwrap().legal_id = Some(Identifier::local("1".into(), None));
        assert_eq!(ids(&invoice), if category == "K" { three } else { vec![] });
    });
}

#[test]
fn x_05_to_07_look_at_rates() {
    for (category, name, _) in CATEGORIES {
        let three: Vec<_> = (5..=7).map(|n| format!("{name}-0{n}")).collect();
        for rate in [None, Some("-1%"), Some("0%"), Some("0.00%"), Some("20%")] {
            let zero = matches!(rate, Some("0%" | "0.00%"));
            let holds = match category {
                "S" | "L" => rate == Some("20%"),
                "M" => zero || rate == Some("20%"),
                "O" => rate.is_none(),
                _ => zero,
            };
            let found: Vec<_> = ids(&invoice(category, rate))
                .into_iter()
                .filter(|id| three.iter().any(|three| three == id))
                .collect();
            assert_eq!(
                found,
                if holds { vec![] } else { three.clone() },
                "{rate:?}"
            );
        }
    }
}

#[test]
fn taxes_of_a_line_s_own_allowances_are_looked_at_as_well() {
    let mut invoice = invoice("S", Some("20%"));
    invoice.lines[1].allowances = vec![adjustment("S", Some("0%"), "1.00")];
    invoice.lines[1].charges = vec![adjustment("S", None, "1.00")];
    let findings = failing(&invoice);
    let places: Vec<_> = findings
        .iter()
        .map(|f| (f.rule.id, f.path.as_str(), f.value.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("BR-S-06", "BG-27[1, 0]", "0%"),
            ("BR-S-07", "BG-28[1, 0]", "–")
        ]
    );
}

#[test]
fn x_08_compares_the_taxable_amount() {
    for (category, name, rate) in CATEGORIES {
        for (taxable, off) in [
            ("210.00", "0"),
            ("210.01", "0.01"),
            ("209.01", "0.99"),
            ("211.00", "1"),
            ("209.00", "1"),
        ] {
            let mut invoice = invoice(category, rate);
            invoice.vat = vec![entry(category, rate, taxable)];
            let holds = match category {
                "Z" | "E" | "AE" | "K" | "G" => off != "1",
                _ => off == "0",
            };
            let is_ours = matches!(category, "L" | "M");
            let id = format!("{}{name}-08", if is_ours { "PGC-" } else { "" });
            assert_eq!(ids(&invoice), if holds { vec![] } else { vec![id] });
            if let Some(finding) = failing(&invoice).first() {
                assert_eq!((&*finding.value, &*finding.wanted), (taxable, "210.00"));
                let severity = if is_ours {
                    Severity::Warning
                } else {
                    Severity::Fatal
                };
                assert_eq!(finding.severity, severity);
            }
        }
        let mut none = invoice(category, rate);
        none.vat[0].taxable = None;
        assert!(!ids(&none).is_empty(), "{name}: no amount is a wrong one");
    }
}

#[test]
fn exactly_one_unit_apart_the_artefact_s_binary_numbers_decide() {
    for (net, taxable, holds) in [
        ("100.00", "101.00", false),
        ("0.22", "1.22", true),
        ("2.32", "1.32", true),
        ("3.00", "4.00", false),
    ] {
        let mut invoice = invoice("E", Some("0%"));
        invoice.allowances.clear();
        invoice.charges.clear();
        invoice.lines = vec![line("E", Some("0%"), net)];
        invoice.vat = vec![entry("E", Some("0%"), taxable)];
        let wanted = if holds { vec![] } else { vec!["BR-E-08"] };
        assert_eq!(ids(&invoice), wanted, "{net} {taxable}");
    }
}

#[test]
fn br_s_08_goes_by_rate_whatever_its_decimals() {
    let mut invoice = invoice("S", Some("20%"));
    invoice.lines[1] = line("S", Some("20.00%"), "100.00");
    assert_eq!(failing(&invoice), []);
    // More rates than have room without asking for memory.
    for (at, rate) in ["5.5%", "10%", "2.1%", "8.5%", "1.05%", "1.75%"]
        .into_iter()
        .enumerate()
    {
        invoice.lines.push(line("S", Some(rate), "10.00"));
        invoice.vat.push(entry("S", Some(rate), "10.00"));
        assert_eq!(failing(&invoice), [], "{at}");
    }
    invoice.vat[6].taxable = Some(amount("11.00"));
    let findings = failing(&invoice);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (
            findings[0].rule.id,
            &*findings[0].path,
            &*findings[0].wanted
        ),
        ("BR-S-08", "BT-116[6, 0]", "10.00")
    );
    // An entry without rate is compared with nothing.
    invoice.vat[6].vat.rate = None;
    invoice.vat[6].tax = None;
    assert_eq!(ids(&invoice), ["BR-S-09"]);
}

#[test]
fn sums_are_rounded_each_for_itself_and_a_half_goes_up() {
    // -0.005 becomes 0, 0.005 becomes 0.01: as XPath rounds.
    for (net, taxable) in [("-0.005", "0.00"), ("0.005", "0.01"), ("-0.006", "-0.01")] {
        let mut invoice = Invoice {
            lines: vec![line("O", None, net)],
            vat: vec![entry("O", None, taxable)],
            ..Invoice::default()
        };
        assert_eq!(failing(&invoice), [], "{net}");
        invoice.vat[0].taxable = Some(amount("0.02"));
        assert_eq!(ids(&invoice), ["BR-O-08"], "{net}");
    }
}

#[test]
fn x_09_looks_at_the_tax() {
    for (category, name, rate) in CATEGORIES {
        let wanted = invoice(category, rate).vat[0].tax.unwrap();
        for (more, is_near) in [
            ("0.00", true),
            ("0.01", true),
            ("0.99", true),
            ("1.00", false),
        ] {
            for more in [amount(more), amount(more).negate()] {
                let mut invoice = invoice(category, rate);
                invoice.vat[0].tax = Some(wanted.rescale_up(2).plus(more));
                let has_tax = matches!(category, "S" | "L" | "M");
                let holds = more.is_zero() || has_tax && is_near;
                let is_ours = matches!(category, "L" | "M");
                let id = format!("{}{name}-09", if is_ours { "PGC-" } else { "" });
                assert_eq!(
                    ids(&invoice),
                    if holds { vec![] } else { vec![id] },
                    "{more}"
                );
            }
        }
    }
}

#[test]
fn x_10_wants_a_reason_of_exemption_or_none() {
    each(|category, name, mut invoice| {
        let is_exempt = matches!(category, "E" | "AE" | "K" | "G" | "O");
        let id = vec![format!("{name}-10")];
        for (code, reason) in [(None, None), (Some(""), None), (None, Some("art. 261"))] {
            invoice.vat[0].exemption_code = code.map(Into::into);
            invoice.vat[0].exemption_reason = reason.map(Into::into);
            let is_given = code.is_some() || reason.is_some();
            let holds = is_given == is_exempt;
            assert_eq!(ids(&invoice), if holds { vec![] } else { id.clone() });
        }
    });
}

#[test]
fn intra_community_supply_says_when_and_where_to() {
    let mut invoice = invoice("K", Some("0%"));
    invoice.delivery.as_mut().unwrap().date = None;
    assert_eq!(ids(&invoice), ["BR-IC-11"]);
    invoice.period = Some(Period {
        start: None,
        end: Some(jiff::civil::date(2026, 1, 31).into()),
    });
    assert_eq!(failing(&invoice), []);
    invoice.delivery = None;
    assert_eq!(ids(&invoice), ["BR-IC-12"]);
}

#[test]
fn what_is_outside_the_scope_stands_alone() {
    let mut other_line = invoice("O", None);
    other_line.lines.push(line("Z", Some("0%"), "0.00"));
    other_line.vat.push(entry("Z", Some("0%"), "0.00"));
    let ids_of = ids(&other_line);
    assert!(
        ids_of.contains(&"BR-O-11") && ids_of.contains(&"BR-O-12"),
        "{ids_of:?}"
    );
    assert!(!ids_of.contains(&"BR-O-13"), "{ids_of:?}");
    let mut other_charge = invoice("O", None);
    other_charge.charges.push(adjustment("X", None, "0.00"));
    assert_eq!(ids(&other_charge), ["BR-O-13", "BR-O-14"]);
    // Without category it is no other one.
    other_charge.charges[1].vat.as_mut().unwrap().category = None;
    assert_eq!(failing(&other_charge), []);
}

#[test]
fn split_payment_is_italian_and_alone() {
    let mut invoice = invoice("S", Some("22%"));
    for line in &mut invoice.lines {
        line.vat = Some(vat("B", Some("22%")));
    }
    invoice.vat[0].vat = vat("B", Some("22%"));
    assert_eq!(ids(&invoice)[..2], ["BR-B-01", "BR-B-02"]);
    assert_eq!(failing(&invoice)[0].value, "DE");
    invoice.allowances.clear();
    invoice.charges.clear();
    invoice.delivery.as_mut().unwrap().address = country("IT");
    assert_eq!(failing(&invoice), []);
    // Codes beyond the terms of EN 16931 count.
    invoice.beyond = Beyond {
        countries: vec!["FR".into()],
        other_categories: vec!["S".into()],
        ..Beyond::default()
    };
    assert_eq!(ids(&invoice), ["BR-B-01", "BR-B-02"]);
}

#[test]
fn other_taxes_count_in_the_sums_but_have_no_rows() {
    let mut invoice = invoice("E", Some("0%"));
    invoice.lines[0].vat.as_mut().unwrap().tax = TaxType::Other;
    invoice.lines[0].vat.as_mut().unwrap().rate = Some(Percentage::parse("5%").unwrap());
    assert_eq!(failing(&invoice), []);
    // Neither has an entry of another tax, but at the standard and the zero rate.
    invoice.vat[0].taxable = None;
    invoice.vat[0].vat.tax = TaxType::PaddedVat;
    assert_eq!(failing(&invoice), []);
    let mut standard = self::invoice("S", Some("20%"));
    standard.vat[0].taxable = Some(amount("1.00"));
    standard.vat[0].vat.tax = TaxType::Other;
    assert_eq!(ids(&standard), ["BR-S-08", "BR-S-09"]);
}

#[test]
fn a_line_of_several_taxes_counts_once_in_each() {
    let mut invoice = invoice("E", Some("0%"));
    invoice.lines[0].further_taxes = vec![
        vat("E", Some("0%")),
        vat("S", Some("20%")),
        vat("Z", Some("0%")),
    ];
    invoice.vat.push(entry("Z", Some("0%"), "100.00"));
    // Any of the line's rates goes with any of its categories.
    invoice.vat.push(entry("S", Some("20%"), "100.00"));
    let mut zero = entry("S", Some("0%"), "100.00");
    zero.tax = Some(Amount::ZERO);
    invoice.vat.push(zero);
    assert_eq!(failing(&invoice), []);
}

#[test]
fn codes_are_compared_as_they_are() {
    let mut invoice = invoice("S", Some("20%"));
    for line in &mut invoice.lines {
        line.vat.as_mut().unwrap().category = Some(" S".into());
    }
    assert_eq!(ids(&invoice), ["BR-S-08"]);
    assert_eq!(failing(&invoice)[0].wanted, "10.00");
}

#[test]
fn what_gobl_says_of_the_same_problem_is_folded_in() {
    let line = |key: &str, percent: Option<&str>| {
        let mut tax = json!({"cat": "VAT", "key": key});
        if let Some(percent) = percent {
            tax["percent"] = percent.into();
        }
        json!({"quantity": "1", "item": {"name": "x", "price": "10.00", "unit": "piece"}, "taxes": [tax]})
    };
    let text = std::fs::read_to_string("../../tests/fixtures/b2g.json").unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["lines"] = json!([line("exempt", None), line("standard", Some("20%"))]);
    let text = document.to_string();
    let built = entry::build(text.as_str(), &mut || Ok(())).unwrap();
    let mut built = serde_json::to_value(built).unwrap();
    built["lines"][1]["taxes"][0]
        .as_object_mut()
        .unwrap()
        .remove("percent");
    let findings = entry::validate(built.to_string().as_str(), None, &mut || Ok(())).unwrap();
    let folded = |rule: &str| {
        let of_rule: Vec<_> = findings.iter().filter(|f| f.rule.id == rule).collect();
        assert_eq!(of_rule.len(), 1, "{findings:#?}");
        (of_rule[0].path.clone(), of_rule[0].same_as.clone())
    };
    let same_as = vec!["GOBL-EU-EN16931-BILL-INVOICE-08"];
    assert_eq!(folded("BR-E-10"), ("$".to_owned(), same_as));
    let same_as = vec!["GOBL-TAX-COMBO-04"];
    assert_eq!(
        folded("BR-S-05"),
        ("$.lines[1].taxes[0]".to_owned(), same_as)
    );
}

#[test]
fn sentences_name_the_category_in_words() {
    let rules = entry::rules();
    for (of, en, fr) in [
        ("BR-S-08", "at the standard rate (S)", "au taux normal (S)"),
        (
            "BR-AE-02",
            "under reverse charge (AE)",
            "en autoliquidation (AE)",
        ),
        (
            "BR-O-05",
            "outside the scope of VAT (O)",
            "hors du champ de la TVA (O)",
        ),
        (
            "PGC-BR-AF-09",
            "IGIC of the Canary Islands (L)",
            "IGIC des Canaries (L)",
        ),
    ] {
        let rule = rules.iter().find(|rule| rule.id == of).unwrap();
        assert!(rule.message.in_lang(Lang::En).contains(en), "{of}");
        assert!(rule.message.in_lang(Lang::Fr).contains(fr), "{of}");
    }
}

#[test]
fn all_ninety_eight_rules_are_in_the_catalogue() {
    let rules = entry::rules();
    let mut count = 0;
    for (_, name, _) in CATEGORIES.iter().chain([&("B", "BR-B", None)]) {
        let last = match *name {
            "BR-IC" => 12,
            "BR-O" => 14,
            "BR-B" => 2,
            _ => 10,
        };
        for n in 1..=last {
            let id = format!("{name}-{n:02}");
            assert!(rules.iter().any(|rule| rule.id == id), "{id}");
            count += 1;
        }
    }
    assert_eq!(count, 98);
}
