//! Answers: `codeRetour` first, then the rest; and what the lack of an answer means. Bodies are never quoted.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use reqwest::{
    Response,
    header::{DATE, RETRY_AFTER},
};
use serde::de::DeserializeOwned;

use super::{
    error::{ApiError, Operation, Symptom},
    wire::Outcome,
};

/// Whoever asks for more than this is asked again all the same.
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3600);

/// No answer that the agent asks for comes near this.
const BODY_LIMIT: usize = 16 << 20;

/// Reads an answer: `codeRetour` first, then the rest.
pub(crate) async fn outcome<A: DeserializeOwned>(
    operation: Operation,
    answer: Response,
) -> Result<A, ApiError> {
    let status = answer.status().as_u16();
    let blank = with_retry_after(unreadable(operation, status), &answer);
    let body = read_body(operation, answer).await?;
    // A functional error may come under HTTP 400 as well as under 200; a 403 has no body at all.
    let found: Option<Outcome> = serde_json::from_slice(&body).ok();
    match found.as_ref().and_then(|outcome| outcome.code_retour) {
        Some(0) if status == 200 => serde_json::from_slice(&body).map_err(|error| ApiError {
            text: Some(format!("unexpected answer: {}", describe(&error))),
            ..blank
        }),
        Some(code) if code != 0 && matches!(status, 200 | 400) => Err(ApiError {
            symptom: Symptom::Outcome(code),
            text: found.and_then(|outcome| outcome.libelle),
            ..blank
        }),
        _ => Err(blank),
    }
}

/// Where a body is not as expected, without quoting it.
fn describe(error: &serde_json::Error) -> String {
    format!(
        "{:?} at line {} column {}",
        error.classify(),
        error.line(),
        error.column()
    )
}

/// The whole body, up to the limit.
pub(crate) async fn read_body(
    operation: Operation,
    mut answer: Response,
) -> Result<Vec<u8>, ApiError> {
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(chunk)) if body.len() + chunk.len() <= BODY_LIMIT => {
                body.extend_from_slice(&chunk)
            }
            Ok(Some(_)) => {
                return Err(ApiError {
                    text: Some(format!("answer longer than {BODY_LIMIT} bytes")),
                    ..unreadable(operation, status)
                });
            }
            // The status of an answer that broke off proves nothing about a deposit.
            Err(error) => {
                return Err(ApiError {
                    symptom: Symptom::NoAnswer,
                    ..failure(operation, &error)
                });
            }
        }
    }
}

/// The error of a call that got no answer.
pub(crate) fn failure(operation: Operation, error: &reqwest::Error) -> ApiError {
    // Both mean that not one byte of the request has left.
    let symptom = if error.is_connect() || error.is_builder() {
        Symptom::NotConnected
    } else {
        Symptom::NoAnswer
    };
    let mut text = if error.is_timeout() {
        "time-out".to_owned()
    } else {
        String::new()
    };
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&source.to_string());
        cause = source.source();
    }
    ApiError {
        operation,
        symptom,
        http: None,
        text: Some(text).filter(|text| !text.is_empty()),
        retry_after: None,
        concern: None,
    }
}

/// The error of an HTTP status whose body says nothing.
pub(crate) fn unreadable(operation: Operation, status: u16) -> ApiError {
    ApiError {
        operation,
        symptom: Symptom::Http(status),
        http: Some(status),
        text: None,
        retry_after: None,
        concern: None,
    }
}

/// `error` with what the answer's `Retry-After` asks for.
pub(crate) fn with_retry_after(error: ApiError, answer: &Response) -> ApiError {
    let header = |name| answer.headers().get(name)?.to_str().ok();
    // By the clock over there, where it tells the time.
    let now = header(DATE)
        .and_then(http_date)
        .unwrap_or_else(Timestamp::now);
    ApiError {
        retry_after: header(RETRY_AFTER).and_then(|text| wait_asked(text, now)),
        ..error
    }
}

/// A number of seconds, or a date (RFC 9110, section 10.2.3).
fn wait_asked(text: &str, now: Timestamp) -> Option<Duration> {
    let wait = match text.trim().parse::<u32>() {
        Ok(seconds) => Duration::from_secs(seconds.into()),
        Err(_) => {
            let wait = http_date(text)?.duration_since(now);
            wait.max(SignedDuration::ZERO).unsigned_abs()
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

fn http_date(text: &str) -> Option<Timestamp> {
    Some(rfc2822::parse(text.trim()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_until_a_date() {
        let now = http_date("Tue, 01 Dec 2026 08:00:00 GMT").unwrap();
        let seconds = |text| wait_asked(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(" Tue, 01 Dec 2026 08:02:30 GMT "), Some(150));
        assert_eq!(seconds("Tue, 01 Dec 2026 07:00:00 GMT"), Some(0));
        assert_eq!(seconds("Mon, 01 Dec 9997 08:00:00 GMT"), Some(21_600));
        assert_eq!(seconds("4294967295"), Some(21_600));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-5"), None);
    }
}
