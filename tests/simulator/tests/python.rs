//! A client that nobody here wrote: the PyPI package `chorus-api` authenticates, deposits, reads the report and
//! the history.
//!
//! `CHORUS_API_PYTHON` names a Python that has the package; without it the test makes a virtual environment of
//! its own in cargo's target directory, and says loudly when it cannot.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests stand outside test functions, where clippy.toml does not reach"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chorus_simulator::{Config, Handle, Operation, Simulator};
use serde_json::{Value, json};

/// The release that the project was compared with.
const PACKAGE: &str = "chorus-api==1.0.6";

fn scratch() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

fn succeeds(program: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|status| status.success())
}

/// A Python with the package, or why there is none.
fn python() -> Result<PathBuf, &'static str> {
    if let Some(named) = std::env::var_os("CHORUS_API_PYTHON") {
        return Ok(named.into());
    }
    let folder = scratch().join("chorus-api");
    let python = folder.join("bin/python");
    if succeeds(&python, &["-c", "import chorusapi"]) {
        return Ok(python);
    }
    let made = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&folder)
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        return Err("python3 -m venv does not work here");
    }
    let install = ["-m", "pip", "install", "--quiet", "--retries", "1"];
    let install = [&install[..], &["--timeout", "10", PACKAGE]].concat();
    match succeeds(&python, &install) {
        true => Ok(python),
        false => Err("pip cannot install the package; is there a network?"),
    }
}

/// Runs the script; what it printed.
fn run(python: &Path, simulator: &Handle, cii: &str) -> Value {
    let file = scratch().join(format!("python-{}.xml", std::process::id()));
    std::fs::write(&file, cii).unwrap();
    let credentials = simulator.credentials();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/client.py");
    let output = Command::new(python)
        .arg(script)
        .args([simulator.url(), &credentials.client_id])
        .args([&credentials.client_secret, &credentials.account.login])
        .args([&credentials.account.password, simulator.buyer_siret()])
        .arg(&file)
        .env("NO_PROXY", "127.0.0.1")
        .output();
    std::fs::remove_file(&file).unwrap();
    let output = output.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn chorus_api_authenticates_deposits_and_reads_report_and_history() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            eprintln!("SKIPPED: no Python with {PACKAGE} (set CHORUS_API_PYTHON): {reason}");
            return;
        }
    };
    let simulator = Simulator::start(Config::default()).await.unwrap();
    let cii = include_str!("http/invoice.xml").replace("NUMBER", "P-1");
    let seen = run(&python, &simulator, &cii);
    let expected = json!({
        "token": 52,
        "health": [200, "OK"],
        "structure": ["35600000000048", "ACTIVE"],
        "service_required": true,
        "services": [["FACTURES-DSI", true]],
        "deposit": [0, "CPP0011106000000000000001", "IN_DP_E1_CII_16B"],
        "report": [0, "IN_INTEGRE", "python.xml"],
        "report_errors": [],
        // Base64 of "%PD", the start of a PDF.
        "pdf": [0, "IN_INTEGRE", "JVBE"],
        "unknown_flux": "POQ_MSG_01.003 - Flux introuvable.",
        "invoice": ["P-1", "MISE_A_DISPOSITION", "FACTURE", 120.0, false],
        "history": ["MISE_A_DISPOSITION", "EN_COURS_ACHEMINEMENT", "DEPOSEE"],
        "wrong_secret": "'Erreur Chorus API: {\"error\":\"invalid_client\"}'",
        "wrong_password": "'Erreur Chorus API: Code: 401 Reason: Unauthorized  Message: '",
        "no_token":
            "'Erreur Chorus API: Pas de jeton token, veuillez appeler la méthode auth() pour générer un token'",
    });
    assert_eq!(seen, expected);
    let ledger = simulator.ledger();
    assert_eq!(ledger.posts.len(), 1);
    assert_eq!(ledger.posts[0].size, cii.len());
    assert_eq!(ledger.requests(Operation::ConsulterCr), 1);
    assert_eq!(ledger.requests(Operation::ConsulterHistorique), 1);
}
