//! Which releases belong together: agent, extension, library and schema, in one table.

use tokio_postgres::Client;

use crate::database::DatabaseError;

/// The versions that this agent works with.
pub const EXPECTED: Versions<'static> = Versions {
    extension: "0.1.0",
    library: "0.1.0",
    schema: crate::migrate::LATEST,
};

const INSTALLED: &str = "
SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'pg_chorus'), 'none') AS extension,
    chorus.library_version() AS library,
    (SELECT schema_version FROM chorus.installation) AS schema";

/// Why this agent cannot work with a database.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// Functions or tables are missing.
    #[error("pg_chorus is not in this database, or only in part ({0}): run `chorus-agent migrate`")]
    Missing(DatabaseError),
    /// They are of other releases; each difference with its remedy.
    #[error("{}", .0.join("; "))]
    Differ(Vec<String>),
    /// The database cannot be asked.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// A set of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions<'a> {
    /// Of the SQL functions, from `pg_extension`.
    pub extension: &'a str,
    /// Of the shared library, from `chorus.library_version()`.
    pub library: &'a str,
    /// Number of the last file of `sql/schema` applied.
    pub schema: i32,
}

/// What fits not, with the remedy; empty when all does.
pub fn differences(installed: &Versions<'_>, expected: &Versions<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if installed.library != expected.library {
        found.push(format!(
            "library {} is loaded, this agent works with {}: install the matching package and reconnect",
            installed.library, expected.library
        ));
    }
    if installed.extension != expected.extension {
        found.push(format!(
            "extension {} is installed, this agent works with {}: ALTER EXTENSION pg_chorus UPDATE TO '{}'",
            installed.extension, expected.extension, expected.extension
        ));
    }
    if installed.schema < expected.schema {
        found.push(format!(
            "schema {} is installed, this agent works with {}: run `chorus-agent migrate`",
            installed.schema, expected.schema
        ));
    }
    if installed.schema > expected.schema {
        found.push(format!(
            "schema {} is newer than this agent knows ({}): install a newer agent",
            installed.schema, expected.schema
        ));
    }
    found
}

/// Compares what is installed with what this agent works with; a line that says what is there.
///
/// # Errors
/// It does not fit, or cannot be read.
pub async fn check(client: &Client) -> Result<String, Unfit> {
    let row = match client.query_typed_one(INSTALLED, &[]).await {
        Ok(row) => row,
        Err(error) => {
            let error = DatabaseError::from(error);
            return Err(if error.is_about_absence() {
                Unfit::Missing(error)
            } else {
                error.into()
            });
        }
    };
    let text = |column| row.try_get::<_, &str>(column).map_err(DatabaseError::from);
    let installed = Versions {
        extension: text("extension")?,
        library: text("library")?,
        schema: row.try_get("schema").map_err(DatabaseError::from)?,
    };
    let found = differences(&installed, &EXPECTED);
    if !found.is_empty() {
        return Err(Unfit::Differ(found));
    }
    Ok(format!(
        "extension {}, library {}, schema {}",
        installed.extension, installed.library, installed.schema
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_comes_with_its_remedy() {
        assert!(differences(&EXPECTED, &EXPECTED).is_empty());
        let older = Versions {
            extension: "0.0.9",
            library: "0.0.9",
            schema: EXPECTED.schema - 1,
        };
        let found = differences(&older, &EXPECTED);
        assert_eq!(found.len(), 3);
        assert!(
            found[1].contains("ALTER EXTENSION pg_chorus UPDATE") && found[2].contains("migrate"),
            "{found:?}"
        );
        let newer = Versions {
            schema: EXPECTED.schema + 1,
            ..EXPECTED
        };
        assert!(differences(&newer, &EXPECTED)[0].contains("newer agent"));
    }
}
