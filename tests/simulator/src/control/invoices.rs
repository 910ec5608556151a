//! Integrated invoices: what happened to them, and what people do to them outside the API.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::{problem, with_body};
use crate::app::App;
use crate::attachment::Attachment;
use crate::elsewhere::InvoiceSpec;
use crate::portal::{PortalAction, StatusChange};
use crate::record::InvoiceRecord;
use crate::state::World;

pub(super) async fn all(State(app): State<App>) -> Json<Vec<InvoiceRecord>> {
    Json(app.look(World::records))
}

pub(super) async fn put(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |specs: Vec<InvoiceSpec>| {
        let ids: anyhow::Result<Vec<i64>> = app.with(|world| {
            specs
                .into_iter()
                .map(|spec| world.integrate_elsewhere(spec))
                .collect()
        });
        match ids {
            Ok(ids) => Json(json!({ "ids": ids })).into_response(),
            Err(error) => problem(StatusCode::BAD_REQUEST, format!("{error:#}")),
        }
    })
}

pub(super) async fn attachments(State(app): State<App>) -> Json<Vec<Attachment>> {
    Json(app.look(World::attachments))
}

/// One change or a list of them.
pub(super) async fn set_statuses(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |changes: Value| {
        let several = match changes {
            Value::Array(several) => several,
            one => vec![one],
        };
        let changes: Result<Vec<StatusChange>, _> =
            several.into_iter().map(serde_json::from_value).collect();
        match changes {
            Ok(changes) => found(app.with(|world| world.change_statuses(changes))),
            Err(error) => problem(StatusCode::BAD_REQUEST, format!("statuses: {error}")),
        }
    })
}

pub(super) async fn act(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |action: PortalAction| {
        found(app.with(|world| world.act_on_portal(&action)))
    })
}

/// 204, or 404 with the reason.
fn found(done: anyhow::Result<()>) -> Response {
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => problem(StatusCode::NOT_FOUND, format!("{error:#}")),
    }
}
