//! Where a JSON document comes from, and why it may be refused.

use serde::de::DeserializeSeed;

/// A JSON document that can be read, more than once, without copying its strings.
///
/// The first reading is the fast one. Where it fails, or where it skipped a property, the document is read
/// again by a slower reader that knows the path of everything it meets.
pub trait Source<'de>: Copy {
    /// What a failed reading says.
    type Error: serde::de::Error;

    /// Reads the document once.
    ///
    /// # Errors
    /// Whatever the underlying deserializer refuses.
    fn read<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Self::Error>;

    /// Whether a reading since this source was made may have skipped a property that the model does not know.
    /// `true` when the source cannot tell.
    fn skipped(self) -> bool {
        true
    }
}

/// JSON text, for tests and tools; SQL reads binary JSONB.
impl<'de> Source<'de> for &'de str {
    type Error = serde_json::Error;

    fn read<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Self::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(self);
        let value = seed.deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(value)
    }
}

/// Why no document could be made of the input at all: SQL raises it as an ERROR.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What kind of refusal, for the SQLSTATE.
    pub kind: RefusalKind,
    /// JSON path of the place (`$.lines[0].quantity`; `$` is the document).
    pub path: String,
    /// What is wrong, in one English sentence without a full stop, as PostgreSQL writes its messages.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// The kinds of [`Refusal`], each with its own SQLSTATE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// Not a JSON object, or an object that is no GOBL invoice or envelope.
    NotGobl,
    /// Not XML that can be read, or XML that is no CII file.
    NotCii,
    /// A value of the wrong JSON type or shape.
    WrongType,
    /// Too many lines, too deep, too long.
    Limit,
    /// The calculation cannot be done (undefined rate, missing exchange rate, no issue date, overflow).
    Calculation,
    /// Well calculated, but something that the wanted output cannot do without is missing.
    Incomplete,
}

/// Why an entry point gave no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The interrupt check said stop.
    #[error(transparent)]
    Cancelled(#[from] crate::Cancelled),
    /// The input was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
}
