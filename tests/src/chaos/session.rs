//! A session that survives its server: connected again when it is next needed.

use anyhow::Result;
use tokio_postgres::Client;

use crate::database::Database;

/// One client's connection, in a role.
#[derive(Debug)]
pub struct Session {
    database: std::sync::Arc<Database>,
    role: &'static str,
    client: Option<Client>,
}

impl Session {
    /// A session that connects when first used.
    #[must_use]
    pub fn new(database: &std::sync::Arc<Database>, role: &'static str) -> Self {
        Self {
            database: database.clone(),
            role,
            client: None,
        }
    }

    /// The connection.
    ///
    /// # Errors
    /// The server is away.
    pub async fn client(&mut self) -> Result<&mut Client> {
        let client = match self.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => {
                let client = self.database.connect().await?;
                client
                    .batch_execute(&format!("SET ROLE {}", self.role))
                    .await?;
                client
            }
        };
        Ok(self.client.insert(client))
    }
}

/// Whether the server, or the way to it, is the trouble, and not the statement.
#[must_use]
pub fn is_away(error: &tokio_postgres::Error) -> bool {
    error.code().is_none_or(|state| {
        matches!(
            state.code().get(..2),
            Some("08" | "40" | "53" | "57" | "58")
        )
    })
}
