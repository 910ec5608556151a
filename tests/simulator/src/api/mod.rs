//! The operations of Chorus Pro. Each is a plain function of the world, the caller and the request.

mod actions;
mod attachments;
mod deposit;
mod engagements;
mod factures;
mod filter;
mod piste;
mod recherche;
mod row;
mod structures;
mod transverses;
mod utilisateurs;

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::App;
use crate::gateway::{self, Caller};
use crate::ledger::Action;
use crate::operation::Operation;
use crate::state::World;
use crate::wire::{DONE, Retour};

/// Why an operation was not done: `codeRetour` other than 0, under HTTP 200 unless the settings say otherwise.
///
/// Codes and labels with a message number are Chorus Pro's. The others are not published; they say in plain
/// French what is wrong.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: i32,
    pub(crate) label: String,
    /// HTTP status where only one has been seen.
    pub(crate) status: Option<StatusCode>,
}

impl Refusal {
    pub(crate) fn new(code: i32, label: impl Into<String>) -> Self {
        Self {
            code,
            label: label.into(),
            status: None,
        }
    }
}

/// All routes behind the gateway.
pub(crate) fn router(app: &App) -> Router<App> {
    use Operation as Op;
    let routes = [
        route(Op::DeposerFlux, deposit::deposer_flux),
        route(Op::RechercherFournisseur, recherche::rechercher_fournisseur),
        route(Op::RechercherATraiter, recherche::rechercher_a_traiter),
        route(Op::ConsulterHistorique, factures::consulter_historique),
        route(Op::Completer, actions::completer),
        route(Op::Recycler, actions::recycler),
        route(Op::TraiterRejet, actions::traiter_rejet),
        route(Op::CorrigerValideur, actions::corriger_valideur),
        route(Op::TraiterRecue, factures::traiter_recue),
        route(Op::ConsulterCr, transverses::consulter_cr),
        route(Op::ConsulterCrDetaille, transverses::consulter_cr_detaille),
        route(Op::AjouterFichier, attachments::ajouter_fichier),
        route(
            Op::StructuresActivesFournisseur,
            transverses::structures_actives,
        ),
        route(Op::RechercherStructure, structures::rechercher),
        route(Op::ConsulterStructure, structures::consulter),
        route(Op::RechercherServices, structures::rechercher_services),
        route(Op::ConsulterService, structures::consulter_service),
        route(Op::Rattachements, utilisateurs::rattachements),
        route(Op::RechercherEngagements, engagements::rechercher),
    ];
    let health_check = Router::new().route(
        Operation::HealthCheck.path(),
        get(transverses::health_check),
    );
    let operations = routes
        .into_iter()
        .fold(health_check, |all, (path, method)| all.route(path, method))
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

/// A route that reads JSON, runs the function under the lock, notes what acts in the ledger and writes JSON.
fn route<Q, A>(
    operation: Operation,
    run: fn(&mut World, &Caller, Q) -> Result<A, Refusal>,
) -> (&'static str, MethodRouter<App>)
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + 'static,
{
    let serve = move |State(app): State<App>, Extension(caller): Extension<Caller>, body: Bytes| async move {
        let request = match serde_json::from_slice::<Q>(&body) {
            Ok(request) => request,
            Err(error) => {
                let problem = format!("Requête mal formulée : {error}");
                return (StatusCode::BAD_REQUEST, problem).into_response();
            }
        };
        let noted = operation.acts().then(|| without_file(&body));
        app.with(|world| {
            let result = run(world, &caller, request);
            if let Some(request) = noted {
                note(world, &caller, operation, request, result.as_ref().err());
            }
            answer(world, result)
        })
    };
    (operation.path(), post(serve))
}

/// The request as JSON, without the content of an uploaded file.
fn without_file(body: &Bytes) -> Value {
    let mut request = serde_json::from_slice(body).unwrap_or(Value::Null);
    if let Value::Object(fields) = &mut request {
        fields.remove("pieceJointeFichier");
    }
    request
}

/// Writes a request into the ledger as it is answered.
fn note(
    world: &mut World,
    caller: &Caller,
    operation: Operation,
    request: Value,
    refusal: Option<&Refusal>,
) {
    world.actions.push(Action {
        sequence: world.actions.len() + 1,
        at: world.clock.instant(world.clock.now()),
        login: caller.login.clone(),
        operation,
        request,
        return_code: refusal.map_or(0, |refusal| refusal.code),
        label: refusal.map_or_else(|| DONE.into(), |refusal| refusal.label.clone()),
    });
}

fn answer<A: Serialize>(world: &World, result: Result<A, Refusal>) -> Response {
    match result {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => {
            let usual = StatusCode::from_u16(world.settings.functional_error_status);
            let status = refusal.status.or(usual.ok()).unwrap_or(StatusCode::OK);
            let retour = Retour {
                code_retour: refusal.code,
                libelle: refusal.label,
            };
            (status, Json(retour)).into_response()
        }
    }
}

/// `codeRetour` 0.
fn done(label: &str) -> Retour {
    Retour {
        code_retour: 0,
        libelle: label.into(),
    }
}
