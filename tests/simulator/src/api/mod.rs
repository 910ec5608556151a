//! The operations of Chorus Pro. Each is a plain function of the world, the caller and the request.

mod deposit;
mod factures;
mod piste;
mod recherche;
mod structures;
mod transverses;

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::gateway::{self, Caller};
use crate::operation::Operation;
use crate::state::World;
use crate::wire::Retour;

/// Why an operation was not done: HTTP 200 with `codeRetour` other than 0.
///
/// Codes and labels with a message number are Chorus Pro's. The others are not published; they say in plain
/// French what is wrong.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: i32,
    pub(crate) label: String,
}

impl Refusal {
    pub(crate) fn new(code: i32, label: impl Into<String>) -> Self {
        Self {
            code,
            label: label.into(),
        }
    }
}

/// All routes behind the gateway.
pub(crate) fn router(app: &App) -> Router<App> {
    let operations = Router::new()
        .route(
            Operation::HealthCheck.path(),
            get(transverses::health_check),
        )
        .route(
            Operation::DeposerFlux.path(),
            operation(deposit::deposer_flux),
        )
        .route(
            Operation::ConsulterCrDetaille.path(),
            operation(transverses::consulter_cr_detaille),
        )
        .route(
            Operation::RechercherFournisseur.path(),
            operation(recherche::rechercher_fournisseur),
        )
        .route(
            Operation::ConsulterHistorique.path(),
            operation(factures::consulter_historique),
        )
        .route(
            Operation::TraiterRecue.path(),
            operation(factures::traiter_recue),
        )
        .route(
            Operation::StructuresActivesFournisseur.path(),
            operation(transverses::structures_actives),
        )
        .route(
            Operation::RechercherStructure.path(),
            operation(structures::rechercher),
        )
        .route(
            Operation::ConsulterStructure.path(),
            operation(structures::consulter),
        )
        .route(
            Operation::RechercherServices.path(),
            operation(structures::rechercher_services),
        )
        .route(
            Operation::ConsulterService.path(),
            operation(structures::consulter_service),
        )
        .layer(middleware::from_fn_with_state(
            app.clone(),
            gateway::authorise,
        ));
    Router::new()
        .route(Operation::Token.path(), post(piste::token))
        .merge(operations)
        .fallback(|| async { StatusCode::FORBIDDEN })
        .layer(middleware::from_fn_with_state(
            app.clone(),
            gateway::receive,
        ))
}

/// A route that reads JSON, runs the function under the lock and writes JSON.
fn operation<Q, A>(run: fn(&mut World, &Caller, Q) -> Result<A, Refusal>) -> MethodRouter<App>
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + 'static,
{
    post(
        move |State(app): State<App>, Extension(caller): Extension<Caller>, body: Bytes| async move {
            match serde_json::from_slice::<Q>(&body) {
                Ok(request) => answer(app.with(|world| run(world, &caller, request))),
                Err(error) => (
                    StatusCode::BAD_REQUEST,
                    format!("Requête mal formulée : {error}"),
                )
                    .into_response(),
            }
        },
    )
}

fn answer<A: Serialize>(result: Result<A, Refusal>) -> Response {
    match result {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => Json(Retour {
            code_retour: refusal.code,
            libelle: refusal.label,
        })
        .into_response(),
    }
}

/// `codeRetour` 0.
fn done(label: &str) -> Retour {
    Retour {
        code_retour: 0,
        libelle: label.into(),
    }
}
