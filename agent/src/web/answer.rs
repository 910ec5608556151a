//! What can come of a request, with the HTTP status of each.

use axum::http::StatusCode;

use super::fields::Flaw;
use crate::{
    invitation::{Invitation, Standing},
    verify::{Establishment, Problem},
};

/// What is answered, whatever the form of the answer.
#[derive(Debug)]
pub(super) enum Answer {
    /// The empty form.
    Form(Invitation),
    /// The account is good.
    Registered,
    /// It is stored; Chorus Pro could not be asked now.
    Later,
    /// It is stored; the application's own access has a problem.
    Operator,
    /// The form again: fields are missing or malformed.
    Flawed {
        invitation: Invitation,
        login: String,
        flaws: Vec<Flaw>,
    },
    /// The form again: Chorus Pro says no.
    Refused {
        invitation: Invitation,
        login: String,
        problem: Problem,
    },
    /// The link cannot be used any more.
    Closed(Standing),
    /// There is no such link.
    Unknown,
    /// Too many links that do not exist were tried.
    TooMany,
    /// The body is too large.
    TooLarge,
    /// The body took too long.
    TooSlow,
    /// The body is of another type.
    WrongType,
    /// The body is no form, or no JSON of this shape.
    Unreadable,
    /// Another method.
    WrongMethod,
    /// Chorus Pro could not be asked about this account now; the one that the supplier has goes on.
    Kept,
    /// PostgreSQL is away.
    Away,
}

impl Answer {
    /// Its HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Form(_) | Self::Registered => StatusCode::OK,
            Self::Later | Self::Operator => StatusCode::ACCEPTED,
            Self::Flawed { .. } | Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Closed(Standing::Exhausted) | Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Closed(_) => StatusCode::GONE,
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Kept | Self::Away => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A word for programs.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "open",
            Self::Registered => "registered",
            Self::Later => "processing",
            Self::Operator => "stored",
            Self::Flawed { .. } => "fields",
            Self::Refused { problem, .. } => problem.code(),
            Self::Closed(Standing::Used) => "used",
            Self::Closed(Standing::Revoked) => "revoked",
            Self::Closed(Standing::Exhausted) => "exhausted",
            Self::Closed(_) => "expired",
            Self::Unknown => "unknown",
            Self::TooMany => "too_many",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::WrongType => "wrong_type",
            Self::Unreadable => "unreadable",
            Self::WrongMethod => "wrong_method",
            Self::Kept => "kept",
            Self::Away => "away",
        }
    }

    /// Establishments to choose from.
    pub(super) fn choices(&self) -> &[Establishment] {
        match self {
            Self::Refused {
                problem: Problem::SeveralSirets(all),
                ..
            } => all,
            _ => &[],
        }
    }
}
