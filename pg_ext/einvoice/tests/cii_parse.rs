//! `parse_cii` on files that others wrote: nothing changes its meaning in silence.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::entry::{File, Profile, check_cii, parse_cii};
use einvoice::finding::{Finding, Lang};
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
