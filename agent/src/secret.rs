//! Where secrets come from: the environment, the configuration file, or a file it names. Never a command line.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

/// Why a secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Neither the value nor the file is configured.
    #[error(
        "{key} is not set: give {key} or {key}_file in the configuration, or {variable} in the environment"
    )]
    Missing {
        /// The dotted configuration key.
        key: &'static str,
        /// Its environment variable.
        variable: String,
    },
    /// Both are configured, so that it is unclear which one counts.
    #[error("{key} and {key}_file are both set: keep one of them")]
    Both {
        /// The dotted configuration key.
        key: &'static str,
    },
    /// The file cannot be read.
    #[error("cannot read {key}_file {path}: {source}; check the path and that the agent's user may read it", path = path.display())]
    Unreadable {
        /// The dotted configuration key.
        key: &'static str,
        /// The file named there.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file has nothing in it.
    #[error("{key}_file {path} is empty", path = path.display())]
    Empty {
        /// The dotted configuration key.
        key: &'static str,
        /// The file named there.
        path: PathBuf,
    },
}

/// The secret configured directly as `key`, or in the file configured as `key_file`; `None` when neither is set.
///
/// A final line break in the file is not part of the secret.
///
/// # Errors
/// Both are set, or the file cannot be read or is empty.
pub fn resolve(
    key: &'static str,
    value: Option<&SecretString>,
    file: Option<&Path>,
) -> Result<Option<SecretString>, SecretError> {
    match (value, file) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(SecretError::Both { key }),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).map_err(|source| SecretError::Unreadable {
                key,
                path: path.to_owned(),
                source,
            })?;
            let text = text.trim_end_matches(['\r', '\n']);
            if text.is_empty() {
                return Err(SecretError::Empty {
                    key,
                    path: path.to_owned(),
                });
            }
            Ok(Some(SecretString::from(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn the_file_is_read_without_its_final_line_break() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        std::fs::write(&path, "a b\n").unwrap();
        let secret = resolve("piste.client_secret", None, Some(&path))
            .unwrap()
            .unwrap();
        assert_eq!(secret.expose_secret(), "a b");
    }

    #[test]
    fn a_secret_given_twice_is_refused() {
        let value = SecretString::from("x");
        let error =
            resolve("piste.client_secret", Some(&value), Some(Path::new("/x"))).unwrap_err();
        assert_eq!(
            error.to_string(),
            "piste.client_secret and piste.client_secret_file are both set: keep one of them"
        );
    }

    #[test]
    fn an_unreadable_file_is_named_with_its_key() {
        let error = resolve(
            "credentials.private_key",
            None,
            Some(Path::new("/nowhere/key")),
        )
        .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("cannot read credentials.private_key_file /nowhere/key:"),
            "{error}"
        );
    }
}
