//! What is written is read back, and what is read is written back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod cii_canonical;
mod gobl_corpus;

use cii_canonical::{Difference, Node, differences};
use einvoice::amount::Amount;
use einvoice::cii::tree::Tree;
use einvoice::cii::{self, decode, read};
use einvoice::codes;
use einvoice::en16931::{Locate, Site};
use einvoice::entry::{self, Profile};
use einvoice::finding::Severity;
use serde_json::Value;

fn poll() -> Result<(), einvoice::Cancelled> {
    Ok(())
}

/// Nobody asks where anything stands.
struct Nowhere;

impl Locate for Nowhere {
    fn path(&self, _: Site) -> String {
        String::new()
    }
}

/// A file read into the model and written again: where it differs, or nothing where the model passes something over.
fn rewritten(bytes: &[u8]) -> Option<Vec<Difference>> {
    let text = decode::decode(bytes).unwrap();
    let tree = Tree::read(&text, &mut poll).unwrap();
    let reading = read::read(&tree, &mut poll).unwrap();
    if !reading.passed_over.is_empty() {
        return None;
    }
    let again = cii::write(&reading.invoice, &Nowhere, &mut poll).unwrap();
    Some(differences(&canonical(&text), &canonical(&again)))
}

/// A file without what says nothing in EN 16931: elements with nothing in them, attributes that no term is for, a plus sign
/// before a number, white space around what is no text, and the order of what the model keeps apart.
fn canonical(xml: &str) -> Node {
    let mut root = Node::read(xml);
    settle(&mut root);
    root
}

/// The same with numbers by value: GOBL adds noughts to a price where its rounding needs them.
fn by_value(xml: &str) -> Node {
    let mut root = canonical(xml);
    strip(&mut root);
    root
}

fn strip(node: &mut Node) {
    node.children.iter_mut().for_each(strip);
    if is_number(&node.name) {
        node.text = plain(&node.text);
    }
}

fn is_number(name: &str) -> bool {
    ["Amount", "Percent", "Quantity"]
        .iter()
        .any(|kind| name.ends_with(kind))
}

fn settle(node: &mut Node) {
    node.children.iter_mut().for_each(settle);
    node.children.retain(|child| {
        !(child.children.is_empty() && child.attributes.is_empty() && child.text.trim().is_empty())
    });
    for name in [
        "SpecifiedTradeAllowanceCharge",
        "AdditionalReferencedDocument",
        "SpecifiedTaxRegistration",
    ] {
        reorder(&mut node.children, name);
    }
    let name = node.name.as_str();
    node.attributes.retain(|key, _| match key.as_str() {
        "schemeID" => matches!(name, "ID" | "GlobalID" | "URIID"),
        "format" => matches!(name, "DateTimeString" | "DateString"),
        "unitCode" => matches!(name, "BilledQuantity" | "BasisQuantity"),
        "currencyID" => name == "TaxTotalAmount",
        "listID" | "listVersionID" => name == "ClassCode",
        "mimeCode" | "filename" => name == "AttachmentBinaryObject",
        _ => false,
    });
    // Line ends are line feeds for any reader of XML.
    node.text = node.text.replace("\r\n", "\n");
    if is_number(name) {
        node.text = node.text.trim().trim_start_matches('+').to_owned();
        // An amount holds 18 digits.
        while node.text.len() > 19 && node.text.ends_with('0') {
            node.text.pop();
        }
    }
}

/// Sorts the children of one name among themselves.
fn reorder(children: &mut [Node], name: &str) {
    let places: Vec<usize> = (0..children.len())
        .filter(|at| children[*at].name == name)
        .collect();
    let mut of_name: Vec<Node> = places.iter().map(|at| children[*at].clone()).collect();
    of_name.sort_by_key(order);
    for (at, node) in places.into_iter().zip(of_name) {
        children[at] = node;
    }
}

/// What the model keeps apart has no order in it: charges and allowances, VAT number and tax number, tender, object and
/// supporting documents. Zero for everything else, which stays where it is.
fn order(node: &Node) -> u8 {
    let has = |path: &[&str], value: &str| {
        let mut at = vec![node];
        for name in path {
            at = at
                .into_iter()
                .flat_map(|n| &n.children)
                .filter(|c| c.name == *name)
                .collect();
        }
        at.iter().any(|n| n.text.trim() == value)
    };
    match node.name.as_str() {
        "SpecifiedTradeAllowanceCharge" => {
            u8::from(!has(&["ChargeIndicator", "Indicator"], "true"))
        }
        "AdditionalReferencedDocument" if has(&["TypeCode"], "130") => 1,
        "AdditionalReferencedDocument" if has(&["TypeCode"], "916") => 2,
        "SpecifiedTaxRegistration" => {
            let is_vat = |id: &Node| id.attributes.get("schemeID").is_some_and(|s| s == "VA");
            u8::from(!node.children.iter().any(is_vat))
        }
        _ => 0,
    }
}

/// Valid files that come back otherwise, with the element and the reason.
const OTHERWISE: [(&str, &str, &str); 3] = [
    (
        "mutants/CII-SR-119--rich-O--delete_1--m25462.xml",
        "/SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem[2]/SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ChargeIndicator/Indicator",
        "The discount on a price says that it is no charge, which the rules ask for (CII-SR-119, a warning).",
    ),
    (
        "mutants/CII-SR-183--rich-S--IndicatorString--m44997.xml",
        "/SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem[1]/SpecifiedLineTradeSettlement/SpecifiedTradeAllowanceCharge[2]/ChargeIndicator/IndicatorString",
        "An indicator in words of its own is none in EN 16931 (CII-SR-183, a warning).",
    ),
    (
        "xrechnung-testsuite/src__test__technical-cases__cius__01.02_comprehensive_test_uncefact.xml",
        "/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/ApplicableTradeTax[2]/DueDateTypeCode",
        "There is one event that makes VAT due (BT-8): it stands in every breakdown.",
    ),
];

#[test]
fn a_valid_file_with_nothing_passed_over_comes_back_from_the_model() {
    let Some(root) = gobl_corpus::corpus("../cii") else {
        return;
    };
    let expected = std::fs::read_to_string(root.join("expected.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    let (mut same, mut passed_over, mut otherwise) = (0, 0, Vec::new());
    for entry in expected.iter().filter(|entry| entry["valid"] == true) {
        let name = entry["file"].as_str().unwrap();
        match rewritten(&std::fs::read(root.join(name)).unwrap()) {
            None => passed_over += 1,
            Some(differences) if differences.is_empty() => same += 1,
            Some(differences) => otherwise.extend(
                differences
                    .into_iter()
                    .map(|(path, ..)| (name.to_owned(), path)),
            ),
        }
    }
    println!("{same} files come back, {passed_over} have more than the model holds");
    let listed: Vec<_> = OTHERWISE
        .iter()
        .map(|(file, path, _)| ((*file).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(otherwise, listed);
    assert!(same > 300, "{same} files");
}

#[test]
fn our_own_files_come_back_from_the_model() {
    for name in [
        "b2g.xml",
        "b2g.en16931.xml",
        "b2g-paid.xml",
        "credit-note.xml",
        "credit-note.attachment.xml",
        "cross-border.xml",
        "everything.en16931.xml",
        "represented.en16931.xml",
    ] {
        let file = std::fs::read(format!("../../tests/fixtures/{name}")).unwrap();
        assert_eq!(rewritten(&file), Some(Vec::new()), "{name}");
    }
}

/// Our own invoices.
const OWN: [&str; 6] = [
    "b2g.json",
    "b2g-paid.json",
    "credit-note.json",
    "cross-border.json",
    "everything.json",
    "represented.json",
];

/// A GOBL document written as a file of profile `en16931`, and the GOBL document made of that.
fn there_and_back(text: &str) -> (String, Value) {
    let file = entry::render_cii(text, Profile::En16931, &[], &mut poll).unwrap();
    let parsed = entry::parse_cii(&file, &mut poll).unwrap();
    let parsed = serde_json::to_value(parsed).unwrap();
    (file, parsed)
}

/// What a GOBL document says, as far as both ways have to keep it: amounts, codes, parties, dates. Texts by place; places
/// where GOBL keeps one thing in two ways are brought to one.
fn said(doc: &Value) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for pointer in [
        "/type",
        "/issue_date",
        "/value_date",
        "/currency",
        "/tax/point",
        "/tax/ext",
        "/ordering/code",
        "/ordering/cost",
        "/payment/instructions/detail",
        "/payment/instructions/ref",
        "/payment/instructions/credit_transfer",
        "/payment/instructions/direct_debit",
        "/payment/instructions/ext",
        "/delivery/date",
        "/delivery/receiver/name",
    ] {
        collect(pointer, doc.pointer(pointer), &mut out);
    }
    out.push(("number".to_owned(), number(doc)));
    for list in [
        "/preceding",
        "/ordering/contracts",
        "/ordering/purchases",
        "/ordering/sales",
        "/ordering/projects",
    ] {
        if let Some(first) = doc.pointer(&format!("{list}/0")) {
            out.push((list.to_owned(), number(first)));
            collect(list, first.get("issue_date"), &mut out);
        }
    }
    for party in [
        "/supplier",
        "/customer",
        "/ordering/seller",
        "/payment/payee",
    ] {
        let Some(party_of) = doc.pointer(party) else {
            continue;
        };
        for field in ["name", "alias"] {
            collect(&format!("{party}/{field}"), party_of.get(field), &mut out);
        }
        // A country without a number is no VAT number.
        let tax_id = party_of.get("tax_id").filter(|id| id.get("code").is_some());
        collect(&format!("{party}/tax_id"), tax_id, &mut out);
        // A payee has no address (BG-10).
        let address = ["locality", "code", "country", "region"];
        for field in address.iter().filter(|_| party != "/payment/payee") {
            let place = format!("{party}/{field}");
            collect(
                &place,
                party_of.pointer(&format!("/addresses/0/{field}")),
                &mut out,
            );
        }
        let identities = party_of["identities"].as_array();
        for identity in identities.into_iter().flatten() {
            collect(
                &format!("{party}/identities"),
                identity.get("code"),
                &mut out,
            );
        }
    }
    for (at, line) in doc["lines"].as_array().into_iter().flatten().enumerate() {
        for pointer in [
            "/quantity",
            "/order",
            "/cost",
            "/identifier/code",
            "/period",
            "/item/name",
            "/item/ref",
            "/item/price",
            "/item/origin",
        ] {
            collect(
                &format!("/lines/{at}{pointer}"),
                line.pointer(pointer),
                &mut out,
            );
        }
        let unit = line.pointer("/item/unit").and_then(Value::as_str);
        let unit = unit.map(|unit| Value::from(codes::unit(unit)));
        collect(&format!("/lines/{at}/unit"), unit.as_ref(), &mut out);
        let total = line["total"].as_str().map(|total| cents(total).into());
        collect(&format!("/lines/{at}/total"), total.as_ref(), &mut out);
        adjustments(&format!("/lines/{at}"), line, &mut out);
        taxes(&format!("/lines/{at}"), line, &mut out);
    }
    adjustments("", doc, &mut out);
    totals(doc, &mut out);
    out
}

/// Amounts of a file have two decimals; GOBL shows as many as the price has.
fn cents(amount: &str) -> String {
    Amount::parse(amount).unwrap().rescale_down(2).to_string()
}

fn number(of: &Value) -> String {
    let parts = ["series", "code"].map(|part| of[part].as_str().unwrap_or_default());
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Allowances and charges with amounts, shares and reason codes.
fn adjustments(place: &str, of: &Value, out: &mut Vec<(String, String)>) {
    for list in ["discounts", "charges"] {
        for (at, one) in of[list].as_array().into_iter().flatten().enumerate() {
            for field in ["amount", "base"] {
                let amount = one[field].as_str().map(|amount| cents(amount).into());
                collect(
                    &format!("{place}/{list}/{at}/{field}"),
                    amount.as_ref(),
                    out,
                );
            }
            for field in ["percent", "reason", "ext"] {
                collect(&format!("{place}/{list}/{at}/{field}"), one.get(field), out);
            }
            taxes(&format!("{place}/{list}/{at}"), one, out);
        }
    }
}

/// Category and rate of the first tax.
fn taxes(place: &str, of: &Value, out: &mut Vec<(String, String)>) {
    for field in ["cat", "key", "percent", "ext"] {
        collect(
            &format!("{place}/taxes/{field}"),
            of.pointer(&format!("/taxes/0/{field}")),
            out,
        );
    }
}

fn totals(doc: &Value, out: &mut Vec<(String, String)>) {
    for field in [
        "sum",
        "discount",
        "charge",
        "total",
        "tax",
        "total_with_tax",
        "rounding",
        "advance",
    ] {
        collect(&format!("/totals/{field}"), doc["totals"].get(field), out);
    }
    let due = doc["totals"].get("due").or(doc["totals"].get("payable"));
    collect("/totals/due", due, out);
    let rates = doc
        .pointer("/totals/taxes/categories/0/rates")
        .and_then(Value::as_array);
    for (at, rate) in rates.into_iter().flatten().enumerate() {
        for field in ["base", "amount", "percent", "ext"] {
            collect(&format!("/totals/rates/{at}/{field}"), rate.get(field), out);
        }
    }
    let dates = doc.pointer("/payment/terms/due_dates");
    let dates = dates
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    for (at, due) in dates.iter().enumerate() {
        collect(&format!("/payment/terms/{at}/date"), due.get("date"), out);
        // The amount of the one due date there is (BT-9) is what is due.
        let amount = due.get("amount").filter(|_| dates.len() > 1);
        collect(&format!("/payment/terms/{at}/amount"), amount, out);
    }
}

/// A value's texts; numbers by value, whatever their decimals.
fn collect(place: &str, value: Option<&Value>, out: &mut Vec<(String, String)>) {
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Object(members)) => {
            for (key, value) in members {
                collect(&format!("{place}/{key}"), Some(value), out);
            }
        }
        Some(Value::Array(items)) => {
            for (at, value) in items.iter().enumerate() {
                collect(&format!("{place}/{at}"), Some(value), out);
            }
        }
        Some(Value::String(text)) => out.push((place.to_owned(), plain(text))),
        Some(other) => out.push((place.to_owned(), other.to_string())),
    }
}

fn plain(text: &str) -> String {
    let is_decimal = text.contains('.')
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '%'));
    if !is_decimal {
        return text.to_owned();
    }
    let (number, sign) = text
        .strip_suffix('%')
        .map_or((text, ""), |number| (number, "%"));
    format!(
        "{}{sign}",
        number.trim_end_matches('0').trim_end_matches('.')
    )
}

/// What the one says and the other does not, or otherwise.
fn lost(before: &Value, after: &Value) -> Vec<String> {
    let after = said(after);
    said(before)
        .into_iter()
        .filter(|said| !after.contains(said))
        .map(|(place, value)| format!("{place}: {value}"))
        .collect()
}

/// Checks a calculated document; whether it is valid, and so has to come back.
fn assert_comes_back(name: &str, doc: &Value) -> bool {
    let text = doc.to_string();
    let findings = entry::validate(text.as_str(), Some(Profile::En16931), &mut poll).unwrap();
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Fatal)
    {
        return false;
    }
    let (file, back) = there_and_back(&text);
    // Prices that include their tax become net prices in any file.
    if doc.pointer("/tax/prices_include").is_none() {
        let mut lost = lost(doc, &back);
        let left_out = findings.iter().filter(|f| f.rule.id == "PGC-CII-LEFT-OUT");
        for told in left_out {
            lost.retain(|lost| !lost.ends_with(&format!(": {}", told.value)));
        }
        assert_eq!(lost, Vec::<String>::new(), "{name}");
    }
    let (again, _) = there_and_back(&back.to_string());
    let differences = differences(&by_value(&file), &by_value(&again));
    assert!(differences.is_empty(), "{name}: {differences:?}");
    let findings =
        entry::validate(back.to_string().as_str(), Some(Profile::En16931), &mut poll).unwrap();
    let fatal: Vec<_> = findings
        .iter()
        .filter(|f| f.severity == Severity::Fatal)
        .collect();
    assert!(fatal.is_empty(), "{name}: {fatal:?}");
    true
}

fn built(text: &str) -> Value {
    serde_json::to_value(entry::build(text, &mut poll).unwrap()).unwrap()
}

#[test]
fn our_own_invoices_come_back_from_their_files() {
    for name in OWN {
        let text = std::fs::read_to_string(format!("../../tests/fixtures/{name}")).unwrap();
        assert!(assert_comes_back(name, &built(&text)), "{name} is valid");
    }
}

#[test]
fn invoices_of_the_reference_come_back_from_their_files() {
    let (Some(vectors), Some(pairs)) = (
        gobl_corpus::lines_of("calc-vectors.jsonl"),
        gobl_corpus::corpus("cii/test/data/convert"),
    ) else {
        return;
    };
    let mut valid = 0;
    for vector in vectors {
        let name = format!("vector {}", vector["id"]);
        let text = vector["in"].to_string();
        if let Ok(document) = entry::build(text.as_str(), &mut poll) {
            let doc = serde_json::to_value(document).unwrap();
            valid += usize::from(assert_comes_back(&name, &doc));
        }
    }
    let folders = std::fs::read_dir(pairs)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for file in folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()) {
        let file = file.unwrap().path();
        if file
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let doc: Value =
                serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            let doc = doc.get("doc").cloned().unwrap_or(doc);
            valid += usize::from(assert_comes_back(&file.display().to_string(), &doc));
        }
    }
    println!("{valid} valid invoices come back");
    assert!(valid > 50, "{valid} invoices");
}
