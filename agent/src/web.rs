//! The registration page: `/register/{token}`, where a supplier types its technical account.
//!
//! A listener of its own, for this machine alone unless configured otherwise: a proxy in front speaks TLS. Nothing of a
//! request is ever logged.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, middleware, routing::get};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_postgres::types::Type;
use tokio_util::sync::CancellationToken;

mod answer;
mod fields;
mod headers;
mod html;
mod lang;
mod page;
mod register;
mod respond;
mod text;
mod throttle;

use crate::{
    config::{ConfigError, RegistrationSection},
    database::{Database, DatabaseError},
    live::Live,
};
use throttle::Throttle;

/// Requests served at once; each holds a connection to the database.
const AT_ONCE: usize = 8;

const PUBLISH: &str = "
UPDATE chorus.installation SET registration_url = $1 WHERE registration_url IS DISTINCT FROM $1";

/// Where the page is.
#[derive(Debug, Clone)]
pub struct PageSettings {
    listen: SocketAddr,
    public_url: String,
}

impl PageSettings {
    /// The page as configured; `None` where there is none.
    ///
    /// # Errors
    /// An address makes no sense.
    pub fn configured(section: &RegistrationSection) -> Result<Option<Self>, ConfigError> {
        let Some(public_url) = section.public_url()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            listen: section.listen()?,
            public_url,
        }))
    }

    /// Says in the database where the page is, so that SQL can make links.
    ///
    /// # Errors
    /// The database's.
    pub async fn publish(&self, client: &tokio_postgres::Client) -> Result<(), DatabaseError> {
        client
            .execute_typed(PUBLISH, &[(&self.public_url, Type::TEXT)])
            .await?;
        Ok(())
    }
}

/// What the handlers share.
#[derive(Clone)]
struct Site {
    live: Live,
    database: Database,
    strangers: Arc<Throttle>,
    places: Arc<Semaphore>,
}

/// Serves the page until `stop`. Where the port is taken, or PostgreSQL away, it tries again: the rest of the agent works on.
pub async fn serve(
    settings: PageSettings,
    live: Live,
    database: Database,
    stop: CancellationToken,
) {
    let pace = live.now().settings.pace();
    let site = Site {
        strangers: Arc::new(Throttle::new()),
        places: Arc::new(Semaphore::new(AT_ONCE)),
        database: database.clone(),
        live,
    };
    let mut failures = 0;
    while !stop.is_cancelled() {
        match listen(&settings, &database).await {
            Ok(listener) => {
                tracing::info!(listen = %settings.listen, url = settings.public_url, "the registration page is served");
                let served = axum::serve(listener, router(site.clone()))
                    .with_graceful_shutdown(stop.clone().cancelled_owned());
                if let Err(error) = served.await {
                    tracing::warn!(%error, "the registration page broke off");
                }
            }
            Err(error) => tracing::warn!(
                listen = %settings.listen,
                error,
                "the registration page is not served; trying again"
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

async fn listen(settings: &PageSettings, database: &Database) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| error.to_string())?;
    let client = database
        .connect()
        .await
        .map_err(|error| error.to_string())?;
    settings
        .publish(&client)
        .await
        .map_err(|error| error.to_string())?;
    Ok(listener)
}

fn router(site: Site) -> Router {
    let register = get(respond::show)
        .post(respond::submit)
        .put(respond::put)
        .fallback(respond::wrong_method);
    Router::new()
        .route("/register/{token}", register)
        .fallback(respond::nothing_here)
        .layer(middleware::from_fn(headers::set))
        .with_state(site)
}
