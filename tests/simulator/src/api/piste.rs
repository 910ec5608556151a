//! PISTE's token endpoint.

use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Form, Json};

use crate::app::App;
use crate::state::World;
use crate::wire::piste::{TokenAnswer, TokenError, TokenRequest};

/// A token for the application's pair; wrong id and wrong secret are answered alike.
pub(super) async fn token(State(app): State<App>, request: Request) -> Response {
    match Form::<TokenRequest>::from_request(request, &()).await {
        Ok(Form(form)) => app.with(|world| issue(world, form)),
        Err(_) => refuse("invalid_request"),
    }
}

fn issue(world: &mut World, form: TokenRequest) -> Response {
    let credentials = &world.config.credentials;
    if form.grant_type.as_deref() != Some("client_credentials") {
        return refuse("unsupported_grant_type");
    }
    if form.client_id.as_ref() != Some(&credentials.client_id)
        || form.client_secret.as_ref() != Some(&credentials.client_secret)
    {
        return refuse("invalid_client");
    }
    let expires_in = world.settings.token_ttl_s;
    let access_token = world
        .tokens
        .issue(&credentials.client_id, world.clock.now(), expires_in);
    let scope = form.scope.unwrap_or_else(|| "openid".into());
    Json(TokenAnswer {
        access_token,
        token_type: "Bearer".into(),
        expires_in,
        scope,
    })
    .into_response()
}

fn refuse(error: &str) -> Response {
    (
        StatusCode::BAD_REQUEST,
        Json(TokenError {
            error: error.into(),
        }),
    )
        .into_response()
}
