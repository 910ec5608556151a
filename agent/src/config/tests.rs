use std::io::Write as _;

use secrecy::ExposeSecret as _;

use super::{environment::KEYS, *};

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn variables(pairs: &[(&str, &str)]) -> std::vec::IntoIter<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}

fn load(text: &str, pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::load(Some(file(text).path()), variables(pairs))
}

#[test]
fn the_environment_wins_over_the_file() {
    let text = "[agent]\nworkers = 2\nlease_seconds = 400\n[piste]\nclient_id = 'file'\n";
    let config = load(
        text,
        &[
            ("CHORUS_AGENT_WORKERS", "7"),
            ("CHORUS_PISTE_CLIENT_ID", "env"),
            ("HOME", "/"),
        ],
    )
    .unwrap();
    assert_eq!(config.agent.workers, 7);
    assert_eq!(config.agent.lease_seconds, 400.0);
    assert_eq!(config.piste.client_id().unwrap(), "env");
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let error = load("[agent]\nworkers = 2\nworkerz = 3\n", &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 3") && error.contains("workerz"),
        "{error}"
    );
}

#[test]
fn an_unknown_variable_is_refused_with_the_known_ones() {
    let error = load("", &[("CHORUS_AGENT_WORKERZ", "3")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("CHORUS_AGENT_WORKERZ") && error.contains("CHORUS_AGENT_WORKERS"),
        "{error}"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_named_and_never_shown() {
    let error = load("", &[("CHORUS_AGENT_WORKERS", "s3cret")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("CHORUS_AGENT_WORKERS") && !error.contains("s3cret"),
        "{error}"
    );
    let error = load("[piste]\nclient_secret = ['s3cret']\n", &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 2") && !error.contains("s3cret"),
        "{error}"
    );
}

#[test]
fn every_listed_variable_sets_a_setting_that_exists() {
    for key in KEYS {
        let value = match key.kind {
            super::environment::Kind::Text if key.name == "format" => "json",
            super::environment::Kind::Text => "x",
            super::environment::Kind::Flag => "false",
            _ => "3",
        };
        Config::load(
            Some(file("").path()),
            variables(&[(&key.variable(), value)]),
        )
        .unwrap();
    }
}

#[test]
fn secrets_come_from_value_or_file_and_are_not_printed() {
    let secret = file("from file\n");
    let text = format!("[piste]\nclient_secret_file = {:?}\n", secret.path());
    assert_eq!(
        load(&text, &[])
            .unwrap()
            .piste
            .client_secret()
            .unwrap()
            .expose_secret(),
        "from file"
    );
    let config = load("[piste]\nclient_secret = 'hush'\n", &[]).unwrap();
    assert!(!format!("{config:?}").contains("hush"));
    let missing = load("", &[])
        .unwrap()
        .piste
        .client_secret()
        .unwrap_err()
        .to_string();
    assert!(missing.contains("CHORUS_PISTE_CLIENT_SECRET"), "{missing}");
}

#[test]
fn plain_http_is_only_for_this_machine() {
    for (url, fine) in [
        ("http://127.0.0.1:8080", true),
        ("http://[::1]:8080", true),
        ("http://localhost:1", true),
        ("https://sandbox-api.piste.gouv.fr", true),
        ("http://api.piste.gouv.fr", false),
        ("http://127.0.0.1.evil.example", false),
        ("ftp://127.0.0.1", false),
        ("nonsense", false),
    ] {
        let section = PisteSection {
            api_url: Some(url.into()),
            ..PisteSection::default()
        };
        assert_eq!(section.api().is_ok(), fine, "{url}");
        assert_eq!(section.oauth().is_ok(), fine, "{url}");
    }
}

#[test]
fn a_lease_that_a_call_could_outlive_is_refused() {
    let section = |lease_seconds| AgentSection {
        lease_seconds,
        ..AgentSection::default()
    };
    assert!(
        section(310.0)
            .checked()
            .unwrap_err()
            .to_string()
            .contains("agent.deposit_timeout_seconds")
    );
    assert!(section(310.1).checked().is_ok());
    let slow = AgentSection {
        timeout_seconds: 351.0,
        ..AgentSection::default()
    };
    let refused = slow.checked().unwrap_err().to_string();
    assert!(refused.contains("agent.timeout_seconds"), "{refused}");
}

#[test]
fn nonsense_numbers_are_refused() {
    for time_scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(
            AgentSection {
                time_scale,
                ..AgentSection::default()
            }
            .checked()
            .is_err(),
            "{time_scale}"
        );
    }
    assert!(
        AgentSection {
            workers: 0,
            ..AgentSection::default()
        }
        .checked()
        .is_err()
    );
}
