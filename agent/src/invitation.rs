//! Registration links: tried, counted, and used up by one statement.

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{
    credential::Owner,
    database::DatabaseError,
    verify::{Reason, Registration},
};

/// Accounts that may be tried through one link: enough for a person, too few for a search.
pub const MOST_ATTEMPTS: i32 = 10;

const FIND: &str = "
SELECT i.supplier_id, s.id_type, s.identifier, coalesce(s.name, '') AS name, n.environment,
    i.used_at IS NOT NULL AS used, i.revoked_at IS NOT NULL AS revoked, i.expires_at <= now() AS expired, i.attempts
FROM chorus.invitation i JOIN chorus.supplier s ON s.id = i.supplier_id, chorus.installation n
WHERE i.token_sha256 = $1";

// Counted before Chorus Pro is asked: whoever breaks off has tried all the same.
const TRY: &str = "
UPDATE chorus.invitation SET attempts = attempts + 1
WHERE token_sha256 = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now() AND attempts < $2";

// Nothing was learned of that account: it was not tried.
const UNTRY: &str =
    "UPDATE chorus.invitation SET attempts = attempts - 1 WHERE token_sha256 = $1 AND attempts > 0";

// Lock order: supplier, then invitation, as chorus.invite_supplier and chorus.revoke_supplier have it.
// Who has a good account keeps it, whatever was typed here; and a link that was withdrawn says nothing.
const FAIL: &str = "
WITH held AS MATERIALIZED (
    SELECT s.id FROM chorus.supplier s JOIN chorus.invitation i ON i.supplier_id = s.id WHERE i.token_sha256 = $1 FOR UPDATE OF s
), failed AS (
    UPDATE chorus.invitation i SET error = $2 FROM held
    WHERE i.token_sha256 = $1 AND i.supplier_id = held.id AND i.used_at IS NULL AND i.revoked_at IS NULL RETURNING i.supplier_id
)
UPDATE chorus.supplier s SET state = 'error', error = $2, error_fr = $3, error_code = $4, checked_at = now()
FROM failed WHERE s.id = failed.supplier_id AND s.state <> 'registered'";

// One statement: of two who type at the same time, one comes too late and stores nothing. In the same order.
// An account that could not be verified does not take the place of a good one.
const USE: &str = "
WITH held AS MATERIALIZED (
    SELECT s.id, s.state FROM chorus.supplier s JOIN chorus.invitation i ON i.supplier_id = s.id WHERE i.token_sha256 = $1 FOR UPDATE OF s
), used AS (
    UPDATE chorus.invitation i SET used_at = now(), error = NULL FROM held
    WHERE i.token_sha256 = $1 AND i.supplier_id = held.id AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
        AND ($6 = 'registered' OR held.state <> 'registered')
    RETURNING i.supplier_id
)
UPDATE chorus.supplier s
SET id_type = $2, identifier = $3, login = $4, credential = $5, state = $6, structure_id = coalesce($7, s.structure_id),
    password_expires_on = $8, password_warning = NULL, password_read_at = CASE WHEN $6 = 'registered' THEN now() END,
    error = $9, error_fr = $10, error_code = $11, checked_at = now()
FROM used WHERE s.id = used.supplier_id RETURNING s.id";

/// The token of a link, and how the table knows it.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

impl Token {
    /// The token in a path; whether it exists is the table's to say.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The token itself, for the form that leads back here.
    pub fn text(&self) -> &str {
        self.0.expose_secret()
    }

    fn sha256(&self) -> Vec<u8> {
        Sha256::digest(self.text().as_bytes()).to_vec()
    }
}

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may be used.
    Open,
    /// It was used.
    Used,
    /// A newer one replaced it, or the supplier was revoked.
    Revoked,
    /// Its time is over.
    Expired,
    /// Too many accounts were tried.
    Exhausted,
}

/// A link and whom it is for.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Row id of the supplier.
    pub supplier: i64,
    /// Who it is.
    pub owner: Owner,
    /// Its name; empty where none is known.
    pub name: String,
    /// Where the link stands.
    pub standing: Standing,
}

/// What is stored of an account.
#[derive(Debug)]
pub struct Account<'a> {
    /// Whose it is.
    pub owner: &'a Owner,
    /// Login of the technical account.
    pub login: &'a str,
    /// The account, sealed for that owner.
    pub sealed: &'a [u8],
    /// What was found out; `None` where Chorus Pro could not be asked.
    pub registration: Option<&'a Registration>,
    /// Why it could not be verified for good.
    pub reason: Option<&'a Reason>,
}

/// The invitation of `token`, if there is one.
///
/// # Errors
/// The database's.
pub async fn find(client: &Client, token: &Token) -> Result<Option<Invitation>, DatabaseError> {
    let row = client
        .query_typed_opt(FIND, &[(&token.sha256(), Type::BYTEA)])
        .await?;
    let Some(row) = row else { return Ok(None) };
    let standing = if row.try_get("used")? {
        Standing::Used
    } else if row.try_get("revoked")? {
        Standing::Revoked
    } else if row.try_get("expired")? {
        Standing::Expired
    } else if row.try_get::<_, i32>("attempts")? >= MOST_ATTEMPTS {
        Standing::Exhausted
    } else {
        Standing::Open
    };
    Ok(Some(Invitation {
        supplier: row.try_get("supplier_id")?,
        owner: Owner {
            environment: row.try_get("environment")?,
            id_type: row.try_get("id_type")?,
            identifier: row.try_get("identifier")?,
        },
        name: row.try_get("name")?,
        standing,
    }))
}

/// Counts an attempt; whether one was left.
///
/// # Errors
/// The database's.
pub async fn attempt(client: &Client, token: &Token) -> Result<bool, DatabaseError> {
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&token.sha256(), Type::BYTEA), (&MOST_ATTEMPTS, Type::INT4)];
    Ok(client.execute_typed(TRY, &parameters).await? == 1)
}

/// Takes the last attempt back: Chorus Pro could not be asked, so nothing was learned.
///
/// # Errors
/// The database's.
pub async fn undo_attempt(client: &Client, token: &Token) -> Result<(), DatabaseError> {
    client
        .execute_typed(UNTRY, &[(&token.sha256(), Type::BYTEA)])
        .await?;
    Ok(())
}

/// Writes down why an account was refused.
///
/// # Errors
/// The database's.
pub async fn failed(client: &Client, token: &Token, reason: &Reason) -> Result<(), DatabaseError> {
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&token.sha256(), Type::BYTEA),
        (&reason.en, Type::TEXT),
        (&reason.fr, Type::TEXT),
        (&reason.code, Type::TEXT),
    ];
    client.execute_typed(FAIL, &parameters).await?;
    Ok(())
}

/// Stores an account and uses the link up. It does not where the link is not good any more, or where the account could not be
/// verified and the supplier has a good one.
///
/// # Errors
/// The database's.
pub async fn redeem(
    client: &Client,
    token: &Token,
    account: &Account<'_>,
) -> Result<bool, DatabaseError> {
    let state = match (account.registration, account.reason) {
        (Some(_), _) => "registered",
        (None, Some(_)) => "error",
        (None, None) => "processing",
    };
    let structure = account.registration.map(|found| found.structure);
    let expires = account
        .registration
        .and_then(|found| found.password_expires_on);
    let reason = |part: fn(&Reason) -> &str| account.reason.map(part);
    let parameters: [(&(dyn ToSql + Sync), Type); 11] = [
        (&token.sha256(), Type::BYTEA),
        (&account.owner.id_type, Type::TEXT),
        (&account.owner.identifier, Type::TEXT),
        (&account.login, Type::TEXT),
        (&account.sealed, Type::BYTEA),
        (&state, Type::TEXT),
        (&structure, Type::INT8),
        (&expires, Type::DATE),
        (&reason(|reason| &reason.en), Type::TEXT),
        (&reason(|reason| &reason.fr), Type::TEXT),
        (&reason(|reason| reason.code), Type::TEXT),
    ];
    Ok(client.query_typed_opt(USE, &parameters).await?.is_some())
}
