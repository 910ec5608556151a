//! The control API below `/_simulator/`. It is not part of Chorus Pro, needs no credentials and never meets a fault.
//!
//! | route | does |
//! |---|---|
//! | `GET ledger` | every processed deposit and action, and how often each operation was called |
//! | `GET`, `POST invoices` | every integrated invoice with its events; integrates a list of invoices that came another way |
//! | `GET attachments` | every file uploaded |
//! | `GET wait?number=…&state=…&status=…&flux_number=…&operation=…&count=…&timeout_ms=…` | answers with the ledger when the condition holds, with 408 and the ledger when the time is up |
//! | `GET`, `PUT`, `POST`, `DELETE faults` | lists, replaces, adds, clears |
//! | `GET`, `PATCH settings` | delays, buyer script, duplicate rule… (JSON merge patch) |
//! | `POST clock` `{"advance_ms": …}` | moves the clock forward |
//! | `POST outcomes` | ends the next flux of a number in a chosen state |
//! | `GET`, `POST structures` | lists; adds or replaces a supplier or buyer with its services |
//! | `GET`, `POST accounts` | lists; adds or replaces a technical account `{"login", "password", "not_entitled"}` |
//! | `POST statuses` `{"invoice_id" or "number", "status", "comment", "at"}`, or a list | sets any status, also those no buyer may set |
//! | `POST actions` `{"invoice_id" or "number", "action"}` | a user of the supplier acts on the portal, e.g. `ACQUITTEMENT_REJET` |
//! | `POST reset` | forgets everything but tokens, clock and sequences |

mod invoices;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

use crate::app::App;
use crate::condition::Condition;
use crate::config::Settings;
use crate::directory::{AccountSpec, StructureSpec};
use crate::fault::Fault;
use crate::flux::ForcedOutcome;
use crate::ledger::Ledger;
use crate::operation::Operation;
use crate::state::World;

/// All control routes.
pub(crate) fn router() -> Router<App> {
    let routes = Router::new()
        .route("/ledger", get(ledger))
        .route("/wait", get(wait))
        .route("/faults", get(faults).put(replace_faults).post(add_fault).delete(clear_faults))
        .route("/settings", get(settings).patch(patch_settings))
        .route("/clock", post(advance))
        .route("/outcomes", post(force_outcome))
        .route("/structures", get(structures).post(put_structure))
        .route("/accounts", get(accounts).post(put_account))
        .route("/invoices", get(invoices::all).post(invoices::put))
        .route("/attachments", get(invoices::attachments))
        .route("/statuses", post(invoices::set_statuses))
        .route("/actions", post(invoices::act))
        .route("/reset", post(reset))
        .fallback(|| async { problem(StatusCode::NOT_FOUND, "no such control route; see GET /_simulator/ledger, wait, faults, settings, clock, outcomes, structures, accounts, invoices, attachments, statuses, actions, reset") });
    Router::new().nest("/_simulator", routes)
}

/// Cause and remedy as JSON.
fn problem(status: StatusCode, error: impl Into<String>) -> Response {
    (status, Json(json!({ "error": error.into() }))).into_response()
}

/// Reads the body, whatever content type it claims: control requests are typed by hand with curl.
fn read<T: for<'de> Deserialize<'de>>(body: &Bytes) -> Result<T, Box<Response>> {
    serde_json::from_slice(body).map_err(|error| {
        let names: Vec<_> = Operation::ALL
            .iter()
            .map(|operation| operation.name())
            .collect();
        let hint = format!("body: {error}; operations are {}", names.join(", "));
        Box::new(problem(StatusCode::BAD_REQUEST, hint))
    })
}

/// Runs `work` with the body read as `T`.
fn with_body<T: for<'de> Deserialize<'de>>(
    body: &Bytes,
    work: impl FnOnce(T) -> Response,
) -> Response {
    match read(body) {
        Ok(read) => work(read),
        Err(response) => *response,
    }
}

async fn ledger(State(app): State<App>) -> Json<Ledger> {
    Json(app.look(World::ledger))
}

async fn wait(
    State(app): State<App>,
    condition: Result<Form<Condition>, axum::extract::rejection::FormRejection>,
) -> Response {
    let condition = match condition {
        Ok(Form(condition)) => condition,
        Err(error) => {
            return problem(
                StatusCode::BAD_REQUEST,
                format!("query: {}", error.body_text()),
            );
        }
    };
    match app.wait(&condition).await {
        Ok(ledger) => Json(ledger).into_response(),
        Err(late) => (StatusCode::REQUEST_TIMEOUT, Json(late.ledger)).into_response(),
    }
}

async fn faults(State(app): State<App>) -> Json<Vec<Fault>> {
    Json(app.look(|world| world.faults.set().to_vec()))
}

async fn replace_faults(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |faults: Vec<Fault>| {
        now_set(&app, |world| world.faults.replace(faults))
    })
}

async fn add_fault(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |fault: Fault| {
        now_set(&app, |world| world.faults.add(fault))
    })
}

async fn clear_faults(State(app): State<App>) -> Response {
    now_set(&app, |world| world.faults.replace(Vec::new()))
}

/// The faults that are set after the change, or why it was refused.
fn now_set(app: &App, change: impl FnOnce(&mut World) -> Result<(), &'static str>) -> Response {
    match app.with(|world| change(world).map(|()| world.faults.set().to_vec())) {
        Ok(faults) => Json(faults).into_response(),
        Err(reason) => problem(StatusCode::BAD_REQUEST, reason),
    }
}

async fn settings(State(app): State<App>) -> Json<Settings> {
    Json(app.look(|world| world.settings.clone()))
}

async fn patch_settings(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |patch: Value| {
        app.with(|world| {
            let merged = serde_json::to_value(&world.settings).and_then(|mut settings| {
                merge(&mut settings, patch);
                serde_json::from_value::<Settings>(settings)
            });
            match merged {
                Ok(settings) => {
                    world.settings = settings.clone();
                    Json(settings).into_response()
                }
                Err(error) => problem(StatusCode::BAD_REQUEST, format!("settings: {error}")),
            }
        })
    })
}

/// JSON merge patch (RFC 7396): objects merge, null removes, all else replaces.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(fields) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(object) = target else {
        return;
    };
    for (name, value) in fields {
        if value.is_null() {
            object.remove(&name);
        } else {
            merge(object.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// Body of `POST clock`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

async fn advance(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |Advance { advance_ms }| {
        app.with(|world| world.clock.advance(Duration::from_millis(advance_ms)));
        let now = app.look(|world| world.clock.instant(world.clock.now()));
        Json(json!({ "now": now })).into_response()
    })
}

async fn force_outcome(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |outcome: ForcedOutcome| {
        app.with(|world| world.outcomes.push(outcome));
        StatusCode::NO_CONTENT.into_response()
    })
}

/// A structure with its number.
#[derive(Debug, Serialize)]
struct NumberedStructure {
    id: i64,
    #[serde(flatten)]
    spec: StructureSpec,
}

async fn structures(State(app): State<App>) -> Response {
    let all: Vec<_> = app.look(|world| {
        world
            .directory
            .all()
            .iter()
            .map(|known| NumberedStructure {
                id: known.id,
                spec: known.spec.clone(),
            })
            .collect()
    });
    Json(all).into_response()
}

async fn put_structure(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |spec: StructureSpec| {
        if spec.identifier.is_empty() {
            return problem(
                StatusCode::BAD_REQUEST,
                "structure: \"identifier\" is empty; give the SIRET or foreign identifier",
            );
        }
        let id = app.with(|world| world.directory.put(spec));
        Json(json!({ "id": id })).into_response()
    })
}

async fn accounts(State(app): State<App>) -> Json<Vec<AccountSpec>> {
    Json(app.look(|world| world.directory.accounts().to_vec()))
}

async fn put_account(State(app): State<App>, body: Bytes) -> Response {
    with_body(&body, |spec: AccountSpec| {
        app.with(|world| world.directory.put_account(spec));
        StatusCode::NO_CONTENT.into_response()
    })
}

async fn reset(State(app): State<App>) -> StatusCode {
    app.with(World::reset);
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_patch_changes_what_it_names() {
        let mut settings = json!({ "delays": { "flux_ms": 1, "states": { "IN_RECU": 5 } }, "duplicate_rule": true });
        merge(
            &mut settings,
            json!({ "delays": { "states": { "IN_RECU": null, "DEPOSEE": 7 } }, "duplicate_rule": false }),
        );
        assert_eq!(
            settings,
            json!({ "delays": { "flux_ms": 1, "states": { "DEPOSEE": 7 } }, "duplicate_rule": false })
        );
    }
}
