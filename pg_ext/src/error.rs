//! What is raised, and with which SQLSTATE.
//!
//! Every ERROR says what is wrong (message), where (DETAIL: the JSON path, or the values that disagree) and what to do
//! (HINT).
//!
//! | SQLSTATE | condition | when |
//! |---|---|---|
//! | `22023` | invalid_parameter_value | the document is no GOBL invoice or envelope; unknown `lang` or `profile`; attachments that do not match |
//! | `22P02` | invalid_text_representation | a value in the document has the wrong JSON type or shape |
//! | `22000` | data_exception | the invoice cannot be calculated |
//! | `22004` | null_value_not_allowed | an element that the CII schema demands has no value; NULL where none is allowed |
//! | `22003` | numeric_value_out_of_range | a number of the result is infinite |
//! | `22008` | datetime_field_overflow | a date that no invoice can have |
//! | `22P05` | untranslatable_character | a text of the result holds U+0000 |
//! | `23514` | check_violation | `assert_valid` of an invalid invoice |
//! | `54000` | program_limit_exceeded | too large, too deep, too many values or lines |
//! | `0A000` | feature_not_supported | the database is not in UTF8 |
//! | `57014` | query_canceled | the query was cancelled or timed out |
//! | `XX001` | data_corrupted | the bytes of the `jsonb` value are damaged |
//! | `XX000` | internal_error | a defect of pg_chorus |

use std::borrow::Cow;

use einvoice::input::{Refusal, RefusalKind};
use pgrx::PgSqlErrorCode;
use pgrx::pg_sys::panic::ErrorReport;

use crate::jsonb::{Fault, Unwritable};

/// An ERROR with its message; DETAIL and HINT are set on it.
#[track_caller]
pub(crate) fn new(sqlstate: PgSqlErrorCode, message: impl Into<Cow<'static, str>>) -> ErrorReport {
    ErrorReport::new(sqlstate, message, "pg_chorus")
}

/// A parameter with a value that is none of the wanted ones.
#[track_caller]
pub(crate) fn unknown_word(parameter: &str, value: &str, wanted: &str) -> ErrorReport {
    new(
        PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
        format!("unknown {parameter} \"{value}\""),
    )
    .set_hint(format!("Use {wanted}."))
}

/// Something larger than its limit, both in bytes.
#[track_caller]
pub(crate) fn too_large(what: &str, bytes: usize, limit: usize, hint: &str) -> ErrorReport {
    new(
        PgSqlErrorCode::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
        format!("{what} is too large"),
    )
    .set_detail(format!("It has {bytes} bytes, of at most {limit}."))
    .set_hint(hint)
}

/// What can only be a defect of ours.
#[track_caller]
pub(crate) fn internal(message: impl Into<Cow<'static, str>>) -> ErrorReport {
    new(PgSqlErrorCode::ERRCODE_INTERNAL_ERROR, message)
}

/// The interrupt check stopped the work.
pub(crate) fn cancelled() -> ErrorReport {
    new(
        PgSqlErrorCode::ERRCODE_QUERY_CANCELED,
        "canceling statement due to user request",
    )
}

/// The domain refused the document.
pub(crate) fn refused(refusal: Refusal) -> ErrorReport {
    let report = new(sqlstate(refusal.kind), refusal.message).set_detail(at(&refusal.path));
    if refusal.hint.is_empty() {
        report
    } else {
        report.set_hint(refusal.hint)
    }
}

/// Whether the document was refused for its size, not for what it says.
pub(crate) fn is_limit(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Limit
}

/// The reading was given up at `path` for a reason that is not in the document's model.
pub(crate) fn unreadable(fault: Fault, path: &str) -> ErrorReport {
    let (sqlstate, hint) = match fault {
        Fault::TooDeep | Fault::TooManyValues | Fault::NumberTooLong => (
            PgSqlErrorCode::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            "No invoice needs this: look for a mistake where the document was made.",
        ),
        Fault::NotFinite => (
            PgSqlErrorCode::ERRCODE_INVALID_TEXT_REPRESENTATION,
            "Write a number with digits.",
        ),
        Fault::Corrupt(_) => (
            PgSqlErrorCode::ERRCODE_DATA_CORRUPTED,
            "Restore the row from a backup, and check the storage (pg_amcheck, pg_checksums).",
        ),
    };
    new(sqlstate, fault.to_string())
        .set_detail(at(path))
        .set_hint(hint)
}

/// A result has no JSONB.
pub(crate) fn unwritable(cause: Unwritable) -> ErrorReport {
    let (sqlstate, hint) = match cause {
        Unwritable::TooLarge => (
            PgSqlErrorCode::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            "Put one invoice into a document, and its files into attachments.",
        ),
        Unwritable::Nul => (
            PgSqlErrorCode::ERRCODE_UNTRANSLATABLE_CHARACTER,
            "Remove the character where the document was made.",
        ),
        Unwritable::NotFinite => (
            PgSqlErrorCode::ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
            "Remove the number out of range from the complements.",
        ),
        Unwritable::NoJson(_) => (
            PgSqlErrorCode::ERRCODE_INTERNAL_ERROR,
            "This is a defect of pg_chorus: please report it with the document.",
        ),
    };
    new(sqlstate, "the result cannot be written as jsonb")
        .set_detail(format!("In the result {cause}."))
        .set_hint(hint)
}

fn at(path: &str) -> String {
    format!("JSON path: {path}")
}

const fn sqlstate(kind: RefusalKind) -> PgSqlErrorCode {
    match kind {
        RefusalKind::NotCii => PgSqlErrorCode::ERRCODE_INVALID_XML_DOCUMENT,
        RefusalKind::NotGobl => PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
        RefusalKind::WrongType => PgSqlErrorCode::ERRCODE_INVALID_TEXT_REPRESENTATION,
        RefusalKind::Limit => PgSqlErrorCode::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
        RefusalKind::Calculation => PgSqlErrorCode::ERRCODE_DATA_EXCEPTION,
        RefusalKind::Incomplete => PgSqlErrorCode::ERRCODE_NULL_VALUE_NOT_ALLOWED,
    }
}
