//! PISTE's gateway: routes, faults, tokens and the technical account, before any operation runs.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::fault::{Effect, Fault};
use crate::operation::{Api, Operation};
use crate::state::World;

/// Header with the base64 of `login:password`.
const ACCOUNT: HeaderName = HeaderName::from_static("cpro-account");

/// Marks an answer that must not be sent: the server closes the connection instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Withheld;

/// The technical account that calls.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) login: String,
}

/// Counts the request, lets a fault strike it, and passes it on in a task of its own: what arrived whole is
/// processed even if the client goes away, as behind a real gateway.
pub(crate) async fn receive(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(operation) = Operation::of(request.method().as_str(), request.uri().path()) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, app.max_body_bytes).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let fault = app.with(|world| {
        let fault = world.faults.strike(operation);
        let count = world.counts.entry(operation).or_default();
        count.received += 1;
        count.faulted += u64::from(fault.is_some());
        fault
    });
    let request = Request::from_parts(parts, Body::from(body));
    let task = tokio::spawn(async move {
        match fault {
            None => next.run(request).await,
            Some(fault) => struck(&fault, request, next).await,
        }
    });
    task.await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn struck(fault: &Fault, request: Request, next: Next) -> Response {
    tokio::time::sleep(Duration::from_millis(fault.latency_ms)).await;
    let answer = if fault.processed || fault.effect == Effect::Delay {
        Some(next.run(request).await)
    } else {
        None
    };
    match fault.effect {
        Effect::Delay => {
            answer.unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        Effect::Close => {
            let mut response = Response::default();
            response.extensions_mut().insert(Withheld);
            response
        }
        Effect::Hang => std::future::pending().await,
        Effect::Status => {
            let mut headers = HeaderMap::new();
            let mut set = |name: HeaderName, value: String| {
                if let Ok(value) = value.parse() {
                    headers.insert(name, value);
                }
            };
            if let Some(seconds) = fault.retry_after_s {
                set(header::RETRY_AFTER, seconds.to_string());
            }
            if let Some(content_type) = &fault.content_type {
                set(header::CONTENT_TYPE, content_type.clone());
            }
            let status = fault
                .status
                .and_then(|status| StatusCode::from_u16(status).ok());
            (
                status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                headers,
                Body::from(fault.body.clone()),
            )
                .into_response()
        }
    }
}

/// Headers that a request has once (RFC 9110, section 5.3).
const SINGLE: [HeaderName; 3] = [header::AUTHORIZATION, ACCOUNT, header::CONTENT_TYPE];

/// Asks for a token, the application's rights and a technical account: 400 without a token or with a header twice, 401 for a wrong one or
/// a wrong or expired account, an empty 403 where a right is missing, 415 for a body that is not JSON.
pub(crate) async fn authorise(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if SINGLE
        .iter()
        .any(|name| headers.get_all(name).iter().count() > 1)
    {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let Some(token) = bearer(headers) else {
        let challenge = "Bearer realm=\"DefaultRealm\", error=\"invalid_request\", \
                         error_description=\"Unable to find token in the message\"";
        return (
            StatusCode::BAD_REQUEST,
            [(header::WWW_AUTHENTICATE, challenge)],
        )
            .into_response();
    };
    let account = account(headers);
    let api =
        Operation::of(request.method().as_str(), request.uri().path()).and_then(Operation::api);
    let caller = match app.look(|world| caller(world, token, api, account)) {
        Ok(caller) => caller,
        Err(Denied::Forbidden) => return StatusCode::FORBIDDEN.into_response(),
        Err(Denied::Unauthorised) => {
            let challenge = "Bearer realm=\"DefaultRealm\", error=\"invalid_token\"";
            return (
                StatusCode::UNAUTHORIZED,
                [(header::WWW_AUTHENTICATE, challenge)],
            )
                .into_response();
        }
    };
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let json = json.is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
    if request.method() == axum::http::Method::POST && !json {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty())
}

/// Login and password of the header, when it can be decoded.
fn account(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = STANDARD.decode(headers.get(ACCOUNT)?.as_bytes()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':')
        .map(|(login, password)| (login.to_owned(), password.to_owned()))
}

/// Why a request does not reach its operation.
enum Denied {
    Unauthorised,
    Forbidden,
}

/// The gateway looks at the token and at the application's rights; only then Chorus Pro at the technical account.
fn caller(
    world: &World,
    token: &str,
    api: Option<Api>,
    account: Option<(String, String)>,
) -> Result<Caller, Denied> {
    let (now, settings) = (world.clock.now(), &world.settings);
    if !world.tokens.is_valid(token, now) {
        return Err(Denied::Unauthorised);
    }
    let mut closed = settings
        .unsubscribed
        .iter()
        .chain(&settings.conditions_not_accepted);
    if closed.any(|closed| Some(*closed) == api) {
        return Err(Denied::Forbidden);
    }
    let (login, password) = account.ok_or(Denied::Unauthorised)?;
    let today = world.clock.day(now);
    let known = world.directory.account(&login, &password, &today);
    match known.ok_or(Denied::Unauthorised)?.not_entitled {
        true => Err(Denied::Forbidden),
        false => Ok(Caller { login }),
    }
}
