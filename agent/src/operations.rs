//! The listener of operations: `/livez`, `/readyz`, `/metrics`. Apart from the registration page, for this machine alone unless
//! configured otherwise; it shows no invoice, no supplier and no secret.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, Session},
    gate,
    live::Live,
    metrics, progress,
};

mod snapshot;

/// A worker may be at one task for its whole lease, or wait for the database; after that much more, none of them gets on.
const STUCK_AFTER: Duration = Duration::from_secs(90);

/// An answer about the database comes within this time, or says that there is none.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the listener needs to know.
#[derive(Clone)]
pub struct Operations {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The database of the agent.
    pub database: Database,
    /// Where Chorus Pro is, and how long a worker may be at one task.
    pub live: Live,
}

/// Serves until `stop`. Where the port is taken it tries again: the rest of the agent works on.
pub async fn serve(operations: Operations, stop: CancellationToken) {
    let pace = operations.live.now().settings.pace();
    let mut failures = 0;
    while !stop.is_cancelled() {
        match TcpListener::bind(operations.listen).await {
            Ok(listener) => {
                let listen = listener.local_addr().unwrap_or(operations.listen);
                tracing::info!(%listen, "operations are served: /livez, /readyz, /metrics");
                let served = axum::serve(listener, router(operations.clone()))
                    .with_graceful_shutdown(stop.clone().cancelled_owned());
                if let Err(error) = served.await {
                    tracing::warn!(%error, "operations broke off");
                }
            }
            Err(error) => tracing::warn!(
                listen = %operations.listen,
                %error,
                "operations are not served; trying again (operations.listen)"
            ),
        }
        let wait = pace.back_off(Duration::from_secs(1), Duration::from_secs(60), failures);
        failures += 1;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

fn router(operations: Operations) -> Router {
    Router::new()
        .route("/livez", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(measures))
        .with_state(operations)
}

/// Does the process get on? Neither the database nor Chorus Pro matters here: a restart would not bring them back.
async fn alive(State(operations): State<Operations>) -> Response {
    let since = progress::since_last_beat();
    let lease = operations.live.now().settings.lease();
    if since > lease + STUCK_AFTER {
        let reason = format!("KO workers: none has got on for {} s\n", since.as_secs());
        return (StatusCode::SERVICE_UNAVAILABLE, reason).into_response();
    }
    "OK\n".into_response()
}

/// Can it do its work: is the database there, of the right release, and the one to deposit from?
async fn ready(State(operations): State<Operations>) -> Response {
    let mut session = Session::new(operations.database.impatient(ANSWER_WITHIN));
    let tools = operations.live.now();
    let asked = gate::pass(&mut session, &tools.api);
    match tokio::time::timeout(ANSWER_WITHIN, asked).await {
        Ok(Ok(())) => "OK\n".into_response(),
        Ok(Err(closed)) => unready(&closed.to_string()),
        Err(_) => unready("the database does not answer"),
    }
}

fn unready(reason: &str) -> Response {
    let text = format!("KO {reason}\n");
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

/// What this process has done, and how the queue stands.
async fn measures(State(operations): State<Operations>) -> Response {
    let database = operations.database.impatient(ANSWER_WITHIN);
    let read = tokio::time::timeout(ANSWER_WITHIN, snapshot::read(&database)).await;
    let registry = match read {
        Ok(Ok(snapshot)) => snapshot.registry(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the queue could not be measured");
            snapshot::without_database()
        }
        Err(_) => snapshot::without_database(),
    };
    let mut text = String::new();
    let encoded = metrics::encode(&mut text)
        .and_then(|()| prometheus_client::encoding::text::encode_registry(&mut text, &registry))
        .and_then(|()| prometheus_client::encoding::text::encode_eof(&mut text));
    match encoded {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
