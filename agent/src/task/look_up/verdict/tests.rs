use std::time::Duration;

use super::*;
use crate::task::look_up::evidence::Unknown;

const SUPPLIER: &str = "73282932000074";

fn deposit(number: u128, state: &str) -> Deposit {
    let id = Uuid::from_u128(number);
    let amount = |text: &str| Some(text.parse().unwrap());
    Deposit {
        id,
        file_name: format!("{id}.xml"),
        state: state.into(),
        prepared_at: "2026-09-14T08:00:00Z".parse().unwrap(),
        totals: Totals {
            without_tax: amount("100.00"),
            with_tax: amount("120.00"),
            due: amount("120.00"),
        },
    }
}

fn evidence(deposits: Vec<Deposit>, window_left: u64) -> Evidence {
    Evidence {
        number: "F2026-0001".into(),
        issue_date: jiff::civil::date(2026, 9, 14),
        document_type: "380".into(),
        buyer: "35600000000048".into(),
        deposits,
        unknown_here: None,
        age: Duration::from_secs(60),
        window_left: Duration::from_secs(window_left),
    }
}

fn hit(file_name: Option<&str>) -> Hit {
    let invoice = r#"{"identifiantFactureCPP": 42, "numeroFacture": "F2026-0001", "typeFacture": "FACTURE",
        "dateFacture": "2026-09-14", "dateDepot": "2026-09-14", "codeFournisseur": "73282932000074",
        "codeDestinataire": "35600000000048", "montantHT": 100.0, "montantTTC": 120, "montantAPayer": 120.00,
        "numeroFluxDepot": "CPP0011106000000000000001"}"#;
    Hit {
        file_name: file_name.map(str::to_owned),
        invoice: serde_json::from_str(invoice).unwrap(),
    }
}

fn adopts(number: u128) -> Verdict {
    Verdict::Adopt {
        deposit: Uuid::from_u128(number),
        flux_number: "CPP0011106000000000000001".into(),
        chorus_id: 42,
        unknown_here: false,
    }
}

#[test]
fn a_file_name_of_ours_proves_it_whatever_else_differs() {
    let evidence = evidence(vec![deposit(2, "unknown"), deposit(1, "lost")], 0);
    let mut hit = hit(Some(&format!("{}.xml", Uuid::from_u128(1))));
    hit.invoice.montant_ttc = None;
    assert_eq!(decide(&evidence, SUPPLIER, &[hit]), adopts(1));
}

#[test]
fn without_a_file_name_everything_must_agree() {
    let evidence = evidence(vec![deposit(1, "unknown")], 10);
    assert_eq!(decide(&evidence, SUPPLIER, &[hit(None)]), adopts(1));
    let spoilers: [fn(&mut Facture); 7] = [
        |invoice| invoice.code_fournisseur = Some("73282932000082".into()),
        |invoice| invoice.code_destinataire = None,
        |invoice| invoice.type_facture = Some("AVOIR".into()),
        |invoice| invoice.date_facture = Some("2026-09-13".into()),
        |invoice| invoice.montant_a_payer = Some(serde_json::from_str("120.01").unwrap()),
        |invoice| invoice.montant_ht = None,
        |invoice| invoice.date_depot = Some("2026-09-13".into()),
    ];
    for (number, spoil) in spoilers.iter().enumerate() {
        let mut hit = hit(None);
        spoil(&mut hit.invoice);
        assert!(
            matches!(decide(&evidence, SUPPLIER, &[hit]), Verdict::Block(_)),
            "spoiler {number}"
        );
    }
}

#[test]
fn somebody_elses_file_is_never_adopted_however_much_agrees() {
    let evidence = evidence(vec![deposit(1, "unknown")], 0);
    let verdict = decide(&evidence, SUPPLIER, &[hit(Some("F2026-0001.xml"))]);
    let Verdict::Block(reason) = verdict else {
        panic!("{verdict:?}")
    };
    for part in [
        "100.00 without tax",
        "id 42",
        "file F2026-0001.xml",
        "chorus.resolve",
    ] {
        assert!(reason.contains(part), "{reason}");
    }
}

#[test]
fn ours_is_found_among_others() {
    let evidence = evidence(vec![deposit(1, "unknown")], 0);
    let ours = format!("{}.xml", Uuid::from_u128(1));
    assert_eq!(
        decide(
            &evidence,
            SUPPLIER,
            &[hit(Some("other.xml")), hit(Some(&ours))]
        ),
        adopts(1)
    );
}

#[test]
fn the_same_number_of_another_year_is_another_invoice() {
    let mut last_year = hit(Some("other.xml"));
    last_year.invoice.date_facture = Some("2025-09-14".into());
    assert_eq!(
        decide(
            &evidence(vec![deposit(1, "unknown")], 0),
            SUPPLIER,
            &[last_year]
        ),
        Verdict::Resend
    );
}

#[test]
fn nothing_found_waits_for_the_window_and_then_sends_again() {
    assert_eq!(
        decide(&evidence(vec![deposit(1, "unknown")], 1), SUPPLIER, &[]),
        Verdict::Wait
    );
    assert_eq!(
        decide(&evidence(vec![deposit(1, "unknown")], 0), SUPPLIER, &[]),
        Verdict::Resend
    );
}

#[test]
fn what_is_lost_again_and_again_is_not_sent_for_ever() {
    let lost = |count: u128| {
        let mut deposits = vec![deposit(0, "unknown")];
        deposits.extend((1..=count).map(|number| deposit(number, "lost")));
        decide(&evidence(deposits, 0), SUPPLIER, &[])
    };
    assert_eq!(lost(2), Verdict::Resend);
    assert!(matches!(lost(3), Verdict::Block(_)));
}

#[test]
fn a_rejection_with_an_earlier_deposit_at_large_is_never_answered_by_sending() {
    let deposits = vec![deposit(2, "rejected"), deposit(1, "lost")];
    assert_eq!(
        decide(&evidence(deposits.clone(), 1), SUPPLIER, &[]),
        Verdict::Wait
    );
    assert!(matches!(
        decide(&evidence(deposits, 0), SUPPLIER, &[]),
        Verdict::Block(_)
    ));
}

#[test]
fn what_was_lost_is_sent_again_after_each_look_however_the_last_sending_was_cut_short() {
    for last in ["abandoned", "refused"] {
        let deposits = vec![deposit(2, last), deposit(1, "lost")];
        assert_eq!(
            decide(&evidence(deposits, 0), SUPPLIER, &[]),
            Verdict::Resend,
            "{last}"
        );
    }
    assert_eq!(
        decide(&evidence(vec![deposit(1, "lost")], 0), SUPPLIER, &[]),
        Verdict::Resend
    );
}

#[test]
fn what_is_refused_again_and_again_is_left_to_a_person() {
    let mut deposits: Vec<_> = (2..5).map(|number| deposit(number, "refused")).collect();
    deposits.push(deposit(1, "lost"));
    assert!(matches!(
        decide(&evidence(deposits.clone(), 0), SUPPLIER, &[]),
        Verdict::Block(_)
    ));
    // Refusals before the answer was lost say nothing about it.
    deposits.insert(0, deposit(6, "unknown"));
    assert_eq!(
        decide(&evidence(deposits, 0), SUPPLIER, &[]),
        Verdict::Resend
    );
}

#[test]
fn a_disowned_deposit_that_turns_up_after_all_is_adopted() {
    let deposits = vec![deposit(2, "rejected"), deposit(1, "disowned")];
    let evidence = evidence(deposits, 0);
    let ours = format!("{}.xml", Uuid::from_u128(1));
    for hit in [hit(Some(&ours)), hit(None)] {
        assert_eq!(decide(&evidence, SUPPLIER, &[hit]), adopts(1));
    }
    let verdict = decide(&evidence, SUPPLIER, &[]);
    assert!(matches!(verdict, Verdict::Block(_)), "{verdict:?}");
}

#[test]
fn credit_notes_and_prepayments_have_their_own_words() {
    assert_eq!(
        (
            type_word("380"),
            type_word("384"),
            type_word("381"),
            type_word("386")
        ),
        ("FACTURE", "FACTURE", "AVOIR", "ACOMPTE")
    );
}

/// The invoice of `evidence`, in a database restored from a copy that was taken before the deposit.
fn restored(deposits: Vec<Deposit>) -> Evidence {
    let unknown = Unknown {
        created_at: "2026-09-14T07:00:00Z".parse().unwrap(),
        totals: deposit(1, "lost").totals,
    };
    Evidence {
        unknown_here: Some(unknown),
        ..evidence(deposits, 60)
    }
}

#[test]
fn what_the_original_of_a_restored_database_sent_is_adopted_when_everything_agrees() {
    let name = format!("{}.xml", Uuid::from_u128(7));
    let expected = Verdict::Adopt {
        deposit: Uuid::from_u128(7),
        flux_number: "CPP0011106000000000000001".into(),
        chorus_id: 42,
        unknown_here: true,
    };
    assert_eq!(
        decide(&restored(Vec::new()), SUPPLIER, &[hit(Some(&name))]),
        expected
    );
    // An agent that deposits for an original that is alive would be somebody else.
    assert!(matches!(
        decide(&evidence(Vec::new(), 60), SUPPLIER, &[hit(Some(&name))]),
        Verdict::Block(_)
    ));
    let spoilers: [fn(&mut Hit); 6] = [
        |hit| hit.file_name = Some("F2026-0001.xml".into()),
        |hit| hit.invoice.code_destinataire = None,
        |hit| hit.invoice.type_facture = Some("AVOIR".into()),
        |hit| hit.invoice.montant_a_payer = Some(serde_json::from_str("120.01").unwrap()),
        |hit| hit.invoice.date_facture = Some("2026-09-13".into()),
        |hit| hit.invoice.date_depot = Some("2026-09-13".into()),
    ];
    for (number, spoil) in spoilers.iter().enumerate() {
        let mut hit = hit(Some(&name));
        spoil(&mut hit);
        let verdict = decide(&restored(Vec::new()), SUPPLIER, &[hit]);
        let Verdict::Block(reason) = verdict else {
            panic!("spoiler {number}: {verdict:?}")
        };
        assert!(reason.contains("120.00 with tax"), "{reason}");
    }
}

#[test]
fn in_a_restored_database_too_a_deposit_that_is_known_comes_first() {
    let evidence = restored(vec![deposit(1, "unknown")]);
    assert_eq!(decide(&evidence, SUPPLIER, &[hit(None)]), adopts(1));
    assert_eq!(decide(&evidence, SUPPLIER, &[]), Verdict::Wait);
}
