//! What a buyer asks for in the directory of Chorus Pro, and what the directory does not say.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::chorus::directory::Directory;
use einvoice::entry;
use einvoice::finding::{Finding, Lang, Severity};
use serde_json::{Value, json};

const SERVICE: &str = "SERVICE_DEST_SERV_OBL";

fn invoice(ordering: Value) -> Value {
    json!({
        "$schema": "https://gobl.org/draft-0/bill/invoice",
        "$regime": "FR",
        "$addons": ["eu-en16931-v2017", "fr-choruspro-v1"],
        "code": "1", "issue_date": "2026-02-03", "currency": "EUR",
        "tax": {"ext": {"fr-choruspro-framework": "A1"}},
        "supplier": {"name": "Menuiserie Durand", "identities": [{"type": "SIRET", "code": "73282932000074"}], "ext": {"fr-choruspro-scheme": "1"}},
        "customer": {"name": "Mairie de Lyon", "identities": [{"type": "SIRET", "code": "35600000000048"}], "ext": {"fr-choruspro-scheme": "1"}},
        "ordering": ordering
    })
}

/// The answers of `rechercher` and `consulter` in one object.
fn structure(flags: Value) -> Value {
    let mut structure = json!({
        "listeStructures": [{"idStructureCPP": 25461, "identifiantStructure": "35600000000048", "designationStructure": "MAIRIE", "statut": "ACTIVE"}],
        "informationGenerales": {"idStructureCPP": 25461, "structurePriveePublique": "PUBLIQUE", "numeroTVA": null},
        "parametres": {"codeServiceDoitEtreRenseigne": false, "numeroEJDoitEtreRenseigne": false, "gestionNumeroEJOuCodeService": false,
            "estMoaUniquement": false, "recevoirDonneesViaEDI": false}
    });
    for (name, value) in flags.as_object().unwrap() {
        structure["parametres"][name] = value.clone();
    }
    structure
}

fn services() -> Value {
    json!({"codeRetour": 0, "listeServices": [
        {"idService": 1, "codeService": SERVICE, "libelleService": "Service", "estActif": true, "statutService": "VALIDE",
            "parametres": {"numeroEngagement": false}},
        {"idService": 2, "codeService": "CLOSED", "libelleService": null, "estActif": false},
        {"idService": 3, "codeService": "ORDERS", "libelleService": "Achats", "estActif": true, "parametres": {"numeroEngagement": true}},
        {"idService": 4, "codeService": "FACTURES_PUBLIQUES", "estActif": true, "parametres": {"numeroEngagement": false}}
    ]})
}

fn check(doc: &Value, structure: &Value, services: &Value) -> Vec<Finding> {
    let directory = Directory {
        structure: serde_json::from_value(structure.clone()).unwrap(),
        services: serde_json::from_value(services.clone()).unwrap(),
    };
    entry::check_directory(doc.to_string().as_str(), &directory, &mut || Ok(())).unwrap()
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn an_invoice_that_gives_all_that_is_asked_for_has_no_finding() {
    let doc = invoice(json!({"code": SERVICE, "purchases": [{"code": "EJ-1"}]}));
    let everything = json!({"codeServiceDoitEtreRenseigne": true, "numeroEJDoitEtreRenseigne": true, "gestionNumeroEJOuCodeService": true});
    assert_eq!(
        ids(&check(&doc, &structure(everything), &services())),
        [""; 0]
    );
    let plain = invoice(json!({}));
    assert_eq!(
        ids(&check(&plain, &structure(json!({})), &Value::Null)),
        [""; 0]
    );
}

#[test]
fn each_requirement_that_is_not_met_is_one_fatal_finding_at_its_field() {
    for (ordering, flags, rule, path, term) in [
        (
            json!({}),
            json!({"codeServiceDoitEtreRenseigne": true, "gestionNumeroEJOuCodeService": true}),
            "PGC-CPRO-SERVICE-REQUIRED",
            "$.ordering.code",
            "BT-10",
        ),
        (
            json!({"code": " "}),
            json!({"gestionNumeroEJOuCodeService": true}),
            "PGC-CPRO-SERVICE-OR-COMMITMENT",
            "$.ordering.code",
            "BT-10",
        ),
        (
            json!({"code": "NONE"}),
            json!({}),
            "PGC-CPRO-SERVICE-UNKNOWN",
            "$.ordering.code",
            "BT-10",
        ),
        (
            json!({"code": "CLOSED"}),
            json!({}),
            "PGC-CPRO-SERVICE-INACTIVE",
            "$.ordering.code",
            "BT-10",
        ),
        (
            json!({"code": SERVICE}),
            json!({"numeroEJDoitEtreRenseigne": true}),
            "PGC-CPRO-COMMITMENT-REQUIRED",
            "$.ordering.purchases[0].code",
            "BT-13",
        ),
        (
            json!({"code": "ORDERS"}),
            json!({}),
            "PGC-CPRO-COMMITMENT-SERVICE",
            "$.ordering.purchases[0].code",
            "BT-13",
        ),
        (
            json!({"code": SERVICE}),
            json!({"estMoaUniquement": true}),
            "PGC-CPRO-BUYER-WORKS",
            "$.customer.identities[0].code",
            "BT-47",
        ),
    ] {
        let findings = check(&invoice(ordering), &structure(flags), &services());
        assert_eq!(ids(&findings), [rule]);
        assert_eq!(findings[0].severity, Severity::Fatal, "{rule}");
        assert_eq!(findings[0].path, path, "{rule}");
        assert_eq!(findings[0].term(), term, "{rule}");
    }
}

#[test]
fn the_hint_lists_the_services_that_may_be_named() {
    let required = structure(json!({"codeServiceDoitEtreRenseigne": true}));
    let findings = check(&invoice(json!({})), &required, &services());
    let wanted = "SERVICE_DEST_SERV_OBL (Service), ORDERS (Achats)";
    assert_eq!(findings[0].wanted, wanted);
    assert!(findings[0].hint(Lang::En).contains(wanted));
    assert!(findings[0].hint(Lang::Fr).contains(wanted));

    let many: Vec<Value> = (0..50)
        .map(|n| json!({"codeService": format!("S{n}"), "estActif": true}))
        .collect();
    let findings = check(&invoice(json!({})), &required, &many.into());
    assert!(findings[0].wanted.starts_with("S0, S1, "));
    assert!(findings[0].wanted.ends_with("S19, … (+30)"));

    let findings = check(&invoice(json!({})), &required, &json!([]));
    assert_eq!(findings[0].wanted, "–");
}

#[test]
fn a_service_that_was_closed_and_opened_again_is_active() {
    let twice =
        json!([{"codeService": "A", "estActif": false}, {"codeService": "A", "estActif": true}]);
    let doc = invoice(json!({"code": "A", "purchases": [{"code": "EJ-1"}]}));
    assert_eq!(ids(&check(&doc, &structure(json!({})), &twice)), [""; 0]);
}

#[test]
fn a_contract_number_stands_in_for_that_of_the_commitment() {
    let doc = invoice(json!({"code": "ORDERS", "contracts": [{"code": "M-1"}]}));
    let flags = json!({"numeroEJDoitEtreRenseigne": true});
    assert_eq!(ids(&check(&doc, &structure(flags), &services())), [""; 0]);
}

#[test]
fn the_service_between_public_bodies_is_not_for_private_suppliers() {
    let mut doc = invoice(json!({"code": "FACTURES_PUBLIQUES"}));
    let findings = check(&doc, &structure(json!({})), &services());
    assert_eq!(ids(&findings), ["PGC-CPRO-SERVICE-RESERVED"]);
    assert_eq!(findings[0].severity, Severity::Warning);
    doc["supplier"]["identities"][0]["code"] = "21690123100011".into();
    assert_eq!(
        ids(&check(&doc, &structure(json!({})), &services())),
        [""; 0]
    );
}

#[test]
fn a_buyer_that_chorus_pro_does_not_know_or_has_closed_gets_no_invoice() {
    let doc = invoice(json!({"code": SERVICE}));
    let findings = check(&doc, &json!({"listeStructures": []}), &Value::Null);
    assert_eq!(ids(&findings), ["PGC-CPRO-BUYER-UNKNOWN"]);
    assert_eq!(findings[0].value, "35600000000048");

    let mut closed = structure(json!({}));
    closed["listeStructures"][0]["statut"] = "INACTIVE".into();
    assert_eq!(
        ids(&check(&doc, &closed, &services())),
        ["PGC-CPRO-BUYER-INACTIVE"]
    );
    // The row alone, as it stands in the list.
    let row =
        json!({"identifiantStructure": "35600000000048", "statut": "INACTIVE", "parametres": {}});
    assert_eq!(
        ids(&check(&doc, &row, &services())),
        ["PGC-CPRO-BUYER-INACTIVE"]
    );
}

#[test]
fn what_the_directory_does_not_say_is_a_finding_and_never_fatal() {
    let doc = invoice(json!({"code": SERVICE}));
    let mut no_flags = structure(json!({}));
    no_flags["parametres"] = Value::Null;
    let mut no_status = structure(json!({}));
    no_status["listeStructures"] = Value::Null;
    let mut odd_status = structure(json!({}));
    odd_status["listeStructures"][0]["statut"] = "EN_SOMMEIL".into();
    let mut stale = structure(json!({}));
    stale["staleSince"] = "2026-02-01".into();
    let unasked = json!([{"codeService": SERVICE, "estActif": true}]);
    for (structure, services, expected) in [
        (&Value::Null, &services(), "PGC-CPRO-DIRECTORY"),
        (&json!({}), &services(), "PGC-CPRO-DIRECTORY"),
        (&no_flags, &services(), "PGC-CPRO-DIRECTORY-REQUIREMENTS"),
        (&no_status, &services(), "PGC-CPRO-DIRECTORY-STATUS"),
        (&odd_status, &services(), "PGC-CPRO-DIRECTORY-STATUS"),
        (&stale, &services(), "PGC-CPRO-DIRECTORY-STALE"),
        (
            &structure(json!({})),
            &Value::Null,
            "PGC-CPRO-DIRECTORY-SERVICES",
        ),
        (
            &structure(json!({})),
            &unasked,
            "PGC-CPRO-DIRECTORY-SERVICE",
        ),
    ] {
        let findings = check(&doc, structure, services);
        assert_eq!(ids(&findings), [expected]);
        assert_ne!(findings[0].severity, Severity::Fatal, "{expected}");
    }
}

#[test]
fn paths_of_an_envelope_begin_at_its_doc() {
    let envelope = json!({"$schema": "https://gobl.org/draft-0/envelope", "head": {}, "doc": invoice(json!({}))});
    let required = structure(json!({"codeServiceDoitEtreRenseigne": true}));
    let findings = check(&envelope, &required, &services());
    assert_eq!(findings[0].path, "$.doc.ordering.code");
}

#[test]
fn every_rule_is_in_the_catalogue() {
    let rules = entry::rules();
    for id in [
        "PGC-CPRO-BUYER-UNKNOWN",
        "PGC-CPRO-SERVICE-REQUIRED",
        "PGC-CPRO-DIRECTORY-STALE",
    ] {
        assert!(rules.iter().any(|rule| rule.id == id), "{id}");
    }
}
