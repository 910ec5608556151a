//! `ajouter/fichier`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chorus_simulator::{Attachment, LongAttachmentName, Operation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::World;

fn file(name: &str, content: &[u8]) -> Value {
    json!({
        "pieceJointeNom": name,
        "pieceJointeExtension": "PDF",
        "pieceJointeTypeMime": "application/pdf",
        "pieceJointeFichier": STANDARD.encode(content),
        "idUtilisateurCourant": 0,
    })
}

#[tokio::test]
async fn a_file_is_kept_by_its_description() {
    let world = World::start().await;
    let answer = world
        .call(Operation::AjouterFichier, file("pv.pdf", b"abc"))
        .await;
    assert_eq!(
        answer,
        json!({ "codeRetour": 0, "libelle": "GCU_MSG_01_000", "pieceJointeId": 10_000_001 })
    );
    let listed: Vec<Attachment> = world
        .control(Method::GET, "attachments", json!(null))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(listed, world.simulator.attachments());
    assert_eq!((listed[0].name.as_str(), listed[0].size), ("pv.pdf", 3));
    assert_eq!(
        listed[0].sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let action = world.simulator.ledger().actions.pop().unwrap();
    assert_eq!(action.operation, Operation::AjouterFichier);
    assert_eq!(action.request["pieceJointeNom"], "pv.pdf");
    assert!(
        action.request.get("pieceJointeFichier").is_none(),
        "the ledger keeps no content"
    );
}

#[tokio::test]
async fn what_is_no_attachment_is_refused() {
    let world = World::start().await;
    let but = |field: &str, value: Value| {
        let mut request = file("pv.pdf", b"abc");
        request[field] = value;
        request
    };
    world
        .simulator
        .configure(|settings| settings.max_attachment_bytes = 3);
    let large = STANDARD.encode("abcd");
    let cases = [
        (but("pieceJointeNom", json!("")), 20000),
        (but("pieceJointeTypeMime", json!(null)), 20000),
        (but("pieceJointeFichier", json!("")), 20000),
        (but("pieceJointeFichier", json!("#")), 20001),
        (but("pieceJointeExtension", json!("EXE")), 20002),
        (but("pieceJointeFichier", json!(large)), 20003),
    ];
    for (request, code) in cases {
        let answer = world.call(Operation::AjouterFichier, request).await;
        assert_eq!(answer["codeRetour"], code, "{answer}");
    }
    assert!(world.simulator.attachments().is_empty());
}

#[tokio::test]
async fn a_long_name_is_refused_or_cut() {
    let world = World::start().await;
    let long = file(&format!("{}.pdf", "a".repeat(47)), b"abc");
    let refused = world.send(Operation::AjouterFichier, &long).await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["codeRetour"], 20004);
    world.simulator.configure(|settings| {
        settings.long_attachment_name = LongAttachmentName::Truncate;
    });
    assert_eq!(
        world.call(Operation::AjouterFichier, long).await["codeRetour"],
        0
    );
    let kept = world.simulator.attachments().pop().unwrap().name;
    assert_eq!(kept, format!("{}.pdf", "a".repeat(46)));
}
