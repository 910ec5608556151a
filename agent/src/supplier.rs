//! Suppliers: their accounts, and what is known of them.

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{
    credential::{Account, CredentialError, Keys, Owner},
    database::DatabaseError,
    failpoint,
    queue::claim::Subject,
    verify::{Reason, Registration},
};

const OF_INVOICE: &str = "
SELECT s.id, s.id_type, s.identifier, s.credential, s.structure_id, s.state, s.paused, n.environment
FROM chorus.supplier s JOIN chorus.invoice i ON i.supplier_id = s.id, chorus.installation n WHERE i.id = $1";

const BY_ID: &str = "
SELECT s.id, s.id_type, s.identifier, s.credential, s.structure_id, s.state, s.paused, n.environment
FROM chorus.supplier s, chorus.installation n WHERE s.id = $1";

// Any may ask: rather one whose calls are let through and have not failed of late, rather one whose invoices wait for the answer.
const FOR_STRUCTURE: &str = "
SELECT s.id, s.id_type, s.identifier, s.credential, s.structure_id, s.state, s.paused, n.environment
FROM chorus.supplier s, chorus.installation n
WHERE s.state = 'registered' AND s.id <> ALL ($2)
ORDER BY EXISTS (SELECT FROM chorus.api_breaker b WHERE b.supplier_id = s.id AND (b.api IS NULL OR b.api = 'Structures')
        AND (b.probe_at > now() OR b.opened_at IS NULL AND b.failures > 0 AND b.failed_at > now() - interval '10 minutes')),
    s.id NOT IN (SELECT i.supplier_id FROM chorus.structure b
        JOIN chorus.invoice i ON i.buyer_id_type = b.id_type AND i.buyer_identifier = b.identifier WHERE b.id = $1 AND i.state = 'ready'),
    s.id
LIMIT 1";

const WITH_ACCOUNT: &str = "
SELECT s.id, s.id_type, s.identifier, s.credential, s.structure_id, s.state, s.paused, n.environment
FROM chorus.supplier s, chorus.installation n WHERE s.credential IS NOT NULL ORDER BY s.id_type, s.identifier";

// A new account is verified before anything is sent with it: the trigger on `credential` queues that.
const STORE: &str = "
INSERT INTO chorus.supplier AS s (id_type, identifier, name, login, credential, state)
VALUES ($1, $2, $3, $4, $5, 'processing')
ON CONFLICT (id_type, identifier) DO UPDATE
SET name = coalesce(excluded.name, s.name), login = excluded.login, credential = excluded.credential,
    state = 'processing', error = NULL, error_fr = NULL, error_code = NULL
RETURNING s.id";

// Not known yet, or known already: nothing changes but a name that was missing.
const ADD: &str = "
INSERT INTO chorus.supplier AS s (id_type, identifier, name) VALUES ($1, $2, $3)
ON CONFLICT (id_type, identifier) DO UPDATE SET name = coalesce(excluded.name, s.name)
RETURNING s.id";

// What was found out about an account says nothing about another one that was stored meanwhile.
const REGISTERED: &str = "
UPDATE chorus.supplier s
SET state = 'registered', structure_id = $3, checked_at = now(), error = NULL, error_fr = NULL, error_code = NULL,
    password_expires_on = $4, password_warning = CASE WHEN s.password_expires_on = $4 THEN s.password_warning END, password_read_at = now()
WHERE s.id = $1 AND s.credential = $2";

// The VAT number gave way to a SIRET: the account is sealed for that from now on.
const RENAMED: &str = "
UPDATE chorus.supplier SET id_type = $3, identifier = $4, credential = $5 WHERE id = $1 AND credential = $2";

// What waited for the account need not wait any longer; what a person set aside does.
const RELEASE_WAITING: &str = "
UPDATE chorus.task t SET run_at = now() FROM chorus.invoice i
WHERE t.invoice_id = i.id AND i.supplier_id = $1 AND t.leased_until IS NULL AND t.run_at > now() AND t.run_at < 'infinity'
    AND t.last_error IS NOT NULL";

// Nothing more is sent for this supplier until following, which goes on, finds the account good again.
const FAILED: &str = "
WITH failed AS MATERIALIZED (
    UPDATE chorus.supplier SET state = 'error', error = $2, error_fr = $4, error_code = $5, checked_at = now()
    WHERE id = $1 AND credential = $6 RETURNING id), sooner AS (
    UPDATE chorus.task t SET run_at = least(t.run_at, now() + make_interval(secs => $3))
    FROM failed WHERE t.supplier_id = failed.id AND t.kind = 'follow' AND t.leased_until IS NULL
)
SELECT EXISTS (SELECT FROM failed)";

/// A supplier with a stored account.
#[derive(Debug, Clone)]
pub struct Supplier {
    /// Row id.
    pub id: i64,
    /// Identifier and environment, as sealed into the credential.
    pub owner: Owner,
    /// Chorus Pro's id of the structure, once verified.
    pub structure_id: Option<i64>,
    /// `empty`, `processing`, `registered` or `error`.
    pub state: String,
    /// Nothing is deposited for a paused supplier.
    pub paused: bool,
    credential: Option<Vec<u8>>,
}

impl Supplier {
    /// The supplier that a task is about.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(client: &Client, subject: Subject) -> Result<Self, DatabaseError> {
        let row = match subject {
            Subject::Invoice(invoice) => {
                client
                    .query_typed_one(OF_INVOICE, &[(&invoice, Type::UUID)])
                    .await?
            }
            Subject::Supplier(supplier) => {
                client
                    .query_typed_one(BY_ID, &[(&supplier, Type::INT8)])
                    .await?
            }
            Subject::Structure(structure) => {
                let parameters: [(&(dyn ToSql + Sync), Type); 2] = [
                    (&structure, Type::INT8),
                    (&Vec::<i64>::new(), Type::INT8_ARRAY),
                ];
                client.query_typed_one(FOR_STRUCTURE, &parameters).await?
            }
        };
        Self::from_row(&row)
    }

    /// Another supplier than those who were `asked` already, to ask about a structure.
    ///
    /// # Errors
    /// The database's.
    pub async fn another_for(
        client: &Client,
        structure: i64,
        asked: &[i64],
    ) -> Result<Option<Self>, DatabaseError> {
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&structure, Type::INT8), (&asked, Type::INT8_ARRAY)];
        let row = client.query_typed_opt(FOR_STRUCTURE, &parameters).await?;
        row.as_ref().map(Self::from_row).transpose()
    }

    /// Every supplier with an account.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(client: &Client) -> Result<Vec<Self>, DatabaseError> {
        client
            .query_typed(WITH_ACCOUNT, &[])
            .await?
            .iter()
            .map(Self::from_row)
            .collect()
    }

    fn from_row(row: &tokio_postgres::Row) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: row.try_get("id")?,
            owner: Owner {
                environment: row.try_get("environment")?,
                id_type: row.try_get("id_type")?,
                identifier: row.try_get("identifier")?,
            },
            structure_id: row.try_get("structure_id")?,
            state: row.try_get("state")?,
            paused: row.try_get("paused")?,
            credential: row.try_get("credential")?,
        })
    }

    /// Opens the account.
    ///
    /// # Errors
    /// There is none, or the key does not open it.
    pub fn account(&self, keys: &Keys) -> Result<Account, CredentialError> {
        keys.open(&self.owner, self.sealed())
    }

    /// The account as it is stored; empty where there is none.
    pub fn sealed(&self) -> &[u8] {
        self.credential.as_deref().unwrap_or_default()
    }
}

/// Stores an account for `owner`, sealed; returns the supplier's row id.
///
/// # Errors
/// The database's.
pub async fn store(
    client: &Client,
    owner: &Owner,
    name: Option<&str>,
    login: &str,
    sealed: &[u8],
) -> Result<i64, DatabaseError> {
    let row = client
        .query_typed_one(
            STORE,
            &[
                (&owner.id_type, Type::TEXT),
                (&owner.identifier, Type::TEXT),
                (&name, Type::TEXT),
                (&login, Type::TEXT),
                (&sealed, Type::BYTEA),
            ],
        )
        .await?;
    Ok(row.try_get(0)?)
}

/// Adds a supplier without an account; returns its row id.
///
/// # Errors
/// The database's.
pub async fn add(
    client: &Client,
    id_type: &str,
    identifier: &str,
    name: Option<&str>,
) -> Result<i64, DatabaseError> {
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&id_type, Type::TEXT),
        (&identifier, Type::TEXT),
        (&name, Type::TEXT),
    ];
    Ok(client.query_typed_one(ADD, &parameters).await?.try_get(0)?)
}

/// The account of `supplier` is good, with what was found out about it.
///
/// # Errors
/// The account cannot be sealed for the SIRET that was found, or the database's.
pub async fn registered(
    client: &Client,
    supplier: &Supplier,
    registration: &Registration,
    keys: &Keys,
) -> Result<(), crate::task::Failure> {
    let mut sealed = supplier.sealed().to_vec();
    if registration.owner != supplier.owner {
        let anew = keys.reseal(&supplier.owner, &registration.owner, &sealed)?;
        let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
            (&supplier.id, Type::INT8),
            (&sealed, Type::BYTEA),
            (&registration.owner.id_type, Type::TEXT),
            (&registration.owner.identifier, Type::TEXT),
            (&anew, Type::BYTEA),
        ];
        execute(client, RENAMED, &parameters).await?;
        sealed = anew;
    }
    let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
        (&supplier.id, Type::INT8),
        (&sealed, Type::BYTEA),
        (&registration.structure, Type::INT8),
        (&registration.password_expires_on, Type::DATE),
    ];
    failpoint::commit("registered", client.execute_typed(REGISTERED, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    Ok(release_waiting(client, supplier.id).await?)
}

/// What waited for the supplier's account need not wait any longer.
///
/// # Errors
/// The database's.
pub async fn release_waiting(client: &Client, supplier: i64) -> Result<(), DatabaseError> {
    execute(client, RELEASE_WAITING, &[(&supplier, Type::INT8)]).await
}

/// The account of `supplier` is refused, for `reason`; it is tried again after `seconds`. Whether it is still the supplier's account.
///
/// # Errors
/// The database's.
pub async fn failed(
    client: &Client,
    supplier: &Supplier,
    reason: &Reason,
    seconds: f64,
) -> Result<bool, DatabaseError> {
    let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
        (&supplier.id, Type::INT8),
        (&reason.en, Type::TEXT),
        (&seconds, Type::FLOAT8),
        (&reason.fr, Type::TEXT),
        (&reason.code, Type::TEXT),
        (&supplier.credential, Type::BYTEA),
    ];
    Ok(client
        .query_typed_one(FAILED, &parameters)
        .await?
        .try_get(0)?)
}

async fn execute(
    client: &Client,
    statement: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<(), DatabaseError> {
    client.execute_typed(statement, parameters).await?;
    Ok(())
}
