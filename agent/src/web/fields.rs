//! What the form and the JSON body carry, read within limits of size and time.

use std::time::Duration;

use axum::{
    Form,
    body::{Body, to_bytes},
    extract::{FromRequest as _, Request},
    http::{Method, StatusCode, header::CONTENT_LENGTH},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::answer::Answer;

/// Two fields and a choice are far below this.
const BODY_LIMIT: usize = 16 * 1024;

/// A body of this size takes no longer than this, even over a slow line.
const BODY_TIME: Duration = Duration::from_secs(20);

/// Longer ones are no logins and no passwords of Chorus Pro.
const LONGEST: usize = 500;

/// A technical account as it was typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    /// Login.
    #[serde(default)]
    pub(super) username: String,
    /// Password.
    #[serde(default)]
    pub(super) password: SecretString,
    /// The SIRET chosen among several.
    #[serde(default)]
    pub(super) siret: Option<String>,
}

/// What is wrong with a field, before Chorus Pro is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// No login, or one that cannot be one.
    Username,
    /// No password.
    Password,
}

impl Fields {
    /// Reads a form (POST) or JSON (PUT).
    pub(super) async fn read(request: Request) -> Result<Self, Answer> {
        let is_json = request.method() == Method::PUT;
        let (parts, body) = request.into_parts();
        let announced = parts
            .headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        // Refused before a byte of it is read.
        if announced.is_some_and(|length| length > BODY_LIMIT) {
            return Err(Answer::TooLarge);
        }
        let body = match tokio::time::timeout(BODY_TIME, to_bytes(body, BODY_LIMIT)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return Err(Answer::TooLarge),
            Err(_) => return Err(Answer::TooSlow),
        };
        if is_json {
            // A list would be taken for fields in their order.
            if !body.trim_ascii_start().starts_with(b"{") {
                return Err(Answer::Unreadable);
            }
            // What serde says may quote the body: it is not repeated.
            return serde_json::from_slice(&body).map_err(|_| Answer::Unreadable);
        }
        let request = Request::from_parts(parts, Body::from(body));
        match Form::<Self>::from_request(request, &()).await {
            Ok(Form(fields)) => Ok(fields),
            Err(rejection) if rejection.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Err(Answer::WrongType)
            }
            Err(_) => Err(Answer::Unreadable),
        }
    }

    /// The login, without the blanks that copying adds.
    pub(super) fn login(&self) -> &str {
        self.username.trim()
    }

    /// The choice, if one was made.
    pub(super) fn choice(&self) -> Option<&str> {
        self.siret.as_deref().filter(|siret| !siret.is_empty())
    }

    /// What is wrong before anybody is asked. A colon ends the login in the header that carries both.
    pub(super) fn flaws(&self) -> Vec<Flaw> {
        let login = self.login();
        let password = self.password.expose_secret();
        let bad_login = login.is_empty()
            || login.len() > LONGEST
            || login.contains(|c: char| c == ':' || c.is_control());
        let bad_password = password.is_empty()
            || password.len() > LONGEST
            || password.contains(|c: char| c.is_control());
        let mut flaws = Vec::new();
        flaws.extend(bad_login.then_some(Flaw::Username));
        flaws.extend(bad_password.then_some(Flaw::Password));
        flaws
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaws(username: &str, password: &str) -> Vec<Flaw> {
        Fields {
            username: username.into(),
            password: password.into(),
            siret: None,
        }
        .flaws()
    }

    #[test]
    fn a_login_has_no_colon_and_neither_field_is_empty() {
        assert_eq!(flaws(" TECH_1@cpro.fr ", "a:b é"), []);
        assert_eq!(flaws("", ""), [Flaw::Username, Flaw::Password]);
        assert_eq!(flaws("a:b", "x"), [Flaw::Username]);
        assert_eq!(flaws("a", "x\r\ny"), [Flaw::Password]);
        assert_eq!(flaws(&"a".repeat(501), "x"), [Flaw::Username]);
    }
}
