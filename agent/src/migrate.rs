//! `chorus-agent migrate`: brings roles and tables up to date with the files of `sql/schema` that are built in.

use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{
    database::DatabaseError,
    installation::{self, Installation},
    versions::{self, Unfit},
};

include!(concat!(env!("OUT_DIR"), "/schema.rs"));

/// A file of `sql/schema`.
#[derive(Debug)]
pub struct File {
    /// Its number, and the schema version after it.
    pub number: i32,
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

/// Two agents that migrate at once take turns. The number is arbitrary, and ours.
const LOCK: i64 = 0x6368_6f72_7573; // "chorus"

// 'usage', not 'member': who made the roles without being a superuser is a member that may not act as them.
const OWNER: &str = "
SELECT quote_ident(current_user), coalesce(
    (SELECT pg_has_role(current_user, r.oid, 'usage') FROM pg_roles r WHERE r.rolname = 'chorus_owner'), false)";

const VERSION: &str = "SELECT schema_version FROM chorus.installation";

// Off with ALTER TABLE … DISABLE TRIGGER: the choice of a DBA outlives every migration.
const NOTIFY_STATE: &str = "
SELECT tgenabled::text FROM pg_trigger WHERE tgrelid = to_regclass($1) AND tgname = $2";

/// The triggers that send notifications, with their tables.
const NOTIFYING: [(&str, &str); 2] = [
    ("chorus.task", "notify"),
    ("chorus.invoice", "notify_status"),
];

/// Why the schema was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database is newer than this agent.
    #[error(
        "the schema has version {found}, this agent knows {LATEST}: install a newer agent; nothing was changed"
    )]
    Newer {
        /// The version found.
        found: i32,
    },
    /// A file failed. Its transaction is rolled back, those before it stand.
    #[error("{file} failed and was rolled back: {source}")]
    File {
        /// The file.
        file: &'static str,
        /// What the server said.
        source: DatabaseError,
    },
    /// The user may not act as the owner of the schema.
    #[error(
        "{source}; HINT: {user} must be a member of chorus_owner: let a superuser run `chorus-agent migrate --roles` and then \
         GRANT chorus_owner TO {user}"
    )]
    NotOwner {
        /// Who migrates, quoted as in SQL.
        user: String,
        /// What it was refused.
        source: Box<MigrateError>,
    },
    /// The schema is up to date, the functions are of another release.
    #[error("the schema is up to date, but this agent cannot work with the database yet: {0}")]
    Unfit(#[from] Unfit),
    /// The environment cannot change any more.
    #[error(
        "this database is in use for {current}: suppliers or invoices are registered. One database serves one environment; make \
         another database for {wanted}"
    )]
    Environment {
        /// What it is for.
        current: String,
        /// What was asked for.
        wanted: String,
    },
    /// Another statement failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<tokio_postgres::Error> for MigrateError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

/// What a migration did.
#[derive(Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Version before, 0 for none.
    pub from: i32,
    /// Version after.
    pub to: i32,
    /// Whether it recorded which database this is.
    pub recorded: bool,
}

impl MigrateError {
    fn is_about_privilege(&self) -> bool {
        match self {
            Self::File { source, .. } | Self::Database(source) => source.is_about_privilege(),
            _ => false,
        }
    }

    /// Says what the user lacks, where that is the cause.
    async fn explained(self, client: &Client) -> Self {
        if !self.is_about_privilege() {
            return self;
        }
        match owner(client).await {
            Ok((user, false)) => Self::NotOwner {
                user,
                source: Box::new(self),
            },
            _ => self,
        }
    }
}

/// The current user, and whether it may act as the owner of the schema.
async fn owner(client: &Client) -> Result<(String, bool), DatabaseError> {
    let row = client.query_typed_one(OWNER, &[]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Makes the roles, where they are missing.
///
/// # Errors
/// The server's: the user must be allowed to create roles.
pub async fn roles(client: &Client) -> Result<(), MigrateError> {
    run(client, "roles.sql", ROLES).await
}

/// Applies what is missing, each file in a transaction of its own; safe to run twice and at once.
///
/// # Errors
/// The schema is newer than this agent, a file fails, or the functions are of another release.
pub async fn migrate(client: &Client, environment: Option<&str>) -> Result<Migrated, MigrateError> {
    // Held by the session, across the transactions of the files; gone with it, whatever happens.
    client
        .execute_typed("SELECT pg_advisory_lock($1)", &[(&LOCK, Type::INT8)])
        .await?;
    let result = match migrate_alone(client, environment).await {
        Ok(done) => Ok(done),
        Err(error) => Err(error.explained(client).await),
    };
    client
        .execute_typed("SELECT pg_advisory_unlock($1)", &[(&LOCK, Type::INT8)])
        .await?;
    result
}

async fn migrate_alone(
    client: &Client,
    environment: Option<&str>,
) -> Result<Migrated, MigrateError> {
    let from = version(client).await?;
    if from > LATEST {
        return Err(MigrateError::Newer { found: from });
    }
    if let Err(error) = roles(client).await {
        // Who may not make roles needs none made: a member of the owner finds them there.
        if !(error.is_about_privilege() && owner(client).await?.1) {
            return Err(error);
        }
        tracing::info!("the roles are left as they are: this user may not change them");
    }
    let mut before = Vec::new();
    for trigger in NOTIFYING {
        before.push((trigger, notify_state(client, trigger).await?));
    }
    for file in FILES.iter().filter(|file| file.number > from) {
        run(client, file.name, file.sql).await?;
        tracing::info!(file = file.name, "applied");
    }
    for (trigger, state) in before {
        keep_notify_state(client, trigger, state).await?;
    }
    if let Some(wanted) = environment
        && !installation::set_environment(client, wanted).await?
    {
        let current = Installation::read(client).await?.environment;
        return Err(MigrateError::Environment {
            current,
            wanted: wanted.to_owned(),
        });
    }
    let recorded = installation::record(client).await?;
    versions::check(client).await?;
    Ok(Migrated {
        from,
        to: version(client).await?,
        recorded,
    })
}

/// The whole script, for a DBA who would rather read it and run it with psql.
pub fn script(roles_only: bool) -> String {
    let mut script = String::from("\\set ON_ERROR_STOP on\n");
    let files = FILES
        .iter()
        .filter(|_| !roles_only)
        .map(|file| (file.name, file.sql));
    for (name, sql) in std::iter::once(("roles.sql", ROLES)).chain(files) {
        script.push_str(&format!("\n-- sql/schema/{name}\nBEGIN;\n{sql}\nCOMMIT;\n"));
    }
    if !roles_only {
        script.push_str("\n-- Which database this is: `chorus-agent migrate` records it, and changes nothing else now.\n");
    }
    script
}

async fn version(client: &Client) -> Result<i32, MigrateError> {
    let exists = client
        .query_typed_one("SELECT to_regclass('chorus.installation') IS NOT NULL", &[])
        .await?
        .try_get::<_, bool>(0)?;
    if !exists {
        return Ok(0);
    }
    Ok(client.query_typed_one(VERSION, &[]).await?.try_get(0)?)
}

async fn run(client: &Client, file: &'static str, sql: &str) -> Result<(), MigrateError> {
    // The simple protocol: a file holds many statements.
    if let Err(error) = client
        .batch_execute(&format!("BEGIN;\n{sql}\nCOMMIT;"))
        .await
    {
        client.batch_execute("ROLLBACK").await?;
        return Err(MigrateError::File {
            file,
            source: error.into(),
        });
    }
    Ok(())
}

async fn notify_state(
    client: &Client,
    (table, trigger): (&str, &str),
) -> Result<Option<String>, MigrateError> {
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&table, Type::TEXT), (&trigger, Type::TEXT)];
    let row = client.query_typed_opt(NOTIFY_STATE, &parameters).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

async fn keep_notify_state(
    client: &Client,
    (table, trigger): (&str, &str),
    before: Option<String>,
) -> Result<(), MigrateError> {
    let Some(before) = before else { return Ok(()) };
    if notify_state(client, (table, trigger)).await?.as_ref() == Some(&before) {
        return Ok(());
    }
    let how = match before.as_str() {
        "D" => "DISABLE",
        "R" => "ENABLE REPLICA",
        "A" => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    Ok(client
        .batch_execute(&format!("ALTER TABLE {table} {how} TRIGGER {trigger}"))
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_numbered_from_one_to_the_latest() {
        let numbers: Vec<i32> = FILES.iter().map(|file| file.number).collect();
        assert_eq!(numbers, (1..=LATEST).collect::<Vec<_>>());
    }

    #[test]
    fn the_script_holds_every_file_in_a_transaction_of_its_own() {
        let script = script(false);
        assert_eq!(script.matches("\nBEGIN;\n").count(), FILES.len() + 1);
        assert_eq!(script.matches("\nCOMMIT;\n").count(), FILES.len() + 1);
        let positions: Vec<_> = FILES
            .iter()
            .map(|file| script.find(file.name).unwrap())
            .collect();
        assert!(positions.is_sorted() && script.find("roles.sql").unwrap() < positions[0]);
    }
}
