//! `deposer/flux` and the flux report.

use chorus_simulator::{Config, ForcedOutcome, Operation, ReportedFileName};
use serde_json::json;

use crate::client::{World, but, cii, envelope};

#[tokio::test]
async fn a_deposit_is_answered_with_a_flux_number_of_25_characters() {
    let world = World::start().await;
    let answer = world
        .call(Operation::DeposerFlux, envelope(&cii("F-1")))
        .await;
    assert_eq!(
        answer,
        json!({
            "codeRetour": 0,
            "libelle": "GCU_MSG_01_000",
            "numeroFluxDepot": "CPP0011106000000000000001",
            "dateDepot": "2026-09-14",
            "syntaxeFlux": "IN_DP_E1_CII_16B",
        })
    );
}

#[tokio::test]
async fn the_ledger_keeps_what_was_deposited() {
    let world = World::start().await;
    let xml = cii("F-1");
    let flux = world.deposit(&xml).await;
    let ledger = world.simulator.ledger();
    let post = &ledger.posts[0];
    assert_eq!(
        post.sha256,
        "066fb8ece3b90a19635776c85ed054355c45948f730f2c4714e25608a66d20db"
    );
    assert_eq!(
        (post.size, post.file_name.as_str()),
        (xml.len(), "deposit.xml")
    );
    assert_eq!(
        (post.flux_number.as_deref(), post.number.as_deref()),
        (Some(flux.as_str()), Some("F-1"))
    );
    assert_eq!(
        (post.siren.as_deref(), post.year),
        (Some("732829320"), Some(2026))
    );
    assert_eq!(post.supplier.as_deref(), Some("73282932000074"));
    assert_eq!(post.buyer.as_deref(), Some("35600000000048"));
    let totals = serde_json::to_value(&post.totals).unwrap();
    assert_eq!(
        totals,
        json!({ "net": "100.00", "tax": "20.00", "gross": "120.00", "due": "90.00" })
    );
    assert_eq!(post.state.as_deref(), Some("IN_INTEGRE"));
    assert_eq!(post.status.as_deref(), Some("MISE_A_DISPOSITION"));
    assert_eq!(ledger.requests(Operation::DeposerFlux), 1);
}

#[tokio::test]
async fn an_envelope_that_chorus_refuses_at_once_is_in_the_ledger_without_a_flux() {
    let mut config = Config::default();
    config.settings.max_file_bytes = 4000;
    let world = World::with(config).await;
    let good = envelope("<x/>");
    let with = |field: &str, value: serde_json::Value| {
        let mut request = good.clone();
        request[field] = value;
        request
    };
    let refused = [
        (with("fichierFlux", json!("%%")), 20000, "base64"),
        (with("fichierFlux", json!(null)), 20000, "fichierFlux"),
        (with("nomFichier", json!("invoice")), 20000, "nomFichier"),
        (with("avecSignature", json!(null)), 20000, "avecSignature"),
        (
            with("syntaxeFlux", json!("IN_DP_E2_CII_FACTURX")),
            20000,
            "IN_DP_E1_CII_16B",
        ),
        (envelope(&"x".repeat(4001)), 20001, "GDP_MSG_11.022"),
    ];
    for (request, code, label) in &refused {
        let answer = world.call(Operation::DeposerFlux, request.clone()).await;
        assert_eq!(answer["codeRetour"], *code);
        assert!(
            answer["libelle"].as_str().unwrap().contains(label),
            "{answer}"
        );
        assert!(answer.get("numeroFluxDepot").is_none());
    }
    let ledger = world.simulator.ledger();
    assert_eq!(ledger.posts.len(), refused.len());
    assert!(
        ledger
            .posts
            .iter()
            .all(|post| post.flux_number.is_none() && post.return_code != 0)
    );
}

#[tokio::test]
async fn an_unknown_flux_is_a_functional_error() {
    let world = World::start().await;
    let answer = world.report("CPP0011106000000000000099").await;
    assert_eq!(
        answer,
        json!({ "codeRetour": 20001, "libelle": "POQ_MSG_01.003 - Flux introuvable." })
    );
}

#[tokio::test]
async fn an_unreadable_file_is_rejected_with_a_technical_error() {
    let world = World::start().await;
    let broken = [
        ("<rsm:CrossIndustryInvoice>".to_owned(), "IRRECEVABILITE"),
        (
            but(&cii("F-1"), "</rsm:CrossIndustryInvoice>", ""),
            "not closed",
        ),
        (
            but(
                &cii("F-1"),
                "<ram:DuePayableAmount>90.00",
                "<ram:DuePayableAmount>1 324,60",
            ),
            "'1 324,60' is not a valid value for 'decimal'",
        ),
        (
            but(
                &cii("F-1"),
                "<ram:DuePayableAmount>90.00",
                "<ram:DuePayableAmount>9e1",
            ),
            "'9e1' is not a valid value for 'decimal'",
        ),
    ];
    for (xml, message) in broken {
        let report = world.report(&world.deposit(&xml).await).await;
        assert_eq!(report["etatCourantDepotFlux"], "IN_REJETE");
        let error = &report["listeErreurTechnique"][0];
        assert_eq!(
            (&error["natureErreur"], &error["codeErreur"]),
            (&json!("IRRECEVABILITE"), &json!("ERR_XSD_001"))
        );
        assert!(
            error["libelleErreur"].as_str().unwrap().contains(message),
            "{error}"
        );
        assert_eq!(report["listeErreurDP"], json!([]));
    }
    assert_eq!(world.simulator.ledger().accepted().count(), 0);
}

#[tokio::test]
async fn messages_are_joined_cut_and_name_the_parties() {
    let world = World::start().await;
    let xml = but(&cii("F-1"), "<ram:TypeCode>30</ram:TypeCode>", "");
    let xml = but(
        &xml,
        "<ram:BuyerReference>FACTURES-DSI</ram:BuyerReference>",
        "",
    );
    let report = world.report(&world.deposit(&xml).await).await;
    let error = &report["listeErreurDP"][0];
    assert_eq!(error["identifiantFournisseur"], "73282932000074");
    assert_eq!(error["identifiantDestinataire"], "35600000000048");
    assert_eq!(error["numeroDP"], "F-1");
    let label = error["libelleErreurDP"].as_str().unwrap();
    assert!(
        label.contains("BuyerReference.value) est obligatoire") && label.contains('|'),
        "{label}"
    );
    assert_eq!(label.chars().count(), 255);
    assert!(label.is_ascii());
}

#[tokio::test]
async fn a_number_is_accepted_once_per_siren_and_year() {
    let world = World::start().await;
    world.deposit(&cii("F-1")).await;
    let again = world.report(&world.deposit(&cii("F-1")).await).await;
    assert_eq!(again["etatCourantDepotFlux"], "IN_REJETE");
    assert!(
        again["listeErreurDP"][0]["libelleErreurDP"]
            .as_str()
            .unwrap()
            .contains("porte deja ce numero")
    );
    let next_year = but(&cii("F-1"), "20260910", "20270101");
    world.deposit(&next_year).await;
    let ledger = world.simulator.ledger();
    let states: Vec<_> = ledger
        .of_number("F-1")
        .map(|post| post.state.as_deref().unwrap())
        .collect();
    assert_eq!(states, ["IN_INTEGRE", "IN_REJETE", "IN_INTEGRE"]);
    assert!(ledger.accepted_twice().is_empty());
}

#[tokio::test]
async fn without_the_duplicate_rule_a_second_sending_shows() {
    let world = World::start().await;
    world
        .simulator
        .configure(|settings| settings.duplicate_rule = false);
    world.deposit(&cii("F-1")).await;
    world.deposit(&cii("F-1")).await;
    let twice = world.simulator.ledger().accepted_twice();
    assert_eq!(twice, [("732829320".to_owned(), 2026, "F-1".to_owned())]);
}

#[tokio::test]
async fn a_rejected_number_is_free_again_and_a_refused_invoice_s_is_not() {
    let world = World::start().await;
    world
        .deposit(&but(&cii("F-1"), "<ram:TypeCode>30</ram:TypeCode>", ""))
        .await;
    let corrected = world.report(&world.deposit(&cii("F-1")).await).await;
    assert_eq!(corrected["etatCourantDepotFlux"], "IN_INTEGRE");

    let id = world.invoice_id("F-1").await;
    world
        .call(
            Operation::TraiterRecue,
            json!({ "idFacture": id, "nouveauStatut": "REJETEE", "motif": "Doublon" }),
        )
        .await;
    let after_refusal = world.report(&world.deposit(&cii("F-1")).await).await;
    assert_eq!(after_refusal["etatCourantDepotFlux"], "IN_REJETE");
}

#[tokio::test]
async fn an_outcome_can_be_forced_once() {
    let world = World::start().await;
    let forced = |state: &str, message: Option<&str>| ForcedOutcome {
        number: "F-1".into(),
        state: state.into(),
        message: message.map(str::to_owned),
        count: 1,
    };
    world.simulator.force_outcome(forced("IN_INCIDENTE", None));
    world
        .simulator
        .force_outcome(forced("QP_IRRECEVABLE", Some("Fichier infecte")));
    world
        .simulator
        .force_outcome(forced("IN_REJETE", Some("Message inconnu")));
    let mut reports = Vec::new();
    for _ in 0..4 {
        reports.push(world.report(&world.deposit(&cii("F-1")).await).await);
    }
    let states: Vec<_> = reports
        .iter()
        .map(|report| report["etatCourantDepotFlux"].as_str().unwrap())
        .collect();
    assert_eq!(
        states,
        ["IN_INCIDENTE", "QP_IRRECEVABLE", "IN_REJETE", "IN_INTEGRE"]
    );
    assert_eq!(
        reports[1]["listeErreurTechnique"][0]["libelleErreur"],
        "Fichier infecte"
    );
    assert_eq!(
        reports[2]["listeErreurDP"][0]["libelleErreurDP"],
        "Message inconnu"
    );
    assert_eq!(world.simulator.ledger().accepted().count(), 1);
}

#[tokio::test]
async fn a_forced_integration_overrides_the_checks_and_a_partial_one_does_not() {
    let world = World::start().await;
    let wrong = but(&cii("F-1"), "<ram:TypeCode>30</ram:TypeCode>", "");
    for state in ["IN_INTEGRE_PARTIEL", "IN_INTEGRE"] {
        world.simulator.force_outcome(ForcedOutcome {
            number: "F-1".into(),
            state: state.into(),
            message: None,
            count: 1,
        });
    }
    let partial = world.report(&world.deposit(&wrong).await).await;
    assert_eq!(partial["etatCourantDepotFlux"], "IN_INTEGRE_PARTIEL");
    assert_eq!(partial["listeErreurDP"].as_array().unwrap().len(), 1);
    let whole = world.report(&world.deposit(&wrong).await).await;
    assert_eq!(
        (&whole["etatCourantDepotFlux"], &whole["listeErreurDP"]),
        (&json!("IN_INTEGRE"), &json!([]))
    );
    let accepted: Vec<_> = world
        .simulator
        .ledger()
        .posts
        .iter()
        .map(|post| post.invoice_id.is_some())
        .collect();
    assert_eq!(accepted, [false, true]);
}

#[tokio::test]
async fn the_report_may_rename_or_omit_the_file() {
    let world = World::start().await;
    let flux = world.deposit(&cii("F-1")).await;
    assert_eq!(world.report(&flux).await["nomFichier"], "deposit.xml");
    world
        .simulator
        .configure(|settings| settings.reported_file_name = ReportedFileName::Exchange);
    assert_eq!(
        world.report(&flux).await["nomFichier"],
        format!("FSO1106A_CPP001_{flux}")
    );
    world
        .simulator
        .configure(|settings| settings.reported_file_name = ReportedFileName::Absent);
    assert_eq!(world.report(&flux).await["nomFichier"], json!(null));
}

#[tokio::test]
async fn a_file_of_several_megabytes_is_taken() {
    let world = World::start().await;
    let comment = format!("<!--{}-->", "x".repeat(3 * 1024 * 1024));
    let xml = format!("{}{comment}", cii("F-1"));
    world.deposit(&xml).await;
    let post = world.simulator.ledger().posts.pop().unwrap();
    assert_eq!(
        (post.size, post.state.as_deref()),
        (xml.len(), Some("IN_INTEGRE"))
    );
}
