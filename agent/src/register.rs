//! `chorus-agent supplier` and `keygen`: the accounts, and the keys that seal them.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::{Context as _, bail, ensure};
use crypto_box::PublicKey;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::Client;

use crate::{
    cli::{IdType, SupplierAdd},
    config::Config,
    credential::{self, CredentialError, Owner},
    database::DatabaseError,
    installation::Installation,
    supplier,
};

const LIST: &str = "
SELECT id_type, identifier, coalesce(name, ''), coalesce(login, ''), state, paused, coalesce(error, '')
FROM chorus.supplier ORDER BY id_type, identifier";

/// Seals the password read from standard input, and stores the account.
///
/// # Errors
/// No password, no key, a malformed identifier, or the database's.
pub async fn add(client: &Client, config: &Config, supplier: &SupplierAdd) -> anyhow::Result<()> {
    let (id_type, identifier) = identifier(supplier)?;
    let public = public_key(config)?;
    let environment = Installation::read(client).await?.environment;
    let owner = Owner {
        environment,
        id_type: id_type.word().to_owned(),
        identifier,
    };
    let password = read_password(std::io::stdin().lock())?;
    let sealed = credential::seal(&public, &owner, &supplier.login, &password)?;
    let id = supplier::store(
        client,
        &owner,
        supplier.name.as_deref(),
        &supplier.login,
        &sealed,
    )
    .await?;
    println!(
        "supplier {id}: {owner}, account stored; the agent verifies it at Chorus Pro before it sends anything"
    );
    Ok(())
}

/// Prints all suppliers, one per line.
///
/// # Errors
/// The database's.
pub async fn list(client: &Client) -> Result<(), DatabaseError> {
    for row in client.query_typed(LIST, &[]).await? {
        let text = |column: usize| row.try_get::<_, &str>(column);
        let paused = if row.try_get(5)? { " (paused)" } else { "" };
        println!(
            "{} {}\t{}\t{}\t{}{paused}\t{}",
            text(0)?,
            text(1)?,
            text(2)?,
            text(3)?,
            text(4)?,
            text(6)?
        );
    }
    Ok(())
}

/// Makes a key pair.
///
/// # Errors
/// The file exists, or cannot be written.
pub fn keygen(out: Option<&Path>) -> anyhow::Result<()> {
    let key = credential::generate();
    let (private, public) = (
        credential::private_text(&key),
        credential::public_text(&key.public_key()),
    );
    match out {
        None => {
            println!("{}", private.expose_secret());
            eprintln!("public key: {public}");
        }
        Some(path) => {
            // A key that exists seals accounts: it is never overwritten.
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .with_context(|| {
                    format!(
                        "cannot write the private key to {}; an existing file is never overwritten",
                        path.display()
                    )
                })?;
            writeln!(file, "{}", private.expose_secret())?;
            file.sync_all()?;
            println!("{public}");
        }
    }
    Ok(())
}

fn identifier(supplier: &SupplierAdd) -> anyhow::Result<(IdType, String)> {
    let (id_type, text) = match (&supplier.siret, &supplier.identifier) {
        (Some(siret), _) => (IdType::Siret, siret),
        (None, Some(identifier)) => (supplier.id_type, identifier),
        (None, None) => bail!("give --siret, or --id-type and --identifier"),
    };
    if id_type != IdType::Siret {
        ensure!(!text.trim().is_empty(), "--identifier is empty");
        return Ok((id_type, text.trim().to_owned()));
    }
    // People copy SIRETs with their spaces.
    let digits: String = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    ensure!(
        digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()),
        "a SIRET has 14 digits, \"{text}\" has not; for other suppliers give --id-type and --identifier"
    );
    Ok((id_type, digits))
}

/// The configured public key, or the private key's. Never one from a table: who can write there must not choose it.
fn public_key(config: &Config) -> anyhow::Result<PublicKey> {
    let private = config
        .credentials
        .private_key()
        .map_err(anyhow::Error::from)
        .and_then(|text| Ok(credential::parse_private(&text)?));
    let Some(configured) = &config.credentials.public_key else {
        return Ok(private
            .context("no key to seal with: set credentials.public_key, or the private key")?
            .public_key());
    };
    let configured = credential::parse_public(configured)?;
    if let Ok(private) = private {
        ensure!(
            private.public_key() == configured,
            CredentialError::KeysDiffer
        );
    }
    Ok(configured)
}

fn read_password(input: impl std::io::BufRead) -> anyhow::Result<SecretString> {
    let mut line = String::new();
    input
        .take(4096)
        .read_line(&mut line)
        .context("the password cannot be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    ensure!(
        !password.is_empty(),
        "no password on standard input: printf '%s' \"$PASSWORD\" | chorus-agent supplier add …"
    );
    Ok(SecretString::from(password))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn add(siret: &str) -> SupplierAdd {
        SupplierAdd {
            siret: Some(siret.into()),
            identifier: None,
            id_type: IdType::Siret,
            name: None,
            login: "L".into(),
        }
    }

    #[test]
    fn a_siret_is_fourteen_digits_however_it_is_spaced() {
        assert_eq!(
            identifier(&add("732 829 320 00074")).unwrap().1,
            "73282932000074"
        );
        for wrong in ["732829320", "7328293200007A", ""] {
            assert!(identifier(&add(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_password_is_the_first_line_without_its_end() {
        let read = |text: &str| {
            read_password(text.as_bytes()).map(|password| password.expose_secret().to_owned())
        };
        assert_eq!(read("s3 cret\r\nrest").unwrap(), "s3 cret");
        assert!(read("\n").is_err() && read("").is_err());
    }

    #[test]
    fn a_private_key_file_is_for_its_owner_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        keygen(Some(&path)).unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let text = SecretString::from(std::fs::read_to_string(&path).unwrap());
        credential::parse_private(&text).unwrap();
        assert!(
            keygen(Some(&path))
                .unwrap_err()
                .to_string()
                .contains("never overwritten")
        );
    }
}
