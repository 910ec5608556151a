//! PISTE: token and gateway errors.

use serde::{Deserialize, Serialize};

/// Form of `POST /api/oauth/token`.
#[derive(Debug, Deserialize)]
pub(crate) struct TokenRequest {
    pub(crate) grant_type: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) scope: Option<String>,
}

/// Its answer. There is no refresh token.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    pub(crate) token_type: String,
    /// Seconds.
    pub(crate) expires_in: u32,
    pub(crate) scope: String,
}

/// OAuth error (RFC 6749 §5.2).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TokenError {
    pub(crate) error: String,
}
