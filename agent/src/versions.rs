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
SELECT (SELECT extversion FROM pg_extension WHERE extname = 'pg_chorus'), chorus.library_version()";

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

/// Extension and library as installed.
///
/// # Errors
/// The database's; SQLSTATE 42883 or 3F000 when the extension is missing.
pub async fn installed(client: &Client) -> Result<(Option<String>, String), DatabaseError> {
    let row = client.query_typed_one(INSTALLED, &[]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
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
