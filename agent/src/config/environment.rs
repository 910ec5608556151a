//! `CHORUS_SECTION_KEY` variables laid over the table of the file.

use super::ConfigError;

/// The type of a setting, which a variable's text is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A setting: its section, its key and its type.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Section of the file.
    pub section: &'static str,
    /// Key in that section.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
}

impl Key {
    /// The variable that sets it.
    pub fn variable(&self) -> String {
        format!("CHORUS_{}_{}", self.section, self.name).to_ascii_uppercase()
    }
}

const fn key(section: &'static str, name: &'static str, kind: Kind) -> Key {
    Key {
        section,
        name,
        kind,
    }
}

/// Every setting.
pub const KEYS: &[Key] = &[
    key("database", "url", Kind::Text),
    key("database", "listen", Kind::Flag),
    key("database", "timeout_seconds", Kind::Number),
    key("piste", "api_url", Kind::Text),
    key("piste", "oauth_url", Kind::Text),
    key("piste", "client_id", Kind::Text),
    key("piste", "client_secret", Kind::Text),
    key("piste", "client_secret_file", Kind::Text),
    key("credentials", "private_key", Kind::Text),
    key("credentials", "private_key_file", Kind::Text),
    key("credentials", "previous_private_key", Kind::Text),
    key("credentials", "previous_private_key_file", Kind::Text),
    key("credentials", "public_key", Kind::Text),
    key("agent", "workers", Kind::Whole),
    key("agent", "lease_seconds", Kind::Number),
    key("agent", "poll_interval_seconds", Kind::Number),
    key("agent", "reap_interval_seconds", Kind::Number),
    key("agent", "uncertain_window_seconds", Kind::Number),
    key("agent", "follow_interval_seconds", Kind::Number),
    key("agent", "time_scale", Kind::Number),
    key("agent", "connect_timeout_seconds", Kind::Number),
    key("agent", "timeout_seconds", Kind::Number),
    key("agent", "deposit_timeout_seconds", Kind::Number),
    key("agent", "page_size", Kind::Whole),
    key("agent", "requests_per_second", Kind::Number),
    key("agent", "burst", Kind::Number),
    key("agent", "shutdown_seconds", Kind::Number),
    key("registration", "listen", Kind::Text),
    key("registration", "public_url", Kind::Text),
    key("operations", "listen", Kind::Text),
    key("log", "format", Kind::Text),
    key("log", "filter", Kind::Text),
];

/// Variables with our prefix that are read elsewhere: `CHORUS_CONFIG` by the command line, `CHORUS_CORPUS` by the
/// project's tests, in whose environment agents are started.
const ELSEWHERE: [&str; 2] = ["CHORUS_CONFIG", "CHORUS_CORPUS"];

/// Sets in `table` what `variables` say.
///
/// # Errors
/// A `CHORUS_*` variable is unknown or its value has the wrong type; the value is not shown, it may be a secret.
pub fn overlay(
    table: &mut toml::Table,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    for (variable, text) in variables {
        if !variable.starts_with("CHORUS_") || ELSEWHERE.contains(&variable.as_str()) {
            continue;
        }
        let Some(key) = KEYS.iter().find(|key| key.variable() == variable) else {
            let known = KEYS
                .iter()
                .map(Key::variable)
                .collect::<Vec<_>>()
                .join(", ");
            return Err(ConfigError::UnknownVariable { variable, known });
        };
        let value = match key.kind {
            Kind::Text => toml::Value::String(text),
            Kind::Whole => match text.trim().parse() {
                Ok(whole) => toml::Value::Integer(whole),
                Err(_) => {
                    return Err(ConfigError::BadVariable {
                        variable,
                        expected: "a whole number",
                    });
                }
            },
            Kind::Number => match text.trim().parse() {
                Ok(number) => toml::Value::Float(number),
                Err(_) => {
                    return Err(ConfigError::BadVariable {
                        variable,
                        expected: "a number",
                    });
                }
            },
            Kind::Flag => match text.trim().parse() {
                Ok(flag) => toml::Value::Boolean(flag),
                Err(_) => {
                    return Err(ConfigError::BadVariable {
                        variable,
                        expected: "true or false",
                    });
                }
            },
        };
        let section = table
            .entry(key.section)
            .or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let toml::Value::Table(section) = section {
            section.insert(key.name.to_owned(), value);
        }
    }
    Ok(())
}
