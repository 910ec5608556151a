//! `chorus-agent rekey`: every account sealed for the new key.
//!
//! The old key stays configured as `credentials.previous_private_key_file` meanwhile and opens what is not sealed anew yet;
//! afterwards it can go. Safe to run twice, and beside agents that work.

use anyhow::ensure;
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{config::Config, credential::Keys, database::DatabaseError, supplier::Supplier};

// An account that was stored meanwhile is for the new key already.
const RESEAL: &str = "UPDATE chorus.supplier SET credential = $3 WHERE id = $1 AND credential = $2";

/// Seals all accounts anew, one line each; whether all are for the new key now.
///
/// # Errors
/// A key is missing, or the database's.
pub async fn rekey(client: &Client, config: &Config) -> anyhow::Result<bool> {
    ensure!(
        config.credentials.previous_private_key()?.is_some(),
        "credentials.previous_private_key_file is not set: make a new key with `chorus-agent keygen`, name its file in \
         credentials.private_key_file and the old one's in credentials.previous_private_key_file, restart the agents, then rekey"
    );
    let keys = Keys::configured(&config.credentials)?;
    let (mut resealed, mut current, mut left) = (0, 0, 0);
    for supplier in Supplier::all(client).await? {
        if keys.is_current(supplier.sealed()) {
            current += 1;
            continue;
        }
        match keys.reseal(&supplier.owner, &supplier.owner, supplier.sealed()) {
            Ok(sealed) => {
                let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
                    (&supplier.id, Type::INT8),
                    (&supplier.sealed(), Type::BYTEA),
                    (&sealed, Type::BYTEA),
                ];
                client
                    .execute_typed(RESEAL, &parameters)
                    .await
                    .map_err(DatabaseError::from)?;
                resealed += 1;
            }
            Err(error) => {
                left += 1;
                println!("KO  {}: {error}", supplier.owner);
            }
        }
    }
    println!("{resealed} sealed anew, {current} were already, {left} cannot be opened");
    Ok(left == 0)
}
