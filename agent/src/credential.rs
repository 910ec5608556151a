//! A supplier's technical account, sealed so that only the agent's private key opens it.
//!
//! The database holds sealed bytes (X25519 sealed box); a dump, a replica or a curious DBA learns nothing from
//! them. The plaintext carries supplier and environment, so that a credential copied to another row, or from
//! production to qualification, is refused on opening.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, SecretKey, aead::OsRng};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use serde::{Deserialize, Serialize};

mod keys;

pub use keys::{KeyError, Keys};

/// Why a credential or key could not be used.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// A key is not 32 bytes of base64.
    #[error("{0} is not a key: expected the 44 base64 characters that `chorus-agent keygen` makes")]
    NotAKey(&'static str),
    /// The sealed bytes do not open with this private key.
    #[error(
        "the credential of {0} does not open with this private key: it was sealed for another key or damaged; \
         check credentials.private_key_file or store it again with `chorus-agent supplier add`"
    )]
    Sealed(String),
    /// The credential was made for another supplier or environment.
    #[error(
        "the credential stored for {stored} was sealed for {sealed}: rows were copied; \
         store the right one with `chorus-agent supplier add`"
    )]
    Misplaced {
        /// Supplier and environment of the row.
        stored: String,
        /// Supplier and environment inside the sealed box.
        sealed: String,
    },
    /// The configured public key does not belong to the private key.
    #[error(
        "credentials.public_key is not that of the private key: what it seals could never be opened; correct it"
    )]
    KeysDiffer,
    /// The random generator or cipher failed.
    #[error("the credential could not be sealed")]
    NotSealed,
}

/// Whose credential it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// `qualification` or `production`.
    pub environment: String,
    /// Chorus Pro's word for the identifier's type, e.g. `SIRET`.
    pub id_type: String,
    /// The identifier, e.g. the 14 digits of a SIRET.
    pub identifier: String,
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} {} ({})",
            self.id_type, self.identifier, self.environment
        )
    }
}

#[derive(Serialize, Deserialize)]
struct Plaintext {
    #[serde(flatten)]
    owner: Owner,
    login: String,
    password: String,
}

/// Login and password of a technical account, ready for the `cpro-account` header.
#[derive(Debug)]
pub struct Account {
    header: SecretString,
}

impl Account {
    /// The account of `login` and `password`.
    pub fn new(login: &str, password: &SecretString) -> Self {
        let pair = SecretString::from(format!("{login}:{}", password.expose_secret()));
        Self {
            header: SecretString::from(STANDARD.encode(pair.expose_secret())),
        }
    }

    /// The value of the `cpro-account` header: base64 of `login:password`.
    pub fn header(&self) -> &SecretString {
        &self.header
    }
}

/// Seals a technical account for the holder of `public`.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn seal(
    public: &PublicKey,
    owner: &Owner,
    login: &str,
    password: &SecretString,
) -> Result<Vec<u8>, CredentialError> {
    let plaintext = Plaintext {
        owner: owner.clone(),
        login: login.to_owned(),
        password: password.expose_secret().to_owned(),
    };
    let plaintext = SecretBox::new(Box::new(
        serde_json::to_vec(&plaintext).map_err(|_| CredentialError::NotSealed)?,
    ));
    public
        .seal(&mut OsRng, plaintext.expose_secret())
        .map_err(|_| CredentialError::NotSealed)
}

/// Opens the account stored for `owner`.
///
/// # Errors
/// Another key sealed it, it is damaged, or it was sealed for another supplier or environment.
fn unseal(private: &SecretKey, owner: &Owner, sealed: &[u8]) -> Result<Plaintext, CredentialError> {
    let unreadable = || CredentialError::Sealed(owner.to_string());
    let plaintext = SecretBox::new(Box::new(private.unseal(sealed).map_err(|_| unreadable())?));
    let plaintext: Plaintext =
        serde_json::from_slice(plaintext.expose_secret()).map_err(|_| unreadable())?;
    if plaintext.owner != *owner {
        return Err(CredentialError::Misplaced {
            stored: owner.to_string(),
            sealed: plaintext.owner.to_string(),
        });
    }
    Ok(plaintext)
}

/// A new private key.
pub fn generate() -> SecretKey {
    SecretKey::generate(&mut OsRng)
}

/// A private key as text, for its file.
pub fn private_text(key: &SecretKey) -> SecretString {
    SecretString::from(STANDARD.encode(key.to_bytes()))
}

/// A public key as text, for the configuration.
pub fn public_text(key: &PublicKey) -> String {
    STANDARD.encode(key.as_bytes())
}

/// Reads a private key written by [`private_text`].
///
/// # Errors
/// Not 32 bytes of base64.
pub fn parse_private(text: &SecretString) -> Result<SecretKey, CredentialError> {
    bytes(text.expose_secret())
        .map(SecretKey::from)
        .ok_or(CredentialError::NotAKey("credentials.private_key"))
}

/// Reads a public key written by [`public_text`].
///
/// # Errors
/// Not 32 bytes of base64.
pub fn parse_public(text: &str) -> Result<PublicKey, CredentialError> {
    bytes(text)
        .map(PublicKey::from)
        .ok_or(CredentialError::NotAKey("credentials.public_key"))
}

fn bytes(text: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text.trim()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(environment: &str, identifier: &str) -> Owner {
        Owner {
            environment: environment.into(),
            id_type: "SIRET".into(),
            identifier: identifier.into(),
        }
    }

    fn open(key: &SecretKey, owner: &Owner, sealed: &[u8]) -> Result<Account, CredentialError> {
        Keys::new(key.clone(), None).open(owner, sealed)
    }

    fn sealed_for(owner: &Owner, key: &SecretKey) -> Vec<u8> {
        seal(
            &key.public_key(),
            owner,
            "TECH_1_73282932000074@cpro.fr",
            &SecretString::from("pa:ss é"),
        )
        .unwrap()
    }

    #[test]
    fn the_private_key_opens_what_the_public_key_sealed() {
        let (key, owner) = (generate(), owner("qualification", "73282932000074"));
        let account = open(&key, &owner, &sealed_for(&owner, &key)).unwrap();
        let header = STANDARD.decode(account.header().expose_secret()).unwrap();
        assert_eq!(
            String::from_utf8(header).unwrap(),
            "TECH_1_73282932000074@cpro.fr:pa:ss é"
        );
    }

    #[test]
    fn sealed_bytes_show_neither_login_nor_password_and_differ_each_time() {
        let (key, owner) = (generate(), owner("qualification", "73282932000074"));
        let (one, two) = (sealed_for(&owner, &key), sealed_for(&owner, &key));
        assert_ne!(one, two);
        assert!(
            !one.windows(4)
                .any(|window| window == b"TECH" || window == b"pa:s")
        );
    }

    #[test]
    fn a_credential_copied_to_another_supplier_or_environment_is_refused() {
        let key = generate();
        let sealed = sealed_for(&owner("production", "73282932000074"), &key);
        for stranger in [
            owner("qualification", "73282932000074"),
            owner("production", "35600000000048"),
        ] {
            let error = open(&key, &stranger, &sealed).unwrap_err();
            assert!(
                matches!(error, CredentialError::Misplaced { .. }),
                "{error}"
            );
        }
    }

    #[test]
    fn another_key_or_damaged_bytes_do_not_open() {
        let (key, owner) = (generate(), owner("qualification", "73282932000074"));
        let mut sealed = sealed_for(&owner, &key);
        assert!(matches!(
            open(&generate(), &owner, &sealed),
            Err(CredentialError::Sealed(_))
        ));
        *sealed.last_mut().unwrap() ^= 1;
        assert!(matches!(
            open(&key, &owner, &sealed),
            Err(CredentialError::Sealed(_))
        ));
        assert!(matches!(
            open(&key, &owner, &[]),
            Err(CredentialError::Sealed(_))
        ));
    }

    #[test]
    fn keys_survive_the_trip_through_text() {
        let key = generate();
        assert_eq!(
            parse_private(&private_text(&key)).unwrap().to_bytes(),
            key.to_bytes()
        );
        assert_eq!(
            parse_public(&public_text(&key.public_key())).unwrap(),
            key.public_key()
        );
        assert!(parse_public("abc").is_err());
    }
}
