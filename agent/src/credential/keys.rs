//! The agent's private key, and the one before it while accounts sealed for that one are left.

use crypto_box::{PublicKey, SecretKey};
use secrecy::SecretString;

use super::{
    Account, CredentialError, Owner, Plaintext, parse_private, parse_public, seal, unseal,
};
use crate::config::{ConfigError, CredentialSection};

/// Why the configured keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A setting is missing or its file unreadable.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// What is configured is no key, or not the pair it should be.
    #[error(transparent)]
    Credential(#[from] CredentialError),
}

/// What opens accounts. New ones are sealed for the current key; the previous one opens what it sealed until `rekey`.
#[derive(Debug)]
pub struct Keys {
    current: SecretKey,
    previous: Option<SecretKey>,
}

impl Keys {
    /// Keys of which the first is for new seals.
    pub fn new(current: SecretKey, previous: Option<SecretKey>) -> Self {
        Self { current, previous }
    }

    /// The keys as configured.
    ///
    /// # Errors
    /// The private key is missing, one is no key, or the public key is not that of the private key.
    pub fn configured(section: &CredentialSection) -> Result<Self, KeyError> {
        let current = parse_private(&section.private_key()?)?;
        if let Some(public) = &section.public_key
            && parse_public(public)? != current.public_key()
        {
            return Err(CredentialError::KeysDiffer.into());
        }
        let previous = section.previous_private_key()?;
        let previous = previous.as_ref().map(parse_private).transpose()?;
        Ok(Self::new(current, previous))
    }

    /// The public key for new seals.
    pub fn public(&self) -> PublicKey {
        self.current.public_key()
    }

    /// Opens the account stored for `owner`.
    ///
    /// # Errors
    /// Neither key opens it, it is damaged, or it was sealed for another supplier or environment.
    pub fn open(&self, owner: &Owner, sealed: &[u8]) -> Result<Account, CredentialError> {
        let Plaintext {
            login, password, ..
        } = self.plaintext(owner, sealed)?;
        Ok(Account::new(&login, &SecretString::from(password)))
    }

    /// The account sealed anew, for the current key and for `owner`, which may be another name of the same supplier.
    ///
    /// # Errors
    /// As [`Self::open`], or there are no random bytes.
    pub fn reseal(
        &self,
        stored: &Owner,
        owner: &Owner,
        sealed: &[u8],
    ) -> Result<Vec<u8>, CredentialError> {
        let Plaintext {
            login, password, ..
        } = self.plaintext(stored, sealed)?;
        seal(&self.public(), owner, &login, &SecretString::from(password))
    }

    /// Whether `sealed` was made for the current key: nothing is left to do for it.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        self.current.unseal(sealed).is_ok()
    }

    fn plaintext(&self, owner: &Owner, sealed: &[u8]) -> Result<Plaintext, CredentialError> {
        match (unseal(&self.current, owner, sealed), &self.previous) {
            (Err(CredentialError::Sealed(_)), Some(previous)) => unseal(previous, owner, sealed),
            (result, _) => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::credential::generate;

    fn owner(id_type: &str, identifier: &str) -> Owner {
        Owner {
            environment: "qualification".into(),
            id_type: id_type.into(),
            identifier: identifier.into(),
        }
    }

    fn sealed_for(key: &SecretKey, owner: &Owner) -> Vec<u8> {
        seal(&key.public_key(), owner, "login", &"secret".into()).unwrap()
    }

    #[test]
    fn the_previous_key_opens_until_the_account_is_sealed_anew() {
        let (old, new) = (generate(), generate());
        let siret = owner("SIRET", "73282932000074");
        let sealed = sealed_for(&old, &siret);
        assert!(Keys::new(new.clone(), None).open(&siret, &sealed).is_err());
        let both = Keys::new(new.clone(), Some(old.clone()));
        let account = both.open(&siret, &sealed).unwrap();
        assert_eq!(
            STANDARD.decode(account.header().expose_secret()).unwrap(),
            b"login:secret"
        );
        assert!(!both.is_current(&sealed));
        let again = both.reseal(&siret, &siret, &sealed).unwrap();
        assert!(both.is_current(&again));
        assert!(Keys::new(new, None).open(&siret, &again).is_ok());
        assert!(Keys::new(old, None).open(&siret, &again).is_err());
    }

    #[test]
    fn an_account_moved_to_another_supplier_opens_with_neither_key_and_is_not_sealed_anew() {
        let (old, new) = (generate(), generate());
        let (mine, yours) = (
            owner("SIRET", "73282932000074"),
            owner("SIRET", "35600000000048"),
        );
        let keys = Keys::new(new.clone(), Some(old.clone()));
        for key in [&old, &new] {
            let sealed = sealed_for(key, &mine);
            for error in [
                keys.open(&yours, &sealed).unwrap_err(),
                keys.reseal(&yours, &yours, &sealed).unwrap_err(),
            ] {
                assert!(
                    matches!(error, CredentialError::Misplaced { .. }),
                    "{error}"
                );
            }
        }
    }
}
