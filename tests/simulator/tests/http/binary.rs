//! The program: one line, then service until SIGTERM.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use chorus_simulator::Ledger;
use serde_json::Value;

use crate::client::http;

#[tokio::test]
async fn it_announces_itself_in_one_line_and_leaves_on_sigterm() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chorus-simulator"))
        .args(["--port", "0", "--delay-ms", "5", "--buyer-pays"])
        .args([
            "--structure",
            "{\"id_type\":\"UE_HORS_FRANCE\",\"identifier\":\"DE111111125\"}",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let announced: Value = serde_json::from_str(&line).unwrap();
    let keys: Vec<_> = announced
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "url",
        "client_id",
        "client_secret",
        "login",
        "password",
        "supplier_siret",
        "buyer_siret",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(announced["supplier_siret"], "73282932000074");

    let url = announced["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let client = http();
    let settings: Value = client
        .get(format!("{url}/_simulator/settings"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&settings["delays"]["flux_ms"], &settings["buyer_script"][4]),
        (&5.into(), &"MISE_EN_PAIEMENT".into())
    );
    let ledger: Ledger = client
        .get(format!("{url}/_simulator/ledger"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(ledger.posts.is_empty());

    assert!(
        Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert!(child.wait().unwrap().success());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}
