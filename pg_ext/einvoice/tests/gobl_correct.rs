//! Credit notes and corrective invoices, and prices without the taxes that they include.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod gobl_corpus;

use einvoice::entry;
use einvoice::finding::Severity;
use einvoice::gobl::{self, Correction, CorrectionType, Invoice};
use einvoice::input::{Error, RefusalKind};
use gobl_corpus::{built, corpus};
use jiff::civil::date;
use serde_json::{Value, json};

/// An invoice, issued and partly paid.
fn issued() -> Value {
    json!({
        "$schema": gobl::INVOICE_SCHEMA, "$regime": "FR", "$addons": ["fr-choruspro-v1"],
        "uuid": "019783e7-33b1-7000-a1a5-6139e214b447", "series": "FAC", "code": "2025-017", "issue_date": "2025-06-18",
        "supplier": {
            "name": "Fournisseur", "tax_id": {"country": "FR", "code": "732829320"},
            "identities": [{"type": "SIRET", "code": "73282932000074"}], "addresses": [{"country": "FR"}],
        },
        "customer": {
            "name": "Commune", "identities": [{"type": "SIRET", "code": "21750001600019"}], "addresses": [{"country": "FR"}],
        },
        "lines": [{"quantity": "2", "item": {"name": "Chaise", "price": "100.00"}, "taxes": [{"cat": "VAT", "percent": "20%"}]}],
        "payment": {
            "terms": {"due_dates": [{"date": "2025-07-18", "percent": "100%"}]},
            "advances": [{"description": "Acompte", "amount": "40.00"}],
            "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]},
        },
    })
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut value = issued();
    change(&mut value);
    built(&value.to_string()).unwrap()
}

fn correction() -> Correction<'static> {
    Correction {
        kind: CorrectionType::CreditNote,
        issue_date: date(2025, 8, 1),
        code: "2025-003".into(),
        series: "AV".into(),
        reason: "Retour de marchandise".into(),
        copy_tax: false,
    }
}

fn corrected(document: &Value, correction: Correction<'_>) -> Result<Value, Error> {
    let text = document.to_string();
    let corrected = entry::correct(text.as_str(), correction, &mut || Ok(()))?;
    Ok(serde_json::to_value(corrected).unwrap())
}

fn fatal(document: &Value) -> Vec<(&'static str, String)> {
    entry::validate(document.to_string().as_str(), None, &mut || Ok(()))
        .unwrap()
        .into_iter()
        .filter(|finding| finding.severity == Severity::Fatal)
        .map(|finding| (finding.rule.id, finding.path))
        .collect()
}

#[test]
fn a_credit_note_refers_to_its_invoice_and_is_valid() {
    let note = corrected(&changed(|_| ()), correction()).unwrap();
    assert_eq!(note["type"], "credit-note");
    assert_eq!(
        (&note["series"], &note["code"], &note["issue_date"]),
        (&json!("AV"), &json!("2025-003"), &json!("2025-08-01"))
    );
    assert_eq!(note["uuid"], Value::Null);
    assert_eq!(note["tax"]["ext"]["untdid-document-type"], "381");
    assert_eq!(
        note["preceding"],
        json!([{
            "uuid": "019783e7-33b1-7000-a1a5-6139e214b447", "type": "standard", "issue_date": "2025-06-18",
            "series": "FAC", "code": "2025-017", "reason": "Retour de marchandise",
        }])
    );
    assert_eq!(note["totals"]["payable"], "240.00");
    assert_eq!(fatal(&note), []);
}

#[test]
fn a_corrective_invoice_is_valid_too() {
    let corrective = Correction {
        kind: CorrectionType::Corrective,
        ..correction()
    };
    let invoice = corrected(&changed(|_| ()), corrective).unwrap();
    assert_eq!(invoice["tax"]["ext"]["untdid-document-type"], "384");
    assert_eq!(fatal(&invoice), []);
}

#[test]
fn without_a_number_only_the_number_is_missing() {
    let unnumbered = Correction {
        code: "".into(),
        series: "".into(),
        ..correction()
    };
    let note = corrected(&changed(|_| ()), unnumbered).unwrap();
    assert_eq!(
        (&note["series"], &note["code"]),
        (&Value::Null, &Value::Null)
    );
    let ids: Vec<_> = fatal(&note).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["BR-02"]);
}

#[test]
fn what_was_paid_and_what_is_past_stays_with_the_invoice() {
    let note = corrected(&changed(|_| ()), correction()).unwrap();
    assert_eq!(note["payment"]["advances"], Value::Null);
    assert_eq!(
        note["payment"]["terms"],
        Value::Null,
        "its only due date is past"
    );
    assert_eq!(note["totals"]["advance"], Value::Null);
    assert_eq!(note["payment"]["instructions"]["key"], "credit-transfer");

    let invoice = changed(|value| {
        value["payment"]["terms"]["notes"] = json!("30 jours");
        value["payment"]["terms"]["due_dates"] = json!([{"date": "2025-07-31", "percent": "50%"}, {"date": "2025-08-01", "percent": "50%"}]);
    });
    let note = corrected(&invoice, correction()).unwrap();
    assert_eq!(note["payment"]["terms"]["notes"], "30 jours");
    assert_eq!(
        note["payment"]["terms"]["due_dates"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        note["payment"]["terms"]["due_dates"][0]["date"],
        "2025-08-01"
    );
}

#[test]
fn the_credit_note_of_a_paid_invoice_is_not_paid() {
    let paid = changed(|value| {
        value["tax"] = json!({"ext": {"fr-choruspro-framework": "A2"}});
        value["payment"]["advances"][0] = json!({"description": "Réglé", "percent": "100%"});
    });
    assert_eq!(paid["totals"]["due"], "0.00");
    let note = corrected(&paid, correction()).unwrap();
    assert_eq!(note["tax"]["ext"]["fr-choruspro-framework"], "A1");
    assert_eq!(fatal(&note), []);
}

#[test]
fn the_taxes_of_the_invoice_are_copied_when_asked_for() {
    let with_taxes = Correction {
        copy_tax: true,
        ..correction()
    };
    let note = corrected(&changed(|_| ()), with_taxes.clone()).unwrap();
    let taxes = &note["preceding"][0]["tax"];
    assert_eq!(
        (&taxes["sum"], &taxes["categories"][0]["rates"][0]["base"]),
        (&json!("40.00"), &json!("200.00"))
    );
    // Also of one that was not calculated yet.
    assert_eq!(corrected(&issued(), with_taxes).unwrap(), note);
}

#[test]
fn an_invoice_without_number_cannot_be_corrected() {
    let mut draft = issued();
    draft.as_object_mut().unwrap().remove("code");
    let envelope = json!({"$schema": gobl::ENVELOPE_SCHEMA, "doc": draft.clone()});
    for (document, path) in [(&draft, "$.code"), (&envelope, "$.doc.code")] {
        let Err(Error::Refused(refusal)) = corrected(document, correction()) else {
            unreachable!("{document} was corrected")
        };
        assert_eq!(
            (refusal.kind, refusal.path.as_str()),
            (RefusalKind::Incomplete, path)
        );
    }
}

#[test]
fn the_correction_of_an_envelope_leaves_head_and_signatures_behind() {
    let envelope = json!({"$schema": gobl::ENVELOPE_SCHEMA, "head": {"uuid": "019783e7-33b1-7000-a1a5-6139e214b447"}, "doc": issued()});
    let note = corrected(&envelope, correction()).unwrap();
    assert_eq!(note, corrected(&issued(), correction()).unwrap());
}

#[test]
fn the_taxes_of_a_preceding_document_are_recalculated_from_their_bases() {
    let invoice = changed(|value| {
        value["preceding"] = json!([{"code": "1", "tax": {
            "categories": [
                {"code": "VAT", "rates": [{"base": "1000", "percent": "5.5%", "amount": "1"}, {"base": "10.005", "amount": "3"}]},
                {"code": "IRPF", "retained": true, "rates": [{"base": "100.00", "percent": "15.0%"}]},
                {"code": "XX", "informative": true, "rates": [{"base": "100.00", "percent": "1%"}]},
            ],
            "sum": "7.00",
        }}]);
    });
    let tax = &invoice["preceding"][0]["tax"];
    assert_eq!(tax["categories"][0]["rates"][0]["base"], "1000.00");
    assert_eq!(tax["categories"][0]["rates"][1]["base"], "10.01");
    assert_eq!(tax["categories"][0]["rates"][1]["amount"], "0.00");
    assert_eq!(tax["categories"][2]["amount"], "1.00");
    assert_eq!(
        (&tax["sum"], &tax["retained"]),
        (&json!("55.00"), &json!("15.00"))
    );
}

/// The document with net prices.
fn net(document: &Value) -> Value {
    let text = document.to_string();
    let mut invoice: Invoice<'_> = gobl::read(text.as_str())
        .unwrap()
        .document
        .into_invoice()
        .unwrap();
    if invoice.totals.is_none() {
        gobl::calculate(&mut invoice, &mut || Ok(())).unwrap();
    }
    serde_json::to_value(gobl::net(&invoice, &mut || Ok(())).unwrap().as_ref()).unwrap()
}

#[test]
fn net_prices_pay_the_same_and_the_rest_is_rounding() {
    let gross = changed(|value| {
        value["tax"] = json!({"prices_include": "VAT", "rounding": "currency"});
        value["payment"] = json!({"terms": {"notes": "30 jours"}});
        value["lines"] = json!([
            {
                "quantity": "7", "item": {"name": "a", "price": "1.93"},
                "discounts": [{"amount": "0.50", "reason": "r"}, {"percent": "10%", "reason": "s"}],
                "charges": [{"rate": "0.12", "reason": "eco"}],
                "taxes": [{"cat": "VAT", "percent": "21%"}],
            },
            {"quantity": "1", "item": {"name": "b", "price": "5.00"}, "taxes": [{"cat": "VAT", "key": "exempt", "ext": {"cef-vatex": "VATEX-EU-132"}}]},
        ]);
        value["charges"] = json!([{"amount": "3.00", "reason": "port", "taxes": [{"cat": "VAT", "percent": "21%"}]}]);
    });
    let net = net(&gross);
    assert_eq!(net["tax"]["prices_include"], Value::Null);
    assert_eq!(net["lines"][0]["item"]["price"], "1.5950");
    assert_eq!(net["lines"][0]["discounts"][0]["amount"], "0.4132");
    assert_eq!(net["lines"][0]["charges"][0]["rate"], "0.0992");
    assert_eq!(net["lines"][1]["item"]["price"], "5.00", "no tax is in it");
    assert_eq!(net["charges"][0]["base"], Value::Null);
    assert_eq!(net["totals"]["payable"], gross["totals"]["payable"]);
}

#[test]
fn a_rounding_that_was_there_stays_in_the_amount_payable() {
    let gross = changed(|value| {
        value["tax"] = json!({"prices_include": "VAT"});
        value["payment"] = json!({"terms": {"notes": "30 jours"}});
        value["totals"] = json!({"rounding": "0.02"});
    });
    assert_eq!(gross["totals"]["payable"], "200.02");
    assert_eq!(net(&gross)["totals"]["payable"], "200.02");
}

/// The prices that the reference's converter writes for a document whose prices include the tax.
#[test]
fn net_prices_are_those_of_the_reference() {
    let Some(folder) = corpus("cii/test/data/convert/en16931") else {
        return;
    };
    let given: Value = serde_json::from_str(
        &std::fs::read_to_string(folder.join("invoice-prices-include.json")).unwrap(),
    )
    .unwrap();
    let xml = std::fs::read_to_string(folder.join("out/invoice-prices-include.xml")).unwrap();
    let net = net(&given["doc"]);
    let written = |element: &str| -> Vec<String> {
        xml.split(&format!("<ram:{element}>"))
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect()
    };
    let texts = |values: Vec<&Value>| -> Vec<String> {
        values
            .into_iter()
            .map(|v| v.as_str().unwrap().to_owned())
            .collect()
    };
    let lines = net["lines"].as_array().unwrap();
    assert_eq!(
        texts(lines.iter().map(|line| &line["item"]["price"]).collect()),
        written("ChargeAmount")
    );
    assert_eq!(
        texts(vec![&net["totals"]["total_with_tax"]]),
        written("GrandTotalAmount")
    );
    assert_eq!(
        texts(
            net["totals"]["rounding"]
                .is_string()
                .then_some(&net["totals"]["rounding"])
                .into_iter()
                .collect()
        ),
        written("RoundingAmount")
    );
    assert_eq!(
        texts(vec![&net["totals"]["payable"]]),
        written("DuePayableAmount")
    );
}
