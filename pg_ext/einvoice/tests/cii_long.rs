//! Files that are long in one place: work grows with the file and can be stopped, and what is said of it stays readable.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::{BTreeMap, BTreeSet};

use einvoice::cii::binding::Locator;
use einvoice::cii::read::read;
use einvoice::cii::tree::Tree;
use einvoice::en16931::{Locate, Site, to_gobl};
use einvoice::entry::{File, Profile, check_cii, parse_cii, validate};
use einvoice::finding::Term::Bt;
use einvoice::finding::{Finding, Severity};
use einvoice::gobl;
use einvoice::rules::{MAX_FINDINGS_OF_A_RULE, fold};
use einvoice::{Cancelled, Poll};
use serde_json::{Value, json};

fn never_stop() -> Result<(), Cancelled> {
    Ok(())
}

/// One of our own files, with more before the first place where a text stands.
fn with(more: &str, before: &str) -> String {
    let file = std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap();
    assert!(file.contains(before), "{before}");
    file.replacen(before, &(more.to_owned() + before), 1)
}

fn checked(file: &str, profile: Profile) -> Vec<Finding> {
    check_cii(File::Text(file), profile, &mut never_stop).unwrap()
}

/// The ids of all that failed, those folded into another included.
fn ids(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings
        .iter()
        .flat_map(|f| std::iter::once(&f.rule.id).chain(&f.same_as))
        .copied()
        .collect()
}

/// How many findings there are of the rule that has most.
fn most(findings: &[Finding]) -> usize {
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for finding in findings {
        *counts
            .entry((finding.rule.id, finding.severity))
            .or_default() += 1;
    }
    counts.into_values().max().unwrap_or_default()
}

fn attribute(name: &str) -> String {
    format!(
        "<ram:ApplicableProductCharacteristic><ram:Description>{name}</ram:Description>\
         <ram:Value>{name} x</ram:Value></ram:ApplicableProductCharacteristic>"
    )
}

/// Work that grew faster than the file would not end here.
#[test]
fn attributes_of_one_name_are_numbered() {
    let count = 20_000;
    let all =
        attribute("Couleur 3") + &attribute("Couleur").repeat(count) + &attribute("Couleur 3");
    let file = with(&all, "</ram:SpecifiedTradeProduct>");
    let invoice = serde_json::to_value(parse_cii(&file, &mut never_stop).unwrap()).unwrap();
    let meta = invoice["lines"][0]["item"]["meta"].as_object().unwrap();
    assert_eq!(meta.len(), count + 2);
    assert_eq!(meta["couleur"], "Couleur x");
    assert_eq!(meta["couleur-2"], "Couleur x");
    assert_eq!(meta["couleur-3"], "Couleur 3 x");
    assert_eq!(meta["couleur-3-2"], "Couleur 3 x");
    // One further than there are: the third number was taken.
    assert_eq!(meta[&format!("couleur-{}", count + 1)], "Couleur x");
    // Totals that differ are calculated anew, with all that.
    let wrong = file.replace("<ram:DuePayableAmount>", "<ram:DuePayableAmount>1");
    assert!(ids(&checked(&wrong, Profile::En16931)).contains("PGC-CII-TOTALS"));
}

/// An interrupt is noticed at each line on the way from the model to GOBL, not only in GOBL's calculation.
#[test]
fn each_line_can_be_the_last() {
    let text = std::fs::read_to_string("../../tests/fixtures/b2g.xml").unwrap();
    let tree = Tree::read(&text, &mut never_stop).unwrap();
    let mut invoice = read(&tree, &mut never_stop).unwrap().invoice;
    let polls_of = |work: &mut dyn FnMut(Poll<'_>)| {
        let mut polls = 0;
        work(&mut || {
            polls += 1;
            Ok(())
        });
        polls
    };
    // Totals that differ are calculated with either rounding.
    invoice.lines = vec![invoice.lines[0].clone(); 500];
    let mut built = None;
    let building = polls_of(&mut |poll| built = to_gobl::build(&invoice, poll).ok());
    let mut made = built.unwrap().invoice;
    let calculating = polls_of(&mut |poll| gobl::calculate(&mut made, poll).unwrap());
    assert!(
        building >= 2 * (calculating + invoice.lines.len()),
        "{building} {calculating}"
    );
}

#[test]
fn a_rule_has_a_thousand_findings_and_every_rule_has_some() {
    let header = "<ram:ApplicableHeaderTradeAgreement>";
    for (piece, before) in [
        ("<ram:IncludedSupplyChainTradeLineItem/>", header),
        (
            "<ram:AdditionalReferencedDocument/>",
            "</ram:ApplicableHeaderTradeAgreement>",
        ),
        (
            "<ram:SpecifiedTaxRegistration><ram:ID schemeID=\"VA\">1</ram:ID></ram:SpecifiedTaxRegistration>",
            "</ram:SellerTradeParty>",
        ),
        (
            "<ram:PostalTradeAddress><ram:CountryID>XX</ram:CountryID></ram:PostalTradeAddress>",
            "</ram:SellerTradeParty>",
        ),
    ] {
        let few = ids(&checked(&with(&piece.repeat(3), before), Profile::En16931));
        let findings = checked(
            &with(&piece.repeat(3 * MAX_FINDINGS_OF_A_RULE), before),
            Profile::En16931,
        );
        assert_eq!(most(&findings), MAX_FINDINGS_OF_A_RULE, "{piece}");
        let missing: Vec<_> = few.difference(&ids(&findings)).copied().collect();
        assert_eq!(missing, Vec::<&str>::new(), "{piece}");
    }
}

/// What is only worth knowing, a thousand times, does not hide what is fatal behind it.
#[test]
fn findings_are_counted_by_severity() {
    let id = |scheme: &str| format!("<ram:ID schemeID=\"{scheme}\">x</ram:ID>");
    let all = id("1").repeat(2 * MAX_FINDINGS_OF_A_RULE) + &id("ZZZ");
    let findings = checked(&with(&all, "</ram:SellerTradeParty>"), Profile::ChorusPro);
    let count = |severity| {
        let of = |f: &&Finding| f.rule.id == "BR-CL-11" && f.severity == severity;
        findings.iter().filter(of).count()
    };
    assert_eq!(count(Severity::Information), MAX_FINDINGS_OF_A_RULE);
    assert_eq!(count(Severity::Fatal), 1);
}

#[test]
fn documents_have_a_thousand_findings_of_a_rule_of_en_16931() {
    let text = std::fs::read_to_string("../../tests/fixtures/b2g.json").unwrap();
    let mut doc: Value = serde_json::from_str(&text).unwrap();
    let line = json!({"quantity": "1", "item": {"name": "Clou", "price": "1.00", "unit": "QQQ"},
        "taxes": [{"cat": "VAT", "rate": "standard"}]});
    doc["lines"] = vec![line; 3 * MAX_FINDINGS_OF_A_RULE].into();
    let findings = validate(
        doc.to_string().as_str(),
        Some(Profile::ChorusPro),
        &mut never_stop,
    )
    .unwrap();
    let of = |f: &&Finding| f.rule.id == "BR-CL-23";
    assert_eq!(
        findings.iter().filter(of).count(),
        MAX_FINDINGS_OF_A_RULE,
        "{:?}",
        ids(&findings)
    );
}

#[test]
fn folding_can_be_stopped() {
    let lines = "<ram:IncludedSupplyChainTradeLineItem/>".repeat(MAX_FINDINGS_OF_A_RULE);
    let file = with(&lines, "<ram:ApplicableHeaderTradeAgreement>");
    let findings = checked(&file, Profile::En16931);
    let mut polls = 0;
    let mut count = || {
        polls += 1;
        if polls == 3 { Err(Cancelled) } else { Ok(()) }
    };
    assert!(findings.len() > 3_000);
    assert!(fold(findings, &mut count).is_err());
}

/// As many failures in the settlement as lines before it: work that grew with both would not end here.
#[test]
fn what_stands_behind_many_lines_is_found_at_once() {
    let count = 50_000;
    let allowance = "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator>\
        </ram:ChargeIndicator><ram:ActualAmount>1.00</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>";
    let lines = "<ram:IncludedSupplyChainTradeLineItem/>".repeat(count);
    let file = with(&lines, "<ram:ApplicableHeaderTradeAgreement>").replace(
        "</ram:ApplicableHeaderTradeSettlement>",
        &(allowance.repeat(count) + "</ram:ApplicableHeaderTradeSettlement>"),
    );
    let tree = Tree::read(&file, &mut never_stop).unwrap();
    let locator = Locator::new(&tree);
    let mut last = 0;
    for at in 0..count {
        let site = Site {
            term: Bt(92),
            at: [at, 0],
        };
        let position = locator.position(site);
        assert!(position > last);
        last = position;
        assert!(locator.path(site).ends_with("/ram:ActualAmount"));
    }
}
