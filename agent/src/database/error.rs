//! What went wrong with PostgreSQL.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

/// What went wrong with PostgreSQL, in its own words.
// No source() beside the text, which says the whole chain already: whoever prints causes would say it again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DatabaseError(Cause);

#[derive(Debug)]
enum Cause {
    Postgres(tokio_postgres::Error),
    Unreachable(String),
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "PostgreSQL: {why}"),
            Self::Postgres(error) => match error.as_db_error() {
                Some(said_by_server) => f.write_str(&said(said_by_server)),
                None => f.write_str(&chain(error)),
            },
        }
    }
}

impl From<tokio_postgres::Error> for DatabaseError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self(Cause::Postgres(error))
    }
}

impl DatabaseError {
    /// No server could be reached, and why.
    pub(super) fn unreachable(why: String) -> Self {
        Self(Cause::Unreachable(why))
    }

    fn code(&self) -> Option<&SqlState> {
        match &self.0 {
            Cause::Postgres(error) => error.code(),
            Cause::Unreachable(_) => None,
        }
    }

    /// Whether the same statement may well succeed later: the server or connection is the trouble, not the statement.
    pub fn is_transient(&self) -> bool {
        // Class 08 connection, 40 rollback, 53 resources, 55P03 lock, 57 operator, 58 system.
        self.code().is_none_or(|state| {
            matches!(
                state.code().get(..2),
                Some("08" | "40" | "53" | "57" | "58")
            ) || *state == SqlState::LOCK_NOT_AVAILABLE
        })
    }

    /// Whether the values themselves are the trouble: class 22 data, 54 limits.
    pub fn is_about_data(&self) -> bool {
        self.code()
            .is_some_and(|state| matches!(state.code().get(..2), Some("22" | "54")))
    }

    /// Whether something that the statement names does not exist: a table, a schema, a function, a column.
    pub fn is_about_absence(&self) -> bool {
        self.code().is_some_and(|state| {
            [
                SqlState::UNDEFINED_TABLE,
                SqlState::INVALID_SCHEMA_NAME,
                SqlState::UNDEFINED_FUNCTION,
                SqlState::UNDEFINED_COLUMN,
            ]
            .contains(state)
        })
    }

    /// Whether the user lacks a privilege.
    pub fn is_about_privilege(&self) -> bool {
        self.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
    }
}

fn said(error: &tokio_postgres::error::DbError) -> String {
    let mut text = format!(
        "PostgreSQL: {} (SQLSTATE {})",
        error.message(),
        error.code().code()
    );
    for (label, part) in [("DETAIL", error.detail()), ("HINT", error.hint())] {
        if let Some(part) = part {
            text.push_str(&format!("; {label}: {part}"));
        }
    }
    text
}

pub(super) fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = format!("PostgreSQL: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        let said = source.to_string();
        if !text.ends_with(&said) {
            text.push_str(&format!(": {said}"));
        }
        cause = source.source();
    }
    text
}
